"""What a phone gave as the value of an item that is no check, in words, without its checklist."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

LENGTH = 16
"""Digits of a hash that people compare."""


def digest(value: Any) -> str:
    """Return the first digits of a value's SHA-256, by which two people can compare it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def where(latitude: str, longitude: str, datum: str, accuracy_m: str) -> str:
    """Return a position: 34.6, 119.2（WGS-84，误差 8 米）."""
    point = f"{latitude or '—'}, {longitude or '—'}" if latitude or longitude else "未取得定位"
    near = "，".join(filter(None, (datum, f"误差 {accuracy_m} 米" if accuracy_m else "")))
    return f"{point}（{near}）" if near else point


def strokes_of(strokes: Sequence[Any]) -> str:
    """Return how a drawn signature can be told from another one."""
    return f"{len(strokes)} 笔，摘要 {digest(strokes)}" if strokes else "无"


def given_in_words(given: Any) -> str:
    """
    Return a value as it was given: a text, choices by their names, a place, a signature, rows.

    Args:
        given: As in `answer.set` (docs/sync.md).
    """
    if isinstance(given, Mapping):
        return _place_or_signature(given)
    if not isinstance(given, list):
        return str(given)
    if all(isinstance(one, str) for one in given):
        return "、".join(given)
    return "；".join(f"第{number}行 {_row(row)}" for number, row in enumerate(given, start=1))


def _place_or_signature(given: Mapping[str, Any]) -> str:
    if "strokes" in given:
        return f"{given['name'] or '签名'}（{strokes_of(given['strokes'])}）"
    return where(given["latitude"], given["longitude"], given["datum"], given["accuracy_m"])


def _row(row: Mapping[str, Any]) -> str:
    return "，".join(f"{code}：{_cell(cell)}" for code, cell in row.items())


def _cell(cell: Any) -> str:
    said = given_in_words(cell)
    is_table = isinstance(cell, list) and any(isinstance(one, Mapping) for one in cell)
    return f"〔{said}〕" if is_table else said
