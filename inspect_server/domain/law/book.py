"""How dated values are read, checked and looked up."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from inspect_server.domain.errors import InspectError

LawValue: TypeAlias = "int | str | list[LawValue] | dict[str, LawValue]"

ID = re.compile(r"[a-z]+\.[a-z0-9_]+\Z")
UNITS = frozenset(
    (
        *("working_days", "natural_days", "months", "years", "hours", "half_days"),
        *(
            "checks",
            "batches",
            "officers",
            "enterprises",
            "copies",
            "ppm",
            "permille",
            "fen",
            "people",
        ),
        *("text", "codes", "dates", "draws"),
    )
)
AREAS_SET_LOCALLY = frozenset({"rate", "plan", "capacity"})
"""Areas that a bureau decides itself; the others are law and cannot be overridden."""

_VALUE_KEYS = {"title", "unit", "rolls_over", "rows"}
_ROW_KEYS = {"from", "value", "source", "verified", "note"}


class NoLawValue(InspectError):
    """No row of this id is in force on this day."""

    code, kind = "law.no_value", "broken"
    message = "规则库中没有 {id} 在 {on} 适用的取值，请在 domain/law 中补充带生效日期的条目。"


class WrongLawType(InspectError):
    """The value is of another type than the caller needs."""

    code, kind = "law.wrong_type", "broken"
    message = "规则库中 {id} 的取值类型不是{wanted}，请核对该条目。"


class BadLawFile(InspectError):
    """A rule file cannot be used; the message names file, value and key."""

    code, kind = "law.bad_file", "invalid"
    message = "规则文件 {file} 有误：{reason}，请改正后重试。"


@dataclass(frozen=True)
class Entry:
    """One dated row of one value. The unit also stands in the id of every duration."""

    id: str
    title: str
    unit: str
    value: LawValue
    since: date  # the row's `from`
    source: str
    verified: bool
    note: str
    rolls_over: bool  # a last day on a rest day moves to the next working day
    is_local: bool = False  # set by the bureau itself, not shipped

    @property
    def ref(self) -> str:
        """Return `id@from`, or `id@from+local` for a row of the bureau's own."""
        return f"{self.id}@{self.since.isoformat()}" + ("+local" if self.is_local else "")


class Book:
    """All dated values, each id with its rows in the order of their dates."""

    def __init__(self, rows: Mapping[str, tuple[Entry, ...]]) -> None:
        self._rows = dict(rows)

    def __iter__(self) -> Iterator[Entry]:
        """Yield every row of every id, by id and date."""
        for id in sorted(self._rows):
            yield from self._rows[id]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all values."""
        return frozenset(self._rows)

    def entry(self, id: str, on: date) -> Entry:
        """
        Return the row in force on a day.

        Raises:
            NoLawValue: The id is unknown, or its first row begins later.
        """
        for row in reversed(self._rows.get(id, ())):
            if row.since <= on:
                return row
        raise NoLawValue(id=id, on=on.isoformat())

    def integer(self, id: str, on: date) -> int:
        """Return a whole number."""
        found = self.entry(id, on).value
        if isinstance(found, int):
            return found
        raise WrongLawType(id=id, wanted="整数")

    def text(self, id: str, on: date) -> str:
        """Return a wording or a code."""
        found = self.entry(id, on).value
        if isinstance(found, str):
            return found
        raise WrongLawType(id=id, wanted="文字")

    def items(self, id: str, on: date) -> tuple[str, ...]:
        """Return a list of texts in its declared order."""
        found = self.entry(id, on).value
        if isinstance(found, list):
            return tuple(str(part) for part in found)
        raise WrongLawType(id=id, wanted="列表")

    def table(self, id: str, on: date) -> dict[str, LawValue]:
        """Return a nested table."""
        found = self.entry(id, on).value
        if isinstance(found, dict):
            return dict(found)
        raise WrongLawType(id=id, wanted="表")

    def integers(self, id: str, on: date) -> dict[str, int]:
        """Return a table of whole numbers."""
        numbers = {key: part for key, part in self.table(id, on).items() if isinstance(part, int)}
        if len(numbers) != len(self.table(id, on)):
            raise WrongLawType(id=id, wanted="整数表")
        return numbers

    def joined(self, other: "Book") -> "Book":
        """
        Return the values of both.

        Raises:
            BadLawFile: Both hold the same id.
        """
        if both := self.ids & other.ids:
            raise BadLawFile(file="domain/law", reason=f"{min(both)} 重复出现")
        return Book({**self._rows, **other._rows})

    def with_local(self, local: "Book", file: str) -> "Book":
        """
        Return these values with a bureau's own rows laid over them.

        Raises:
            BadLawFile: An id is unknown, or belongs to the law and not to the bureau.
        """
        for row in local:
            if row.id not in self._rows:
                raise BadLawFile(file=file, reason=f"未知取值 {row.id}")
            if row.id.partition(".")[0] not in AREAS_SET_LOCALLY:
                raise BadLawFile(file=file, reason=f"{row.id} 由法律规定，不能由本机关改动")
            if row.unit != self._rows[row.id][0].unit:
                raise BadLawFile(
                    file=file, reason=f"{row.id} 的单位应为 {self._rows[row.id][0].unit}"
                )
        merged = dict(self._rows)
        for id in local.ids:
            own = {row.since: replace(row, is_local=True) for row in local._rows[id]}
            shipped = {row.since: row for row in merged[id]}
            merged[id] = tuple(row for _, row in sorted((shipped | own).items()))
        return Book(merged)


def read(content: str, file: str) -> Book:
    """
    Read the values of one TOML text; `file` is only named in errors.

    Raises:
        BadLawFile: Not TOML, or a value or row lacks a part that everyone relies on.
    """
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise BadLawFile(file=file, reason=f"不是有效的 TOML（{error}）") from None
    rows: dict[str, tuple[Entry, ...]] = {}
    for area, values in data.items():
        if not isinstance(values, dict):
            raise BadLawFile(file=file, reason=f"{area} 不是一组取值")
        for name, spec in values.items():
            id = f"{area}.{name}"
            rows[id] = _value(id, spec, file)
    return Book(rows)


def _value(id: str, spec: Any, file: str) -> tuple[Entry, ...]:
    if not ID.match(id):
        raise BadLawFile(file=file, reason=f"{id} 不是“领域.名称”形式")
    if not isinstance(spec, dict) or not isinstance(spec.get("rows"), list) or not spec["rows"]:
        raise BadLawFile(file=file, reason=f"{id} 没有 rows")
    if unknown := set(spec) - _VALUE_KEYS:
        raise BadLawFile(file=file, reason=f"{id} 有未知项 {min(unknown)}")
    if not spec.get("title") or spec.get("unit") not in UNITS:
        raise BadLawFile(file=file, reason=f"{id} 缺少 title，或 unit 不在单位表中")
    entries = [_row(id, spec, row, file) for row in spec["rows"]]
    dates = [row.since for row in entries]
    if dates != sorted(set(dates)):
        raise BadLawFile(file=file, reason=f"{id} 的生效日期没有递增")
    return tuple(entries)


def _row(id: str, spec: Mapping[str, Any], row: Any, file: str) -> Entry:
    if not isinstance(row, dict):
        raise BadLawFile(file=file, reason=f"{id} 有一行不是表")
    for key in ("from", "value", "source", "verified"):
        if key not in row:
            raise BadLawFile(file=file, reason=f"{id} 有一行缺少 {key}")
    if unknown := set(row) - _ROW_KEYS:
        raise BadLawFile(file=file, reason=f"{id} 有一行含未知项 {min(unknown)}")
    since, verified, source = row["from"], row["verified"], row["source"]
    if not isinstance(since, date) or isinstance(since, datetime):
        raise BadLawFile(file=file, reason=f"{id} 的 from 不是日期")
    if not isinstance(verified, bool) or not isinstance(source, str) or not source.strip():
        raise BadLawFile(file=file, reason=f"{id} 的 source 为空或 verified 不是 true/false")
    if not verified and not row.get("note"):
        raise BadLawFile(file=file, reason=f"{id} 未核实却没有 note 说明")
    return Entry(
        id=id,
        title=str(spec["title"]),
        unit=str(spec["unit"]),
        value=_plain(id, row["value"], file),
        since=since,
        source=source,
        verified=verified,
        note=str(row.get("note", "")),
        rolls_over=bool(spec.get("rolls_over", False)),
    )


def _plain(id: str, value: Any, file: str) -> LawValue:
    match value:
        case bool() | float():
            raise BadLawFile(file=file, reason=f"{id} 的取值只能是整数、文字、列表或表")
        case int() | str():
            return value
        case list():
            return [_plain(id, part, file) for part in value]
        case dict():
            return {key: _plain(id, part, file) for key, part in value.items()}
        case _:
            raise BadLawFile(file=file, reason=f"{id} 的取值只能是整数、文字、列表或表")
