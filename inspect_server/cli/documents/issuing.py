"""`documents issue` and `documents void`."""

from datetime import date, datetime
from uuid import UUID

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar, say
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import InspectError
from inspect_server.reads import documents as reads
from inspect_server.reads import inspections
from inspect_server.reads.draws import draw_id_of
from inspect_server.usecases.documents.issue_document import (
    MAY_ISSUE,
    issue_documents,
    void_document,
)
from inspect_server.usecases.documents.prints import prints_of
from inspect_server.usecases.work import Actor

EXPORT = ("导出文书，打印后送达", "documents export --to 目录 --as 账号")


class DocumentsIncomplete(InspectError):
    """Some of several inspections got no documents; each reason was shown."""

    code, kind = "document.incomplete", "conflict"
    message = "有 {count} 件检查的文书未能制作，原因见上；请逐件处理后重试。"


@click.command(
    "issue",
    epilog="""\b
示例：
  inspect-server documents issue --draw 2026-03 --as zhaoban
  inspect-server documents issue 2026-0001 --as zhaoban
  inspect-server documents issue 2026-0001 --deadline 2026-03-31 --as wangke
  inspect-server documents issue
""",
)
@click.argument("number", metavar="[检查编号]", required=False)
@click.option("--draw", "draw_no", metavar="抽取编号", help="该次抽取的全部已办结检查。")
@click.option(
    "--deadline",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="现场所定整改期限已过的，另定的期限；须写检查编号，由主办人员、承办机构负责人或审批人办理。",
)
@acting
def issue_command(
    number: str | None, draw_no: str | None, deadline: datetime | None, actor: Actor
) -> None:
    """制作一次检查的文书；不写编号则制作全部已办结而未制作的。"""
    if number is not None and draw_no is not None:
        raise click.UsageError("检查编号和 --draw 只能写一个。")
    if number is None and deadline is not None:
        raise click.UsageError("--deadline 须与检查编号一起写，逐件另定期限。")
    if number is not None:
        with backend().reading() as session:
            inspection_id = inspections.id_of(session, number)
        made = _issue(inspection_id, actor, deadline.date() if deadline else None)
        click.echo(f"新制作文书 {made} 份。")
        next_step(*EXPORT)
        return
    targets = _waiting(actor) if draw_no is None else _waiting_of_draw(draw_no, actor)
    _issue_each(targets, actor)


def _waiting(actor: Actor) -> list[tuple[str, UUID]]:
    with backend().reading() as session:
        found = reads.waiting(session, actor)
    if not found:
        click.echo("没有等待制作文书的检查：记录都尚未办结，或文书都已制作。", err=True)
        next_step("办结记录", "record close 检查编号 --as 账号")
        next_step("或查看已制作的文书", "documents list")
    return [(number, inspection_id) for inspection_id, number in found]


def _waiting_of_draw(draw_no: str, actor: Actor) -> list[tuple[str, UUID]]:
    """Return the closed inspections of a draw; say which are not so far yet, or what to do."""
    with backend().reading() as session:
        draw_id = draw_id_of(session, draw_no)
        states = inspections.of_draw_by_state(session, actor, draw_id, MAY_ISSUE)
    found = states.get(InspectionState.RECORD_CLOSED, [])
    issued = states.get(InspectionState.DOCUMENTS_ISSUED, [])
    unfinished = sum(map(len, states.values())) - len(found) - len(issued)
    if unfinished:
        click.echo(f"抽取 {draw_no} 有 {unfinished} 件检查的记录尚未办结，不制作文书。", err=True)
        next_step("办结记录", f"record close --draw {draw_no} --as 账号")
    elif not found and issued:
        click.echo(f"抽取 {draw_no} 的 {len(issued)} 件检查都已制作文书。", err=True)
        next_step(*EXPORT)
    elif not found:
        click.echo(f"抽取 {draw_no} 还没有检查。", err=True)
        next_step("编制检查方案", f"dispatch schemes --draw {draw_no} --as 账号")
    return found


def _issue_each(targets: list[tuple[str, UUID]], actor: Actor) -> None:
    """Make the documents of each, each in its own transaction: a refusal does not hold the rest."""
    made, refused = 0, []
    with bar(len(targets), "制作文书", unit="次检查") as advance:
        for number, inspection_id in targets:
            try:
                made += _issue(inspection_id, actor)
            except InspectError as error:
                refused.append(f"  {number}：{error}［{error.code}］")
            advance(1)
    click.echo(f"新制作文书 {made} 份。")
    for line in refused:
        click.echo(line, err=True)
    if refused:
        raise DocumentsIncomplete(count=len(refused))
    if targets:
        next_step(*EXPORT)


def _issue(inspection_id: UUID, actor: Actor, new_deadline: date | None = None) -> int:
    """Make and show the documents of one inspection; return how many are new."""
    with backend().reading() as session:
        most = backend().settings.most_photos
        prints = prints_of(session, backend().blobs, inspection_id, most)
    with backend().begin(actor) as work:
        issued = issue_documents(work, inspection_id, prints, new_deadline)
    for document in issued.documents:
        state = "" if document.created else "（此前已制作）"
        say(f"{issued.number}  {document.title}  {document.doc_no}{state}")
        if document.template_before:
            say(
                f"{issued.number}  提醒：{document.doc_no} 所替代的文书按模板 "
                f"{document.template_before} 制作，本程序没有这一版，已改用模板 "
                f"{document.template}，名称、格式可能不同，请核对后送达。",
                err=True,
            )
    for one in issued.unchecked:
        say(
            f"{issued.number}  提醒：问题{one.problem}所引{one.citation}尚未与原文核对，"
            "请在送达前核对。",
            err=True,
        )
    for number in issued.undecided:
        say(
            f"{issued.number}  提醒：问题{number}的处理措施须另作《现场处理措施决定书》，"
            "它不由检查记录自动制作：请写明其内容，以 documents render measures_decision 打印"
            "（内容示例：documents example measures_decision），并按本局程序审批、送达。",
            err=True,
        )
    return sum(document.created for document in issued.documents)


@click.command(
    "void",
    epilog="""\b
示例：
  inspect-server documents void '（苏·云）应急责改〔2026〕1号' --reason 整改期限有误 --as wangke
""",
)
@click.argument("doc_no", metavar="文号")
@click.option("--reason", required=True, metavar="理由", help="作废理由，记入档案。")
@acting
def void_command(doc_no: str, reason: str, actor: Actor) -> None:
    """作废一份文书；文号不再使用，再次制作时在原号后加“-1”。"""
    with backend().reading() as session:
        row = reads.by_number(session, actor, doc_no)
    with backend().begin(actor) as work:
        voided = void_document(work, row.id, reason)
    click.echo(f"{voided.doc_no} 已作废，文号不再使用。")
    again = f"documents issue {row.inspection_no}"
    if not voided.needs_new_deadline:
        next_step("如需重新制作", f"{again} --as 账号")
        return
    click.echo("原定整改期限已过，重新制作须另定期限，由主办人员、承办机构负责人或审批人办理。")
    next_step("如需重新制作", f"{again} --deadline 日期 --as 账号")
