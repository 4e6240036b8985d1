"""One signature of a PDF file, judged by pyHanko against the roots that the reader trusts."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from inspect_server.gateways.pdf_signing.certificates import PURPOSES
from inspect_server.gateways.pdf_verifying.findings import (
    Certificate,
    Distrust,
    Later,
    Signature,
    Stamp,
)

USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
LONGEST_NAME = 200
HEX = re.compile(rb"<(?:[0-9A-F]*|[0-9a-f]*)>")
DIGESTS = {"1.2.156.10197.1.401": "sm3"}
"""Those that asn1crypto does not know by name."""
WHY = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Distrust.UNKNOWN_ISSUER,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Distrust.OUT_OF_DATE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Distrust.OUT_OF_DATE,
    AdESIndeterminate.EXPIRED: Distrust.OUT_OF_DATE,
    AdESIndeterminate.NOT_YET_VALID: Distrust.OUT_OF_DATE,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Distrust.USAGE,
}


def look_at_signature(
    reader: PdfFileReader,
    field: Any,
    name: str,
    content: bytes,
    roots: Sequence[x509.Certificate],
) -> Signature:
    """
    Return what one filled signature field proves.

    The chain is judged at the time of the trusted stamp where there is one, else at the time that
    the signer claims: a certificate that has expired since does not undo what it signed.

    Args:
        content: The whole file.
        roots: Certificates that the reader trusts.
    """
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        ends = [int(one) for one in embedded.byte_range]
        length = ends[2] + ends[3]
    except Exception:  # whatever a made-up signature makes pyHanko raise
        return Signature(name, False, False, False, False, 0, Later.CHANGED, "", None, None)
    try:
        status, moment = _validated(embedded, roots)
    except Exception:  # whatever a made-up signature makes pyHanko raise
        return _unchecked(embedded, name, content, length)
    stamp = getattr(status, "timestamp_validity", None)
    certificate = _certificate(status, roots)
    if embedded.sig_object_type != "/DocTimeStamp":  # of a stamp's purpose pyHanko takes care
        certificate = _for_documents(certificate, status.signing_cert)
    return Signature(
        field=name,
        is_checked=True,
        intact=bool(status.intact),
        valid=bool(status.valid),
        whole=_is_whole(embedded, content),
        length=length,
        later=_later(embedded, content, length),
        claimed_at=_iso(embedded.self_reported_timestamp) if moment is None else _iso(moment),
        certificate=certificate,
        stamp=stamp and Stamp(_iso(stamp.timestamp), _holds(stamp), _certificate(stamp, roots)),
    )


def _validated(
    embedded: EmbeddedPdfSignature, roots: Sequence[x509.Certificate]
) -> tuple[Any, datetime | None]:
    """Return pyHanko's status; of a signature that is a time stamp itself also its moment."""
    trusted = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots]

    def at(moment: datetime | None) -> ValidationContext:
        return ValidationContext(trust_roots=trusted, moment=moment, allow_fetching=False)

    stamped = _stamped_at(embedded)
    if embedded.sig_object_type == "/DocTimeStamp":
        own = asyncio.run(async_validate_pdf_timestamp(embedded, at(stamped)))
        return own, own.timestamp
    claimed = embedded.self_reported_timestamp
    status = asyncio.run(
        async_validate_pdf_signature(
            embedded,
            signer_validation_context=at(claimed),
            ts_validation_context=at(stamped),
            key_usage_settings=USAGE,
        )
    )
    stamp = status.timestamp_validity
    if stamp is not None and _holds(stamp) and stamp.trusted and stamped != claimed:
        # What a trusted authority says of the time goes before what the signer says.
        status = asyncio.run(
            async_validate_pdf_signature(
                embedded,
                signer_validation_context=at(stamped),
                ts_validation_context=at(stamped),
                key_usage_settings=USAGE,
            )
        )
    return status, None


def _stamped_at(embedded: EmbeddedPdfSignature) -> datetime | None:
    """Return what the time stamp says, whether or not it holds."""
    signed: Any = embedded.signed_data
    if embedded.sig_object_type != "/DocTimeStamp":
        tokens = [
            one["values"][0]
            for one in embedded.signer_info["unsigned_attrs"] or ()
            if one["type"].native == "signature_time_stamp_token"
        ]
        if not tokens:
            return None
        signed = tokens[0]["content"]
    moment: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _unchecked(embedded: EmbeddedPdfSignature, name: str, content: bytes, length: int) -> Signature:
    """Return what can be said of a signature whose value cannot be checked here, such as SM2."""
    try:
        own = _plain_certificate(embedded.signer_cert, Distrust.OTHER)
        claimed = _iso(embedded.self_reported_timestamp)
        whole, later = _is_whole(embedded, content), _later(embedded, content, length)
    except Exception:  # whatever a made-up signature makes pyHanko raise
        own, claimed, whole, later = None, "", False, Later.CHANGED
    intact = _has_digest(embedded, content)
    return Signature(name, False, intact, False, whole, length, later, claimed, own, None)


def _has_digest(embedded: EmbeddedPdfSignature, content: bytes) -> bool:
    """Return whether the digest in a signature may be that of its bytes: its value aside."""
    try:
        signer: Any = embedded.signer_info
        (said,) = (
            one["values"][0].native
            for one in signer["signed_attrs"]
            if one["type"].native == "message_digest"
        )
        algorithm = signer["digest_algorithm"]["algorithm"]
        digest = hashlib.new(DIGESTS.get(algorithm.dotted, algorithm.native))
        first, before, after, rest = (int(one) for one in embedded.byte_range)
        digest.update(content[first : first + before])
        digest.update(content[after : after + rest])
        return bool(digest.digest() == said)
    except Exception:  # an algorithm that nobody here knows, a form that has no such attribute
        return True


def _is_whole(embedded: EmbeddedPdfSignature, content: bytes) -> bool:
    """Return whether only the signature itself, and zeros behind it, lie outside the range."""
    if embedded.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    first, before, after, _ = (int(one) for one in embedded.byte_range)
    gap = content[before:after]
    if first != 0 or not HEX.fullmatch(gap):
        return False
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    return not any(raw[parser.peek(raw) :])


def _later(embedded: EmbeddedPdfSignature, content: bytes, length: int) -> Later:
    if length == len(content):
        return Later.NOTHING
    if embedded.reader.xrefs.total_revisions == embedded.signed_revision + 1:
        return Later.CHANGED  # bytes that belong to no revision
    embedded.compute_integrity_info()
    return Later.ADDED if isinstance(embedded.diff_result, DiffResult) else Later.CHANGED


def _holds(status: Any) -> bool:
    return bool(status.intact and status.valid)


def _certificate(status: Any, roots: Sequence[x509.Certificate]) -> Certificate:
    if status.trusted:
        return _plain_certificate(status.signing_cert, "")
    if not roots:
        return _plain_certificate(status.signing_cert, Distrust.NO_ROOTS)
    why = WHY.get(status.trust_problem_indic, Distrust.OTHER)
    return _plain_certificate(status.signing_cert, why)


def _for_documents(said: Certificate, certificate: asn1_x509.Certificate) -> Certificate:
    """Return what is said of a signer's certificate, which has to be one for documents."""
    purposes = certificate.extended_key_usage_value
    if said.distrust or purposes is None:
        return said
    if any(one.dotted in PURPOSES for one in purposes):
        return said
    return replace(said, distrust=Distrust.USAGE)


def _plain_certificate(certificate: asn1_x509.Certificate, distrust: str) -> Certificate:
    return Certificate(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        sha256=certificate.sha256.hex(),
        valid_from=_iso(certificate.not_valid_before),
        valid_to=_iso(certificate.not_valid_after),
        distrust=distrust,
    )


def _name(name: asn1_x509.Name) -> str:
    """Return the common name, with the organisation where it says more; nothing unprintable."""
    parts = name.native
    said = [parts.get(key) for key in ("common_name", "organization_name")]
    flat = [part if isinstance(part, str) else "、".join(part) for part in said if part]
    shown = "，".join(dict.fromkeys(flat)) or name.human_friendly
    return "".join(c if c.isprintable() else "□" for c in shown)[:LONGEST_NAME]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
