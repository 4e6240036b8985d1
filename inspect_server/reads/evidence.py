"""What the phones delivered for one inspection: disagreements, and what was not applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.errors import FormError
from forms.model import Form
from inspect_server.domain.inspection import Settlement
from inspect_server.domain.saying import in_words, kind_of
from inspect_server.reads.people import names_of
from inspect_server.store import checklists, visit_records
from inspect_server.store.journal.settled import Asked
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import JournalEntry
from inspect_server.store.visit_records import APPLIED


@dataclass(frozen=True)
class HeadRow:
    """One of the values that disagree."""

    operation: str  # its id; a resolution cites all of them
    value: Any  # plain JSON; None: retracted
    user: str  # the account's name
    wall: str  # the phone's clock
    replica: str
    words: str  # the value in words


@dataclass(frozen=True)
class ConflictRow:
    """One item on which phones disagree."""

    item: str
    title: str  # the question, or what kind of item it is
    heads: tuple[HeadRow, ...]


@dataclass(frozen=True)
class UnappliedRow:
    """One entry that is kept and not applied."""

    hash: str
    effect: str  # held | quarantined
    reason: str
    received_at: datetime
    replica: str
    seq: int


def conflicts(session: Session, inspection_id: UUID) -> tuple[ConflictRow, ...]:
    """Return every item on which phones disagree now, with all values; check `may_see` first."""
    record = visit_records.load(session, inspection_id)
    items = [record.merged.items[item] for item in record.merged.conflicts]
    names = names_of(session, [f"user:{head.user}" for item in items for head in item.heads])
    asked = Asked(_forms(session, inspection_id))
    return tuple(
        ConflictRow(
            item=item.id,
            title=" ".join(asked.title(item.id) or (kind_of(item.id),)),
            heads=tuple(
                HeadRow(
                    operation=head.id,
                    value=head.plain(),
                    user=names[f"user:{head.user}"],
                    wall=head.wall,
                    replica=head.replica,
                    words=in_words(
                        item.id,
                        asked.readable(item.id, head.plain()),
                        [asked.readable(item.id, other.plain()) for other in item.heads],
                    ),
                )
                for head in item.heads
            ),
        )
        for item in items
    )


def settlements(session: Session, inspection_id: UUID) -> tuple[Settlement, ...]:
    """Return every disagreement that the lead settled; check `may_see` first."""
    record = visit_records.load(session, inspection_id)
    return visit_records.settlements(session, record, _forms(session, inspection_id))


def unapplied(session: Session, inspection_id: UUID) -> tuple[UnappliedRow, ...]:
    """Return every entry of an inspection that is kept and not applied, by position."""
    rows = session.execute(
        select(
            JournalEntry.hash,
            JournalEntry.effect,
            JournalEntry.reason,
            JournalEntry.received_at,
            JournalEntry.replica_id,
            JournalEntry.seq,
        )
        .where(JournalEntry.assignment == inspection_id, JournalEntry.effect.not_in(APPLIED))
        .order_by(JournalEntry.pos)
    )
    return tuple(
        UnappliedRow(hash, effect, reason or "", received_at, replica, seq)
        for hash, effect, reason, received_at, replica, seq in rows
    )


def questions(session: Session, inspection_id: UUID) -> dict[str, tuple[str, str]]:
    """Return code and question of each item of an inspection's checklists, by item id."""
    return {
        f"answer/{form.name}/{item.code}": (item.code, item.question)
        for form in _forms(session, inspection_id)
        for item in form.items
    }


def _forms(session: Session, inspection_id: UUID) -> Sequence[Form]:
    form_set = session.scalar(select(Inspection.form_set).where(Inspection.id == inspection_id))
    try:
        return checklists.published(session).of(form_set or "")
    except FormError:
        return ()
