"""The second factor: enrolled by its user, asked at every login, good once, reset for them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from pyotp import TOTP
from sqlalchemy import select

from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.identity import (
    MAX_FAILURES,
    CodeRefused,
    LoginRefused,
    SecondFactorNotBegun,
    SecondFactorOn,
    SecondFactorWanted,
    roles_needing,
)
from inspect_server.gateways.sealing import SealBroken
from inspect_server.reads.accounts import accounts
from inspect_server.store.models.identity import AuditEvent, RecoveryCode, SecondFactor, User
from inspect_server.usecases.accounts import (
    SignedIn,
    add_user,
    authenticate,
    begin_second_factor,
    check_enrolled,
    confirm_second_factor,
    passwords,
    reset_second_factor,
    session_user,
    set_password,
    start_session,
)
from inspect_server.usecases.work import Actor, Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock

GOOD = "Yun-Wan#2026x"
WRONG = "Yun-Wan#2026y"


class Enrolled:
    """An account with a second factor, and the authenticator of its user."""

    def __init__(self, backend: Backend, login: str = "wang", role: Role = Role.OFFICE) -> None:
        self.backend, self.login = backend, login
        self.user = add(backend, login, role)
        with backend.begin(self.user.actor) as work:
            self.secret = begin_second_factor(work).secret
        self.recovery = confirm_second_factor(backend, self.user.actor, self.code())

    def code(self, **ahead: float) -> str:
        return TOTP(self.secret).at(self.backend.clock.now() + timedelta(**ahead))

    def log_in(self, code: str, password: str = GOOD) -> SignedIn:
        return authenticate(self.backend, self.login, password, code)


def add(backend: Backend, login: str = "wang", role: Role = Role.OFFICE) -> SignedIn:
    with backend.begin(ALL_ROLES) as work:
        return add_user(work, login, "王五", "办公室", [role], GOOD)


def refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except LoginRefused:
        return True
    return False


def failures(backend: Backend, login: str = "wang") -> int:
    with backend.reading() as session:
        return session.scalars(select(User.failed_attempts).where(User.login == login)).one()


def test_a_login_needs_password_and_code(backend: Backend, clock: FixedClock) -> None:
    one = Enrolled(backend)
    clock.forward(seconds=30)

    assert refused(lambda: one.log_in(""))
    assert refused(lambda: one.log_in("000000"))
    assert refused(lambda: one.log_in(one.code(), WRONG))
    assert one.log_in(f" {one.code()[:3]} {one.code()[3:]} ") == one.user
    assert failures(backend) == 0


def test_the_code_that_confirmed_does_not_log_in(sqlite_backend: Backend) -> None:
    one = Enrolled(sqlite_backend)

    assert refused(lambda: one.log_in(one.code()))


def test_a_code_is_good_once(backend: Backend, clock: FixedClock) -> None:
    one = Enrolled(backend)
    clock.forward(seconds=30)
    used = one.code()

    assert one.log_in(used) == one.user
    assert refused(lambda: one.log_in(used))
    clock.forward(seconds=30)
    assert refused(lambda: one.log_in(used))
    assert one.log_in(one.code()) == one.user


def test_a_clock_that_ran_ahead_locks_nobody_out(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    one = Enrolled(sqlite_backend)
    clock.forward(days=30)
    one.log_in(one.code())
    clock.forward(days=-30, seconds=60)
    used = one.code()

    assert one.log_in(used) == one.user
    assert refused(lambda: one.log_in(used))


def test_enrolling_ends_the_sessions_that_showed_no_code(sqlite_backend: Backend) -> None:
    user = add(sqlite_backend, role=Role.SYSTEM_ADMIN)
    with sqlite_backend.begin(user.actor) as work:
        here, _ = start_session(work, user)
        elsewhere, _ = start_session(work, user)
        secret = begin_second_factor(work).secret
    confirm_second_factor(
        sqlite_backend, user.actor, TOTP(secret).at(sqlite_backend.clock.now()), here
    )

    assert session_user(sqlite_backend, here) is not None
    assert session_user(sqlite_backend, elsewhere) is None


def test_of_parallel_logins_with_one_code_one_gets_in(backend: Backend, clock: FixedClock) -> None:
    one = Enrolled(backend)
    clock.forward(seconds=30)
    code = one.code()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: refused(lambda: one.log_in(code)), range(4)))

    assert outcomes.count(False) == 1


@pytest.mark.parametrize(("ahead", "gets_in"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phone_may_be_one_step_off(
    sqlite_backend: Backend, clock: FixedClock, ahead: int, gets_in: bool
) -> None:
    one = Enrolled(sqlite_backend)
    clock.forward(minutes=5)

    assert refused(lambda: one.log_in(one.code(seconds=ahead))) != gets_in


def test_wrong_codes_lock_as_wrong_passwords_do(backend: Backend, clock: FixedClock) -> None:
    one = Enrolled(backend)
    clock.forward(seconds=30)

    for _ in range(MAX_FAILURES):
        assert refused(lambda: one.log_in("000000"))

    assert refused(lambda: one.log_in(one.code()))
    clock.forward(minutes=15)
    assert one.log_in(one.code()) == one.user


@pytest.mark.usefixtures("real_passwords")
def test_twenty_parallel_guesses_of_a_code_lock_after_five(
    backend: Backend, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Enrolled(backend)
    clock.forward(seconds=30)
    tried: list[int] = []
    real = TOTP.generate_otp

    def counted(self: TOTP, input: int) -> str:
        tried.append(input)
        return real(self, input)

    monkeypatch.setattr(TOTP, "generate_otp", counted)
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda _: refused(lambda: one.log_in("000000")), range(20)))

    assert len(tried) <= MAX_FAILURES * 3  # the steps within the drift, for each attempt
    assert failures(backend) == MAX_FAILURES


def test_wrong_password_wrong_code_and_no_code_answer_alike(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    one = Enrolled(sqlite_backend)
    clock.forward(seconds=30)
    said = set()
    for code, password in (("", GOOD), ("000000", GOOD), (one.code(), WRONG), ("01-AAAA", GOOD)):
        with pytest.raises(LoginRefused) as caught:
            one.log_in(code, password)
        said.add((caught.value.code, str(caught.value)))

    assert len(said) == 1


def test_a_recovery_code_lets_in_once_and_leaves_a_trace(
    backend: Backend, clock: FixedClock
) -> None:
    one = Enrolled(backend)
    first, second = one.recovery[0], one.recovery[1]

    assert one.log_in(first.lower()) == one.user
    assert refused(lambda: one.log_in(first))
    assert refused(lambda: one.log_in(second[:3] + first[3:]))
    assert one.log_in(second.replace("-", " ")) == one.user
    with backend.reading() as session:
        events = session.scalars(
            select(AuditEvent.outcome).where(AuditEvent.action == "second_factor.recovery")
        ).all()
    assert sorted(events) == ["left 8", "left 9"]


def test_a_recovery_code_costs_its_hash_whoever_it_is_tried_on(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    Enrolled(sqlite_backend)
    add(sqlite_backend, "without")
    real, costs = passwords.holds, []

    def counted(expected: str, password: str) -> bool:
        costs.append(login)
        return real(expected, password)

    monkeypatch.setattr(passwords, "holds", counted)
    for login in ("wang", "without", "nobody"):
        refused(lambda: authenticate(sqlite_backend, login, WRONG, "03-ABCD-EFGH-IJKL-MNOP"))  # noqa: B023

    assert [costs.count(login) for login in ("wang", "without", "nobody")] == [2, 2, 2]


@pytest.mark.usefixtures("real_passwords")
def test_neither_secret_nor_recovery_codes_can_be_read_anywhere(sqlite_backend: Backend) -> None:
    one = Enrolled(sqlite_backend)

    with sqlite_backend.reading() as session:
        row = session.get_one(SecondFactor, one.user.user_id)
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
        audit = session.scalars(select(AuditEvent)).all()
        listed = accounts(session)
    text = " ".join(f"{event.action} {event.subject} {event.outcome}" for event in audit)
    files = sqlite_backend.settings.data_dir.rglob("*")
    stored = b"".join(file.read_bytes() for file in files if file.is_file())

    assert one.secret not in row.sealed_secret + text + repr(listed)
    assert one.secret.encode() not in stored
    assert not any(code.replace("-", "").encode() in stored for code in one.recovery)
    assert len(hashes) == len(set(one.recovery)) == 10
    assert all(value.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for value in hashes)
    assert [row.has_second_factor for row in listed] == [True]


def test_a_secret_opens_for_no_other_account(backend: Backend, clock: FixedClock) -> None:
    one, other = Enrolled(backend), Enrolled(backend, "li")
    with backend.begin(ALL_ROLES) as work:
        stolen = work.session.get_one(SecondFactor, one.user.user_id).sealed_secret
        work.session.get_one(SecondFactor, other.user.user_id).sealed_secret = stolen
    clock.forward(seconds=30)

    with pytest.raises(SealBroken):
        authenticate(backend, "li", GOOD, one.code())


def test_a_secret_counts_only_once_a_code_of_it_was_confirmed(sqlite_backend: Backend) -> None:
    user = add(sqlite_backend)
    with pytest.raises(SecondFactorNotBegun):
        confirm_second_factor(sqlite_backend, user.actor, "000000")
    with sqlite_backend.begin(user.actor) as work:
        made = begin_second_factor(work)
    with pytest.raises(CodeRefused):
        confirm_second_factor(sqlite_backend, user.actor, "000000")

    assert authenticate(sqlite_backend, "wang", GOOD) == user
    assert made.uri.startswith("otpauth://totp/")
    with sqlite_backend.begin(user.actor) as work:
        again = begin_second_factor(work)
    assert again.secret != made.secret


def test_a_second_factor_in_force_is_not_replaced_by_whoever_holds_the_session(
    sqlite_backend: Backend,
) -> None:
    one = Enrolled(sqlite_backend)

    with pytest.raises(SecondFactorOn), sqlite_backend.begin(one.user.actor) as work:
        begin_second_factor(work)
    with pytest.raises(SecondFactorOn):
        confirm_second_factor(sqlite_backend, one.user.actor, one.code())


def test_a_new_password_leaves_the_second_factor_in_force(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    one = Enrolled(sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        set_password(work, "wang", WRONG)
    clock.forward(seconds=30)

    assert refused(lambda: one.log_in("", WRONG))
    assert one.log_in(one.code(), WRONG) == one.user


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INSPECTOR])
def test_only_the_security_administrator_resets(sqlite_backend: Backend, role: Role) -> None:
    Enrolled(sqlite_backend)
    actor = Actor(f"user:{uuid4()}", frozenset({role}), uuid4())

    if role is Role.SECURITY_ADMIN:
        with sqlite_backend.begin(actor) as work:
            reset_second_factor(work, "wang")
        return
    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        reset_second_factor(work, "wang")


def test_a_reset_ends_the_sessions_is_on_record_and_lets_enrol_anew(backend: Backend) -> None:
    one = Enrolled(backend)
    with backend.begin(one.user.actor) as work:
        token, _ = start_session(work, one.user)

    with backend.begin(ALL_ROLES) as work:
        reset_second_factor(work, "wang")
    with pytest.raises(NotFound), backend.begin(ALL_ROLES) as work:
        reset_second_factor(work, "nobody")

    assert session_user(backend, token) is None
    assert authenticate(backend, "wang", GOOD) == one.user
    with backend.reading() as session:
        found = session.scalars(
            select(AuditEvent.subject).where(AuditEvent.action == "second_factor.reset")
        ).all()
        assert session.scalars(select(RecoveryCode)).all() == []
    assert found == [f"user:{one.user.user_id}"]
    with backend.begin(one.user.actor) as work:
        begin_second_factor(work)


def test_roles_that_need_a_second_factor_come_from_the_configuration(
    sqlite_backend: Backend,
) -> None:
    wanted = Settings(data_dir=sqlite_backend.settings.data_dir, second_factor_roles=" office ,")
    strict = Backend(sqlite_backend.engine, sqlite_backend.blobs, wanted, sqlite_backend.clock)
    user = add(sqlite_backend)
    with sqlite_backend.begin(user.actor) as work:
        token, _ = start_session(work, user)

    by_default, by_choice = session_user(sqlite_backend, token), session_user(strict, token)

    assert by_default is not None
    assert by_choice is not None
    assert (by_default.must_enrol, by_choice.must_enrol) == (False, True)
    check_enrolled(sqlite_backend, user)
    with pytest.raises(SecondFactorWanted):
        check_enrolled(strict, user)


def test_the_three_administrators_need_one_unless_told_otherwise() -> None:
    needing = roles_needing(Settings().second_factor_roles)

    assert needing == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    with pytest.raises(BadInput, match="没有角色 boss"):
        roles_needing("office,boss")


def test_only_an_account_enrols(sqlite_backend: Backend) -> None:
    with pytest.raises(Forbidden), sqlite_backend.begin(Actor.system("cli")) as work:
        begin_second_factor(work)
