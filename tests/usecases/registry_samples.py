"""Registry files for tests: valid codes, both formats, and workbooks that do harm."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import python_calamine
import xlsxwriter
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from inspect_server.reads import registry as reads
from inspect_server.store import registry

TITLES = ["企业名称", "统一社会信用代码", "地址", "行业领域", "风险等级", "联系人", "联系电话"]
OFFICER_TITLES = ["姓名", "执法证号", "有效期起", "有效期止", "科室", "专长", "休假", "回避"]


def code(number: int) -> str:
    """Return a valid 统一社会信用代码."""
    body = f"91320799MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def shown(session: Session, number: int) -> reads.EnterpriseView:
    """Return the n-th enterprise as the registry shows it."""
    found = registry.enterprise(session, code(number))
    assert found is not None
    return reads.enterprise(session, found.id)


def enterprise(number: int, **other: str) -> list[str]:
    """Return one good row under `TITLES`."""
    row = {
        "企业名称": f"云湾区{number}号公司",
        "统一社会信用代码": code(number),
        "地址": f"工业路{number}号",
        "行业领域": "粉尘涉爆",
        "风险等级": "黄",
        "联系人": "王五",
        "联系电话": "13800000001",
    }
    return list((row | other).values())


def officer(number: int, **other: str) -> list[str]:
    """Return one good row under `OFFICER_TITLES`."""
    row = {
        "姓名": f"执法员{number}",
        "执法证号": f"3207990{number:04d}",
        "有效期起": "2023-01-01",
        "有效期止": "2028-12-31",
        "科室": "执法大队",
        "专长": "粉尘涉爆、有限空间",
        "休假": "2026-03-01至2026-03-05（年休假）",
        "回避": code(1),
    }
    return list((row | other).values())


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write(number, column, cell)
    book.close()
    return path


def replace_part(path: Path, part: str, content: bytes) -> Path:
    """Put other content into one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kept in parts.items():
            archive.writestr(name, kept)
    return path


def read_report(path: Path) -> dict[str, list[list[str]]]:
    """Return the report's sheets as texts."""
    book = python_calamine.load_workbook(path)
    return {
        name: [[str(c) for c in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }
