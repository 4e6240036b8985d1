"""What the shipped rows said when they were used, so that a later change of one is told."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache

from inspect_server.domain.law import book


@cache
def rows_read() -> Mapping[str, str]:
    """Return the SHA-256 of value and unit of every shipped row, by `id@from`."""
    return {row.ref: _digest(row.unit, row.value) for row in book() if not row.is_local}


@cache
def digest() -> str:
    """Return one SHA-256 over all shipped rows."""
    return _digest("rows", dict(rows_read()))


def _digest(unit: str, value: object) -> str:
    text = json.dumps([unit, value], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
