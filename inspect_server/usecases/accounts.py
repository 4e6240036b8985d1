"""Who may come in: accounts, login with lockout, server-side sessions."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, NotFound
from inspect_server.domain.identity import (
    IDLE_TIME,
    LOCK_TIME,
    MAX_FAILURES,
    NAME_MAX,
    UNIT_MAX,
    LoginRefused,
    LoginTaken,
    check_label,
    check_login,
    check_password,
    check_roles,
    require,
)
from inspect_server.store import identity as store
from inspect_server.store.models.identity import LoginSession, User
from inspect_server.usecases.work import Actor, Backend, Work

TOUCH_EVERY = timedelta(minutes=1)

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True)
class SignedIn:
    """An account whose password, or whose session, held."""

    user_id: UUID
    login: str
    name: str
    unit: str
    roles: frozenset[Role]
    officer_id: UUID | None

    @property
    def actor(self) -> Actor:
        """Who then acts."""
        return Actor(
            label=f"user:{self.user_id}",
            roles=self.roles,
            user_id=self.user_id,
            officer_id=self.officer_id,
            unit=self.unit,
        )


class OpenedSession(NamedTuple):
    """What goes into the cookie (stored as its SHA-256 only), and what forms must send back."""

    token: str
    csrf: str


@dataclass(frozen=True)
class CurrentSession:
    """The account behind a cookie, and the CSRF token that its forms must carry."""

    user: SignedIn
    csrf: str


def add_user(
    work: Work,
    login: str,
    name: str,
    unit: str,
    roles: Collection[Role],
    password: str,
    officer_id: UUID | None = None,
) -> SignedIn:
    """
    Open an account. Giving roles at once needs the security administrator as well, which only the
    server's own command line is (三员分立).

    Raises:
        Forbidden: The actor is not the system administrator.
        RolesExcludeEachOther: The roles must not meet in one account.
        WeakPassword: The password could be guessed.
        LoginTaken: The login or the officer has an account.
        NotFound: No such officer.
        BadInput: The login cannot be used, or an inspector without officer.
    """
    require(work.actor.roles, Role.SYSTEM_ADMIN, action="开立账号")
    if roles:
        require(work.actor.roles, Role.SECURITY_ADMIN, action="授予角色")
    login = check_login(login)
    check_roles(roles, officer_id is not None)
    check_password(password, login)
    check_label("姓名", name, NAME_MAX)
    check_label("单位", unit, UNIT_MAX)
    if store.user_by_login(work.session, login):
        raise LoginTaken(what="该登录名")
    if officer_id is not None:
        _check_officer(work, officer_id)
    user = User(
        id=uuid4(),
        login=login,
        name=name,
        unit=unit,
        roles=sorted(set(roles)),
        password_hash=_hasher.hash(password),
        officer_id=officer_id,
        failed_attempts=0,
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    _audit(work, "account.add", user.id, ",".join(user.roles)[:40] or "none")
    return _signed_in(user)


def grant_roles(work: Work, login: str, roles: Collection[Role]) -> SignedIn:
    """
    Replace an account's roles; they hold from its next request on.

    Raises:
        Forbidden: The actor is not the security administrator.
        NotFound: No such account.
        RolesExcludeEachOther: The roles must not meet in one account.
    """
    require(work.actor.roles, Role.SECURITY_ADMIN, action="授予角色")
    user = _locked(work, login)
    check_roles(roles, user.officer_id is not None)
    user.roles = sorted(set(roles))
    _audit(work, "account.roles", user.id, ",".join(user.roles)[:40] or "none")
    return _signed_in(user)


def set_password(work: Work, login: str, password: str) -> None:
    """
    Give an account a new password, end its sessions and lift its lock.

    Raises:
        Forbidden: Neither the system administrator nor the account itself.
        NotFound: No such account.
        WeakPassword: The password could be guessed.
    """
    user = store.lock_user(work.session, _plain(login))
    if user is None or work.actor.user_id != user.id:
        require(work.actor.roles, Role.SYSTEM_ADMIN, action="重设他人密码")
    if user is None:
        raise NotFound(what=f"账号 {login} ")
    check_password(password, user.login)
    user.password_hash = _hasher.hash(password)
    user.failed_attempts, user.locked_until = 0, None
    store.delete_sessions_of(work.session, user.id)
    _audit(work, "account.password", user.id, "done")


def disable_user(work: Work, login: str) -> None:
    """
    Close an account and end its sessions; what it did stays. Closing twice changes nothing.

    Raises:
        Forbidden: The actor is not the system administrator.
        NotFound: No such account.
    """
    require(work.actor.roles, Role.SYSTEM_ADMIN, action="停用账号")
    user = _locked(work, login)
    if user.disabled_at is not None:
        return
    user.disabled_at = work.now
    store.delete_sessions_of(work.session, user.id)
    _audit(work, "account.disable", user.id, "done")


def authenticate(backend: Backend, login: str, password: str) -> SignedIn:
    """
    Check a login and its password.

    The attempt is counted and committed before the password is looked at, and taken back when it
    was right: however many attempts run at once, at most MAX_FAILURES of them are ever verified.

    Raises:
        LoginRefused: Unknown, wrong, locked or disabled; the answer and its cost never tell which.
    """
    expected = _count_attempt(backend, login)
    right = _verify(expected or _decoy(), password) and expected is not None
    with backend.begin(Actor.system("login")) as work:
        user = store.lock_user(work.session, _plain(login))
        unchanged = user is not None and user.password_hash == expected
        if right and unchanged and user is not None and user.disabled_at is None:
            user.failed_attempts, user.locked_until = 0, None
            _audit(work, "login", user.id, "success")
            return _signed_in(user)
        _audit(work, "login", user.id if user else None, "refused")
    raise LoginRefused(failures=MAX_FAILURES, minutes=LOCK_TIME.seconds // 60)


def start_session(work: Work, user: SignedIn) -> OpenedSession:
    """Open a browser session of `session_hours`; the token leaves the server once, now."""
    store.delete_expired(work.session, work.now)
    opened = OpenedSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    work.session.add(
        LoginSession(
            token_sha256=_digest(opened.token),
            user_id=user.user_id,
            csrf_token=opened.csrf,
            created_at=work.now,
            last_seen_at=work.now,
            ends_at=work.now + timedelta(hours=work.settings.session_hours),
        )
    )
    _audit(work, "session.start", user.user_id, "done")
    return opened


def session_user(backend: Backend, token: str) -> CurrentSession | None:
    """
    Return who a cookie stands for, or None when it is unknown, over, idle or its account closed.

    Roles are read afresh, so that a withdrawn role is gone with the next request.
    """
    digest, now = _digest(token), backend.clock.now()
    with backend.reading() as session:
        found = store.live_session(session, digest, now, now - IDLE_TIME)
        if found is None:
            return None
        row, user = found
        current = CurrentSession(_signed_in(user), row.csrf_token)
        stale = now - row.last_seen_at > TOUCH_EVERY
    if stale:
        with backend.begin(Actor.system("login")) as work:
            store.touch_session(work.session, digest, now)
    return current


def end_session(work: Work, token: str) -> None:
    """Log out; an unknown token changes nothing."""
    if user_id := store.delete_session(work.session, _digest(token)):
        _audit(work, "session.end", user_id, "done")


def acting_as(backend: Backend, login: str) -> SignedIn:
    """
    Return an account for the server's own command line, where the operating system let them in.

    Raises:
        NotFound: No such account, or it is disabled.
    """
    with backend.reading() as session:
        user = store.user_by_login(session, _plain(login))
        if user is None or user.disabled_at is not None:
            raise NotFound(what=f"可用的账号 {login} ")
        return _signed_in(user)


def _count_attempt(backend: Backend, login: str) -> str | None:
    """Return the hash to verify against, or None where no password can be right."""
    with backend.begin(Actor.system("login")) as work:
        user = store.lock_user(work.session, _plain(login))
        _audit(work, "login.attempt", user.id if user else None, "counted")
        if user is None or user.disabled_at is not None:
            return None
        if user.locked_until is not None:
            if work.now < user.locked_until:
                return None
            user.failed_attempts, user.locked_until = 0, None
        user.failed_attempts += 1
        if user.failed_attempts >= MAX_FAILURES:
            user.locked_until = work.now + LOCK_TIME
        return user.password_hash


def _verify(expected: str, password: str) -> bool:
    try:
        return _hasher.verify(expected, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _decoy() -> str:
    """Return a hash of the same cost that no password has."""
    return _hasher.hash(secrets.token_bytes(32))


def _plain(login: str) -> str:
    try:
        return check_login(login)
    except BadInput:
        return ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _locked(work: Work, login: str) -> User:
    user = store.lock_user(work.session, _plain(login))
    if user is None:
        raise NotFound(what=f"账号 {login} ")
    return user


def _check_officer(work: Work, officer_id: UUID) -> None:
    if not store.officer_exists(work.session, officer_id):
        raise NotFound(what="该执法人员")
    if store.user_of_officer(work.session, officer_id):
        raise LoginTaken(what="该执法人员")


def _signed_in(user: User) -> SignedIn:
    return SignedIn(
        user_id=user.id,
        login=user.login,
        name=user.name,
        unit=user.unit,
        roles=frozenset(Role(role) for role in user.roles),
        officer_id=user.officer_id,
    )


def _audit(work: Work, action: str, subject: UUID | None, outcome: str) -> None:
    store.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=action,
        subject=None if subject is None else f"user:{subject}",
        outcome=outcome,
    )
