"""Signing one issued document: the signed file is stored beside the bytes that were issued."""

from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.store import documents
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import IssuedDocument, SignedDocument
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.documents.signing.configured import Signer
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work

MAY_SIGN = (Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)


class VoidedNotSigned(InspectError):
    """A document that is no longer in force is not signed."""

    code, kind = "document.voided_not_signed", "conflict"
    message = "文书 {doc_no} 已作废，不能签名。"


class NotAppended(InspectError):
    """A signer gave back other bytes than those that were issued."""

    code, kind = "signature.not_appended", "broken"
    message = "签名改动了文书 {doc_no} 的原文件，未予保存；请检查签名程序。"


@dataclass(frozen=True)
class Signed:
    """A document that has a signed file."""

    document_id: UUID
    doc_no: str
    signed_sha256: str
    created: bool  # False: it had been signed before


def sign_document(backend: Backend, actor: Actor, signer: Signer, document_id: UUID) -> Signed:
    """
    Sign a document in force; one that is signed already is left as it is.

    The signature is made outside any transaction: an authority for time stamps or another program
    may take seconds, for which nobody else should wait. What changed meanwhile is seen under the
    lock, and then nothing is stored.

    Raises:
        NotFound: No such document, or of an inspection that is none of the actor's.
        Forbidden: Not a supervisor, approver or the office.
        VoidedNotSigned: It was voided.
        KeyNotUsable, NotSigned, SealRefused, NotAppended: No signature came about.
        BlobMissing, BlobDamaged: The stored file.
    """
    settings = backend.settings
    with backend.begin(actor) as work:
        row, _ = _in_force(work, document_id)
        before = documents.signature_of(work.session, row.id)
        if before is not None:
            return Signed(row.id, row.doc_no, before.signed_sha256, created=False)
        pdf_sha256, doc_no = row.pdf_sha256, row.doc_no
        said = Said(work.now, settings.signature_reason, settings.signature_location)
    pdf = backend.blobs.read(pdf_sha256)
    content = signer.sign(pdf, said)
    if not content.startswith(pdf) or len(content) == len(pdf):
        raise NotAppended(doc_no=doc_no)
    with backend.begin(actor) as work:
        return _store(work, document_id, content, signer.certificate_sha256)


def _in_force(work: Work, document_id: UUID) -> tuple[IssuedDocument, str]:
    """Return the document and its case, under the inspection's lock."""
    inspection_id = documents.inspection_of(work.session, document_id)
    visit = open_case(work, inspection_id, *MAY_SIGN, action="签署文书", what="该文书")
    row = documents.fresh(work.session, document_id)
    if row.voided_at is not None:
        raise VoidedNotSigned(doc_no=row.doc_no)
    return row, f"inspection/{visit.number}"


def _store(work: Work, document_id: UUID, content: bytes, certificate_sha256: str) -> Signed:
    row, case = _in_force(work, document_id)
    before = documents.signature_of(work.session, row.id)
    if before is not None:
        return Signed(row.id, row.doc_no, before.signed_sha256, created=False)
    signed_sha256 = work.blobs.put(content)
    blob = Blob(
        sha256=signed_sha256, size=len(content), mime="application/pdf", created_at=work.now
    )
    documents.keep_blob(work.session, blob)
    work.session.add(
        SignedDocument(
            document_id=row.id,
            signed_sha256=signed_sha256,
            certificate_sha256=certificate_sha256,
            signed_at=work.now,
            signed_by=work.actor.label,
        )
    )
    work.session.flush()
    body = {
        "document": str(row.id),
        "doc_no": row.doc_no,
        "pdf_sha256": row.pdf_sha256,
        "signed_sha256": signed_sha256,
        "certificate_sha256": certificate_sha256,
        "length": len(content),
    }
    note(work, "doc.sign", case, body)
    return Signed(row.id, row.doc_no, signed_sha256, created=True)
