"""From the merged entries of the phones to the parts of a closed record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from forms.model import Form, Item
from inspect_server.domain.inspection import (
    TO_RECORD,
    Answer,
    Finding,
    Participant,
    Photo,
    Signature,
)
from inspect_server.store.visit_records import VisitRecord
from sync import merge
from sync.merge import Head

Officers = Mapping[str, str]  # user id -> officer id


def answer_item(form: Form, item: Item) -> str:
    """Return the item under which phones answer one checklist item."""
    return f"answer/{form.name}/{item.code}"


def questions(forms: Iterable[Form]) -> dict[str, tuple[str, str]]:
    """Return code and question of every checklist item, by the item that phones answer."""
    return {
        answer_item(form, item): (item.code, item.question) for form in forms for item in form.items
    }


def values_of(record: VisitRecord, form: Form) -> dict[str, dict[str, Any]]:
    """Return the settled answers to one checklist by code; unanswered items are left out."""
    prefix = f"answer/{form.name}/"
    return {
        item.id.removeprefix(prefix): item.value
        for item in record.merged.of_kind(prefix)
        if item.value is not None
    }


def answers(record: VisitRecord, forms: Iterable[Form], officers: Officers) -> tuple[Answer, ...]:
    """Return every answered item in the order of the paper."""
    return tuple(
        _answer(record, form, section.title, item, officers)
        for form in forms
        for section in form.sections
        for item in section.items
        if answer_item(form, item) in record.merged.items
        and record.merged.items[answer_item(form, item)].value is not None
    )


def photos(record: VisitRecord) -> tuple[Photo, ...]:
    """Return the photos that stand, in the order in which they were taken."""
    found = [
        _photo(value)
        for item in record.merged.of_kind("photo/")
        if (value := item.value) is not None
    ]
    return tuple(sorted(found, key=lambda photo: (_moment(photo.taken_at), photo.sha256)))


def photo_counts(record: VisitRecord, form: Form) -> dict[str, int]:
    """Return by item code how many photos cite an answer or one of its findings."""
    items = {
        item.id: item.value["answer_item"]
        for item in record.merged.of_kind("finding/")
        if item.value is not None
    }
    counts: dict[str, int] = {}
    for item in record.merged.of_kind("photo/"):
        value = item.value or {"finding": "", "answer_item": ""}
        cited = items.get(value["finding"], "") or value["answer_item"]
        prefix = f"answer/{form.name}/"
        if cited.startswith(prefix):
            code = cited.removeprefix(prefix)
            counts[code] = counts.get(code, 0) + 1
    return counts


def findings(record: VisitRecord, order: Mapping[str, int]) -> tuple[Finding, ...]:
    """Return the findings in the order of the paper; `order` gives the place of an answer item."""
    shown = photos(record)
    found = [
        (order.get(value["answer_item"], len(order)), item.heads[0].hlc, item.id, value)
        for item in record.merged.of_kind("finding/")
        if (value := item.value) is not None
    ]
    return tuple(
        Finding(
            id=id,
            item=value["answer_item"],
            level=value["level"],
            text=value["text"],
            place=value["place"],
            basis=value["basis"],
            penalty_basis=value["penalty_basis"],
            measure=value["measure"],
            deadline=value["deadline"],
            corrected_on_site=value["corrected_on_site"],
            photos=tuple(photo for photo in shown if photo.finding_id == id),
        )
        for _, _, id, value in sorted(found, key=lambda one: one[:3])
    )


def participants(record: VisitRecord) -> tuple[Participant, ...]:
    """Return who else took part, in the order in which they were noted."""
    return tuple(Participant(**head.plain()) for head in _heads(record, "participant/"))


def signatures(record: VisitRecord, officers: Officers) -> tuple[Signature, ...]:
    """Return every signature, in the order of signing, with what it did not see."""
    states = sorted(record.merged.signatures, key=lambda state: (state.head.hlc, state.item))
    return tuple(_signature(state, officers) for state in states)


def notes(record: VisitRecord) -> tuple[str, ...]:
    """Return the free notes, in the order of writing."""
    return tuple(head.plain()["text"] for head in _heads(record, "note/"))


def gaps(record: VisitRecord) -> tuple[Mapping[str, str], ...]:
    """Return the declared breaks of the recording, in their order."""
    return tuple(
        {key: value[key] for key in ("from", "to", "reason")}
        for head in _heads(record, "gap/")
        if (value := head.plain())
    )


def starts(record: VisitRecord) -> list[Head]:
    """Return the arrivals at which the badge was shown and the rights were told, by time."""
    heads = all_starts(record)
    return [head for head in heads if head.plain()["badge_shown"] and head.plain()["rights_told"]]


def all_starts(record: VisitRecord) -> list[Head]:
    """Return every arrival, by time."""
    return _heads(record, "visit/start/")


def ended_at(record: VisitRecord) -> str:
    """
    Return when the visit ended, as whoever signed its record could know it.

    That is its last entry before the last signature, though a phone finishes after that. Of a
    record that nobody signed, when the last phone finished; if none said so, its last entry.
    """
    made = [op for op in record.operations.values() if not op.item.startswith("signature/")]
    signed = [
        state.head.hlc
        for state in record.merged.signatures
        if state.head.plain().get("document", TO_RECORD) == TO_RECORD
    ]
    seen = [op.wall for op in made if signed and op.hlc < max(signed)]
    finished = [head.wall for head in _heads(record, "visit/complete/")]
    return max(seen or finished or [op.wall for op in made], key=_moment)


def users(record: VisitRecord) -> set[str]:
    """Return every account that any operation stands for."""
    return {op.user for op in record.operations.values() if op.user}


def _heads(record: VisitRecord, prefix: str) -> list[Head]:
    found = [
        head
        for item in record.merged.of_kind(prefix)
        for head in item.heads
        if head.value != merge.RETRACTED
    ]
    return sorted(found, key=lambda head: (head.hlc, head.id))


def _answer(
    record: VisitRecord, form: Form, section: str, item: Item, officers: Officers
) -> Answer:
    merged = record.merged.items[answer_item(form, item)]
    value = merged.value
    settled = next((head for head in merged.heads if head.settled_reason), None)
    by = merged.users if settled is None else _who_had_said(record, settled)
    return Answer(
        item=merged.id,
        code=item.code,
        section=section,
        question=item.question,
        result=value["result"],
        reason=value["reason"],
        note=value["note"],
        answered_by=tuple(sorted({officers.get(user, "") for user in by} - {""})),
        settled_by="" if settled is None else officers.get(settled.user, ""),
        settled_reason="" if settled is None else settled.settled_reason,
    )


def _who_had_said(record: VisitRecord, settled: Head) -> tuple[str, ...]:
    """Return who had given the value that the lead chose; the lead alone when nobody had."""
    cited = [record.operations[id] for id in settled.parents if id in record.operations]
    said = {op.user for op in cited if merge.effective_value(op) == settled.value}
    return tuple(sorted(said)) or (settled.user,)


def _photo(value: Mapping[str, Any]) -> Photo:
    return Photo(
        sha256=value["sha256"],
        size=value["size"],
        mime=value["mime"],
        caption=value["caption"],
        taken_at=value["taken_wall"],
        latitude=value["latitude"],
        longitude=value["longitude"],
        accuracy_m=value["accuracy_m"],
        datum=value["datum"],
        device=value["device"],
        finding_id=value["finding"],
    )


def _signature(state: merge.SignatureState, officers: Officers) -> Signature:
    value = state.head.plain()
    signer, carrier = value["officer_id"], officers.get(state.head.user, "")
    return Signature(
        signer=value["signer"],
        name=value["name"],
        officer_id=signer,
        signed_at=state.head.wall,
        strokes=tuple(tuple((x, y) for x, y in stroke) for stroke in value["strokes"]),
        refused=value["refused"],
        refusal_reason=value["refusal_reason"],
        view=value["view"],
        stale=state.stale,
        unseen=state.unseen,
        document=value.get("document", TO_RECORD),
        phone_of=carrier if signer and signer != carrier else "",
    )


def _moment(wall: str) -> datetime:
    return datetime.fromisoformat(wall)
