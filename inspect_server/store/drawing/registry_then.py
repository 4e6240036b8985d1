"""The registry as it stood at a past moment, as far as its history tells."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import PLANNED_SOURCES
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.planning import Draw, DrawLeaf
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise, EnterpriseChange
from inspect_server.store.models.replacing import DrawReplacement, DrawVoid, InspectionEnd

FIELDS = (
    "name",
    "division",
    "sectors",
    "risk",
    "credit",
    "standardisation",
    "is_key",
    "status",
    "recusal",
)
"""What the odds depend on and imports change."""
_AT_ONCE = 2_000


@dataclass
class Then:
    """One enterprise at that moment; what history cannot tell stands in `unknown`."""

    facts: dict[str, Any]
    unknown: frozenset[str] = frozenset()


def registry_before(session: Session, draw: Draw) -> dict[str, Then]:
    """
    Return every enterprise that the registry had when a draw was committed, by its code.

    Later changes are taken back one by one. Checks are counted in the year of the draw's visits.
    A visit whose date was set later, or an enterprise that a replacement touched, leaves its checks
    unknown.
    """
    moment, year = draw.committed_at, draw.visit_from.year
    undone = _undone(session, moment)
    last, counted, undated = _checks(session, moment, year)
    under_way, doubtful = _under_way(session, draw)
    found: dict[str, Then] = {}
    rows = session.scalars(
        select(Enterprise)
        .where(Enterprise.created_at <= moment)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        facts: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
        facts |= undone.get(row.id, {})
        day = last.get(row.id)
        facts |= {
            "checks_this_year": counted[row.id],
            "last_checked_on": day.isoformat() if day else "",
            "under_way": row.id in under_way,
        }
        unknown = {"checks_this_year", "last_checked_on"} if row.id in undated else set()
        unknown |= {"under_way"} if row.id in doubtful else set()
        found[row.uscc] = Then(facts, frozenset(unknown))
        session.expunge(row)
    return found


def placed(
    session: Session, draw_id: UUID, labels: Collection[str] | None = None
) -> Iterator[tuple[str, bool, str]]:
    """Yield (label, included, record) as a draw committed to it, of these labels or of all."""
    wanted = [DrawLeaf.draw_id == draw_id]
    if labels is not None:
        wanted.append(DrawLeaf.label.in_(labels))
    yield from session.execute(
        select(DrawLeaf.label, DrawLeaf.included, DrawLeaf.record)
        .where(*wanted)
        .order_by(DrawLeaf.commitment)
        .execution_options(yield_per=_AT_ONCE)
    )


def _undone(session: Session, moment: datetime) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    rows = session.scalars(
        select(EnterpriseChange)
        .where(EnterpriseChange.changed_at > moment)
        .order_by(EnterpriseChange.changed_at.desc())
    )
    for row in rows:
        changes: Mapping[str, Any] = row.changes
        found[row.enterprise_id] |= {
            name: old for name, (old, _) in changes.items() if name in FIELDS
        }
    return found


def _checks(
    session: Session, moment: datetime, year: int
) -> tuple[dict[UUID, date], Counter[UUID], set[UUID]]:
    last: dict[UUID, date] = {}
    counted: Counter[UUID] = Counter()
    undated: set[UUID] = set()
    rows = session.execute(
        select(EnterpriseCheck, Inspection)
        .outerjoin(Inspection, Inspection.id == EnterpriseCheck.inspection_id)
        .where(EnterpriseCheck.counts)
    )
    for check, visit in rows:
        if visit is not None:
            if visit.dispatched_at is None or visit.dispatched_at > moment:
                continue
            if visit.closed_at is None or visit.closed_at > moment:
                undated.add(check.enterprise_id)
        if check.source in PLANNED_SOURCES:
            last[check.enterprise_id] = max(
                check.checked_on, last.get(check.enterprise_id, check.checked_on)
            )
        counted[check.enterprise_id] += check.checked_on.year == year
    return last, counted, undated


def _under_way(session: Session, draw: Draw) -> tuple[set[UUID], set[UUID]]:
    """Return who was drawn or assigned and not done by then, and of whom it is not known."""
    moment = draw.committed_at
    ended = {
        row.inspection_id: row.ended_at
        for row in session.execute(select(InspectionEnd.inspection_id, InspectionEnd.ended_at))
    }
    begun = _begun(session)
    visits: dict[tuple[UUID | None, UUID], Inspection] = {}
    found: set[UUID] = set()
    for visit in session.scalars(select(Inspection)):
        visits[visit.draw_id, visit.enterprise_id] = visit
        if visit.draw_id == draw.id or visit.source not in PLANNED_SOURCES:
            continue
        began = begun.get(visit.number)
        if began is not None and began <= moment and not _over(visit, ended, moment):
            found.add(visit.enterprise_id)
    drawn = session.execute(
        select(DrawLeaf.draw_id, DrawLeaf.enterprise_id)
        .join(Draw, Draw.id == DrawLeaf.draw_id)
        .where(DrawLeaf.selected, Draw.id != draw.id, Draw.revealed_at <= moment, ~_void_by(moment))
    )
    for draw_id, enterprise_id in drawn:
        own = visits.get((draw_id, enterprise_id))
        if own is None or not _over(own, ended, moment):
            found.add(enterprise_id)
    replaced = session.scalars(
        select(DrawLeaf.enterprise_id).join(
            DrawReplacement,
            (DrawReplacement.draw_id == DrawLeaf.draw_id)
            & (
                (DrawReplacement.came_in == DrawLeaf.commitment)
                | (DrawReplacement.went_out == DrawLeaf.commitment)
            ),
        )
    )
    return found, set(replaced)


def _void_by(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that a draw was void by then: of its requests one was completed."""
    return exists().where(DrawVoid.draw_id == Draw.id, DrawVoid.voided_at <= moment)


def _over(visit: Inspection, ended: Mapping[UUID, datetime], moment: datetime) -> bool:
    over = visit.closed_at or ended.get(visit.id)
    return over is not None and over <= moment


def _begun(session: Session) -> dict[str, datetime]:
    """Return by number when each inspection's case began."""
    prefix = "inspection/"
    rows = session.execute(
        select(RecordLeaf.case_name, RecordLeaf.at).where(
            RecordLeaf.case_seq == 1, RecordLeaf.case_name.startswith(prefix)
        )
    )
    return {name.removeprefix(prefix): at for name, at in rows}
