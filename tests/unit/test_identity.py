"""Which roles may meet in one account, and which passwords are refused."""

from itertools import combinations

import pytest

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.domain.identity import (
    ADMINISTRATORS,
    CASE_ROLES,
    ROLE_NAMES,
    AuthorMayNotApprove,
    RolesExcludeEachOther,
    WeakPassword,
    check_approver,
    check_login,
    check_password,
    check_roles,
    require,
)

ALONE = ADMINISTRATORS | {Role.AUDITOR}


@pytest.mark.parametrize("pair", list(combinations(Role, 2)))
def test_administrators_and_the_auditor_share_an_account_with_nobody(
    pair: tuple[Role, Role],
) -> None:
    if set(pair) & ALONE:
        with pytest.raises(RolesExcludeEachOther):
            check_roles(pair, has_officer=True)
        return
    check_roles(pair, has_officer=True)

    assert set(pair) <= CASE_ROLES


@pytest.mark.parametrize("approver", ["user:1", "system:cli", "system:demo"])
def test_neither_the_author_nor_a_part_of_the_server_approves(approver: str) -> None:
    check_approver("检查计划", "user:1", "user:2")

    with pytest.raises(AuthorMayNotApprove, match="检查计划不能由编制人自己审批"):
        check_approver("检查计划", "user:1", approver)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_stand_alone_and_has_a_chinese_name(role: Role) -> None:
    check_roles([role], has_officer=True)

    assert ROLE_NAMES[role]


def test_an_inspector_needs_a_certificate() -> None:
    with pytest.raises(BadInput):
        check_roles([Role.INSPECTOR], has_officer=False)


def test_a_role_that_is_not_held_is_refused() -> None:
    require({Role.OFFICE}, Role.OFFICE, Role.APPROVER, action="查看")

    with pytest.raises(Forbidden, match="无权查看"):
        require({Role.OFFICE}, Role.APPROVER, action="查看")


@pytest.mark.parametrize(
    "password",
    [
        "Ab1#",
        "x" * 200,
        "aaaaAAAA1111",
        "onlylowercase",
        "lower4digits",
        "Zhang-2026-Ab",
        "Password#2026",
        "Qwerty#83jdk",
    ],
)
def test_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, "zhang")


@pytest.mark.parametrize(
    "password", ["Yun-Wan#2026x", "correct horse battery", "云湾区检查员密码Ab9", "kM7nQ2wE9z"]
)
def test_long_or_varied_passwords_pass(password: str) -> None:
    check_password(password, "zhang")


def test_a_login_has_one_form() -> None:
    assert check_login(" Ｗang.San@yw ") == "wang.san@yw"


@pytest.mark.parametrize("login", ["", "  ", "a b", "a\x00", "'or", "x" * 61])
def test_unusable_logins_are_refused(login: str) -> None:
    with pytest.raises(BadInput):
        check_login(login)
