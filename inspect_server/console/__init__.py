"""The supervisors' face: server-rendered pages in Chinese."""

from flask import Blueprint, Flask

from inspect_server.console import (
    directing,
    documents,
    gates,
    inspections,
    phones,
    planning,
    publishing,
    signing_in,
    words,
)
from inspect_server.console.drawing import (
    auditing,
    ceremonies,
    committing,
    hash_chains,
    previewing,
    replacing,
    voiding,
)
from inspect_server.web.guard import PUBLIC, declare


def register_console(app: Flask) -> None:
    """Mount all pages and what their templates need."""
    console = Blueprint(
        "console",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/assets",
    )
    before = (planning, hash_chains, previewing, committing)
    after = (ceremonies, replacing, voiding, publishing, auditing)
    visits = (inspections, directing, gates, documents)
    for pages in (signing_in, *visits, *before, *after, phones):
        pages.register(console)
    words.register(console)
    app.register_blueprint(console)
    declare(app, "console.static", PUBLIC)  # the login page has its style sheet, too
