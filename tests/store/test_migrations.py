"""Migrations: the tables are those of the models, and they go up and down with data in them."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select

from inspect_server.store.models import Base
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.schema import check, downgrade, upgrade
from inspect_server.usecases import record
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES


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


def test_migrating_what_is_current_changes_nothing(backend: Backend) -> None:
    with backend.begin(ALL_ROLES) as work:
        leaf = record.note(work, "plan.made", "plan/2026")

    upgrade(backend.engine)

    with backend.reading() as session:
        assert session.scalars(select(RecordLeaf.leaf)).all() == [leaf]
