"""`ca`: a private root that phones are made to trust, and the server's certificates by it."""

from datetime import datetime
from pathlib import Path
from shlex import quote

import click

from inspect_server.app import make_settings
from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.context import clock
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.whole_files import whole_file
from inspect_server.domain.certificates import days_left, grouped
from inspect_server.domain.errors import BadInput
from inspect_server.usecases import certificates
from inspect_server.usecases.work import SystemClock

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="根证书所在目录（默认：数据目录下 keys/tls）。",
)
CRT, PROFILE = "inspect-root.crt", "inspect-root.mobileconfig"


@click.group(
    "ca",
    epilog="""\b
示例：
  inspect-server ca init inspect.example.com
  inspect-server ca issue inspect.example.com 192.168.1.10
  inspect-server ca export --to 手机证书
  inspect-server serve --host 0.0.0.0 --port 443 \\
      --cert data/keys/tls/inspect.example.com.crt --key data/keys/tls/inspect.example.com.key \\
      --http-port 80
没有公网域名和证书的内网，用本机关自己的根证书：每部手机安装一次，此后十年不必再装。""",
)
def ca_group() -> None:
    """手机信任的根证书和服务器证书：建立、签发、续签、查看、导出。"""


@ca_group.command(
    "init",
    epilog="""\b
示例：
  inspect-server ca init inspect.example.com
  inspect-server ca init inspect.example.com --name 云湾区应急管理局 --encrypt
  inspect-server ca init

\b
根证书只能签发所写的域名（含下级域名）、所写的公网地址和任何内网地址；写全以后可能用到的域名。
加 --encrypt 的在提示后设置口令（由程序调用时从标准输入读一行），签发、续签时须输入。
密钥权限 600；已有根证书的不覆盖。
""",
)
@click.argument("names", nargs=-1, metavar="[域名或公网地址]...")
@click.option("--name", "unit", help="单位名称，显示在手机的证书列表中（默认取配置项 authority）。")
@click.option("--encrypt", is_flag=True, help="用口令加密根证书的密钥。")
@FOLDER
def init_command(
    names: tuple[str, ...], unit: str | None, encrypt: bool, folder: Path | None
) -> None:
    """建立根证书（ECDSA P-256，有效期十年）。"""
    passphrase = hidden("设置口令（至少 12 个字符）", twice=True) if encrypt else ""
    if encrypt and not passphrase:
        raise BadInput(field="口令", reason="加密时不能为空")
    unit = make_settings().authority if unit is None else unit
    where = _folder(folder)
    made = certificates.make_root(where, names, unit.strip(), passphrase, _now())
    click.echo(f"已建立根证书：{where}")
    _show(made)
    if not encrypt:
        click.echo("密钥没有设口令：拿到它的人能冒充以上服务器，请只让管理员读取该目录。", err=True)
    next_step("签发服务器证书", f"ca issue {names[0] if names else '服务器地址'}{_at(folder)}")


@ca_group.command(
    "issue",
    epilog="""\b
示例：
  inspect-server ca issue inspect.example.com
  inspect-server ca issue inspect.example.com 192.168.1.10 192.168.1.11

\b
写全手机访问时用的域名和地址：不在其中的，手机不接受。
同一名称再次签发即为更换，密钥同时更换；运行中的服务自动换用，nginx 须重新加载。
""",
)
@click.argument("names", nargs=-1, required=True, metavar="域名或地址...")
@FOLDER
def issue_command(names: tuple[str, ...], folder: Path | None) -> None:
    """签发（或更换）服务器证书，有效期 397 天；手机不必重新安装根证书。"""
    made = certificates.issue(_folder(folder), names, _ask, _now())
    _say_issued(made)
    pair = made.pair
    next_step(
        "以 HTTPS 启动服务",
        "serve --host 0.0.0.0 --port 443 "
        f"--cert {quote(str(pair.certificate))} --key {quote(str(pair.key))} --http-port 80",
    )
    name = next(iter(made.names))
    at = f"[{name}]" if ":" in name else name
    next_step(
        f"用手机打开 http://{at}/phone/trust 安装根证书（指纹见 ca show，打印后当面交给检查人员），"
        f"再打开 https://{at}/phone/ 登记"
    )


@ca_group.command(
    "renew",
    epilog="""\b
示例：
  inspect-server ca renew

\b
可由定时任务每周运行（见 deploy systemd）；没有须续签的，什么都不做。
""",
)
@FOLDER
def renew_command(folder: Path | None) -> None:
    """续签剩余不足 60 天的服务器证书，名称不变。"""
    made = certificates.renew(_folder(folder), _ask, _now())
    for one in made:
        _say_issued(one)
    if not made:
        click.echo("没有须续签的服务器证书。")


@ca_group.command("show", epilog="\b\n示例：\n  inspect-server ca show")
@FOLDER
def show_command(folder: Path | None) -> None:
    """显示根证书的指纹（与手机上显示的逐组核对）、可签发的名称和已签发的证书。"""
    where, now = _folder(folder), _now()
    _show(certificates.root_in(where))
    for one in certificates.issued(where):
        left = days_left(one.ends, now)
        state = f"还有 {left} 天" if left >= 0 else "已到期"
        click.echo(f"服务器证书 {one.names.told()}：至 {one.ends:%Y-%m-%d}，{state}")
        click.echo(f"  {one.pair.certificate}")


@ca_group.command(
    "export",
    epilog="""\b
示例：
  inspect-server ca export --to 手机证书

\b
写出 inspect-root.crt（安卓、鸿蒙）和 inspect-root.mobileconfig（苹果）；其中没有秘密。
用局内的可靠渠道发给各手机，安装时与指纹核对。
""",
)
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="写到哪个目录。",
)
@FOLDER
def export_command(target: Path, folder: Path | None) -> None:
    """写出供手机安装的根证书。"""
    root = certificates.root_in(_folder(folder))
    target.mkdir(parents=True, exist_ok=True)
    for name, content in ((CRT, root.der), (PROFILE, root.mobileconfig)):
        with whole_file(target / name) as file:
            file.write(content)
        click.echo(f"已写出 {target / name}")
    _show_fingerprint(root)


def _folder(folder: Path | None) -> Path:
    return folder or certificates.default_folder(make_settings().data_dir)


def _at(folder: Path | None) -> str:
    return f" --folder {quote(str(folder))}" if folder else ""


def _now() -> datetime:
    return (clock() or SystemClock()).now()


def _ask() -> str:
    return hidden("根证书密钥的口令")


def _show(root: certificates.Root) -> None:
    click.echo(f"名称：{root.name}{f'，单位：{root.unit}' if root.unit else ''}")
    click.echo(f"有效期：{root.begins:%Y-%m-%d} 至 {root.ends:%Y-%m-%d}")
    click.echo(f"可签发：{root.permits}")
    _show_fingerprint(root)


def _show_fingerprint(root: certificates.Root) -> None:
    click.echo("SHA-256 指纹（安装时与手机上显示的核对）：")
    for line in grouped(root.fingerprint):
        click.echo(f"  {line}")


def _say_issued(made: certificates.Issued) -> None:
    click.echo(f"已签发 {made.names.told()}，有效期至 {made.ends:%Y-%m-%d}。")
    click.echo(f"  证书 {made.pair.certificate}")
    click.echo(f"  密钥 {made.pair.key}")
