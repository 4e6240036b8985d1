"""Checking Ed25519 signatures, for rules that must not know a library."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def ed25519_holds(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """Return whether the signature over the exact bytes is by the raw 32-byte key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
