"""`documents print-pack`: what phones need to set previews without a network."""

from pathlib import Path

import click

from inspect_server.cli.terminal.context import backend
from inspect_server.cli.terminal.telling import next_step, remind
from inspect_server.usecases.bureau import require_names
from inspect_server.usecases.documents.fonts import KEYS
from inspect_server.usecases.print_pack import NAME
from inspect_server.usecases.print_pack.packing import PYODIDE_VERSION, write_pack

MIB = 1024 * 1024
OWN_FONTS = "离线打印包中有本机关自有字体，能访问服务器的都能下载，请确认字体的授权允许。"


@click.command(
    "print-pack",
    epilog=f"""\b
示例：
  npm pack pyodide@{PYODIDE_VERSION} && tar -xzf pyodide-{PYODIDE_VERSION}.tgz
  inspect-server documents print-pack --pyodide package""",
)
@click.option(
    "--pyodide",
    "pyodide",
    required=True,
    metavar="目录",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"npm 包 pyodide {PYODIDE_VERSION} 解压后的目录；各文件按哈希核对。",
)
def print_pack_command(pyodide: Path) -> None:
    """制备离线打印包：手机下载后，没有网络也能预览、打印检查记录和责令限期整改指令书。"""
    made = backend()
    require_names(made.settings)
    folder = made.settings.data_dir / NAME
    pack = write_pack(folder, pyodide, made.settings, made.fonts)
    click.echo(f"已制备离线打印包：{pack.files} 个文件，{pack.size / MIB:.1f} MiB，在 {folder}")
    click.echo(f"清单 SHA-256：{pack.sha256}")
    if any(getattr(made.settings, key) for key in KEYS.values()):
        remind([OWN_FONTS])
    next_step("请检查人员在有 Wi-Fi 时用手机下载；程序、字体或者本机关信息改变后重新制备")
