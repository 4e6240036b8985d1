"""record: closing, showing and verifying what happened."""

import re
from collections.abc import Sequence
from uuid import UUID

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar, say
from inspect_server.cli.terminal.stages import say_where_it_stands
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.domain.inspection import STATE_NAMES
from inspect_server.reads import inspections as reads
from inspect_server.reads import record_checks
from inspect_server.reads.draws import draw_id_of
from inspect_server.reads.record_checks import totals
from inspect_server.reads.record_checks.files import import_faults
from inspect_server.usecases.disclosing.identities import note_unvisited
from inspect_server.usecases.drawing.auditing.check_draws import check_draws
from inspect_server.usecases.inspecting.close_record import MAY_CLOSE, close_record
from inspect_server.usecases.work import Actor

TOTAL = re.compile(r"[0-9a-f]{64}", re.ASCII)


class RecordDamaged(InspectError):
    """What is stored is not what was recorded."""

    code, kind = "record.damaged", "broken"
    message = "有 {count} 处案卷或登记不符，数据已损坏或被改动，请立即停止使用并从备份恢复。"


class ClosingIncomplete(InspectError):
    """Some records stay open; each reason was shown."""

    code, kind = "record.closing_incomplete", "conflict"
    message = "有 {count} 件未能办结，原因见上；请逐件处理后对这些编号重试。"


@click.group(
    "record",
    epilog="""\b
示例：
  inspect-server record close 2026-0001 --as lisi
  inspect-server record verify""",
)
def record_group() -> None:
    """执法记录：办结、查看、核验。"""


@record_group.command(
    "close",
    epilog="""\b
示例：
  inspect-server record close 2026-0001 --as lisi
  inspect-server record close --draw 2026-03 --as lisi
  inspect-server record close 2026-0002 --stale-reason 企业负责人已离开，电话确认 --as lisi
""",
)
@click.argument("numbers", nargs=-1, metavar="[检查编号]...")
@click.option(
    "--draw", "draw_no", metavar="抽取编号", help="该次抽取中由本人办结的全部检查中任务。"
)
@click.option(
    "--stale-reason",
    default="",
    metavar="理由",
    help="签名后内容有变动而不重新签名的理由，存入办结记录；只用于单个检查编号。",
)
@click.option(
    "--unasked-reason",
    default="",
    metavar="理由",
    help="曾填为不符合（或者是否不符合已不能确定）的检查项因其他填写有变而不列入的理由，"
    "存入办结记录；只用于单个检查编号。",
)
@acting
def close_command(
    numbers: tuple[str, ...],
    draw_no: str | None,
    stale_reason: str,
    unasked_reason: str,
    actor: Actor,
) -> None:
    """办结检查记录；主办人员或承办机构负责人办理，不能办结的说明原因。"""
    if stale_reason and len(numbers) != 1:
        raise click.UsageError("不重新签名的理由应逐件写明：--stale-reason 只与一个检查编号合用。")
    if unasked_reason and len(numbers) != 1:
        raise click.UsageError("不列入的理由应逐件写明：--unasked-reason 只与一个检查编号合用。")
    chosen = _chosen(numbers, draw_no, actor)
    closed = 0
    with bar(len(chosen), "办结记录", unit="件") as advance:
        for number, inspection_id in chosen:
            closed += _close(number, inspection_id, (stale_reason, unasked_reason), actor)
            advance(1)
    if chosen:
        click.echo(f"办结记录：完成 {closed} 件，未完成 {len(chosen) - closed} 件。")
    if closed < len(chosen):
        raise ClosingIncomplete(count=len(chosen) - closed)
    if chosen:
        which = f"--draw {draw_no}" if draw_no else "检查编号"
        next_step("制作文书", f"documents issue {which} --as 账号")


def _close(number: str, inspection_id: UUID, reasons: tuple[str, str], actor: Actor) -> bool:
    """Close one record in a transaction of its own; say what became of it."""
    try:
        with backend().begin(actor) as work:
            closed = close_record(work, inspection_id, *reasons)
    except InspectError as error:
        say(f"{number} 未办结：{error}", err=True)
        return False
    say(
        f"{closed.number} 已办结：一般隐患 {closed.general_findings} 项，"
        f"重大隐患 {closed.major_findings} 项，依据手机记录 {closed.entry_count} 条，"
        f"记录哈希 {closed.record_sha256}"
    )
    if closed.referred_findings:
        say(f"  须移送其他部门的线索 {closed.referred_findings} 项，由 record show 列出。")
    if closed.supervised_findings:
        say(f"  待挂牌督办的重大事故隐患 {closed.supervised_findings} 项。")
    if closed.stale:
        say(f"  {'、'.join(closed.stale)}签名之后内容有变动，未重新签名，理由已存入办结记录。")
    if closed.failures_unasked:
        codes = "、".join(closed.failures_unasked)
        say(
            f"  检查项 {codes} 的填写（不符合，或者是否不符合已不能确定）不列为问题，"
            "理由已存入办结记录，并印入现场检查记录。"
        )
    if closed.unlocated_findings:
        say(f"  {_unlocated(closed.unlocated_findings)}")
    return True


def _unlocated(numbers: Sequence[int]) -> str:
    return (
        f"问题 {'、'.join(map(str, numbers))} 属于重大事故隐患，没有带定位的照片，"
        "请核对所写部位；不足以找到的，请在案卷中另附位置说明。"
    )


@record_group.command("show", epilog="\b\n示例：\n  inspect-server record show 2026-0001")
@click.argument("number", metavar="检查编号")
@acting
def show_command(number: str, actor: Actor) -> None:
    """查看一次检查的全过程。"""
    with backend().reading() as session:
        page = reads.one(session, actor, reads.id_of(session, number))
    note_unvisited(backend(), actor, [(page.row.number, page.row.state)])
    zone = backend().settings.zone
    click.echo(f"{page.row.number}  {page.row.enterprise}  {STATE_NAMES[page.row.state]}")
    click.echo(f"检查组：{'、'.join(page.row.team)}  未确认分歧：{page.row.conflicts}")
    for row in page.timeline:
        at = f"{(row.phone_at or row.at).astimezone(zone):%Y-%m-%d %H:%M:%S}"
        arrived = f"（{row.at.astimezone(zone):%m-%d %H:%M:%S} 送达）" if row.phone_at else ""
        title = f"{row.title}（{row.said}）" if row.said else row.title
        by = f"{row.actor}，由 {row.carrier} 送达" if row.carrier else row.actor
        click.echo(f"  {row.seq:>3}  {at}{arrived}  {title}  {by}  {row.leaf[:16]}")
    for one in page.referrals:
        click.echo(f"  待移送 问题 {one.problem} 移送{one.authority}：{one.text}（{one.place}）")
    if page.to_supervise:
        click.echo(f"  待挂牌督办 问题 {'、'.join(map(str, page.to_supervise))}")
    if page.unlocated:
        click.echo(f"  {_unlocated(page.unlocated)}")
    for document in page.documents:
        click.echo(f"  文书 {document.doc_no}{'（已作废）' if document.voided_at else ''}")


@record_group.command(
    "verify",
    epilog="""\b
示例：
  inspect-server record verify
  inspect-server record verify 2026-0001
  inspect-server record verify --expect 上次抄录的登记总值（64 位，可分组写）
""",
)
@click.argument("words", metavar="[检查编号]", nargs=-1)
@click.option(
    "--expect",
    metavar="登记总值",
    help="以前抄录的登记总值：其后是否有内容被删改；可照台账分组写，空格和大小写不论。",
)
def verify_command(words: tuple[str, ...], expect: str | None) -> None:
    """由存储的字节重新计算全部案卷和抽取（或一次检查），并与数据库逐行逐列比对。"""
    number = None
    if expect is not None:
        expect = _copied_total(expect, words)
    elif len(words) > 1:
        raise click.UsageError("一次只能核验一个检查编号；登记总值请写在 --expect 之后。")
    elif words:
        number = words[0]
    with backend().reading() as session:
        if number is None:
            total, case = record_checks.count_cases(session), ""
        else:
            total, case = 1, f"inspection/{number}"
        with bar(total, "核验案卷", unit="个") as advance:
            checks = record_checks.check_cases(session, case, advance)
        drawn = () if number else check_draws(backend(), session)
        total_now = totals.current(session)
        folder = backend().settings.data_dir / "imports"
        lost = () if number else tuple(import_faults(session, folder))
        unchecked = [] if number else record_checks.not_checked(session)
    if number is not None and not checks:
        raise NotFound(what=f"编号为 {number} 的案卷")
    damaged = [check for check in checks if check.faults]
    damaged += [
        record_checks.CaseCheck(f"抽取 {one.draw_no}", 0, one.faults) for one in drawn if one.faults
    ]
    if lost:
        damaged.append(record_checks.CaseCheck("导入", 0, lost))
    for check in damaged:
        for fault in check.faults:
            click.echo(f"  {check.case}：{fault}", err=True)
    for one in unchecked:
        click.echo(f"  未查：{one}")
    also = f"、抽取 {len(drawn)} 次" if drawn else ""
    events = sum(check.events for check in checks)
    click.echo(f"核验案卷 {len(checks)} 个、事件 {events} 条{also}")
    if damaged:
        raise RecordDamaged(count=len(damaged))
    if number is None:
        _say_total(total_now, expect)
    click.echo("核验通过，未发现改动。")


def _copied_total(first: str, others: tuple[str, ...]) -> str:
    """Return a total as it is stored, of a copy in one word or in the groups of a ledger."""
    if any("-" in word for word in others):
        raise click.UsageError("--expect 核对的是全库，不能与检查编号同用。")
    total = "".join("".join((first, *others)).split()).lower()
    if not TOTAL.fullmatch(total):
        raise click.UsageError(
            "登记总值应为 64 位十六进制（0—9、a—f），"
            f"所写的有 {len(total)} 位或含有其他字符，请核对抄件。"
        )
    return total


def _say_total(now: totals.Total, expect: str | None) -> None:
    """Say what to write down, and how far what was written down before still holds."""
    if expect is not None:
        with backend().reading() as session:
            counted = totals.check_expected(session, expect)
        click.echo(f"与抄件相符：抄录时的 {counted} 项均在，此后新增 {now.items - counted} 项。")
    click.echo(f"登记总值（{now.items} 项）：{now.total}")
    click.echo("请将登记总值抄录并存放于本系统之外，下次核验时用 --expect 核对。")


def _chosen(numbers: tuple[str, ...], draw_no: str | None, actor: Actor) -> list[tuple[str, UUID]]:
    if bool(numbers) == (draw_no is not None):
        raise click.UsageError("请写检查编号，或用 --draw 指明抽取编号，两者取一。")
    with backend().reading() as session:
        if draw_no is None:
            return [(number, reads.id_of(session, number)) for number in numbers]
        draw_id = draw_id_of(session, draw_no)
        theirs = reads.of_draw_by_state(session, actor, draw_id, MAY_CLOSE)
        everybody = reads.count_of_draw(session, draw_id)
    found = theirs.get(InspectionState.UNDER_WAY, [])
    if not found:
        say_where_it_stands(draw_no, "办结", theirs, everybody)
    return found
