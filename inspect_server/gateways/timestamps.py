"""RFC 3161 through rfc3161-client: the request to carry out, and the token that comes back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from inspect_server.domain.draw.errors import BadTimestamp
from inspect_server.domain.errors import BadInput

_GRANTED = b"\x30\x03\x02\x01\x00"


def request(message: bytes) -> bytes:
    """Return a TimeStampReq (DER) for the SHA-256 of a message, asking for the certificate."""
    builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).build().as_bytes()


def token_of(content: bytes) -> bytes:
    """
    Return the token of a file from the authority: a whole TimeStampResp, or the token alone.

    Raises:
        BadTimestamp: Neither, or the authority refused.
    """
    try:
        response = decode_timestamp_response(content)
    except ValueError:
        response = _response(content)
    if response.status != 0:
        raise BadTimestamp(reason="机构未予签发")
    return bytes(response.time_stamp_token())


def roots(path: Path) -> list[x509.Certificate]:
    """
    Return the root certificates of a PEM file.

    Raises:
        BadInput: It holds none.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        raise BadInput(field=path.name, reason="应为 PEM 格式的根证书") from None


class Timestamps:
    """Checks tokens against the root certificates that the reader trusts."""

    def __init__(self, trusted: Sequence[x509.Certificate]) -> None:
        self._trusted = list(trusted)

    def __call__(self, token: bytes, message: bytes) -> datetime | None:
        """
        Return when the message was stamped, None when there is no root to trust.

        Raises:
            BadTimestamp: Not over this message, or signature, purpose or chain do not hold.
        """
        response = _response(token)
        if not self._trusted:
            return None
        builder = VerifierBuilder()
        for certificate in self._trusted:
            builder = builder.add_root_certificate(certificate)
        try:
            builder.build().verify_message(response, message)
        except (VerificationError, ValueError):
            raise BadTimestamp(reason="签名、用途或证书链不成立，或不是对本承诺值签发的") from None
        stamped: datetime = response.tst_info.gen_time
        return stamped


def _response(token: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(_sequence(_GRANTED + token))
    except ValueError:
        raise BadTimestamp(reason="不是 RFC 3161 时间戳") from None


def _sequence(content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([0x30, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x30, 0x80 | len(length)]) + length + content
