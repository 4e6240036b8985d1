"""The headers of the sync protocol: what a request brings, and what an answer gives."""

from collections.abc import Iterable
from typing import Any

from sync import httpsig, protocol

RETRY_AFTER = "Retry-After"
CONTENT_ENCODING, ACCEPT_ENCODING = "Content-Encoding", "Accept-Encoding"
_SIGNED = 'sig1=("@method" "@path" "@query" "content-digest");created=1772413500;keyid="006f…fcd3"'


def _text(words: str, example: str, **more: Any) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string", "example": example, **more}}


def _number(words: str, example: int, **more: Any) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "example": example, **more}
    return {"description": words, "schema": schema}


HEADERS: dict[str, dict[str, Any]] = {
    httpsig.SIGNATURE_INPUT: _text(
        "签名范围和参数（RFC 9421），写法固定：有正文时含 content-digest，keyid 为本机编号，"
        f'alg 为 "{httpsig.ALGORITHM}"。',
        f'{_SIGNED};alg="{httpsig.ALGORITHM}"',
    ),
    httpsig.SIGNATURE: _text("ECDSA P-256 签名（r‖s，64 字节，base64）。", "sig1=:CTMX…gBQ==:"),
    httpsig.CONTENT_DIGEST: _text(
        "所传正文（压缩后）的 SHA-256，只用此一种写法。",
        "sha-256=:OWFrsLKS5RyDHonp5WVyTww5MzZ1DpYMsm484/B5XiA=:",
    ),
    protocol.REPR_DIGEST: _text(
        "整个文件的 SHA-256，只取一段时也是。",
        "sha-256=:OWFrsLKS5RyDHonp5WVyTww5MzZ1DpYMsm484/B5XiA=:",
    ),
    CONTENT_ENCODING: _text("正文的压缩方式；不压缩则不带。", "gzip", enum=["gzip", "identity"]),
    ACCEPT_ENCODING: _text("可接受 gzip 时，较长的答复压缩后发送。", "gzip"),
    RETRY_AFTER: _number("多少秒后重试。", 2),
    "Range": _text("只取文件的一段。", "bytes=0-1048575"),
    "Content-Range": _text("所给的是哪一段，以及文件全长。", "bytes 0-1048575/3145728"),
    "Location": _text("上传地址，续传时用。", f"{protocol.UPLOADS}/9f0c…"),
    "Tus-Resumable": _text("tus 协议版本。", protocol.TUS_VERSION),
    "Tus-Version": _text("支持的 tus 协议版本。", protocol.TUS_VERSION),
    "Tus-Extension": _text("支持的 tus 扩展。", protocol.TUS_EXTENSIONS),
    "Tus-Max-Size": _number("单个文件上限（字节）。", protocol.MAX_BLOB_BYTES),
    "Tus-Checksum-Algorithm": _text("支持的校验和。", protocol.TUS_CHECKSUMS),
    "Upload-Length": _number("文件全长（字节）。", 4003, maximum=protocol.MAX_BLOB_BYTES),
    "Upload-Offset": _number("已收到（或本块开始）的位置（字节）。", 0),
    "Upload-Metadata": _text("sha256 及文件哈希十六进制文本的 base64。", "sha256 MDAwMA=="),
    "Upload-Checksum": _text(
        f"本块的校验和，算法为 {protocol.TUS_CHECKSUMS} 之一。", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk="
    ),
    "X-HTTP-Method-Override": _text("要代替的方法。", "PATCH"),
}


def asked(name: str, *, required: bool = True) -> dict[str, Any]:
    """Return a header as the parameter of a request."""
    return {"name": name, "in": "header", "required": required, **HEADERS[name]}


def given(always: Iterable[str], sometimes: Iterable[str] = ()) -> dict[str, Any]:
    """Return headers as an answer has them."""
    sure = {name: {"required": True, **HEADERS[name]} for name in always}
    return {**sure, **{name: HEADERS[name] for name in sometimes}}
