"""Accounts, login with lockout, and sessions, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.identity import (
    LoginRefused,
    LoginTaken,
    RolesExcludeEachOther,
    WeakPassword,
)
from inspect_server.store.models.identity import AuditEvent, LoginSession, User
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.accounts import (
    SignedIn,
    add_user,
    authenticate,
    disable_user,
    end_session,
    grant_roles,
    passwords,
    session_user,
    set_password,
    start_session,
)
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock

GOOD = "Yun-Wan#2026x"
WRONG = "Yun-Wan#2026y"


def _officer(backend: Backend, cert_no: str = "32079900001") -> UUID:
    with backend.begin(ALL_ROLES) as work:
        officer = Officer(
            id=uuid4(),
            cert_no=cert_no,
            cert_valid_from=date(2024, 1, 1),
            cert_valid_to=date(2028, 12, 31),
            name="赵一",
            unit="执法一科",
            specialties=[],
            may_lead=True,
            active=True,
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(officer)
        return officer.id


def _add(
    backend: Backend, login: str = "wang", roles: tuple[Role, ...] = (Role.OFFICE,)
) -> SignedIn:
    with backend.begin(ALL_ROLES) as work:
        return add_user(work, login, "王五", "办公室", roles, GOOD)


def _row(backend: Backend, login: str = "wang") -> User:
    with backend.reading() as session:
        return session.scalars(select(User).where(User.login == login)).one()


def _fail(backend: Backend, login: str = "wang") -> None:
    with pytest.raises(LoginRefused):
        authenticate(backend, login, WRONG)


def test_the_right_password_signs_in_with_roles_and_officer(backend: Backend) -> None:
    officer = _officer(backend)
    with backend.begin(ALL_ROLES) as work:
        add_user(work, "Zhao", "赵一", "执法一科", [Role.INSPECTOR], GOOD, officer)

    signed_in = authenticate(backend, " zhao ", GOOD)

    assert signed_in.roles == {Role.INSPECTOR}
    assert signed_in.actor.officer_id == officer
    assert signed_in.actor.label == f"user:{signed_in.user_id}"


@pytest.mark.usefixtures("real_passwords")
def test_the_password_is_stored_as_argon2id_of_19_mib(sqlite_backend: Backend) -> None:
    _add(sqlite_backend)

    assert _row(sqlite_backend).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_failed_login_is_counted_although_it_fails(backend: Backend) -> None:
    _add(backend)
    _fail(backend)
    _fail(backend)

    assert _row(backend).failed_attempts == 2


def test_five_failures_lock_and_fifteen_minutes_unlock(backend: Backend, clock: FixedClock) -> None:
    _add(backend)
    for _ in range(5):
        _fail(backend)

    with pytest.raises(LoginRefused):
        authenticate(backend, "wang", GOOD)
    clock.forward(minutes=15)

    assert authenticate(backend, "wang", GOOD).login == "wang"
    assert _row(backend).failed_attempts == 0


def test_a_lock_of_a_clock_that_ran_ahead_is_over(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    _add(sqlite_backend)
    clock.forward(days=30)
    for _ in range(5):
        _fail(sqlite_backend)
    clock.forward(days=-30)

    assert authenticate(sqlite_backend, "wang", GOOD).login == "wang"


def test_four_failures_and_then_the_right_password_start_anew(sqlite_backend: Backend) -> None:
    _add(sqlite_backend)
    for _ in range(4):
        _fail(sqlite_backend)

    authenticate(sqlite_backend, "wang", GOOD)

    assert _row(sqlite_backend).failed_attempts == 0
    assert _row(sqlite_backend).locked_until is None


@pytest.mark.usefixtures("real_passwords")
def test_twenty_parallel_attempts_verify_at_most_five_passwords(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(backend)
    real = passwords.holds
    tried: list[str] = []

    def verify(expected: str, password: str) -> bool:
        if expected == stored:
            tried.append(password)
        return real(expected, password)

    stored = _row(backend).password_hash
    monkeypatch.setattr(passwords, "holds", verify)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: _fail(backend), range(20)))

    assert len(tried) == 5
    assert _row(backend).failed_attempts == 5
    assert _row(backend).locked_until is not None


@pytest.mark.usefixtures("real_passwords")
def test_unknown_locked_disabled_and_wrong_answer_alike_at_the_same_cost(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(sqlite_backend)
    _add(sqlite_backend, "locked")
    _add(sqlite_backend, "gone")
    for _ in range(5):
        _fail(sqlite_backend, "locked")
    with sqlite_backend.begin(ALL_ROLES) as work:
        disable_user(work, "gone")
    costs: list[str] = []
    real = passwords.holds

    def verify(expected: str, password: str) -> bool:
        costs.append(expected.rsplit("$", 2)[0])
        return real(expected, password)

    monkeypatch.setattr(passwords, "holds", verify)
    answers = []
    for login in ("wang", "locked", "gone", "nobody", "' or 1=1", "\ud800"):
        with pytest.raises(LoginRefused) as refused:
            authenticate(sqlite_backend, login, GOOD if login != "wang" else WRONG)
        answers.append((refused.value.code, str(refused.value)))

    assert len(set(answers)) == 1
    assert costs == ["$argon2id$v=19$m=19456,t=2,p=1"] * 6


def test_the_audit_names_no_password_and_no_typed_login(sqlite_backend: Backend) -> None:
    _add(sqlite_backend)
    authenticate(sqlite_backend, "wang", GOOD)
    _fail(sqlite_backend)
    _fail(sqlite_backend, "my-secret-typed-here")

    with sqlite_backend.reading() as session:
        events = session.scalars(select(AuditEvent)).all()
    text = " ".join(f"{e.actor} {e.action} {e.subject} {e.outcome}" for e in events)

    assert {"success", "refused", "counted"} <= {e.outcome for e in events}
    assert GOOD not in text
    assert WRONG not in text
    assert "secret" not in text
    assert "王五" not in text


def test_audit_events_cannot_be_changed(backend: Backend) -> None:
    _add(backend)

    with pytest.raises(DatabaseError), backend.begin(ALL_ROLES) as work:
        event = work.session.scalars(select(AuditEvent)).first()
        assert event is not None
        event.outcome = "other"


def test_a_session_opens_is_found_and_ends(backend: Backend) -> None:
    user = _add(backend)
    with backend.begin(user.actor) as work:
        token, csrf = start_session(work, user)

    current = session_user(backend, token)
    with backend.begin(user.actor) as work:
        end_session(work, token)

    assert current is not None
    assert current.user == user
    assert current.csrf == csrf
    assert session_user(backend, token) is None


def test_the_database_never_holds_the_cookie(sqlite_backend: Backend) -> None:
    user = _add(sqlite_backend)
    with sqlite_backend.begin(user.actor) as work:
        token, _ = start_session(work, user)

    with sqlite_backend.reading() as session:
        row = session.scalars(select(LoginSession)).one()

    assert token not in (row.token_sha256, row.csrf_token)


def test_a_session_is_over_after_its_hours_or_when_idle(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    user = _add(sqlite_backend)
    with sqlite_backend.begin(user.actor) as work:
        used, _ = start_session(work, user)
        idle, _ = start_session(work, user)

    for _ in range(7):
        clock.forward(minutes=65)
        assert session_user(sqlite_backend, used) is not None
    assert session_user(sqlite_backend, idle) is None
    clock.forward(minutes=30)
    assert session_user(sqlite_backend, used) is None


def test_a_session_last_seen_in_the_future_is_over(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    user = _add(sqlite_backend)
    with sqlite_backend.begin(user.actor) as work:
        token, _ = start_session(work, user)

    clock.forward(minutes=-4)
    assert session_user(sqlite_backend, token) is not None
    clock.forward(minutes=-2)
    assert session_user(sqlite_backend, token) is None


def test_a_disabled_account_loses_session_and_login(backend: Backend) -> None:
    user = _add(backend)
    with backend.begin(user.actor) as work:
        token, _ = start_session(work, user)

    with backend.begin(ALL_ROLES) as work:
        disable_user(work, "wang")
        disable_user(work, "wang")

    assert session_user(backend, token) is None
    with pytest.raises(LoginRefused):
        authenticate(backend, "wang", GOOD)


def test_a_withdrawn_role_is_gone_with_the_next_request(sqlite_backend: Backend) -> None:
    user = _add(sqlite_backend, roles=(Role.OFFICE, Role.APPROVER))
    with sqlite_backend.begin(user.actor) as work:
        token, _ = start_session(work, user)

    with sqlite_backend.begin(ALL_ROLES) as work:
        grant_roles(work, "wang", [Role.OFFICE])
    current = session_user(sqlite_backend, token)

    assert current is not None
    assert current.user.roles == {Role.OFFICE}


def test_a_new_password_ends_the_sessions_and_lifts_the_lock(sqlite_backend: Backend) -> None:
    user = _add(sqlite_backend)
    with sqlite_backend.begin(user.actor) as work:
        token, _ = start_session(work, user)
    for _ in range(5):
        _fail(sqlite_backend)

    with sqlite_backend.begin(ALL_ROLES) as work:
        set_password(work, "wang", WRONG)

    assert session_user(sqlite_backend, token) is None
    assert authenticate(sqlite_backend, "wang", WRONG) == user


def test_only_oneself_and_the_system_administrator_set_a_password(
    sqlite_backend: Backend,
) -> None:
    own = _add(sqlite_backend).actor
    _add(sqlite_backend, "other")

    with sqlite_backend.begin(own) as work:
        set_password(work, "wang", WRONG)
    for login in ("other", "nobody"):  # the answer does not tell which logins exist
        with pytest.raises(Forbidden), sqlite_backend.begin(own) as work:
            set_password(work, login, WRONG)

    assert authenticate(sqlite_backend, "other", GOOD).login == "other"


@pytest.mark.parametrize("name", ["", "  ", "王\x00五", "王" * 101])
def test_names_that_cannot_be_shown_are_refused(sqlite_backend: Backend, name: str) -> None:
    with pytest.raises(BadInput), sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "wang", name, "办公室", [Role.OFFICE], GOOD)


def test_one_login_and_one_officer_have_one_account(sqlite_backend: Backend) -> None:
    officer = _officer(sqlite_backend)
    _add(sqlite_backend)

    with pytest.raises(LoginTaken):
        _add(sqlite_backend, "WANG")
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "a1", "甲", "一科", [Role.INSPECTOR], GOOD, officer)
    with pytest.raises(LoginTaken), sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "a2", "乙", "一科", [Role.INSPECTOR], GOOD, officer)
    with pytest.raises(NotFound), sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "a3", "丙", "一科", [Role.INSPECTOR], GOOD, uuid4())


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_only_the_system_administrator_opens_accounts(sqlite_backend: Backend, role: Role) -> None:
    actor = _add(sqlite_backend, roles=(role,)).actor

    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        add_user(work, "new", "新人", "一科", [], GOOD)


def test_the_system_administrator_opens_accounts_but_grants_no_role(
    sqlite_backend: Backend,
) -> None:
    actor = _add(sqlite_backend, roles=(Role.SYSTEM_ADMIN,)).actor

    with sqlite_backend.begin(actor) as work:
        assert add_user(work, "new", "新人", "一科", [], GOOD).roles == frozenset()
    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        grant_roles(work, "new", [Role.SUPERVISOR])
    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        add_user(work, "other", "新人", "一科", [Role.SUPERVISOR], GOOD)


def test_excluded_roles_and_weak_passwords_leave_no_account(sqlite_backend: Backend) -> None:
    with pytest.raises(RolesExcludeEachOther):
        _add(sqlite_backend, roles=(Role.AUDIT_ADMIN, Role.SUPERVISOR))
    with pytest.raises(WeakPassword), sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "wang", "王五", "办公室", [Role.OFFICE], "short")
    with pytest.raises(BadInput):
        _add(sqlite_backend, roles=(Role.INSPECTOR,))

    with sqlite_backend.reading() as session:
        assert session.scalars(select(User)).all() == []
