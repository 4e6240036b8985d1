"""One signature of a PDF file, judged by pyHanko against the roots that the reader trusts."""

import hashlib
import re
from datetime import datetime
from typing import Any

from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel

from inspect_server.gateways.pdf_verifying.findings import (
    Certificate,
    Distrust,
    Later,
    Signature,
    Stamp,
)
from inspect_server.gateways.pdf_verifying.trusting import Trust, done

USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
LONGEST_NAME = 200
HEX = re.compile(rb"<(?:[0-9A-F]*|[0-9a-f]*)>")
DIGESTS = {"1.2.156.10197.1.401": "sm3"}
"""Those that asn1crypto does not know by name."""


def look_at_signature(
    reader: PdfFileReader,
    field: Any,
    name: str,
    content: bytes,
    trust: Trust,
) -> Signature:
    """
    Return what one filled signature field proves.

    The chain is judged at the time of the trusted stamp where there is one, else at the time that
    the signer claims: a certificate that has expired since does not undo what it signed. A time
    that has not come yet proves nothing; then it is judged now.

    Args:
        content: The whole file.
        trust: Certificates that the reader trusts.
    """
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        ends = [int(one) for one in embedded.byte_range]
        length = ends[2] + ends[3]
    except Exception:  # whatever a made-up signature makes pyHanko raise
        return Signature(name, False, False, False, False, 0, Later.CHANGED, "", None, None)
    try:
        status, moment, stamped = _validated(embedded, trust)
        is_stamp = _is_stamp(embedded)
        own = _certificate(status, trust, moment, stamps=is_stamp)
        stamp = getattr(status, "timestamp_validity", None)
        marked = stamp and Stamp(
            _iso(stamp.timestamp),
            _holds(stamp),
            _certificate(stamp, trust, stamped, stamps=True),
        )
    except Exception:  # whatever a made-up signature makes pyHanko raise
        return _unchecked(embedded, name, content, length)
    claimed = stamped if is_stamp else embedded.self_reported_timestamp
    return Signature(
        field=name,
        is_checked=True,
        intact=bool(status.intact),
        valid=bool(status.valid),
        whole=_is_whole(embedded, content),
        length=length,
        later=_later(embedded, content, length),
        claimed_at=_iso(claimed),
        certificate=own,
        stamp=marked,
        is_stamp=is_stamp,
        is_future=trust.is_future(claimed, stamped),
    )


def _validated(
    embedded: EmbeddedPdfSignature, trust: Trust
) -> tuple[Any, datetime | None, datetime | None]:
    """Return pyHanko's status, the moment it is of, and the moment that a time stamp says."""
    stamped = _stamped_at(embedded)
    if _is_stamp(embedded):
        own = done(async_validate_pdf_timestamp(embedded, trust.at(stamped)))
        return own, stamped, stamped
    claimed = embedded.self_reported_timestamp
    status = _signed(embedded, trust, claimed, stamped)
    stamp = status.timestamp_validity
    if stamp is None or not _holds(stamp) or stamped == claimed:
        return status, claimed, stamped
    if trust.why_not(stamp, stamped, stamps=True):
        return status, claimed, stamped
    # What a trusted authority says of the time goes before what the signer says.
    return _signed(embedded, trust, stamped, stamped), stamped, stamped


def _signed(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    moment: datetime | None,
    stamped: datetime | None,
) -> Any:
    return done(
        async_validate_pdf_signature(
            embedded,
            signer_validation_context=trust.at(moment),
            ts_validation_context=trust.at(stamped),
            key_usage_settings=USAGE,
        )
    )


def _is_stamp(embedded: EmbeddedPdfSignature) -> bool:
    return bool(embedded.sig_object_type == "/DocTimeStamp")


def _stamped_at(embedded: EmbeddedPdfSignature) -> datetime | None:
    """Return what the time stamp says, whether or not it holds."""
    signed: Any = embedded.signed_data
    if not _is_stamp(embedded):
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
    intact, is_stamp = _has_digest(embedded, content), _is_stamp(embedded)
    return Signature(name, False, intact, False, whole, length, later, claimed, own, None, is_stamp)


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


def _certificate(
    status: Any, trust: Trust, moment: datetime | None, *, stamps: bool
) -> Certificate:
    return _plain_certificate(status.signing_cert, trust.why_not(status, moment, stamps=stamps))


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
