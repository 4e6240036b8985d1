"""
Declaring facts: a field with its Chinese name, the form of its value, whether it is personal.

    signed_on: str = day("签名日期", optional=True)
    fine_fen: int = fen("罚款数额")

`facts.from_json` holds values to these forms and names all that are wrong at once.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True)
class Form:
    """
    What a value must look like.

    Attributes:
        must: What a wrong one is told, such as 应为日期（如 2026-03-02）.
        fits: Whether a value of the right type has it.
        optional: Whether "" is allowed.
        nearly: What is told instead of a value that is written rightly and yet is none, or "".
    """

    must: str
    fits: Callable[[Any], bool]
    optional: bool = False
    nearly: Callable[[Any], str] = lambda value: ""  # noqa: ARG005

    def wrong(self, value: Any) -> str:
        """Return what a value of the right type is told, "" where it fits."""
        return "" if self.fits(value) else self.nearly(value) or self.must


def fact(doc: str, *, personal: bool = False, form: Form | None = None) -> Any:
    """Declare a field: its Chinese name, with a unit where it has one; whether it is personal."""
    return dataclasses.field(metadata={"doc": doc, "personal": personal, "form": form})


def text(doc: str, *, personal: bool = False, optional: bool = False) -> Any:
    """Declare a text; an optional one may be "", and is then left blank or unsaid."""
    return fact(doc, personal=personal, form=_one(optional, "不能为空", lambda v: bool(v.strip())))


def day(doc: str, *, personal: bool = False, optional: bool = False) -> Any:
    """Declare a date, as ISO 8601 writes it."""
    form = _one(optional, "应为日期（如 2026-03-02）", _is_day)
    form = replace(form, nearly=lambda v: "写的日期在日历上没有" if DAY.fullmatch(v) else "")
    return fact(doc + "（日期）", personal=personal, form=form)


def moment(doc: str, *, optional: bool = False) -> Any:
    """Declare a moment, as RFC 3339 writes it, with the offset of the place."""
    form = _one(optional, "应为带时差的时间（如 2026-03-02T09:05:00+08:00）", _is_moment)
    form = replace(form, nearly=_no_such_moment)
    return fact(doc + "（RFC 3339，当地时差）", form=form)


def choice(doc: str, among: Mapping[str, str], *, optional: bool = False) -> Any:
    """Declare one of several codes; `among` gives each its Chinese name."""
    said = "、".join(f"{code}（{name}）" for code, name in among.items())
    form = _one(optional, f"应为 {said} 之一", among.__contains__)
    return fact(f"{doc}：{said}", form=form)


def sha256(doc: str, *, optional: bool = False) -> Any:
    """Declare a SHA-256 in 64 lower-case hex digits."""
    form = _one(optional, "应为 64 位十六进制 SHA-256", _is_digest)
    return fact(f"{doc} SHA-256", form=form)


def hex64(doc: str, *, optional: bool = False) -> Any:
    """Declare a digest or a key in 64 lower-case hex digits, of whatever function it is."""
    form = _one(optional, "应为 64 位十六进制", _is_digest)
    return fact(f"{doc}（64 位十六进制）", form=form)


def decimal(doc: str, *, optional: bool = False) -> Any:
    """Declare a decimal number written as text, such as a phone's latitude."""
    return fact(doc, form=_one(optional, "应为十进制数（如 31.23）", _is_decimal))


def count(doc: str, *, personal: bool = False, least: int = 0, most: int = 0) -> Any:
    """Declare a whole number that is not negative, or of so many; the name says of what."""
    form = Form(f"不能小于 {least}", lambda value: value >= least) if least else _not_negative()
    if most:
        form = Form(f"应为 {least} 至 {most}", lambda value: least <= value <= most)
    return fact(doc, personal=personal, form=form)


def fen(doc: str) -> Any:
    """Declare an amount of money in fen (分), so that no amount is rounded."""
    return fact(doc + "（分）", form=_not_negative())


def part(doc: str, *, personal: bool = False) -> Any:
    """Declare a group of fields, or several in a row that may be none."""
    return fact(doc, personal=personal)


def several(doc: str, *, personal: bool = False, least: int = 1) -> Any:
    """Declare a list of so many at least."""
    return fact(doc, personal=personal, form=Form(f"至少 {least} 项", lambda v: len(v) >= least))


def added(doc: str, among: Mapping[str, str]) -> Any:
    """
    Declare a list of codes, each once, that came later than the facts beside it.

    It stands in them only where it says something, so that facts from before it stay what they
    are, to the byte; without it there are none.
    """
    said = "、".join(f"{code}（{name}）" for code, name in among.items())
    form = Form(
        f"应为 {said} 中的几个，各写一次",
        lambda value: len(set(value)) == len(value) and among.keys() >= set(value),
    )
    metadata = {"doc": f"{doc}：{said}", "personal": False, "form": form, "added": True}
    return dataclasses.field(default=(), metadata=metadata)


def _one(optional: bool, must: str, fits: Callable[[Any], bool]) -> Form:
    return Form(must, lambda value: (optional and value == "") or fits(value), optional)


def _not_negative() -> Form:
    return Form("不能为负数", lambda value: value >= 0)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value).astimezone(UTC)
        return MOMENT.fullmatch(value) is not None
    except (ValueError, OverflowError):  # the first and last hours of the calendar have no UTC
        return False


def _no_such_moment(value: str) -> str:
    if not MOMENT.fullmatch(value):
        return ""
    if not _is_day(value[:10]):
        return "写的日期在日历上没有"
    return "写的时分秒或者时差超出范围"


def _is_decimal(value: str) -> bool:
    return DECIMAL.fullmatch(value) is not None


def _is_digest(value: str) -> bool:
    return re.fullmatch("[0-9a-f]{64}", value) is not None
