"""Recomputing: the merged record, every projection, and whether stored entries are still sound."""

from collections.abc import Callable

from sync import entries, merge
from sync.entries import Operation
from sync.errors import BadEntry
from sync.ports import ItemProjection, Journal, StoredEntry


def record(journal: Journal, assignment: str) -> merge.MergedRecord:
    """Return the merged record of one inspection as the journal says now."""
    return merge.fold(assignment, journal.record_operations(assignment))


def rebuild(journal: Journal) -> list[ItemProjection]:
    """
    Recompute every item's projection from the journal's bytes alone.

    The result equals what `Journal.all_items` holds, but for the documents' positions, which say
    when phones were told and are 0 here.
    """
    by_item: dict[tuple[str, str], list[Operation]] = {}
    for row in journal.all_entries():
        if row.effect not in ("applied", "conflict"):
            continue
        for op in _operations(row):
            if merge.is_projected(op):
                by_item.setdefault((op.assignment, op.item), []).append(op)
    return [merge.projection(key[0], merge.fold_item(by_item[key]), 0) for key in sorted(by_item)]


def _operations(row: StoredEntry) -> tuple[Operation, ...]:
    try:
        return entries.operations(entries.parse(row.content), row.hash)
    except BadEntry:
        return ()  # it cannot have been applied: `replay.misjudged` names it


def faults(
    row: StoredEntry, key_of: Callable[[str], bytes | None], parent: StoredEntry | None
) -> tuple[str, ...]:
    """Return what is wrong with a stored entry: `hash`, `signature`, `chain`; empty when sound."""
    found = []
    if entries.entry_hash(row.content) != row.hash:
        found.append("hash")
    key = key_of(row.replica)
    if key is None or not entries.verify(key, row.content, row.signature):
        found.append("signature")
    first = row.seq == 1 and row.prev == ""
    follows = parent is not None and (parent.replica, parent.seq) == (row.replica, row.seq - 1)
    if row.effect != "held" and not (first or follows):
        found.append("chain")
    return tuple(found)
