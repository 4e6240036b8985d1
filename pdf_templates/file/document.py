"""
The objects of a PDF/A-3u (ISO 19005-3) around the pages, by ReportLab's object layer.

What ReportLab's own page and catalogue leave out or add is written here: the metadata, the colour
space, the facts as an embedded file; no transitions, no page that depends on an unembedded font,
and a line's end before every `endstream`.
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reportlab.pdfbase import pdfdoc

from pdf_templates.file import srgb
from pdf_templates.file.conformance import PDFA_3U, Conformance
from pdf_templates.file.packet import PRODUCER, packet
from pdf_templates.setting.page import Paper

LEVEL = 1
"""Of compression: half the time of 6. Streams grow by a quarter, files, mostly glyphs, by 1 %."""


@dataclass(frozen=True)
class Meta:
    """
    What the file says of itself; the moment comes from the facts, never from a clock.

    Raises:
        ValueError: Info and metadata could not say the same: a moment without an offset of whole
            minutes, or a text with control characters.
    """

    title: str
    author: str
    subject: str
    made_at: datetime

    def __post_init__(self) -> None:
        """Refuse what cannot be said in both ways."""
        offset = self.made_at.utcoffset()
        if offset is None or offset.total_seconds() % 60:
            raise ValueError(f"no offset of whole minutes: {self.made_at.isoformat()}")
        if any(char < " " for char in self.title + self.author + self.subject):
            raise ValueError("a control character in what the file says of itself")


@dataclass(frozen=True)
class Attachment:
    """A file inside the file: the facts that it was set from."""

    name: str
    mime: str
    description: str
    content: bytes


class Written(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """An object in its final form."""

    def __init__(self, text: str) -> None:
        """Keep ASCII text."""
        self._text = text

    def parts(self) -> Sequence[bytes]:
        """Return the object as it stands in the file, in parts."""
        return (self._text.encode("ascii"),)


class Stream(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """A stream whose bytes stand as they are."""

    def __init__(self, content: bytes, entries: str = "") -> None:
        """Keep the bytes, and entries of the dictionary but its length."""
        self._content = content
        self._entries = entries

    def parts(self) -> Sequence[bytes]:
        """Return the object as it stands in the file, in parts, none of them copied."""
        head = f"<< {self._entries} /Length {len(self._content)} >>\nstream\n"
        return head.encode("ascii"), self._content, b"\nendstream"


class _Objects(pdfdoc.PDFDocument):  # type: ignore[misc]  # ReportLab has no types
    """ReportLab's numbered objects, none of which is encrypted or adds others."""

    def format(self) -> bytes:
        """Return the file; ReportLab's own way there copies a photo four times."""
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        file = pdfdoc.PDFFile(self._pdfVersion)
        for number, name in self.numberToId.items():
            self.idToOffset[name] = file.add(f"{number} 0 obj\n".encode("ascii"))
            for part in self.idToObject[name].parts():
                file.add(part)
            file.add(b"\nendobj\n")
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, [*self.numberToId.values()])
        begin = file.add(table.format(self))
        size = len(self.numberToId) + 1
        trailer = pdfdoc.PDFTrailer(begin, Size=size, Root=root, Info=info, ID=self.ID())
        file.add(trailer.format(self))
        content: bytes = file.format(self)
        return content


def deflated(content: bytes, entries: str = "") -> Stream:
    """Return a stream of these bytes, compressed."""
    return Stream(zlib.compress(content, LEVEL), f"/Filter /FlateDecode {entries}".rstrip())


class Document:
    """The objects of one file; they are numbered in the order in which they are added."""

    def __init__(
        self,
        meta: Meta,
        attachments: Sequence[Attachment] = (),
        conformance: Conformance = PDFA_3U,
    ) -> None:
        """
        Begin with what stands around the pages.

        Raises:
            ValueError: A file of this conformance holds no other files.
        """
        if attachments and not conformance.attachments:
            raise ValueError(f"no attachments in PDF/A-{conformance.part}")
        self.conformance = conformance
        self._objects = _Objects(compression=0, invariant=1, pdfVersion=conformance.version)
        self._objects.numberToId.clear()  # the standard fonts that it lists unembedded
        self._objects.idToObject.clear()
        self._objects.idToObjectNumberAndVersion.clear()
        self._objects.objectcounter = 0
        self._digest = hashlib.sha256()
        self._names: dict[str, str] = {}  # of what was reserved, by pointer
        self._tree = self.reserve()
        self._pages: list[str] = []
        self._meta = meta
        self._attached = [(one, self._attach(one)) for one in attachments]

    def add(self, thing: Written | Stream) -> str:
        """Add an object; return how others point to it."""
        name = f"o{self._objects.objectcounter + 1}"
        reference = self._objects.Reference(thing, name)
        pointer: str = reference.format(self._objects).decode("ascii")
        self._names[pointer] = name
        return pointer

    def reserve(self) -> str:
        """Return how others point to an object that will be `put` later."""
        return self.add(Written("null"))

    def put(self, pointer: str, content: str) -> None:
        """Say what a reserved object is."""
        self._objects.idToObject[self._names[pointer]] = Written(content)

    def add_page(
        self, content: str, paper: Paper, resources: str, links: Sequence[str] = ()
    ) -> str:
        """
        Add a page; return how others point to it.

        Args:
            content: Its drawing operators.
            paper: Its size.
            resources: Pointer to its fonts and images.
            links: Pointers to the annotations that stand on it.
        """
        code = content.encode("ascii")
        self._digest.update(code)
        stream = self.add(deflated(code))
        box = f"[0 0 {paper.width:.2f} {paper.height:.2f}]"
        annotated = f" /Annots [{' '.join(links)}]" if links else ""
        page = self.add(
            Written(
                f"<< /Type /Page /Parent {self._tree} /MediaBox {box}"
                f" /Resources {resources} /Contents {stream}{annotated} >>"
            )
        )
        self._pages.append(page)
        return page

    def finish(self, entries: str = "") -> bytes:
        """
        Return the file.

        Args:
            entries: Further entries of the catalogue, such as outlines.
        """
        kids = " ".join(self._pages)
        self.put(self._tree, f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>")
        self._objects.Catalog = Written(self._catalogue(entries))
        self._objects.info = Written(self._info())
        self._objects._ID = self._fingerprint()
        content: bytes = self._objects.format()
        return content

    def _catalogue(self, entries: str) -> str:
        meta = self._meta
        said = packet(meta.title, meta.author, meta.subject, meta.made_at, self.conformance)
        metadata = self.add(Stream(said, "/Type /Metadata /Subtype /XML"))
        profile = self.add(deflated(srgb.profile(), "/N 3"))
        intent = (
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier"
            f" ({srgb.NAME}) /Info ({srgb.NAME}) /DestOutputProfile {profile} >>"
        )
        parts = [
            f"<< /Type /Catalog /Pages {self._tree} /Metadata {metadata}",
            f"/OutputIntents [{intent}] /Lang (zh-CN) /MarkInfo << /Marked false >>",
        ]
        if self._attached:
            ordered = sorted(self._attached, key=lambda pair: _string(pair[0].name))
            named = " ".join(f"{text(one.name)} {at}" for one, at in ordered)
            files = " ".join(at for _, at in self._attached)
            parts.append(f"/AF [{files}] /Names << /EmbeddedFiles << /Names [{named}] >> >>")
        return " ".join([*parts, entries, ">>"])

    def _info(self) -> str:
        meta, at = self._meta, text(date(self._meta.made_at))
        return (
            f"<< /Title {text(meta.title)} /Author {text(meta.author)}"
            f" /Subject {text(meta.subject)} /Creator {text(PRODUCER)} /Producer {text(PRODUCER)}"
            f" /CreationDate {at} /ModDate {at} >>"
        )

    def _fingerprint(self) -> bytes:
        """Return the file's identifier, which follows from what it says and shows."""
        self._digest.update(self._info().encode("ascii"))
        for one, _ in self._attached:
            self._digest.update(one.content)
        half = self._digest.hexdigest()[:32].upper()
        return f"[<{half}> <{half}>]".encode("ascii")

    def _attach(self, one: Attachment) -> str:
        check = hashlib.md5(one.content, usedforsecurity=False).hexdigest()
        stream = self.add(
            deflated(
                one.content,
                f"/Type /EmbeddedFile /Subtype /{one.mime.replace('/', '#2F')}"
                f" /Params << /Size {len(one.content)} /CheckSum <{check}>"
                f" /ModDate {text(date(self._meta.made_at))} >>",
            )
        )
        name = text(one.name)
        return self.add(
            Written(
                f"<< /Type /Filespec /F {name} /UF {name} /Desc {text(one.description)}"
                f" /AFRelationship /Source /EF << /F {stream} /UF {stream} >> >>"
            )
        )


def text(value: str) -> str:
    """Return a text string object: as it is where it is plain, else UTF-16 in hex."""
    if value.isascii() and value.isprintable() and not set(value) & set("()\\"):
        return f"({value})"
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


def _string(value: str) -> bytes:
    """Return the bytes that a text string object stands for, by which name trees are sorted."""
    shown = text(value)
    return shown[1:-1].encode("ascii") if shown[0] == "(" else bytes.fromhex(shown[1:-1])


def date(moment: datetime) -> str:
    """Return a date as ISO 32000-1, 7.9.4 writes it."""
    offset = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def name_entries(named: Mapping[str, str]) -> str:
    """Return dictionary entries of names and pointers, such as fonts or images."""
    return " ".join(f"/{name} {at}" for name, at in named.items())
