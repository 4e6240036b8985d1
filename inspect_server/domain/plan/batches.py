"""Batches: the months of a year for which every enterprise has its odds once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

MONTHS = 12
BATCHES = (1, 2, 3, 4, 6, 12)
"""Into how many batches of whole months a year can be cut."""
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Batch:
    """
    One batch of a year: a whole number of months, drawn once.

    Two plans of one year may cut it differently, so whether two batches are the same time is asked
    by their months, never by their number.
    """

    year: int
    number: int  # from 1
    of: int  # how many batches the year has

    @property
    def first_day(self) -> date:
        """The first local day of its first month."""
        return date(self.year, (self.number - 1) * MONTHS // self.of + 1, 1)

    @property
    def last_day(self) -> date:
        """The last local day of its last month."""
        if self.number == self.of:
            return date(self.year, MONTHS, 31)
        return Batch(self.year, self.number + 1, self.of).first_day - timedelta(days=1)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.year} 年第 {self.number} 批（{self.first_day} 至 {self.last_day}）"

    def overlaps(self, other: "Batch") -> bool:
        """Return whether the two share a day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day

    def to_json(self) -> dict[str, Any]:
        """Return the object that stands in the rules of a commit."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Batch":
        """
        Read the batch as `to_json` writes it.

        Raises:
            ValueError: A field is missing, too much, no integer, or no batch of a year.
        """
        if not isinstance(data, Mapping) or set(data) != {"year", "number", "of"}:
            raise ValueError("not the fields of a batch")
        if any(type(part) is not int for part in data.values()):
            raise ValueError("not integers")
        batch = Batch(**data)
        if batch.of not in BATCHES or not 1 <= batch.number <= batch.of or batch.year not in YEARS:
            raise ValueError("no such batch of a year")
        return batch
