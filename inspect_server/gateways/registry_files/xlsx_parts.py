"""The parts of a workbook: which there are, how large they may be, and a sheet cut between rows."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from inspect_server.gateways.registry_files.errors import Oversized

LARGEST_PART = 1 << 30
LARGEST_WHOLE = 3 << 29
LARGEST_STRINGS = 1 << 28
"""Bytes inflated. 150,000 rows of 20 columns: 200 MB of sheet, or 108 MB and 25 MB of strings."""

MOST_PARTS = 10_000
STEEPEST = 400
"""Inflated by deflated: real sheets stay below 60, a bomb begins where deflate ends (1,032)."""

_STEEP_FROM = 1 << 25
_SMALL_PART = 1 << 24
HEAD = 1 << 20
SLICE = 16 << 20
_LONGEST_ROW = 64 << 20
_WIDEST = "CV"  # 100 columns
_MOST_ROWS_APART = 60_000

_BOOK = "xl/workbook.xml"
_SHARED = {
    "[Content_Types].xml",
    "_rels/.rels",
    _BOOK,
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
}


@dataclass(frozen=True)
class Parts:
    """Where the sheets lie, and what a slice needs beside its own rows."""

    sheets: dict[str, str]  # name -> part, visible worksheets in order
    shared: tuple[str, ...]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slice:
    """Whole rows of one sheet as a sheet of their own."""

    xml: bytes
    rows_before: int  # 0 where the rows say their numbers themselves


def find_parts(archive: zipfile.ZipFile, name: str) -> Parts:
    """
    Check the directory's claims and find the worksheets.

    Raises:
        Oversized: The claims are beyond any registry.
        BadZipFile, KeyError, ParseError: Not a workbook.
    """
    entries = archive.infolist()
    whole = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or whole > LARGEST_WHOLE:
        raise Oversized(name=name, reason=f"解压后有 {whole >> 20} MB、{len(entries)} 个部分")
    for entry in entries:
        _check(entry, name)
    canonical = {entry.filename.lower(): entry.filename for entry in entries}
    book = ElementTree.fromstring(_small(archive, canonical[_BOOK], name))  # noqa: S314  # expat ≥ 2.4.1 stops entity bombs, and the part is small
    targets = _targets(archive, canonical, name)
    sheets: dict[str, str] = {}
    hidden: list[str] = []
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        if sheet.get("state", "visible") != "visible":
            hidden.append(sheet.attrib["name"])
            continue
        relation = next(v for k, v in sheet.attrib.items() if k.endswith("}id"))
        part = targets.get(relation)
        if part is not None:
            sheets[sheet.attrib["name"]] = canonical[part.lower()]
    if not sheets:
        raise KeyError("no worksheet")
    lowered = {part.lower() for part in _SHARED}
    shared = [entry.filename for entry in entries if entry.filename.lower() in lowered]
    return Parts(sheets, tuple(shared), tuple(hidden))


def _check(entry: zipfile.ZipInfo, name: str) -> None:
    limit = (
        LARGEST_STRINGS if entry.filename.lower().endswith("sharedstrings.xml") else LARGEST_PART
    )
    steep = entry.file_size > max(_STEEP_FROM, STEEPEST * entry.compress_size)
    if entry.file_size > limit or steep:
        raise Oversized(
            name=name,
            reason=f"的内容由 {entry.compress_size >> 10} KB 解压为 {entry.file_size >> 20} MB",
        )


def _small(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    if archive.getinfo(part).file_size > _SMALL_PART:
        raise Oversized(name=name, reason="的目录部分异常巨大")
    return archive.read(part)


def _targets(archive: zipfile.ZipFile, canonical: dict[str, str], name: str) -> dict[str, str]:
    content = _small(archive, canonical["xl/_rels/workbook.xml.rels"], name)
    relations = ElementTree.fromstring(content)  # noqa: S314  # as above
    return {
        relation.attrib["Id"]: posixpath.normpath(
            posixpath.join("/xl", relation.attrib["Target"])
        ).lstrip("/")
        for relation in relations
        if relation.attrib["Type"].endswith("/worksheet")
    }


_OPEN_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(\s[^>]*)?(/?)>")
_ROW_NUMBER = re.compile(rb"<(?:[\w.-]+:)?row\b[^>]*?\sr=[\"'](\d+)")


def estimate_rows(archive: zipfile.ZipFile, parts: Parts) -> int:
    """Return about how many rows the sheets have, from the first megabyte of each."""
    total = 0
    for part in parts.sheets.values():
        with archive.open(part) as file:
            start = file.read(1 << 20)
        rows = start.count(b"<row") + start.count(b":row ")
        total += max(1, rows * archive.getinfo(part).file_size // max(1, len(start)))
    return total


def slices(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[Slice]:
    """
    Cut a worksheet between rows into pieces of about `SLICE` bytes, inflating as it goes.

    Raises:
        Oversized: More comes out than the directory said, one row is endless, or its cells lie so
            far apart that the reader would fill memory with what lies between.
        BadZipFile: Truncated, or a checksum differs.
    """
    with archive.open(part) as file:
        head = file.read(HEAD)
        opening = _OPEN_DATA.search(head)
        if not opening or opening[3]:
            if b"sheetData" not in head:
                raise ValueError("no sheetData")
            return
        prefix = opening[1]
        before, rest = head[: opening.end()], head[opening.end() :]
        ending = b"</%ssheetData></%sworksheet>" % (prefix, prefix)
        row_end = b"</%srow>" % prefix
        rows_before = 0
        while block := file.read(SLICE):
            rest += block
            cut = rest.rfind(row_end)
            if cut < 0:
                if len(rest) > _LONGEST_ROW:
                    raise Oversized(name=name, reason="有一行超过 64 MB")
                continue
            rows, rest = rest[: cut + len(row_end)], rest[cut + len(row_end) :]
            counted = rows.count(row_end)
            numbered = _check_extent(rows, name)
            xml = [before, rows, ending]
            del rows, block  # while the slice is read, only its cells need the memory
            yield Slice(_joined(xml), 0 if numbered else rows_before)
            rows_before += counted
        if b"</%ssheetData>" % prefix not in rest:
            raise ValueError("sheetData does not end")
        if row_end in rest:
            rows = rest[: rest.rfind(row_end) + len(row_end)]
            numbered = _check_extent(rows, name)
            yield Slice(before + rows + ending, 0 if numbered else rows_before)


def _joined(parts: list[bytes]) -> bytes:
    whole = b"".join(parts)
    parts.clear()
    return whole


# A literal start keeps these scans as fast as the inflating.
_CELL_ROW = re.compile(rb" r=[\"'][A-Z]{1,3}(\d{1,7})[\"']")
_TOO_WIDE = re.compile(rb" r=[\"'](?:[A-Z]{3}|[D-Z][A-Z]|C[W-Z])(\d{1,7})[\"']")


def _check_extent(rows: bytes, name: str) -> bool:
    """Return whether rows are numbered; two stray cells could span 17 billion, all in memory."""
    wide = _TOO_WIDE.search(rows)
    if wide:
        raise Oversized(
            name=name, reason=f"第 {int(wide[1])} 行在 {_WIDEST} 列（第 100 列）以后还有单元格"
        )
    numbers = set(map(int, set(_CELL_ROW.findall(rows))))
    if not numbers:
        return _ROW_NUMBER.search(rows) is not None
    if max(numbers) - min(numbers) > max(_MOST_ROWS_APART, 3 * len(numbers)):
        raise Oversized(name=name, reason=f"在第 {max(numbers)} 行有远离数据的零散单元格")
    return True
