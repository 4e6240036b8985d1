"""init, serve, jobs: the server as a machine."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspect_server.app import create_app, make_backend, make_ready_backend, prepare
from inspect_server.cli.terminal.context import clock
from inspect_server.cli.terminal.telling import PROGRAM, next_step, remind, remind_of_complaints
from inspect_server.config import DEFAULT_FILE, SAID_IN_DOCUMENTS, Settings
from inspect_server.gateways.certificates.pairs import Pair
from inspect_server.reads.accounts import accounts
from inspect_server.usecases.phones.publish_task import show_today
from inspect_server.usecases.work import Actor, SystemClock

if TYPE_CHECKING:
    from inspect_server.web.encrypted import LiveCertificate
    from inspect_server.web.plain_door import HttpPort

FILE = click.Path(dir_okay=False, path_type=Path)
LOCAL = ("127.", "localhost", "[::1]")


@click.command("init", epilog="\b\n示例：\n  INSPECT_DATA_DIR=/srv/inspect inspect-server init")
def init_command() -> None:
    """建立数据目录和数据库；已建立的会升级到当前版本，数据不变。"""
    settings = prepare()
    click.echo(f"已就绪：数据目录 {settings.data_dir}")
    if missing := [key for key in SAID_IN_DOCUMENTS if not getattr(settings, key)]:
        next_step(
            f"在 {DEFAULT_FILE} 中填写本机关信息 {'、'.join(missing)}（各项见 {PROGRAM} config）"
        )
    if _is_at_work(settings):
        next_step("启动服务", "serve")
    else:
        next_step("新增账号", "user add 账号 --name 姓名 --role supervisor")


def _is_at_work(settings: Settings) -> bool:
    """
    Return whether somebody works here already, e.g. after data were restored.

    Where they do, phones are told with the next sync what this version tells more than the last.
    """
    held = make_backend(settings)
    with held.begin(Actor.system("init")) as work:
        found = accounts(work.session)
        show_today(work)
    held.engine.dispose()
    return bool(found)


@click.command(
    "serve",
    epilog="""\b
示例：
  inspect-server serve
  inspect-server serve --port 8080
  inspect-server serve --host 0.0.0.0 --port 443 \\
      --cert data/keys/tls/inspect.example.com.crt --key data/keys/tls/inspect.example.com.key \\
      --http-port 80
手机离线使用需要 HTTPS：写明证书和密钥直接提供，或在前面配置反向代理。没有证书的先看 ca 命令。
证书文件更换后自动换用，不必重启。
--http-port 只供尚未信任证书的手机打开 /phone/trust 取根证书，其余网址转到 HTTPS，不接收登录。""",
)
@click.option("--host", help="监听地址（默认取配置项 host）。")
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口（默认取配置项 port）。")
@click.option("--cert", type=FILE, help="服务器证书（PEM，含中间证书）：以 HTTPS 提供服务。")
@click.option("--key", type=FILE, help="该证书的密钥（PEM，不设口令，权限 600）。")
@click.option(
    "--http-port", type=click.IntRange(0, 65535), help="另开的 HTTP 端口，一般为 80（须有证书）。"
)
def serve_command(
    host: str | None,
    port: int | None,
    cert: Path | None,
    key: Path | None,
    http_port: int | None,
) -> None:
    """启动服务，按 Ctrl+C 停止。"""
    from inspect_server.web.serving import serve

    certificate = _certificate(cert, key)
    if http_port is not None and certificate is None:
        raise click.UsageError("--http-port 须与 --cert、--key 同时写明；没有证书的用 --port。")
    backend = make_ready_backend(clock=clock())
    settings = backend.settings
    if certificate:  # nobody gets here without HTTPS, so cookies and HSTS may count on it
        backend = replace(backend, settings=replace(settings, secure_cookies=True))
    host, port = host or settings.host, settings.port if port is None else port

    def announce(address: str) -> None:
        _announce(address, certificate)
        remind_of_complaints(settings)

    http = None if http_port is None else _http_port(http_port)
    serve(create_app(backend), host, port, settings.threads, announce, certificate, http)


def _http_port(port: int) -> "HttpPort":
    from inspect_server.phone.trust import ADDRESSES, PAGE
    from inspect_server.web.plain_door import HttpPort

    def announce(address: str) -> None:
        click.echo(f"尚未信任证书的手机：{address}{PAGE}")

    return HttpPort(port, ADDRESSES, announce)


def _certificate(cert: Path | None, key: Path | None) -> "LiveCertificate | None":
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise click.UsageError("--cert 和 --key 须同时写明。")
    from inspect_server.web.encrypted import LiveCertificate

    now, pair = clock() or SystemClock(), Pair(cert, key)
    found = LiveCertificate(pair, now, lambda sentence: remind([sentence]))
    remind(found.said.reminders(now.now()))
    if pair.is_exposed():
        remind([f"密钥文件 {key} 其他账号也能读取，请运行 chmod 600 {key}。"])
    return found


def _announce(address: str, certificate: "LiveCertificate | None") -> None:
    click.echo(f"服务已启动：{address}  （按 Ctrl+C 停止）")
    is_local = address.split("://")[1].startswith(LOCAL)
    if certificate:
        click.echo(f"证书中的名称：{'、'.join(certificate.said.names)}", err=True)
        if is_local:
            remind(["只在本机监听，手机无法访问；请加 --host 0.0.0.0。"])
    elif not is_local:
        remind(["手机离线使用需要 HTTPS，请用 --cert、--key 写明证书，或在前面配置反向代理。"])


@click.command("jobs", epilog="\b\n示例：\n  inspect-server jobs")
def jobs_command() -> None:
    """启动定时任务进程（每个数据库同时只运行一个）。"""
    from inspect_server.jobs import run_jobs

    run_jobs(make_ready_backend(clock=clock()), announce=click.echo)
