"""Accounts, sessions and the audit of access."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inspect_server.store.counting import tally
from inspect_server.store.models.identity import (
    AuditEvent,
    LoginSession,
    RecoveryCode,
    SecondFactor,
    User,
)
from inspect_server.store.models.journal import Replica
from inspect_server.store.models.registry import Officer


def user_by_login(session: Session, login: str) -> User | None:
    """Return the account of this login."""
    return session.scalar(select(User).where(User.login == login))


def lock_user(session: Session, login: str) -> User | None:
    """Return the account under its row lock, read afresh."""
    return session.scalar(
        select(User)
        .where(User.login == login)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def user_of_officer(session: Session, officer_id: UUID) -> User | None:
    """Return the account of this officer."""
    return session.scalar(select(User).where(User.officer_id == officer_id))


def users(session: Session) -> Sequence[User]:
    """Return all accounts by login."""
    return session.scalars(select(User).order_by(User.login)).all()


def officer_name(session: Session, officer_id: UUID) -> str | None:
    """Return what the registry calls an officer; None for one that it does not have."""
    return session.scalar(select(Officer.name).where(Officer.id == officer_id))


def names_of_people(session: Session) -> set[str]:
    """Return the name of every officer, and name and login of every account."""
    accounts = session.execute(select(User.login, User.name)).all()
    officers = session.scalars(select(Officer.name))
    return {text for row in accounts for text in row} | set(officers)


def live_session(
    session: Session, token_sha256: str, now: datetime, seen_after: datetime, seen_before: datetime
) -> tuple[LoginSession, User] | None:
    """
    Return a session that neither ended nor idled away, with its account unless disabled.

    Args:
        seen_before: A session last seen later than this is from a clock that ran ahead: how long
            it idled cannot be told, so it is over.
    """
    row = session.execute(
        select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.token_sha256 == token_sha256,
            LoginSession.ends_at > now,
            LoginSession.last_seen_at.between(seen_after, seen_before),
            User.disabled_at.is_(None),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def touch_session(session: Session, token_sha256: str, now: datetime) -> None:
    """Remember that the session was used."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_sha256 == token_sha256)
        .values(last_seen_at=now)
    )


def delete_session(session: Session, token_sha256: str) -> UUID | None:
    """Delete a session and return whose it was."""
    return session.scalar(
        delete(LoginSession)
        .where(LoginSession.token_sha256 == token_sha256)
        .returning(LoginSession.user_id)
    )


def delete_sessions_of(session: Session, user_id: UUID, sparing: str = "") -> None:
    """
    End every session of an account, on its phones too: they log in again before they download.

    Args:
        sparing: SHA-256 of the token of a session that goes on.

    What they captured they still deliver: that needs their key alone.
    """
    session.execute(
        update(Replica).where(Replica.user_id == user_id).values(pull_token_sha256=None)
    )
    session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user_id, LoginSession.token_sha256 != sparing
        )
    )


def delete_expired(session: Session, now: datetime) -> None:
    """Drop sessions that are over; the audit keeps that they were."""
    session.execute(delete(LoginSession).where(LoginSession.ends_at <= now))


def lock_user_of(session: Session, user_id: UUID) -> User:
    """Return the account of this id under its row lock, read afresh."""
    return session.scalars(
        select(User)
        .where(User.id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def second_factor(session: Session, user_id: UUID) -> SecondFactor | None:
    """Return the second factor of an account, confirmed or not, read afresh."""
    return session.get(SecondFactor, user_id, populate_existing=True)


def has_second_factor(session: Session, user_id: UUID) -> bool:
    """Return whether an account has a second factor in force."""
    query = select(SecondFactor.user_id).where(
        SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(query) is not None


def unused_recovery_codes(session: Session, user_id: UUID) -> Sequence[RecoveryCode]:
    """Return the recovery codes that are still good, by number."""
    return session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.number)
    ).all()


def use_recovery_code(session: Session, user_id: UUID, number: int | None, at: datetime) -> None:
    """Mark a recovery code as used."""
    session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.number == number)
        .values(used_at=at)
    )


def forget_second_factor(session: Session, user_id: UUID) -> None:
    """Delete the second factor of an account with its recovery codes."""
    for table in (RecoveryCode, SecondFactor):
        session.execute(delete(table).where(table.user_id == user_id))


def audit(
    session: Session, *, at: datetime, actor: str, action: str, subject: str | None, outcome: str
) -> None:
    """Append one audit event: ids only, never names, passwords or what was typed as a login."""
    row = AuditEvent(
        id=uuid4(), at=at, actor=actor, action=action, subject=subject, outcome=outcome
    )
    session.add(row)
    tally.count_row(session, tally.AUDIT, row)


def audited(
    session: Session, action: str, subjects: Collection[str], since: datetime
) -> frozenset[str]:
    """Return of which of these subjects the audit has an action since a moment."""
    rows = session.scalars(
        select(AuditEvent.subject).where(
            AuditEvent.at >= since,
            AuditEvent.action == action,
            AuditEvent.subject.in_(subjects),
        )
    )
    return frozenset(subject for subject in rows if subject is not None)
