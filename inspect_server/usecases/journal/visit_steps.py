"""The steps of a visit that phones bring, noted in the case of its inspection."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from inspect_server.domain.inspection import TO_RECORD
from inspect_server.store.journal import replicas
from inspect_server.store.journal.rows import Judged
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work
from sync import entries
from sync.ports import StoredEntry

STEPS = {
    "visit.start": "visit.started",
    "visit.complete": "visit.completed",
    "signature.add": "record.signed",
    "conflict.resolve": "conflict.resolved",
}
"""Which operations of an entry are steps of the procedure, and the event that notes them."""


def note_steps(work: Work, judged: Sequence[Judged]) -> None:
    """
    Note arrivals, completions, signatures and settlements, and what was kept but not applied.

    Events name entries by hash and nobody by name. Who acted is whose replica signed the entry,
    whoever else delivered it: `carrier` names that phone beside it. Call it under the locks of the
    inspections, after the journal's own case, so that cases are always taken in that order.

    Args:
        work: The unit of work that stored the entries.
        judged: The entries that were applied or put into quarantine for the first time in it.
    """
    visits: dict[str, list[Judged]] = defaultdict(list)
    for one in sorted(judged, key=lambda one: one.entry.pos):
        if one.entry.assignment and _is_noted(one):
            visits[one.entry.assignment].append(one)
    for id, judged_there in sorted(visits.items()):
        visit = work.session.get(Inspection, UUID(id))
        if visit is not None:  # a phone may name a task that never was
            _note(work, f"inspection/{visit.number}", judged_there)


def _is_noted(one: Judged) -> bool:
    return one.entry.effect == "quarantined" or any(op.type in STEPS for op in one.operations)


def _note(work: Work, case: str, judged: Sequence[Judged]) -> None:
    kept: dict[tuple[str, str, str], list[StoredEntry]] = defaultdict(list)
    for one in judged:
        row = one.entry
        if row.effect == "quarantined":
            kept[row.reason, row.replica, row.carrier].append(row)
        else:
            _note_entry(work, case, one)
    for (reason, _, _), same in sorted(kept.items()):
        body = {
            "count": len(same),
            "reason": reason,
            "entries": [row.hash for row in same],
            **_carrier(same[0]),
        }
        note(work, "entries.quarantined", case, body, actor=_author(work, same[0]))


def _note_entry(work: Work, case: str, judged: Judged) -> None:
    row = judged.entry
    for op in judged.operations:
        if op.type not in STEPS:
            continue
        body = {"entry": row.hash, **_carrier(row)}
        if op.type == "signature.add":
            body |= _signed(json.loads(op.value))
        if op.type == "conflict.resolve":
            body["item"] = op.item
        note(work, STEPS[op.type], case, body, actor=_author(work, row))


def _signed(value: dict[str, Any]) -> dict[str, str]:
    """Return who signed, and what, where it is not the record of the check."""
    document = value.get("document", TO_RECORD)
    return {"signer": value["signer"]} | ({} if document == TO_RECORD else {"document": document})


def _author(work: Work, row: StoredEntry) -> str:
    """Return who an entry is by: its phone, or the account for which the server wrote it."""
    signer = replicas.info(work.session, row.replica)
    if signer is None or not signer.server:
        return f"replica:{row.replica}"
    user = entries.parse(row.content).user
    return f"user:{user}" if user else work.actor.label


def _carrier(row: StoredEntry) -> dict[str, str]:
    """Return which phone brought an entry, where it is another than the entry's own."""
    return {} if row.carrier == row.replica else {"carrier": row.carrier}
