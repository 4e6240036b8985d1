"""Migrations: the tables are those of the models, and they go up and down with data in them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError

from forms.model import Form
from inspect_server.domain.enums import Role
from inspect_server.store.models import Base
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.schema import check, downgrade, upgrade
from inspect_server.usecases import due_jobs, record
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases import draw_world
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_a_populated_database_goes_down_and_up_again(backend: Backend) -> None:
    with backend.begin(ALL_ROLES) as work:
        record.note(work, "plan.made", "plan/2026")

    downgrade(backend.engine)
    left = set(inspect(backend.engine).get_table_names())
    upgrade(backend.engine)

    assert left == {"alembic_version"}
    check(backend.engine)
    with backend.reading() as session:
        assert session.scalars(select(RecordLeaf)).all() == []


BY_NOBODY = ("draw", "unit")
"""Comes back from the account that committed, and no account did here."""


def test_every_step_down_and_up_again_keeps_what_a_filled_database_holds(
    backend: Backend, small_form: Form
) -> None:
    visit = closed_visit(backend)
    with backend.begin(ALL_ROLES) as work:
        issue_documents(work, visit.inspection)
        due_jobs.awaited(work, "verify_files", work.now)
    before = _rows(backend.engine)

    for revision in ("0002", "0001"):
        downgrade(backend.engine, revision)
        for name, rows in _rows(backend.engine).items():
            assert len(rows) == len(before[name])
            assert not rows or _told(rows) == _told(before[name], rows[0])
    upgrade(backend.engine)
    after = _rows(backend.engine)

    # The first start of the jobs sets the one again; the other is counted anew, by time.
    made_anew = ("job_deadline", "counted")
    assert sum(map(len, before.values())) > 100
    for name in before.keys() - set(made_anew):
        kept = [one for one in (before[name] or [{}])[0] if (name, one) != BY_NOBODY]
        assert _told(after[name], kept) == _told(before[name], kept)
    with pytest.raises(DatabaseError, match="append-only"), backend.begin(ALL_ROLES) as work:
        work.session.execute(text("UPDATE issued_document SET doc_no = 'x'"))


def _rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but Alembic's."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: [
                dict(row)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()
            ]
            for name in names
        }


def _told(rows: list[dict[str, Any]], columns: Iterable[str] | None = None) -> list[str]:
    """Return rows in one order, with all their columns or with those of an earlier schema."""
    return sorted(repr([(one, row[one]) for one in sorted(columns or row)]) for row in rows)


def test_migrating_what_is_current_changes_nothing(backend: Backend) -> None:
    with backend.begin(ALL_ROLES) as work:
        leaf = record.note(work, "plan.made", "plan/2026")

    upgrade(backend.engine)

    with backend.reading() as session:
        assert session.scalars(select(RecordLeaf.leaf)).all() == [leaf]


def test_a_draw_from_before_gets_the_unit_of_who_committed_to_it(
    backend: Backend, tmp_path: Path
) -> None:
    world = draw_world.build(backend, tmp_path, enterprises=20)
    with backend.begin(ALL_ROLES) as work:
        head = add_user(work, "head", "负责人", "二科", [Role.SUPERVISOR], "correct horse battery")
    made = world.commit(head.actor)

    downgrade(backend.engine, "0012")
    upgrade(backend.engine)

    with backend.reading() as session:
        assert session.get_one(Draw, made.id).unit == "二科"
    with pytest.raises(DatabaseError, match="append-only"), backend.begin(ALL_ROLES) as work:
        work.session.execute(text("UPDATE draw SET unit = '一科'"))
