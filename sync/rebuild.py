"""Recomputing: the merged record of one inspection, and whether stored entries are still sound."""

from collections.abc import Callable

from sync import entries, merge
from sync.ports import Journal, StoredEntry


def record(journal: Journal, assignment: str) -> merge.MergedRecord:
    """Return the merged record of one inspection as the journal says now."""
    return merge.fold(assignment, journal.record_operations(assignment))


def faults(
    row: StoredEntry,
    key_of: Callable[[str], bytes | None],
    parent: StoredEntry | None,
    *,
    bridged: bool = False,
) -> tuple[str, ...]:
    """
    Return what is wrong with a stored entry: `hash`, `signature`, `chain`; empty when sound.

    Args:
        row: The entry.
        key_of: The raw public key of a replica, None when it is unknown.
        parent: The entry that `prev` names, None when it is not stored.
        bridged: A receipt stands for what `prev` names.
    """
    found = []
    if entries.entry_hash(row.content) != row.hash:
        found.append("hash")
    key = key_of(row.replica)
    if key is None or not entries.verify(key, row.content, row.signature):
        found.append("signature")
    first = row.seq == 1 and row.prev == ""
    follows = parent is not None and (parent.replica, parent.seq) == (row.replica, row.seq - 1)
    if row.effect != "held" and not (first or follows or bridged):
        found.append("chain")
    return tuple(found)
