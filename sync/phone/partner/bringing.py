"""Whose phones speak in a partner's file, and by which code officers tell their keys apart."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from sync.entries import Entry


@dataclass(frozen=True)
class Bringer:
    """A phone of which entries came, or are to come."""

    replica: str
    user: str
    entries: int
    is_known: bool  # whether this phone holds its key already


def code_of(replica: str) -> str:
    """Return the short code of a replica, which two officers compare: `1A2B 3C4D`."""
    return f"{replica[:4]} {replica[4:8]}".upper()


def bringers_of(brought: Iterable[Entry], known: Container[str]) -> list[Bringer]:
    """Return who made entries, phone by phone, in the order of their first one."""
    counts: dict[tuple[str, str], int] = {}
    for entry in brought:
        place = entry.replica, entry.user
        counts[place] = counts.get(place, 0) + 1
    return [
        Bringer(replica, user, count, replica in known) for (replica, user), count in counts.items()
    ]
