"""`draw dice`: what was rolled in front of witnesses, between the commit and its public value."""

import click

from inspect_server.cli.draw.typists import named_pairs, typed_in
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.ceremony.dice import NoDice
from inspect_server.domain.draw.entropy import DICE, SourceKind
from inspect_server.domain.errors import BadInput
from inspect_server.reads import draws as reads
from inspect_server.usecases.drawing.ceremony.roll_dice import roll_and_note
from inspect_server.usecases.work import Actor


@click.command(
    "dice",
    help="录入现场掷骰的点数：在承诺之后、公开随机值可能产生之前，当着见证人掷出。只掷一次。",
    epilog="""\b
示例：
  inspect-server draw dice 2026-01 --entry lisi 3,5,1,6,2,4,4,1,6,3 \\
      --entry wangwu 3,5,1,6,2,4,4,1,6,3 --as zhangsan
骰子当众排成一行，两名录入人员各自从左到右录入，至少 10 枚，半角逗号分隔；两次一致才登记。
两名录入人员各自输入本人密码：在提示后输入，由程序调用时按先后从标准输入各读一行。
公开随机值可能已经产生的，不能再录；没有录入点数的承诺不能揭示，只能作废后重新承诺。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option(
    "--entry", "entries", nargs=2, multiple=True, metavar="账号 点数", help="一个账号录入的点数。"
)
@acting
def dice_command(draw_no: str, entries: tuple[tuple[str, str], ...], actor: Actor) -> None:
    """Log the dice of a commit."""
    held = backend()
    with held.reading() as session:
        page = reads.draw_page(session, reads.draw_id_of(session, draw_no))
    issue = next((one.issue for one in page.sources if one.kind == SourceKind.DICE), None)
    if issue is None:
        raise NoDice(draw_no=draw_no)
    start = f"{DICE}/{issue}/"
    texts = [(login, start + faces.strip().removeprefix(start)) for login, faces in entries]
    pairs = named_pairs(texts)
    if not pairs:
        raise BadInput(field="--entry", reason="点数应由两个账号各录入一次")
    rolled = roll_and_note(held, actor, page.line.id, *typed_in(held, pairs))
    said = "已登记" if rolled.is_new else "早已登记，没有改动"
    click.echo(f"抽取 {rolled.draw_no} 的骰子点数{said}：{rolled.faces}")
    click.echo(f"抽取日志：{rolled.leaf}")
    next_step(
        "公开随机值公布后揭示，骰子点数取自抽取日志，不再录入",
        f"draw reveal {rolled.draw_no} --witness 见证方的值 "
        "--entry 账号甲 名称/期号/数值 --entry 账号乙 名称/期号/数值 --as 账号",
    )
