"""The text of documents, as programs read it back, and the facts that must be in it."""

import dataclasses
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2

from pdf_templates.wording import long_date, long_time
from tests.pdfa.outside_tools import program

CODE = re.compile("[a-z][a-z0-9_]{0,39}")
"""What stands for words that the layout chooses; golden texts hold those."""
DEGREES = re.compile(r"^[-+](\d+\.\d+)$")
LEAST_PIECE = 6
"""Characters that a piece of a value has at least, where a line or a page ends within it."""


def told(facts: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield all texts of facts that are neither empty nor codes, each with its dotted field."""
    if dataclasses.is_dataclass(facts):
        for field in dataclasses.fields(facts):
            inner = f"{where}.{field.name}" if where else field.name
            yield from told(getattr(facts, field.name), inner)
    elif isinstance(facts, tuple | list):
        for part in facts:
            yield from told(part, where)
    elif isinstance(facts, str) and facts.strip() and not CODE.fullmatch(facts):
        yield where, facts


def by_pdfium(document: bytes) -> str:
    """Return the text of a document without white space, as PDFium reads it."""
    opened = pypdfium2.PdfDocument(document)
    said = bare("".join(page.get_textpage().get_text_range() for page in opened))
    opened.close()
    return said


def by_poppler(document: bytes, folder: Path) -> str:
    """Return the same, as poppler's pdftotext reads it."""
    command = program("pdftotext", "poppler-utils")
    file = folder / "read.pdf"
    file.write_bytes(document)
    run = subprocess.run(
        [command, "-raw", "-enc", "UTF-8", file, "-"], check=True, capture_output=True
    )
    return bare(run.stdout.decode("utf-8"))


def bare(said: str) -> str:
    """Return a text without white space and hyphens that a line's end may have left."""
    return re.sub(r"\s|[\ufffe\u00ad]", "", said)


def spoken(value: str) -> set[str]:
    """Return the ways in which a document may say a value: a date in full, degrees unsigned."""
    ways = {value, DEGREES.sub(r"\1", value)}
    for said, part in ((long_date, value[:10]), (long_time, value)):
        try:
            ways.add(said(part))
        except ValueError:
            continue
    return {bare(way) for way in ways}


def found(value: str, text: str) -> bool:
    """Return whether a value stands in a text, whole or in pieces where lines end."""
    while value:
        if value in text:
            return True
        size = next((n for n in range(len(value) - 1, LEAST_PIECE - 1, -1) if value[:n] in text), 0)
        if not size:
            return False
        value = value[size:]
    return True
