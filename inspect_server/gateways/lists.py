"""A plain list as a file that offices open: .xlsx, or .csv in UTF-8 with a mark for Excel."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from inspect_server.domain.errors import BadInput
from inspect_server.gateways.registry_files.report import harmless

WIDTH = 24


def write_list(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """
    Write a new file and return how many rows it has; texts stay texts, none becomes a formula.

    Raises:
        BadInput: The name ends neither in .xlsx nor in .csv, or the file is there already.
        OSError: The disk is full, or the folder cannot be written to.
    """
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput(field="文件名", reason=f"{path.name} 应以 .xlsx 或 .csv 结尾")
    if path.exists():
        raise BadInput(field="文件名", reason=f"{path} 已存在，不会覆盖，请换一个文件名")
    write = _xlsx if path.suffix.lower() == ".xlsx" else _csv
    return write(path, headers, rows)


def _xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with xlsxwriter.Workbook(path, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.set_column(0, len(headers) - 1, WIDTH)
        for column, title in enumerate(headers):
            sheet.write_string(0, column, title, bold)
        for count, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(count, column, harmless(cell))
    return count


def _csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for row in rows:
            writer.writerow([harmless(cell) for cell in row])
            count += 1
    return count
