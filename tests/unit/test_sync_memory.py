"""The reference journal keeps the conformance suite."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from uuid import uuid4

import pytest

from sync import engine, entries
from sync.memory import MemoryBlobs, MemoryJournal, MemoryStore
from tests.conformance_held import HeldConformance
from tests.conformance_journal import NOW, JournalConformance, lost_op
from tests.conformance_merging import MergingConformance


class MemoryWorld:
    """The in-memory store, steered by control entries of the server's replica alone."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.blobs = MemoryBlobs(self.store)
        self._key = entries.new_key()
        self.server = self.store.enrol(entries.raw_public_key(self._key), "", server=True)
        self._device = str(uuid4())

    def begin(self) -> AbstractContextManager[MemoryJournal]:
        return self.store.begin()

    def user(self) -> str:
        return str(uuid4())

    def enrol(self, public_key: bytes, user: str) -> str:
        return self.store.enrol(public_key, user)

    def assign(self, assignment: str, form: str, lead: str, members: Sequence[str]) -> None:
        team = [{"user": lead, "role": "lead"}]
        team += [{"user": member, "role": "member"} for member in members]
        known = assignment in self.store.tables.standings
        name = "task.reassign" if known else "task.assign"
        value = {"form": form, "team": team}
        self._append(assignment, entries.make_op(name, f"task/{assignment}", value))

    def close(self, assignment: str) -> None:
        self._append(assignment, entries.make_op("task.close", f"task/{assignment}", {}))

    def claim(self, replica: str, user: str) -> None:
        self._append("", entries.make_op("replica.enrol", f"replica/{replica}", {"user": user}))

    def lose(self, replica: str, upto_seq: int, head_hash: str) -> None:
        self._append("", lost_op(replica, upto_seq, head_hash))

    def revoke(self, replica: str) -> None:
        value = {"reason": "手机遗失"}
        self._append("", entries.make_op("replica.revoke", f"replica/{replica}", value))

    def accept(self, entry_hash: str) -> None:
        value = {"reason": "核实无误"}
        self._append("", entries.make_op("inbox.accept", f"entry/{entry_hash}", value))

    def decline(self, entry_hash: str) -> None:
        value = {"reason": "无法核实"}
        self._append("", entries.make_op("inbox.decline", f"entry/{entry_hash}", value))

    def store_blob(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self.store.tables.blobs.add(digest)
        return digest

    def _append(self, assignment: str, op: entries.Op) -> None:
        with self.store.begin() as journal:
            result = engine.append(
                journal,
                self._key,
                NOW,
                user="",
                assignment=assignment,
                form="",
                device=self._device,
                ops=[op],
            )
            assert result.effect == "applied"


class TestMemoryJournal(JournalConformance, HeldConformance, MergingConformance):
    @pytest.fixture
    def world(self) -> MemoryWorld:
        return MemoryWorld()
