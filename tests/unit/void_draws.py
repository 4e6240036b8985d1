"""A void draw that named a position of a chain, as its certificate says."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.replacement.void import (
    Void,
    VoidReason,
    never_revealed,
    void_message,
)
from inspect_server.gateways.chains import ChainSecret
from inspect_server.gateways.signatures import ed25519_public, ed25519_signed
from tests.unit.draw_example import example


def void_draw(
    secret: ChainSecret, position: int, *, of: str = "", key: bytes = b""
) -> dict[str, Any]:
    """
    Return the certificate of a draw that was void before its reveal.

    Args:
        of: The anchor that it names, the chain's own when "".
        key: Signs the void in place of the witness's own.
    """
    data = copy.deepcopy(dict(example().certificate["commit_body"]))
    data["sources"][1].update(name=of or secret.anchor_hex, issue=str(position))
    body, reason, leaf = checked_body(data), VoidReason.POOL_WRONG, "ee" * 32
    named = {"draw_no": data["draw_no"], "commit": body.digest().hex()}
    message = void_message(body.hash, **named, reason=reason, request_leaf=leaf)
    signing = key or bytes.fromhex(secret.signing_key_hex or "11" * 32)
    signature = ed25519_signed(signing, message).hex()
    void = Void(reason, leaf, cert.key_id(ed25519_public(signing)), signature)
    return never_revealed(body, void.to_json(), "cd" * 32)


def written(path: Path, certificate: Mapping[str, Any]) -> Path:
    """Write a certificate and return its path."""
    path.write_text(json.dumps(certificate, ensure_ascii=False), encoding="utf-8")
    return path
