"""What a phone sends as the answer to an item that is no check, by the item's kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.expressions.values import LONGEST_NUMBER, Value
from forms.model import ATTACHMENTS, NOT_ASKED, NUMBERS, Item, Kind, placed

DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
INTEGER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,8})?", re.ASCII)
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
BLANKS = " \t\r\n\u00a0\u3000"
"""Signs of which a text says nothing, however many."""
BY_PHOTOS = "应以照片、录音等附件作答，不能填写"
BY_NOBODY = "不由人填写"


@dataclass(frozen=True)
class Wrong:
    """A value that cannot stand; `row` counts from 1, 0 outside of tables; `reason` is Chinese."""

    code: str
    reason: str
    row: int = 0


class WrongValue(Exception):
    """What was sent is no value of this kind; the text says what is, in Chinese."""


def takes_value(item: Item) -> bool:
    """Whether somebody gives the value of an item: it is neither worked out, known nor taken."""
    return item.kind not in NOT_ASKED | ATTACHMENTS and item.calculation is None


def says_nothing(given: Any) -> bool:
    """Return whether what was sent is no answer at all: nothing, or a text of blanks."""
    return given in (None, []) or (isinstance(given, str) and not given.strip(BLANKS))


def read(item: Item, given: Any) -> Value:
    """
    Return an answer as conditions compare it: a number, or text; "" is no answer, nor are blanks.

    Args:
        item: Neither a check item nor a table.
        given: As sent: decimals, days and names of choices as text, several choices as a list,
            attachments (in the row of a table) as a list of their ids, a place as
            {latitude, longitude, accuracy_m, datum}, a signature as {name, strokes}.
            `takes_value` says which items of a checklist have none to give.

    Raises:
        WrongValue: It is no value of this kind.
    """
    return "" if says_nothing(given) else READERS[item.kind](item, given)


def read_rows(table: Item, given: Any) -> tuple[list[dict[str, Any]], tuple[Wrong, ...]]:
    """
    Return the rows of a table as values by code, and what in them is no value of its kind.

    Args:
        given: A list of rows, each what was given by the codes of the columns.
    """
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        return [], (Wrong(table.code, "应为若干行"),)
    columns = {item.code: item for item, _ in placed(table.columns)}
    rows: list[dict[str, Any]] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(given, start=1):
        values: dict[str, Any] = {}
        for code, cell in row.items():
            if code not in columns:
                wrong.append(Wrong(table.code, f"没有“{code}”这一列", number))
                continue
            column = columns[code]
            values[code], faults = _cell(column, cell)
            wrong += [Wrong(table.code, f"“{column.question}”{fault}", number) for fault in faults]
        rows.append(values)
    return rows, tuple(wrong)


def _cell(column: Item, cell: Any) -> tuple[Any, list[str]]:
    if column.kind is Kind.TABLE:
        rows, wrong = read_rows(column, cell)
        return rows, [one.reason for one in wrong]
    try:
        return read(column, cell), []
    except WrongValue as error:
        return "", [str(error)]


def _text(_: Item, given: Any) -> Value:
    if not isinstance(given, str):
        raise WrongValue("应为文字")
    return given


def _number(item: Item, given: Any) -> Value:
    pattern = INTEGER if item.kind is Kind.INTEGER else DECIMAL
    if not isinstance(given, str) or len(given) > LONGEST_NUMBER or not pattern.fullmatch(given):
        raise WrongValue("应为整数" if item.kind is Kind.INTEGER else "应为数值")
    return float(given)


def _one(_: Item, given: Any) -> Value:
    if not isinstance(given, str):
        raise WrongValue("应为一个选项")
    return given


def _several(_: Item, given: Any) -> Value:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise WrongValue("应为若干选项")
    if not all(given):
        raise WrongValue("应为若干选项")
    if len(set(given)) < len(given):
        raise WrongValue("有重复的选项")
    return " ".join(given)


def _attached(_: Item, given: Any) -> Value:
    """Return how many there are, as of an item of its own."""
    if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
        raise WrongValue("应为所拍附件的编号")
    if len(set(given)) < len(given):
        raise WrongValue("有重复的附件")
    return str(len(given))


def _day(_: Item, given: Any) -> Value:
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
        try:
            return date.fromisoformat(given).isoformat()
        except ValueError:
            pass
    raise WrongValue("应为 YYYY-MM-DD 的日期")


def _time(_: Item, given: Any) -> Value:
    if not isinstance(given, str) or not TIME.fullmatch(given):
        raise WrongValue("应为 HH:MM 的时间")
    return given


def _moment(_: Item, given: Any) -> Value:
    # Not all that Python reads as ISO 8601: phones have no such reader.
    if isinstance(given, str) and MOMENT.fullmatch(given):
        try:
            date.fromisoformat(given[:10])
        except ValueError:
            pass
        else:
            return given
    raise WrongValue("应为带时区的日期时间")


def _place(_: Item, given: Any) -> Value:
    parts = [given.get(key) for key in ("latitude", "longitude")] if _is_map(given) else []
    if not parts or not all(isinstance(part, str) and DEGREES.fullmatch(part) for part in parts):
        raise WrongValue("应为经纬度")
    if abs(float(parts[0])) > 90 or abs(float(parts[1])) > 180:
        raise WrongValue("经纬度超出范围")
    return f"{parts[0]} {parts[1]}"


def _signature(_: Item, given: Any) -> Value:
    if not _is_map(given) or not isinstance(given.get("strokes"), list) or not given["strokes"]:
        raise WrongValue("应为手写签名")
    return str(given.get("name") or "signed")


def _acknowledged(_: Item, given: Any) -> Value:
    if given != "OK":
        raise WrongValue("应为“OK”")
    return "OK"


def _is_map(given: Any) -> bool:
    return isinstance(given, Mapping)


READERS: Mapping[Kind, Callable[[Item, Any], Value]] = {
    **dict.fromkeys(Kind, _text),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(ATTACHMENTS, _attached),
    Kind.SELECT_ONE: _one,
    Kind.SELECT_MULTIPLE: _several,
    Kind.DATE: _day,
    Kind.TIME: _time,
    Kind.MOMENT: _moment,
    Kind.LOCATION: _place,
    Kind.SIGNATURE: _signature,
    Kind.ACKNOWLEDGE: _acknowledged,
}
