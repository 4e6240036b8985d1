"""Servers and phones with one mistake each: the evenings of every run must find each of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from msgspec.structs import replace

from sync.cursor import Cursor
from sync.engine import judge
from sync.engine.applying import Batch
from sync.memory import MemoryJournal
from sync.merging.items import Item
from sync.merging.register import Register, _Fold
from sync.phone.local import LocalStore
from sync.phone.network.pulling import Pulling
from tests.sampling import one_in
from tests.sync_model.counting import EVERY_RUN_OF, FIRST
from tests.sync_model.playing import play
from tests.sync_model.servers import MemoryBureau, MortalStore
from tests.sync_server import MemoryServer

Mutant = Callable[[], AbstractContextManager[Any]]


class EarlyServer(MemoryServer):
    """Answers a push before it is durable; when the power fails in between, it is gone."""

    store: MortalStore

    def _push(self, request: httpx.Request, replica: str) -> bytes:
        dying, self.store.dying = self.store.dying, False
        before = self.store.tables.snapshot()
        reply = super()._push(request, replica)
        if dying:
            self.store.tables = before
        return reply


def reused_number() -> AbstractContextManager[Any]:
    """The phone signs another entry with the number of the last one, each third time."""
    honest = LocalStore.add_own

    def add_own(store: LocalStore, replica: str, seq: int, content: bytes, signature: bytes) -> str:
        hash = honest(store, replica, seq, content, signature)
        if seq % 3 == 0:
            back = "UPDATE replica SET upto_seq = upto_seq - 1, head_hash = ? WHERE id = ?"
            store._db.execute(back, (store.hash_at(replica, seq - 1), replica))
        return hash

    return patch.object(LocalStore, "add_own", add_own)


def reused_position() -> AbstractContextManager[Any]:
    """Two pushes get the same positions, as without the lock on the row that counts them."""

    def take_positions(journal: MemoryJournal, count: int) -> int:
        journal._t.pos += count - (journal._t.pos % 5 == 0)
        return journal._t.pos - count + 1

    return patch.object(MemoryJournal, "take_positions", take_positions)


def last_writer_wins() -> AbstractContextManager[Any]:
    """Of different values the latest stays."""
    honest = Register.item

    def item(register: Register) -> Item:
        folded = honest(register)
        return replace(folded, heads=folded.heads[-1:])

    return patch.multiple(Register, item=item, conflict=False)


def anybody_overrules() -> AbstractContextManager[Any]:
    """Whoever answers in a conflict ends it."""
    return patch.object(_Fold, "_overrules", lambda *_: False)


def closed_is_open() -> AbstractContextManager[Any]:
    """Entries of a closed record are applied."""
    honest = judge.reason_against

    def reason_against(*given: Any) -> str:
        reason: str = honest(*given)
        return "" if reason == "closed" else reason

    return patch.object(judge, "reason_against", reason_against)


def nobody_waits() -> AbstractContextManager[Any]:
    """An entry is applied although an earlier one is missing."""
    return patch.object(Batch, "_is_ready", lambda *_: True)


def never_released() -> AbstractContextManager[Any]:
    """What waited for an earlier entry waits for ever."""
    return patch.object(MemoryJournal, "held", lambda *_: [])


def cursor_ahead() -> AbstractContextManager[Any]:
    """The phone remembers a cursor one page further than what it shows."""
    honest = Cursor.text

    def text(cursor: Cursor) -> str:
        return honest(replace(cursor, since=cursor.since + 1))

    return patch.object(Cursor, "text", text)


def not_staged() -> AbstractContextManager[Any]:
    """The phone takes what came for all there is, and checks no digest."""

    def flip(pulling: Pulling, page: Any, *, fresh: bool) -> bool:
        with pulling._store.transaction():
            pulling._store.clear_staging()
            pulling._store.put(cursor=page.cursor)
        return True

    return patch.object(Pulling, "_flip", flip)


MUTANTS: dict[Mutant, str] = {
    reused_number: "a number was used twice|the receipt covers less",
    reused_position: "a position was given twice",
    last_writer_wins: "another verdict|another item",
    anybody_overrules: "another verdict",
    closed_is_open: "another verdict",
    nobody_waits: "another verdict",
    never_released: "others wait",
    cursor_ahead: "a phone shows something else|no rest",
    not_staged: "a phone shows something else",
}
"""Each mistake, and the invariant that has to break by it."""


def test_an_early_acknowledgement_is_caught() -> None:
    with pytest.raises(AssertionError, match="acknowledged and not stored"):
        play(lambda: MemoryBureau(EarlyServer), evenings=EVERY_RUN_OF, number=FIRST, shrink=False)


@pytest.mark.parametrize("mutant", one_in(3, MUTANTS))
def test_a_mistake_is_caught(mutant: Mutant) -> None:
    with mutant(), pytest.raises(AssertionError, match=MUTANTS[mutant]):
        play(MemoryBureau, evenings=EVERY_RUN_OF, number=FIRST, shrink=False)
