"""The server of an evening: what a bureau does on it, and how it goes back to a backup."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import msgspec

from sync import engine, entries
from sync.ids import inspection_scope
from sync.memory import MemoryJournal, MemoryStore
from sync.ports import Document, Journal
from tests.conformance_journal import FORM, NOW
from tests.sync_model.network import PowerCut
from tests.sync_server import MemoryServer


class Server(ABC):
    """A server that phones reach by HTTP, with a bureau that steers it."""

    repaired: AbstractSet[str] = frozenset()
    """Items that a rebuild corrected; their versions grew by that, too."""

    @property
    @abstractmethod
    def id(self) -> str:
        """The server's own replica."""

    @abstractmethod
    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a phone."""

    @abstractmethod
    def begin(self) -> AbstractContextManager[Journal]:
        """Open a transaction."""

    @abstractmethod
    def account(self, login: str) -> str:
        """Return the user id of an account, made when it is new; its password is the login."""

    @abstractmethod
    def write(self, assignment: str, op: entries.Op, user: str = "", form: str = "") -> None:
        """Write an entry of the server's own."""

    @abstractmethod
    def file(self, sha256: str) -> bytes:
        """Return an uploaded file."""

    @abstractmethod
    def inbox(self) -> set[str]:
        """Return the hashes of all entries that a supervisor sees: set aside, or in doubt."""

    @abstractmethod
    def save(self, name: str) -> None:
        """Take a backup; it replaces the one of this name."""

    @abstractmethod
    def load(self, name: str) -> None:
        """Be as it was when this backup was taken, as if nothing had happened since."""

    @abstractmethod
    def open_epoch(self) -> None:
        """Tell the phones that something may be lost."""

    @abstractmethod
    def die(self) -> None:
        """Let the next transaction that writes never become durable."""

    def hashes(self) -> set[str]:
        """Return the hashes of everything in the journal."""
        with self.begin() as journal:
            return {row.hash for row in journal.all_entries()}

    def assign(self, task: str, lead: str, members: list[str], form: str = FORM) -> None:
        """Dispatch a task, or again to another team, and show it."""
        team = [{"user": self.account(lead), "role": "lead"}]
        team += [{"user": self.account(login), "role": "member"} for login in members]
        with self.begin() as journal:
            known = task in journal.standings([task])
        name = "task.reassign" if known else "task.assign"
        self.control(task, name, f"task/{task}", {"form": form, "team": team})
        shown = [{"user_id": member["user"], "role": member["role"]} for member in team]
        body = msgspec.json.encode({"id": task, "form_set": form, "team": shown})
        document = Document(f"task/{task}", inspection_scope(task), "task", 0, 0, False, body)
        with self.begin() as journal:
            engine.publish(journal, [document])

    def control(self, assignment: str, type: str, item: str, value: Any) -> None:
        """Write one steering operation."""
        self.write(assignment, entries.make_op(type, item, value))


class MortalStore(MemoryStore):
    """A store whose power can fail before a commit."""

    dying = False

    @contextmanager
    def begin(self) -> Iterator[MemoryJournal]:
        with super().begin() as journal:
            before = self.tables.pos
            yield journal
            if self.dying and self.tables.pos > before:
                raise PowerCut


class MemoryBureau(Server):
    """The reference journal behind every endpoint of the protocol."""

    def __init__(self, kind: Callable[[MortalStore], MemoryServer] = MemoryServer) -> None:
        self.store = MortalStore()
        self.inner = kind(self.store)
        self._saved: dict[str, Any] = {}

    @property
    def id(self) -> str:
        return entries.replica_id(entries.raw_public_key(self.inner.key))

    def answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.inner.handle(request)
        finally:
            self.store.dying = False

    def begin(self) -> AbstractContextManager[Journal]:
        return self.store.begin()

    def account(self, login: str) -> str:
        return self.inner.account(login)

    def write(self, assignment: str, op: entries.Op, user: str = "", form: str = "") -> None:
        with self.begin() as journal:
            engine.append(
                journal,
                self.inner.key,
                NOW,
                user=user,
                assignment=assignment,
                form=form,
                device="0198dddd-0000-4000-8000-000000000001",
                ops=[op],
            )

    def file(self, sha256: str) -> bytes:
        return self.inner.files[sha256]

    def inbox(self) -> set[str]:
        rows = self.store.tables.journal.values()
        aside = {row.hash for row in rows if row.effect in ("held", "quarantined")}
        return aside | {row.hash for row in rows if {"fork", "gap"} & set(row.flags)}

    def save(self, name: str) -> None:
        self._saved[name] = self.store.tables.snapshot(), dict(self.inner.tokens)

    def load(self, name: str) -> None:
        tables, tokens = self._saved[name]
        self.store.tables = tables.snapshot()
        self.inner.tokens = dict(tokens)
        self.inner.uploads.clear()

    def open_epoch(self) -> None:
        self.store.restore(self.store.tables)

    def die(self) -> None:
        self.store.dying = True
