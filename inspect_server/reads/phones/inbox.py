"""The supervisor's inbox: what phones brought and was not simply applied, beside what stands."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select, true
from sqlalchemy.orm import Session

from inspect_server.domain.saying import deed, in_words, kind_of
from inspect_server.reads.evidence import questions
from inspect_server.reads.paging import Page, bounds, going_on
from inspect_server.reads.people import names_of
from inspect_server.reads.phones.clocks import minutes_ahead
from inspect_server.store import visit_records
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.journal import (
    IN_INBOX,
    JournalEntry,
    Operation,
    Replica,
    Unverified,
)
from sync import entries, merge
from sync.entries import Entry
from sync.errors import BadEntry
from sync.merge import Head, MergedRecord

ACCEPT = "inbox.accept"
DECLINED = "declined"
GAP = "gap"


@dataclass(frozen=True)
class Standing:
    """One value that stands in the record, for the item that an entry speaks of."""

    words: str
    value: Any  # plain JSON; None: withdrawn
    user_name: str
    wall: str  # the phone's clock, RFC 3339
    received_at: datetime  # the server's
    replica: str


@dataclass(frozen=True)
class Wanted:
    """What one operation of an entry wanted, and what stands there now; it may be several."""

    type: str
    item: str
    title: str  # code and question, or what kind of thing it is
    words: str
    value: Any  # plain JSON as the phone wrote it
    photo: str  # the SHA-256 of the file that it brings, "" if none
    photo_arrived: bool
    stands: tuple[Standing, ...]


@dataclass(frozen=True)
class Ruling:
    """Who ruled last on an entry, whether it is to be applied, when and why."""

    accepted: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class InboxRow:
    """One entry that was set aside, or applied with a doubt."""

    hash: str
    replica: str
    seq: int
    effect: str  # quarantined | held | applied | conflict
    reason: str  # the journal's, or `held`, or `gap`: of, or behind, what a restore lost
    since: datetime | None  # when what speaks against it happened, where that is known
    wall: str  # the phone's clock, RFC 3339; "" where the schema is broken
    last_server_time: str  # the server's clock as the phone last saw it; "" if never
    received_at: datetime  # the server's clock
    ahead_minutes: int  # of the phone's clock, if it was far ahead
    user_name: str  # of the replica's account, "" while nobody enrolled it
    carrier: str
    carrier_name: str  # whose phone delivered it
    inspection_id: UUID | None
    number: str  # of the inspection, "" when there is none
    operations: tuple[Wanted, ...]  # empty when the schema is broken
    declined: bool
    ruling: Ruling | None


@dataclass(frozen=True)
class UnverifiedRow:
    """Raw bytes that no key vouches for: kept, of no effect, and in no journal."""

    id: UUID
    carrier: str
    carrier_name: str
    received_at: datetime
    reason: str
    size: int
    content_sha256: str


def listed(
    session: Session,
    page: int = 1,
    size: int = 50,
    concerning: ColumnElement[bool] | None = None,
    after: str = "",
) -> Page[InboxRow]:
    """
    Return what was kept but not applied, and what was applied with a doubt, newest first.

    The doubts are both branches of every fork, what a restore lost of a phone (the server's own
    entry says so, at once), and the entry behind that.

    Args:
        session: Reading.
        page: From 1.
        size: Rows a page.
        concerning: Says whose inspections; all of them when None.
        after: The entry behind which the pages begin; what an earlier page called `next`.
    """
    limit, offset = bounds(page, size)
    waiting = IN_INBOX if concerning is None else and_(IN_INBOX, concerning)
    total = session.scalar(
        select(func.count())
        .select_from(JournalEntry)
        .outerjoin(Inspection, Inspection.id == JournalEntry.assignment)
        .where(waiting)
    )
    if after:
        last = select(JournalEntry.pos).where(JournalEntry.hash == after).scalar_subquery()
        waiting = and_(waiting, JournalEntry.pos < last)
    rows = session.execute(
        select(JournalEntry, Replica, Inspection)
        .join(Replica, Replica.id == JournalEntry.replica_id)
        .outerjoin(Inspection, Inspection.id == JournalEntry.assignment)
        .where(waiting)
        .order_by(JournalEntry.pos.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    found = _Rows(session, rows).all()
    further = going_on([row.hash for row in found], limit)
    return Page(found, total or 0, max(page, 1), limit, further)


def unverified(
    session: Session, delivered_by: ColumnElement[bool] | None = None
) -> tuple[UnverifiedRow, ...]:
    """
    Return the raw bytes kept under the quota, newest first.

    Args:
        session: Reading.
        delivered_by: Says of which accounts' phones, as a condition on `User`; all when None.
    """
    rows = session.execute(
        select(
            Unverified.id,
            Unverified.carrier,
            func.coalesce(User.name, ""),
            Unverified.received_at,
            Unverified.reason,
            func.length(Unverified.content),
            Unverified.content_sha256,
        )
        .outerjoin(Replica, Replica.id == Unverified.carrier)
        .outerjoin(User, User.id == Replica.user_id)
        .where(true() if delivered_by is None else delivered_by)
        .order_by(Unverified.received_at.desc(), Unverified.id)
    )
    return tuple(UnverifiedRow(*row) for row in rows)


@dataclass(frozen=True)
class _Case:
    """What stands in one inspection."""

    record: MergedRecord
    titles: Mapping[str, tuple[str, str]]


class _Rows:
    """The entries of one page, with what is asked of the tables once for all of them."""

    def __init__(
        self,
        session: Session,
        rows: Sequence[Row[JournalEntry, Replica, Inspection]],
    ) -> None:
        self._session, self._rows = session, rows
        self._parsed = {entry.hash: _parsed(entry.content) for entry, _, _ in rows}
        self._cases = {
            visit.id: _Case(
                visit_records.load(session, visit.id).merged, questions(session, visit.id)
            )
            for visit in {visit.id: visit for _, _, visit in rows if visit}.values()
        }

    def all(self) -> tuple[InboxRow, ...]:
        """Return the rows in their order."""
        return tuple(self._row(entry, replica, visit) for entry, replica, visit in self._rows)

    def _row(self, entry: JournalEntry, replica: Replica, visit: Inspection | None) -> InboxRow:
        said = self._parsed[entry.hash]
        return InboxRow(
            hash=entry.hash,
            replica=entry.replica_id,
            seq=entry.seq,
            effect=entry.effect,
            reason=_cause(entry),
            since=self._since(entry, replica, visit),
            wall=said.wall if said else "",
            last_server_time=said.last_server_time if said else "",
            received_at=entry.received_at,
            ahead_minutes=minutes_ahead(entry),
            user_name=self._whose(entry, replica),
            carrier=entry.carrier,
            carrier_name=self._holders.get(entry.carrier, ""),
            inspection_id=entry.assignment,
            number=visit.number if visit else "",
            operations=self._wanted(entry, said) if said else (),
            declined=DECLINED in entry.flags,
            ruling=self._rulings.get(entry.hash),
        )

    def _whose(self, entry: JournalEntry, replica: Replica) -> str:
        """Return whose entry it is; of a loss that the server names, whose phone it was on."""
        if replica.user_id:
            return self._name(f"user:{replica.user_id}")
        lost = _lost_of(self._parsed[entry.hash])
        return "、".join(sorted({self._holders[id] for id in lost if id in self._holders}))

    def _wanted(self, entry: JournalEntry, said: Entry) -> tuple[Wanted, ...]:
        case = self._cases.get(entry.assignment) if entry.assignment else None
        made = entries.operations(said, entry.hash)
        return tuple(self._beside(case, op, entry.hash) for op in made)

    def _beside(self, case: _Case | None, op: entries.Operation, entry: str) -> Wanted:
        """Return one operation beside what stands there now, but for what its entry put there."""
        value, left = json.loads(op.value), json.loads(merge.effective_value(op))
        heads = [head for head in _heads(case, op.item) if _entry_of(head) != entry]
        others = [head.plain() for head in heads]
        titles = case.titles if case else {}
        return Wanted(
            type=op.type,
            item=op.item,
            title=" ".join(titles.get(op.item, (kind_of(op.item),))),
            words=deed(op.type, op.item, value, others),
            value=value,
            photo=op.blob,
            photo_arrived=op.blob in self._arrived,
            stands=tuple(self._standing(op.item, head, [left, *others]) for head in heads),
        )

    def _standing(self, item: str, head: Head, sides: Sequence[Any]) -> Standing:
        return Standing(
            words=in_words(item, head.plain(), sides),
            value=head.plain(),
            user_name=self._name(f"user:{head.user}"),
            wall=head.wall,
            received_at=self._received[_entry_of(head)],
            replica=head.replica,
        )

    def _since(
        self, entry: JournalEntry, replica: Replica, visit: Inspection | None
    ) -> datetime | None:
        if entry.reason == "closed" and visit is not None:
            return visit.closed_at
        if entry.reason == "revoked":
            return replica.revoked_at
        if entry.reason == "reassigned":
            return self._left.get((entry.assignment, replica.user_id))
        return None

    def _name(self, label: str) -> str:
        return self._names.get(label, label)

    @cached_property
    def _heads(self) -> list[Head]:
        """Every value that stands beside what an entry of this page wanted."""
        return [
            head
            for entry, _, _ in self._rows
            if entry.assignment and (said := self._parsed[entry.hash])
            for op in said.ops
            for head in _heads(self._cases.get(entry.assignment), op.item)
        ]

    @cached_property
    def _names(self) -> Mapping[str, str]:
        users = {head.user for head in self._heads}
        users |= {str(replica.user_id) for _, replica, _ in self._rows if replica.user_id}
        return names_of(self._session, {f"user:{user}" for user in users if user})

    @cached_property
    def _received(self) -> Mapping[str, datetime]:
        wanted = {_entry_of(head) for head in self._heads}
        rows = self._session.execute(
            select(JournalEntry.hash, JournalEntry.received_at).where(JournalEntry.hash.in_(wanted))
        )
        return {row.hash: row.received_at for row in rows}

    @cached_property
    def _arrived(self) -> Collection[str]:
        read = filter(None, self._parsed.values())
        cited = {op.blob for said in read for op in said.ops if op.blob}
        return visit_records.stored_blobs(self._session, cited)

    @cached_property
    def _holders(self) -> Mapping[str, str]:
        phones = {entry.carrier for entry, _, _ in self._rows}
        phones.update(id for said in self._parsed.values() for id in _lost_of(said))
        rows = self._session.execute(
            select(Replica.id, User.name)
            .join(User, User.id == Replica.user_id)
            .where(Replica.id.in_(phones))
        )
        return {row.id: row.name for row in rows}

    @cached_property
    def _left(self) -> Mapping[tuple[UUID | None, UUID | None], datetime | None]:
        rows = self._session.execute(
            select(InspectionMember.inspection_id, User.id, func.max(InspectionMember.left_at))
            .join(User, User.officer_id == InspectionMember.officer_id)
            .where(InspectionMember.inspection_id.in_(self._cases))
            .group_by(InspectionMember.inspection_id, User.id)
        )
        return {(inspection, user): left for inspection, user, left in rows}

    @cached_property
    def _rulings(self) -> Mapping[str, Ruling]:
        items = [f"entry/{entry.hash}" for entry, _, _ in self._rows]
        rows = self._session.execute(
            select(
                Operation.item,
                Operation.type,
                Operation.author,
                Operation.value,
                JournalEntry.received_at,
            )
            .join(JournalEntry, JournalEntry.hash == Operation.entry_hash)
            .where(
                Operation.assignment.is_(None),
                Operation.item.in_(items),
                Operation.type.in_((ACCEPT, "inbox.decline")),
            )
            .order_by(JournalEntry.pos)
        ).all()
        names = names_of(self._session, {f"user:{row.author}" for row in rows if row.author})
        return {
            row.item.removeprefix("entry/"): Ruling(
                accepted=row.type == ACCEPT,
                by=names.get(f"user:{row.author}", ""),
                at=row.received_at,
                reason=json.loads(row.value)["reason"],
            )
            for row in rows
        }


def _parsed(content: bytes) -> Entry | None:
    try:
        return entries.parse(content)
    except BadEntry:
        return None


def _lost_of(said: Entry | None) -> list[str]:
    """Return the phones of which an entry says that a restore lost something."""
    ops = said.ops if said else []
    return [op.item.partition("/")[2] for op in ops if op.type == "replica.lost"]


def _heads(case: _Case | None, item: str) -> tuple[Head, ...]:
    found = case.record.items.get(item) if case else None
    return found.heads if found else ()


def _entry_of(head: Head) -> str:
    return head.id.partition("#")[0]


def _cause(entry: JournalEntry) -> str:
    return entry.reason or (GAP if GAP in entry.flags else entry.effect)
