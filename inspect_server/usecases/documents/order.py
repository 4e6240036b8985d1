"""From a closed record to the facts of the 责令限期整改指令书."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from types import MappingProxyType

from inspect_server.domain import law
from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.inspection import AT_ONCE, TO_ORDER, ClosedRecord, Finding
from inspect_server.usecases.documents import people
from inspect_server.usecases.documents.facts import Numbering
from inspect_server.usecases.documents.people import Issuer
from pdf_templates.check.rectification_order import Demand, RectificationOrder
from pdf_templates.parts.signing import Signature as Signed
from sync.merging.order_views import order_view

RECIPIENT = "被检查单位"

NewDeadlines = Mapping[int, date]
"""By the problem's number in the order."""


def to_rectify(closed: ClosedRecord) -> list[Finding]:
    """Return the findings that an order must demand: neither corrected on site nor referred."""
    return [finding for finding in closed.findings if finding.is_ordered]


def deadlines(closed: ClosedRecord) -> dict[int, date]:
    """Return the days that the phones set, by the problem's number in the order."""
    return {
        number: date.fromisoformat(finding.deadline)
        for number, finding in enumerate(to_rectify(closed), start=1)
        if finding.deadline and finding.measure != AT_ONCE  # a day would contradict it
    }


def order_facts(
    work: Issuer,
    closed: ClosedRecord,
    numbers: Numbering,
    new_deadlines: NewDeadlines = MappingProxyType({}),
) -> RectificationOrder:
    """
    Return the facts of the 责令限期整改指令书.

    Args:
        new_deadlines: Given in the place of deadlines that have passed (`domain.deadlines`).

    It carries the signatures given to the order itself, and those alone: one given to something
    else than what is printed now is stale, and a line for ink stands in its place.

    Law: document.order_basis, remedy.reconsideration_days, remedy.litigation_months,
    document.copies_note
    """
    made_at = people.local(work, work.now.isoformat())
    today = datetime.fromisoformat(made_at).date()
    printed = _view(closed, new_deadlines)
    return RectificationOrder(
        doc_no=numbers.order_no,
        replaces=numbers.order_replaces,
        record_no=numbers.record_no,
        authority=work.settings.authority,
        made_at=made_at,
        enterprise=people.enterprise(closed),
        inspected_on=people.local(work, closed.started_at)[:10],
        inspected_until=people.local(work, closed.ended_at)[:10],
        demands=tuple(
            _demand(number, finding, new_deadlines.get(number))
            for number, finding in enumerate(to_rectify(closed), start=1)
        ),
        basis=law.text("document.order_basis", today),
        government=work.settings.government,
        court=work.settings.court,
        reconsideration_days=law.integer("remedy.reconsideration_days", today),
        litigation_months=law.integer("remedy.litigation_months", today),
        copies_note=law.text("document.copies_note", today).format(recipient=RECIPIENT),
        officers=people.officers(closed),
        signatures=_signatures(work, closed, printed),
        provisional_no=closed.number,
        shown_sha256=printed,
    )


def _demand(number: int, finding: Finding, new: date | None) -> Demand:
    noted = "" if finding.measure == AT_ONCE else finding.deadline
    return Demand(
        number=number,
        major=finding.level == FindingLevel.MAJOR,
        text=finding.text,
        place=finding.place,
        basis=finding.basis,
        deadline=noted if new is None else new.isoformat(),
        former_deadline="" if new is None else noted,
    )


def _view(closed: ClosedRecord, new_deadlines: NewDeadlines) -> str:
    """Return the digest of what is printed, as phones compute it of what they show."""
    unit = people.enterprise(closed)
    demanded = [
        replace(finding, deadline=new_deadlines[number].isoformat())
        if number in new_deadlines
        else finding
        for number, finding in enumerate(to_rectify(closed), start=1)
    ]
    shown = {"name": unit.name, "uscc": unit.uscc}
    return order_view(closed.number, shown, [asdict(finding) for finding in demanded])


def _signatures(work: Issuer, closed: ClosedRecord, printed: str) -> tuple[Signed, ...]:
    return tuple(
        people.signed(work, closed, given, stale=given.view != printed, unseen=())
        for given in people.last_signatures(closed, TO_ORDER)
    )
