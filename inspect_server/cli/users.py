"""user: accounts."""

import sys
from uuid import UUID

import click

from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.identity import ROLE_NAMES, is_locked
from inspect_server.reads import accounts as reads
from inspect_server.usecases import accounts
from inspect_server.usecases.work import Actor

ROLES = Named(ROLE_NAMES)
ROLE_HELP = f"角色，可多次使用：{ROLES.told()}"


class UnitUnknown(InspectError):
    """An account belongs to a unit, and neither the command nor the configuration names one."""

    code, kind = "account.unit_unknown", "invalid"
    message = (
        "尚不知道该账号所在单位：请加上 --unit 单位，或先在 inspect-server.toml 中填写 authority"
        "（本机关全称，也可设环境变量 INSPECT_AUTHORITY）后重试。"
    )


@click.group(
    "user",
    epilog="""\b
示例：
  inspect-server user add zhangsan --name 张三 --role supervisor
  inspect-server user list""",
)
def user_group() -> None:
    """账号：新增、列出、授权、改密码、停用。"""


@user_group.command(
    "add",
    epilog="""\b
示例：
  inspect-server user add zhangsan --name 张三 --unit 执法一科 --role supervisor
  inspect-server user add lisi --name 李四 --unit 执法一科 --role inspector --officer 32079900001
  inspect-server user add wangwu --name 王五 --role office < 密码文件

\b
密码在提示后输入两遍；由程序调用时从标准输入读一行。密码从不写在命令行上。
""",
)
@click.argument("account", metavar="账号")
@click.option("--name", required=True, metavar="姓名", help="姓名。")
@click.option("--unit", default="", metavar="单位", help="所在科室或单位（默认：本机关）。")
@click.option(
    "--role", "roles", multiple=True, required=True, type=ROLES, metavar="角色", help=ROLE_HELP
)
@click.option("--officer", "cert_no", metavar="执法证号", help="执法人员名录中的执法证号。")
@acting
def add_command(
    account: str, name: str, unit: str, roles: tuple[str, ...], cert_no: str | None, actor: Actor
) -> None:
    """新增账号。"""
    officer = _officer(cert_no)
    unit = unit or backend().settings.authority
    if not unit:
        raise UnitUnknown
    password = _ask_password()
    with backend().begin(actor) as work:
        added = accounts.add_user(
            work,
            account,
            name,
            unit,
            [Role(role) for role in roles],
            password,
            officer,
        )
    click.echo(f"已新增账号 {added.login}：{_shown(tuple(sorted(added.roles)))}。")
    if added.name != name:
        click.echo(f"姓名按执法人员名录记为“{added.name}”，不用所写的“{name}”。")
    if Role.INSPECTOR in added.roles:
        next_step("本人用该账号在手机上登记，接收任务")
    else:
        next_step(f"办理事项时在命令后加 --as {added.login}；本人登录网页可以查看")


@user_group.command("list", epilog="\b\n示例：\n  inspect-server user list")
def list_command() -> None:
    """列出全部账号。"""
    with backend().reading() as session:
        rows = reads.accounts(session)
    now = backend().clock.now()
    for row in rows:
        state = "正常"
        if is_locked(row.locked_until, now):
            state = "锁定"
        if row.disabled_at:
            state = "停用"
        click.echo(
            "\t".join((row.login, row.name, row.unit, _shown(row.roles), row.cert_no, state))
        )
    click.echo(f"共 {len(rows)} 个账号。", err=True)
    if not rows:
        next_step("新增账号", "user add 账号 --name 姓名 --role supervisor")


@user_group.command(
    "roles", epilog="\b\n示例：\n  inspect-server user roles zhangsan --role supervisor"
)
@click.argument("account", metavar="账号")
@click.option("--role", "roles", multiple=True, type=ROLES, metavar="角色", help=ROLE_HELP)
@acting
def roles_command(account: str, roles: tuple[str, ...], actor: Actor) -> None:
    """重新授予角色；原有角色全部由所列角色取代。"""
    with backend().begin(actor) as work:
        changed = accounts.grant_roles(work, account, [Role(role) for role in roles])
    click.echo(f"账号 {changed.login} 现有角色：{_shown(tuple(sorted(changed.roles))) or '无'}。")


@user_group.command("password", epilog="\b\n示例：\n  inspect-server user password zhangsan")
@click.argument("account", metavar="账号")
@acting
def password_command(account: str, actor: Actor) -> None:
    """重设密码，同时解除锁定并结束其全部登录。"""
    password = _ask_password()
    with backend().begin(actor) as work:
        accounts.set_password(work, account, password)
    click.echo(f"账号 {account} 的密码已重设，原有登录已全部结束。")


@user_group.command("reset-code", epilog="\b\n示例：\n  inspect-server user reset-code zhangsan")
@click.argument("account", metavar="账号")
@acting
def reset_code_command(account: str, actor: Actor) -> None:
    """重置动态口令，用于手机和恢复码都已遗失的账号；同时结束其全部登录。"""
    with backend().begin(actor) as work:
        accounts.reset_second_factor(work, account)
    click.echo(f"账号 {account} 的动态口令已重置，本人登录后可重新启用。")


@user_group.command("disable", epilog="\b\n示例：\n  inspect-server user disable zhangsan")
@click.argument("account", metavar="账号")
@acting
def disable_command(account: str, actor: Actor) -> None:
    """停用账号；其办理过的事项保留。"""
    with backend().begin(actor) as work:
        accounts.disable_user(work, account)
    click.echo(f"账号 {account} 已停用。")


def _officer(cert_no: str | None) -> UUID | None:
    if cert_no is None:
        return None
    with backend().reading() as session:
        return reads.officer_of_certificate(session, cert_no)


def _ask_password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("密码", hide_input=True, confirmation_prompt="再输入一次密码")
        return typed
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise BadInput(field="密码", reason="标准输入为空")
    return line


def _shown(roles: tuple[Role, ...]) -> str:
    return "、".join(ROLE_NAMES[role] for role in roles)
