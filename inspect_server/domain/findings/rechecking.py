"""What a recheck (整改复查) says of each problem of an earlier check: its results, one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.merged import Record

RECTIFIED, PARTLY, NOT_RECTIFIED, NOT_CHECKED = (
    "rectified",
    "partly",
    "not_rectified",
    "not_checked",
)
RECHECK_NAMES: Mapping[str, str] = {
    RECTIFIED: "已整改",
    PARTLY: "部分整改",
    NOT_RECTIFIED: "未整改",
    NOT_CHECKED: "未复查",
}
"""What phones say of a problem, by the result in `recheck.set`."""


@dataclass(frozen=True)
class EarlierProblem:
    """A problem that an earlier check found, as the recheck is told of it."""

    inspection_id: str
    inspection: str  # number of the check that found it
    found_on: str  # ISO date
    number: int  # in the order of that check, from 1
    level: str  # general | major
    text: str
    place: str
    basis: str
    order_no: str  # "" while no order in force demands it
    ordered_on: str  # ISO date of that order, "" without
    deadline: str  # ISO date that counts now, "" where it was to be rectified at once

    @property
    def item(self) -> str:
        """The item under which phones say how it stands."""
        return recheck_item(self.inspection_id, self.number)


@dataclass(frozen=True)
class Rechecked:
    """How one problem of an earlier check stands, as settled after the merge."""

    problem: EarlierProblem
    result: str  # a key of RECHECK_NAMES
    note: str
    photos: tuple[str, ...]  # SHA-256 of each, among those of the record
    answered_by: tuple[str, ...]  # officer ids, two when they corroborate each other

    @staticmethod
    def from_json(row: Mapping[str, Any]) -> "Rechecked":
        """Rebuild it from the plain lists and dicts of a closed record."""
        return Rechecked(
            **{
                **row,
                "problem": EarlierProblem(**row["problem"]),
                "photos": tuple(row["photos"]),
                "answered_by": tuple(row["answered_by"]),
            }
        )

    @property
    def is_left(self) -> bool:
        """Whether the problem stays open: it was not found rectified as a whole."""
        return self.result != RECTIFIED

    def is_overdue(self, on: str) -> bool:
        """Whether its day was over `on` a day (ISO date), and it was not rectified (逾期未整改)."""
        is_over = not self.problem.deadline or self.problem.deadline < on
        return is_over and self.result in (PARTLY, NOT_RECTIFIED)


def recheck_item(inspection_id: str, number: int) -> str:
    """Return the item of one problem: the check that found it, and its number in the order."""
    return f"recheck/{inspection_id}/{number}"


def rechecked(
    record: Record, earlier: Sequence[EarlierProblem], officers: Mapping[str, str]
) -> tuple[Rechecked, ...]:
    """
    Return how the earlier problems stand, those of which nothing is agreed left out.

    Args:
        earlier: Whose results the recheck has to say.
        officers: The officer behind each account, where there is one.
    """
    return tuple(
        Rechecked(
            problem=problem,
            result=register.value["result"],
            note=register.value["note"],
            photos=_photos(record, problem.item),
            answered_by=tuple(sorted({officers.get(one, "") for one in register.users} - {""})),
        )
        for problem in earlier
        if (register := record.merged.items.get(problem.item)) and register.value is not None
    )


def _photos(record: Record, item: str) -> tuple[str, ...]:
    """Return the photos taken of a problem, by their hashes, in the order of taking."""
    cited = [
        (photo.heads[0].hlc, photo.id, photo.value["sha256"])
        for photo in record.merged.of_kind("photo/")
        if photo.value is not None and photo.value["answer_item"] == item
    ]
    return tuple(sha256 for _, _, sha256 in sorted(cited))
