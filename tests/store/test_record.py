"""The record: chained, append-only, and free of personal data."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inspect_server.domain.record import GENESIS, leaf_hash
from inspect_server.store.record import leaves
from inspect_server.usecases import record
from inspect_server.usecases.work import Actor, Backend


def test_each_event_cites_the_leaf_before_it(backend: Backend, system_actor: Actor) -> None:
    with backend.begin(system_actor) as work:
        first = record.note(work, "plan.made", "plan/2026", {"plan": "p1"})
        second = record.note(work, "plan.approved", "plan/2026")

    with backend.reading() as session:
        kept = list(leaves(session, "plan/2026"))
        assert [leaf.leaf for leaf in kept] == [first, second]
        assert [leaf_hash(leaf.content) for leaf in kept] == [first, second]
        assert f'"case_prev":"{GENESIS}"'.encode() in kept[0].content
        assert f'"case_prev":"{first}"'.encode() in kept[1].content


@pytest.mark.parametrize(
    "statement", ["UPDATE record_leaf SET type = 'x'", "DELETE FROM record_leaf"]
)
def test_the_database_itself_refuses_to_change_a_leaf(
    backend: Backend, system_actor: Actor, statement: str
) -> None:
    with backend.begin(system_actor) as work:
        record.note(work, "plan.made", "plan/2026")

    with pytest.raises(DatabaseError, match="append-only"), backend.begin(system_actor) as work:
        work.session.execute(text(statement))


def test_a_failed_unit_of_work_leaves_nothing_behind(backend: Backend, system_actor: Actor) -> None:
    with pytest.raises(RuntimeError), backend.begin(system_actor) as work:
        record.note(work, "plan.made", "plan/2026")
        raise RuntimeError

    with backend.reading() as session:
        assert list(leaves(session, "plan/2026")) == []
