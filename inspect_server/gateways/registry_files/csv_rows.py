"""Delimited text: encoding and delimiter found by looking, rows streamed."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from inspect_server.gateways.registry_files.errors import BrokenQuotes, NotText, UnknownEncoding
from inspect_server.gateways.registry_files.sheets import Row, Sheet

LONGEST_CELL = 1_000_000
"""Characters; beyond it an unclosed quote has swallowed the file."""

_BLOCK = 1 << 20
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
_LINES_TO_JUDGE_BY = 20
_CHARACTERS_TO_JUDGE_BY = 200_000


@dataclass(frozen=True)
class Text:
    """What one pass over the file found."""

    encoding: str
    sha256: str
    lines: int


def examine(file: BinaryIO, name: str) -> Text:
    """
    Decode the whole file once, in blocks, so that no error comes half-way through an import.

    Raises:
        UnknownEncoding: No encoding fits every byte.
        NotText: Zero bytes in a file that is not UTF-16.
    """
    start = file.read(4)
    file.seek(0)
    candidates = ["utf-8-sig", "gb18030"]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    decoders = {each: codecs.getincrementaldecoder(each)() for each in candidates}
    digest = hashlib.sha256()
    lines = 1
    furthest = 1
    ended = False
    while block := file.read(_BLOCK):
        digest.update(block)
        if b"\x00" in block and "utf-16" not in decoders:
            raise NotText(name=name)
        furthest = _decode(decoders, block, lines, furthest)
        if not decoders:
            raise UnknownEncoding(name=name, line=furthest)
        lines += block.count(b"\n")
        ended = block.endswith((b"\n", b"\n\x00"))
    _decode(decoders, b"", lines, furthest, final=True)
    if not decoders:
        raise UnknownEncoding(name=name, line=lines)
    file.seek(0)
    return Text(next(iter(decoders)), digest.hexdigest(), lines - ended)


def _decode(
    decoders: dict[str, codecs.IncrementalDecoder],
    block: bytes,
    lines: int,
    furthest: int,
    *,
    final: bool = False,
) -> int:
    """
    Drop the decoders that fail; return the furthest line that one of them failed on.

    Where several are left at the end, the first candidate is meant: UTF-8 is never mistaken,
    GB18030 may be.
    """
    for encoding, decoder in list(decoders.items()):
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError as error:
            del decoders[encoding]
            furthest = max(furthest, lines + block[: error.start].count(b"\n"))
    return furthest


def sheets(file: BinaryIO, name: str, text: Text) -> Iterator[Sheet]:
    """Yield the file as its one sheet."""
    yield Sheet("", _rows(file, name, text))


def _rows(file: BinaryIO, name: str, text: Text) -> Iterator[Row]:
    file.seek(0)
    stream = io.TextIOWrapper(file, encoding=text.encoding, newline="")
    try:
        delimiter = _delimiter(stream.read(_CHARACTERS_TO_JUDGE_BY))
        stream.seek(0)
        csv.field_size_limit(LONGEST_CELL)  # the process's only reader of such files
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                yield number, cells
        except csv.Error:
            raise BrokenQuotes(name=name, row=number + 1, line=reader.line_num) from None
    finally:
        if not file.closed:
            stream.detach()  # the file belongs to the caller


def _delimiter(start: str) -> str:
    """Return the mark that stands in most of the first lines, outside quotes, and most often."""
    lines = _QUOTED.sub("", start).splitlines()[:_LINES_TO_JUDGE_BY]
    counts = {mark: [line.count(mark) for line in lines] for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: (sum(map(bool, counts[mark])), sum(counts[mark])))
