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
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, render_template, request
from markupsafe import Markup

from inspect_server.web.guard import PUBLIC, policy
from inspect_server.web.plain_door import BEHIND

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
    servers: tuple[str, ...]
    """Names and addresses that it certified."""


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
        style, apps = Markup(STYLE), _apps(root)  # noqa: S704
        return _sent(Response(render_template("trust.html", root=root, style=style, apps=apps)))

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


def _apps(root: TrustedRoot) -> list[str]:
    """
    Return where the phone's app is: below the name by which the phone came here, if certified.

    By another name a phone would meet a warning, so there all the certified ones are told.
    """
    host, port = _split(request.host)
    if host not in root.servers:
        behind, hosts = request.environ.get(BEHIND, ""), root.servers
    else:
        behind, hosts = port if request.is_secure else request.environ.get(BEHIND, ""), (host,)
    named = (f"[{one}]" if ":" in one else one for one in hosts)
    return [f"https://{one}{behind}{PATH}/" for one in named]


def _split(netloc: str) -> tuple[str, str]:
    """Return a host, without the brackets of an address, and the port behind it with its colon."""
    try:
        parts = urlsplit(f"//{netloc}")
        return parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:  # what somebody else's program sent as a host
        return "", ""


def _found(read: ReadRoot) -> TrustedRoot:
    return read() or abort(404)


def _sent(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = CSP
    answer.headers["Cache-Control"] = "no-cache"
    return answer
