"""
Who may call what: every route declares its policy, and a route without one answers nobody.

Cookies are checked against a CSRF token and the browser's Sec-Fetch-Site (OWASP ASVS 5.0, 3.5).
"""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import session_user
from inspect_server.usecases.work import Actor
from inspect_server.web.begin import backend
from inspect_server.web.errors import SENTENCES, problem

POLICY = "inspect_policy"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"

V = TypeVar("V", bound=Callable[..., Any] | type)


class Policy(frozenset[Role]):
    """The roles that may call a route. `PUBLIC` and `SIGNED` stand for what needs no cookie."""


PUBLIC = Policy()
"""Anybody, signed in or not."""
SIGNED = Policy()
"""A phone that signs its requests (RFC 9421); the sync face checks it itself."""
EVERYONE = Policy(Role)
"""Any account."""


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
    handler = getattr(target, method.lower(), None)
    declared = (getattr(handler, POLICY, None), getattr(target, POLICY, None))
    for found in declared:
        if found is not None:
            rule: Policy = found
            return rule
    return _declared(app).get(endpoint)


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


def register_guard(app: Flask) -> None:
    """Check every request before its view, and harden every answer after it."""
    declare(app, "static", PUBLIC)
    app.before_request(_check)
    app.after_request(_harden)


def _check() -> ResponseReturnValue | None:
    g.actor, g.csrf, g.user = Actor("anonymous"), "", None
    if request.endpoint is None:
        return None  # no such route: Flask answers 404
    rule = policy_of(current_app, request.endpoint, request.method)
    if rule is PUBLIC or rule is SIGNED:
        _recognise()
        return None
    if not _recognise():
        return _ask_to_sign_in()
    if rule is None or not rule & g.actor.roles:
        return problem(403, "common.forbidden", SENTENCES[403])
    if request.method not in SAFE_METHODS and not _is_same_site():
        return problem(403, "csrf.refused", "请求来源无法确认，请刷新页面后重试。")
    return None


def _recognise() -> bool:
    token = request.cookies.get(cookie_name())
    found = session_user(backend(), token) if token else None
    if found is None:
        return False
    g.user, g.actor, g.csrf = found.user, found.user.actor, found.csrf
    return True


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        return problem(401, "login.required", SENTENCES[401])
    return redirect(url_for("console.login", next=request.full_path.rstrip("?")))


def _is_same_site() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""
    return bool(g.csrf) and hmac.compare_digest(sent.encode(), g.csrf.encode())


def _harden(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    return answer
