"""The verifiers: two programs by other hands than the draw, served with their SHA-256."""

import hashlib
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from inspect_server.disclosure.answers import HTML, PLAIN, cacheable, page
from inspect_server.domain.errors import NotFound
from inspect_server.web.guard import PUBLIC, policy

PAGE = "verify.html"
SCRIPTS = {".html", ".js"}
"""A worker is held by the policy of its own script, and it imports the other scripts."""
KINDS = {
    ".py": "text/x-python; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
}
SCRIPTED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The verifier's page runs its own scripts and sends nothing anywhere (no connect-src)."""


def register(blueprint: Blueprint) -> None:
    """Add the verifiers to the face."""
    blueprint.add_url_rule("/verify", "verify", verify)
    blueprint.add_url_rule("/verify/<string(maxlength=60):name>", "verifier", verifier)


@policy(PUBLIC)
def verify() -> ResponseReturnValue:
    """Say how anybody can check a draw, and give the programs."""
    found = [
        (name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in _shipped().items()
    ]
    return page("verify", lambda: render_template("disclosure/verify.html", files=found))


@policy(PUBLIC)
def verifier(name: str) -> ResponseReturnValue:
    """Send one file of the verifiers."""
    content = _shipped().get(name)
    if content is None:
        raise NotFound(what="该验证程序")
    suffix = name[name.rfind(".") :]
    answer = Response(content, content_type=KINDS.get(suffix, "application/octet-stream"))
    if suffix == ".py":
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return cacheable(answer, content, SCRIPTED if suffix in SCRIPTS else PLAIN)


@cache
def _shipped() -> dict[str, bytes]:
    folder = files(__package__).joinpath("verifiers")
    return {
        part.name: part.read_bytes()
        for part in sorted(folder.iterdir(), key=lambda part: part.name)
        if part.is_file() and part.name != "__init__.py"
    }
