"""Accounts as lists show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.store.models.identity import SecondFactor, User
from inspect_server.store.models.registry import Officer


@dataclass(frozen=True)
class AccountRow:
    """One account; never its password hash."""

    id: UUID
    login: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    cert_no: str  # 执法证号, "" for an account without an officer
    has_second_factor: bool
    locked_until: datetime | None
    disabled_at: datetime | None


def accounts(session: Session) -> list[AccountRow]:
    """Return all accounts by login, the disabled ones included."""
    rows = session.execute(
        select(User, Officer.cert_no, SecondFactor.confirmed_at)
        .outerjoin(Officer, Officer.id == User.officer_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .order_by(User.login)
    )
    return [
        AccountRow(
            id=user.id,
            login=user.login,
            name=user.name,
            unit=user.unit,
            roles=tuple(Role(role) for role in user.roles),
            cert_no=cert_no or "",
            has_second_factor=confirmed_at is not None,
            locked_until=user.locked_until,
            disabled_at=user.disabled_at,
        )
        for user, cert_no, confirmed_at in rows
    ]


def officer_of_certificate(session: Session, cert_no: str) -> UUID:
    """
    Return the officer of a 执法证号.

    Raises:
        NotFound: No officer of the registry has it.
    """
    found = session.scalar(select(Officer.id).where(Officer.cert_no == cert_no.strip()))
    if found is None:
        raise NotFound(what="该执法证号的执法人员")
    return found
