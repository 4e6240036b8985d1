"""A bureau whose drawn checks are closed one by one, as the disclosure needs them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import ClosedRecord, Finding
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.scenes import scene
from tests.usecases.draw_world import SUPERVISOR, World, build

CLOSED_AT = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
FINDING = Finding(
    id="f",
    item="answer/small/A1",
    level="general",
    text="除尘器积尘",
    place="一车间",
    basis="安全生产法",
    penalty_basis="",
    measure="rectify_within",
    deadline="2026-04-01",
    corrected_on_site=False,
    photos=(),
)
SUSPENDED = replace(FINDING, measure="suspend")


def drawn(world: World, **options: Any) -> UUID:
    """One draw with its schemes; returns its id."""
    made = world.commit(**options)
    world.reveal(made)
    with world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, made.id)
    return made.id


@scene
def drawn_bureau(backend: Backend) -> tuple[World, UUID]:
    """The bureau with such a draw; its witness keeps the chain below the data folder."""
    world = build(backend, backend.settings.data_dir)
    return world, drawn(world)


def open_checks(backend: Backend, draw_id: UUID) -> list[UUID]:
    """The inspections of a draw that may still get a record, by number."""
    with backend.reading() as session:
        return list(
            session.scalars(
                select(Inspection.id)
                .where(
                    Inspection.draw_id == draw_id,
                    Inspection.closed_at.is_(None),
                    Inspection.state != InspectionState.ENDED,
                )
                .order_by(Inspection.number)
            )
        )


def close(
    backend: Backend,
    inspections: Sequence[UUID],
    *,
    at: datetime = CLOSED_AT,
    findings: tuple[Finding, ...] = (),
) -> None:
    """Close inspections as `close_record` leaves them, without phones."""
    with backend.begin(SUPERVISOR) as work:
        for id in inspections:
            visit = work.session.get_one(Inspection, id)
            enterprise = work.session.get_one(Enterprise, visit.enterprise_id)
            visit.state = InspectionState.RECORD_CLOSED
            visit.closed_at, visit.closed_by = at, "user:lead"
            visit.record = record_of(visit, enterprise, at, findings).to_json()


def record_of(
    visit: Inspection, enterprise: Enterprise, at: datetime, findings: tuple[Finding, ...]
) -> ClosedRecord:
    return ClosedRecord(
        inspection_id=str(visit.id),
        number=visit.number,
        source="draw",
        draw_no="",
        enterprise={"uscc": enterprise.uscc, "name": enterprise.name, "legal_person": "王某"},
        place="一车间",
        team=(),
        started_at=at.isoformat(),
        ended_at=at.isoformat(),
        forms=({"name": "small", "title": "粉尘涉爆检查表", "version": "1", "content_sha256": ""},),
        answers=(),
        findings=findings,
        photos=(),
        participants=(),
        signatures=(),
        notes=(),
        gaps=(),
        entry_hashes=(),
    )
