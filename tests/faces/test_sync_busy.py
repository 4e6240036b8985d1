"""A server that is really busy says when to come back; nothing was stored, nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from inspect_server.store.engine import sqlite_module
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.work import Backend
from sync.protocol import PUSH, PushRequest
from tests.conformance_journal import NOW, answer
from tests.faces.sync_wire import Scene, problem, scene

__all__ = ["scene"]


def _entries(scene: Scene) -> list[str]:
    with scene.backend.reading() as session:
        mine = JournalEntry.replica_id == scene.lead.hand.id
        return list(session.scalars(select(JournalEntry.hash).where(mine)))


def test_a_locked_database_is_503_with_retry_after_and_the_same_push_ends_well_later(
    scene: Scene,
) -> None:
    def impatient(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=50").close()

    event.listen(scene.backend.engine, "checkout", impatient)
    entry = scene.lead.hand.save(scene.assignment, answer())
    request = PushRequest(scene.lead.hand.id, scene.epoch, NOW.isoformat(), [entry])
    file = scene.backend.settings.data_dir / "inspect.db"
    other = sqlite_module().connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = scene.lead.post(PUSH, request)
    stored = _entries(scene)
    other.execute("ROLLBACK")
    other.close()
    reply = scene.lead.push(scene.epoch, entry)

    assert problem(refused) == (503, "sync.unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert stored == []
    assert [result.stored for result in reply.results] == ["new"]


def test_no_free_connection_is_503_with_retry_after(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(_backend: Backend) -> Any:
        raise PoolTimeout("QueuePool limit reached")

    entry = scene.lead.hand.save(scene.assignment, answer())
    request = PushRequest(scene.lead.hand.id, scene.epoch, NOW.isoformat(), [entry])
    with monkeypatch.context() as patched:
        patched.setattr(Backend, "reading", exhausted)
        refused = scene.lead.post(PUSH, request)

    assert problem(refused) == (503, "sync.unavailable")
    assert int(refused.headers["Retry-After"]) > 0
