"""The supervisor's inbox: opening it looks at what lies in it, not through the entries of years."""

from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from inspect_server.reads.phones import inbox
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.store.sync.province import Province

ENTRIES = 10_000
DOUBTS: tuple[dict[str, Any], ...] = (
    {"effect": "held"},
    {"effect": "quarantined", "reason": "closed"},
    {"reason": "fork", "flags": ["fork"]},
    {"flags": ["future_clock", "gap"]},
    {"flags": ["future_clock"]},  # no reason to look at it
)


@pytest.fixture
def filled(backend: Backend) -> list[str]:
    """An inbox of four among the entries of a province: their hashes, newest first."""
    Province(backend).fill(ENTRIES)
    with backend.begin(ALL_ROLES) as work:
        newest = work.session.scalars(
            select(JournalEntry.hash).order_by(JournalEntry.pos.desc()).limit(5 * 100)
        ).all()[::100]
        for hash, doubt in zip(newest, DOUBTS, strict=True):
            work.session.execute(
                update(JournalEntry).where(JournalEntry.hash == hash).values(**doubt)
            )
    return list(newest[:4])


def test_every_page_and_the_count_of_the_inbox_come_from_its_index(
    backend: Backend, filled: list[str]
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        asked.append((statement, values))

    event.listen(backend.engine, "before_cursor_execute", note)
    with backend.reading() as session:
        first = inbox.listed(session, 1, 3)
        second = inbox.listed(session, 1, 3, after=first.next or "")
    event.remove(backend.engine, "before_cursor_execute", note)
    of_the_list = [one for one in asked if "'quarantined'" in one[0]]
    with backend.engine.connect() as connection:
        plans = [_plan(connection, *one) for one in of_the_list]

    assert [row.hash for row in (*first.rows, *second.rows)] == filled
    assert (first.total, second.total, len(plans)) == (4, 4, 4)
    assert ["ix_journal_entry_inbox" in plan for plan in plans] == [True] * 4, plans


def _plan(connection: Connection, statement: str, values: Any) -> str:
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return str(connection.exec_driver_sql(f"{word} {statement}", values).all())
