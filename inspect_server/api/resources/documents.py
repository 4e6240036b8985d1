"""执法文书: issued documents and their PDFs."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import PageOut, PageQuery, Text
from inspect_server.domain.enums import Role
from inspect_server.reads import documents as reads
from inspect_server.usecases.documents import issue_document
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.files import PDF, pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import CASES

blp = Resource("documents", "", "执法文书：制作、列出、下载、作废")

MAKES = (Role.INSPECTOR, Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)
VOIDS = (Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)


class DocumentQuery(PageQuery):
    """What to look for among the documents that the account may see."""

    text = Text(100, load_default="", metadata={"description": "Part of name, 文号 or number."})
    kind = Text(40, load_default="")


class VoidIn(ma.Schema):
    """Why the document is voided."""

    reason = Text(200, required=True)


class DocumentOut(ma.Schema):
    """An issued document."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    doc_no = ma.fields.String(required=True)
    pdf_sha256 = ma.fields.String(required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    voided_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class DocumentLineOut(DocumentOut):
    """An issued document in a list."""

    inspection_id = ma.fields.UUID(required=True)
    inspection_no = ma.fields.String(required=True)
    enterprise = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    content_sha256 = ma.fields.String(required=True)
    void_reason = ma.fields.String(required=True)


class DocumentListOut(PageOut):
    """One page of documents, the latest first."""

    rows = ma.fields.List(ma.fields.Nested(DocumentLineOut), required=True)


class IssuedOut(ma.Schema):
    """One document in force; `created` is false where it had been issued before."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    doc_no = ma.fields.String(required=True)
    content_sha256 = ma.fields.String(required=True)
    pdf_sha256 = ma.fields.String(required=True)
    created = ma.fields.Boolean(required=True)


class IssuedDocumentsOut(ma.Schema):
    """The documents of one inspection that are in force."""

    inspection_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    documents = ma.fields.List(ma.fields.Nested(IssuedOut), required=True)


class VoidedOut(ma.Schema):
    """A document that is no longer in force."""

    id = ma.fields.UUID(required=True)
    doc_no = ma.fields.String(required=True)
    inspection_id = ma.fields.UUID(required=True)


@blp.route("/documents")
class Documents(MethodView):
    """The documents that the account may see."""

    @allow(*CASES)
    @blp.arguments(DocumentQuery, location="query")
    @blp.response(200, DocumentListOut)
    def get(self, query: dict[str, Any]) -> Any:
        """List documents, the latest first."""
        with reading() as session:
            return reads.listing(session, actor(), **query)


@blp.route("/documents/<uuid:document_id>")
class Document(MethodView):
    """One document."""

    @allow(*CASES)
    @blp.response(200, DocumentLineOut)
    def get(self, document_id: UUID) -> reads.DocumentRow:
        """Return one document."""
        with reading() as session:
            return reads.document(session, actor(), document_id)


@blp.route("/documents/<uuid:document_id>/pdf")
class DocumentPdf(MethodView):
    """The file of one document."""

    @allow(*CASES)
    @blp.response(
        200,
        {"type": "string", "format": "binary"},
        content_type=PDF,
        description="The PDF as it was issued, re-hashed before it is sent.",
    )
    def get(self, document_id: UUID) -> Response:
        """Download the PDF."""
        with reading() as session:
            file = reads.document_file(session, actor(), backend().blobs, document_id)
        return pdf(file.content, file.row.file_name, inline=False)


@blp.route("/documents/<uuid:document_id>/void")
class DocumentVoided(MethodView):
    """The voiding of one document."""

    @allow(*VOIDS)
    @blp.arguments(VoidIn)
    @blp.response(200, VoidedOut)
    def post(self, given: dict[str, Any], document_id: UUID) -> issue_document.VoidedDocument:
        """Void a document; it stays stored and its number is not used again."""
        with begin() as work:
            return issue_document.void_document(work, document_id, given["reason"])


@blp.route("/inspections/<uuid:inspection_id>/documents")
class DocumentsOfInspection(MethodView):
    """The documents of one inspection."""

    @allow(*MAKES)
    @blp.response(200, IssuedDocumentsOut)
    def post(self, inspection_id: UUID) -> issue_document.IssuedDocuments:
        """Make the documents of a closed record; what is in force already stays."""
        with begin() as work:
            return issue_document.issue_documents(work, inspection_id)
