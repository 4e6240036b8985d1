"""Issued documents: numbers under a row lock, rows, and what a new issue replaces."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.domain.errors import NotFound
from inspect_server.store.counting import tally
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import (
    DocumentCounter,
    Inspection,
    IssuedDocument,
    SignedDocument,
)

COUNTER = "check_documents"
"""一检一号: all documents of one inspection share one serial, so they share one counter."""


def take_serial(session: Session, year: int) -> int:
    """Return the next serial of a year; its row stays locked until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(DocumentCounter)
        .values(kind=COUNTER, year=year, last_serial=0)
        .on_conflict_do_nothing()
    )
    counter = session.scalars(
        select(DocumentCounter)
        .where(DocumentCounter.kind == COUNTER, DocumentCounter.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    counter.last_serial += 1
    session.flush()
    return counter.last_serial


def of_inspection(session: Session, inspection_id: UUID) -> Sequence[IssuedDocument]:
    """Return every document of an inspection, voided ones included, in the order of issue."""
    return session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.inspection_id == inspection_id)
        .order_by(IssuedDocument.issued_at, IssuedDocument.kind, IssuedDocument.sub_serial)
    ).all()


def to_print(session: Session, inspection_id: UUID) -> list[str]:
    """Return the photos that a closed record names while no record document is in force."""
    closed = session.scalar(select(Inspection.record).where(Inspection.id == inspection_id))
    in_force = select(IssuedDocument.id).where(
        IssuedDocument.inspection_id == inspection_id,
        IssuedDocument.kind == "inspection_record",
        IssuedDocument.voided_at.is_(None),
    )
    if closed is None or session.scalar(in_force) is not None:
        return []
    return [photo["sha256"] for photo in closed["photos"]]


def inspection_of(session: Session, document_id: UUID) -> UUID:
    """
    Return the inspection whose lock guards a document.

    Raises:
        NotFound: No such document.
    """
    found = session.scalar(
        select(IssuedDocument.inspection_id).where(IssuedDocument.id == document_id)
    )
    if found is None:
        raise NotFound(what="该文书")
    return found


def fresh(session: Session, document_id: UUID) -> IssuedDocument:
    """Return a document as it stands now; call it under its inspection's lock."""
    return session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.id == document_id)
        .execution_options(populate_existing=True)
    ).one()


def signature_of(session: Session, document_id: UUID) -> SignedDocument | None:
    """Return the signed file's row of a document as it stands now; None where it is unsigned."""
    return session.scalar(
        select(SignedDocument)
        .where(SignedDocument.document_id == document_id)
        .execution_options(populate_existing=True)
    )


def keep_blob(session: Session, blob: Blob) -> None:
    """Enter a stored file unless it already is."""
    if session.get(Blob, blob.sha256) is None:
        session.add(blob)
        tally.count_row(session, tally.FILE, blob)
        session.flush()


def count(session: Session) -> int:
    """Return how many documents were ever issued."""
    return session.scalar(select(func.count()).select_from(IssuedDocument)) or 0


def all_documents(session: Session) -> Sequence[tuple[IssuedDocument, str, Blob]]:
    """Return every document with its case's number and the row of its file."""
    rows = session.execute(
        select(IssuedDocument, Inspection.number, Blob)
        .join(Inspection, Inspection.id == IssuedDocument.inspection_id)
        .join(Blob, Blob.sha256 == IssuedDocument.pdf_sha256)
        .order_by(Inspection.number, IssuedDocument.kind, IssuedDocument.sub_serial)
    )
    return [(document, number, blob) for document, number, blob in rows]


def all_signed(session: Session) -> Mapping[UUID, tuple[SignedDocument, Blob]]:
    """Return every signed file's row and the row of the file, by document."""
    rows = session.execute(
        select(SignedDocument, Blob).join(Blob, Blob.sha256 == SignedDocument.signed_sha256)
    )
    return {row.document_id: (row, blob) for row, blob in rows}


Found = tuple[IssuedDocument, str, Blob, SignedDocument | None]
"""A document, its case's number, the row of its issued file, its signed file."""


def by_file(session: Session, sha256: str) -> Found | None:
    """Return the document whose issued or signed file has this hash."""
    return _found(
        session, or_(IssuedDocument.pdf_sha256 == sha256, SignedDocument.signed_sha256 == sha256)
    )


def by_number(session: Session, doc_no: str) -> Found | None:
    """Return the document of this 文号, voided or not."""
    return _found(session, IssuedDocument.doc_no == doc_no)


def _found(session: Session, condition: ColumnElement[bool]) -> Found | None:
    query = (
        select(IssuedDocument, Inspection.number, Blob, SignedDocument)
        .join(Inspection, Inspection.id == IssuedDocument.inspection_id)
        .join(Blob, Blob.sha256 == IssuedDocument.pdf_sha256)
        .outerjoin(SignedDocument, SignedDocument.document_id == IssuedDocument.id)
        .where(condition)
        .limit(1)
    )
    return session.execute(query).one_or_none()
