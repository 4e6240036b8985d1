"""Signing in and out, as pages."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.console.pictures import qr
from inspect_server.domain.errors import InspectError
from inspect_server.usecases.accounts import (
    authenticate,
    begin_second_factor,
    confirm_second_factor,
    end_session,
    start_session,
)
from inspect_server.web.begin import actor, backend, begin
from inspect_server.web.guard import (
    ENROLLING,
    PUBLIC,
    check_is_from_this_site,
    clear_session_cookie,
    cookie_name,
    policy,
    set_session_cookie,
)


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    console.add_url_rule("/logout", "logout", logout, methods=["POST"])
    console.add_url_rule("/second-factor", "second_factor", second_factor, methods=["GET", "POST"])


@policy(PUBLIC)
def login() -> ResponseReturnValue:
    """Show the form, or sign in and go where the visitor wanted to."""
    wanted = request.values.get("next", "")
    if request.method == "GET":
        return redirect(_inside(wanted)) if g.user else _form(wanted)
    given = request.form.get("login", "")
    try:
        check_is_from_this_site()
        password, code = (request.form.get(key, "") for key in ("password", "code"))
        user = authenticate(backend(), given, password, code)
    except InspectError as refused:
        return _form(wanted, given, str(refused)), 403
    with begin() as work:
        opened = start_session(work, user, request.cookies.get(cookie_name(), ""))
    answer = make_response(redirect(_inside(wanted)))
    set_session_cookie(answer, opened.token)
    return answer


@policy(ENROLLING)
def second_factor() -> ResponseReturnValue:
    """Set up the own second factor: make a secret, confirm one code, show the recovery codes."""
    if request.method == "GET":
        return _second_factor_page(has_begun=False)
    code = request.form.get("code", "")
    try:
        if code:
            codes = confirm_second_factor(
                backend(), actor(), code, request.cookies.get(cookie_name(), "")
            )
            g.session = replace(g.session, has_second_factor=True, must_enrol=False)
            return _second_factor_page(has_begun=True, codes=codes)
        with begin() as work:
            made = begin_second_factor(work)
    except InspectError as refused:
        return _second_factor_page(has_begun=bool(code), error=str(refused)), 409
    return _second_factor_page(has_begun=True, secret=made.secret, picture=qr(made.uri))


@policy(ENROLLING)
def logout() -> Response:
    """End the session and show the form again."""
    with begin() as work:
        end_session(work, request.cookies[cookie_name()])
    answer = make_response(redirect(url_for("console.login")))
    clear_session_cookie(answer)
    return answer


def _form(wanted: str, login: str = "", error: str = "") -> str:
    return render_template("login.html", next=wanted, login=login, error=error)


def _second_factor_page(*, has_begun: bool, **shown: Any) -> str:
    return render_template("second_factor.html", current=g.session, has_begun=has_begun, **shown)


def _inside(wanted: str) -> str:
    """Return the wanted address if it is one of this server, else the start page."""
    parts = urlsplit(wanted)
    is_local = not parts.scheme and not parts.netloc and wanted.startswith("/")
    return wanted if is_local and "\\" not in wanted else url_for("console.home")
