"""The second factor of an account: enrolled by its user, checked at login, reset for them."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pyotp import TOTP, random_base32

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.domain.identity import (
    RECOVERY_BYTES,
    RECOVERY_CODES,
    CodeRefused,
    SecondFactorNotBegun,
    SecondFactorOn,
    SecondFactorWanted,
    is_spent,
    must_enrol,
    plain_code,
    recovery_code,
    recovery_number,
    require,
    roles_needing,
    steps_that_count,
)
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.sealing import seal, unseal
from inspect_server.store import identity as store
from inspect_server.store.models.identity import RecoveryCode, SecondFactor
from inspect_server.usecases.accounts import passwords
from inspect_server.usecases.accounts.account import SignedIn, audit, plain_login, token_digest
from inspect_server.usecases.work import Actor, Backend, Work

ISSUER = "执法检查系统"


@dataclass(frozen=True)
class NewSecret:
    """What the user's authenticator needs; it leaves the server once, now."""

    secret: str  # base32
    uri: str  # otpauth://, what a QR code holds


@dataclass(frozen=True)
class Factor:
    """The second factor of one account as an attempt found it."""

    secret: str
    last_step: int
    recovery: Mapping[int, str]  # number -> hash, those not used yet


class Shown(NamedTuple):
    """Which code was shown: of a time step, or a recovery code; neither where none was needed."""

    step: int | None = None
    recovery: int | None = None


def begin_second_factor(work: Work) -> NewSecret:
    """
    Make a new secret for the actor's own account; it counts once a code of it was confirmed.

    Raises:
        Forbidden: The actor is no account.
        SecondFactorOn: There is one already.
    """
    user_id = _own(work.actor)
    user = store.lock_user_of(work.session, user_id)
    row = store.second_factor(work.session, user_id)
    if row is not None and row.confirmed_at is not None:
        raise SecondFactorOn
    secret = random_base32()
    store.forget_second_factor(work.session, user_id)
    work.session.add(
        SecondFactor(
            user_id=user_id,
            sealed_secret=seal(_key(work), secret.encode(), str(user_id)),
            begun_at=work.now,
            last_step=0,
        )
    )
    audit(work, "second_factor.begin", user_id, "done")
    return NewSecret(secret, TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER))


def confirm_second_factor(
    backend: Backend, actor: Actor, code: str, token: str = ""
) -> tuple[str, ...]:
    """
    Put the actor's second factor in force by one code of it, and return the recovery codes.

    They leave the server once, now; what is stored is their argon2id hash. Sessions that began with
    the password alone are over, and phones log in again before they download.

    Args:
        token: Of the session in which the code was shown; that one goes on.

    Raises:
        Forbidden: The actor is no account.
        SecondFactorNotBegun: There is no secret to confirm, or it was replaced meanwhile.
        SecondFactorOn: It is in force already.
        CodeRefused: The code is not of this secret and moment.
    """
    user_id = _own(actor)
    codes = [
        recovery_code(n, base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode("ascii"))
        for n in range(1, RECOVERY_CODES + 1)
    ]
    # Hashed before the transaction: a third of a second in which others may write.
    hashes = [passwords.make(plain_code(one)) for one in codes]
    with backend.begin(actor) as work:
        store.lock_user_of(work.session, user_id)
        row = store.second_factor(work.session, user_id)
        if row is None:
            raise SecondFactorNotBegun
        if row.confirmed_at is not None:
            raise SecondFactorOn
        step = _step_of_code(_opened(work, row), work.now, 0, plain_code(code))
        if step is None:
            raise CodeRefused
        row.confirmed_at, row.last_step = work.now, step
        for number, hashed in enumerate(hashes, start=1):
            work.session.add(RecoveryCode(user_id=user_id, number=number, code_hash=hashed))
        store.delete_sessions_of(work.session, user_id, sparing=token_digest(token))
        audit(work, "second_factor.on", user_id, "done")
    return tuple(codes)


def reset_second_factor(work: Work, login: str) -> None:
    """
    Take an account's second factor off, for whoever lost phone and recovery codes; sessions end.

    Raises:
        Forbidden: The actor is not the security administrator.
        NotFound: No such account.
    """
    require(work.actor.roles, Role.SECURITY_ADMIN, action="重置动态口令")
    user = store.lock_user(work.session, plain_login(login))
    if user is None:
        raise NotFound(what=f"账号 {login}")
    store.forget_second_factor(work.session, user.id)
    store.delete_sessions_of(work.session, user.id)
    audit(work, "second_factor.reset", user.id, "done")


def check_enrolled(backend: Backend, user: SignedIn) -> None:
    """
    Refuse an account that has yet to set up the second factor that its role needs.

    Raises:
        SecondFactorWanted: It has none.
    """
    with backend.reading() as session:
        has_factor = store.has_second_factor(session, user.user_id)
    if must_enrol(user.roles, roles_needing(backend.settings.second_factor_roles), has_factor):
        raise SecondFactorWanted


def asks_for_code(backend: Backend, login: str) -> bool:
    """Return whether the server's own command line has to ask for a code as well."""
    with backend.reading() as session:
        user = store.user_by_login(session, plain_login(login))
        return user is not None and store.has_second_factor(session, user.id)


def of(work: Work, user_id: UUID) -> Factor | None:
    """Return the second factor of an account, or None where none is in force."""
    row = store.second_factor(work.session, user_id)
    if row is None or row.confirmed_at is None:
        return None
    unused = store.unused_recovery_codes(work.session, user_id)
    return Factor(_opened(work, row), row.last_step, {one.number: one.code_hash for one in unused})


def check(backend: Backend, factor: Factor | None, code: str) -> Shown | None:
    """
    Return which code of a second factor was shown, or None when it does not hold.

    A recovery code costs its hash whether or not there is an account, so that cost tells nothing.
    """
    typed = plain_code(code)
    number = recovery_number(typed)
    if number is not None:
        expected = factor.recovery.get(number) if factor else None
        held = passwords.holds(expected or passwords.decoy(), typed)
        if factor is None:
            return Shown()
        return Shown(recovery=number) if held and expected else None
    if factor is None:
        return Shown()
    step = _step_of_code(factor.secret, backend.clock.now(), factor.last_step, typed)
    return None if step is None else Shown(step=step)


def use(work: Work, user_id: UUID, seen: Factor | None, shown: Shown) -> bool:
    """
    Spend the code that was shown, under the account's lock; return False when it cannot be.

    Of two logins with one code, the second finds it spent; a factor that changed since the check
    was begun refuses, whichever way it changed.
    """
    now_in_force = of(work, user_id)
    if (now_in_force is None) != (seen is None):
        return False
    row = store.second_factor(work.session, user_id)
    if now_in_force is None or seen is None or row is None:
        return True
    if now_in_force.secret != seen.secret:
        return False
    if shown.step is not None:
        if is_spent(shown.step, row.last_step, work.now):
            return False
        row.last_step = shown.step
        return True
    if shown.recovery not in now_in_force.recovery:
        return False
    store.use_recovery_code(work.session, user_id, shown.recovery, work.now)
    audit(work, "second_factor.recovery", user_id, f"left {len(now_in_force.recovery) - 1}")
    return True


def _step_of_code(secret: str, now: datetime, last_step: int, code: str) -> int | None:
    totp = TOTP(secret)
    steps = steps_that_count(now, last_step)
    matches = [one for one in steps if hmac.compare_digest(totp.generate_otp(one), code)]
    return matches[0] if matches else None


def _own(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Forbidden(action="启用动态口令")
    return actor.user_id


def _opened(work: Work, row: SecondFactor) -> str:
    return unseal(_key(work), row.sealed_secret, str(row.user_id)).decode("ascii")


def _key(work: Work) -> bytes:
    return LocalKeys(work.settings.data_dir / "keys").secret("second-factor")
