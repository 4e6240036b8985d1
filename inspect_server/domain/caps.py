"""How often an enterprise may be checked in a year: the one rule, for the plan and for dispatch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from inspect_server.domain.law import Book, LawValue

CAPS, HIGH_RISK = "cap.annual_checks", "cap.high_risk_sectors"


@dataclass(frozen=True)
class Caps:
    """The caps of one day: checks a year, by 标准化 grade."""

    high_risk: Mapping[str, int]
    other: Mapping[str, int]
    high_risk_sectors: tuple[str, ...]

    @staticmethod
    def read(book: Book, on: date) -> "Caps":
        """
        Take the caps in force on a day.

        Raises:
            NoLawValue: There is none for that day.

        Law: cap.annual_checks, cap.high_risk_sectors
        """
        caps = book.table(CAPS, on)
        return Caps(_row(caps, "high_risk"), _row(caps, "other"), book.items(HIGH_RISK, on))

    def of(self, sectors: Collection[str], standardisation: str) -> int:
        """
        Return how often an enterprise of these sectors and this grade may be checked in a year.

        Law: cap.annual_checks, cap.high_risk_sectors
        """
        is_high = not set(self.high_risk_sectors).isdisjoint(sectors)
        return (self.high_risk if is_high else self.other)[standardisation]


def _row(caps: Mapping[str, LawValue], name: str) -> dict[str, int]:
    row = caps.get(name)
    if not isinstance(row, dict):
        return {}  # what is missing from the caps is told by whoever checks them
    return {grade: number for grade, number in row.items() if isinstance(number, int)}
