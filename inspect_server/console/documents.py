"""The list of documents, and a document as PDF."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.console.asking import page_number, search_text
from inspect_server.reads import documents as reads
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.files import pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import CASES


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/documents", "documents", documents)
    console.add_url_rule("/documents/<uuid:document_id>.pdf", "document_pdf", document_pdf)
    console.add_url_rule(
        "/documents/<uuid:document_id>/receipt.pdf", "document_receipt", document_receipt
    )


@allow(*CASES)
def documents() -> ResponseReturnValue:
    """Show the documents of inspections that concern the account."""
    text = search_text("q")
    with reading() as session:
        page = reads.listing(session, actor(), text=text, page=page_number())
    return render_template("documents.html", page=page, q=text)


@allow(*CASES)
def document_pdf(document_id: UUID) -> Response:
    """Show a document in the browser's own viewer; ?download saves it."""
    with reading() as session:
        file = reads.document_file(session, actor(), backend().blobs, document_id)
    return pdf(file.content, file.row.file_name, inline="download" not in request.args)


@allow(*CASES)
def document_receipt(document_id: UUID) -> Response:
    """Show a document as portable printers print it."""
    with reading() as session:
        file = reads.receipt(session, actor(), backend().fonts, document_id)
    return pdf(file.content, file.row.receipt_name, inline=True)
