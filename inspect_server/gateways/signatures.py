"""Ed25519 signatures, for rules that must not know a library."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)


def ed25519_holds(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """Return whether the signature over the exact bytes is by the raw 32-byte key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def ed25519_public(secret: bytes) -> bytes:
    """Return the raw public key of a 32-byte secret, e.g. of a witness's chain file."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def ed25519_signed(secret: bytes, content: bytes) -> bytes:
    """Return the 64-byte signature over the exact bytes."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(content)
