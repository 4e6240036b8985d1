"""What all resources share: Chinese field errors, pages, texts without control characters."""

from typing import Any

import marshmallow as ma

MAX_PAGE = 200

ma.fields.Field.default_error_messages.update(
    required="必须填写。", null="不能为空。", validator_failed="值不可用。"
)
ma.fields.String.default_error_messages.update(invalid="应为文字。", invalid_utf8="编码有误。")
ma.fields.Integer.default_error_messages.update(invalid="应为整数。")
ma.fields.UUID.default_error_messages.update(invalid_uuid="应为编号（UUID）。")
ma.Schema.error_messages = {"unknown": "未知字段。", "type": "格式有误。"}


def printable(text: str) -> None:
    """Refuse control characters: no database or document takes a NUL."""
    if any(ord(char) < 32 for char in text) or "\x7f" in text:
        raise ma.ValidationError("含有控制字符。")


class Text(ma.fields.String):
    """A text of one line, of 1 to `longest` characters."""

    def __init__(self, longest: int = 200, shortest: int = 1, **kwargs: Any) -> None:
        length = ma.validate.Length(min=shortest, max=longest)
        super().__init__(validate=[length, printable], **kwargs)


class PageQuery(ma.Schema):
    """Which page of a list."""

    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(min=1, max=1_000_000))
    size = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=MAX_PAGE))


class PageOut(ma.Schema):
    """A page of a list: subclass with `rows`."""

    page = ma.fields.Integer(required=True)
    size = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)
