"""
Who may call what: every route declares its policy, and a route without one answers nobody.

Cookies are checked against a CSRF token and the browser's Sec-Fetch-Site (OWASP ASVS 5.0, 3.5).
"""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.domain.identity import SecondFactorWanted
from inspect_server.usecases.accounts import session_user
from inspect_server.usecases.work import Actor
from inspect_server.web.begin import backend
from inspect_server.web.errors import SENTENCES, failure, wants_page

POLICY = "inspect_policy"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"
MAX_BODY = 1024 * 1024
"""Bytes of a form or JSON body; files of phones come in by the sync face, which has its own."""
YEAR_SECONDS = 365 * 24 * 3600

V = TypeVar("V", bound=Callable[..., Any] | type)


class CrossSite(InspectError):
    """A write that this site's own pages did not send."""

    code, kind = "csrf.refused", "forbidden"
    message = "请求来源无法确认，请刷新页面后重试。"


class Policy(frozenset[Role]):
    """The roles that may call a route. `PUBLIC` and `SIGNED` stand for what needs no cookie."""

    # Told apart by identity: PUBLIC and SIGNED name no role, and neither does a mistake.
    __slots__ = ()


PUBLIC = Policy()
"""Anybody, signed in or not."""
SIGNED = Policy()
"""A phone that signs its requests (RFC 9421); the sync face checks it itself."""
EVERYONE = Policy(Role)
"""Any account."""
ENROLLING = Policy(Role)
"""Any account, even one that has yet to set up the second factor that its role needs."""


def allow(*roles: Role) -> Callable[[V], V]:
    """Let accounts of these roles call the decorated view (a function or a MethodView)."""
    return policy(Policy(roles))


def policy(rule: Policy) -> Callable[[V], V]:
    """Attach a policy to a view."""

    def mark(view: V) -> V:
        setattr(view, POLICY, rule)
        return view

    return mark


def policy_of(app: Flask, endpoint: str, method: str) -> Policy | None:
    """Return the policy of a route, or None where nobody declared one: such a route is refused."""
    view = app.view_functions.get(endpoint)
    target = getattr(view, "view_class", view)
    for handler in (_handler(target, method), target):
        found: Policy | None = getattr(handler, POLICY, None)
        if found is not None:
            return found
    if method == "OPTIONS":
        return EVERYONE  # Flask answers it with the methods of the route, and nothing else
    return _declared(app).get(endpoint)


def _handler(target: Any, method: str) -> Any:
    """Return what answers a method; Flask lets `get` answer HEAD."""
    own = getattr(target, method.lower(), None)
    return getattr(target, "get", None) if own is None and method == "HEAD" else own


def declare(app: Flask, endpoint: str, rule: Policy) -> None:
    """Give a policy to a route that a library made."""
    _declared(app)[endpoint] = rule


def _declared(app: Flask) -> dict[str, Policy]:
    table: dict[str, Policy] = app.config.setdefault("INSPECT_POLICIES", {})
    return table


def cookie_name() -> str:
    """Return the session cookie's name; `__Host-` binds it to this host where HTTPS is used."""
    return "__Host-inspect" if backend().settings.secure_cookies else "inspect"


def set_session_cookie(answer: Response, token: str) -> None:
    """Put the session token where only this host and no script can read it."""
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=backend().settings.session_hours * 3600,
        path="/",
        secure=backend().settings.secure_cookies,
        httponly=True,
        samesite="Strict",
    )


def clear_session_cookie(answer: Response) -> None:
    """Take the session token out of the browser."""
    answer.delete_cookie(
        cookie_name(),
        path="/",
        secure=backend().settings.secure_cookies,
        httponly=True,
        samesite="Strict",
    )


def register_guard(app: Flask) -> None:
    """Check every request before its view, and harden every answer after it."""
    app.before_request(_check)
    app.after_request(_harden)


def _check() -> ResponseReturnValue | None:
    g.actor, g.csrf, g.user, g.session = Actor("anonymous"), "", None, None
    if request.endpoint is None:
        _recognise()  # no such route: Flask answers 404, on a page with the visitor's menu
        return None
    rule = policy_of(current_app, request.endpoint, request.method)
    if rule is SIGNED:
        return None
    request.max_content_length = MAX_BODY
    if not _recognise() and rule is not PUBLIC:
        return _ask_to_sign_in()
    if rule is PUBLIC:
        return None
    if g.session.must_enrol and rule is not ENROLLING:
        return _ask_to_enrol()
    if rule is None or not rule & g.actor.roles:
        return failure(403, "common.forbidden", SENTENCES[403])
    if request.method not in SAFE_METHODS:
        check_is_from_this_site()
        _check_csrf_token()
    return None


def _recognise() -> bool:
    token = request.cookies.get(cookie_name())
    found = session_user(backend(), token) if token else None
    if found is None:
        return False
    g.session = found
    g.user, g.actor, g.csrf = found.user, found.user.actor, found.csrf
    return True


def _ask_to_enrol() -> ResponseReturnValue:
    if wants_page() and request.method in SAFE_METHODS:
        return redirect(url_for("console.second_factor"))
    return failure(403, SecondFactorWanted.code, str(SecondFactorWanted()))


def _ask_to_sign_in() -> ResponseReturnValue:
    is_front_door = request.path == "/"  # curl and the like name no kind of answer
    if (wants_page() or is_front_door) and request.method in SAFE_METHODS:
        return redirect(url_for("console.login", next=request.full_path.rstrip("?")))
    return failure(401, "login.required", SENTENCES[401])


def check_is_from_this_site() -> None:
    """
    Refuse a write that the browser says another site caused.

    Raises:
        CrossSite: Sec-Fetch-Site names another site, or Origin another host.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if (
        site is not None
    ):  # the browser compared the origins itself, whatever a proxy calls this host
        if site not in {"same-origin", "none"}:
            raise CrossSite
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise CrossSite


def _check_csrf_token() -> None:
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""
    if not g.csrf or not hmac.compare_digest(sent.encode(), g.csrf.encode()):
        raise CrossSite


def _harden(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    if backend().settings.secure_cookies:  # said only where HTTPS is what everybody uses
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
    return answer
