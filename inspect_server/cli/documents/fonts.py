"""`documents font`: a bureau's own font, prepared for documents."""

import json
from pathlib import Path

import click

from inspect_server.cli.terminal.chinese import disk_reason
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.whole_files import is_same_file, whole_file
from inspect_server.domain.errors import InspectError
from pdf_templates.file.glyphs import GlyphFile
from pdf_templates.setting.faces import STANDARD

STYLES = " title（小标宋）、hei（黑体）、kai（楷体）或 song（宋体）"
"""Keys of the section beside `body`, and what they stand for."""


class FontToolsMissing(InspectError):
    """What reads fonts is an extra: setting documents needs it not."""

    code, kind = "document.fonttools_missing", "unavailable"
    message = "制备字体需要 fontTools，请安装后重试：pip install 'inspect-server[fonts]'"


class FontFilesUnreachable(InspectError):
    """The font cannot be read or the prepared one cannot be written."""

    code, kind = "document.font_files_unreachable", "unavailable"
    message = "无法{what} {path}（{reason}），请检查路径、权限和磁盘空间后重试。"


@click.command(
    "font",
    epilog="""\b
示例：
  inspect-server documents font 仿宋_GB2312.ttf -o 仿宋.glyphs
  inspect-server documents font 小标宋.otf -o 小标宋.glyphs
""",
)
@click.argument("font", metavar="字体文件", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="字形文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件，通常以 .glyphs 结尾。",
)
def font_command(font: Path, output: Path) -> None:
    """制备本机关自有的字体，供文书使用；授权标志禁止嵌入的字体不予制备。"""
    if is_same_file(font, output):
        raise click.UsageError("输出文件就是字体文件，请另写一个文件名。")
    content = _prepared(font)
    try:
        with whole_file(output) as target:
            target.write(content)
    except OSError as error:
        raise FontFilesUnreachable(what="写入", path=output, reason=disk_reason(error)) from None
    _tell(GlyphFile(content), output)


def _prepared(font: Path) -> bytes:
    try:
        from pdf_templates.fonts.prepare import prepared
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("fontTools"):
            raise
        raise FontToolsMissing from None
    try:
        with bar(None, "制备字形", unit="个") as advance:
            return prepared(font, advance)
    except OSError as error:
        raise FontFilesUnreachable(what="读取", path=font, reason=disk_reason(error)) from None


def _tell(glyphs: GlyphFile, output: Path) -> None:
    lacking = len(set(STANDARD.face("song").glyphs.points) - set(glyphs.points))
    name = glyphs.about["name"]
    click.echo(f"已制备 {len(glyphs.points) - 1} 个字符的字形（{name}），写入 {output}。")
    if lacking:
        click.echo(f"随附宋体的常用字符中，该字体缺 {lacking} 个，文书中由随附字体补足。")
    path = json.dumps(str(output.absolute()), ensure_ascii=False)
    next_step(
        "在配置文件的 [fonts] 一节写明该字体用作哪种字体，路径写全，写好后重启。"
        f"用作仿宋（正文）的写：\n[fonts]\nbody = {path}\n"
        f"用作其他字体的，body 改为{STYLES}"
    )
