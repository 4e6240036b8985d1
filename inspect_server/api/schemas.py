"""What all resources share: Chinese field errors, pages, texts without control characters."""

from enum import StrEnum
from typing import Any, TypeVar

import marshmallow as ma

_Code = TypeVar("_Code", bound=StrEnum)

MAX_PAGE, LAST_PAGE = 200, 1_000_000

ma.fields.Field.default_error_messages.update(
    required="必须填写。", null="不能为空。", validator_failed="值不可用。"
)
ma.fields.String.default_error_messages.update(invalid="应为文字。", invalid_utf8="编码有误。")
ma.fields.Integer.default_error_messages.update(invalid="应为整数。", too_large="数值过大。")
ma.fields.UUID.default_error_messages.update(invalid_uuid="应为编号（UUID）。")
ma.fields.Boolean.default_error_messages.update(invalid="应为 true 或 false。")
ma.fields.List.default_error_messages.update(invalid="应为列表。")
ma.fields.Date.default_error_messages.update(invalid="应为日期（年-月-日）。")
ma.fields.Enum.default_error_messages.update(unknown="只能是：{choices}。")
ma.Schema.error_messages = {"unknown": "未知字段。", "type": "格式有误。"}


def printable(text: str) -> None:
    """Refuse control characters: no database or document takes a NUL."""
    if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in text) or "\x7f" in text:
        raise ma.ValidationError("含有控制字符。")


class Text(ma.fields.String):
    """A text of one line, of `shortest` to `longest` characters."""

    def __init__(self, longest: int = 200, shortest: int = 1, **kwargs: Any) -> None:
        length = ma.validate.Length(
            min=shortest, max=longest, error="长度应为 {min} 到 {max} 个字符。"
        )
        super().__init__(validate=[length, printable], **kwargs)


def code(kind: type[_Code], **kwargs: Any) -> ma.fields.Enum[_Code]:
    """Return a field for a code of a closed list."""
    return ma.fields.Enum(kind, by_value=True, **kwargs)


def number(low: int, high: int, **kwargs: Any) -> ma.fields.Integer:
    """Return a field for a whole number within bounds."""
    within = ma.validate.Range(low, high, error="应在 {min} 到 {max} 之间。")
    return ma.fields.Integer(validate=within, **kwargs)


def checklist_names(**kwargs: Any) -> Any:
    """Return a field for names of checklists that are not handed out by themselves."""
    return ma.fields.List(
        Text(60),
        validate=ma.validate.Length(max=20, error="最多 {max} 份。"),
        metadata={
            "description": "另选的检查表的名称（不随行业自动选用的），如 general-management。",
            "example": [],
        },
        **kwargs,
    )


class PageQuery(ma.Schema):
    """Which page of a list."""

    page = number(1, LAST_PAGE, load_default=1)
    size = number(1, MAX_PAGE, load_default=50)
    after = Text(
        80,
        load_default="",
        shortest=0,
        metadata={"description": "上一页的 next；其间新增数据也不会重复或遗漏。"},
    )


class PageOut(ma.Schema):
    """A page of a list: subclass with `rows`."""

    page = ma.fields.Integer(required=True)
    size = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)
    next = ma.fields.String(
        required=True, metadata={"description": "下一页的 after；为空表示没有了。"}
    )
