"""One page of a longer list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_SIZE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page, and how many there are in all."""

    rows: tuple[T, ...]
    total: int
    page: int  # from 1
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def bounds(page: int, size: int) -> tuple[int, int]:
    """Return limit and offset of a page; what is out of range is brought into it."""
    size = min(max(size, 1), MAX_SIZE)
    return size, (max(page, 1) - 1) * size
