"""`documents kinds`, `example`, `fields`, `render`: documents from facts in a file, not issued."""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import click

from inspect_server import config
from inspect_server.cli.terminal.chinese import disk_reason, legible
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.typography import columns
from inspect_server.cli.terminal.whole_files import is_same_file, whole_file
from inspect_server.domain.errors import InspectError
from inspect_server.usecases.documents.fonts import bureau_fonts
from inspect_server.usecases.documents.own_example import own_example, still_the_storys
from inspect_server.usecases.documents.slips import slips
from pdf_templates import catalogue, photos
from pdf_templates.errors import BadFacts, DocumentError
from pdf_templates.facts import to_json
from pdf_templates.setting.faces import using
from pdf_templates.template import Pictures

MOST_BYTES = 8_000_000
"""Of a file of facts: a case of thousands of entries has a few megabytes."""
MOST_SHOWN = 50
"""Problems shown one by one; who repairs these sees the others."""
LONGEST_PROBLEM = 300
WATERMARKS = ("草稿", "样张", "作废")


class FactsUnreadable(InspectError):
    """The file of facts is not there, or no JSON."""

    code, kind = "document.facts_unreadable", "invalid"
    message = "无法读取文书内容 {path}（{reason}），请检查后重试。"


class NotRendered(InspectError):
    """The document cannot be set from these facts."""

    code, kind = "document.not_rendered", "invalid"
    message = "{reason}"


class NoSuchKind(InspectError):
    """No document is called so, or more than one."""

    code, kind = "document.no_such_kind", "missing"
    message = "{reason}，请运行 documents kinds 查看全部文书的代码。"


class FileNotWritten(InspectError):
    """The PDF cannot be written."""

    code, kind = "document.file_not_written", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录、权限和磁盘空间后重试。"


@click.command("kinds", epilog="\b\n示例：\n  inspect-server documents kinds")
def kinds_command() -> None:
    """列出全部文书的代码、名称、文种代字和模板版本；用代码、名称或代字都可以指明一种文书。"""
    widest = max(map(len, catalogue.MODULES))
    titles = {kind: catalogue.label(kind) for kind in catalogue.MODULES}
    room = max(map(columns, titles.values()))
    for kind, title in titles.items():
        newest = catalogue.template(kind)
        pad = " " * (room - columns(title))
        mark = newest.mark or "—"
        gap = " " * (8 - columns(mark))
        since = f"{newest.version}，自{newest.effective_from}起"
        click.echo(f"{kind:<{widest}}  {title}{pad}  {mark}{gap}  {since}")
    click.echo(f"共 {len(titles)} 种。")
    next_step("查看一种文书的内容示例", "documents example 文书")


@click.command("example", epilog="\b\n示例：\n  inspect-server documents example penalty_notice")
@click.argument("kind", metavar="文书")
def example_command(kind: str) -> None:
    """
    输出一种文书的内容示例（JSON），以“> facts.json”存为文件，改写后用 documents render 排印。

    配置中已填写的本机关名称、住所、负责人、地区简称、复议机关、法院、联系方式、缴款账户、
    公示网站、公安机关和人民检察院，代替示例中的。
    """
    settings = config.load()
    told = own_example(_meant(kind), settings)
    click.echo(json.dumps(to_json(told), ensure_ascii=False, indent=2))
    if left := still_the_storys(told, settings):
        click.echo(f"提醒：配置未填写 {'、'.join(left)}，示例中仍是虚构的内容，请改写。", err=True)


@click.command("fields", epilog="\b\n示例：\n  inspect-server documents fields penalty_notice")
@click.argument("kind", metavar="文书")
def fields_command(kind: str) -> None:
    """列出一种文书的全部字段：名称、含义、是否个人信息、可否为空。"""
    for path, said in _described(catalogue.template(_meant(kind)).facts):
        click.echo(f"{path}  {said}")


@click.command(
    "render",
    epilog="""\b
示例：
  inspect-server documents render penalty_notice facts.json -o 告知书.pdf --watermark 样张
  inspect-server documents render measures_decision facts.json -o 现决.pdf --paper receipt
""",
)
@click.argument("kind", metavar="文书")
@click.argument("facts", metavar="内容文件", type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PDF文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件。",
)
@click.option("--version", metavar="版本", help="用哪一版模板（默认：最新）。")
@click.option("--watermark", type=click.Choice(WATERMARKS), help="每页衬底的水印。")
@click.option(
    "--paper",
    type=click.Choice(["a4", "receipt"]),
    default="a4",
    help="用纸：a4，或者 receipt（80 毫米热敏纸，限检查现场交付的文书，不印照片）。",
)
@click.option(
    "--photos",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="目录",
    help="照片原件所在目录，按 SHA-256 对应。",
)
def render_command(
    kind: str,
    facts: Path,
    output: Path,
    version: str | None,
    watermark: str | None,
    paper: str,
    folder: Path | None,
) -> None:
    """将内容文件（JSON，“-”为标准输入）排印为 PDF；不取号，不登记，不进入全过程记录。"""
    if is_same_file(facts, output):
        raise click.UsageError("输出文件就是内容文件，请另写一个文件名。")
    kind = _meant(kind)
    plain = _read(facts)
    try:
        form = catalogue.template(kind, version)
        with using(bureau_fonts(config.load())):
            known = catalogue.checked(form, plain)
            if paper == "receipt":
                pdf = catalogue.render_receipt(
                    kind, plain, version=version, watermark=watermark or ""
                )
            else:
                shown = _shown(form.photos(known), folder)
                pdf = catalogue.render(
                    kind, plain, shown, version=version, watermark=watermark or ""
                )
    except BadFacts as error:
        _tell(error.problems)
        raise NotRendered(
            reason=f"文书内容有 {len(error.problems)} 处有误，见上，请更正后重试。"
        ) from None
    except DocumentError as error:
        raise NotRendered(reason=str(error)) from None
    _write(output, pdf)
    _remind(known)
    click.echo(f"已排印{form.title}，写入 {output}（{len(pdf):,} 字节）。")


def _meant(said: str) -> str:
    """
    Return the kind that a code, a Chinese title or a 文种代字 stands for.

    Raises:
        NoSuchKind: For none, or for several.
    """
    match catalogue.kinds_named(said):
        case [kind]:
            return kind
        case []:
            near = get_close_matches(said, catalogue.MODULES, n=1, cutoff=0.75)
            hint = f"（是否为 {near[0]}，{catalogue.label(near[0])}？）" if near else ""
            raise NoSuchKind(reason=f"没有名为 {said[:LONGEST_PROBLEM]} 的文书{hint}")
        case several:
            named = "、".join(f"{kind}（{catalogue.label(kind)}）" for kind in several)
            raise NoSuchKind(reason=f"{said} 不止一种：{named}")


def _read(path: Path) -> Any:
    """Return the JSON of a file, or of standard input for `-`."""
    try:
        source = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        with source:
            content = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise FactsUnreadable(path=path, reason=disk_reason(error)) from None
    if len(content) > MOST_BYTES:
        raise FactsUnreadable(path=path, reason=f"超过 {MOST_BYTES:,} 字节")
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FactsUnreadable(path=path, reason=_no_json(error)) from None


def _no_json(error: ValueError | RecursionError) -> str:
    """Return why a content is no JSON that can be read, and where."""
    match error:
        case _NamedTwice():
            return f"字段 {str(error)[:LONGEST_PROBLEM]} 写了两次"
        case UnicodeDecodeError():
            return "不是 UTF-8 编码，请另存为 UTF-8"
        case json.JSONDecodeError(doc=text) if not text.strip():
            return "文件是空的"
        case json.JSONDecodeError(lineno=line, colno=column):
            return (
                f"不是正确的 JSON：第 {line} 行第 {column} 列读不下去，"
                "请看此处及之前是否缺少或者多了逗号、引号、括号"
            )
        case RecursionError():
            return "不是文书内容：括号嵌套过深"
    return "不是正确的 JSON：有过长的数字"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, no field of which is named twice: readers differ in which one counts."""
    if len(found := dict(pairs)) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    raise _NamedTwice(next(name for name in names if names.count(name) > 1))


class _NamedTwice(ValueError):
    """A field of an object stands there twice."""


def _tell(problems: Sequence[str]) -> None:
    for problem in problems[:MOST_SHOWN]:
        cut = "……" if len(problem) > LONGEST_PROBLEM else ""
        click.echo(f"  {legible(problem[:LONGEST_PROBLEM])}{cut}", err=True)
    if more := len(problems[MOST_SHOWN:]):
        click.echo(f"  另有 {more} 处，更正以上各处后再看。", err=True)


def _remind(known: object) -> None:
    for doubt in slips(known):
        click.echo(f"提醒：{doubt}，请核对。", err=True)


def _shown(named: Iterable[str], folder: Path | None) -> Pictures:
    """Return print copies of the photos in the folder that facts name, by their hash."""
    if folder is None:
        return {}
    wanted = set(named)
    found: dict[str, bytes] = {}
    try:
        for path in sorted(folder.iterdir()):
            content = path.read_bytes() if path.is_file() else b""
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 in wanted and (copy := photos.prepare(content)) is not None:
                found[sha256] = copy
    except OSError as error:
        raise FactsUnreadable(path=folder, reason=disk_reason(error)) from None
    if lacking := len(wanted - found.keys()):
        click.echo(f"{lacking} 张照片在 {folder} 中没有可用的原件，文书中以文字代替。", err=True)
    return found


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with whole_file(path) as target:
            target.write(content)
    except OSError as error:
        raise FileNotWritten(path=path, reason=disk_reason(error)) from None


def _described(kind: type, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield every field of a kind with what is said of it, parts and entries of lists included."""
    hints = get_type_hints(kind)
    for one in fields(kind):
        hint, path = hints[one.name], before + one.name
        form = one.metadata.get("form")
        notes = [
            "个人信息" if one.metadata.get("personal") else "",
            "可为空" if form is not None and form.optional else "",
            "没有的可不写" if one.metadata.get("added") else "",
        ]
        said = "；".join(filter(None, [one.metadata["doc"], *notes]))
        if get_origin(hint) is tuple:
            path += "[]"
        yield path, said
        for inner in (hint, *get_args(hint)):
            if isinstance(inner, type) and is_dataclass(inner):
                yield from _described(inner, f"{path}.")
