"""Verifying the record finds what no trigger forbids: a change behind the database's back."""

import pytest
from sqlalchemy import text

from inspect_server.store.triggers import drop_triggers
from inspect_server.usecases import record
from inspect_server.usecases.verify_record import RecordDamaged, RecordVerified, verify_record
from inspect_server.usecases.work import Actor, Backend


def write_two_cases(backend: Backend) -> None:
    with backend.begin(Actor.system("test")) as work:
        for case in ("plan/2026", "draw"):
            for number in range(3):
                record.note(work, "plan.made", case, {"number": number})


def tamper(backend: Backend, statement: str) -> None:
    with backend.begin(Actor.system("test")) as work:
        drop_triggers(work.session.connection())
        work.session.execute(text(statement))


def test_an_untouched_record_is_whole(backend: Backend) -> None:
    write_two_cases(backend)

    with backend.reading() as session:
        assert verify_record(session) == RecordVerified(cases=2, leaves=6)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("DELETE FROM record_leaf WHERE case_name = 'draw' AND case_seq = 2", "draw 第 2 条"),
        ("DELETE FROM record_leaf WHERE case_name = 'draw' AND case_seq = 3", "draw 末尾"),
        (
            "UPDATE record_leaf SET content = (SELECT content FROM record_leaf "
            "WHERE case_name = 'draw' AND case_seq = 1) WHERE case_name = 'draw' AND case_seq = 3",
            "draw 第 3 条",
        ),
        ("UPDATE record_case SET last_seq = 2 WHERE name = 'draw'", "draw 末尾"),
    ],
)
def test_a_change_behind_the_databases_back_is_named(
    backend: Backend, statement: str, names: str
) -> None:
    write_two_cases(backend)
    tamper(backend, statement)

    with backend.reading() as session, pytest.raises(RecordDamaged, match=names):
        verify_record(session)
