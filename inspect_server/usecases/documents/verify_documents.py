"""Checking issued documents against what was recorded: file, facts and leaf."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.record import leaf_hash
from inspect_server.store import documents
from inspect_server.store import record as store
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import IssuedDocument, SignedDocument
from inspect_server.usecases.documents.prints import pictures
from inspect_server.usecases.work import BlobStore
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError, UnknownKind
from pdf_templates.facts import content_sha256, from_json
from pdf_templates.setting.faces import STANDARD, Fonts, using
from pdf_templates.template import Template


@dataclass(frozen=True)
class DocumentFault:
    """What is wrong with one document."""

    doc_no: str
    code: str  # file | facts | leaf | void | signed | missing
    text: str


@dataclass(frozen=True)
class NotSetAgain:
    """A document of a template version that this program does not have."""

    doc_no: str
    title: str
    version: str


@dataclass(frozen=True)
class DocumentsChecked:
    """
    The outcome. `reproduced` counts documents whose bytes came out the same when set again;
    `differing` those that did not, which another zlib or picture library may cause, so that it is
    no fault by itself; `not_set_again` has those that could not be compared.
    """

    documents: int
    voided: int
    faults: tuple[DocumentFault, ...]
    reproduced: int
    differing: int
    not_set_again: tuple[NotSetAgain, ...] = ()


def verify_documents(
    session: Session,
    blobs: BlobStore,
    *,
    reproduce: bool = False,
    fonts: Fonts = STANDARD,
    advance: Callable[[int], None] = lambda _: None,
) -> DocumentsChecked:
    """
    Check every issued document, voided ones included.

    Args:
        session: A reading session.
        blobs: Where the files lie.
        reproduce: Whether each document is set again from its facts and compared byte by byte.
        fonts: What they are set in.
        advance: Called once a document.
    """
    faults: list[DocumentFault] = []
    lacking: list[NotSetAgain] = []
    voided = reproduced = differing = 0
    rows = documents.all_documents(session)
    signed = documents.all_signed(session)
    for row, number, blob in rows:
        faults += _faults(session, blobs, row, number, blob)
        if row.id in signed:
            faults += _signed_faults(session, blobs, row, number, *signed[row.id])
        voided += row.voided_at is not None
        if reproduce and (form := _form(row)) is None:
            title = catalogue.titled(row.kind, row.template_version)
            lacking.append(NotSetAgain(row.doc_no, title, row.template_version))
        elif reproduce and form is not None:
            same = _same(blobs, fonts, row, form)
            reproduced, differing = reproduced + same, differing + (not same)
        advance(1)
    missing = documents.count(session) - len(rows)
    if missing:
        faults.append(DocumentFault("", "file", f"有 {missing} 份文书没有登记文件"))
    faults += _lost(session, {row.doc_no for row, _, _ in rows})
    return DocumentsChecked(len(rows), voided, tuple(faults), reproduced, differing, tuple(lacking))


def _faults(
    session: Session, blobs: BlobStore, row: IssuedDocument, number: str, blob: Blob
) -> Iterator[DocumentFault]:
    try:
        length = len(blobs.read(row.pdf_sha256))
    except InspectError as error:
        yield DocumentFault(row.doc_no, "file", str(error))
        length = blob.size
    if length != blob.size:
        yield DocumentFault(row.doc_no, "file", "文件长度与登记不符")
    if content_sha256(row.facts) != row.content_sha256:
        yield DocumentFault(row.doc_no, "facts", "文书内容与登记的哈希不符")
    if not isinstance(row.facts, dict) or row.facts.get("doc_no") != row.doc_no:
        yield DocumentFault(row.doc_no, "facts", "文书内容中的文号与登记不符")
    events = list(document_events(session, f"inspection/{number}"))
    wanted = {
        "doc_no": row.doc_no,
        "kind": row.kind,
        "template": row.template_version,
        "content_sha256": row.content_sha256,
        "pdf_sha256": row.pdf_sha256,
        "length": blob.size,
    }
    if not any(type == "doc.issue" and wanted.items() <= body.items() for type, body in events):
        yield DocumentFault(row.doc_no, "leaf", "全过程记录中没有与之一致的制作记录")
    noted = any(type == "doc.void" and body["doc_no"] == row.doc_no for type, body in events)
    if noted != (row.voided_at is not None):
        yield DocumentFault(row.doc_no, "void", "作废状态与全过程记录不符")


def _signed_faults(
    session: Session,
    blobs: BlobStore,
    row: IssuedDocument,
    number: str,
    signed: SignedDocument,
    blob: Blob,
) -> Iterator[DocumentFault]:
    """Yield what is wrong with the signed file: its signature is `documents verify`'s matter."""
    try:
        content = blobs.read(signed.signed_sha256)
        if len(content) != blob.size or not content.startswith(blobs.read(row.pdf_sha256)):
            yield DocumentFault(row.doc_no, "signed", "签名文件的开头不是制作时的文件")
    except InspectError as error:
        yield DocumentFault(row.doc_no, "signed", f"签名文件：{error}")
    wanted = {
        "document": str(row.id),
        "doc_no": row.doc_no,
        "pdf_sha256": row.pdf_sha256,
        "signed_sha256": signed.signed_sha256,
        "certificate_sha256": signed.certificate_sha256,
        "length": blob.size,
    }
    events = document_events(session, f"inspection/{number}")
    if not any(type == "doc.sign" and wanted.items() <= body.items() for type, body in events):
        yield DocumentFault(row.doc_no, "signed", "全过程记录中没有与之一致的签名记录")


def _lost(session: Session, stored: set[str]) -> Iterator[DocumentFault]:
    """Yield the documents that the record knows and the database no longer has."""
    for leaf in store.leaves_of_type(session, "doc.issue"):
        doc_no = json.loads(leaf.content)["body"]["doc_no"]
        if leaf_hash(leaf.content) == leaf.leaf and doc_no not in stored:
            yield DocumentFault(doc_no, "missing", "全过程记录中有制作记录，文书登记却已缺失")


def document_events(session: Session, case: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the document events of a case whose bytes still have their hash."""
    for leaf in store.leaves(session, case):
        if leaf_hash(leaf.content) == leaf.leaf:
            event = json.loads(leaf.content)
            if event["type"].startswith("doc."):
                yield event["type"], event["body"]


def _form(row: IssuedDocument) -> Template | None:
    """Return the version that a document was issued with; None where this program lacks it."""
    try:
        return catalogue.template(row.kind, row.template_version)
    except UnknownKind:
        return None


def _same(blobs: BlobStore, fonts: Fonts, row: IssuedDocument, form: Template) -> bool:
    """Return whether setting the document again gives its bytes."""
    try:
        shown = pictures(blobs, form.photos(from_json(form.facts, row.facts)), {})
        with using(fonts):
            again = catalogue.render(row.kind, row.facts, shown, version=form.version)
        return again == blobs.read(row.pdf_sha256)
    except (DocumentError, InspectError):
        return False
