"""动态口令 (TOTP, RFC 6238): which codes count, recovery codes, and which roles must have one."""

import unicodedata
from collections.abc import Collection
from datetime import datetime

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be one step off, either way (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits each; base32 makes 16 characters of them."""
CODE_MAX = 40


class SecondFactorWanted(InspectError):
    """The account's role needs a second factor, and it has none yet."""

    code, kind = "account.second_factor_wanted", "forbidden"
    message = "该账号的角色须启用动态口令，请先启用动态口令再办理其他事项。"


class SecondFactorOn(InspectError):
    """The account has a second factor; only the security administrator takes it off."""

    code, kind = "account.second_factor_on", "conflict"
    message = "该账号已启用动态口令；如需更换手机，请联系安全管理员重置后重新启用。"


class SecondFactorNotBegun(InspectError):
    """There is no secret that a code could confirm."""

    code, kind = "account.second_factor_not_begun", "conflict"
    message = "尚未生成动态口令密钥，请先生成密钥并添加到手机。"


class CodeRefused(InspectError):
    """The code of a new second factor does not fit its secret."""

    code, kind = "account.code_refused", "invalid"
    message = "动态口令不正确，请核对手机时间，输入手机上当前显示的 6 位口令后重试。"


def step_of(moment: datetime) -> int:
    """Return the time step that a moment lies in: the counter of RFC 6238."""
    return int(moment.timestamp()) // STEP_SECONDS


def steps_that_count(now: datetime, last_step: int) -> list[int]:
    """
    Return the steps whose code is good now: those within the drift, and newer than the last used.

    Args:
        last_step: Step of the newest code that was accepted; a code is good once.
    """
    current = step_of(now)
    nearby = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    return [step for step in nearby if not is_spent(step, last_step, now)]


def is_spent(step: int, last_step: int, now: datetime) -> bool:
    """
    Return whether the code of a step, or one newer than it, was accepted before.

    A last step beyond the drift was accepted while the server's clock ran ahead and bars nothing:
    else nobody could log in until that day has come.
    """
    return step <= last_step <= step_of(now) + DRIFT_STEPS


def plain_code(text: str) -> str:
    """Return a typed code in its one form: NFKC, upper case, without blanks and dashes."""
    typed = unicodedata.normalize("NFKC", text[:CODE_MAX]).upper()
    return "".join(char for char in typed if char.isascii() and char.isalnum())


def recovery_code(number: int, base32: str) -> str:
    """Return a recovery code as people write it down, such as 03-ABCD-EFGH-IJKL-MNOP."""
    groups = [base32[start : start + 4] for start in range(0, len(base32), 4)]
    return "-".join([f"{number:02}", *groups])


def recovery_number(code: str) -> int | None:
    """Return which recovery code a plain code claims to be, or None when it is of another kind."""
    if len(code) <= 2 or not code[:2].isdigit() or code.isdigit():
        return None
    return int(code[:2])


def roles_needing(names: str) -> frozenset[Role]:
    """
    Return the roles that a configuration names, separated by commas.

    Raises:
        BadInput: One is no role.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in set(Role)]:
        raise BadInput(field="配置项 second_factor_roles ", reason=f"没有角色 {unknown[0]}")
    return frozenset(Role(name) for name in wanted)


def must_enrol(roles: Collection[Role], needing: Collection[Role], is_enrolled: bool) -> bool:
    """Return whether an account has to set up its second factor before anything else."""
    return not is_enrolled and not set(roles).isdisjoint(needing)
