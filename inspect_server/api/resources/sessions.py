"""Signing in and out."""

from typing import Any

import marshmallow as ma
from flask import Response, g, jsonify, request
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import Text
from inspect_server.usecases.accounts import authenticate, end_session, start_session
from inspect_server.web.begin import backend, begin
from inspect_server.web.guard import (
    EVERYONE,
    PUBLIC,
    check_is_from_this_site,
    clear_session_cookie,
    cookie_name,
    policy,
    set_session_cookie,
)

blp = Resource("sessions", "/session", "登录与退出")


class LoginIn(ma.Schema):
    """A login and its password."""

    login = Text(60, required=True)
    password = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 128, error="长度应为 {min} 到 {max} 个字符。")
    )


class SessionOut(ma.Schema):
    """Who is signed in; `csrf_token` goes back in the header X-CSRF-Token of every write."""

    user_id = ma.fields.UUID(required=True)
    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    csrf_token = ma.fields.String(required=True)


@blp.route("")
class Session(MethodView):
    """The session of this browser."""

    @policy(PUBLIC)
    @blp.operation("signIn", "登录", "会话保存在服务器上；答复中的 csrf_token 用于其后的写操作。")
    @blp.arguments(LoginIn)
    @blp.response(200, SessionOut)
    @blp.alt_response(403, description="Wrong, locked or disabled: one answer for all.")
    def post(self, given: dict[str, Any]) -> Response:
        """Sign in; the session cookie is set."""
        check_is_from_this_site()
        user = authenticate(backend(), given["login"], given["password"])
        with begin() as work:
            opened = start_session(work, user)
        answer = jsonify(_shown(user, opened.csrf))
        set_session_cookie(answer, opened.token)
        return answer

    @policy(EVERYONE)
    @blp.operation("getSession", "查看当前登录")
    @blp.response(200, SessionOut)
    def get(self) -> dict[str, Any]:
        """Return who is signed in."""
        return _shown(g.user, g.csrf)

    @policy(EVERYONE)
    @blp.operation("signOut", "退出登录")
    @blp.response(204)
    def delete(self) -> Response:
        """Sign out; the session ends on the server, whatever the browser keeps."""
        with begin() as work:
            end_session(work, request.cookies[cookie_name()])
        answer = Response(status=204)
        clear_session_cookie(answer)
        return answer


def _shown(user: Any, csrf: str) -> dict[str, Any]:
    return {
        "user_id": str(user.user_id),
        "login": user.login,
        "name": user.name,
        "unit": user.unit,
        "roles": sorted(user.roles),
        "csrf_token": csrf,
    }
