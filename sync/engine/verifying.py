"""
Checking the signatures of a push side by side.

OpenSSL lets go of the interpreter while it checks one, and a phone's evening brings hundreds: the
phone waits for as long as the busiest core has to check its share.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import NamedTuple

from sync import entries

CORES = min(4, os.cpu_count() or 1)
SHARE = 16
"""Fewer signatures are not worth another thread."""
_helpers = ThreadPoolExecutor(max(1, CORES - 1), thread_name_prefix="verify")


class Signed(NamedTuple):
    """Bytes, the signature over them, and the raw public key it should be by, where known."""

    content: bytes
    signature: bytes
    key: bytes | None


def verified(signed: Sequence[Signed]) -> list[bool]:
    """Return of each whether the key is known and the signature by it."""
    size = max(SHARE, -(-len(signed) // CORES))
    own, *others = [signed[at : at + size] for at in range(0, len(signed), size)] or [signed]
    awaited = [_helpers.submit(_verified, share) for share in others]
    return [*_verified(own), *chain.from_iterable(share.result() for share in awaited)]


def _verified(signed: Sequence[Signed]) -> list[bool]:
    return [one.key is not None and entries.verify(one.key, *one[:2]) for one in signed]
