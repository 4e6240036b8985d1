"""Signing in and out."""

from typing import Any

import marshmallow as ma
from flask import Response, g, jsonify, request
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import Text
from inspect_server.domain.identity import CODE_MAX
from inspect_server.usecases.accounts import (
    CurrentSession,
    NewSecret,
    authenticate,
    begin_second_factor,
    confirm_second_factor,
    end_session,
    session_user,
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

blp = Resource("sessions", "/session", "登录与退出")


class LoginIn(ma.Schema):
    """A login and its password; `code` where the account has a second factor."""

    login = Text(60, required=True)
    password = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 128, error="长度应为 {min} 到 {max} 个字符。")
    )
    code = Text(CODE_MAX, load_default="", metadata={"description": "6 digits or a recovery code."})


class SessionOut(ma.Schema):
    """
    Who is signed in; `csrf_token` goes back in the header X-CSRF-Token of every write.

    Where `must_enrol` is true, the second factor has to be set up before anything else.
    """

    user_id = ma.fields.UUID(required=True)
    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    csrf_token = ma.fields.String(required=True)
    has_second_factor = ma.fields.Boolean(required=True)
    must_enrol = ma.fields.Boolean(required=True)


class SecretOut(ma.Schema):
    """A new secret, shown once: as base32 to type in, and as the address that a QR code holds."""

    secret = ma.fields.String(required=True)
    uri = ma.fields.String(required=True)


class CodeIn(ma.Schema):
    """What the authenticator shows now."""

    code = Text(CODE_MAX, required=True)


class RecoveryOut(ma.Schema):
    """The recovery codes, shown once; each lets the account in one time."""

    recovery_codes = ma.fields.List(ma.fields.String(), required=True)


@blp.route("")
class Session(MethodView):
    """The session of this browser."""

    @policy(PUBLIC)
    @blp.operation("signIn", "登录", "会话保存在服务器上；答复中的 csrf_token 用于其后的写操作。")
    @blp.arguments(LoginIn, example={"login": "zhangsan", "password": "Correct-Horse-7"})
    @blp.response(200, SessionOut)
    @blp.alt_response(403, description="账号、密码或口令有误，或已锁定、停用：答复一律相同。")
    def post(self, given: dict[str, Any]) -> Response:
        """Sign in; the session cookie is set."""
        check_is_from_this_site()
        user = authenticate(backend(), given["login"], given["password"], given["code"])
        with begin() as work:
            opened = start_session(work, user, request.cookies.get(cookie_name(), ""))
        found = session_user(backend(), opened.token)
        assert found is not None  # opened just now
        answer = jsonify(_shown(found))
        set_session_cookie(answer, opened.token)
        return answer

    @policy(ENROLLING)
    @blp.operation("getSession", "查看当前登录")
    @blp.response(200, SessionOut)
    def get(self) -> dict[str, Any]:
        """Return who is signed in."""
        return _shown(g.session)

    @policy(ENROLLING)
    @blp.operation("signOut", "退出登录")
    @blp.response(204)
    def delete(self) -> Response:
        """Sign out; the session ends on the server, whatever the browser keeps."""
        with begin() as work:
            end_session(work, request.cookies[cookie_name()])
        answer = Response(status=204)
        clear_session_cookie(answer)
        return answer


@blp.route("/second-factor")
class SecondFactor(MethodView):
    """The second factor of the own account (动态口令)."""

    @policy(ENROLLING)
    @blp.operation("beginSecondFactor", "生成动态口令密钥", "本人的；确认一次口令后才生效。")
    @blp.response(200, SecretOut)
    def post(self) -> NewSecret:
        """Make a new secret; it counts once a code of it was confirmed."""
        with begin() as work:
            return begin_second_factor(work)

    @policy(ENROLLING)
    @blp.operation("confirmSecondFactor", "启用动态口令", "答复中的恢复码只给出这一次。")
    @blp.arguments(CodeIn, example={"code": "123456"})
    @blp.response(200, RecoveryOut)
    def put(self, given: dict[str, Any]) -> dict[str, Any]:
        """Confirm one code: from now on every login asks for one."""
        codes = confirm_second_factor(
            backend(), actor(), given["code"], request.cookies.get(cookie_name(), "")
        )
        return {"recovery_codes": list(codes)}


def _shown(current: CurrentSession) -> dict[str, Any]:
    user = current.user
    return {
        "user_id": str(user.user_id),
        "login": user.login,
        "name": user.name,
        "unit": user.unit,
        "roles": sorted(user.roles),
        "csrf_token": current.csrf,
        "has_second_factor": current.has_second_factor,
        "must_enrol": current.must_enrol,
    }
