"""
Cells of an .xls whose value is an error: readers of workbooks give them as blank.

An .xls is a small file system ([MS-CFB]) with one stream of records ([MS-XLS]): 2 bytes that say
what a record is, 2 that say how long it is, and its content. Numbers begin with their low byte.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from forms.workbook.parts import ERROR, Unseen

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, such as the end of a chain
_SHIFTS, _SMALL_SHIFT = (9, 12), 6  # sizes of sectors, as powers of two
_ENTRY = 128  # bytes of an entry of the directory
_NAMES = ("Workbook", "Book")
_BEGIN, _END = 0x0809, 0x000A
_SHEET, _BOOLEAN_OR_ERROR, _FORMULA = 0x0085, 0x0205, 0x0006
_VERSION_8 = 0x0600
_NO_NUMBER, _IS_ERROR = 0xFFFF, 2


def error_cells(path: Path) -> Mapping[str, Sequence[Unseen]] | None:
    """
    Return the cells with errors by the names of their sheets; None where nobody can tell.

    Raises:
        OSError: The file cannot be opened.
    """
    content = path.read_bytes()
    if not content.startswith(_SIGNATURE):
        return None
    try:
        stream = _stream(content)
        version = struct.unpack_from("<4xH", stream)[0]
        if version != _VERSION_8:
            return None
        return {name: cells for name, at in _sheets(stream) if (cells := _errors(stream, at))}
    except (struct.error, IndexError, StopIteration, UnicodeDecodeError):
        return None


def _stream(content: bytes) -> bytes:
    """Return the stream of records."""
    shift, small_shift = struct.unpack_from("<2H", content, 30)
    if shift not in _SHIFTS or small_shift != _SMALL_SHIFT:
        raise struct.error
    size, small_size = 1 << shift, 1 << small_shift
    tables, first = struct.unpack_from("<2I", content, 44)
    cutoff, first_small = struct.unpack_from("<2I", content, 56)
    sectors = [content[at : at + size] for at in range(512, len(content), size)]
    listed = [one for one in struct.unpack_from("<109I", content, 76) if one < _LAST_SECTOR]
    after = [follower for one in listed[:tables] for follower in _numbers(sectors[one])]
    directory = _chain(sectors, after, first)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    entry = next(one for one in entries if _name(one) in _NAMES)
    start, length = struct.unpack_from("<2I", entry, 116)
    if length >= cutoff:
        return _chain(sectors, after, start)[:length]
    root = struct.unpack_from("<I", entries[0], 116)[0]
    small = _chain(sectors, after, root)
    parts = [small[at : at + small_size] for at in range(0, len(small), small_size)]
    return _chain(parts, _numbers(_chain(sectors, after, first_small)), start)[:length]


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector)


def _chain(sectors: Sequence[bytes], after: Sequence[int], first: int) -> bytes:
    """Return what lies in a chain of sectors; a chain that goes in circles is cut."""
    found: list[bytes] = []
    while first < _LAST_SECTOR and len(found) <= len(sectors):
        found.append(sectors[first])
        first = after[first]
    return b"".join(found)


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of the stream, without those of charts in it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Yield the names of the sheets and where their parts begin."""
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            at, length, is_wide = struct.unpack_from("<I2x2B", record)
            encoding = "utf-16-le" if is_wide & 1 else "latin-1"
            yield record[8 : 8 + length * (1 + (is_wide & 1))].decode(encoding), at


def _errors(stream: bytes, at: int) -> list[Unseen]:
    cells = []
    for kind, record in _records(stream, at):
        if kind == _BOOLEAN_OR_ERROR:
            is_error = record[7] == 1
        elif kind == _FORMULA:
            result, mark = struct.unpack_from("<6xB5xH", record)
            is_error = (result, mark) == (_IS_ERROR, _NO_NUMBER)
        else:
            continue
        if is_error:
            row, column = struct.unpack_from("<2H", record)
            cells.append(Unseen(row + 1, column, ERROR))
    return cells
