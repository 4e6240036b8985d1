"""Opening accounts, giving them roles and passwords, closing them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import (
    NAME_MAX,
    UNIT_MAX,
    LoginTaken,
    check_label,
    check_login,
    check_password,
    check_roles,
    require,
)
from inspect_server.store import identity as store
from inspect_server.store.models.identity import User
from inspect_server.usecases.accounts import passwords
from inspect_server.usecases.accounts.account import SignedIn, audit, plain_login, signed_in
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Backend, Work


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
    server's own command line is (三员分立). An officer's account bears the officer's registered
    name, whatever `name` says.

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
        raise LoginTaken(what="该账号已经存在")
    if officer_id is not None:
        name = _officer_name(work, officer_id)
    user = User(
        id=uuid4(),
        login=login,
        name=name,
        unit=unit,
        roles=sorted(set(roles)),
        password_hash=passwords.make(password),
        officer_id=officer_id,
        failed_attempts=0,
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    audit(work, "account.add", user.id, ",".join(user.roles)[:40] or "none")
    facts = {"roles": user.roles, "unit": unit, "officer": str(officer_id) if officer_id else None}
    _note(work, "account.added", user, **facts)
    return signed_in(user)


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
    audit(work, "account.roles", user.id, ",".join(user.roles)[:40] or "none")
    _note(work, "account.roles", user, roles=user.roles)
    return signed_in(user)


def set_password(work: Work, login: str, password: str) -> None:
    """
    Give an account a new password, end its sessions and lift its lock.

    Raises:
        Forbidden: Neither the system administrator nor the account itself.
        NotFound: No such account.
        WeakPassword: The password could be guessed.
    """
    user = store.lock_user(work.session, plain_login(login))
    if user is None or work.actor.user_id != user.id:
        require(work.actor.roles, Role.SYSTEM_ADMIN, action="重设他人密码")
    if user is None:
        raise NotFound(what=f"账号 {login}")
    check_password(password, user.login)
    user.password_hash = passwords.make(password)
    user.failed_attempts, user.locked_until = 0, None
    store.delete_sessions_of(work.session, user.id)
    audit(work, "account.password", user.id, "done")


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
    audit(work, "account.disable", user.id, "done")
    _note(work, "account.disabled", user)


def acting_as(backend: Backend, login: str) -> SignedIn:
    """
    Return an account for the server's own command line, where the operating system let them in.

    Raises:
        NotFound: No such account, or it is disabled.
    """
    with backend.reading() as session:
        user = store.user_by_login(session, plain_login(login))
        if user is None or user.disabled_at is not None:
            raise NotFound(what=f"可用的账号 {login}")
        return signed_in(user)


def _locked(work: Work, login: str) -> User:
    user = store.lock_user(work.session, plain_login(login))
    if user is None:
        raise NotFound(what=f"账号 {login}")
    return user


def _note(work: Work, type: str, user: User, **facts: Any) -> None:
    """Note what an account may do: whoever changes that in the database is found by the record."""
    note(work, type, "accounts", {"user": str(user.id), **facts})


def _officer_name(work: Work, officer_id: UUID) -> str:
    """Return an officer's registered name: an account must not speak for somebody else."""
    name = store.officer_name(work.session, officer_id)
    if name is None:
        raise NotFound(what="该执法人员")
    if store.user_of_officer(work.session, officer_id):
        raise LoginTaken(what="该执法人员已有账号")
    return name
