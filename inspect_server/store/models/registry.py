"""The two registries of 双随机: enterprises and officers, with what changed and when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.domain.enums import Credit, EnterpriseStatus, Risk, Standardisation
from inspect_server.store.models.base import Base


class RegistryImport(Base):
    """One run of an import; rejected rows went to its report."""

    __tablename__ = "registry_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # enterprises | officers
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(String(80))
    rows_read: Mapped[int]
    rows_created: Mapped[int]
    rows_updated: Mapped[int]
    rows_unchanged: Mapped[int]
    rows_rejected: Mapped[int]


class Enterprise(Base):
    """One enterprise of the registry (检查对象名录库). Never deleted."""

    __tablename__ = "enterprise"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)  # 统一社会信用代码
    name: Mapped[str] = mapped_column(String(200), index=True)
    legal_person: Mapped[str | None] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(500))
    division: Mapped[str | None] = mapped_column(String(12), index=True)  # GB/T 2260 code
    division_name: Mapped[str | None] = mapped_column(String(100))  # 地区 as the office wrote it
    industry_code: Mapped[str | None] = mapped_column(String(10))  # GB/T 4754
    business_scope: Mapped[str | None] = mapped_column(String(20_000))
    sectors: Mapped[list[str]]  # values of domain.enums.Sector, sorted
    risk: Mapped[Risk]
    credit: Mapped[Credit]
    standardisation: Mapped[Standardisation]
    is_key: Mapped[bool]  # 重点企业
    status: Mapped[EnterpriseStatus]
    longitude_microdeg: Mapped[int | None]
    latitude_microdeg: Mapped[int | None]
    datum: Mapped[str | None] = mapped_column(String(20))  # WGS-84 | GCJ-02 | CGCS2000
    contacts: Mapped[list[Any]]  # [{"name", "position", "phone"}]
    # Why the bureau as a whole may not check it (本机关回避), None when it may.
    recusal: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    last_import_id: Mapped[UUID | None] = mapped_column(ForeignKey("registry_import.id"))


class EnterpriseChange(Base):
    """What one import changed on one enterprise: the history that a re-import keeps."""

    __tablename__ = "enterprise_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), index=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("registry_import.id"), index=True)
    changed_at: Mapped[datetime]
    changes: Mapped[dict[str, Any]]  # {field: [old, new]}


class Officer(Base):
    """One holder of a 执法证 (执法人员名录库). Never deleted."""

    __tablename__ = "officer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cert_no: Mapped[str] = mapped_column(String(40), unique=True)  # 执法证号
    cert_valid_from: Mapped[date]
    cert_valid_to: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(200))
    specialties: Mapped[list[str]]  # values of domain.enums.Sector, sorted
    may_lead: Mapped[bool]
    active: Mapped[bool]
    phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    last_import_id: Mapped[UUID | None] = mapped_column(ForeignKey("registry_import.id"))


class OfficerChange(Base):
    """What one import changed on one officer."""

    __tablename__ = "officer_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("registry_import.id"), index=True)
    changed_at: Mapped[datetime]
    changes: Mapped[dict[str, Any]]


class OfficerLeave(Base):
    """
    Days on which an officer cannot be sent; both days included.

    What holds now: a re-import replaces the rows; `OfficerChange` keeps the old ones and the new.
    """

    __tablename__ = "officer_leave"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))


class OfficerRecusal(Base):
    """回避: this officer never visits this enterprise. Kept and replaced like `OfficerLeave`."""

    __tablename__ = "officer_recusal"
    __table_args__ = (UniqueConstraint("officer_id", "uscc"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    reason: Mapped[str] = mapped_column(String(200))
