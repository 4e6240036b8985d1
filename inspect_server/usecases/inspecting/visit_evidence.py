"""From the merged entries of the phones to the parts of a closed record; no database is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from forms.evaluation.filling import GIVEN, Filling
from forms.evaluation.reading import attached_in_rows, value_in_words, values_in_words
from forms.model import ATTACHMENTS, Competence, Form, Item, Major
from inspect_server.domain.findings.unasked import UNDECIDED, FailureUnasked
from inspect_server.domain.inspection import (
    REFER,
    TO_RECORD,
    Answer,
    Finding,
    Participant,
    Photo,
    Signature,
)
from inspect_server.domain.merged import Head, Record, Register, SignatureState

Officers = Mapping[str, str]  # user id -> officer id
CALCULATED = "calculated"
"""The result of what follows from other answers."""


def answer_item(form: Form, item: Item) -> str:
    """Return the item under which phones answer one checklist item."""
    return f"answer/{form.name}/{item.code}"


def questions(forms: Iterable[Form]) -> dict[str, tuple[str, str]]:
    """Return code and question of every checklist item, by the item that phones answer."""
    return {
        answer_item(form, item): (item.code, item.question) for form in forms for item in form.items
    }


def values_of(record: Record, form: Form) -> dict[str, dict[str, Any]]:
    """Return the settled answers to one checklist by code; unanswered items are left out."""
    prefix = f"answer/{form.name}/"
    return {
        item.id.removeprefix(prefix): item.value
        for item in record.merged.of_kind(prefix)
        if item.value is not None
    }


def answers(
    record: Record, forms: Iterable[Form], officers: Officers, on: date
) -> tuple[Answer, ...]:
    """
    Return every item that is answered or calculated, in the order of the paper.

    An answer to an item that the other answers leave unasked (docs/forms.md) stays in the journal,
    and `unasked` names it.
    """
    return tuple(answer for form in forms for answer in _of_form(record, form, officers, on))


def unasked(record: Record, forms: Iterable[Form], on: date) -> tuple[str, ...]:
    """Return the codes of items that were answered and that the other answers leave unasked."""
    found = []
    for form in forms:
        asked = _asked(record, form, on)
        given = values_of(record, form)
        found += [item.code for item in form.items if item.code in given.keys() - asked]
    return tuple(found)


def failures_unasked(
    record: Record, forms: Iterable[Form], officers: Officers, on: date
) -> tuple[FailureUnasked, ...]:
    """
    Return what other answers keep from being a failure, or perhaps one, with who answered what.

    It is among `unasked`, or what its failure depends on is.
    What may have been one says so: nobody can judge it without the answers that stood then.
    """
    found = []
    for form in forms:
        left_out = {one.code: one for one in _filling(record, form, on).failures_left_out()}
        found += [
            _failure(record, form, item, left_out[item.code].is_failure, officers)
            for item in form.items
            if item.code in left_out
        ]
    return tuple(found)


def _failure(
    record: Record, form: Form, item: Item, is_known: bool, officers: Officers
) -> FailureUnasked:
    answered = [record.merged.items.get(answer_item(form, item))]
    if item.kind in ATTACHMENTS:  # of other kinds, who photographs has not answered
        answered += [photo for code, photo in _photos_citing(record, form) if code == item.code]
    users = {user for one in answered if one is not None for user in one.users}
    said = _said(record, form, item)
    if is_known:
        said = f"不符合（{said}）" if said else "不符合"
    else:
        said = f"{said or '无法识别的内容'}{UNDECIDED}"
    return FailureUnasked(
        code=item.code,
        question=item.question,
        is_major=item.major is not Major.NO,
        said=said,
        answered_by=_named(users, officers),
    )


def _said(record: Record, form: Form, item: Item) -> str:
    """Return a value as people read it, "" of a check and of what is no value of the item's."""
    if item.kind in ATTACHMENTS:
        return value_in_words(form, item, ["photo"] * photo_counts(record, form).get(item.code, 0))
    return value_in_words(form, item, values_of(record, form)[item.code].get(GIVEN))


def photos(record: Record) -> tuple[Photo, ...]:
    """Return the photos that stand, in the order in which they were taken."""
    found = [
        _photo(value)
        for item in record.merged.of_kind("photo/")
        if (value := item.value) is not None
    ]
    return tuple(sorted(found, key=lambda photo: (_moment(photo.taken_at), photo.sha256)))


def photo_counts(record: Record, form: Form) -> dict[str, int]:
    """Return by item code how many photos cite an answer or one of its findings."""
    return dict(Counter(code for code, _ in _photos_citing(record, form)))


def _photos_citing(record: Record, form: Form) -> Iterator[tuple[str, Register]]:
    """Yield each photo that stands and cites an answer or one of its findings, by its code."""
    items = {
        item.id: item.value["answer_item"]
        for item in record.merged.of_kind("finding/")
        if item.value is not None
    }
    prefix = f"answer/{form.name}/"
    for item in record.merged.of_kind("photo/"):
        value = item.value or {"finding": "", "answer_item": ""}
        cited = items.get(value["finding"], "") or value["answer_item"]
        if cited.startswith(prefix):
            yield cited.removeprefix(prefix), item


def attachments_missing(record: Record, form: Form, on: date) -> Iterator[tuple[str, int]]:
    """
    Yield code and row of every photo that a table asks for and the visit has not, or no longer.

    What a row leaves unasked needs no photo.
    """
    stand = {item.id for item in record.merged.of_kind("photo/") if item.value is not None}
    attached = attached_in_rows(form, _filling(record, form, on), values_of(record, form))
    for code, row, id in attached:
        if f"photo/{id}" not in stand:
            yield code, row


def findings(record: Record, forms: Iterable[Form]) -> tuple[Finding, ...]:
    """Return the findings in the order of the paper, those of no item behind the others."""
    asked = [(answer_item(form, item), item) for form in forms for item in form.items]
    order = {id: position for position, (id, _) in enumerate(asked)}
    whose = {id: item.competence for id, item in asked if item.competence is not Competence.OWN}
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
            refer_to=(
                whose.get(value["answer_item"], Competence.OTHER).value
                if value["measure"] == REFER
                else ""
            ),
            further_measures=tuple(value.get("further_measures", ())),
        )
        for _, _, id, value in sorted(found, key=lambda one: one[:3])
    )


def participants(record: Record) -> tuple[Participant, ...]:
    """
    Return who else took part, in the order in which they were noted; nobody who is disputed.

    Somebody is named by the item only where a signature does so.
    """
    named = {state.head.plain().get("participant", "") for state in record.merged.signatures}
    agreed = [item for item in record.merged.of_kind("participant/") if item.value is not None]
    return tuple(
        Participant(**item.value, id=item.id if item.id in named else "")
        for item in sorted(agreed, key=lambda item: (item.heads[0].hlc, item.heads[0].id))
    )


def signatures(record: Record, officers: Officers) -> tuple[Signature, ...]:
    """Return every signature, in the order of signing, with what it did not see."""
    states = sorted(record.merged.signatures, key=lambda state: (state.head.hlc, state.item))
    return tuple(_signature(state, officers) for state in states)


def notes(record: Record) -> tuple[str, ...]:
    """Return the free notes, in the order of writing."""
    return tuple(head.plain()["text"] for head in _heads(record, "note/"))


def gaps(record: Record) -> tuple[Mapping[str, str], ...]:
    """Return the declared breaks of the recording, in their order."""
    return tuple(
        {key: value[key] for key in ("from", "to", "reason")}
        for head in _heads(record, "gap/")
        if (value := head.plain())
    )


def starts(record: Record) -> list[Head]:
    """Return the arrivals at which the badge was shown and the rights were told, by time."""
    heads = all_starts(record)
    return [head for head in heads if head.plain()["badge_shown"] and head.plain()["rights_told"]]


def all_starts(record: Record) -> list[Head]:
    """Return every arrival, by time."""
    return _heads(record, "visit/start/")


def ended_at(record: Record) -> str:
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


def users(record: Record) -> set[str]:
    """Return every account that any operation stands for."""
    return {op.user for op in record.operations.values() if op.user}


def _heads(record: Record, prefix: str) -> list[Head]:
    found = [
        head
        for item in record.merged.of_kind(prefix)
        for head in item.heads
        if head.plain() is not None
    ]
    return sorted(found, key=lambda head: (head.hlc, head.id))


def _asked(record: Record, form: Form, on: date) -> frozenset[str]:
    return frozenset(_filling(record, form, on).state().visible)


def _filling(record: Record, form: Form, on: date) -> Filling:
    filling = Filling(form, on.isoformat())
    for code, answer in values_of(record, form).items():
        filling.answer(code, answer)
    for code, count in photo_counts(record, form).items():
        filling.attach(code, count)
    return filling


def _of_form(record: Record, form: Form, officers: Officers, on: date) -> Iterator[Answer]:
    given, asked = values_of(record, form), _asked(record, form, on)
    words = values_in_words(form, given, on=on, photos=photo_counts(record, form))
    for item, around in form.placed:
        if item.code not in asked or item.code not in {*given, *words}:
            continue
        answer = Answer(
            item=answer_item(form, item),
            code=item.code,
            section="／".join(section.title for section in around if section.title),
            question=item.question,
            result=GIVEN if item.calculation is None else CALCULATED,
            reason="",
            note="",
            answered_by=(),
            settled_by="",
            settled_reason="",
            value=words.get(item.code, ""),
        )
        is_said = item.code in given and item.calculation is None
        yield _as_said(record, answer, officers) if is_said else answer


def _as_said(record: Record, answer: Answer, officers: Officers) -> Answer:
    """Return an answer with what was said, by whom, and who settled it."""
    merged = record.merged.items[answer.item]
    value = merged.value
    settled = next((head for head in merged.heads if head.settled_reason), None)
    by = merged.users if settled is None else _who_had_said(record, settled)
    return replace(
        answer,
        result=value["result"],
        reason=value["reason"],
        note=value["note"],
        answered_by=_named(by, officers),
        settled_by="" if settled is None else officers.get(settled.user, ""),
        settled_reason="" if settled is None else settled.settled_reason,
    )


def _named(users: Iterable[str], officers: Officers) -> tuple[str, ...]:
    return tuple(sorted({officers.get(user, "") for user in users} - {""}))


def _who_had_said(record: Record, settled: Head) -> tuple[str, ...]:
    """Return who had given the value that the lead chose; the lead alone when nobody had."""
    cited = [record.operations[id] for id in settled.parents if id in record.operations]
    said = {op.user for op in cited if record.effective(op) == settled.value}
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


def _signature(state: SignatureState, officers: Officers) -> Signature:
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
        participant=value.get("participant", ""),
    )


def _moment(wall: str) -> datetime:
    return datetime.fromisoformat(wall)
