"""
RFC 9421 HTTP message signatures and RFC 9530 Content-Digest, in the one profile of this protocol.

Covered components, in this order: `@method`, `@path`, `@query`, and `content-digest` whenever the
request has a body. Not `@target-uri`: behind a TLS proxy scheme and authority differ between the
two sides. `@path` is the path as in the request line, `@query` is `?` and the raw query (`?` alone
without one). Parameters: `created` (not judged), `keyid` (the replica's id), `alg`.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.errors import BadEnvelope, DigestMismatch, NotSigned

ALGORITHM = "ecdsa-p256-sha256"
SIGNATURE = "Signature"
SIGNATURE_INPUT = "Signature-Input"
CONTENT_DIGEST = "Content-Digest"

_INPUT = re.compile(
    r'sig1=(\("@method" "@path" "@query"(?: "content-digest")?\)'
    r';created=[0-9]{1,16};keyid="([0-9a-f]{64})";alg="ecdsa-p256-sha256")'
)
_SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/]{86}==):")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


@dataclass(frozen=True)
class Target:
    """What of a request is signed: path and query raw as in the request line, without the ?."""

    method: str
    path: str
    query: str = ""


def content_digest(body: bytes) -> str:
    """Return the Content-Digest header value over the content as sent (after gzip)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def check_digest(header: str, digest: bytes) -> None:
    """
    Compare a Content-Digest header with the SHA-256 of what was received.

    Raises:
        BadEnvelope: No header, or one of another profile: sending again would not help.
        DigestMismatch: Another digest.
    """
    match = _DIGEST.fullmatch(header.strip())
    if match is None:
        raise BadEnvelope(reason=CONTENT_DIGEST)
    if base64.b64decode(match[1]) != digest:
        raise DigestMismatch


def signature_base(target: Target, digest: str, parameters: str) -> bytes:
    """Return the signature base (RFC 9421 section 2.5); `digest` is empty without a body."""
    lines = [
        f'"@method": {target.method.upper()}',
        f'"@path": {target.path}',
        f'"@query": ?{target.query}',
    ]
    if digest:
        lines.append(f'"content-digest": {digest}')
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode("utf-8")


def signed_headers(
    target: Target,
    body: bytes | None,
    replica: str,
    created: int,
    sign: Callable[[bytes], bytes],
) -> dict[str, str]:
    """
    Return the headers that sign a request.

    Args:
        target: Method, path and query.
        body: Content as sent, or None when the request has none.
        replica: The carrying replica.
        created: Unix seconds.
        sign: P-256 over the bytes, raw r‖s.
    """
    digest = "" if body is None else content_digest(body)
    covered = '"@method" "@path" "@query"' + (' "content-digest"' if digest else "")
    parameters = f'({covered});created={created};keyid="{replica}";alg="{ALGORITHM}"'
    raw = base64.b64encode(sign(signature_base(target, digest, parameters))).decode()
    headers = {SIGNATURE_INPUT: f"sig1={parameters}", SIGNATURE: f"sig1=:{raw}:"}
    if digest:
        headers[CONTENT_DIGEST] = digest
    return headers


def signer(headers: Mapping[str, str]) -> str:
    """
    Return the replica that claims to have signed.

    Raises:
        NotSigned: No signature.
        BadEnvelope: One of another profile.
    """
    return _read(_INPUT, headers, SIGNATURE_INPUT)[2]


def verify_request(
    target: Target,
    headers: Mapping[str, str],
    has_body: bool,
    verify: Callable[[bytes, bytes], bool],
) -> str:
    """
    Return the replica whose signature holds over this request.

    The body itself is compared with Content-Digest by `check_digest`, while it streams.

    Args:
        target: Method, path and query as received.
        headers: Looked up by the names of this module; pass a case-insensitive mapping.
        has_body: True demands that content-digest is covered.
        verify: (message, raw r‖s) -> whether the replica named by `signer` signed it.

    Raises:
        NotSigned: No signature, not over everything it must cover, or a wrong one.
        BadEnvelope: One of another profile.
    """
    match, raw = _read(_INPUT, headers, SIGNATURE_INPUT), _read(_SIGNATURE, headers, SIGNATURE)
    covers_digest = "content-digest" in match[1]
    digest = headers.get(CONTENT_DIGEST, "").strip()
    if has_body and not (covers_digest and digest):
        raise NotSigned(reason="未包含内容摘要")
    base = signature_base(target, digest if covers_digest else "", match[1])
    if not verify(base, base64.b64decode(raw[1])):
        raise NotSigned(reason="签名不符")
    return match[2]


def _read(profile: re.Pattern[str], headers: Mapping[str, str], name: str) -> re.Match[str]:
    header = headers.get(name, "").strip()
    if not header:
        raise NotSigned(reason="缺少签名")
    match = profile.fullmatch(header)
    if match is None:
        raise BadEnvelope(reason=f"{name} 的写法")
    return match
