"""Registry files as offices have them: .xlsx and .csv row by row, and the report on rejects."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inspect_server.gateways.registry_files import csv_rows, xlsx_rows
from inspect_server.gateways.registry_files.errors import (
    EmptyFile,
    FileNotThere,
    MarkupFile,
    OldWorkbook,
)
from inspect_server.gateways.registry_files.sheets import Sheet

_BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n"
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class RegistryFile:
    """One open file; its sheets are read once, in order."""

    name: str
    sha256: str
    expected_rows: int  # an estimate for a progress bar, never a promise
    sheets: Callable[[], Iterator[Sheet]]
    hidden: tuple[str, ...] = ()  # sheets that their office hid, so that nothing of them is read


@contextmanager
def open_registry_file(path: Path) -> Iterator[RegistryFile]:
    """
    Open a file by what is in it, not by its name.

    Raises:
        FileNotThere, EmptyFile, OldWorkbook, MarkupFile: Nothing to read, or a format to be saved
            anew.
        DamagedWorkbook, Oversized, UnknownEncoding: What the content turns out to be; the last
            two and a damaged workbook can also show while the rows are read.
    """
    if not path.is_file():
        raise FileNotThere(name=path.name)
    with path.open("rb") as file:
        magic = file.read(8)
        if not magic:
            raise EmptyFile(name=path.name)
        if magic == _OLE:
            raise OldWorkbook(name=path.name)
        if magic.lstrip(_BEFORE_MARKUP)[:1] == b"<":
            raise MarkupFile(name=path.name)
        file.seek(0)
        if magic.startswith(_ZIP):
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            with xlsx_rows.open_workbook(file, path.name) as workbook:
                yield RegistryFile(
                    path.name,
                    sha256,
                    workbook.expected_rows,
                    workbook.sheets,
                    workbook.parts.hidden,
                )
            return
        text = csv_rows.examine(file, path.name)
        yield RegistryFile(
            path.name, text.sha256, text.lines, lambda: csv_rows.sheets(file, path.name, text)
        )


__all__ = ["RegistryFile", "Sheet", "open_registry_file"]
