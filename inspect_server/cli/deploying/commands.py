"""`deploy`: what systemd and nginx have to be told, written by the program that they run."""

from pathlib import Path

import click

from inspect_server.app import make_settings
from inspect_server.cli.deploying.nginx import site
from inspect_server.cli.deploying.units import FOLDER, PROGRAM, SERVER, units
from inspect_server.cli.terminal.telling import next_step, remind
from inspect_server.cli.terminal.whole_files import whole_file
from inspect_server.domain.certificates import names_of
from inspect_server.gateways.certificates.folder import RootFolder
from inspect_server.usecases.certificates import default_folder

ABSOLUTE = click.Path(dir_okay=False)
SPECIAL = set("%$")
"""What systemd or nginx would put something else for."""
TO_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(
    "deploy",
    epilog="""\b
示例：
  inspect-server deploy systemd --to /etc/systemd/system
  inspect-server deploy nginx inspect.example.com --to /etc/nginx/conf.d""",
)
def deploy_group() -> None:
    """部署：写出 systemd 服务和 nginx 站点的配置。"""


@deploy_group.command(
    "systemd",
    epilog=f"""\b
示例：
  inspect-server deploy systemd
  inspect-server deploy systemd --to /etc/systemd/system
  inspect-server deploy systemd --to /etc/systemd/system \\
      --cert {FOLDER}/keys/tls/inspect.example.com.crt \\
      --key {FOLDER}/keys/tls/inspect.example.com.key

\b
不写 --cert、--key 的，服务只在本机监听，由前面的 nginx 提供 HTTPS；
写明的，服务自己在 443 端口提供 HTTPS，在 80 端口只提供根证书下载页并转到 HTTPS。
服务以账号 inspect 运行，数据在 {FOLDER}，配置在 /etc/inspect/inspect-server.toml，
数据库密码等写在 /etc/inspect/env（权限 600）。
""",
)
@click.option("--program", default=PROGRAM, show_default=True, help="本程序的绝对路径。")
@click.option("--cert", type=ABSOLUTE, default="", help="服务器证书的绝对路径。")
@click.option("--key", type=ABSOLUTE, default="", help="该证书密钥的绝对路径。")
@click.option("--to", "target", type=TO_FOLDER, help="写到哪个目录（默认：显示）。")
def systemd_command(program: str, cert: str, key: str, target: Path | None) -> None:
    """systemd 服务：服务器、定时任务、每周续签证书。"""
    if bool(cert) != bool(key):
        raise click.UsageError("--cert 和 --key 须同时写明。")
    _check_absolute({"--program": program, "--cert": cert, "--key": key})
    made = units(program, cert, key)
    _write(made, target)
    if target:
        names = " ".join(name for name in made if "renew.service" not in name)
        next_step(f"运行 systemctl daemon-reload，再运行 systemctl enable --now {names}")
    else:
        click.echo(f"写入文件请加 --to /etc/systemd/system（如 {SERVER}）。", err=True)


@deploy_group.command(
    "nginx",
    epilog="""\b
示例：
  inspect-server deploy nginx inspect.example.com
  inspect-server deploy nginx inspect.example.com 192.168.1.10 --to /etc/nginx/conf.d
  inspect-server deploy nginx inspect.example.com \\
      --cert /etc/ssl/inspect.pem --key /etc/ssl/private/inspect.pem

\b
不写 --cert、--key 的，用 ca issue 为第一个名称签发的证书。
""",
)
@click.argument("names", nargs=-1, required=True, metavar="域名或地址...")
@click.option("--cert", type=ABSOLUTE, default="", help="服务器证书的绝对路径。")
@click.option("--key", type=ABSOLUTE, default="", help="该证书密钥的绝对路径。")
@click.option("--to", "target", type=TO_FOLDER, help="写到哪个目录（默认：显示）。")
def nginx_command(names: tuple[str, ...], cert: str, key: str, target: Path | None) -> None:
    """nginx 站点：HTTPS、缓冲、限额、转发。"""
    if bool(cert) != bool(key):
        raise click.UsageError("--cert 和 --key 须同时写明。")
    _check_absolute({"--cert": cert, "--key": key})
    settings, given = make_settings(), names_of(names)
    pair = RootFolder(default_folder(settings.data_dir)).pair_for(next(iter(given)))
    if not (cert or pair.certificate.exists()):
        remind([f"还没有证书 {pair.certificate}，请先用 ca issue 签发，或写明 --cert、--key。"])
    text = site(given, cert or str(pair.certificate), key or str(pair.key), settings.port)
    _write({"inspect.conf": text}, target)
    if target:
        next_step("运行 nginx -t，通过后运行 systemctl reload nginx")


def _check_absolute(paths: dict[str, str]) -> None:
    for option, path in paths.items():
        if path and not Path(path).is_absolute():
            raise click.UsageError(f"{option} 应为绝对路径（以 / 开头）。")
        if not path.isprintable() or set(path) & SPECIAL:
            raise click.UsageError(f"{option} 的路径不能含有换行等控制字符和 %、$。")


def _write(files: dict[str, str], target: Path | None) -> None:
    if target is None:
        for name, text in files.items():
            click.echo(f"# {name}" if len(files) > 1 else text.rstrip("\n"))
            if len(files) > 1:
                click.echo(text)
        return
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with whole_file(target / name) as file:
            file.write(text.encode())
        click.echo(f"已写出 {target / name}")
