"""
The XML parts of a workbook, passed over in flat memory: how much they hold, and which cells have a
value that readers of workbooks give as blank.

Attributes and characters come from expat, which gives the names as the file writes them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_CELL = re.compile(r"([A-Za-z]+)([0-9]+)")
_MOST_DIGITS = 7  # of a row: spreadsheets have 1,048,576 of them
_MOST_LETTERS = 3

ERROR = "单元格里是错误值，请改正公式，或者改填文字"
UNCOUNTED = "单元格里是没有算出结果的公式，请用 Excel 打开并保存一次，或者改填文字"


class BadPart(Exception):
    """A part says what no spreadsheet says: a place that is none, or a count that is none."""


@dataclass(frozen=True)
class Unseen:
    """A cell whose value is lost to readers."""

    row: int  # as the spreadsheet counts, from 1
    position: int  # of its column, from 0
    reason: str  # Chinese, without a full stop at its end


@dataclass
class Spreadsheet:
    """
    One sheet of an .xlsx.

    `cells` are those of the rectangle from A1 to the last one with content, `characters` those of
    all texts, a shared one counted wherever it is cited; `enough` is asked after each cell.
    """

    shared: Sequence[int]  # characters of the shared texts
    enough: Callable[[int, int], None]
    cells: int = 0
    characters: int = 0
    unseen: list[Unseen] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _rows: int = 0
    _columns: int = 0
    _type: str = ""
    _is_formula: bool = False
    _is_text: bool = False  # what comes now is a value
    _length: int = 0
    _value: str = ""  # its beginning: longer ones are no numbers of shared texts

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = _count(attributes.get("r"), self._row + 1), 0
        elif tag == "c":
            self._move(attributes.get("r", ""))
            self._type, self._is_formula = attributes.get("t", ""), False
            self._length, self._value = 0, ""
        elif tag in ("v", "is", "f"):
            self._is_formula = self._is_formula or tag == "f"
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, self._column)
            self.cells = self._rows * self._columns
        self._is_text = tag in ("v", "t")

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._is_text = False
        if name.rpartition(":")[2] != "c":
            return
        if self._type == "e":
            self.unseen.append(Unseen(self._row, self._column - 1, ERROR))
        elif self._is_formula and not self._length and self._type != "str":
            self.unseen.append(Unseen(self._row, self._column - 1, UNCOUNTED))
        self.characters += self._cited() if self._type == "s" else self._length
        self.enough(self.cells, self.characters)

    def text(self, data: str) -> None:
        """Take characters."""
        if self._is_text:
            self._length += len(data)
            self._value = (self._value + data)[: _MOST_DIGITS + 1]

    def _cited(self) -> int:
        number = self._value.strip()
        if not (number.isascii() and number.isdigit()) or int(number) >= len(self.shared):
            return 0
        return self.shared[int(number)]

    def _move(self, reference: str) -> None:
        if not reference:
            self._column += 1
            return
        place = _CELL.fullmatch(reference)
        if place is None or len(place[1]) > _MOST_LETTERS:
            raise BadPart
        self._row, self._column = _count(place[2], 0), 0
        for letter in place[1].upper():
            self._column = self._column * 26 + ord(letter) - 64


@dataclass
class SharedTexts:
    """The texts that cells of an .xlsx cite by their number: how long each is."""

    lengths: list[int] = field(default_factory=list)
    _is_text: bool = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = name.rpartition(":")[2]
        if tag == "si":
            self.lengths.append(0)
        self._is_text = tag == "t"

    def end(self, _name: str) -> None:
        """Take the end of an element."""
        self._is_text = False

    def text(self, data: str) -> None:
        """Take characters."""
        if self._is_text and self.lengths:
            self.lengths[-1] += len(data)


@dataclass
class Names:
    """The sheets of an .xlsx by the id of their relation, and where the parts of relations lie."""

    sheets: dict[str, str] = field(default_factory=dict)  # id -> name
    targets: dict[str, str] = field(default_factory=dict)  # id -> path

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = name.rpartition(":")[2]
        if tag == "sheet":
            ids = [text for key, text in attributes.items() if key.rpartition(":")[2] == "id"]
            self.sheets.update(dict.fromkeys(ids, attributes.get("name", "")))
        elif tag == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


@dataclass
class OpenDocument:
    """The content of an .ods: cells and rows may say how often they are repeated."""

    enough: Callable[[int, int], None]
    cells: int = 0
    characters: int = 0
    unseen: dict[str, list[Unseen]] = field(default_factory=dict)  # by the names of the sheets
    _before: int = 0  # cells of the sheets before this one
    _sheet: str = ""
    _row: int = 0
    _column: int = 0
    _rows: int = 0
    _columns: int = 0
    _row_times: int = 1
    _times: int = 1
    _is_text: bool = False  # what comes now is read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = name.rpartition(":")[2]
        if tag == "table":
            self._before, self._row, self._rows, self._columns = self.cells, 0, 0, 0
            self._sheet = attributes.get("table:name", "")
        elif tag == "table-row":
            self._row_times = _count(attributes.get("table:number-rows-repeated"), 1)
            self._row += self._row_times
            self._column = 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._times = _count(attributes.get("table:number-columns-repeated"), 1)
            self._column += self._times
            self._cell(attributes)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name.rpartition(":")[2] in ("table-cell", "covered-table-cell"):
            self._is_text = False
            self.enough(self.cells, self.characters)

    def text(self, data: str) -> None:
        """Take characters."""
        if self._is_text:
            self.characters += len(data) * self._times * self._row_times

    def _cell(self, attributes: dict[str, str]) -> None:
        is_filled = "office:value-type" in attributes
        if attributes.get("calcext:value-type") == "error":
            self._lose(ERROR)
        elif "table:formula" in attributes and not is_filled:
            self._lose(UNCOUNTED)
        self._is_text = is_filled
        if is_filled:
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, self._column)
            self.cells = self._before + self._rows * self._columns
            self.characters += (
                len(attributes.get("office:string-value", "")) * self._times * self._row_times
            )

    def _lose(self, reason: str) -> None:
        lost = Unseen(self._row - self._row_times + 1, self._column - self._times, reason)
        self.unseen.setdefault(self._sheet, []).append(lost)


def _count(text: str | None, otherwise: int) -> int:
    """Return a number of rows or columns."""
    if text is None:
        return otherwise
    if not re.fullmatch(f"[0-9]{{1,{_MOST_DIGITS}}}", text.strip()):
        raise BadPart
    return int(text)
