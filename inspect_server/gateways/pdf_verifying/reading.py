"""Looking at a PDF file that anybody may have made; call it through `guarding`."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import enumerate_sig_fields

from inspect_server.gateways.pdf_verifying.altering import is_altered, pictured
from inspect_server.gateways.pdf_verifying.findings import Findings, Signature, Unreadable
from inspect_server.gateways.pdf_verifying.trusting import Trust
from inspect_server.gateways.pdf_verifying.validating import look_at_signature

FACTS, CASE = "facts.json", "case.json"
LARGEST = 256_000_000
MOST_REVISIONS, MOST_SIGNATURES = 32, 32
LONGEST_FACTS = 20_000_000
HEAD, TAIL = 1_024, 2_048


class _TooMuch(Exception):
    """More revisions or signatures than any document has."""


def look(
    content: bytes, roots: Sequence[x509.Certificate], now: datetime | None = None
) -> Findings:
    """
    Return what a file says and what holds of it; whatever the file holds, no error comes out.

    Args:
        roots: Certificates that the reader trusts.
        now: None for the machine's time.
    """
    length, sha256 = len(content), hashlib.sha256(content).hexdigest()
    unreadable = _obviously(content)
    if not unreadable:
        try:
            return _look(content, sha256, Trust(roots, now or datetime.now(UTC)))
        except RecursionError:
            unreadable = Unreadable.TOO_DEEP
        except (_TooMuch, MemoryError):
            unreadable = Unreadable.TOO_COSTLY
        except Exception:  # whatever a made-up file makes the libraries raise
            unreadable = Unreadable.DAMAGED if _has_end(content) else Unreadable.CUT
    return Findings(length, sha256, unreadable)


def _obviously(content: bytes) -> Unreadable | None:
    if len(content) > LARGEST:
        return Unreadable.TOO_LARGE
    if b"%PDF-" not in content[:HEAD]:
        return Unreadable.NOT_PDF
    if b"startxref" not in content[-TAIL:]:
        return Unreadable.CUT
    return None


def _has_end(content: bytes) -> bool:
    return b"%%EOF" in content[-TAIL:]


def _look(content: bytes, sha256: str, trust: Trust) -> Findings:
    reader = PdfFileReader(io.BytesIO(content))
    if reader.encrypted:
        return Findings(len(content), sha256, Unreadable.ENCRYPTED)
    if reader.xrefs.total_revisions > MOST_REVISIONS:
        raise _TooMuch
    filled, empty = _fields(reader)
    signatures = [look_at_signature(reader, field, name, content, trust) for name, field in filled]
    if not signatures and not content.rstrip().endswith(b"%%EOF"):
        return Findings(len(content), sha256, Unreadable.CUT)  # a signature would tell of it
    first = reader.get_historical_resolver(0)
    facts, case = _inside(reader, FACTS), _inside(reader, CASE)
    return Findings(
        length=len(content),
        sha256=sha256,
        signatures=tuple(sorted(signatures, key=_length)),
        empty_fields=tuple(empty),
        stripped=tuple(_stripped(reader, {name for name, _ in filled})),
        drawn=tuple(pictured(reader)),
        altered=is_altered(reader),
        facts="" if facts is None else facts.decode("utf-8", "replace"),
        case="" if case is None else case.decode("utf-8", "replace"),
        facts_damaged=facts is None or case is None,
        facts_changed=(facts, case) != (_inside(first, FACTS), _inside(first, CASE)),
    )


def _length(signature: Signature) -> int:
    return signature.length


def _fields(handler: PdfHandler) -> tuple[list[tuple[str, Any]], list[str]]:
    filled: list[tuple[str, Any]] = []
    empty: list[str] = []
    for name, value, field in enumerate_sig_fields(handler):
        if len(filled) + len(empty) >= MOST_SIGNATURES:
            raise _TooMuch
        if value is None:
            empty.append(str(name))
        else:
            filled.append((str(name), field))
    return filled, empty


def _stripped(reader: PdfFileReader, present: set[str]) -> Iterator[str]:
    """Yield the signatures that some earlier revision has and the last has not."""
    earlier: set[str] = set()
    for revision in range(reader.xrefs.total_revisions - 1):
        filled, _ = _fields(reader.get_historical_resolver(revision))
        earlier |= {name for name, _ in filled}
    yield from sorted(earlier - present)


def _inside(handler: PdfHandler, name: str) -> bytes | None:
    """Return an embedded file, nothing where there is none, None where it is unreadable."""
    found = handler.root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", ())
    names = [str(found[at]) for at in range(0, len(found), 2)]
    if name not in names:
        return b""
    try:
        data: bytes = found[2 * names.index(name) + 1]["/EF"]["/F"].data
    except Exception:  # as above: the signatures can still be judged
        return None
    return data if len(data) <= LONGEST_FACTS else None
