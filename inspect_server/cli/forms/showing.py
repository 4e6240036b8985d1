"""`forms show` and `forms diff`: what a checklist says, and what changed between two of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any

import click

from forms.body import content_sha256
from forms.comparing.wording import GRADES, ITEM_FIELDS, NOTHING, cited, day, in_words
from forms.confirming import Confirmation, with_confirmations
from forms.diff import Change, differences, told
from forms.evaluation.ordering import Member
from forms.model import Choice, Form, Item, Kind
from forms.showing import shown
from inspect_server.cli.forms.counting import counted
from inspect_server.cli.forms.naming import CHECKLIST
from inspect_server.cli.forms.sources import Given, given
from inspect_server.cli.terminal.chinese import legible
from inspect_server.cli.terminal.context import backend
from inspect_server.cli.terminal.telling import remind
from inspect_server.reads.checklists import ConfirmationRow

TOLD_ELSEWHERE = frozenset({"code", "question", "major", "choices", "columns", "kept"})
"""Fields of an item that stand in its first line, below it, or say nothing on paper."""


@click.command(
    "show",
    help="查看一份检查表：章节、条目、重大隐患标志、依据和处罚依据，［待核］的未与原文核对。",
    epilog="""\b
示例：
  inspect-server forms show dust-explosion@1
  inspect-server forms show 本局专项检查表.xlsx
  inspect-server forms show local-checks@1.toml --json

\b
检查表写文件（定义文件、工作簿），或者“名称@版本”。
★ 属重大事故隐患  ☆ 可能构成，须结合情形判断  — 否""",
)
@click.argument("definition", metavar="检查表", type=CHECKLIST)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，含全部字段和条件原文。")
def show_command(definition: str, as_json: bool) -> None:
    """Show a checklist."""
    read = given(definition)
    remind((*read.notices, *read.doubts))
    if as_json:
        click.echo(_json(shown(read.form)))
        return
    rows = _standing(read)
    seen = with_confirmations(
        read.form, [Confirmation(row.code, row.citation, row.article) for row in rows]
    )
    for line in (*_head(read.form), *_members(seen, seen.sections, rows, ""), *_foot(seen)):
        click.echo(legible(line))


@click.command(
    "diff",
    help="比较两份检查表（通常是同一检查表的两个版本），逐项列出变化。",
    epilog="""\b
示例：
  inspect-server forms diff dust-explosion@1 粉尘涉爆.xlsx
  inspect-server forms diff local-checks@1.toml local-checks@2.toml --json

\b
检查表写文件（定义文件、工作簿），或者“名称@版本”；先写旧的，后写新的。
无论有无变化，退出码都是 0。""",
)
@click.argument("before", metavar="旧检查表", type=CHECKLIST)
@click.argument("after", metavar="新检查表", type=CHECKLIST)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def diff_command(before: str, after: str, as_json: bool) -> None:
    """Compare two checklists."""
    old, new = given(before), given(after)
    for read in (old, new):
        remind(read.notices)
    changes = differences(old.form, new.form)
    if as_json:
        click.echo(_json([_change(change) for change in changes]))
        return
    click.echo(f"{old.form.ref} → {new.form.ref}")
    for line in told(changes):
        click.echo(legible(line))
    if changes:
        click.echo(f"共 {len(changes)} 处变化。", err=True)


def _change(change: Change) -> dict[str, Any]:
    plain = asdict(change)
    return {**plain, "field_name": change.field_name}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _standing(read: Given) -> Sequence[ConfirmationRow]:
    """Return what was confirmed and not withdrawn, of a version in the bureau's database."""
    rows = read.page.confirmations if read.page is not None else ()
    return [row for row in rows if row.withdrawn_at is None]


def _head(form: Form) -> Iterator[str]:
    yield f"{form.title}（{form.ref}）"
    yield f"启用日期：{day(form.effective_from)}"
    if form.retired_on is not None:
        yield f"停用日期：{day(form.retired_on)}"
    yield f"适用行业：{in_words('sectors', form.sectors) if form.sectors else '各行业'}"
    if form.on_request:
        yield "是否按需选用：是（不随行业自动选用）"
    if form.device_clause is not None:
        yield f"监控报警防护设施失效的判定依据：{cited(form.device_clause)}"
    yield f"内容哈希：{content_sha256(form)}"


def _members(
    form: Form, members: Sequence[Member], rows: Sequence[ConfirmationRow], indent: str
) -> Iterator[str]:
    for member in members:
        if isinstance(member, Item):
            yield from (indent + line for line in _item(form, member, rows))
            yield from _members(form, member.columns, rows, f"{indent}    ")
            continue
        title = member.title or member.name
        if title:
            yield ""
            yield indent + _flat(title)
            if member.relevant is not None:
                yield f"{indent}  显示条件：{_flat(member.relevant.text)}"
        yield from _members(form, member.items, rows, f"{indent}  " if title else indent)


def _item(form: Form, item: Item, rows: Sequence[ConfirmationRow]) -> Iterator[str]:
    mark = GRADES[item.major] if item.is_judged else f"〔{in_words('kind', item.kind)}〕"
    yield f"{item.code} {mark} {_flat(item.question)}".rstrip()
    for one in fields(item):
        value = getattr(item, one.name)
        if one.name in TOLD_ELSEWHERE or value == one.default or one.name not in ITEM_FIELDS:
            continue
        if one.name == "kind" and (value is Kind.CHECK or not item.is_judged):
            continue
        if (words := in_words(one.name, value)) != NOTHING:
            yield f"    {ITEM_FIELDS[one.name]}：{_flat(words)}"
    if item.choices:
        yield f"    选项：{'、'.join(_choice(one) for one in form.choices_of(item))}"
    for row in rows:
        if row.code == item.code:
            article = f"，应为{row.article}" if row.article else ""
            at = row.at.astimezone(backend().settings.zone)
            said = f"{row.by} {at:%Y-%m-%d} 与“{row.source}”核对"
            yield f"    核对登记：{row.citation}{article}，{said}"


def _choice(choice: Choice) -> str:
    """Return a choice as answers and conditions name it, and as people read it."""
    label = _flat(choice.label)
    return choice.name if label in ("", choice.name) else f"{choice.name} {label}"


def _foot(form: Form) -> Iterator[str]:
    yield ""
    yield counted(form)


def _flat(text: str) -> str:
    """Return a text of several lines on one."""
    return " ⏎ ".join(text.splitlines())
