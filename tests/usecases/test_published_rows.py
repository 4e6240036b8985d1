"""Rows of published checklists that somebody changed behind the program's back."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from forms.body import to_json
from inspect_server.reads import record_checks
from inspect_server.store import checklists
from inspect_server.store.checklists import libraries
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.work import Backend
from tests.tampering import unguard
from tests.usecases.bureau import small_form
from tests.usecases.checklist_samples import KEEPER, following, publish
from tests.usecases.closing_visits import close, signed_visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

TODAY = date(2026, 3, 2)


def damaged(backend: Backend) -> list[str]:
    with backend.reading() as session:
        return [fault for one in record_checks.check_cases(session) for fault in one.faults]


def write_body(backend: Backend, body: str, sha256: str) -> None:
    """Write a body as whoever owns the database could, and forget what was read before."""
    with backend.begin(KEEPER) as work:
        unguard(work.session, "published_checklist")
        work.session.execute(
            text("UPDATE published_checklist SET body = :body, content_sha256 = :sha256"),
            {"body": body, "sha256": sha256},
        )
    libraries._kept.clear()


def test_a_text_that_was_changed_in_the_database_is_never_used(sqlite_backend: Backend) -> None:
    """Neither one that reads as a checklist, whatever hash it bears, nor one that is none."""
    visit = signed_visit(sqlite_backend)
    publish(sqlite_backend, following())
    as_published = to_json(following())
    retitled = to_json(following(title="改过的标题"))
    changed: list[Any] = [
        {**as_published, "title": "改过的标题"},
        {**as_published, "retired_on": "2026-06-01"},  # outside of the hash of the content
        retitled,
        None,
        [],
    ]
    for body in (*map(json.dumps, changed), "{", "[" * 100_000):
        write_body(sqlite_backend, body, retitled["content_sha256"])

        with (
            pytest.raises(checklists.PublishedUnreadable, match=r"small@2.*record verify"),
            sqlite_backend.reading() as session,
        ):
            checklists.published(session)
        with pytest.raises(checklists.PublishedUnreadable):
            close(visit)
        assert damaged(sqlite_backend) != []

    write_body(sqlite_backend, json.dumps(as_published), as_published["content_sha256"])
    with sqlite_backend.begin(KEEPER) as work:
        retire_checklist(work, "small", 2, TODAY)
    with sqlite_backend.reading() as session:
        assert checklists.library(session).get("small", 2).retired_on == TODAY
    assert damaged(sqlite_backend) == []


def test_a_body_that_no_reader_reads_is_named_by_its_row(backend: Backend) -> None:
    publish(backend, following())
    write_body(backend, "[" * 3_000 + "]" * 3_000, to_json(following())["content_sha256"])

    assert damaged(backend) == ["发布的检查表 small 2：body 与全过程记录不符"]


def test_a_number_that_is_none_is_told_as_a_damaged_row(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())
    with sqlite_backend.begin(KEEPER) as work:
        unguard(work.session, "published_checklist")
        work.session.execute(text("UPDATE published_checklist SET version = 'abc'"))

    with (
        pytest.raises(checklists.PublishedUnreadable, match=r"small@abc.*record verify"),
        sqlite_backend.reading() as session,
    ):
        checklists.published(session)
    assert damaged(sqlite_backend) != []


def test_a_retirement_of_a_number_that_is_none_is_told(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())
    with sqlite_backend.begin(KEEPER) as work:
        retire_checklist(work, "small", 2, TODAY)
        unguard(work.session, "checklist_retirement")
        work.session.execute(text("UPDATE checklist_retirement SET version = 'abc'"))

    with (
        pytest.raises(libraries.RetirementChanged, match="small@2"),
        sqlite_backend.reading() as session,
    ):
        checklists.library(session)


@pytest.mark.parametrize("day", ["2026-01-01", "not a day"])
def test_a_retirement_that_nobody_said_is_never_followed(sqlite_backend: Backend, day: str) -> None:
    publish(sqlite_backend, following())
    with sqlite_backend.begin(KEEPER) as work:
        work.session.execute(
            text("INSERT INTO checklist_retirement VALUES ('small', 2, :day, :at, 'user:x')"),
            {"day": day, "at": "2026-01-01 00:00:00"},
        )

    with (
        pytest.raises(libraries.RetirementChanged, match=r"small@2.*record verify"),
        sqlite_backend.reading() as session,
    ):
        checklists.library(session)
    with sqlite_backend.reading() as session:  # tasks that carry it go on
        assert checklists.published(session).get("small", 2).retired_on is None


def test_a_retirement_that_was_taken_out_is_noticed(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())
    with sqlite_backend.begin(KEEPER) as work:
        retire_checklist(work, "small", 2, TODAY)
    with sqlite_backend.reading() as session:
        assert dict(checklists.retirements(session)) == {("small", 2): TODAY}
    with sqlite_backend.begin(KEEPER) as work:
        unguard(work.session, "checklist_retirement")
        work.session.execute(text("DELETE FROM checklist_retirement"))

    with (
        pytest.raises(libraries.RetirementChanged, match="small@2"),
        sqlite_backend.reading() as session,
    ):
        checklists.library(session)


def test_a_retirement_by_somebody_else_during_a_step_is_no_damage(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is committed after the rows were read and before the record is; damage is still told."""
    if backend.engine.dialect.name == "sqlite":
        return  # nobody else writes there during a step
    publish(backend, following())
    read_rows, due = libraries._retirement_rows, [2]

    def rows_and_then_somebody_retires(session: Session) -> dict[tuple[str, int], str]:
        rows = read_rows(session)
        if due:
            version = due.pop()
            with backend.begin(KEEPER) as work:
                retire_checklist(work, "small", version, TODAY)
        return rows

    monkeypatch.setattr(libraries, "_retirement_rows", rows_and_then_somebody_retires)
    with backend.begin(KEEPER) as work:
        assert checklists.library(work.session).get("small", 2).retired_on == TODAY
    assert due == []

    with backend.begin(KEEPER) as work:
        unguard(work.session, "checklist_retirement")
        work.session.execute(text("DELETE FROM checklist_retirement"))
    for _ in range(2):  # as read, and as kept
        with (
            pytest.raises(libraries.RetirementChanged, match="small@2"),
            backend.reading() as session,
        ):
            checklists.library(session)
