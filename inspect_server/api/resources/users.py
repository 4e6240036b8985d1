"""Accounts: opened by the system administrator, given roles by the security administrator."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import Text, code
from inspect_server.domain.enums import Role
from inspect_server.domain.identity import PASSWORD_MAX, PASSWORD_MIN
from inspect_server.reads import accounts as reads
from inspect_server.usecases import accounts
from inspect_server.usecases.accounts import SignedIn
from inspect_server.web.begin import begin, reading
from inspect_server.web.guard import EVERYONE, allow, policy
from inspect_server.web.policies import ACCOUNTS

blp = Resource("users", "/users", "账号（三员分立）")

LOGIN = "<string(maxlength=60):login>"

USER_EXAMPLE = {
    "login": "lisi",
    "name": "李四",
    "unit": "执法一科",
    "password": "Correct-Horse-7",
}


class UserIn(ma.Schema):
    """A new account, without roles until the security administrator grants them."""

    login = Text(60, required=True)
    name = Text(100, required=True)
    unit = Text(200, required=True)
    password = ma.fields.String(
        required=True, validate=ma.validate.Length(PASSWORD_MIN, PASSWORD_MAX)
    )
    officer_id = ma.fields.UUID(load_default=None, allow_none=True)


class RolesIn(ma.Schema):
    """All the roles that the account holds from now on."""

    roles = ma.fields.List(
        code(Role), required=True, validate=ma.validate.Length(max=len(Role), error="过多。")
    )


class PasswordIn(ma.Schema):
    """The new password; it ends every session of the account."""

    password = ma.fields.String(
        required=True, validate=ma.validate.Length(PASSWORD_MIN, PASSWORD_MAX)
    )


class UserOut(ma.Schema):
    """An account after a change."""

    user_id = ma.fields.UUID(required=True)
    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    roles = ma.fields.Function(
        lambda user: sorted(user.roles),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}},
    )


class AccountOut(ma.Schema):
    """One account in the list."""

    id = ma.fields.UUID(required=True)
    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    roles = ma.fields.List(code(Role), required=True)
    cert_no = ma.fields.String(required=True)
    has_second_factor = ma.fields.Boolean(required=True)
    locked_until = ma.fields.AwareDateTime(required=True, allow_none=True)
    disabled_at = ma.fields.AwareDateTime(required=True, allow_none=True)


@blp.route("")
class Users(MethodView):
    """All accounts."""

    @allow(*ACCOUNTS)
    @blp.operation("listUsers", "列出账号", "含已停用的。")
    @blp.response(200, AccountOut(many=True))
    def get(self) -> list[reads.AccountRow]:
        """List the accounts by login, the disabled ones included."""
        with reading() as session:
            return reads.accounts(session)

    @allow(Role.SYSTEM_ADMIN)
    @blp.operation("addUser", "新增账号", "由系统管理员新增，暂无角色。")
    @blp.arguments(UserIn, example=USER_EXAMPLE)
    @blp.response(201, UserOut)
    def post(self, given: dict[str, Any]) -> SignedIn:
        """Open an account."""
        with begin() as work:
            return accounts.add_user(work, roles=(), **given)


@blp.route(f"/{LOGIN}/roles")
class UserRoles(MethodView):
    """The roles of one account."""

    @allow(Role.SECURITY_ADMIN)
    @blp.operation("grantRoles", "授予角色", "由安全管理员授予，取代原有角色。")
    @blp.arguments(RolesIn, example={"roles": ["supervisor"]})
    @blp.response(200, UserOut)
    def put(self, given: dict[str, Any], login: str) -> SignedIn:
        """Replace the roles; they hold from the account's next request on."""
        with begin() as work:
            return accounts.grant_roles(work, login, given["roles"])


@blp.route(f"/{LOGIN}/password")
class UserPassword(MethodView):
    """The password of one account."""

    @policy(EVERYONE)
    @blp.operation("setPassword", "设置密码", "本人的密码；系统管理员可重设他人的。")
    @blp.arguments(PasswordIn, example={"password": "Battery-Staple-8"})
    @blp.response(204)
    def put(self, given: dict[str, Any], login: str) -> None:
        """Set a password: one's own, or as the system administrator another's."""
        with begin() as work:
            accounts.set_password(work, login, given["password"])


@blp.route(f"/{LOGIN}/second-factor")
class UserSecondFactor(MethodView):
    """The second factor of one account."""

    @allow(Role.SECURITY_ADMIN)
    @blp.operation("resetSecondFactor", "重置动态口令", "用于手机和恢复码都已遗失的账号。")
    @blp.response(204)
    def delete(self, login: str) -> None:
        """Take the second factor off, for whoever lost phone and recovery codes."""
        with begin() as work:
            accounts.reset_second_factor(work, login)


@blp.route(f"/{LOGIN}/disable")
class UserDisabled(MethodView):
    """The end of one account."""

    @allow(Role.SYSTEM_ADMIN)
    @blp.operation("disableUser", "停用账号", "结束其全部登录；其办理过的事项保留。")
    @blp.response(204)
    def post(self, login: str) -> None:
        """Disable an account and end its sessions; what it did stays."""
        with begin() as work:
            accounts.disable_user(work, login)
