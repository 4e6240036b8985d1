"""Where the refusals of pyxform and ours have to agree."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pyxform.errors import PyXFormError

from tests.unit.xlsform_samples import judged, problems, survey, tables, write

Faulty = Mapping[str, tuple[str, str, int, str]]
"""By what is wrong: the workbook, and where we say the fault is: sheet, row, column."""


def one(header: str, cell: str, kind: str = "text") -> str:
    """Return a survey whose one question, in row 2, has this cell in a further column."""
    return survey(f"type | name | label | {header}", f"{kind} | a | 甲 | {cell}")


def cases(faulty: Faulty, alike: tuple[str, ...]) -> list[Any]:
    """
    Return every case for a parametrisation; of those that are alike all but one are long.

    Args:
        faulty: The cases.
        alike: How the names of cases begin that try one rule in several places.
    """
    listed: list[Any] = []
    seen: set[str] = set()
    for name in faulty:
        kind = next((one for one in alike if name.startswith(one)), name)
        listed.append(pytest.param(name, marks=pytest.mark.long) if kind in seen else name)
        seen.add(kind)
    return listed


def refused_alike(path: Path, text: str, sheet: str, row: int, column: str) -> None:
    """Hold that both refuse a workbook, and in one sheet and row."""
    write(path, tables(text))
    refusal = judged(path)
    found = problems(path)

    assert isinstance(refusal, PyXFormError), "pyxform accepts it: it belongs to another table"
    assert (sheet, row, column) in found
    assert not _named_row(str(refusal)) or _named_row(str(refusal)) in {row for _, row, _ in found}
    assert _named_sheet(str(refusal), sheet) == sheet


def _named_row(message: str) -> int:
    """Return the row that pyxform names, 0 where none; of the headers it counts one less."""
    found = re.search(r"\[row : (\d+)\]", message)
    row = int(found[1]) if found else 0
    return 2 if row == 1 and "'settings' sheet" in message else row


def _named_sheet(message: str, ours: str) -> str:
    found = re.search(r"(?:On the|for sheet:) '(\w+)'", message)
    return found[1] if found else ours
