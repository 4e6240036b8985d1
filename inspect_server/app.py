"""The composition root: what is made once, and made of what."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspect_server import config
from inspect_server.config import Settings
from inspect_server.domain.certificates import RootMissing, RootUnusable, grouped
from inspect_server.domain.identity import roles_needing
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import check, upgrade
from inspect_server.usecases.certificates import default_folder, issued, root_in
from inspect_server.usecases.documents.fonts import bureau_fonts
from inspect_server.usecases.drawing.beforehand.departments import configured
from inspect_server.usecases.print_pack import NAME as PRINT_PACK
from inspect_server.usecases.server_keys import check_keys, keep_keys
from inspect_server.usecases.work import Actor, Backend, Clock, SystemClock

if TYPE_CHECKING:
    from flask import Flask

    from inspect_server.phone.trust import TrustedRoot


def make_settings() -> Settings:
    """Read the configuration of this process; what it says in the field's own words is checked."""
    settings = config.load()
    roles_needing(settings.second_factor_roles)
    configured(settings.partner_departments)
    return settings


def prepare(settings: Settings | None = None) -> Settings:
    """
    Make the data folder and the keys, and bring the database to the current schema; idempotent.

    Raises:
        KeysLost: A key of this database is missing: made anew it would be another.
    """
    settings = settings or make_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    backend = make_backend(settings=settings)
    upgrade(backend.engine)
    with backend.begin(Actor.system("init")) as work:
        keep_keys(work)
    backend.engine.dispose()
    return settings


def make_backend(settings: Settings | None = None, clock: Clock | None = None) -> Backend:
    """Open the database and the blob store that the configuration names."""
    settings = settings or make_settings()
    return Backend(
        engine=open_engine(settings.database_url),
        blobs=LocalBlobs(settings.data_dir / "blobs"),
        settings=settings,
        clock=clock or SystemClock(),
        fonts=bureau_fonts(settings),
    )


def make_ready_backend(settings: Settings | None = None, clock: Clock | None = None) -> Backend:
    """
    Open a database that is known to be usable, for a process that stays.

    No connection is left open: a server forks after this, and connections must not be shared.

    Raises:
        NotInitialised: `inspect-server init` has not run.
        SchemaOutdated: The database is of another version.
        KeysLost: A key of this database is missing or another.
    """
    backend = make_backend(settings=settings, clock=clock)
    check(backend.engine)
    with backend.reading() as session:
        check_keys(session, backend.settings.data_dir / "keys")
    backend.engine.dispose()
    return backend


def create_app(backend: Backend) -> "Flask":
    """Return the web application: every face over one backend, guarded before anything else."""
    # Imported here: a command that serves nothing need not wait for the web's libraries.
    from flask import Flask

    from inspect_server.api import register_api
    from inspect_server.api.sync import create_sync_blueprint
    from inspect_server.console import register_console
    from inspect_server.console.errors import error_page
    from inspect_server.disclosure import PATH, register_disclosure
    from inspect_server.disclosure.errors import page_by_face
    from inspect_server.phone import register_phone
    from inspect_server.phone.pack import register_pack
    from inspect_server.phone.trust import register_trust
    from inspect_server.web.errors import register_errors
    from inspect_server.web.guard import register_guard
    from inspect_server.web.icon import ICON

    app = Flask("inspect_server", static_folder=None)
    app.extensions["inspect"] = backend
    app.jinja_env.globals["icon"] = ICON
    register_guard(app)
    register_console(app)
    register_disclosure(app)
    register_phone(app)
    register_pack(app, backend.settings.data_dir / PRINT_PACK)
    register_trust(app, partial(_root_for_phones, default_folder(backend.settings.data_dir)))
    app.register_blueprint(create_sync_blueprint(backend))
    register_api(app)
    # Last: flask-smorest registers a handler of its own.
    register_errors(app, page_by_face(PATH, error_page))
    return app


def _root_for_phones(folder: Path) -> "TrustedRoot | None":
    """Return the root that phones are to trust, None where there is none that can be read."""
    from inspect_server.phone.trust import TrustedRoot

    try:
        root = root_in(folder)
        names = dict.fromkeys(name for one in issued(folder) for name in one.names)
    except (RootMissing, RootUnusable):
        return None
    groups, ends = grouped(root.fingerprint), root.ends.date()
    files = root.der, root.mobileconfig
    return TrustedRoot(root.name, root.unit, ends, groups, *files, tuple(names))
