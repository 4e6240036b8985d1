"""
Binding an electronic case file: cover, contents with links, every document, page numbers all over.

Documents are set again from their facts by the template versions that they were issued with, so
that all share their fonts and the file stays small; the issued files themselves go beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pdf_templates.catalogue import template
from pdf_templates.closing import case_contents
from pdf_templates.closing.case_contents import CaseContents, Listed
from pdf_templates.errors import DocumentError
from pdf_templates.facts import canonical_json, content_sha256, from_json
from pdf_templates.file.document import Attachment, Meta
from pdf_templates.file.drawing import write
from pdf_templates.file.outline import Bookmark, Label
from pdf_templates.setting.lines import one_rendering
from pdf_templates.setting.page import Page, Picture, Text
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Heading
from pdf_templates.template import Composed, Pictures, moment

NUMBER_SIZE, NUMBER_Y = 9.0, 34.0
"""Of the page numbers of the whole file, in the top margin, and of their baseline."""


class NotForACaseFile(DocumentError):
    """A paper that has no single copy to be bound."""

    code = "document.not_for_case_file"
    message = "{title}不能编入案卷，请单独保存。"


@dataclass(frozen=True)
class Filed:
    """
    One document of a case.

    Attributes:
        kind, version: Its template.
        facts: Plain JSON of its facts.
        made_on: ISO date.
        voided: Whether it is no longer in force: bound with 作废 behind it.
        note: 备注.
    """

    kind: str
    version: str
    facts: Mapping[str, Any]
    made_on: str
    voided: bool = False
    note: str = ""


@dataclass(frozen=True)
class CaseFile:
    """What is bound: the cover, then documents in the order of the file."""

    case_no: str
    title: str
    authority: str
    cover: Filed
    filed: Sequence[Filed]


@dataclass(frozen=True)
class _Part:
    """A document with its pages."""

    title: str
    doc_no: str
    filed: Filed
    pages: list[Page]

    @property
    def name(self) -> str:
        """Title and 文号, as a bookmark says them."""
        return f"{self.title} {self.doc_no}".rstrip()


@one_rendering()
def bind(case: CaseFile, pictures: Pictures | None = None) -> bytes:
    """
    Return the case file as one PDF/A-3u with bookmarks, links, page labels and all facts inside.

    Args:
        case: What is bound.
        pictures: JPEG files from `photos.prepare` by the hash of the original photo.

    Raises:
        UnknownKind, BadFacts, MissingGlyph: As `catalogue.render`.
        NotForACaseFile: A paper without a single copy.
    """
    shown = pictures or {}
    cover = _part(case.cover, shown)
    parts = [_part(one, shown) for one in case.filed]
    contents, begins = _contents(case, len(cover.pages), parts)
    pages = [*cover.pages, *contents, *(page for part in parts for page in part.pages)]
    outline = [
        Bookmark(cover.name, 1),
        Bookmark(case_contents.TITLE, len(cover.pages) + 1),
        *(_bookmark(part, begin) for part, begin in zip(parts, begins, strict=True)),
    ]
    made_at = moment(_known(case.cover))
    meta = Meta(f"{case.title}（{case.case_no}）", case.authority, "电子案卷", made_at)
    inside = Attachment("case.json", "application/json", "案卷内容数据", _plain(case))
    numbered = [_numbered(page, n, len(pages)) for n, page in enumerate(pages, 1)]
    return write(
        numbered, meta, shown, attachments=[inside], outline=outline, labels=[Label(1, "", 1)]
    )


def _known(filed: Filed) -> Any:
    return from_json(template(filed.kind, filed.version).facts, filed.facts)


def _part(filed: Filed, shown: Pictures) -> _Part:
    """Set one document; of several copies the first, and 作废 behind it where it was voided."""
    form = template(filed.kind, filed.version)
    known = _known(filed)
    if not isinstance(form.layout, Composed):
        raise NotForACaseFile(title=form.title)
    pages = form.layout.one(known, shown.keys())
    if filed.voided:
        pages = [replace(page, behind="作废") for page in pages]
    return _Part(form.title, known.doc_no, filed, pages)


def _contents(
    case: CaseFile, before: int, parts: Sequence[_Part]
) -> tuple[list[Page], Sequence[int]]:
    """Return the pages of the contents and where each document begins."""
    taken = 1
    while True:
        begins, at = [], before + taken + 1
        for part in parts:
            begins.append(at)
            at += len(part.pages)
        pages = _listed(case, parts, begins)
        if len(pages) == taken:
            return pages, begins
        taken = len(pages)  # whose number does not depend on the numbers that they show


def _listed(case: CaseFile, parts: Sequence[_Part], begins: Sequence[int]) -> list[Page]:
    facts = CaseContents(
        doc_no="",
        authority=case.authority,
        made_at=case.cover.facts["made_at"],
        case_no=case.case_no,
        case_name=case.title,
        listed=tuple(
            Listed(
                name=part.title,
                doc_no=part.doc_no,
                made_on=part.filed.made_on,
                first_page=begin,
                last_page=begin + len(part.pages) - 1,
                remark="；".join(
                    filter(None, ("已作废" if part.filed.voided else "", part.filed.note))
                ),
            )
            for part, begin in zip(parts, begins, strict=True)
        ),
    )
    heading = Heading(case.authority, case_contents.TITLE, facts.doc_no)
    return RECORDS.pages(heading, case_contents.linked(facts, RECORDS, begins))


def _bookmark(part: _Part, begin: int) -> Bookmark:
    """Return a document's bookmark, and below it one to its photos where it has any."""
    photos = (
        n
        for n, page in enumerate(part.pages)
        if any(isinstance(mark, Picture) for _, marks in page.placed for mark in marks)
    )
    first = next(photos, None)
    below = () if first is None else (Bookmark("现场照片", begin + first),)
    return Bookmark(part.name, begin, below)


def _numbered(page: Page, number: int, total: int) -> Page:
    said = f"案卷共{total}页　第{number}页"
    line = RECORDS.single(said, NUMBER_SIZE, "song")
    x = page.paper.width - page.paper.right - line.width
    return page.with_mark(Text(x, NUMBER_Y, NUMBER_SIZE, line))


def _plain(case: CaseFile) -> bytes:
    """Return what is inside: of each document kind, version, facts and the hash of the facts."""
    return canonical_json(
        {
            "authority": case.authority,
            "case": case.case_no,
            "documents": [
                {
                    "content_sha256": content_sha256(one.facts),
                    "facts": one.facts,
                    "kind": one.kind,
                    "made_on": one.made_on,
                    "version": one.version,
                    "voided": one.voided,
                }
                for one in (case.cover, *case.filed)
            ],
            "title": case.title,
        }
    )
