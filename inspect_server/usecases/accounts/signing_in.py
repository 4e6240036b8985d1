"""Coming in: login with lockout and second factor, and server-side sessions."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from inspect_server.domain.identity import (
    CLOCK_STEP,
    IDLE_TIME,
    LOCK_TIME,
    MAX_FAILURES,
    LoginRefused,
    is_locked,
    must_enrol,
    roles_needing,
)
from inspect_server.store import identity as store
from inspect_server.store.models.identity import LoginSession, User
from inspect_server.usecases.accounts import passwords, second_factor
from inspect_server.usecases.accounts.account import (
    SignedIn,
    audit,
    plain_login,
    signed_in,
    token_digest,
)
from inspect_server.usecases.accounts.second_factor import Factor
from inspect_server.usecases.work import Actor, Backend, Work

TOUCH_EVERY = timedelta(minutes=1)


class OpenedSession(NamedTuple):
    """What goes into the cookie (stored as its SHA-256 only), and what forms must send back."""

    token: str
    csrf: str


@dataclass(frozen=True)
class CurrentSession:
    """The account behind a cookie, and the CSRF token that its forms must carry."""

    user: SignedIn
    csrf: str
    has_second_factor: bool
    must_enrol: bool  # the role needs a second factor: nothing else goes before


class _Counted(NamedTuple):
    """What an attempt is checked against, read in the transaction that counted it."""

    password_hash: str
    factor: Factor | None


def authenticate(backend: Backend, login: str, password: str, code: str = "") -> SignedIn:
    """
    Check a login, its password and, where the account has a second factor, a code of it.

    The attempt is counted and committed before anything is looked at, and taken back when all of
    it was right: however many attempts run at once, at most MAX_FAILURES of them are ever verified.

    Args:
        code: Of the second factor, or a recovery code; not looked at where there is none.

    Raises:
        LoginRefused: Unknown, wrong, locked or disabled; the answer and its cost never tell which,
            nor whether it was the password or the code.
    """
    counted = _count_attempt(backend, login)
    right = passwords.holds(counted.password_hash if counted else passwords.decoy(), password)
    shown = second_factor.check(backend, counted.factor if counted else None, code)
    with backend.begin(Actor.system("login")) as work:
        user = store.lock_user(work.session, plain_login(login))
        if counted is not None and right and shown is not None and user is not None:
            same = user.password_hash == counted.password_hash and user.disabled_at is None
            if same and second_factor.use(work, user.id, counted.factor, shown):
                user.failed_attempts, user.locked_until = 0, None
                audit(work, "login", user.id, "success")
                return signed_in(user)
        audit(work, "login", user.id if user else None, "refused")
    raise LoginRefused(failures=MAX_FAILURES, minutes=LOCK_TIME.seconds // 60)


def start_session(work: Work, user: SignedIn, replacing: str = "") -> OpenedSession:
    """
    Open a browser session of `session_hours`; the token leaves the server once, now.

    Args:
        replacing: The token that the browser sent along; its session is over (ASVS 5.0, 7.2.4).
    """
    store.delete_expired(work.session, work.now)
    if replacing:
        end_session(work, replacing)
    opened = OpenedSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    work.session.add(
        LoginSession(
            token_sha256=token_digest(opened.token),
            user_id=user.user_id,
            csrf_token=opened.csrf,
            created_at=work.now,
            last_seen_at=work.now,
            ends_at=work.now + timedelta(hours=work.settings.session_hours),
        )
    )
    audit(work, "session.start", user.user_id, "done")
    return opened


def session_user(backend: Backend, token: str) -> CurrentSession | None:
    """
    Return who a cookie stands for, or None when it is unknown, over, idle or its account closed.

    Roles are read afresh, so that a withdrawn role is gone with the next request.
    """
    digest, now = token_digest(token), backend.clock.now()
    with backend.reading() as session:
        found = store.live_session(session, digest, now, now - IDLE_TIME, now + CLOCK_STEP)
        if found is None:
            return None
        row, user = found
        has_factor = store.has_second_factor(session, user.id)
        current = _current(backend, row, user, has_factor)
        stale = now - row.last_seen_at > TOUCH_EVERY
    if stale:
        with backend.begin(Actor.system("login")) as work:
            store.touch_session(work.session, digest, now)
    return current


def end_session(work: Work, token: str) -> None:
    """Log out; an unknown token changes nothing."""
    if user_id := store.delete_session(work.session, token_digest(token)):
        audit(work, "session.end", user_id, "done")


def _current(backend: Backend, row: LoginSession, user: User, has_factor: bool) -> CurrentSession:
    who = signed_in(user)
    needing = roles_needing(backend.settings.second_factor_roles)
    return CurrentSession(
        who, row.csrf_token, has_factor, must_enrol(who.roles, needing, has_factor)
    )


def _count_attempt(backend: Backend, login: str) -> _Counted | None:
    """Return what to verify against, or None where nothing can be right."""
    with backend.begin(Actor.system("login")) as work:
        user = store.lock_user(work.session, plain_login(login))
        audit(work, "login.attempt", user.id if user else None, "counted")
        if user is None or user.disabled_at is not None:
            return None
        if is_locked(user.locked_until, work.now):
            return None
        if user.locked_until is not None:
            user.failed_attempts, user.locked_until = 0, None
        user.failed_attempts += 1
        if user.failed_attempts >= MAX_FAILURES:
            user.locked_until = work.now + LOCK_TIME
        return _Counted(user.password_hash, second_factor.of(work, user.id))
