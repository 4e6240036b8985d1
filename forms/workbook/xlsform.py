"""XLSForm workbooks in and out: survey, choices, settings, and the bureau's own columns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from forms.errors import BadWorkbook, FormError, Problem
from forms.load import LawTables, packaged_tables
from forms.model import Form
from forms.workbook.assembling import UNSAID, Imported, Said, assemble, placed_doubts
from forms.workbook.office.cells import shown
from forms.workbook.office.wording import worded
from forms.workbook.proving import put_in_place
from forms.workbook.sheets import Sheet, blind_spots, displaced, read_sheets
from forms.workbook.spoken import Spoken
from forms.workbook.words import SHEETS
from forms.workbook.xlsforms.grid import Grid
from forms.workbook.xlsforms.headers import CHOICES, ENTITIES, SETTINGS, SURVEY, Grammar
from forms.workbook.xlsforms.reading import entities, references
from forms.workbook.xlsforms.reading.choices import Choices, columns_with_references
from forms.workbook.xlsforms.reading.languages import Language
from forms.workbook.xlsforms.reading.laws import Cited
from forms.workbook.xlsforms.reading.questions import Questions
from forms.workbook.xlsforms.reading.settings import Settings, Whole
from forms.workbook.xlsforms.reading.survey import Survey
from forms.workbook.xlsforms.writing.layout import draw
from forms.workbook.xlsforms.writing.rows import sheets_of

__all__ = ["BeyondXlsform", "read_xlsform", "write_xlsform"]

_MARKS: Mapping[str, tuple[frozenset[str], ...]] = {
    "survey": (frozenset({"type", "name"}),),
    "choices": (frozenset({"list_name", "name"}), frozenset({"list name", "name"})),
    "settings": (frozenset({"form_id"}), frozenset({"form_title"}), frozenset({"id_string"})),
}
"""Headers by which a sheet is known that was renamed."""

_OWN = ("laws", "penalties")
"""The bureau's own sheets beside those of XLSForm."""

_UNUSED = ("external_choices", "entities", "osm")
"""Sheets that XLSForm knows and that mean nothing here."""

_NEITHER = (
    "不是检查表模板，也不是 XLSForm 工作簿，"
    "请用 inspect-server forms template 取得模板，将内容填入后重试"
)
_NEAR = 10
"""Rows in which headers may stand below a title."""


class BeyondXlsform(FormError):
    """The checklist says something that an XLSForm workbook has no place for."""

    code, kind = "forms.beyond_xlsform", "invalid"
    message = "检查表 {ref} 不能写成 XLSForm 工作簿：{reason}，请修改检查表或直接使用定义文件。"


def read_xlsform(
    path: Path,
    *,
    effective_from: date,
    said: Said = UNSAID,
    tables: LawTables | None = None,
) -> Imported:
    """
    Return the checklist that an XLSForm workbook says.

    Args:
        path: An .xlsx, .xls or .ods file.
        effective_from: Its first day, where neither its settings nor `said` name one.
        said: What goes before its settings, which may leave it out.
        tables: Laws and penalty clauses that it may cite beside its own; those that come with the
            program where left out.

    Raises:
        BadWorkbook: Every authoring error, by sheet and row.
        UnreadableWorkbook: The file is no workbook.
    """
    sheets = read_sheets(path)
    whole = Whole(path.stem, effective_from, said)
    imported = _Workbook(path.name, sheets, whole, tables or packaged_tables()).read()
    return replace(imported, notices=(*imported.notices, *blind_spots(path)))


def write_xlsform(form: Form, path: Path, tables: LawTables | None = None) -> None:
    """
    Write a checklist as an XLSForm workbook; the file appears whole or not at all.

    It is read back before it stands: what would not come back as it was is refused, never lost.

    Args:
        form: Any checklist.
        path: Where the .xlsx file is to stand.
        tables: As for reading.

    Raises:
        BeyondXlsform: The workbook cannot say something that the checklist says.
        UnwritableWorkbook: A text fits into no cell.
        OSError: The disk refuses the file.
    """
    tables = tables or packaged_tables()
    sheets = sheets_of(form, tables)
    known = tables.with_cited(form)
    begins = form.effective_from
    put_in_place(
        form,
        path,
        lambda book: draw(book, sheets),
        lambda part: read_xlsform(part, effective_from=begins, tables=known),
        BeyondXlsform,
    )


class _Workbook:
    def __init__(
        self, file: str, sheets: Mapping[str, Sheet], whole: Whole, tables: LawTables
    ) -> None:
        self._file = file
        self._sheets = sheets
        self._whole = whole
        self._by_name = {name.lower(): sheet for name, sheet in sheets.items()}
        self._renamed = tuple(self._recognised())
        self._names: dict[str, str] = {}  # what conditions may cite
        self._displaced: dict[str, Problem] = {}  # by sheet: its headers are not in the first row
        self._settings = Settings(self._grid("settings", SETTINGS))
        self._survey = self._survey_grid()
        self._choices_grid = self._grid("choices", CHOICES)
        grids = [grid for grid in (self._survey, self._choices_grid) if grid is not None]
        self._language = Language(grids, self._settings.language)
        self._choices = Choices(self._choices_grid, self._language)
        begins = whole.said.effective_from or self._settings.begins(whole.effective_from)
        self._cited = Cited(file, sheets, tables, begins)

    def read(self) -> Imported:
        questions = Questions(self._survey, self._language, self._choices, self._cited)
        survey = Survey(self._survey, questions, self._choices, self._settings.root)
        sections = survey.sections(list(self._survey.records()))
        self._names = {name: name for name in survey.names}
        whole = self._settings.part(
            self._whole, survey.settings, self._cited.citations, self._language.name
        )
        readers = (self._survey, self._settings, self._choices, self._cited, questions, survey)
        problems = [problem for reader in readers for problem in reader.problems]
        problems += [*self._renamed, *self._bad_entities(survey)]
        bad_references = set(self._bad_references(survey))
        problems += bad_references
        problems += self._displaced.values()
        lists = self._choices.parts()
        if not sections:
            problems += self._empty(problems)
            raise self._bad(problems, unnamed=survey.unnamed)
        try:
            form = assemble(self._file, whole, sections, lists, problems)
        except BadWorkbook as bad:
            told = references.without_echoes(bad.problems, bad_references)
            told = Spoken(sections, lists, [self._survey.sheet]).worded(told)
            raise self._bad(told, unnamed=survey.unnamed) from None
        notices = tuple(self._notices(questions, survey))
        stated = self._settings.stated(survey.settings).union(self._whole.said.fields)
        return Imported(form, notices, placed_doubts(form, sections, lists), stated)

    def _bad(self, problems: Iterable[Problem], *, unnamed: int = 0) -> BadWorkbook:
        """Return the refusal; of a sheet whose headers are displaced it says nothing else."""
        reasons = worded(problems, unnamed, self._names)
        told = {self._displaced.get(one.sheet, one) for one in reasons}
        return BadWorkbook(self._file, sorted(told), self._not_read())

    def _recognised(self) -> Iterator[Problem]:
        """Read sheets that were renamed, and yield of each what to do."""
        if len(self._sheets) == 1:  # an only sheet may have any name
            return
        for meaning, marks in _MARKS.items():
            if meaning in self._by_name:
                continue
            for sheet in tuple(self._unread()):
                headers = frozenset(map(str.lower, sheet.headers))
                if any(mark <= headers for mark in marks):
                    self._by_name[meaning] = self._by_name.pop(sheet.name.lower())
                    reason = f"缺少这张工作表，如果已改名为“{shown(sheet.name)}”，请改回 {meaning}"
                    yield Problem(meaning, 0, "", f"{reason}，否则请删去该表")
                    break

    def _unread(self) -> Iterator[Sheet]:
        """Yield the sheets whose names mean nothing."""
        for name, sheet in self._by_name.items():
            is_known = name in _MARKS or name in _UNUSED or SHEETS.value(sheet.name) in _OWN
            if not is_known and any(sheet.headers):
                yield sheet

    def _not_read(self) -> tuple[str, ...]:
        unread = () if len(self._sheets) == 1 else tuple(one.name for one in self._unread())
        return (f"未读取的工作表：{'、'.join(unread)}",) if unread else ()

    def _grid(self, name: str, grammar: Grammar) -> Grid | None:
        sheet = self._by_name.get(name)
        if sheet is None or not sheet.headers:
            return None
        return Grid(sheet if name == "settings" else self._headed(sheet, grammar), grammar)

    def _headed(self, sheet: Sheet, grammar: Grammar) -> Sheet:
        """Return a sheet as if its headers stood first, so that what cites it is not blamed."""
        number = sheet.header_row(grammar.knows)
        if not number:
            return sheet
        self._displaced[sheet.name] = Problem(sheet.name, 1, "", displaced(number))
        return sheet.below(number)

    def _survey_grid(self) -> Grid:
        sheet = self._by_name.get("survey")
        if sheet is None and len(self._sheets) == 1:
            (sheet,) = self._sheets.values()
        if not self._is_begun(sheet):
            first = next(iter(self._sheets), "")
            raise BadWorkbook(self._file, [Problem(first, 0, "", _NEITHER)], self._not_read())
        if sheet is None or not any(sheet.headers):
            reason = "缺少这张工作表，题目应写在名为 survey 的工作表中"
            raise BadWorkbook(self._file, [Problem("survey", 0, "", reason)], self._not_read())
        grid = Grid(self._headed(sheet, SURVEY), SURVEY)
        if not grid.header("type"):
            lacking = Problem(grid.name, 1, "", "缺少 type 列，请补上")
            raise self._bad([*grid.problems, lacking])
        return grid

    def _is_begun(self, survey: Sheet | None) -> bool:
        """Tell whether anything is there as in XLSForms: what an office made itself has nothing."""
        if any(name in _MARKS for name in self._by_name):
            return True
        sheets = self._sheets.values() if survey is None else (survey,)
        rows = (
            texts
            for sheet in sheets
            for texts in (sheet.headers, *(row.cells.values() for row in sheet.rows[:_NEAR]))
        )
        return any(text.isascii() and SURVEY.knows(text) for texts in rows for text in texts)

    def _empty(self, problems: list[Problem]) -> list[Problem]:
        return [] if problems else [Problem(self._survey.name, 0, "", "没有题目，请从第2行起填写")]

    def _bad_references(self, survey: Survey) -> Iterator[Problem]:
        records = list(self._survey.records())
        yield from references.refuse_bad(self._survey, records, survey.names)
        if (grid := self._choices_grid) is not None:
            columns = columns_with_references(grid)
            yield from references.refuse_bad(grid, list(grid.records()), survey.names, columns)
        if (settings := self._grid("settings", SETTINGS)) is not None:
            every = [column.tokens for column in settings.columns]
            rows = list(settings.records())
            yield from references.refuse_bad(settings, rows, survey.names, every)

    def _bad_entities(self, survey: Survey) -> Iterator[Problem]:
        declared = self._grid("entities", ENTITIES)
        return entities.refuse_bad(self._survey, declared, survey.names)

    def _notices(self, questions: Questions, survey: Survey) -> Iterator[str]:
        named = [
            *(f"survey.{header}" for header in questions.kept),
            *(f"choices.{header}" for header in self._choices.kept),
            *(f"settings.{header}" for header in self._settings.kept),
        ]
        if named:
            yield f"保留但不使用的列：{'、'.join(named)}"
        default, chosen = self._settings.language, self._language.name
        if default and chosen and default != chosen:
            yield f"没有默认语言“{default}”的列，已采用“{chosen}”"
        if self._language.borrowed:
            yield f"部分标题只有其他语言的，已采用：{'、'.join(self._language.borrowed)}"
        unused = [
            sheet.name for name, sheet in self._by_name.items() if name in _UNUSED and sheet.rows
        ]
        if unused:
            yield f"未导入的工作表：{'、'.join(unused)}"
        yield from self._not_read()
        readers = (self._survey, survey, self._choices_grid, self._choices, self._settings)
        for reader in readers:
            yield from reader.notices if reader is not None else ()
