"""Hashes of what people know: argon2id, 19 MiB, two passes (OWASP)."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make(password: str | bytes) -> str:
    """Return the hash to store."""
    return _hasher.hash(password)


def holds(expected: str, password: str) -> bool:
    """Return whether a password is the one behind a hash; what is no hash holds for nobody."""
    try:
        return _hasher.verify(expected, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def decoy() -> str:
    """Return a hash of the same cost that no password has."""
    return make(secrets.token_bytes(32))
