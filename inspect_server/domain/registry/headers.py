"""Finding the header and what each column means, whatever the office called it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspect_server.domain.errors import InspectError
from inspect_server.domain.registry.titles import Known, joined_title, plain_title
from inspect_server.domain.registry.values import Reader

HEADER_WITHIN_ROWS = 20
"""Titles, units and dates stand above the header; a header further down is not looked for."""

_ENOUGH_TO_BE_MEANT = 2
_LONGEST_SUBTITLE = 20


class DuplicateHeader(InspectError):
    """Two columns carry the same title, so nobody can say which one counts."""

    code, kind = "registry.duplicate_header", "invalid"
    message = (
        "{sheet}第 {row} 行表头中 {first} 列“{title}”与 {second} 列“{other}”是同一项，"
        "无法判断以哪一列为准，请删除或改名其中一列后重新导入。"
    )


class MissingHeader(InspectError):
    """A header row is there, but a column that every row needs is not."""

    code, kind = "registry.missing_header", "invalid"
    message = "{sheet}第 {row} 行表头缺少必需的列“{title}”，请补上该列后重新导入。"


@dataclass(frozen=True)
class Column:
    """One field as a column: its titles by preference, how to read it, whether it must be there."""

    field: str
    titles: tuple[str, ...]
    read: Reader
    required: bool = False
    repeats: bool = False  # few distinct cells: what they mean is remembered


@dataclass(frozen=True)
class Problem:
    """Why one cell of one row cannot be imported."""

    title: str
    reason: str


@dataclass(frozen=True)
class Header:
    """A recognised header of one row, or of two with groups of columns above."""

    row: int  # 1-based, as a spreadsheet counts; the lower of two
    titles: tuple[str, ...]  # as written, two rows joined, for the report
    columns: tuple[tuple[int, str, Column], ...]  # index, title as written, column
    unknown: tuple[str, ...]  # titles that mean no field
    passed_over: tuple[str, ...] = ()  # titles of a field that a better title gives
    first_row: int = 0

    @property
    def ignored(self) -> tuple[str, ...]:
        """Return all titles that are not used."""
        return (*self.unknown, *self.passed_over)

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that this file speaks of."""
        return frozenset(column.field for _, _, column in self.columns)

    @property
    def place(self) -> str:
        """Return where it stands, as people say it."""
        two = self.first_row not in (0, self.row)
        return f"第 {self.first_row}、{self.row} 行" if two else f"第 {self.row} 行"

    def title(self, field: str) -> str:
        """Return what the office calls this field; our own name if the file has no such column."""
        found = (title for _, title, column in self.columns if column.field == field)
        return next(found, field)


def title_table(table: str) -> dict[str, tuple[str, ...]]:
    """Read lines of a field and its titles by preference; a field may go on in a further line."""
    titles: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        field, *words = line.split()
        titles[field] = (*titles.get(field, ()), *words)
    return titles


Row = tuple[int, Sequence[str]]


def find_header(rows: Sequence[Row], columns: Sequence[Column], sheet: str) -> Header | None:
    """
    Return the header among a sheet's first rows, or None when no row looks like one.

    Args:
        rows: Row numbers and cells of at most `HEADER_WITHIN_ROWS` rows.
        sheet: The sheet's name as messages show it; "" for a file without sheets.

    Raises:
        DuplicateHeader: One title stands twice.
        MissingHeader: A required column is absent.
    """
    words = _Words(columns)
    best = max(words.candidates(rows), key=lambda found: found.score, default=None)
    if best is None or best.score[0] < _ENOUGH_TO_BE_MEANT:
        return None
    return words.header(best, sheet)


@dataclass(frozen=True)
class _Candidate:
    first_row: int
    row: int
    titles: tuple[str, ...]
    score: tuple[int, int]  # titles that are known; one header of two rows beats half of it


class _Words:
    """The titles of one registry."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._known: Known[tuple[int, Column]] = Known(
            {title: (rank, c) for c in columns for rank, title in enumerate(c.titles)}
        )
        self._synonyms: Mapping[str, Sequence[str]] = {
            plain_title(title): tuple(map(plain_title, c.titles))
            for c in columns
            for title in c.titles
        }

    def candidates(self, rows: Sequence[Row]) -> Iterator[_Candidate]:
        """Yield every row, and every two rows where the lower divides groups of the upper."""
        for index, (number, cells) in enumerate(rows):
            yield _Candidate(number, number, tuple(cells), (self._count(cells), 0))
            if index + 1 < len(rows):
                below, subtitles = rows[index + 1]
                titles = self._joined(cells, subtitles)
                if titles:
                    yield _Candidate(number, below, titles, (self._count(titles), 1))

    def _count(self, cells: Sequence[str]) -> int:
        return sum(bool(cell.strip()) and cell in self._known for cell in cells)

    def _joined(self, above: Sequence[str], below: Sequence[str]) -> tuple[str, ...] | None:
        """Return the titles of two rows as one, or None where they are no header together."""
        width = max(len(above), len(below))
        upper = [cell.strip() for cell in (*above, *[""] * (width - len(above)))]
        lower = [cell.strip() for cell in (*below, *[""] * (width - len(below)))]
        if not all(map(_is_subtitle, lower)):
            return None
        titles, group, divided, kept = [], "", False, False
        for top, sub in zip(upper, lower, strict=True):
            group = top or group
            if not sub or top == sub:
                titles.append(top)
                kept = kept or top in self._known
                continue
            if top and self._is_required(top):
                return None  # what stands below a name or a code is a row
            title = joined_title(group, sub, self._known, self._synonyms)
            titles.append(title)
            divided = divided or bool(group and not top)
            kept = kept or (title != sub and title in self._known)
        # Only a lower row that divides a group, below an upper one that names columns, is a header.
        return tuple(titles) if divided and kept else None

    def _is_required(self, title: str) -> bool:
        found = self._known.find(title)
        return found is not None and found[1][1].required

    def header(self, found: _Candidate, sheet: str) -> Header:
        """Say which column gives which field."""
        best: dict[str, tuple[tuple[int, int], int]] = {}
        meant: set[int] = set()
        for index, cell in enumerate(found.titles):
            if not (match := self._known.find(cell)):
                continue
            meant.add(index)
            steps, (rank, column) = match
            # A remark tells telephones apart; of a name or code nobody has two on purpose.
            order = rank, 0 if column.required else steps
            held = best.get(column.field)
            if held and held[0] == order:
                raise _duplicate(found, held[1], index, sheet)
            if held is None or order < held[0]:
                best[column.field] = order, index
        for column in self._columns:
            if column.required and column.field not in best:
                raise MissingHeader(sheet=sheet, row=found.row, title=column.titles[0])
        used = {index: self._column(field) for field, (_, index) in best.items()}
        spare = [(i, c.strip()) for i, c in enumerate(found.titles) if i not in used and c.strip()]
        return Header(
            row=found.row,
            titles=found.titles,
            columns=tuple((i, found.titles[i].strip(), used[i]) for i in sorted(used)),
            unknown=tuple(title for index, title in spare if index not in meant),
            passed_over=tuple(title for index, title in spare if index in meant),
            first_row=found.first_row,
        )

    def _column(self, field: str) -> Column:
        return next(column for column in self._columns if column.field == field)


def _duplicate(found: _Candidate, first: int, second: int, sheet: str) -> DuplicateHeader:
    return DuplicateHeader(
        sheet=sheet,
        row=found.row,
        first=column_letter(first),
        title=found.titles[first].strip(),
        second=column_letter(second),
        other=found.titles[second].strip(),
    )


def column_letter(index: int) -> str:
    """Return a column as a spreadsheet calls it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _is_subtitle(cell: str) -> bool:
    """Return whether a cell of the lower row may be a title: short words, no figures or codes."""
    word = plain_title(cell)
    return not cell or (bool(word) and len(word) <= _LONGEST_SUBTITLE and not word[0].isdigit())
