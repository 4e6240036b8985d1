"""What every kind of registry file is read as."""

from collections.abc import Iterator
from dataclasses import dataclass

Row = tuple[int, list[str]]
"""The row's number as a spreadsheet shows it, from 1, and its cells as text."""


@dataclass(frozen=True)
class Sheet:
    """One sheet; a .csv is one sheet without a name."""

    name: str
    rows: Iterator[Row]
