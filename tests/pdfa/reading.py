"""A PDF file as the rules look at it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

from tests.pdfa.scanning import Scan, scan


@dataclass(frozen=True)
class Finding:
    """
    A fault.

    Attributes:
        clause: Of ISO 19005-3.
        where: The object or the page.
        said: What is wrong, in English.
        rule: The function that found it.
    """

    clause: str
    where: str
    said: str
    rule: str = ""


def place_of(thing: pikepdf.Object) -> str:
    """Return what an indirect object is called."""
    number, generation = thing.objgen
    return f"{number} {generation} obj"


class File:
    """The file: its bytes and its objects."""

    def __init__(self, content: bytes) -> None:
        """
        Open a file.

        Raises:
            pikepdf.PdfError: It cannot be read at all.
        """
        self.content = content
        self.pdf = pikepdf.open(
            io.BytesIO(content), suppress_warnings=True, inherit_page_attributes=False
        )
        self.root = self.pdf.Root

    @cached_property
    def scan(self) -> Scan:
        """The bytes, scanned."""
        return scan(self.content)

    @cached_property
    def dictionaries(self) -> list[tuple[str, pikepdf.Object]]:
        """All dictionaries and streams, each with the indirect object that it is or is in."""
        found: list[tuple[str, pikepdf.Object]] = []
        for thing in self.pdf.objects:
            if isinstance(thing, pikepdf.Object):
                found.extend(_inside(place_of(thing), thing))
        trailer = [("trailer", self.pdf.trailer)]
        return trailer + found

    @cached_property
    def streams(self) -> list[tuple[str, pikepdf.Object]]:
        """All streams."""
        return [(w, thing) for w, thing in self.dictionaries if isinstance(thing, pikepdf.Stream)]

    def of_type(self, kind: str) -> list[tuple[str, pikepdf.Object]]:
        """Return the dictionaries whose Type is this, such as /Font."""
        return [(where, one) for where, one in self.dictionaries if one.get("/Type") == kind]

    @cached_property
    def pages(self) -> list[tuple[str, pikepdf.Page]]:
        """
        All pages by their numbers.

        `Pdf.pages` is not asked: it mends the tree, and gives pages what they inherit.
        """
        leaves = enumerate(_leaves(self.root["/Pages"]), start=1)
        return [(f"page {n}", pikepdf.Page(leaf)) for n, leaf in leaves]

    @cached_property
    def annotations(self) -> list[tuple[str, pikepdf.Object]]:
        """All annotations that stand on pages."""
        return [
            (f"{where}, annotation {n}", one)
            for where, page in self.pages
            for n, one in enumerate(page.obj.get("/Annots", []), start=1)
        ]

    @cached_property
    def actions(self) -> list[tuple[str, pikepdf.Object]]:
        """All dictionaries that are actions, by their place or their type."""
        held = [
            (where, value)
            for where, one in self.dictionaries
            for key in ("/A", "/OpenAction", "/Next", "/PA")
            if (value := one.get(key)) is not None
        ]
        flat = [(w, part) for w, value in held for part in (_parts(value))]
        named = [
            (where, one)
            for where, one in self.dictionaries
            if one.get("/Type") == "/Action" or one.get("/S") in ("/JavaScript", "/Launch")
        ]
        return [(w, one) for w, one in flat + named if _is_action(one)]


def _leaves(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if node.get("/Type") == "/Page":
        yield node
    for kid in node.get("/Kids", []):
        yield from _leaves(kid)


def _inside(where: str, thing: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield where, thing
        children: list[Any] = [value for _, value in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _inside(where, child)


def _parts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _is_action(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and "/S" in value
