"""Cases of which the ordinary run tries some, and the long one every one."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def one_in(share: int, cases: Iterable[Any]) -> list[Any]:
    """Return all cases for a parametrisation; all but the first of so many are long."""
    return [
        pytest.param(case, marks=pytest.mark.long) if number % share else case
        for number, case in enumerate(cases)
    ]


def rows_in(share: int, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Return the same of cases that give a test several arguments."""
    return [
        pytest.param(*row, marks=pytest.mark.long if number % share else ())
        for number, row in enumerate(rows)
    ]
