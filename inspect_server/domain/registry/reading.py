"""Reading rows column by column: what the cells of a batch say, and which of them say nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.registry.headers import Header, Problem
from inspect_server.domain.registry.values import Memo, Reader


@dataclass(frozen=True)
class Reading:
    """What a batch of rows says, in their order."""

    values: list[dict[str, Any]]  # by field; None where a cell could not be read
    problems: Mapping[int, list[Problem]]  # by the row's place in the batch; sound rows have none


BatchReader = Callable[[Sequence[Sequence[str]]], Reading]


def batch_reader(header: Header) -> BatchReader:
    """
    Return a function from the cells of some rows to their values and problems.

    A short row is read as if blanks followed. Every column is read, so that the report names all
    that is wrong with a row at once. A column goes through its reader in one sweep: cell by cell
    and row by row costs twice as much.
    """
    steps = [
        (index, title, Memo(column.read).__getitem__ if column.repeats else column.read)
        for index, title, column in header.columns
    ]
    fields = [column.field for _, _, column in header.columns]
    width = 1 + max(index for index, *_ in steps)

    def read(rows: Sequence[Sequence[str]]) -> Reading:
        rows = [row if len(row) >= width else _filled(row, width) for row in rows]
        problems: dict[int, list[Problem]] = defaultdict(list)
        columns = [
            _column([row[index] for row in rows], title, read_cell, problems)
            for index, title, read_cell in steps
        ]
        values = [dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=True)]
        return Reading(values, dict(problems))

    return read


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _column(
    cells: list[str], title: str, read: Reader, problems: dict[int, list[Problem]]
) -> list[Any]:
    try:
        return list(map(read, cells))
    except ValueError:
        return [_cell(place, cell, title, read, problems) for place, cell in enumerate(cells)]


def _cell(
    place: int, cell: str, title: str, read: Reader, problems: dict[int, list[Problem]]
) -> Any:
    try:
        return read(cell)
    except ValueError as error:
        problems[place].append(Problem(title, str(error)))
        return None
