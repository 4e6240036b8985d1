"""Bringing a database to the current schema, with Alembic, from inside the installed package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from inspect_server.domain.errors import InspectError

MIGRATIONS = Path(__file__).parent / "migrations"


class NotInitialised(InspectError):
    """There is no database yet."""

    code, kind = "store.not_initialised", "unavailable"
    message = "数据库尚未初始化，请先运行 inspect-server init。"


class SchemaOutdated(InspectError):
    """The tables are those of another version."""

    code, kind = "store.schema_outdated", "unavailable"
    message = "数据库结构与程序版本不一致，请先备份，再运行 inspect-server init 升级。"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate the database upwards to `revision`; a database already there is left as it is."""
    with engine.execution_options(writing=True).begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate the database downwards to `revision`."""
    with engine.execution_options(writing=True).begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def check(engine: Engine) -> None:
    """
    Refuse a database that this program cannot work with; nothing is created or changed.

    Raises:
        NotInitialised: There is no database, or it has no tables.
        SchemaOutdated: It belongs to an older (or newer) version of the program.
    """
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and not Path(path).is_file():
        raise NotInitialised
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    if not found:
        raise NotInitialised
    if set(found) != set(ScriptDirectory.from_config(_config()).get_heads()):
        raise SchemaOutdated


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
