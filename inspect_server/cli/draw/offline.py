"""`draw compute` and `draw teams`: the two choices from files alone, without a database."""

import json
import re
from pathlib import Path
from shlex import quote

import click

from inspect_server.cli.draw.published import CERTIFICATE, FILE, POOL, joined, text_of, write_once
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.errors import BadEntropy
from inspect_server.domain.errors import BadInput
from inspect_server.usecases.drawing.compute import compute, read_rules
from inspect_server.usecases.drawing.compute_teams import Infeasible, compute_teams, read_case

INFEASIBLE = 3
SHOWN_TASKS = 5
BOM = "\ufeff"
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")


@click.command(
    "compute",
    help="不用数据库，按给定的抽取池、规则和随机值计算结果，写出证书和清单，不覆盖内容不同的已有文件。",
    epilog="""\b
示例：
  inspect-server draw compute --pool POOL.jsonl --rules RULES.json \\
      --entropy 0011… --entropy 2233… --out 结果
POOL.jsonl 每行 {"cell": …, "record": {…}, "salt": 64位十六进制}；
RULES.json 为 {"cells": [{"id": …, "p_ppm": …}], "suite": "sha256"}，单元按所写顺序。""",
)
@click.option("--pool", type=FILE, required=True, help="抽取池（JSON 行）。")
@click.option("--rules", type=FILE, required=True, help="单元和概率（JSON）。")
@click.option(
    "--entropy", multiple=True, required=True, metavar="十六进制", help="随机值，按顺序。"
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="目录。"
)
def compute_command(pool: Path, rules: Path, entropy: tuple[str, ...], out: Path) -> None:
    """Compute a draw from files."""
    values = [_hex(text, number) for number, text in enumerate(entropy, start=1)]
    wanted = read_rules(text_of(rules).removeprefix(BOM))
    with pool.open(encoding="utf-8-sig") as file:
        try:
            found = compute(file, wanted, values)
        except UnicodeDecodeError:
            raise BadInput(field=pool.name, reason="不是 UTF-8 编码") from None
    write_once(out, {CERTIFICATE: found.certificate, POOL: joined(found.lines)})
    click.echo(f"共 {len(found.lines)} 家，抽中 {found.selected} 家，结果在 {out}。")
    next_step("验证", f"draw verify {quote(str(out))}")


@click.command(
    "teams",
    help="不用数据库，按给定的任务、阶段、人员和种子计算检查组，输出一行 JSON；"
    "不能组队的说明原因，退出码为 3。",
    epilog="""\b
示例：
  inspect-server draw teams --input TEAMS.json
TEAMS.json 为 {"seed", "dept", "tasks", "stages", "officers", "eligible", "banned"}，
写法与公布的测试向量 draw-teams.json 中的一例相同，可另写 "suite"。""",
)
@click.option("--input", "file", type=FILE, required=True, help="任务、阶段和人员（JSON）。")
@click.pass_context
def teams_command(context: click.Context, file: Path) -> None:
    """Compute the teams of one case."""
    found = compute_teams(read_case(text_of(file).removeprefix(BOM)))
    if isinstance(found, Infeasible):
        _explain(found)
        context.exit(INFEASIBLE)
    click.echo(json.dumps(found))


def _explain(found: Infeasible) -> None:
    count = len(found.tasks)
    if found.alone:
        click.echo(f"不能组队：{count} 个任务配不齐人员，未得出任何结果。", err=True)
    else:
        click.echo("不能组队：64 次推演均有任务配不齐人员，未得出任何结果。", err=True)
    for task, reason in found.tasks[:SHOWN_TASKS]:
        click.echo(f"  任务 {task}：{reason}", err=True)
    if count > SHOWN_TASKS:
        click.echo(f"  其余 {count - SHOWN_TASKS} 个任务从略。", err=True)
    next_step("补充上述任务的可用人员，或减少任务后重新计算")


def _hex(text: str, number: int) -> bytes:
    if not _HEX.fullmatch(text):
        raise BadEntropy(source=f"第 {number} 个", reason="应为非空、位数为偶数的十六进制")
    return bytes.fromhex(text)
