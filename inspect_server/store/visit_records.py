"""What the journal says about one inspection, folded, with everything that closing needs to see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.model import Form
from inspect_server.domain.inspection import SIGNER_NAMES, TO_RECORD, Settlement
from inspect_server.domain.saying import PARTICIPANT_NAMES
from inspect_server.store.journal import replicas, standings
from inspect_server.store.journal.settled import settled_in_words
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import InspectionMember
from inspect_server.store.models.journal import JournalEntry
from inspect_server.store.models.registry import Officer
from sync import engine, entries, merge
from sync.entries import Operation
from sync.merge import MergedRecord

APPLIED = ("applied", "conflict")
CHUNK = 500
PARTICIPANT = "participant"
Members = Sequence[tuple[InspectionMember, Officer]]


@dataclass(frozen=True)
class VisitRecord:
    """The merged record of one inspection."""

    merged: MergedRecord
    operations: Mapping[str, Operation]  # by operation id, replaced ones included
    entry_hashes: tuple[str, ...]  # what it was folded from, sorted; the server's steering is not

    def effective(self, operation: Operation) -> bytes:
        """Return the value that an operation gives its item: chosen, retracted, or as written."""
        return merge.effective_value(operation)


def load(session: Session, inspection_id: UUID) -> VisitRecord:
    """Fold every applied entry of one inspection."""
    rows = session.execute(
        select(JournalEntry.hash, JournalEntry.content)
        .where(JournalEntry.assignment == inspection_id, JournalEntry.effect.in_(APPLIED))
        .order_by(JournalEntry.hash)
    ).all()
    operations = {
        op.id: op
        for hash, content in rows
        for op in entries.operations(entries.parse(content), hash)
        if not op.item.startswith("task/")  # control operations steer the server
    }
    return VisitRecord(
        merged=merge.fold(str(inspection_id), operations.values()),
        operations=operations,
        entry_hashes=tuple(sorted({id.partition("#")[0] for id in operations})),
    )


def stale_signers(record: MergedRecord, team: Members) -> tuple[str, ...]:
    """
    Return who signed the record and has no signature that shows what stands, as 主办人员张三.

    Officers go by the registry's name, whatever was typed on the phone; one who left the team
    signs nothing any more and is left out, and so is a participant who was withdrawn.
    """
    names = {str(officer.id): officer.name for _, officer in team}
    people = participants(record)
    is_stale: dict[tuple[str, str], tuple[str, bool]] = {}
    for state in sorted(record.signatures, key=lambda state: (not state.stale, state.head.hlc)):
        value = state.head.plain()
        if value.get("document", TO_RECORD) != TO_RECORD or value["officer_id"] not in {"", *names}:
            continue
        if person := value.get("participant", ""):
            if person in people:
                is_stale[PARTICIPANT, person] = people[person], state.stale
            continue
        role = SIGNER_NAMES[value["signer"]]
        signer = names.get(value["officer_id"], value["name"])
        is_stale[role, signer] = f"{role}{signer}", state.stale
    return tuple(said for said, stale in is_stale.values() if stale)


def participants(record: MergedRecord) -> dict[str, str]:
    """Return who takes part, by item, as 专家孙建国: of two opinions the last one's words."""
    return {
        item.id: PARTICIPANT_NAMES[value["kind"]] + value["name"]
        for item in record.of_kind("participant/")
        for head in item.heads
        if (value := head.plain()) is not None
    }


def settlements(
    session: Session, record: VisitRecord, forms: Iterable[Form]
) -> tuple[Settlement, ...]:
    """Return the disagreements that were settled and still stand so, by item."""
    names = names_of(session, {op.user for op in record.operations.values()})
    return settled_in_words(record, forms, names)


def names_of(session: Session, user_ids: Collection[str]) -> dict[str, str]:
    """Return what each of these accounts is called: an officer as registered."""
    rows = session.execute(
        select(User.id, func.coalesce(Officer.name, User.name))
        .outerjoin(Officer, Officer.id == User.officer_id)
        .where(User.id.in_([UUID(user) for user in user_ids if user]))
    )
    return {str(id): name for id, name in rows}


def awaited(session: Session, inspection_id: UUID) -> int:
    """
    Return how many entries wait for an earlier one of their phone, and would be applied then.

    What a stranger's phone sends, or one that was revoked, would not, and keeps nobody waiting.
    """
    standing = standings.load(session, [inspection_id]).get(str(inspection_id))
    rows = session.execute(
        select(JournalEntry.replica_id, JournalEntry.content).where(
            JournalEntry.assignment == inspection_id, JournalEntry.effect == "held"
        )
    ).all()
    known = {id: replicas.info(session, id) for id in {row.replica_id for row in rows}}
    return sum(
        not engine.reason_against(entries.parse(row.content), replica, standing)
        for row in rows
        if (replica := known[row.replica_id])
    )


def stored_blobs(session: Session, hashes: Collection[str]) -> set[str]:
    """Return those of these files that have arrived and were re-hashed."""
    wanted, found = sorted(hashes), set[str]()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found.update(session.scalars(select(Blob.sha256).where(Blob.sha256.in_(part))))
    return found


def officers_of_users(session: Session, user_ids: Collection[str]) -> dict[str, str]:
    """Return the officer id of each of these accounts, both as text."""
    rows = session.execute(
        select(User.id, User.officer_id).where(
            User.id.in_([UUID(user) for user in user_ids if user]), User.officer_id.is_not(None)
        )
    )
    return {str(user): str(officer) for user, officer in rows}


def team(session: Session, inspection_id: UUID) -> Members:
    """Return the active team with the registry's rows, the lead first."""
    rows = session.execute(
        select(InspectionMember, Officer)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .where(InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_(None))
        .order_by(InspectionMember.role, Officer.cert_no)
    )
    return [(member, officer) for member, officer in rows]
