"""Time stamps (RFC 3161) from an authority on the network, for PAdES B-T."""

import hashlib
import time
from typing import Any

import httpx
from asn1crypto import cms, tsp
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from inspect_server.gateways.pdf_signing.errors import NotSigned

SECONDS = 15
LARGEST = 1_000_000
"""Bytes of an answer; a real one has a few thousand."""


class NetworkTimestamps(TimeStamper):
    """Asks one authority, a fresh nonce each time, and looks at what comes back."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        """Keep the address; a transport stands in for the network in tests."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self._transport = transport

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """
        Return the authority's answer.

        Raises:
            NotSigned: It cannot be reached, refuses, or answers something else.
        """
        try:
            return tsp.TimeStampResp.load(self._posted(req.dump()))
        except httpx.HTTPError as error:
            raise NotSigned(reason=f"时间戳服务 {self._url} 无法使用（{_said(error)}）") from None
        except ValueError:
            raise NotSigned(reason=f"时间戳服务 {self._url} 的应答不是时间戳") from None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """
        Return a token over this digest.

        Raises:
            NotSigned: The authority cannot be reached, refuses, or stamped something else.
        """
        try:
            token: Any = await super().async_timestamp(message_digest, md_algorithm)
            said = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            is_ours = said["hashed_message"].native == message_digest and _holds(token)
        except NotSigned:
            raise
        except Exception:  # what pyHanko raises at a refusal, a wrong nonce, a misshapen answer
            is_ours = False
        if not is_ours:
            raise NotSigned(reason=f"时间戳服务 {self._url} 没有给出对本签名的时间戳")
        return token

    def _posted(self, content: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        latest = time.monotonic() + 2 * SECONDS
        with (
            httpx.Client(timeout=SECONDS, transport=self._transport) as client,
            client.stream("POST", self._url, content=content, headers=headers) as answer,
        ):
            answer.raise_for_status()
            found = b""
            for part in answer.iter_bytes():
                found += part
                if len(found) > LARGEST:
                    raise ValueError
                if time.monotonic() > latest:
                    raise httpx.ReadTimeout("drop by drop")
        return found


def _holds(token: cms.ContentInfo) -> bool:
    """Return whether the authority's own signature holds; whom it is trusted by is not asked."""
    signed = token["content"]
    (signer,) = signed["signer_infos"]
    content = bytes(signed["encap_content_info"]["content"])
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    return any(_is_by(signer, one.chosen, digest) for one in signed["certificates"])


def _is_by(signer: cms.SignerInfo, certificate: Any, digest: bytes) -> bool:
    try:
        return all(validate_sig_integrity(signer, certificate, "tst_info", digest))
    except (PdfError, ValueError, TypeError):  # a key of another kind than the signature's
        return False


def _said(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"状态码 {error.response.status_code}"
    return "超时" if isinstance(error, httpx.TimeoutException) else "连接不上"
