"""Issued documents as lists show them, and their files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.reads.paging import Page, behind, bounds, going_on
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.models.inspection import Inspection, IssuedDocument, SignedDocument
from inspect_server.store.models.registry import Enterprise
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.setting.faces import Fonts, using


class NoReceipt(InspectError):
    """The document cannot be set on the paper of portable printers."""

    code, kind = "document.no_receipt", "conflict"
    message = "{reason}"


class NoSuchDocument(NotFound):
    """No document has this 文号, or the viewer may not know of it."""

    message = "没有找到文号为 {doc_no} 的文书，请运行 documents list 查看全部文号后重试。"


class Files(Protocol):
    """Where the bytes are."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes of this hash, re-hashed."""


@dataclass(frozen=True)
class DocumentRow:
    """One issued document."""

    id: UUID
    inspection_id: UUID
    inspection_no: str
    enterprise: str
    kind: str
    title: str
    doc_no: str
    content_sha256: str
    pdf_sha256: str
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str
    signed_at: datetime | None
    signed_sha256: str  # "" where it is not signed

    @property
    def file_sha256(self) -> str:
        """The file that leaves the house: the signed one where there is one."""
        return self.signed_sha256 or self.pdf_sha256

    @property
    def file_name(self) -> str:
        """Such as 现场检查记录_（苏·云）应急检记〔2026〕1号.pdf; a voided one says so."""
        return self._named("")

    @property
    def receipt_name(self) -> str:
        """The same on the paper of portable printers, so that neither replaces the other."""
        return self._named("_热敏纸")

    def _named(self, paper: str) -> str:
        mark = "_已作废" if self.voided_at else ""
        return f"{self.title}_{self.doc_no}{paper}{mark}.pdf".replace("/", "／").replace("\\", "＼")

    @property
    def is_left_on_site(self) -> bool:
        """Whether it also comes on the paper of portable printers."""
        return catalogue.template(self.kind).receipt is not None


@dataclass(frozen=True)
class DocumentFile:
    """A document's file."""

    row: DocumentRow
    content: bytes


def documents(
    session: Session,
    viewer: Viewer,
    *,
    inspection_no: str | None = None,
    with_voided: bool = True,
) -> list[DocumentRow]:
    """Return the documents that somebody may see, by inspection and in the order of issue."""
    in_order = (Inspection.number, IssuedDocument.issued_at, IssuedDocument.kind)
    query = _rows().where(visible(viewer)).order_by(*in_order)
    if inspection_no is not None:
        query = query.where(Inspection.number == inspection_no)
    if not with_voided:
        query = query.where(IssuedDocument.voided_at.is_(None))
    return [_row(*found) for found in session.execute(query)]


def listing(
    session: Session,
    viewer: Viewer,
    *,
    text: str = "",
    kind: str = "",
    page: int = 1,
    size: int = 50,
    after: str = "",
) -> Page[DocumentRow]:
    """
    Return the documents that somebody may see, the latest first.

    Args:
        text: Part of the enterprise's name, of the 文号 (its brackets as keyboards have them, too)
            or of the inspection's number.
        kind: Only this 文种.
        page: From 1.
        size: Rows a page, at most paging.MAX_SIZE.
        after: The document behind which the pages begin; what an earlier page called `next`.

    Raises:
        BadInput: `after` is not what an earlier page gave.
    """
    query = _rows().where(visible(viewer))
    if wanted := text.strip():
        places = (Enterprise.name, IssuedDocument.doc_no, Inspection.number)
        found_in = [place.contains(wanted, autoescape=True) for place in places]
        as_printed = IssuedDocument.doc_no.contains(_as_printed(wanted), autoescape=True)
        query = query.where(or_(*found_in, as_printed))
    if kind:
        query = query.where(IssuedDocument.kind == kind)
    limit, offset = bounds(page, size)
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    total = session.scalar(counted) or 0
    if after:
        query = query.where(_behind(session, after))
    latest = (
        IssuedDocument.issued_at.desc(),
        Inspection.number,
        IssuedDocument.kind,
        IssuedDocument.id,
    )
    rows = session.execute(query.order_by(*latest).limit(limit).offset(offset))
    found = tuple(_row(*one) for one in rows)
    further = going_on([str(row.id) for row in found], limit)
    return Page(found, total, max(page, 1), limit, further)


def document(session: Session, viewer: Viewer, document_id: UUID) -> DocumentRow:
    """
    Return one document.

    Raises:
        NotFound: No such document, or the viewer may not know of it.
    """
    wanted = _rows().where(IssuedDocument.id == document_id, visible(viewer))
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(what="该文书")
    return _row(*found)


def document_file(
    session: Session, viewer: Viewer, files: Files, document_id: UUID
) -> DocumentFile:
    """
    Return one document with its bytes, re-hashed: the signed file where there is one.

    Raises:
        NotFound: As `document`.
        BlobMissing, BlobDamaged: The stored file.
    """
    row = document(session, viewer, document_id)
    return DocumentFile(row, files.read(row.file_sha256))


def receipt(session: Session, viewer: Viewer, fonts: Fonts, document_id: UUID) -> DocumentFile:
    """
    Return one document set on 80 mm paper; a voided one says so behind its text.

    Raises:
        NotFound: As `document`.
        NoReceipt: A document that is not left on site, or of a version that this program lacks.
    """
    row = document(session, viewer, document_id)
    issued = session.get_one(IssuedDocument, document_id)
    watermark = "作废" if row.voided_at else ""
    try:
        with using(fonts):
            content = catalogue.render_receipt(
                row.kind, issued.facts, version=issued.template_version, watermark=watermark
            )
    except DocumentError as error:
        raise NoReceipt(reason=str(error)) from None
    return DocumentFile(row, content)


def by_number(session: Session, viewer: Viewer, doc_no: str) -> DocumentRow:
    """
    Return the document of this 文号, whose brackets may be typed as keyboards have them.

    Raises:
        NoSuchDocument: No such number, or the viewer may not know of it.
    """
    typed = {doc_no.strip(), _as_printed(doc_no)}
    wanted = _rows().where(IssuedDocument.doc_no.in_(typed), visible(viewer))
    found = session.execute(wanted).first()
    if found is None:
        raise NoSuchDocument(doc_no=doc_no)
    return _row(*found)


def waiting(session: Session, viewer: Viewer) -> list[tuple[UUID, str]]:
    """Return id and number of the inspections whose record is closed and that lack documents."""
    query = (
        select(Inspection.id, Inspection.number)
        .where(Inspection.state == InspectionState.RECORD_CLOSED, visible(viewer))
        .order_by(Inspection.number)
    )
    return [(id, number) for id, number in session.execute(query)]


TYPED = str.maketrans(
    {"(": "（", ")": "）", **dict.fromkeys("[［【", "〔"), **dict.fromkeys("]］】", "〕")}
)
"""Brackets of keyboards, and what a 文号 has for them."""


def _as_printed(doc_no: str) -> str:
    return "".join(doc_no.split()).translate(TYPED)


def _behind(session: Session, after: str) -> ColumnElement[bool]:
    columns = (
        (IssuedDocument.issued_at, True),
        (Inspection.number, False),
        (IssuedDocument.kind, False),
        (IssuedDocument.id, False),
    )
    try:
        wanted = UUID(after)
    except ValueError:
        raise BadInput(field="after", reason="应为上一页给出的 next") from None
    last = session.execute(
        select(*(column for column, _ in columns))
        .join(Inspection, Inspection.id == IssuedDocument.inspection_id)
        .where(IssuedDocument.id == wanted)
    ).one_or_none()
    if last is None:
        raise BadInput(field="after", reason="应为上一页给出的 next")
    return behind([(*column, value) for column, value in zip(columns, last, strict=True)])


def _rows() -> Select[IssuedDocument, str, str, SignedDocument]:
    return (
        select(IssuedDocument, Inspection.number, Enterprise.name, SignedDocument)
        .join(Inspection, Inspection.id == IssuedDocument.inspection_id)
        .join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .outerjoin(SignedDocument, SignedDocument.document_id == IssuedDocument.id)
    )


def _row(
    row: IssuedDocument, number: str, enterprise: str, signed: SignedDocument | None
) -> DocumentRow:
    return DocumentRow(
        id=row.id,
        inspection_id=row.inspection_id,
        inspection_no=number,
        enterprise=enterprise,
        kind=row.kind,
        title=catalogue.titled(row.kind, row.template_version),
        doc_no=row.doc_no,
        content_sha256=row.content_sha256,
        pdf_sha256=row.pdf_sha256,
        issued_at=row.issued_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason or "",
        signed_at=signed.signed_at if signed else None,
        signed_sha256=signed.signed_sha256 if signed else "",
    )
