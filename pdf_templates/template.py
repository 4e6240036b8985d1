"""What a template is: a kind, a version in force from a day, its facts and its layout."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from pdf_templates.facts import content_sha256, to_json
from pdf_templates.setting.page import Modules, Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Content, Heading, Stationery


class Named(Protocol):
    """What all facts have."""

    @property
    def doc_no(self) -> str:
        """文号."""

    @property
    def authority(self) -> str:
        """机关全称."""

    @property
    def made_at(self) -> str:
        """制作时间（RFC 3339）."""


@dataclass(frozen=True)
class Template:
    """
    One version of one document.

    Attributes:
        kind: Stable English name, as stored with issued documents.
        title: 文书名称.
        mark: 文种代字 after 应急, as in 应急检记.
        version: Changes whenever the printed result for the same facts changes.
        effective_from: ISO date from which new cases use this version.
        facts: The dataclass.
        layout: Facts and the hashes of photos that can be shown, to pages of all copies.
        photos: The hashes of the photos that the facts name.
        source: Where the form comes from.
        receipt: The same on 80 mm paper for portable printers, of documents left on site.
    """

    kind: str
    title: str
    mark: str
    version: str
    effective_from: str
    facts: type
    layout: "Layout"
    source: str
    photos: Callable[[Any], Sequence[str]] = lambda facts: ()  # noqa: ARG005
    receipt: "Layout | None" = None

    def doc_no(self, region: str, year: int, serial: int, sub_serial: int = 0) -> str:
        """Return 文号, such as （苏·云）应急检记〔2026〕1号; a re-issue adds -1, -2 …"""
        number = f"{serial}-{sub_serial}" if sub_serial else f"{serial}"
        return f"（{region}）应急{self.mark}〔{year}〕{number}号"


PREVIEW = "预览"
"""How what stands in the place of a 文号 begins before there is one."""


def _is_on_record(facts: "Named") -> bool:
    """Return whether a code can lead to the document: it has a 文号, and is no preview."""
    return bool(facts.doc_no) and not facts.doc_no.startswith(PREVIEW)


ONE_COPY = ("",)
TWO_COPIES = ("存档联", "当事人联")


@dataclass(frozen=True)
class Composed:
    """
    A layout: the content on its stationery, once for each copy, each counted for itself.

    Attributes:
        title: 文书名称.
        content: What the facts say, on whatever it is printed on.
        stationery: What it is printed on.
        copies: What each copy is called; all say the same under the same 文号.
        annexes: Pages that follow, from the facts and the photos that can be shown.
    """

    title: str
    content: Callable[[Any, Stationery], Content]
    stationery: Stationery = RECORDS
    copies: Sequence[str] = ONE_COPY
    annexes: Callable[[Any, Collection[str]], Sequence[Sequence[Strip]]] | None = None

    def __call__(self, facts: Named, available: Collection[str]) -> list[Page]:
        """Return the pages of all copies."""
        on, made = self._fitted(facts, available)
        code = self._code(facts, on)
        return [
            page
            for copy in self.copies
            for page in _with_code(self._copy(facts, on, made, copy), code)
        ]

    def one(self, facts: Named, available: Collection[str]) -> list[Page]:
        """Return the pages of the first copy: what is bound into a case file."""
        on, made = self._fitted(facts, available)
        return _with_code(self._copy(facts, on, made, self.copies[0]), self._code(facts, on))

    def _fitted(self, facts: Named, available: Collection[str]) -> tuple[Stationery, Content]:
        """Return the content on its stationery, or set tighter where that saves a page."""
        on: Stationery | None = self.stationery
        tried: list[tuple[int, Stationery, Content]] = []
        while on is not None:
            made = self._on(on, facts, available)
            if on.tighter is None and not tried:
                return on, made
            pages = len(self._copy(facts, on, made, self.copies[0]))
            tried.append((pages, on, made))
            on = on.tighter if pages > 1 else None
        _, fitted, made = min(tried, key=lambda one: one[0])
        return fitted, made

    def _on(self, on: Stationery, facts: Named, available: Collection[str]) -> Content:
        made = self.content(facts, on)
        return replace(made, annexes=self.annexes(facts, available)) if self.annexes else made

    def _copy(self, facts: Named, on: Stationery, made: Content, copy: str) -> list[Page]:
        return on.pages(Heading(facts.authority, self.title, facts.doc_no, copy), made)

    def _code(self, facts: Named, on: Stationery) -> Modules | None:
        """Return the QR code by which anybody compares the paper with the record."""
        from pdf_templates.setting.qr import in_corner  # its maker is slow to load

        if not _is_on_record(facts):
            return None
        return in_corner(on.paper, facts.doc_no, content_sha256(to_json(facts)))


def _with_code(pages: list[Page], code: Modules | None) -> list[Page]:
    if code is None:
        return pages
    return [pages[0].with_mark(code), *pages[1:]]


@dataclass(frozen=True)
class OnReceipt:
    """
    A layout on the paper of portable printers: the party's copy, with a QR code of the document.

    Attributes:
        title: 文书名称.
        content: What the facts say, on whatever it is printed on; without photo sheets.
    """

    title: str
    content: Callable[[Any, Stationery], Content]

    def __call__(self, facts: Named, available: Collection[str]) -> list[Page]:
        """Return the page; no photo is shown on it."""
        from pdf_templates.setting.qr import about  # its maker is slow to load
        from pdf_templates.setting.receipt import RECEIPT

        made = self.content(facts, RECEIPT)
        if _is_on_record(facts):
            digest = content_sha256(to_json(facts))
            code = RECEIPT.code(about(facts.doc_no, digest), digest)
            made = replace(made, closing=[*made.closing, *code])
        heading = Heading(facts.authority, self.title, facts.doc_no, TWO_COPIES[1])
        return RECEIPT.pages(heading, made)


def moment(facts: Named) -> datetime:
    """Return when the document was made, as its facts say."""
    return datetime.fromisoformat(facts.made_at)


Layout = Callable[[Any, Collection[str]], list[Page]]
Pictures = Mapping[str, bytes]
