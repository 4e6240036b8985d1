"""Encrypting small secrets at rest: AES-256-GCM, bound to whom they belong."""

import base64
import os
import unicodedata
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from inspect_server.domain.errors import InspectError

NONCE = 12
"""Bytes; drawn anew for every secret (NIST SP 800-38D, 8.2.2)."""
SALT = 16
COST, MAX_COST = 2**17, 2**20
"""N of scrypt: 128 MiB and half a second for whoever opens a file or guesses at it."""


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


def locked(passphrase: str, plain: bytes, owner: str) -> dict[str, Any]:
    """
    Encrypt under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM does the rest.

    The cost is stored beside, so that a later version may raise it (OWASP: N = 2¹⁷, r = 8, p = 1).
    """
    salt = os.urandom(SALT)
    key = _stretched(passphrase, salt, COST)
    return {"kdf": "scrypt", "n": COST, "salt_hex": salt.hex(), "box": seal(key, plain, owner)}


def unlocked(passphrase: str, sealed: Mapping[str, Any], owner: str) -> bytes:
    """
    Decrypt what `locked` made.

    Raises:
        SealBroken: Another passphrase, another owner, or it was changed.
    """
    try:
        cost, salt = sealed["n"], bytes.fromhex(sealed["salt_hex"])
        # Whoever changed the file may not make this machine work or allocate without end.
        if sealed["kdf"] != "scrypt" or not 2 <= cost <= MAX_COST:
            raise SealBroken
        return unseal(_stretched(passphrase, salt, cost), sealed["box"], owner)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SealBroken from None


def _stretched(passphrase: str, salt: bytes, cost: int) -> bytes:
    plain = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(plain)
