"""
Hash chains: values that were fixed long before the draw that reveals them.

x₀ is the published anchor and draw j reveals xⱼ with H(xⱼ) = xⱼ₋₁, so the chain is computed from
its secret end backwards. Nobody can choose xⱼ after the anchor; a withheld one shows at the next.
"""

from collections.abc import Iterator
from functools import lru_cache

from inspect_server.domain.draw.hashes.tagged import SIZE, Hash


def values(h: Hash, secret: bytes, length: int) -> Iterator[bytes]:
    """Yield x of `length`, of `length` - 1, … and last the anchor x₀."""
    if len(secret) != SIZE:
        raise ValueError("a chain's secret is 32 bytes")
    if length < 1:
        raise ValueError("a chain has at least one value")
    value = secret
    yield value
    for _ in range(length):
        value = h(value)
        yield value


def anchor(h: Hash, secret: bytes, length: int) -> bytes:
    """Return x₀, which is published at the start of the year."""
    return value_at(h, secret, length, 0)


def value_at(h: Hash, secret: bytes, length: int, position: int) -> bytes:
    """
    Return x of `position` (0: the anchor, `length`: the secret itself).

    Raises:
        IndexError: Outside the chain.
    """
    if not 0 <= position <= length:
        raise IndexError(position)
    if len(secret) != SIZE:
        raise ValueError("a chain's secret is 32 bytes")
    value = secret
    for _ in range(length - position):
        value = h(value)
    return value


def steps_to(h: Hash, value: bytes, earlier: bytes, limit: int) -> int | None:
    """Return how many times `value` must be hashed to reach `earlier`, or None within `limit`."""
    if len(value) != SIZE:
        return None
    for steps in range(1, limit + 1):
        value = h(value)
        if value == earlier:
            return steps
    return None


@lru_cache(maxsize=1024)  # the draws of a year all ask about the same few anchors
def apart(h: Hash, one: bytes, other: bytes, limit: int) -> int | None:
    """
    Return the position of `one` on the chain whose anchor is `other`, `limit` away at most.

    Below 0 where `one` is what `other` becomes when it is hashed on; None where they are of two
    chains. Two chains of which any values meet within `limit` of their anchors are found by this
    as well: from where they meet both go on alike, and reach the two anchors no further apart.
    """
    forth, back = one, other
    for steps in range(limit + 1):
        if forth == other:
            return steps
        if back == one:
            return -steps
        forth, back = h(forth), h(back)
    return None
