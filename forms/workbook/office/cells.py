"""What people write into single cells: yes and no, days, numbers, words of a list."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from forms.definition.parse import CODE, DECIMAL, LAW_VALUE_ID, NAME, SECTOR
from forms.definition.tables import YES_AND_NO
from forms.errors import beginning
from forms.model import Condition
from forms.workbook.words import FLAGS, LAW_VALUES, SECTORS, Vocabulary

Value = TypeVar("Value", bound=Hashable)

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_LIST = re.compile(r"[、，,；;/\s]+")


MOST_LISTED = 10
"""Words that a refusal lists; of a longer list it tells where it stands."""


class Wrong(Exception):
    """A cell that cannot be read; its argument says in Chinese what to write instead."""


def shown(text: str) -> str:
    """Return what a refusal shows of a cell: one line, of a long text its beginning."""
    return beginning(" ".join(text.split()))


def one_of(vocabulary: Vocabulary[Value]) -> Callable[[str], Value]:
    """Return the reader of cells that hold one word of a vocabulary."""

    def read(text: str) -> Value:
        value = vocabulary.value(text)
        if value is None:
            raise Wrong(f"不认识“{shown(text)}”，{_instead(text, vocabulary.written)}")
        return value

    return read


def _instead(text: str, known: Sequence[str]) -> str:
    if close := get_close_matches(text, known, n=1, cutoff=0.5):
        return f"是否应为“{close[0]}”"
    if len(known) > MOST_LISTED:
        return "可以填写的词见“填写说明”"
    return f"请填写{'、'.join(known)}中的一项"


def matching(pattern: str, rule: str) -> Callable[[str], str]:
    """Return the reader of cells whose whole text matches a pattern; `rule` says it in words."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Wrong(f"“{shown(text)}”不合格式，{rule}")
        return text

    return read


flag = one_of(FLAGS)
"""Read 是 or 否 and what people write for them."""


def day(text: str) -> date:
    """
    Read a day as spreadsheets and people write it: 2026-01-01, 2026/1/1, 2026年1月1日.

    Raises:
        Wrong: There is no such day.
    """
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise Wrong(f"“{shown(text)}”不是日期，请写成如 2026-01-01 的形式")


def counted(*units: str) -> Callable[[str], int]:
    """Return the reader of whole numbers from 1 that may have one of these units behind them."""
    pattern = re.compile(rf"0*([1-9]\d{{0,8}})\s*(?:{'|'.join(units)})?")

    def read(text: str) -> int:
        found = pattern.fullmatch(unicodedata.normalize("NFKC", text))
        if found is None:
            raise Wrong(f"“{shown(text)}”不合格式，请填写不小于1的整数")
        return int(found[1])

    return read


_days = counted("个?自然日", "日", "天")


_decimal = matching(DECIMAL, "请写成 9 或 9.5 这样的数字")


def number(text: str) -> str:
    """
    Read a decimal; it stays a text, as its author wrote it but for the width of its digits.

    Raises:
        Wrong: It is none.
    """
    narrow = unicodedata.normalize("NFKC", text)
    return _decimal(narrow if re.fullmatch(DECIMAL, narrow) else text)


def period(text: str) -> int | str:
    """
    Read a time to rectify: natural days, or a dated law value by its name or id.

    Raises:
        Wrong: Neither.
    """
    value = LAW_VALUES.value(text)
    if value is not None or re.fullmatch(LAW_VALUE_ID, text):
        return value or text
    try:
        return _days(text)
    except Wrong:
        known = "”或“".join(LAW_VALUES.written)
        raise Wrong(f"不认识“{shown(text)}”，请填写1以上的整数（天数），或者“{known}”") from None


def period_text(rectify: int | str) -> str:
    """Return how a time to rectify is written, "" for none."""
    if isinstance(rectify, int):
        return str(rectify) if rectify else ""
    return LAW_VALUES.word(rectify) if rectify in LAW_VALUES.words else rectify


code = matching(CODE, "请以英文字母开头，只用英文字母、数字和 . - _")
"""
Read what answers name an item by.

A definition may have other letters; the rule names those only that phones can send and `publish`
takes.
"""

name = matching(CODE, "请以字母或汉字开头，只用字母、汉字、数字和 . - _ ·")
"""Read what conditions name an item by."""

form_name = matching(NAME, "请用小写字母、数字和 - _，不超过48个字符")
"""Read the name by which programs call a checklist."""


def codes(text: str) -> list[str]:
    """
    Read codes of items that stand in one cell.

    Raises:
        Wrong: One is none, or stands there twice.
    """
    read = [code(part) for part in _LIST.split(text) if part]
    if len(set(read)) < len(read):
        raise Wrong("有重复的编号，请删去一个")
    return read


def sectors(text: str) -> list[str]:
    """
    Read the sectors that a checklist is for; tags without a name stand as they are.

    Raises:
        Wrong: Neither a name nor a tag, or one twice.
    """
    read = []
    for part in filter(None, _LIST.split(text)):
        tag = SECTORS.value(part) or part
        if not re.fullmatch(SECTOR, tag):
            known = "、".join(SECTORS.written)
            raise Wrong(f"不认识行业“{shown(part)}”，请填写{known}，不限行业的留空")
        read.append(tag)
    if len(set(read)) < len(read):
        raise Wrong("有重复的行业，请删去一个")
    return read


def form_names(text: str) -> list[str]:
    """
    Read codes of checklists.

    Raises:
        Wrong: One is no code, or stands twice.
    """
    names = [form_name(part) for part in filter(None, _LIST.split(text))]
    if len(set(names)) < len(names):
        raise Wrong("有重复的代号，请删去一个")
    return names


def sectors_text(tags: tuple[str, ...]) -> str:
    """Return how sectors are written."""
    return "、".join(SECTORS.word(tag) if tag in SECTORS.words else tag for tag in tags)


def yes_or_condition(text: str) -> str:
    """Read 是, 否 or an expression as the text of an expression; what XLSForm has for it stays."""
    value = FLAGS.value(text)
    is_expression = value is None or text in YES_AND_NO or text in ("0", "1")
    return text if is_expression else f"{str(value).lower()}()"


def yes_or_condition_text(condition: Condition) -> str:
    """Return 是 or 否 for conditions that always or never hold, else the expression."""
    constant = {"true()": True, "false()": False}.get(condition.text)
    return condition.text if constant is None else FLAGS.word(constant)
