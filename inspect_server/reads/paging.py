"""One page of a longer list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_

T = TypeVar("T")
Key = Sequence[tuple[Any, bool, Any]]
"""The columns of an order, whether each descends, and their values in one row."""

MAX_SIZE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page, and how many there are in all."""

    rows: tuple[T, ...]
    total: int
    page: int  # from 1
    size: int
    next: str = ""  # what `after` takes to go on behind the last row; "" behind the last page

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def bounds(page: int, size: int) -> tuple[int, int]:
    """Return limit and offset of a page; what is out of range is brought into it."""
    size = min(max(size, 1), MAX_SIZE)
    return size, (max(page, 1) - 1) * size


def behind(key: Key) -> ColumnElement[bool]:
    """
    Return the condition for rows that stand behind one row in an order.

    Pages told apart by it neither repeat nor leave out a row when others are added meanwhile.
    """
    same: list[ColumnElement[bool]] = []
    beyond: list[ColumnElement[bool]] = []
    for column, descends, value in key:
        beyond.append(and_(*same, column < value if descends else column > value))
        same.append(column == value)
    return or_(*beyond)


def going_on(keys: Sequence[str], size: int) -> str:
    """Return what leads behind a page, from the keys of its rows: "" where it is not full."""
    return keys[-1] if len(keys) == size else ""
