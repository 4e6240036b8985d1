"""The answer to an item that is no check: text, choices, a place, a signature, or rows of them."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from sync.values.texts import NO_NUL, Degrees, Metres, ShortText, Stroke, Text, is_blank

MOST = 200
"""Choices of one answer, and rows of one table."""
PLACE = frozenset({"latitude", "longitude", "accuracy_m", "datum"})
SIGNED = frozenset({"name", "strokes"})


class GivenObject(Struct, forbid_unknown_fields=True):
    """A place or a signature: all fields of the one, and none of the other."""

    latitude: Degrees | UnsetType = UNSET
    longitude: Degrees | UnsetType = UNSET
    accuracy_m: Metres | UnsetType = UNSET
    datum: ShortText | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=100, pattern=NO_NUL)] | UnsetType = UNSET
    strokes: Annotated[list[Stroke], Meta(min_length=1, max_length=500)] | UnsetType = UNSET


# Beyond the Basic Multilingual Plane RFC 8785 sorts otherwise than by code point.
_Column = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x20\U00010000-\U0010ffff]+\Z")
]
_Texts = Annotated[list[Text], Meta(max_length=MOST)]
_InnerRow = dict[_Column, Text | _Texts | GivenObject]
_InnerRows = Annotated[list[Text | _InnerRow], Meta(max_length=MOST)]
_Row = dict[_Column, Text | _InnerRows | GivenObject]
_Rows = Annotated[list[Text | _Row], Meta(max_length=MOST)]
Given = Text | _Rows | GivenObject
"""A list holds texts or rows, never both; rows stand in rows once."""


def fault_of(given: Any) -> str:
    """Return why a value of the right types cannot stand, in Chinese, "" where it can."""
    if isinstance(given, str) and is_blank(given):
        return "所填内容为空"
    if given == []:
        return "所填内容为空"
    return next(_faults(given), "")


def _faults(given: Any) -> Iterator[str]:
    if isinstance(given, GivenObject):
        filled = frozenset(
            name for name in given.__struct_fields__ if getattr(given, name) is not UNSET
        )
        if filled not in (PLACE, SIGNED):
            yield "应为一处位置或者一个签名，各项齐全"
        elif filled == PLACE and not (given.latitude and given.longitude):
            yield "经度和纬度须同时填写"
    elif isinstance(given, list):
        if len({type(one) for one in given}) > 1:
            yield "选项和表格行不能混填"
        for one in given:
            yield from _faults(one)
    elif isinstance(given, dict):
        for cell in given.values():
            yield from _faults(cell)
