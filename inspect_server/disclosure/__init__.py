"""
The public's face (一公开): what was promised before each draw, and what came of it.

Pages without login, without cookies and without scripts but the verifier's. It reads the published
copies only (`inspect_server.reads.disclosure`).
"""

from flask import Blueprint, Flask

from inspect_server.disclosure import pages, proofs, verifying, words
from inspect_server.disclosure.admission import admit
from inspect_server.web.guard import PUBLIC, declare

PATH = "/disclosure"


def register_disclosure(app: Flask) -> None:
    """Mount the public pages below `/disclosure/`."""
    blueprint = Blueprint(
        "disclosure",
        __name__,
        url_prefix=PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/assets",
    )
    for part in (pages, proofs, verifying):
        part.register(blueprint)
    words.register(blueprint)
    admit(app, blueprint, app.extensions["inspect"].settings.threads)
    app.register_blueprint(blueprint)
    declare(app, "disclosure.static", PUBLIC)
