"""The sheets of a filled-in template into a checklist; every mistake is told at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from forms.errors import BadWorkbook, Problem
from forms.load import LawTables
from forms.model import Form, Penalty
from forms.workbook.assembling import (
    UNSAID,
    Imported,
    Part,
    Place,
    Said,
    assemble,
    placed_doubts,
)
from forms.workbook.office.cells import shown
from forms.workbook.office.citing import Citations
from forms.workbook.office.entries import Entries
from forms.workbook.office.grid import Grid, Line
from forms.workbook.office.items import Items
from forms.workbook.office.placing import BETWEEN_LEVELS
from forms.workbook.office.whole import Whole, device_clause, read_whole
from forms.workbook.office.wording import worded
from forms.workbook.sheets import Sheet, displaced
from forms.workbook.spoken import Spoken
from forms.workbook.words import (
    CHOICE_HEADERS,
    FORM_HEADERS,
    ITEM_HEADERS,
    LAW_HEADERS,
    PENALTY_HEADERS,
    SECTION_HEADERS,
    SHEETS,
    Vocabulary,
)

_HEADERS: Mapping[str, Vocabulary[str]] = {
    "form": FORM_HEADERS,
    "items": ITEM_HEADERS,
    "sections": SECTION_HEADERS,
    "choices": CHOICE_HEADERS,
    "laws": LAW_HEADERS,
    "penalties": PENALTY_HEADERS,
}
_OF_XLSFORM = frozenset({"survey", "choices", "settings"})
_OF_SURVEY = frozenset({"type", "name"})
_FEWEST_HEADERS = {"laws": 3, "penalties": 3}
"""Headers by which a sheet of another name is known, else 2: 代号 and 名称 stand in any list."""


def is_template(sheets: Mapping[str, Sheet]) -> bool:
    """
    Tell whether a workbook is the template and not an XLSForm.

    One whose sheet 检查项 was renamed or taken away is told by its others, but for those that have
    a survey by its headers. An only sheet may have any name in an XLSForm.
    """
    known = [SHEETS.value(name) for name in sheets]
    if "items" in known or len(known) < 2:
        return "items" in known
    is_survey = any({*map(str.lower, one.headers)} >= _OF_SURVEY for one in sheets.values())
    return any(known) and not is_survey and not _OF_XLSFORM & {name.lower() for name in sheets}


def read(
    sheets: Mapping[str, Sheet], file: str, tables: LawTables, said: Said = UNSAID
) -> Imported:
    """
    Return the checklist of a filled-in template.

    Args:
        sheets: All sheets of the workbook.
        file: Its name, for the refusal.
        tables: The laws and penalty clauses that it may cite beside its own.
        said: What goes before the sheet of the whole.

    Raises:
        BadWorkbook: Every authoring error, by sheet and row.
    """
    return _Workbook(sheets, file, tables, said).read()


class _Workbook:
    """One workbook while it is read; `problems` are what was found wrong so far."""

    def __init__(
        self, sheets: Mapping[str, Sheet], file: str, tables: LawTables, said: Said
    ) -> None:
        self._file = file
        self._said = said
        self._tables = tables
        self._problems: list[Problem] = []
        self._sheets: dict[str, Sheet] = {}
        self._foreign: list[str] = []
        self._unnamed = 0
        self._names: Mapping[str, str] = {}
        self._reminders: list[str] = []
        self._displaced: dict[str, Problem] = {}  # by sheet: its headers are not in the first row
        for name, sheet in sheets.items():
            self._sort(name, sheet)
        self._recognise(sheets)

    def read(self) -> Imported:
        for meaning in ("form", "items"):
            if meaning not in self._sheets:
                self._problems.append(Problem(SHEETS.word(meaning), 0, "", self._absent()))
        whole = self._whole()
        entries = Entries(self._file, self._tables, self._problems)
        laws = entries.laws(self._lines("laws", LAW_HEADERS, "code", "title"))
        citations = Citations(laws, self._tables.laws, whole.fields["effective_from"])
        clauses = self._lines("penalties", PENALTY_HEADERS, "code", "law")
        penalties = {**self._tables.penalties, **entries.penalties(clauses, citations)}
        clause = device_clause(whole, citations, self._problems)
        lists = self._lists()
        sections = self._items(citations, penalties)
        self._remind_of_unused(lists, sections)
        fields = {**whole.fields, "device_clause": clause}
        form = self._assembled(Part(fields, Place(SHEETS.word("form"), 0)), sections, lists)
        return Imported(form, tuple(self._notices()), placed_doubts(form, sections, lists))

    def _whole(self) -> Whole:
        lines = self._lines("form", FORM_HEADERS, "item", "content")
        if "form" not in self._sheets:
            return read_whole(lines, "", [], self._said)
        return read_whole(lines, self._sheets["form"].name, self._problems, self._said)

    def _sort(self, name: str, sheet: Sheet) -> None:
        meaning = SHEETS.value(name)
        if meaning is None:
            if sheet.rows or any(sheet.headers):
                self._foreign.append(name)
        elif meaning in self._sheets:
            first = self._sheets[meaning].name
            self._problems.append(Problem(name, 0, "", f"与工作表“{first}”重复，请只留一张"))
        else:
            self._sheets[meaning] = self._headed(sheet, _HEADERS.get(meaning))

    def _headed(self, sheet: Sheet, headers: Vocabulary[str] | None) -> Sheet:
        """Return a sheet as if its headers stood first, so that what cites it is not blamed."""
        number = sheet.header_row(lambda text: headers.value(text) is not None) if headers else 0
        if not number:
            return sheet
        self._displaced[sheet.name] = Problem(sheet.name, 1, "", displaced(number))
        return sheet.below(number)

    def _recognise(self, sheets: Mapping[str, Sheet]) -> None:
        """
        Read sheets that were renamed, each told once, so that nobody who cites them is blamed.

        Only where the sheet that they look like is not there: a copy that somebody keeps is none.
        """
        for name in tuple(self._foreign):
            meaning = _looks_like(sheets[name])
            if not meaning or meaning in self._sheets:
                continue
            self._foreign.remove(name)
            called = SHEETS.word(meaning)
            reason = (
                f"缺少这张工作表，如果已改名为“{shown(name)}”，请改回“{called}”，否则请删去该表"
            )
            self._problems.append(Problem(called, 0, "", reason))
            self._sheets[meaning] = self._headed(sheets[name], _HEADERS[meaning])

    def _absent(self) -> str:
        """Return what to do about a sheet that is not there: it may only be called otherwise."""
        if not self._foreign:
            return "缺少这张工作表，请从空白模板中复制"
        others = "、".join(f"“{shown(name)}”" for name in self._foreign)
        return f"缺少这张工作表，如果已改名为{others}，请改回，否则请从空白模板中复制"

    def _notices(self) -> Iterator[str]:
        yield from self._unread()
        yield from self._reminders

    def _unread(self) -> Iterator[str]:
        if self._foreign:
            yield f"未读取的工作表：{'、'.join(self._foreign)}"

    def _assembled(self, whole: Part, sections: Sequence[Part], lists: Sequence[Part]) -> Form:
        self._problems += self._displaced.values()
        if not sections:
            raise self._bad(self._problems)
        try:
            return assemble(self._file, whole, sections, lists, self._problems)
        except BadWorkbook as bad:
            told = Spoken(sections, lists, self._sheets.values()).worded(bad.problems)
            raise self._bad(told) from None

    def _bad(self, problems: Iterable[Problem]) -> BadWorkbook:
        """Return the refusal, by columns as they stand; a displaced sheet has one error only."""
        reasons = worded(problems, self._unnamed, self._names)
        told = {self._displaced.get(one.sheet, one) for one in reasons}
        columns = {
            (sheet.name, sheet.column(at)): at
            for sheet in self._sheets.values()
            for at in range(len(sheet.headers))
        }

        def order(one: Problem) -> tuple[str, int, int, str]:
            # Of a row as a whole first; of a column that is not there last.
            at = columns.get((one.sheet, one.column), len(columns)) if one.column else -1
            return one.sheet, one.row, at, one.reason

        return BadWorkbook(self._file, sorted(told, key=order), tuple(self._unread()))

    def _lists(self) -> list[Part]:
        sheet = self._sheets.get("choices")
        if sheet is None:
            return []
        grid = Grid(sheet, CHOICE_HEADERS)
        self._problems += [*grid.problems, *grid.missing("list", "label")]
        choices: dict[str, list[Part]] = {}
        above = ""
        for line in grid.lines():
            above = line.texts.get("list", above)
            if not above:
                self._problems.append(line.place.problem("list", "请填写选项表的名称"))
            elif "label" not in line.texts:
                self._problems.append(line.place.problem("label", "请填写选项"))
            else:
                self._add_choice(choices.setdefault(above, []), line)
        return [
            Part({"name": name}, parts[0].place, tuple(parts), "choices")
            for name, parts in choices.items()
        ]

    def _add_choice(self, choices: list[Part], line: Line) -> None:
        label = line.texts["label"]
        name = line.texts.get("name", label)
        first = next((one.place.row for one in choices if one.fields["name"] == name), None)
        if first is not None:
            field = "name" if "name" in line.texts else "label"
            reason = f"选项“{shown(name)}”与第{first}行重复，请删去一行"
            self._problems.append(line.place.problem(field, reason))
            return
        same = next((one.place.row for one in choices if one.fields["label"] == label), None)
        if same is not None:
            place = f"工作表“{line.place.sheet}”第{line.place.row}行"
            self._reminders.append(f"{place}：选项文字“{shown(label)}”与第{same}行相同，请核对")
        fields = {"name": name, "label": label, "columns": [list(pair) for pair in line.own]}
        choices.append(Part(fields, line.place))

    def _items(self, citations: Citations, penalties: Mapping[str, Penalty]) -> tuple[Part, ...]:
        sheet = self._sheets.get("items")
        if sheet is None:
            return ()
        grid = Grid(sheet, ITEM_HEADERS)
        columns = frozenset(field for field in ITEM_HEADERS.words if grid.has(field))
        reader = Items(self._file, citations, penalties, columns)
        lines = list(grid.lines())
        if not lines:
            reason = "没有条目，请从第2行起填写"
            self._problems.append(Problem(sheet.name, 0, "", reason))
        described = self._described()
        sections = reader.sections(lines, described)
        self._unnamed, self._names = reader.unnamed, reader.names
        self._reminders += reader.notices
        self._problems += [*grid.problems, *grid.unknown(), *reader.problems]
        self._problems += grid.missing("code", *sorted(reader.lacking - {"code"}))
        self._refuse_unused(described, sections)
        return sections

    def _remind_of_unused(self, lists: Sequence[Part], sections: Sequence[Part]) -> None:
        """Say which lists of choices no item has: its author may have meant another name."""
        every = (part for section in sections for part in section.all())
        used = {part.fields.get("choices") for part in every}
        for one in lists:
            if one.fields["name"] not in used:
                place, name = one.place, shown(one.fields["name"])
                self._reminders.append(
                    f"工作表“{place.sheet}”第{place.row}行：没有条目使用选项表“{name}”，"
                    "请核对条目的“选项表”列，不需要的请删去"
                )

    def _described(self) -> dict[tuple[str, ...], Part]:
        described: dict[tuple[str, ...], Part] = {}
        for line in self._lines("sections", SECTION_HEADERS, "title"):
            fields = dict(line.texts)
            path = tuple(part.strip() for part in fields.pop("title", "").split(BETWEEN_LEVELS))
            if path in described:
                reason = f"与第{described[path].place.row}行重复，请只留一行"
                self._problems.append(line.place.problem("title", reason))
            described.setdefault(path, Part(fields, line.place))
        return described

    def _refuse_unused(
        self, described: Mapping[tuple[str, ...], Part], sections: Sequence[Part]
    ) -> None:
        used = [part.place for section in sections for part in section.all()]
        for path, part in described.items():
            if part.place not in used:
                reason = f"“检查项”表中没有章节“{shown(BETWEEN_LEVELS.join(path))}”，请核对名称"
                self._problems.append(part.place.problem("title", reason))

    def _lines(self, meaning: str, headers: Vocabulary[str], *needed: str) -> list[Line]:
        """Return the rows of a sheet whose columns are all known; none where it lacks."""
        sheet = self._sheets.get(meaning)
        if sheet is None:
            return []
        grid = Grid(sheet, headers)
        self._problems += [*grid.problems, *grid.unknown(), *grid.missing(*needed)]
        return list(grid.lines())


def _looks_like(sheet: Sheet) -> str:
    """Return which sheet of the template one of another name is by its headers, "" for none."""
    known = {
        meaning: sum(headers.value(text) is not None for text in sheet.headers)
        for meaning, headers in _HEADERS.items()
    }
    best = max(known, key=lambda meaning: known[meaning])
    return best if known[best] >= _FEWEST_HEADERS.get(best, 2) else ""
