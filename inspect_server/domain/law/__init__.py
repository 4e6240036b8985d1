"""
Law and local parameters as dated values: never constants in code.

Each `*.toml` beside this file holds values named `area.name`. A value is never edited: a row with a
later `from` is added. `verified = false` means that the source text was not opened; the note says
what is known. docs/law.md lists all of them and is generated from here (`python -m
inspect_server.domain.law`).
"""

from datetime import date
from functools import cache
from importlib.resources import files

from inspect_server.domain.law.book import (
    AREAS_SET_LOCALLY,
    BadLawFile,
    Book,
    Entry,
    LawValue,
    NoLawValue,
    WrongLawType,
    read,
)

__all__ = [
    "AREAS_SET_LOCALLY",
    "BadLawFile",
    "Book",
    "Entry",
    "LawValue",
    "NoLawValue",
    "WrongLawType",
    "book",
    "entry",
    "integer",
    "items",
    "ref",
    "table",
    "text",
    "value",
]


@cache
def book() -> Book:
    """
    Return every value that ships with the package, read and checked once.

    Raises:
        BadLawFile: A row lacks its date, value, source or verified mark.
    """
    whole = Book({})
    folder = files(__package__)
    for name in sorted(part.name for part in folder.iterdir() if part.name.endswith(".toml")):
        whole = whole.joined(read(folder.joinpath(name).read_text("utf-8"), name))
    return whole


def entry(id: str, on: date) -> Entry:
    """
    Return the row in force on a day: value, unit, since, source, verified, note.

    Raises:
        NoLawValue: The id is unknown, or its first row begins later.
    """
    return book().entry(id, on)


def value(id: str, on: date) -> LawValue:
    """Return the value in force on a day; `integer`, `text`, `items`, `table` give a type."""
    return entry(id, on).value


def integer(id: str, on: date) -> int:
    """Return a whole number; its unit stands in the id (`_days`, `_months`, `_ppm` …)."""
    return book().integer(id, on)


def text(id: str, on: date) -> str:
    """Return a wording or a code."""
    return book().text(id, on)


def items(id: str, on: date) -> tuple[str, ...]:
    """Return a list of codes or wordings in its declared order."""
    return book().items(id, on)


def table(id: str, on: date) -> dict[str, LawValue]:
    """Return a nested table."""
    return book().table(id, on)


def ref(id: str, on: date) -> str:
    """Return `id@from`: how plans, draws and documents name the row that they used."""
    return entry(id, on).ref
