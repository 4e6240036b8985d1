"""The composition root: what is made once, and made of what."""

from inspect_server import config
from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import upgrade
from inspect_server.usecases.work import Backend, SystemClock


def make_settings() -> Settings:
    """Read the configuration of this process."""
    return config.load()


def prepare(settings: Settings | None = None) -> Settings:
    """Make the data folder and bring the database to the current schema; idempotent."""
    settings = settings or make_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    engine.dispose()
    return settings


def make_backend(settings: Settings | None = None) -> Backend:
    """Open the database and the blob store that the configuration names."""
    settings = settings or make_settings()
    return Backend(
        engine=open_engine(settings.database_url),
        blobs=LocalBlobs(settings.data_dir / "blobs"),
        settings=settings,
        clock=SystemClock(),
    )
