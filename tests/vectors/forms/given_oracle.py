"""What an answer is in conditions, and what is no answer to an item of its kind: docs/forms.md."""

import re
from datetime import date, time
from fractions import Fraction
from typing import Any

Json = Any
KNOWN = {"start", "end", "today", "deviceid", "username", "phonenumber", "email"}
NOBODY = KNOWN | {"calculate", "hidden", "note"}
ATTACHED = {"image", "audio", "video", "file"}


def flat(members: Json, around: tuple[Json, ...] = ()) -> Any:
    """Yield each item of a level with all conditions under which it is asked."""
    for member in members:
        own = [member["relevant"]["tree"]] if "relevant" in member else []
        if "items" in member:
            yield from flat(member["items"], (*around, *own))
        else:
            yield member, [*around, *own]


def is_made(item: Json) -> bool:
    """Whether nobody answers the item."""
    return item["kind"] in NOBODY or "calculation" in item


def refused(item: Json, answer: Json) -> str:
    """Return why nothing like this can be answered to an item, "" if it can."""
    if answer is None:
        return ""
    if is_made(item):
        return "不由人填写"
    is_typed = item["kind"] in ATTACHED and answer["result"] == "given"
    return "应以照片、录音等附件作答，不能填写" if is_typed else ""


def cell_of(item: Json, given: Json) -> tuple[Json, list[tuple[int, str]]]:
    """Return an answer as conditions see it, and what is wrong with it: row and reason."""
    if item["kind"] == "repeat":
        return _rows_of(item, given)
    if given in ("", None, []) or re.search(r"\A[ \t\r\n\xa0\u3000]+\Z", str(given)):
        return "", []
    value = _VALUES.get(item["kind"], _text)(given)
    if value is None:
        return "", [(0, _REASONS.get(item["kind"], "应为文字"))]
    return ("", [(0, value[1:])]) if str(value)[:1] == "\0" else (value, [])


def off_step(item: Json, value: Json) -> str:
    """Return why a value is no whole number of steps from the least, reckoned in fractions."""
    if not Fraction(item.get("step") or 0):
        return ""
    least, step = Fraction(item.get("least") or 0), abs(Fraction(item["step"]))
    said = [re.sub(r"(\.\d*?)0+$", r"\1", item.get(end) or "0") for end in ("least", "step")]
    low, wide = (one.rstrip(".") for one in said)
    reason = f"应为从{low}起每隔{wide}{item.get('unit', '')}的数"
    if not isinstance(value, float):
        return reason
    exact = Fraction(value)
    nearest = least + round((exact - least) / step) * step
    largest = max(abs(exact), abs(least), step)
    return reason if abs(exact - nearest) > largest / 10**9 else ""


def _rows_of(table: Json, given: Json) -> tuple[Json, list[tuple[int, str]]]:
    if not isinstance(given, list) or any(not isinstance(row, dict) for row in given):
        return [], [(0, "应为若干行")]
    columns = {item["code"]: item for item, _ in flat(table["columns"])}
    rows, wrong = [], []
    for number, cells in enumerate(given, start=1):
        row = {}
        for code, cell in cells.items():
            if code not in columns:
                wrong.append((number, f"没有“{code}”这一列"))
                continue
            row[code], faults = cell_of(columns[code], cell)
            wrong += [(number, f"“{columns[code]['question']}”{reason}") for _, reason in faults]
        rows.append(row)
    return rows, wrong


def _text(given: Json) -> Json:
    return given if isinstance(given, str) else None


def _decimal(given: Json) -> Json:
    is_one = isinstance(given, str) and re.search(r"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z", given)
    return float(given) if is_one and len(given) <= 30 else None


def _integer(given: Json) -> Json:
    return None if "." in str(given) else _decimal(given)


def _names(given: Json) -> Json:
    if not isinstance(given, list) or any(not isinstance(one, str) for one in given):
        return None
    if "" in given:
        return None
    return "\0有重复的选项" if any(given.count(one) > 1 for one in given) else " ".join(given)


def _files(given: Json) -> Json:
    if type(given) is not list or {type(one) for one in given} != {str} or "" in given:
        return None
    return "\0有重复的附件" if sorted({*given}) != sorted(given) else str(len(given))


def _day(given: Json) -> Json:
    if not isinstance(given, str) or not re.search(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", given):
        return None
    try:
        return str(date(*map(int, given.split("-"))))
    except ValueError:
        return None


def _time(given: Json) -> Json:
    if not isinstance(given, str) or not re.search(r"\A[0-9]{2}:[0-9]{2}\Z", given):
        return None
    try:
        return f"{time(*map(int, given.split(':'))):%H:%M}"
    except ValueError:
        return None


def _moment(given: Json) -> Json:
    parts = re.search(r"\A([^T]+)T(..:..)(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](..:..))\Z", str(given))
    if not parts or _day(parts[1]) is None or _time(parts[2]) is None:
        return None
    return given if parts[6] is None or _time(parts[6]) else None


def _place(given: Json) -> Json:
    if not isinstance(given, dict):
        return None
    parts = [given.get("latitude"), given.get("longitude")]
    if any(
        not isinstance(part, str) or not re.search(r"\A-?[0-9]{1,3}(\.[0-9]{1,8})?\Z", part)
        for part in parts
    ):
        return None
    if not (-90 <= float(parts[0]) <= 90 and -180 <= float(parts[1]) <= 180):
        return "\0经纬度超出范围"
    return " ".join(parts)


def _signature(given: Json) -> Json:
    return (
        (given.get("name") or "signed")
        if isinstance(given, dict) and given.get("strokes")
        else None
    )


_VALUES = {
    "integer": _integer, "decimal": _decimal, "range": _decimal, "select_multiple": _names,
    "date": _day, "time": _time, "dateTime": _moment, "geopoint": _place,
    **dict.fromkeys(ATTACHED, _files), "signature": _signature,
    "acknowledge": lambda given: given if given == "OK" else None,
}  # fmt: skip
_REASONS = {
    "integer": "应为整数", "decimal": "应为数值", "range": "应为数值",
    "select_one": "应为一个选项", "select_multiple": "应为若干选项",
    "date": "应为 YYYY-MM-DD 的日期", "time": "应为 HH:MM 的时间",
    "dateTime": "应为带时区的日期时间", "geopoint": "应为经纬度", "signature": "应为手写签名",
    "acknowledge": "应为“OK”", **dict.fromkeys(ATTACHED, "应为所拍附件的编号"),
}  # fmt: skip
