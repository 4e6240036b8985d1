"""执法文书: issued documents and their PDFs."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from inspect_server.api import downloads
from inspect_server.api.resource import Resource
from inspect_server.api.schemas import PageOut, PageQuery, Text
from inspect_server.domain.enums import Role
from inspect_server.reads import documents as reads
from inspect_server.reads.visibility import may_see
from inspect_server.usecases.documents import issue_document
from inspect_server.usecases.documents.prints import prints_of
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.files import PDF, pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import CASES

blp = Resource("documents", "", "执法文书：制作、列出、下载、作废")

MAKES = (Role.INSPECTOR, Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)
VOIDS = (Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)


class DocumentQuery(PageQuery):
    """What to look for among the documents that the account may see."""

    text = Text(
        100, load_default="", metadata={"description": "企业名称、文号或检查编号的一部分。"}
    )
    kind = Text(40, load_default="")


class VoidIn(ma.Schema):
    """Why the document is voided."""

    reason = Text(200, required=True)


class IssueIn(ma.Schema):
    """The day instead of those deadlines that have passed; left out where none has."""

    new_deadline = ma.fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "现场所定整改期限已过的，另定的期限，应晚于制作当日；"
            "由主办人员、承办机构负责人或审批人确定。"
        },
    )


class DocumentOut(ma.Schema):
    """An issued document."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    doc_no = ma.fields.String(required=True)
    pdf_sha256 = ma.fields.String(
        required=True, metadata={"description": "制作时的文件（未签名）的 SHA-256。"}
    )
    file_sha256 = ma.fields.String(
        required=True,
        metadata={"description": "下载所得文件的 SHA-256：已签名的为签名文件，否则同 pdf_sha256。"},
    )
    issued_at = ma.fields.AwareDateTime(required=True)
    voided_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class DocumentLineOut(DocumentOut):
    """An issued document in a list."""

    inspection_id = ma.fields.UUID(required=True)
    inspection_no = ma.fields.String(required=True)
    enterprise = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    content_sha256 = ma.fields.String(required=True)
    signed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
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
    template = ma.fields.String(required=True, metadata={"description": "模板版本。"})
    template_before = ma.fields.String(
        required=True,
        metadata={
            "description": "所替代文书的模板版本，本程序没有该版、改用了 `template` 的；否则为空。"
        },
    )


class UncheckedOut(ma.Schema):
    """What a finding cites that nobody has compared with the original text yet."""

    problem = ma.fields.Integer(required=True, metadata={"description": "文书中的问题序号。"})
    citation = ma.fields.String(required=True)


class IssuedDocumentsOut(ma.Schema):
    """The documents in force, and the citations to compare with the original before serving."""

    inspection_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    documents = ma.fields.List(ma.fields.Nested(IssuedOut), required=True)
    undecided = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={
            "description": "须另作《现场处理措施决定书》的问题序号；它不由检查记录自动制作。"
        },
    )
    unchecked = ma.fields.List(
        ma.fields.Nested(UncheckedOut),
        required=True,
        metadata={"description": "所引条文尚未与原文核对，请在送达前核对。"},
    )


class VoidedOut(ma.Schema):
    """A document that is no longer in force."""

    id = ma.fields.UUID(required=True)
    doc_no = ma.fields.String(required=True)
    inspection_id = ma.fields.UUID(required=True)


@blp.route("/documents")
class Documents(MethodView):
    """The documents that the account may see."""

    @allow(*CASES)
    @blp.operation("listDocuments", "列出文书", "最近制作的在前，只含本账号可见的。")
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
    @blp.operation("getDocument", "查看一份文书")
    @blp.response(200, DocumentLineOut)
    def get(self, document_id: UUID) -> reads.DocumentRow:
        """Return one document."""
        with reading() as session:
            return reads.document(session, actor(), document_id)


@blp.route("/documents/<uuid:document_id>/pdf")
class DocumentPdf(MethodView):
    """The file of one document."""

    @allow(*CASES)
    @blp.operation("downloadDocument", "下载文书（PDF）", "发送前重新核对哈希。")
    @blp.response(
        200,
        {"type": "string", "format": "binary"},
        content_type=PDF,
        description="制作时的文件，逐字节不变；已签名的，为签名文件，其开头即制作时的文件。",
    )
    @blp.alt_response(304, description="与 If-None-Match 所列一致，不再发送。")
    def get(self, document_id: UUID) -> Response:
        """Download the PDF."""
        with reading() as session:
            file = reads.document_file(session, actor(), backend().blobs, document_id)
        answer = pdf(file.content, file.row.file_name, inline=False)
        return downloads.unless_known(answer, file.row.file_sha256)


@blp.route("/documents/<uuid:document_id>/receipt")
class DocumentReceipt(MethodView):
    """One document on the paper of portable printers."""

    @allow(*CASES)
    @blp.operation(
        "downloadDocumentReceipt",
        "下载文书的热敏纸版（PDF）",
        "限检查现场交付的文书；80 毫米宽，一页，不印照片，页尾有文号和内容摘要的二维码。",
    )
    @blp.response(
        200,
        {"type": "string", "format": "binary"},
        content_type=PDF,
        description="由文书内容排印，与 A4 版内容相同，不签名。",
    )
    def get(self, document_id: UUID) -> Response:
        """Download the PDF."""
        with reading() as session:
            file = reads.receipt(session, actor(), backend().fonts, document_id)
        return pdf(file.content, file.row.receipt_name, inline=False)


@blp.route("/documents/<uuid:document_id>/void")
class DocumentVoided(MethodView):
    """The voiding of one document."""

    @allow(*VOIDS)
    @blp.operation(
        "voidDocument", "作废文书", "文书仍留存，文号不再使用；再次制作时在原号后加“-1”。"
    )
    @blp.arguments(VoidIn, example={"reason": "整改期限有误"})
    @blp.response(200, VoidedOut)
    def post(self, given: dict[str, Any], document_id: UUID) -> issue_document.VoidedDocument:
        """Void a document; it stays stored and its number is not used again."""
        with begin() as work:
            return issue_document.void_document(work, document_id, given["reason"])


@blp.route("/inspections/<uuid:inspection_id>/documents")
class DocumentsOfInspection(MethodView):
    """The documents of one inspection."""

    @allow(*MAKES)
    @blp.operation(
        "issueDocuments",
        "制作一次检查的文书",
        "记录办结后制作；已有效的不再重做，重复请求不会另占文号。整改期限不晚于制作当日的不制作，须另定期限。",
    )
    @blp.arguments(IssueIn, example={"new_deadline": "2026-04-20"})
    @blp.response(200, IssuedDocumentsOut)
    def post(self, given: dict[str, Any], inspection_id: UUID) -> issue_document.IssuedDocuments:
        """Make the documents of a closed record; what is in force already stays."""
        with reading() as session:
            concerns = may_see(session, actor(), inspection_id)
            most = backend().settings.most_photos
            prints = prints_of(session, backend().blobs, inspection_id, most) if concerns else {}
        with begin() as work:
            return issue_document.issue_documents(work, inspection_id, prints, **given)
