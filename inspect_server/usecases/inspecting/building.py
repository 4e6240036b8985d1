"""
What the record of a visit says now: as it is sealed when it is closed, or as it stands before.

No database is asked: the server and a phone with the print pack build the same of the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from forms.model import Form
from inspect_server.domain import law
from inspect_server.domain.closing import VisitNotStartedByTwo
from inspect_server.domain.findings.rechecking import EarlierProblem, rechecked
from inspect_server.domain.inspection import ClosedRecord, TeamMember
from inspect_server.domain.merged import Record
from inspect_server.domain.saying.arriving import arrived_at, gate_noted
from inspect_server.store.journal.settled import settled_in_words
from inspect_server.usecases.inspecting import visit_evidence as evidence
from pdf_templates.wording import long_date, long_time

OUTSIDE = "检查日期不在检查方案期间内（{first}至{last}）"


@dataclass(frozen=True)
class Known:
    """
    What the office knows of a visit, beside what the phones captured.

    Attributes:
        id, number, source, draw_no: The inspection's.
        visit_from, visit_to: The days of its scheme.
        enterprise: As `unit` returns it.
        team: The active team, the lead first.
        contents: Of each pinned checklist, by name, its content hash.
        officers: The officer behind each account, where there is one.
        names: What each account that captured something is called.
        zone: The bureau's time.
        earlier: Of a recheck, the problems whose results it has to say.
    """

    id: str
    number: str
    source: str
    draw_no: str
    visit_from: date
    visit_to: date
    enterprise: Mapping[str, str]
    team: tuple[TeamMember, ...]
    contents: Mapping[str, str]
    officers: Mapping[str, str]
    names: Mapping[str, str]
    zone: tzinfo
    earlier: tuple[EarlierProblem, ...]


def began(record: Record, planned: date, zone: tzinfo) -> str:
    """
    Return when the visit began, in local time.

    Args:
        planned: A day of its scheme, whose law says how many have to arrive.

    Raises:
        VisitNotStartedByTwo: Nobody has arrived.

    Law: team.min_officers
    """
    arrived = evidence.starts(record) or evidence.all_starts(record)
    if not arrived:
        raise VisitNotStartedByTwo(needed=law.integer("team.min_officers", planned), count=0)
    return _local(min(map(arrived_at, arrived)), zone)


def build(known: Known, record: Record, forms: Sequence[Form], started: str) -> ClosedRecord:
    """Return everything that the documents of a visit may say; what phones dispute is left out."""
    visited_on = datetime.fromisoformat(started).date()
    officers = known.officers
    ended = datetime.fromisoformat(evidence.ended_at(record))
    return ClosedRecord(
        inspection_id=known.id,
        number=known.number,
        source=known.source,
        draw_no=known.draw_no,
        enterprise=known.enterprise,
        place=_place(record, known.enterprise),
        team=known.team,
        started_at=started,
        ended_at=_local(ended, known.zone),
        forms=tuple(
            {
                "name": form.name,
                "title": form.title,
                "version": str(form.version),
                "content_sha256": known.contents[form.name],
            }
            for form in forms
        ),
        answers=evidence.answers(record, forms, officers, visited_on),
        findings=evidence.findings(record, forms),
        photos=evidence.photos(record),
        participants=evidence.participants(record),
        signatures=evidence.signatures(record, officers),
        notes=_notes(known, record, visited_on),
        gaps=evidence.gaps(record),
        entry_hashes=record.entry_hashes,
        settlements=settled_in_words(record, forms, known.names),
        unasked=evidence.unasked(record, forms, visited_on),
        failures_unasked=evidence.failures_unasked(record, forms, officers, visited_on),
        rechecked=rechecked(record, known.earlier, officers),
    )


def unit(registered: Mapping[str, Any]) -> dict[str, str]:
    """
    Return an enterprise as its record names it.

    Args:
        registered: With the fields of the `enterprise` document that phones pull.
    """
    people: Iterable[Mapping[str, Any]] = registered["contacts"]
    legal_person = registered["legal_person"] or ""
    legal = next((one for one in people if (one.get("name") or "") == legal_person), {})
    return {
        "uscc": registered["uscc"],
        "name": registered["name"],
        "address": registered["address"] or "",
        "legal_person": legal_person,
        "phone": str(legal.get("phone") or "") or _other_phone(people),
        "position": str(legal.get("position") or ""),
        "division": registered["division_name"] or registered["division"] or "",
    }


def _other_phone(people: Iterable[Mapping[str, Any]]) -> str:
    """Return the first contact with a phone and whose it is: beside 法定代表人 it is another's."""
    reached = next((one for one in people if one.get("phone")), None)
    return "" if reached is None else f"联系人{reached.get('name') or ''} {reached['phone']}"


def _notes(known: Known, record: Record, visited_on: date) -> tuple[str, ...]:
    """
    Return the notes of the phones.

    What codes were read at the gate, and a visit outside the days of its scheme, is said there.
    """
    noted = (*_gates(known, record), *evidence.notes(record))
    if known.visit_from <= visited_on <= known.visit_to:
        return noted
    first, last = (long_date(day.isoformat()) for day in (known.visit_from, known.visit_to))
    return (*noted, OUTSIDE.format(first=first, last=last))


def _gates(known: Known, record: Record) -> Iterator[str]:
    for head in evidence.all_starts(record):
        if gate := head.plain().get("gate"):
            at = _local(datetime.fromisoformat(gate["read_at"]), known.zone)
            yield gate_noted(gate, known.names.get(head.user) or "检查人员", long_time(at))


def _place(record: Record, enterprise: Mapping[str, str]) -> str:
    places = [head.plain()["place"] for head in evidence.starts(record)]
    return next((place for place in places if place.strip()), enterprise["address"])


def _local(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
