"""A province's journal around one inspector's tasks, put into the tables in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.store import bulk
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import JournalEntry, Replica, ReplicaScope, SyncDocument
from inspect_server.usecases.phones.pull_phone import Puller, pull_phone
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import engine
from sync.ids import document_id, inspection_scope
from sync.protocol import PullReply, PullRequest, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import FORM, NOW, Hand, answer
from tests.store.sync_world import SqlWorld

TASKS, ITEMS = 20, 50
"""What one inspector has open at a time: tasks, and answers in each."""
COLLEAGUES = 200
SAVES = 25
"""Entries of one evening."""
BATCH = 20_000


@dataclass
class Province:
    """One inspector whose phone pulls, and everybody else."""

    backend: Backend
    world: SqlWorld = field(init=False)
    reader: Hand = field(init=False)
    partner: Hand = field(init=False)
    tasks: list[str] = field(default_factory=lambda: [str(uuid4()) for _ in range(TASKS)])

    def __post_init__(self) -> None:
        self.world = SqlWorld(self.backend)
        self.reader, self.partner = (Hand(self.world.user()) for _ in range(2))
        for hand in (self.reader, self.partner):
            self.world.enrol(hand.public_key, hand.user)
        for task in self.tasks:
            self.world.assign(task, FORM, self.reader.user, [self.partner.user])
            self.save(task, ITEMS)

    def save(self, task: str, items: int) -> None:
        """Let the partner answer so many items of one task, five an entry."""
        codes = [f"D{n:03}" for n in range(items)]
        saved = [
            self.partner.save(task, *(answer(code, note=str(uuid4())) for code in codes[n : n + 5]))
            for n in range(0, items, 5)
        ]
        with self.backend.reading() as session:
            epoch = str(sync_head.epoch(session))
        push_entries(self.backend, PushRequest(self.partner.id, epoch, NOW.isoformat(), saved))

    def pull(self, cursor: str = "", limit: int = 1000) -> PullReply:
        """Ask for one page, as the reader's phone does."""
        puller = Puller(self.reader.id, UUID(self.reader.user))
        return pull_phone(self.backend, puller, PullRequest(cursor, limit))

    def pull_in(self, session: Session, cursor: str = "") -> PullReply:
        """Ask for one page in a session of the caller's."""
        return engine.pull(SqlJournal(session, NOW), self.reader.id, PullRequest(cursor))

    def pull_all(self) -> tuple[str, int]:
        """Return the cursor behind everything that the reader sees, and how many documents."""
        cursor, seen = "", 0
        while True:
            page = self.pull(cursor)
            cursor, seen = page.cursor, seen + len(page.docs)
            if not page.has_more:
                return cursor, seen

    def fill(self, entries: int) -> None:
        """
        Let the province work: one evening in ten is in a task of the reader, saved over and over.

        Of the others' tasks one in fifty was the reader's and was hidden long ago.
        """
        people = self._people()
        numbers = count(1)
        for start in range(0, entries, BATCH):
            evenings = min(BATCH, entries - start) // SAVES
            with self.backend.begin(ALL_ROLES) as work:
                pos = count(sync_head.take_positions(work.session, evenings * SAVES))
                rows = [list(self._evening(next(numbers), people, pos)) for _ in range(evenings)]
                for model in (ReplicaScope, JournalEntry, SyncDocument):
                    bulk.add(work.session, model, [r for rs in rows for m, r in rs if m is model])
        self._analyse()

    def fill_tasks(self, documents: int) -> None:
        """Show the reader more tasks with so many documents, shown before any was written."""
        with self.backend.begin(ALL_ROLES) as work:
            pos = count(sync_head.take_positions(work.session, documents + documents // SAVES + 1))
            scopes = [
                _shown(str(uuid4()), self.reader.user, next(pos)) for _ in range(documents // SAVES)
            ]
            bulk.add(work.session, ReplicaScope, scopes)
            rows = [
                _document(scopes[n % len(scopes)]["scope"].partition("/")[2], n, next(pos))
                for n in range(documents)
            ]
            bulk.add(work.session, SyncDocument, rows)
        self._analyse()

    def _analyse(self) -> None:
        if self.backend.engine.dialect.name == "postgresql":  # which does so by itself, but later
            with self.backend.begin(ALL_ROLES) as work:
                work.session.execute(text("ANALYZE"))

    def _evening(
        self, number: int, people: list[tuple[UUID, str]], pos: Iterator[int]
    ) -> Iterator[tuple[type, dict[str, Any]]]:
        user, replica = people[number % COLLEAGUES]
        own = number % 10 == 0
        task = self.tasks[number // 10 % TASKS] if own else str(uuid4())
        if not own:
            yield ReplicaScope, _shown(task, str(user), next(pos))
        if number % 50 == 1:
            yield ReplicaScope, _shown(task, self.reader.user, 1, until=2)
        for n in range(SAVES if own else SAVES - 1):
            at = next(pos)
            yield JournalEntry, _entry(task, replica, at)
            if not own:
                yield SyncDocument, _document(task, n, at)

    def _people(self) -> list[tuple[UUID, str]]:
        people = [(uuid4(), sha256(uuid4().bytes).hexdigest()) for _ in range(COLLEAGUES)]
        with self.backend.begin(ALL_ROLES) as work:
            bulk.add(work.session, User, [_user(id) for id, _ in people])
            bulk.add(work.session, Replica, [_replica(id, user) for user, id in people])
        return people


def _shown(task: str, user: str, pos: int, until: int | None = None) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "user_id": UUID(user),
        "scope": inspection_scope(task),
        "added_pos": pos,
        "removed_pos": until,
    }


def _entry(task: str, replica: str, pos: int) -> dict[str, Any]:
    return {
        "hash": sha256(str(pos).encode()).hexdigest(),
        "replica_id": replica,
        "seq": pos,
        "prev": "",
        "pos": pos,
        "content": b"x" * 300,
        "signature": b"s" * 64,
        "carrier": replica,
        "assignment": UUID(task),
        "received_at": NOW,
        "effect": "applied",
        "reason": None,
        "flags": [],
    }


def _document(task: str, number: int, pos: int) -> dict[str, Any]:
    return {
        "id": document_id(task, f"answer/dust/D{number:06}"),
        "scope": inspection_scope(task),
        "kind": "item",
        "ver": 1,
        "pos": pos,
        "deleted": False,
        "body": b'{"value": "%s"}' % (b"x" * 300),
    }


def _user(id: UUID) -> dict[str, Any]:
    return {
        "id": id,
        "login": f"u{id.hex}",
        "name": "检查员",
        "unit": "一科",
        "roles": [Role.INSPECTOR.value],
        "password_hash": "",
        "officer_id": None,
        "failed_attempts": 0,
        "locked_until": None,
        "disabled_at": None,
        "created_at": NOW,
    }


def _replica(id: str, user: UUID) -> dict[str, Any]:
    return {
        "id": id,
        "public_key": b"",
        "label": "手机",
        "device_id": uuid4(),
        "is_server": False,
        "user_id": user,
        "storage": {},
        "pull_token_sha256": None,
        "enrolled_at": NOW,
        "revoked_at": None,
        "last_contact_at": None,
        "upto_seq": 0,
        "head_hash": "",
    }
