"""Encrypting small secrets at rest: AES-256-GCM, bound to whom they belong."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from inspect_server.domain.errors import InspectError

NONCE = 12
"""Bytes; drawn anew for every secret (NIST SP 800-38D, 8.2.2)."""


class SealBroken(InspectError):
    """A stored secret was changed, moved to another owner, or sealed under another key."""

    code, kind = "keys.seal_broken", "broken"
    message = (
        "加密保存的口令密钥无法解开，请从同一份备份恢复数据库和 keys 目录，或由安全管理员重置。"
    )


def seal(key: bytes, plain: bytes, owner: str) -> str:
    """
    Encrypt a secret for one owner; the same secret never looks the same twice.

    Args:
        key: 32 bytes.
        owner: To whom it belongs; it opens for nobody else.
    """
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key).encrypt(nonce, plain, owner.encode())
    return base64.b64encode(nonce + sealed).decode("ascii")


def unseal(key: bytes, sealed: str, owner: str) -> bytes:
    """
    Decrypt what `seal` made.

    Raises:
        SealBroken: It is not what was sealed for this owner under this key.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], owner.encode())
    except (ValueError, InvalidTag):
        raise SealBroken from None
