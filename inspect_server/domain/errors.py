"""Errors that a person may meet: a code, a kind, and one Chinese sentence with the next step."""

from typing import Any, ClassVar, Literal

Kind = Literal["invalid", "forbidden", "missing", "conflict", "unavailable", "broken"]


class InspectError(Exception):
    """
    The base of every expected failure.

    A subclass sets `code` (stable, dotted, for programs), `kind` (what faces map to a status or an
    exit code) and `message` (simplified Chinese, its end says the next step, formatted with the
    keyword arguments). No personal data belongs into the arguments: messages reach logs.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class NotFound(InspectError):
    """Nothing of that name or number exists, or the caller may not know of it."""

    code, kind = "common.not_found", "missing"
    message = "没有找到{what}，请核对编号后重试。"


class Forbidden(InspectError):
    """The caller's roles do not allow this."""

    code, kind = "common.forbidden", "forbidden"
    message = "当前账号无权{action}，请联系系统管理员或由有权限的人员办理。"


class BadInput(InspectError):
    """A value cannot be used as given."""

    code, kind = "common.bad_input", "invalid"
    message = "{field}{gap}填写有误：{reason}，请改正后重试。"

    def __init__(self, *, field: str, reason: str) -> None:
        # An option's name, unlike a Chinese one, is set off by a space.
        super().__init__(field=field, reason=reason, gap=" " if field[-1:].isascii() else "")
        del self.facts["gap"]


class StaleVersion(InspectError):
    """Somebody else changed the same thing in between."""

    code, kind = "common.stale", "conflict"
    message = "{what}已被他人修改，请刷新后重新操作。"
