"""
Trusted timestamps on a commit (RFC 3161), as a certificate carries them.

A token states that somebody outside had the commit's SHA-256 at a time, so the commit was there
before the entropy. Offices are isolated: the request goes out and the token comes in as files.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from inspect_server.domain.draw.errors import BadTimestamp

KIND = "rfc3161"
OCTETS_OF_32 = b"\x04\x20"
"""How DER begins the 32 bytes of a SHA-256 imprint."""

CheckTimestamp = Callable[[bytes, bytes], datetime | None]
"""
(token, message) -> when it was stamped; None when no root certificate was given to trust.

Raises BadTimestamp when the token is not over the message or its signature does not hold.
"""


def to_json(tsa: str, token: bytes) -> dict[str, str]:
    """Return the object of the certificate's `timestamps` list."""
    return {"kind": KIND, "tsa": tsa, "token_b64": base64.b64encode(token).decode("ascii")}


def token_in(data: Mapping[str, Any], commit: bytes) -> bytes:
    """
    Return the token of a certificate's timestamp, which names this commit.

    Raises:
        BadTimestamp: Not as `to_json` writes it, or over something else.
    """
    try:
        token = base64.b64decode(data["token_b64"], validate=True)
        named = data["tsa"]
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BadTimestamp(reason="内容不可读") from None
    if not isinstance(named, str) or not named or to_json(named, token) != dict(data):
        raise BadTimestamp(reason="字段不全、多余或写法不对")
    if OCTETS_OF_32 + hashlib.sha256(commit).digest() not in token:
        raise BadTimestamp(reason="不是对本承诺值签发的")
    return token
