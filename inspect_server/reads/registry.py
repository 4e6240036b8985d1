"""The two registries as lists and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    Risk,
    Sector,
    Standardisation,
)
from inspect_server.domain.errors import NotFound
from inspect_server.reads.paging import Page, bounds, going_on
from inspect_server.store.models.registry import (
    Enterprise,
    EnterpriseChange,
    Officer,
    OfficerLeave,
    OfficerRecusal,
    RegistryImport,
)


@dataclass(frozen=True)
class EnterpriseView:
    """One enterprise as shown."""

    id: UUID
    uscc: str
    name: str
    legal_person: str | None
    address: str | None
    division: str | None
    division_name: str | None
    industry_code: str | None
    business_scope: str | None
    sectors: tuple[str, ...]
    risk: Risk
    credit: Credit
    standardisation: Standardisation
    is_key: bool
    status: EnterpriseStatus
    recusal: str | None  # why the bureau as a whole may not check it (本机关回避)
    longitude_microdeg: int | None
    latitude_microdeg: int | None
    datum: str | None
    contacts: tuple[dict[str, str], ...]
    created_at: datetime
    updated_at: datetime
    last_import_id: UUID | None


@dataclass(frozen=True)
class EnterpriseFilter:
    """What to look for; None and "" look for everything."""

    text: str = ""  # part of the name, or of the code
    division: str = ""  # a code's beginning
    sector: Sector | None = None
    risk: Risk | None = None
    credit: Credit | None = None
    status: EnterpriseStatus | None = None
    is_key: bool | None = None


@dataclass(frozen=True)
class ChangeView:
    """What one import changed on one enterprise."""

    changed_at: datetime
    import_id: UUID
    file_name: str
    file_sha256: str
    actor: str
    changes: dict[str, Any]  # {field: [old, new]}


@dataclass(frozen=True)
class OfficerView:
    """One officer as shown, with leave and recusals."""

    id: UUID
    cert_no: str
    cert_valid_from: date
    cert_valid_to: date
    name: str
    unit: str
    specialties: tuple[str, ...]
    may_lead: bool
    active: bool
    phone: str | None
    leaves: tuple[tuple[date, date, str], ...]
    recusals: tuple[tuple[str, str], ...]  # uscc, reason


@dataclass(frozen=True)
class ImportView:
    """One finished import."""

    id: UUID
    kind: str
    file_name: str
    file_sha256: str
    started_at: datetime
    actor: str
    rows_read: int
    rows_created: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int


def enterprise(session: Session, enterprise_id: UUID) -> EnterpriseView:
    """
    Return one enterprise.

    Raises:
        NotFound: No such id.
    """
    row = session.get(Enterprise, enterprise_id)
    if row is None:
        raise NotFound(what="该企业")
    return _enterprise(row)


def enterprises(
    session: Session, wanted: EnterpriseFilter, page: int = 1, size: int = 20, after: str = ""
) -> Page[EnterpriseView]:
    """
    Return one page, by code; a page beyond the last is empty, and pages are bounded in size.

    Args:
        session: Reading.
        wanted: What to look for.
        page: From 1.
        size: Rows a page.
        after: The code behind which the pages begin; what an earlier page called `next`.
    """
    limit, offset = bounds(page, size)
    query = _matching(select(Enterprise), wanted, session.get_bind().dialect.name)
    total = session.scalar(select(func.count()).select_from(query.subquery()))
    if after:
        query = query.where(Enterprise.uscc > after)
    rows = session.scalars(query.order_by(Enterprise.uscc).offset(offset).limit(limit)).all()
    further = going_on([row.uscc for row in rows], limit)
    return Page(tuple(map(_enterprise, rows)), total or 0, max(page, 1), limit, further)


def enterprises_named(session: Session, usccs: Sequence[str]) -> tuple[EnterpriseView, ...]:
    """Return the enterprises of these 统一社会信用代码 that the registry has, in their order."""
    rows = session.scalars(select(Enterprise).where(Enterprise.uscc.in_(usccs)))
    found = {row.uscc: _enterprise(row) for row in rows}
    return tuple(found[code] for code in usccs if code in found)


def history(session: Session, enterprise_id: UUID) -> tuple[ChangeView, ...]:
    """Return what imports changed on this enterprise, the latest first."""
    rows = session.execute(
        select(EnterpriseChange, RegistryImport)
        .join(RegistryImport, RegistryImport.id == EnterpriseChange.import_id)
        .where(EnterpriseChange.enterprise_id == enterprise_id)
        .order_by(EnterpriseChange.changed_at.desc(), EnterpriseChange.id)
    )
    return tuple(
        ChangeView(
            changed_at=change.changed_at,
            import_id=change.import_id,
            file_name=run.file_name,
            file_sha256=run.file_sha256,
            actor=run.actor,
            changes=change.changes,
        )
        for change, run in rows
    )


def officers(session: Session, *, active_only: bool = False) -> tuple[OfficerView, ...]:
    """Return all officers by unit and certificate, with their leave and recusals."""
    query = select(Officer).order_by(Officer.unit, Officer.cert_no)
    if active_only:
        query = query.where(Officer.active)
    leaves: dict[UUID, list[tuple[date, date, str]]] = {}
    for leave in session.scalars(select(OfficerLeave).order_by(OfficerLeave.first_day)):
        leaves.setdefault(leave.officer_id, []).append(
            (leave.first_day, leave.last_day, leave.reason)
        )
    recusals: dict[UUID, list[tuple[str, str]]] = {}
    for recusal in session.scalars(select(OfficerRecusal).order_by(OfficerRecusal.uscc)):
        recusals.setdefault(recusal.officer_id, []).append((recusal.uscc, recusal.reason))
    return tuple(
        OfficerView(
            id=row.id,
            cert_no=row.cert_no,
            cert_valid_from=row.cert_valid_from,
            cert_valid_to=row.cert_valid_to,
            name=row.name,
            unit=row.unit,
            specialties=tuple(row.specialties),
            may_lead=row.may_lead,
            active=row.active,
            phone=row.phone,
            leaves=tuple(leaves.get(row.id, ())),
            recusals=tuple(recusals.get(row.id, ())),
        )
        for row in session.scalars(query)
    )


def imports(session: Session, limit: int = 50) -> tuple[ImportView, ...]:
    """Return the latest imports, the last one first."""
    rows = session.scalars(
        select(RegistryImport)
        .order_by(RegistryImport.started_at.desc(), RegistryImport.id)
        .limit(limit)
    )
    return tuple(
        ImportView(
            id=row.id,
            kind=row.kind,
            file_name=row.file_name,
            file_sha256=row.file_sha256,
            started_at=row.started_at,
            actor=row.actor,
            rows_read=row.rows_read,
            rows_created=row.rows_created,
            rows_updated=row.rows_updated,
            rows_unchanged=row.rows_unchanged,
            rows_rejected=row.rows_rejected,
        )
        for row in rows
    )


def import_report(data_dir: Path, import_id: UUID) -> Path:
    """
    Return where the report on the rejected rows of an import (or of a dry run) lies.

    Raises:
        NotFound: No such import, or its report was put elsewhere or deleted.
    """
    found = next((data_dir / "reports").glob(f"import-*-{import_id}.xlsx"), None)
    if found is None:
        raise NotFound(what="该次导入的报告")
    return found


def _matching(
    query: Select[Enterprise], wanted: EnterpriseFilter, dialect: str
) -> Select[Enterprise]:
    if wanted.text:
        query = query.where(
            or_(
                Enterprise.name.contains(wanted.text, autoescape=True),
                Enterprise.uscc.contains(wanted.text.upper(), autoescape=True),
            )
        )
    if wanted.division:
        query = query.where(Enterprise.division.startswith(wanted.division, autoescape=True))
    if wanted.sector is not None:
        each = func.json_each if dialect == "sqlite" else func.json_array_elements_text
        tags = each(Enterprise.sectors).table_valued("value")
        query = query.where(
            select(tags.c.value).where(tags.c.value == wanted.sector.value).exists()
        )
    for column, value in (
        (Enterprise.risk, wanted.risk),
        (Enterprise.credit, wanted.credit),
        (Enterprise.status, wanted.status),
        (Enterprise.is_key, wanted.is_key),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _enterprise(row: Enterprise) -> EnterpriseView:
    return EnterpriseView(
        id=row.id,
        uscc=row.uscc,
        name=row.name,
        legal_person=row.legal_person,
        address=row.address,
        division=row.division,
        division_name=row.division_name,
        industry_code=row.industry_code,
        business_scope=row.business_scope,
        sectors=tuple(row.sectors),
        risk=row.risk,
        credit=row.credit,
        standardisation=row.standardisation,
        is_key=row.is_key,
        status=row.status,
        recusal=row.recusal,
        longitude_microdeg=row.longitude_microdeg,
        latitude_microdeg=row.latitude_microdeg,
        datum=row.datum,
        contacts=tuple(row.contacts),
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_import_id=row.last_import_id,
    )
