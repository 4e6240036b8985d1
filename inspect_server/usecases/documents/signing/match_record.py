"""What the record says of a file that somebody brings."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from inspect_server.gateways.pdf_verifying.findings import Findings
from inspect_server.store import documents
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import IssuedDocument, SignedDocument
from inspect_server.usecases.documents.verify_documents import document_events
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.facts import content_sha256
from pdf_templates.setting.faces import Fonts, using

BLOCK = 1_048_576
LONGEST_NUMBER = 80


class Bytes(StrEnum):
    """How the file's bytes relate to those that were stored."""

    SIGNED = "signed"  # the signed file itself
    ISSUED = "issued"  # the file as it was issued, without a signature
    ADDED = "added"  # it begins with the one or the other, and something else follows
    RECEIPT = "receipt"  # its content as it is set on 80 mm paper
    OTHER = "other"


@dataclass(frozen=True)
class RecordMatch:
    """The document that a file says it is, and what of it agrees with the record."""

    doc_no: str
    title: str
    inspection_no: str
    issued_at: datetime
    voided_at: datetime | None
    is_signed: bool  # whether a signed file was stored
    bytes: Bytes
    is_content_same: bool  # the embedded facts are those that were issued
    is_record_whole: bool  # the facts that the database has are those that were issued
    is_noted: bool  # the leaf doc.issue, and doc.sign of the signed file, say the same


def match_record(
    session: Session, path: Path, findings: Findings, fonts: Fonts
) -> RecordMatch | None:
    """
    Return the document whose bytes these are, or whose 文号 the embedded facts name.

    None where the record knows neither. A receipt is recognised by setting it again in `fonts`.
    """
    found = documents.by_file(session, findings.sha256) or documents.by_number(
        session, doc_no_of(findings)
    )
    if found is None:
        return None
    row, number, blob, signed = found
    events = list(document_events(session, f"inspection/{number}"))
    return RecordMatch(
        doc_no=row.doc_no,
        title=catalogue.titled(row.kind, row.template_version),
        inspection_no=number,
        issued_at=row.issued_at,
        voided_at=row.voided_at,
        is_signed=signed is not None,
        bytes=_bytes(path, findings, fonts, row, blob, signed),
        # The facts stand inside in their canonical form, so their bytes have that hash.
        is_content_same=_sha256(findings.facts) == row.content_sha256,
        is_record_whole=content_sha256(row.facts) == row.content_sha256,
        is_noted=all(_noted(events, wanted) for wanted in _leaves(row, blob, signed)),
    )


def doc_no_of(findings: Findings) -> str:
    """Return the 文号 that the embedded facts name; "" for none, or for what can be none."""
    try:
        facts = json.loads(findings.facts) if findings.facts else {}
    except (ValueError, RecursionError):
        return ""
    said = facts.get("doc_no") if isinstance(facts, dict) else None
    is_possible = isinstance(said, str) and said.isprintable() and len(said) <= LONGEST_NUMBER
    return str(said) if is_possible else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _bytes(
    path: Path,
    findings: Findings,
    fonts: Fonts,
    row: IssuedDocument,
    blob: Blob,
    signed: SignedDocument | None,
) -> Bytes:
    if signed is not None and findings.sha256 == signed.signed_sha256:
        return Bytes.SIGNED
    if findings.sha256 == row.pdf_sha256:
        return Bytes.ISSUED
    if findings.length > blob.size and _begins_with(path, blob.size, row.pdf_sha256):
        return Bytes.ADDED
    return Bytes.RECEIPT if findings.sha256 in _receipts(row, fonts) else Bytes.OTHER


def _receipts(row: IssuedDocument, fonts: Fonts) -> Iterator[str]:
    """Yield the hash of the document on 80 mm paper as it came before and after it was voided."""
    for watermark in ("", "作废") if row.voided_at is not None else ("",):
        try:
            with using(fonts):
                receipt = catalogue.render_receipt(
                    row.kind, row.facts, version=row.template_version, watermark=watermark
                )
        except DocumentError:
            return  # it is not left on site, or of a version that this program lacks
        yield hashlib.sha256(receipt).hexdigest()


def _begins_with(path: Path, size: int, sha256: str) -> bool:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for start in range(0, size, BLOCK):
            digest.update(file.read(min(BLOCK, size - start)))
    return digest.hexdigest() == sha256


def _leaves(
    row: IssuedDocument, blob: Blob, signed: SignedDocument | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "doc.issue",
        {
            "doc_no": row.doc_no,
            "content_sha256": row.content_sha256,
            "pdf_sha256": row.pdf_sha256,
            "length": blob.size,
        },
    )
    if signed is not None:
        yield "doc.sign", {"document": str(row.id), "signed_sha256": signed.signed_sha256}


def _noted(events: list[tuple[str, dict[str, Any]]], wanted: tuple[str, dict[str, Any]]) -> bool:
    name, said = wanted
    return any(type == name and said.items() <= body.items() for type, body in events)
