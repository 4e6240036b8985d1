"""How a reader moves in a long file: links from page to page, bookmarks, labels of pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.file.document import Document, text
from pdf_templates.setting.page import Link

PRINTED = 4
"""The only flag that an annotation of a PDF/A needs and may have (ISO 19005-3, 6.3.2)."""


@dataclass(frozen=True)
class Bookmark:
    """
    A line of the outline.

    Attributes:
        title: What it says.
        page: Where it leads: the number of a page of the file, from 1.
        below: Bookmarks that open under it.
    """

    title: str
    page: int
    below: tuple["Bookmark", ...] = ()


@dataclass(frozen=True)
class Label:
    """
    What a reader's program calls the pages from one on, until the next label begins.

    Attributes:
        page: The first of them, numbered in the file from 1.
        prefix: What stands before the figure, or alone.
        begins: The figure of the first page, or None where pages carry none (a cover).
    """

    page: int
    prefix: str = ""
    begins: int | None = 1


@dataclass(frozen=True)
class Place:
    """A page as a destination: how objects point to it, and how high it is."""

    pointer: str
    height: float


class Ways:
    """The ways through one file; pages that do not yet exist are named by their numbers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._places: list[Place] = []
        self._links: list[tuple[str, str, int]] = []  # pointer, rectangle, number of the page

    def link(self, mark: Link, height: float) -> str:
        """Return how a page `height` high points to the link that the mark stands for."""
        pointer = self._document.reserve()
        high = height - mark.y
        corners = (mark.x, high - mark.height, mark.x + mark.width, high)
        rectangle = " ".join(f"{corner:.2f}" for corner in corners)
        self._links.append((pointer, rectangle, mark.page))
        return pointer

    def note(self, pointer: str, height: float) -> None:
        """Note the next page of the file."""
        self._places.append(Place(pointer, height))

    def finish(self, outline: Sequence[Bookmark], labels: Sequence[Label]) -> str:
        """
        Write links and outline once all pages are there; return entries of the catalogue.

        Raises:
            ValueError: A link, a bookmark or a label names a page that the file has not, or labels
                leave the first page without one.
        """
        for pointer, rectangle, page in self._links:
            self._document.put(
                pointer,
                f"<< /Type /Annot /Subtype /Link /Rect [{rectangle}] /F {PRINTED}"
                f" /Border [0 0 0] /Dest {self._destination(page)} >>",
            )
        entries = []
        if outline:
            root = self._document.reserve()
            first, last = self._level(outline, root)
            around = f"/First {first} /Last {last} /Count {len(outline)}"
            self._document.put(root, f"<< /Type /Outlines {around} >>")
            entries.append(f"/Outlines {root} /PageMode /UseOutlines")
        if labels:
            entries.append(f"/PageLabels << /Nums [{self._labelled(labels)}] >>")
        return " ".join(entries)

    def _destination(self, page: int) -> str:
        place = self._place(page)
        return f"[{place.pointer} /XYZ 0 {place.height:.2f} null]"

    def _place(self, page: int) -> Place:
        if not 0 < page <= len(self._places):
            raise ValueError(f"there is no page {page} among {len(self._places)}")
        return self._places[page - 1]

    def _level(self, marks: Sequence[Bookmark], parent: str) -> tuple[str, str]:
        """Write bookmarks side by side and all below them; return the first and the last."""
        pointers = [self._document.reserve() for _ in marks]
        for number, (mark, pointer) in enumerate(zip(marks, pointers, strict=True)):
            parts = [f"<< /Title {text(mark.title)} /Parent {parent}"]
            if number:
                parts.append(f"/Prev {pointers[number - 1]}")
            if number + 1 < len(marks):
                parts.append(f"/Next {pointers[number + 1]}")
            if mark.below:
                first, last = self._level(mark.below, pointer)
                closed = -len(mark.below)
                parts.append(f"/First {first} /Last {last} /Count {closed}")
            parts.append(f"/Dest {self._destination(mark.page)} >>")
            self._document.put(pointer, " ".join(parts))
        return pointers[0], pointers[-1]

    def _labelled(self, labels: Sequence[Label]) -> str:
        """Return the number tree of the labels, by index of the page from 0 (ISO 32000-1, 12.4)."""
        ordered = sorted(labels, key=lambda label: label.page)
        if ordered[0].page != 1:
            raise ValueError("the first page has no label")
        rows = []
        for label in ordered:
            self._place(label.page)
            prefix = f" /P {text(label.prefix)}" if label.prefix else ""
            figures = "" if label.begins is None else f" /S /D /St {label.begins}"
            rows.append(f"{label.page - 1} <<{prefix}{figures} >>")
        return " ".join(rows)
