"""init, serve, jobs: the server as a machine."""

import click

from inspect_server.app import create_app, make_backend, make_ready_backend, prepare
from inspect_server.cli.terminal.context import clock
from inspect_server.cli.terminal.telling import PROGRAM, next_step
from inspect_server.config import DEFAULT_FILE, SAID_IN_DOCUMENTS, Settings
from inspect_server.reads.accounts import accounts


@click.command("init", epilog="\b\n示例：\n  INSPECT_DATA_DIR=/srv/inspect inspect-server init")
def init_command() -> None:
    """建立数据目录和数据库；已建立的会升级到当前版本，数据不变。"""
    settings = prepare()
    click.echo(f"已就绪：数据目录 {settings.data_dir}")
    if missing := [key for key in SAID_IN_DOCUMENTS if not getattr(settings, key)]:
        next_step(
            f"在 {DEFAULT_FILE} 中填写本机关信息 {'、'.join(missing)}（各项见 {PROGRAM} config）"
        )
    if _has_accounts(settings):
        next_step("启动服务", "serve")
    else:
        next_step("新增账号", "user add 账号 --name 姓名 --role supervisor")


def _has_accounts(settings: Settings) -> bool:
    """Return whether somebody works here already, e.g. after data were restored."""
    held = make_backend(settings)
    with held.reading() as session:
        found = accounts(session)
    held.engine.dispose()
    return bool(found)


@click.command(
    "serve", epilog="\b\n示例：\n  inspect-server serve\n  inspect-server serve --port 8080"
)
@click.option("--host", help="监听地址（默认取配置项 host）。")
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口（默认取配置项 port）。")
def serve_command(host: str | None, port: int | None) -> None:
    """启动服务，按 Ctrl+C 停止。"""
    from inspect_server.web.serving import serve

    backend = make_ready_backend(clock=clock())
    settings = backend.settings
    host, port = host or settings.host, settings.port if port is None else port
    serve(create_app(backend), host, port, settings.threads, announce=_announce)


def _announce(address: str) -> None:
    click.echo(f"服务已启动：{address}  （按 Ctrl+C 停止）")
    if not address.startswith(("http://127.", "http://localhost", "https://")):
        click.echo("提醒：手机离线使用需要 HTTPS，请在前面配置反向代理和证书。", err=True)


@click.command("jobs", epilog="\b\n示例：\n  inspect-server jobs")
def jobs_command() -> None:
    """启动定时任务进程（每个数据库同时只运行一个）。"""
    from inspect_server.jobs import run_jobs

    run_jobs(make_ready_backend(clock=clock()), announce=click.echo)
