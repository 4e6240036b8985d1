"""
What a phone installs once to trust a bureau's own root, and how: below `/phone/`, for everybody.

It must be reachable before the phone trusts the server: by plain http, or past a warning. So none
of it is to be believed for where it came from, and the page says what to compare it with.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Flask, Response, abort, render_template
from markupsafe import Markup

from inspect_server.web.guard import PUBLIC, policy

PATH = "/phone"
PAGE = f"{PATH}/trust"
ADDRESSES = frozenset({PAGE, f"{PATH}/ca.crt", f"{PATH}/ca.mobileconfig"})
"""What phones may have by plain http, and nothing else."""
CRT, PROFILE = "inspect-root.crt", "inspect-root.mobileconfig"
"""What the two files are called where they are handed out by hand (`ca export`), too."""
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 42rem; padding: 1rem; line-height: 1.7; overflow-wrap: anywhere;
  font-family: system-ui, sans-serif; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.warning { border: 2px solid #b3261e; border-radius: .5rem; padding: .75rem 1rem; }
.fingerprint { font: 1.05rem/1.8 ui-monospace, monospace; }
.file { display: block; min-height: 3rem; line-height: 3rem; margin: .75rem 0; padding: 0 1rem;
  border-radius: .5rem; background: #1f4f82; color: #fff; text-align: center; }
"""
_ALLOWED = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; style-src 'sha256-{_ALLOWED}'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class TrustedRoot:
    """A root as phones take it and as people compare it; nothing of it is secret."""

    name: str
    unit: str
    ends: date
    fingerprint: tuple[str, ...]  # SHA-256, in groups
    der: bytes
    mobileconfig: bytes


ReadRoot = Callable[[], TrustedRoot | None]
"""Returns the server's root as it is now, None where it has none."""


def register_trust(app: Flask, read: ReadRoot) -> None:
    """Mount the page and the two files; they are not found where there is no root."""
    blueprint = Blueprint("phone_trust", __name__, url_prefix=PATH, template_folder="templates")

    @blueprint.get("/trust")
    @policy(PUBLIC)
    def page() -> Response:
        """Show how the root is installed, and what to compare first."""
        root = _found(read)
        answer = Response(render_template("trust.html", root=root, style=Markup(STYLE)))  # noqa: S704
        return _sent(answer)

    @blueprint.get("/ca.crt")
    @policy(PUBLIC)
    def certificate() -> Response:
        """Send the root for Android and HarmonyOS, which install it from the phone's files."""
        answer = Response(_found(read).der, content_type="application/x-x509-ca-cert")
        answer.headers.set("Content-Disposition", "attachment", filename=CRT)
        return _sent(answer)

    @blueprint.get("/ca.mobileconfig")
    @policy(PUBLIC)
    def profile() -> Response:
        """Send the root for iOS, which asks at once whether to take it."""
        kind = "application/x-apple-aspen-config"
        return _sent(Response(_found(read).mobileconfig, content_type=kind))

    app.register_blueprint(blueprint)


def _found(read: ReadRoot) -> TrustedRoot:
    return read() or abort(404)


def _sent(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = CSP
    answer.headers["Cache-Control"] = "no-cache"
    return answer
