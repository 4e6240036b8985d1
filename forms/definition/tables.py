"""Plain tables (from TOML or JSON) read field by field; every refusal says where."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from forms.errors import BadDefinition
from forms.expressions.parsing import BadExpression, Tree, parse, parse_filter, to_json
from forms.model import Condition

Choice = TypeVar("Choice", bound=StrEnum)


YES_AND_NO: Mapping[str, Tree] = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE"), ("true",)),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE"), ("false",)),
}
"""What workbooks write instead of true() and false()."""

DYNAMIC = re.compile(r"\$\{|[\w:.-]+\(")
"""A reference or a call: what makes a starting value more than a text."""


def is_control(character: str) -> bool:
    """Whether a text must not have it: controls but for line feed and tab, and surrogates."""
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"


@dataclass(frozen=True)
class Table:
    """One table and where it stands; `item` is Chinese ("条目 F01")."""

    data: Mapping[str, Any]
    file: str
    item: str

    def refuse(self, field: str, reason: str) -> BadDefinition:
        """Return the error about one field, to be raised."""
        return BadDefinition(file=self.file, item=self.item, field=field, reason=reason)

    def named(self, item: str) -> "Table":
        """Return the same table under the name by which its errors call it."""
        return Table(self.data, self.file, item)

    def __contains__(self, field: str) -> bool:
        """Whether the field is there."""
        return field in self.data

    def only(self, *fields: str) -> None:
        """Refuse fields that nobody reads: a misspelt one would be lost silently."""
        for field in self.data:
            if field not in fields:
                raise self.refuse(field, "没有这个字段")

    def text(self, field: str, *, pattern: str = "", may_be_empty: bool = False) -> str:
        """Return a text without blanks around it; `pattern` must match the whole of it."""
        value = self._value(field, str, "应为文字")
        if not value and may_be_empty:
            return ""
        if not value or value != value.strip():
            raise self.refuse(field, "不能为空，首尾不能有空格")
        if not value.isprintable():
            raise self.refuse(field, "不能有换行、全角空格或控制字符")
        if pattern and not re.fullmatch(pattern, value):
            raise self.refuse(field, f"“{value}”不符合规定的格式")
        return str(value)

    def optional_text(self, field: str, *, pattern: str = "") -> str:
        """Return a text, or "" where the field is left out or empty."""
        return self.text(field, pattern=pattern, may_be_empty=True) if field in self else ""

    def lines(self, field: str, *, may_lack: bool = True) -> str:
        """Return a text that may have line breaks and blanks of every kind, "" where left out."""
        if may_lack and field not in self:
            return ""
        value = self._value(field, str, "应为文字")
        if value != value.strip():
            raise self.refuse(field, "首尾不能有空格")
        if any(is_control(character) for character in value):
            raise self.refuse(field, "不能有控制字符")
        return str(value)

    def filter(self, field: str) -> Condition | None:
        """Return a filter of choices, in which bare names are columns; else as `condition`."""
        return self._expression(field, parse_filter)

    def starting_value(self, field: str) -> Condition | None:
        """Return an expression, or a plain text as one; else as `condition`."""
        return self._expression(field, _text_or_expression)

    def condition(self, field: str) -> Condition | None:
        """
        Return an expression, or None where the field is left out or null; yes and no are read, too.

        A definition gives its text, a body also what it was read as; both must say the same.
        """
        return self._expression(field, _answer_or_expression)

    def _expression(self, field: str, read: Callable[[str], Tree]) -> Condition | None:
        given = self.data.get(field)
        if given is None:
            return None
        text = given.get("text") if isinstance(given, Mapping) else given
        if not isinstance(text, str):
            raise self.refuse(field, "应为算式")
        try:
            tree = read(text)
        except BadExpression as error:
            raise self.refuse(field, f"第{error.position}个字符：{error.reason}") from None
        if isinstance(given, Mapping) and given.get("tree") != to_json(tree):
            raise self.refuse(field, "算式与其解析结果不一致")
        return Condition(text, tree)

    def number(self, field: str, *, most: int) -> int:
        """Return an integer from 1 to `most`."""
        value = self._value(field, int, "应为整数")
        if isinstance(value, bool) or not 1 <= value <= most:
            raise self.refuse(field, f"应为1至{most}的整数")
        return int(value)

    def flag(self, field: str) -> bool:
        """Return true or false."""
        return bool(self._value(field, bool, "应为 true 或 false"))

    def choice(self, field: str, kind: type[Choice]) -> Choice:
        """Return a member of a closed list."""
        value = self.text(field)
        try:
            return kind(value)
        except ValueError:
            known = "、".join(member.value for member in kind)
            raise self.refuse(field, f"“{value}”不在可选值（{known}）之内") from None

    def day(self, field: str) -> date:
        """Return a day, written as a TOML date or as YYYY-MM-DD."""
        value = self._value(field, object, "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.refuse(field, "应为 YYYY-MM-DD 的日期")

    def optional_day(self, field: str) -> date | None:
        """Return a day, or None where the field is left out or null."""
        return None if self.data.get(field) is None else self.day(field)

    def texts(self, field: str, *, pattern: str) -> tuple[str, ...]:
        """Return a list of different texts, each matching the whole of `pattern`; may be empty."""
        values = self._value(field, list, "应为列表")
        for value in values:
            if not isinstance(value, str) or not re.fullmatch(pattern, value):
                raise self.refuse(field, f"“{value}”不符合规定的格式")
        if len(set(values)) < len(values):
            raise self.refuse(field, "有重复的值")
        return tuple(values)

    def optional_texts(self, field: str, *, pattern: str) -> tuple[str, ...]:
        """Return a list of different texts, none where it is left out."""
        return self.texts(field, pattern=pattern) if field in self else ()

    def table(self, field: str) -> "Table":
        """Return the table under this field, with the same name for errors."""
        return Table(self._value(field, Mapping, "应为表"), self.file, self.item)

    def tables(self, field: str) -> "tuple[Table, ...]":
        """Return one table or more, with the same name for errors."""
        rows = self._value(field, list, "应为列表")
        if not rows:
            raise self.refuse(field, "至少要有一项")
        if not all(isinstance(row, Mapping) for row in rows):
            raise self.refuse(field, "每一项都应为表")
        return tuple(Table(row, self.file, self.item) for row in rows)

    def optional_tables(self, field: str) -> "tuple[Table, ...]":
        """Return the tables under this field, none where it is left out or empty."""
        return self.tables(field) if self.data.get(field) else ()

    def list(self, field: str) -> "list[Any]":
        """Return a list of anything."""
        return list(self._value(field, list, "应为列表"))

    def _value(self, field: str, kind: Any, reason: str) -> Any:
        if field not in self.data:
            raise self.refuse(field, "缺少该字段")
        value = self.data[field]
        if not isinstance(value, kind):
            raise self.refuse(field, reason)
        return value


def _answer_or_expression(text: str) -> Tree:
    return YES_AND_NO.get(text) or parse(text)


def _text_or_expression(text: str) -> Tree:
    return parse(text) if DYNAMIC.search(text) else ("text", text)
