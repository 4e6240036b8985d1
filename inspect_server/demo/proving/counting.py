"""The table once more, from database and files alone."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from inspect_server.demo.figures import Figures
from inspect_server.demo.folder import Folder
from inspect_server.domain.plan import Plan
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.store.models.journal import BlobLink, JournalEntry, Operation, Replica
from inspect_server.store.models.planning import DrawLeaf, PlanState
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import (
    Enterprise,
    EnterpriseChange,
    Officer,
    RegistryImport,
)
from sync.phone import Phone


def count(session: Session, folder: Folder) -> Figures:
    """Return the table as database and files give it."""
    phones = sorted(folder.phones.glob("*.db"))
    of_phones = (
        select(JournalEntry.hash)
        .join(Replica, Replica.id == JournalEntry.replica_id)
        .where(Replica.is_server.is_(False))
    )
    quarantined = select(JournalEntry).where(JournalEntry.effect == "quarantined")
    records = list(_records(session))
    levels = Counter(finding["level"] for record in records for finding in record["findings"])
    kinds = Counter(
        session.scalars(select(IssuedDocument.kind).where(IssuedDocument.voided_at.is_(None)))
    )
    return Figures(
        enterprises=_rows(session, select(Enterprise)),
        rejected=session.scalar(select(func.sum(RegistryImport.rows_rejected))) or 0,
        updated=session.scalar(select(func.count(distinct(EnterpriseChange.enterprise_id)))) or 0,
        officers=_rows(session, select(Officer)),
        planned_visits=_planned(session),
        pool=_rows(session, select(DrawLeaf).where(DrawLeaf.included)),
        drawn=_rows(session, select(DrawLeaf).where(DrawLeaf.selected)),
        visits=len(records),
        phones=len(phones),
        entries=_rows(session, of_phones),
        photos=_rows(session, select(BlobLink)),
        conflicts=_rows(session, select(Operation).where(Operation.type == "conflict.resolve")),
        quarantined=_rows(session, quarantined),
        general=levels["general"],
        major=levels["major"],
        records=kinds["inspection_record"],
        orders=kinds["rectification_order"],
        receipts=sum(map(_receipts, phones)),
        leaves=_rows(session, select(RecordLeaf)),
    )


def _rows(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _records(session: Session) -> Iterator[dict[str, Any]]:
    for record in session.scalars(select(Inspection.record)):
        if record is not None:
            yield record


def _planned(session: Session) -> int:
    bodies = session.scalars(select(PlanRow.body).where(PlanRow.state == PlanState.APPROVED))
    return sum(Plan.from_json(body).visits for body in bodies)


def _receipts(file: Path) -> int:
    phone = Phone(file)
    try:
        return len(phone.receipts())
    finally:
        phone.close()
