"""What phones are told of enterprises, read in one go, and who is shown which of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inspect_server.store.journal import scopes
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection, IssuedDocument
from inspect_server.store.models.journal import ReplicaScope
from inspect_server.store.models.registry import Enterprise
from sync.ids import inspection_scope

PREFIX = "enterprise/"
ORDER = "rectification_order"


@dataclass(frozen=True)
class PastCheck:
    """One check that took place; `number` is "" for one that the registry brought."""

    number: str
    checked_on: date
    source: str
    counts: bool  # toward the annual cap


@dataclass(frozen=True)
class EnterpriseRows:
    """The rows behind one enterprise; all lists newest first."""

    enterprise: Enterprise
    checks: Sequence[PastCheck]
    closed: Sequence[Inspection]
    orders: Mapping[UUID, IssuedDocument]  # in force, by inspection


def scope(enterprise_id: UUID) -> str:
    """Return the scope of what is told of one enterprise."""
    return f"{PREFIX}{enterprise_id}"


def shown(session: Session) -> list[UUID]:
    """Return the enterprises that some phone sees now, sorted."""
    return [UUID(scope.removeprefix(PREFIX)) for scope in scopes.shown(session, PREFIX)]


def needed_by(
    session: Session, enterprise_id: UUID, user_ids: Collection[UUID], but: UUID
) -> set[UUID]:
    """Return which of these users see a task of an enterprise, one inspection apart."""
    others = session.scalars(
        select(Inspection.id).where(Inspection.enterprise_id == enterprise_id, Inspection.id != but)
    )
    return set(
        session.scalars(
            select(ReplicaScope.user_id).where(
                ReplicaScope.user_id.in_(set(user_ids)),
                ReplicaScope.scope.in_([inspection_scope(str(id)) for id in others]),
                ReplicaScope.removed_pos.is_(None),
            )
        )
    )


def load(session: Session, ids: Sequence[UUID]) -> list[EnterpriseRows]:
    """Return the rows of these enterprises as they are now; as many as fit into one statement."""
    enterprises = session.scalars(
        select(Enterprise).where(Enterprise.id.in_(ids)).order_by(Enterprise.uscc),
        execution_options={"populate_existing": True},
    ).all()
    closed = session.scalars(
        select(Inspection)
        .where(Inspection.enterprise_id.in_(ids), Inspection.closed_at.is_not(None))
        .order_by(Inspection.closed_at.desc(), Inspection.number.desc()),
        execution_options={"populate_existing": True},
    ).all()
    visits: dict[UUID, list[Inspection]] = {}
    for visit in closed:
        visits.setdefault(visit.enterprise_id, []).append(visit)
    checks, orders = _checks(session, ids), _orders(session, ids)
    return [
        EnterpriseRows(
            enterprise,
            checks.get(enterprise.id, ()),
            visits.get(enterprise.id, ()),
            orders,
        )
        for enterprise in enterprises
    ]


def _checks(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[PastCheck]]:
    """Read the checks that took place: what is only dispatched, or was ended, is none."""
    rows = session.execute(
        select(
            EnterpriseCheck.enterprise_id,
            EnterpriseCheck.checked_on,
            EnterpriseCheck.source,
            EnterpriseCheck.counts,
            Inspection.number,
        )
        .outerjoin(Inspection, Inspection.id == EnterpriseCheck.inspection_id)
        .where(
            EnterpriseCheck.enterprise_id.in_(ids),
            or_(EnterpriseCheck.inspection_id.is_(None), Inspection.closed_at.is_not(None)),
        )
        .order_by(
            EnterpriseCheck.checked_on.desc(), Inspection.number.desc(), EnterpriseCheck.source
        )
    )
    found: dict[UUID, list[PastCheck]] = {}
    for row in rows:
        check = PastCheck(row.number or "", row.checked_on, row.source, row.counts)
        found.setdefault(row.enterprise_id, []).append(check)
    return found


def _orders(session: Session, ids: Sequence[UUID]) -> dict[UUID, IssuedDocument]:
    rows = session.scalars(
        select(IssuedDocument)
        .join(Inspection, Inspection.id == IssuedDocument.inspection_id)
        .where(
            Inspection.enterprise_id.in_(ids),
            IssuedDocument.kind == ORDER,
            IssuedDocument.voided_at.is_(None),
        ),
        execution_options={"populate_existing": True},
    )
    return {row.inspection_id: row for row in rows}
