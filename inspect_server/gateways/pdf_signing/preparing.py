"""
A PDF with room for a signature: our own bytes, and an incremental update behind them.

The update adds a signature field and its widget and nothing else: metadata, pages and their
content stay as they were issued. The widget has no size and no picture; a seal is never imitated.
"""

import io
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from inspect_server.gateways.pdf_signing.errors import NotSigned, SealRefused
from inspect_server.gateways.pdf_signing.said import Said

FIELD = "Signature1"
DIGEST = "sha256"


@dataclass(frozen=True)
class Prepared:
    """A file that lacks only the signature itself."""

    digest: bytes  # SHA-256 over the byte range
    byte_range: tuple[int, int, int, int]
    content: bytes  # with zeros where the signature will stand
    room: int  # bytes that the signature may have

    def filled(self, signature: bytes) -> bytes:
        """
        Return the signed file.

        Raises:
            SealRefused: The signature is larger than the room for it.
        """
        if len(signature) > self.room:
            raise SealRefused(reason=f"签名有 {len(signature)} 字节，超过预留的 {self.room} 字节")
        start = self.byte_range[1] + 1
        code = signature.hex().upper().encode("ascii")
        return self.content[:start] + code + self.content[start + len(code) :]


class _Update(IncrementalPdfFileWriter):
    """An update that leaves the metadata alone: the document says what it said when issued."""

    def _update_meta(self) -> None:
        return


def prepare(pdf: bytes, said: Said, room: int) -> Prepared:
    """
    Append a signature field to a document of ours.

    Args:
        pdf: As it was issued; it stands unchanged at the beginning of the result.
        room: Bytes that the signature may have at most.

    Raises:
        NotSigned: The file already has a signature field, or is no sound PDF.
    """
    try:
        output = io.BytesIO(pdf)
        steps = _steps(_Update(output))
        next(steps)
        steps.send(SigObjSetup(sig_placeholder=_dictionary(said, room)))
        found, _ = steps.send(SigIOSetup(md_algorithm=DIGEST, in_place=True))
    except (PdfError, SigningError) as error:
        raise NotSigned(reason=f"文件不能追加签名（{type(error).__name__}）") from error
    content = output.getvalue()
    assert isinstance(found, PreparedByteRangeDigest)
    start, end = found.reserved_region_start, found.reserved_region_end
    if not content.startswith(pdf):
        raise NotSigned(reason="追加签名改动了原文件")
    return Prepared(found.document_digest, (0, start, end, len(content) - end), content, room)


def _steps(update: IncrementalPdfFileWriter) -> Generator[Any, Any, Any]:
    embedder = PdfCMSEmbedder(new_field_spec=SigFieldSpec(FIELD, on_page=0))
    steps: Generator[Any, Any, Any] = embedder.write_cms(FIELD, update)
    return steps


def _dictionary(said: Said, room: int) -> SignatureObject:
    return SignatureObject(
        timestamp=said.at,
        subfilter=SigSeedSubFilter.PADES,
        reason=said.reason or None,
        location=said.location or None,
        bytes_reserved=2 * room,
    )
