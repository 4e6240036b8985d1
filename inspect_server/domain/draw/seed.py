"""From the committed rules and the revealed entropy to one seed, and numbers from it."""

from collections.abc import Iterable

from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, lp, tagged, u32be

PPM = 1_000_000
_SPACE = 1 << (8 * SIZE)


def seed_of(h: Hash, commit: bytes, entropy: Iterable[bytes]) -> bytes:
    """Return TH("sjc/seed/1", commit ‖ lp(e₁) ‖ lp(e₂) ‖ …), sources in their declared order."""
    return tagged(h, "sjc/seed/1", commit + b"".join(map(lp, entropy)))


def uniform(h: Hash, seed: bytes, tag: str, m: int) -> int:
    """
    Return an integer in [0, m), every one equally likely.

    Values at or above the last whole multiple of m are passed over, so no remainder is favoured.
    """
    if not 0 < m <= _SPACE:
        raise ValueError("m is out of range")
    limit = _SPACE // m * m
    counter = 0
    while True:
        value = int.from_bytes(tagged(h, tag, seed + u32be(counter)), "big")
        if value < limit:
            return value % m
        counter += 1


def rounding_offset(h: Hash, seed: bytes) -> int:
    """Return r, which decides where the fractions of the cells' shares fall."""
    return uniform(h, seed, "sjc/round/1", PPM)
