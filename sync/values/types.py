"""Every type of operation, and what it demands of its item and its value."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct

from sync.values.schemas import (
    AnswerValue,
    EnrolValue,
    FindingValue,
    GapValue,
    LostValue,
    NoteValue,
    NoValue,
    ParticipantValue,
    PhotoValue,
    RecheckValue,
    ResolveValue,
    RetractValue,
    RulingValue,
    SignatureValue,
    TaskValue,
    VisitStartValue,
    WithdrawValue,
)


@dataclass(frozen=True)
class OperationType:
    """What one operation type demands of its item and its value."""

    name: str
    prefix: str
    value: type[Struct]
    blob: bool = False
    own_replica: bool = False  # the item ends in the entry's replica id
    server_only: bool = False
    retracts: bool = False  # its current value is "nothing"


TYPES: Mapping[str, OperationType] = {
    kind.name: kind
    for kind in (
        OperationType("answer.set", "answer/", AnswerValue),
        OperationType("answer.retract", "answer/", RetractValue, retracts=True),
        OperationType("finding.add", "finding/", FindingValue),
        OperationType("finding.amend", "finding/", FindingValue),
        OperationType("finding.retract", "finding/", WithdrawValue, retracts=True),
        OperationType("photo.add", "photo/", PhotoValue, blob=True),
        OperationType("photo.retract", "photo/", WithdrawValue, retracts=True),
        OperationType("participant.add", "participant/", ParticipantValue),
        OperationType("participant.retract", "participant/", WithdrawValue, retracts=True),
        OperationType("signature.add", "signature/", SignatureValue),
        OperationType("signature.retract", "signature/", WithdrawValue, retracts=True),
        OperationType("note.add", "note/", NoteValue),
        OperationType("note.retract", "note/", WithdrawValue, retracts=True),
        OperationType("gap.declare", "gap/", GapValue),
        OperationType("gap.retract", "gap/", WithdrawValue, retracts=True),
        OperationType("recheck.set", "recheck/", RecheckValue),
        OperationType("recheck.retract", "recheck/", RetractValue, retracts=True),
        OperationType("visit.start", "visit/start/", VisitStartValue, own_replica=True),
        OperationType("visit.complete", "visit/complete/", NoValue, own_replica=True),
        OperationType("conflict.resolve", "", ResolveValue),
        OperationType("task.assign", "task/", TaskValue, server_only=True),
        OperationType("task.reassign", "task/", TaskValue, server_only=True),
        OperationType("task.close", "task/", NoValue, server_only=True),
        OperationType("task.reopen", "task/", RulingValue, server_only=True),
        OperationType("replica.enrol", "replica/", EnrolValue, server_only=True),
        OperationType("replica.lost", "replica/", LostValue, server_only=True),
        OperationType("replica.revoke", "replica/", RulingValue, server_only=True),
        OperationType("inbox.accept", "entry/", RulingValue, server_only=True),
        OperationType("inbox.decline", "entry/", RulingValue, server_only=True),
    )
}

RESOLVABLE: Mapping[str, str] = {
    "answer/": "answer.set",
    "finding/": "finding.add",
    "photo/": "photo.add",
    "participant/": "participant.add",
    "note/": "note.add",
    "gap/": "gap.declare",
    "recheck/": "recheck.set",
    "visit/start/": "visit.start",
    "signature/": "",
}
"""
The operation as whose value a conflict of these items may be settled, or null: retracted.

Where names are unique and values grow only, two values come from a cloned phone or a bad client;
without a way out they would keep the record open for ever. Nobody chooses a signature for another.
"""
