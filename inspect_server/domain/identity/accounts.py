"""Accounts: which roles one person may hold, what a password must be, when an account locks."""

import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from inspect_server.domain.enums import SYSTEM, Role
from inspect_server.domain.errors import BadInput, Forbidden, InspectError

MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)
IDLE_TIME = timedelta(hours=2)
CLOCK_STEP = timedelta(minutes=5)
"""How far a clock may be set back before what it stamped counts as from the future."""
PASSWORD_MIN = 10
PASSWORD_LONG = 16
PASSWORD_MAX = 128
LOGIN_MAX = 60
NAME_MAX = 100
UNIT_MAX = 200
LOGIN_TELLING = 4
"""From this length on a login inside a password is no chance."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
CASE_ROLES = frozenset(
    {Role.INSPECTOR, Role.SUPERVISOR, Role.APPROVER, Role.LEGAL_REVIEWER, Role.OFFICE}
)
ROLE_NAMES = {
    Role.INSPECTOR: "执法人员",
    Role.SUPERVISOR: "承办机构负责人",
    Role.APPROVER: "审批人",
    Role.LEGAL_REVIEWER: "法制审核员",
    Role.OFFICE: "内勤",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.AUDITOR: "外部审计员",
}

_COMMON = ("password", "qwerty", "admin", "12345", "abcde", "11111", "88888", "letmein")


class LoginRefused(InspectError):
    """One answer for a wrong login, password or code, a locked and a disabled account alike."""

    code, kind = "login.refused", "forbidden"
    message = (
        "账号、密码或动态口令不正确，或账号已锁定、停用；已启用动态口令的账号须同时填写口令。"
        "连续失败 {failures} 次锁定 {minutes} 分钟，"
        "请稍后再试，或联系系统管理员。"
    )


class RolesExcludeEachOther(InspectError):
    """三员分立: an administrator holds exactly one role; an outside auditor only reads."""

    code, kind = "account.roles_exclude", "conflict"
    message = "“{first}”与“{second}”不能由同一账号兼任（三员分立），请为其分别建立账号。"


class WeakPassword(InspectError):
    """The password could be guessed."""

    code, kind = "account.weak_password", "invalid"
    message = "密码强度不足：{reason}，请另设密码。"


class LoginTaken(InspectError):
    """An account of that login, or for that officer, exists already."""

    code, kind = "account.taken", "conflict"
    message = "{what}，请换一个账号或停用原账号。"


class ApproverMayNot(Forbidden):
    """Whoever approved beside the actor, by their own password, may not approve this."""

    code = "approval.may_not"
    message = "批准人的账号无权{action}，请由负责人或者审批人用本人账号批准。"


class AuthorMayNotApprove(InspectError):
    """Who made something wants to approve it."""

    code, kind = "approval.author_may_not_approve", "forbidden"
    message = "{what}不能由{author}自己审批，请由其他有审批权的人员用本人账号审批。"


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """
    Return whether an account is locked.

    A lock that would last longer than any lock does was set while the clock ran ahead, and is over.
    """
    return locked_until is not None and now < locked_until <= now + LOCK_TIME


def require(held: Collection[Role], *allowed: Role, action: str) -> None:
    """
    Refuse unless one of the `allowed` roles is held.

    Args:
        action: What is attempted, in Chinese, as it follows “无权”.

    Raises:
        Forbidden: None of them is held.
    """
    if not set(allowed) & set(held):
        raise Forbidden(action=action)


def require_approver(held: Iterable[Role], *allowed: Role, action: str) -> None:
    """
    Refuse an approver beside the actor who holds none of the roles allowed.

    Raises:
        ApproverMayNot: None of them is held.
    """
    if not set(allowed) & set(held):
        raise ApproverMayNot(action=action)


def check_approver(what: str, author: str, approver: str, called: str = "编制人") -> None:
    """
    Refuse an approval by the author, or by nobody in particular.

    Args:
        what: What is to be approved, in Chinese, as the refusal begins.
        author: Label of the actor who made it.
        approver: Label of the actor who wants to approve it.
        called: What the author is of it, in Chinese.

    Raises:
        AuthorMayNotApprove: They are the same, or the approver is no account.
    """
    if author == approver or approver.startswith(SYSTEM):
        raise AuthorMayNotApprove(what=what, author=called)


def check_roles(roles: Collection[Role], has_officer: bool) -> None:
    """
    Refuse a set of roles that one account must not hold.

    Raises:
        RolesExcludeEachOther: An administrator or the auditor with any other role.
        BadInput: An inspector without an entry in the officers' registry.

    Source: GB/T 22239-2019 8.1.4 (三员分立); 行政处罚法 第四十二条 (执法证).
    """
    alone = sorted(set(roles) & (ADMINISTRATORS | {Role.AUDITOR}))
    if alone and len(set(roles)) > 1:
        other = next(role for role in sorted(roles) if role != alone[0])
        raise RolesExcludeEachOther(first=ROLE_NAMES[alone[0]], second=ROLE_NAMES[other])
    if Role.INSPECTOR in roles and not has_officer:
        raise BadInput(field="角色", reason="执法人员账号须关联执法人员名录中的执法证号")


def check_login(login: str) -> str:
    """
    Return the login in its one form: NFKC, lower case, without outer blanks.

    Raises:
        BadInput: Empty, too long, or with blanks or control characters inside.
    """
    plain = unicodedata.normalize("NFKC", login).strip().lower()
    if not plain or len(plain) > LOGIN_MAX:
        raise BadInput(field="账号", reason=f"应为 1 到 {LOGIN_MAX} 个字符")
    if not all(char.isalnum() or char in "._-@" for char in plain):
        raise BadInput(field="账号", reason="只能用文字、数字和 . _ - @")
    return plain


def check_label(field: str, text: str, longest: int) -> None:
    """
    Refuse a name that pages and documents cannot show.

    Raises:
        BadInput: Empty, longer than `longest` characters, or with control characters.
    """
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise BadInput(field=field, reason=f"应为 1 到 {longest} 个可见字符")


def check_password(password: str, login: str) -> None:
    """
    Refuse a password that is easy to guess.

    Raises:
        WeakPassword: Too short or long, of one kind of character only, common, or built on the
            login.

    Source: GB/T 22239-2019 8.1.4.1 (complexity); OWASP ASVS 5.0 6.2 (length, common passwords).
    """
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise WeakPassword(reason=f"长度应为 {PASSWORD_MIN} 到 {PASSWORD_MAX} 个字符")
    if len(set(password)) < PASSWORD_MIN // 2:
        raise WeakPassword(reason="重复的字符太多")
    lowered = password.lower()
    holds_login = len(login) >= LOGIN_TELLING and login.lower() in lowered
    if holds_login or any(word in lowered for word in _COMMON):
        raise WeakPassword(reason="不能包含账号或常见密码")
    if len(password) < PASSWORD_LONG and _kinds(password) < 3:
        raise WeakPassword(
            reason=f"不足 {PASSWORD_LONG} 个字符时须含大写、小写、数字、其他字符中的三类"
        )


def _kinds(password: str) -> int:
    tests = (
        any(char.isupper() for char in password),
        any(char.islower() for char in password),
        any(char.isdigit() for char in password),
        any(not (char.isupper() or char.islower() or char.isdigit()) for char in password),
    )
    return sum(tests)
