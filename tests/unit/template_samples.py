"""Faulty workbooks of the office template, and what their author is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forms.errors import BadWorkbook
from forms.load import packaged_tables
from forms.workbook.office.reading import read
from forms.workbook.sheets import Row as SheetRow
from forms.workbook.sheets import Sheet, put_row, writing

WHOLE = {"名称": "通道检查表", "代号": "passage", "版本": "1", "启用日期": "2027-01-01"}
CHECK = {
    "编号": "S01",
    "章节": "现场",
    "检查项": "疏散通道是否畅通。",
    "检查方法": "逐个推门。",
    "依据": "《中华人民共和国安全生产法》第四十二条第二款",
    "处罚依据": "P105",
    "整改期限": "3",
    "问题表述": "疏散通道被占用。",
    "核实情况": "条文已核对",
}
LAW = {
    "代号": "city-rule",
    "名称": "某市安全条例",
    "施行日期": "2026-01-01",
    "是否核实": "否",
    "来源": "记忆",
}
CLAUSE = {
    "代号": "Q1",
    "法规": "work-safety-law",
    "条款": "第九十九条",
    "对单位": "处5万元以下罚款",
    "是否核实": "是",
    "来源": "网页",
}
Row = Mapping[str, str]
Grid = Sequence[tuple[str, ...]]


def check(**cells: str) -> Row:
    """Return a row that is sound but for these cells."""
    return {**CHECK, **cells}


def asked(code: str, kind: str, **cells: str) -> Row:
    """Return a row that nobody can fail."""
    return {"编号": code, "检查项": "填写情况", "类型": kind, **cells}


def law(**cells: str) -> Row:
    """Return a law that is sound but for these cells."""
    return {**LAW, **cells}


def clause(**cells: str) -> Row:
    """Return a penalty clause that is sound but for these cells."""
    return {**CLAUSE, **cells}


@dataclass(frozen=True)
class Workbook:
    """The rows of a faulty workbook; a sheet of the whole that is None is not there."""

    items: Sequence[Row] = (CHECK,)
    whole: Row | None = field(default_factory=lambda: WHOLE)
    choices: Sequence[Row] = ()
    laws: Sequence[Row] = ()
    penalties: Sequence[Row] = ()
    sections: Sequence[Row] = ()

    def grids(self) -> dict[str, Grid]:
        """Return every sheet as rows of texts."""
        items = self.items or (dict.fromkeys(CHECK, ""),)
        grids: dict[str, Grid] = {"检查项": grid(items)}
        if self.whole is not None:
            grids["检查表"] = [("项目", "内容"), *self.whole.items()]
        for name, rows in (
            ("选项", self.choices),
            ("法规", self.laws),
            ("处罚依据", self.penalties),
            ("章节", self.sections),
        ):
            if rows:
                grids[name] = grid(rows)
        return grids

    def told(self) -> list[str]:
        """Return every error as its author reads it, [] where there is none."""
        return told(self.grids())

    def write(self, path: Path) -> None:
        """Write it as a file."""
        with writing(path) as book:
            for name, lines in self.grids().items():
                sheet = book.add_worksheet(name)
                for number, line in enumerate(lines):
                    put_row(sheet, number, line)


def grid(rows: Sequence[Row]) -> Grid:
    """Return the headers of all rows, and under them what each row says."""
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    return [headers, *(tuple(row.get(header, "") for header in headers) for row in rows)]


def told(grids: Mapping[str, Grid]) -> list[str]:
    """Return every error of a workbook as its author reads it; no file is written for that."""
    try:
        read(sheets(grids), "", packaged_tables())
    except BadWorkbook as bad:
        return [str(problem) for problem in bad.problems]
    return []


def sheets(grids: Mapping[str, Grid]) -> dict[str, Sheet]:
    """Return the sheets of a workbook as they are read of a file."""
    return {name: _sheet(name, lines) for name, lines in grids.items()}


def _sheet(name: str, lines: Grid) -> Sheet:
    wide = max(map(len, lines))
    rows = (
        SheetRow(number, {position: text for position, text in enumerate(line) if text})
        for number, line in enumerate(lines[1:], start=2)
    )
    headers = (*lines[0], *[""] * (wide - len(lines[0])))
    return Sheet(name, headers, tuple(row for row in rows if row.cells))
