"""journal: what the phones delivered: checked, recomputed, and decided on."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step, remind
from inspect_server.domain.errors import InspectError
from inspect_server.domain.saying import RULED, SET_ASIDE_NAMES, lapse
from inspect_server.gateways import phone_exports
from inspect_server.reads import evidence
from inspect_server.reads import inspections as reads
from inspect_server.reads.phones import inbox
from inspect_server.reads.phones.inbox import InboxRow
from inspect_server.reads.phones.journal import replica_states
from inspect_server.usecases.journal.inbox import accept_entry, decline_entry, revoke_replica
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.orphans import PREFIXES, find_orphans
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal, rebuild_size
from inspect_server.usecases.journal.settle_conflict import settle_conflict
from inspect_server.usecases.journal.verify_journal import journal_size, verify_journal
from inspect_server.usecases.phones.rescue_export import Rescued, rescue_export
from inspect_server.usecases.work import Actor

MOST_SHOWN = 200
SHORT = 8


class JournalDamaged(InspectError):
    """What is stored is not what the phones delivered."""

    code, kind = "journal.damaged", "broken"
    message = (
        "手机同步日志核验未通过，共 {count} 处，数据已损坏或被改动，请立即停止使用并从备份恢复。"
    )


class ResultsDiffer(InspectError):
    """What phones delivered is whole, but not all that was computed from it."""

    code, kind = "journal.results_differ", "broken"
    message = (
        "手机同步日志核验未通过，共 {count} 处；手机原始记录完好，由其得出的数据有误或被改动，"
        "请先备份现有数据库，再运行 inspect-server journal rebuild 重新得出。"
    )


class PhoneUnknown(InspectError):
    """What was typed names no phone, or several."""

    code, kind = "journal.phone_unknown", "missing"
    message = (
        "没有编号以 {phone} 开头的手机，或不止一部；请用 inspect-server journal phones 查看，"
        f"至少写编号的前 {SHORT} 位。"
    )


@click.group(
    "journal",
    epilog="""\b
示例：
  inspect-server journal verify
  inspect-server journal conflicts 2026-0001""",
)
def journal_group() -> None:
    """手机同步日志：核验、重建、分歧、待处理记录、停用手机、导入手机导出的文件。"""


@journal_group.command("verify", epilog="\b\n示例：\n  inspect-server journal verify")
def verify_command() -> None:
    """重新核验每条手机记录的哈希、签名、顺序，每个文件和每份回执。"""
    with bar(journal_size(backend()), "核验日志", unit="步") as advance:
        report = verify_journal(backend(), advance)
    for fault in report.faults:
        click.echo(f"  {fault.name}：{fault.where}", err=True)
    click.echo(
        f"核验手机记录 {report.entries} 条、文件 {report.blobs} 个、"
        f"回执 {report.receipts} 份、汇总项 {report.items} 项"
    )
    if report.lost:
        raise JournalDamaged(count=len(report.faults))
    if not report.sound:
        raise ResultsDiffer(count=len(report.faults))
    click.echo("核验通过，未发现改动。")


@journal_group.command("rebuild", epilog="\b\n示例：\n  inspect-server journal rebuild")
def rebuild_command() -> None:
    """由日志重新计算全部汇总结果；与原结果不同的会重新下发到手机。"""
    with bar(rebuild_size(backend()), "重建汇总", unit="步") as advance:
        changed = rebuild_journal(backend(), advance)
    click.echo(f"重建完成，{changed} 项与原结果不同。" if changed else "重建完成，与原结果一致。")


@journal_group.command("restored", epilog="\b\n示例：\n  inspect-server journal restored --yes")
@click.option("--yes", is_flag=True, help="不再询问。")
def restored_command(yes: bool) -> None:
    """
    从备份恢复后运行一次：通知所有手机，服务器可能缺少备份之后的数据。

    手机下次同步时会自动补传服务器缺少的记录和文件，并重新下载任务；两边都不删除任何数据。
    """
    if not yes:
        click.confirm(
            "确认数据库和文件已从备份恢复，并通知所有手机重新核对？（y 是，n 否）", abort=True
        )
    with backend().begin(Actor.system("cli")) as work:
        epoch = open_epoch(work)
    click.echo(f"已开启新的数据纪元 {epoch}，手机下次同步时自动补传。")
    next_step("核验恢复的数据", "journal verify")


@journal_group.command(
    "conflicts", epilog="\b\n示例：\n  inspect-server journal conflicts 2026-0001"
)
@click.argument("number", metavar="检查编号")
def conflicts_command(number: str) -> None:
    """列出一次检查中两部手机填写不一致、尚未确认的项。"""
    zone = backend().settings.zone
    with backend().reading() as session:
        found = evidence.conflicts(session, reads.id_of(session, number))
    for conflict in found:
        click.echo(f"{conflict.item}  {conflict.title}")
        for head in conflict.heads:
            at = datetime.fromisoformat(head.wall).astimezone(zone)
            short = _short(head.operation, [one.operation for one in conflict.heads])
            click.echo(f"    {short}  {head.user}  {at:%Y-%m-%d %H:%M:%S}  {head.words}")
    click.echo(f"共 {len(found)} 项不一致。")
    if found:
        next_step(
            "由主办人员逐项确认",
            f"journal settle {number} 检查项 --choose 填写编号 --reason 理由 --as 主办人员账号",
        )


@journal_group.command(
    "settle",
    epilog="""\b
示例：
  inspect-server journal settle 2026-0001 G01 --choose 3f9a12c4 \\
    --reason 现场复核确认 --as lisi
""",
)
@click.argument("number", metavar="检查编号")
@click.argument("item", metavar="检查项")
@click.option(
    "--choose",
    "chosen",
    required=True,
    metavar="填写编号",
    help="采用哪一个值：journal conflicts 所列的编号，写开头几位即可。",
)
@click.option("--reason", required=True, help="理由。")
@acting
def settle_command(number: str, item: str, chosen: str, reason: str, actor: Actor) -> None:
    """由主办人员确认采用哪一个值；其余的值仍保留。"""
    with backend().reading() as session:
        inspection_id = reads.id_of(session, number)
    with backend().begin(actor) as work:
        settled = settle_conflict(work, inspection_id, item, chosen, reason)
    click.echo(f"已确认 {number} 的 {settled.item}。")
    if settled.stale:
        click.echo(
            f"{'、'.join(settled.stale)}此前的签名因内容有变动而失效，办结前须重新签名并同步。"
        )
    next_step("全部确认后办结记录", f"record close {number} --as 主办人员账号")


def _short(operation: str, others: Sequence[str]) -> str:
    """Return the shortest beginning, of 8 characters and up, that no other value shares."""
    lengths = range(SHORT, len(operation))
    shared = (sum(one.startswith(operation[:length]) for one in others) for length in lengths)
    return next(
        (operation[:n] for n, count in zip(lengths, shared, strict=True) if count == 1), operation
    )


@journal_group.command("inbox", epilog="\b\n示例：\n  inspect-server journal inbox")
def inbox_command() -> None:
    """列出未采用或存疑的手机记录，连同现有填写，以及签名无法核验的原始数据。"""
    with backend().reading() as session:
        page = inbox.listed(session, 1, MOST_SHOWN)
        raw = inbox.unverified(session)
    for row in page.rows:
        _say(row)
    click.echo(f"共 {page.total} 条。")
    if page.total > len(page.rows):
        click.echo(f"以上为最近 {len(page.rows)} 条，其余请在网页或接口中查看。")
    for one in raw:
        holder = one.carrier_name or one.carrier[:SHORT]
        click.echo(f"{_moment(one.received_at)}  {holder}  {one.size} 字节  {one.content_sha256}")
    if raw:
        click.echo(f"另有签名无法核验的原始数据 {len(raw)} 份，已原样留存，不能采用。")
    if any(row.effect in ("quarantined", "held") and not row.declined for row in page.rows):
        next_step("逐条核实后采用或不采用", "journal accept 记录哈希 --reason 理由 --as 账号")


def _say(row: InboxRow) -> None:
    """Print one entry: why it is here, what it wanted, and what stands there now."""
    why = SET_ASIDE_NAMES.get(row.reason, row.reason)
    since = f"（{_moment(row.since)}）" if row.since else ""
    click.echo(f"{row.hash}  {row.number}  {row.user_name}  {why}{since}")
    clocks = [f"手机时间 {_moment(row.wall)}"] if row.wall else []
    if row.last_server_time:
        clocks.append(f"手机上次联系 {_moment(row.last_server_time)}")
    click.echo(f"    {'，'.join([*clocks, f'服务器收到 {_moment(row.received_at)}'])}")
    if row.ahead_minutes:
        click.echo(f"    手机时钟比服务器至少快 {lapse(row.ahead_minutes)}")
    if row.ruling:
        by, ruled = row.ruling.by or "系统", RULED[row.ruling.accepted]
        click.echo(f"    {ruled}：{by}，{_moment(row.ruling.at)}，{row.ruling.reason}")
    for one in row.operations:
        missing = "（照片尚未传到）" if one.photo and not one.photo_arrived else ""
        click.echo(f"    {one.title}  {one.words}{missing}")
        for other in one.stands:
            at = _moment(other.wall)
            click.echo(f"        现有填写：{other.words}  {other.user_name}  {at}")
        if not one.stands and row.inspection_id:
            click.echo("        现有填写：无")
    if not row.operations:
        click.echo("    内容无法读取")


def _moment(at: datetime | str) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(backend().settings.zone):%Y-%m-%d %H:%M:%S}"


@journal_group.command(
    "accept", epilog="\b\n示例：\n  inspect-server journal accept 哈希 --reason 属实 --as zhangsan"
)
@click.argument("entry", metavar="记录哈希")
@click.option("--reason", required=True, help="理由。")
@acting
def accept_command(entry: str, reason: str, actor: Actor) -> None:
    """采用一条待处理的手机记录。"""
    with backend().begin(actor) as work:
        accept_entry(work, entry, reason)
    click.echo(f"已采用记录 {entry}。")


@journal_group.command(
    "decline",
    epilog="\b\n示例：\n  inspect-server journal decline 哈希 --reason 重复 --as zhangsan",
)
@click.argument("entry", metavar="记录哈希")
@click.option("--reason", required=True, help="理由。")
@acting
def decline_command(entry: str, reason: str, actor: Actor) -> None:
    """不采用一条待处理的手机记录；记录仍保留。"""
    with backend().begin(actor) as work:
        decline_entry(work, entry, reason)
    click.echo(f"记录 {entry} 已标记为不采用，内容仍保留。")


@journal_group.command("phones", epilog="\b\n示例：\n  inspect-server journal phones")
def phones_command() -> None:
    """列出登记的手机：编号、使用人、最近联系、已收记录。"""
    with backend().reading() as session:
        rows = replica_states(session)
    for row in rows:
        contact = _moment(row.last_contact_at) if row.last_contact_at else "从未联系"
        state = f"已停用（{_moment(row.revoked_at)}）" if row.revoked_at else "正常"
        click.echo(f"{row.id[:16]}  {row.user_name}  {row.label}  {state}")
        click.echo(f"    最近联系 {contact}，已收记录 {row.upto_seq} 条")
    click.echo(f"共 {len(rows)} 部手机。" if rows else "没有登记的手机。")


@journal_group.command(
    "revoke",
    epilog="\b\n示例：\n  inspect-server journal revoke 3f9a12c4 --reason 手机遗失 --as zhangsan",
)
@click.argument("phone", metavar="手机编号")
@click.option("--reason", required=True, help="理由。")
@acting
def revoke_command(phone: str, reason: str, actor: Actor) -> None:
    """
    停用一部手机，不能撤销；手机编号为 journal phones 所列，写开头几位即可。

    停用后不能再下载任务，已采集的数据仍可上传，并进入待核实记录。找回后继续使用的，须重新登记。
    """
    with backend().reading() as session:
        rows = [row for row in replica_states(session) if row.id.startswith(phone)]
    if len(rows) != 1 or len(phone) < SHORT:
        raise PhoneUnknown(phone=phone)
    with backend().begin(actor) as work:
        revoke_replica(work, rows[0].id, reason)
    click.echo(f"{rows[0].user_name}的手机 {rows[0].id[:16]} 已停用。")


@journal_group.command("orphans", epilog="\b\n示例：\n  inspect-server journal orphans")
def orphans_command() -> None:
    """列出手机传来、却不属于任何记录的文件：未传完的、无记录引用的、未登记的。"""
    zone = backend().settings.zone
    with bar(len(PREFIXES), "查找文件", unit="组") as advance:
        found = find_orphans(backend(), advance)
    for one in found:
        at = one.since.astimezone(zone)
        came = f"{one.size}/{one.length} 字节" if one.size < one.length else f"{one.size} 字节"
        click.echo("  ".join(filter(None, (one.word, f"{at:%Y-%m-%d %H:%M}", came, one.phone))))
        click.echo(f"    {one.name}")
    kept = "系统不会自行删除；只有服务中断时留下、无人知道的上传片段在一天后清理"
    click.echo(f"共 {len(found)} 个，{kept}。" if found else "没有不属于任何记录的文件。")


@journal_group.command(
    "rescue",
    epilog="""\b
示例：
  inspect-server journal rescue 现场检查.inspect-export --as zhangsan
  inspect-server journal rescue 现场检查.inspect-export --as zhangsan < 口令文件

\b
口令在提示后输入；由程序调用时从标准输入读一行。口令从不写在命令行上。
""",
)
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@acting
def rescue_command(file: Path, actor: Actor) -> None:
    """
    导入手机“导出未送达内容”存成的文件，与该手机自己送达的一样核验、合并、判定。

    文件有一处损坏、口令不对或者不是本机关手机导出的，什么都不导入。中途断开的，重新导入即可，
    已有的不会重复。
    """
    target = backend()
    with phone_exports.opened(file, hidden("文件口令")) as export:
        photos = sum(photo.size for photo in export.list.photos)
        with bar(2 * photos, "核对并导入照片", unit="字节") as advance:
            found = rescue_export(target, actor, export, advance)
    _tell_rescued(found)


def _tell_rescued(found: Rescued) -> None:
    click.echo(f"{found.user}的手机，导出时间 {_moment(found.made)}（手机时间）。")
    click.echo(f"记录：新收 {found.new} 条，原已收到 {found.known} 条。")
    click.echo(f"照片、录像：新收 {found.photos} 个，原已收到 {found.photos_known} 个。")
    click.echo(f"出具回执 {found.receipts} 份。")
    for reason, count in found.set_aside.items():
        click.echo(f"其中 {count} 条未计入检查记录：{SET_ASIDE_NAMES.get(reason, reason)}。")
    remind(
        text.format(count=count)
        for count, text in (
            (found.apart, "{count} 条的签名未通过核验，已原样留存，不能采用。"),
            (found.refused, "{count} 条没有收下：待处理的过多。先处理待处理记录，再重新导入。"),
            (
                found.photos_uncited,
                "{count} 个照片、录像没有记录引用，没有收下，请保留该文件。",
            ),
            (found.lost_entries, "{count} 条记录在手机上已损坏，不在文件中。"),
            (found.lost_photos, "{count} 个照片、录像在手机上已损坏，不在文件中。"),
        )
        if count
    )
    if found.set_aside or found.apart:
        next_step("查看并逐条处理", "journal inbox")
    else:
        next_step("核验全部手机记录", "journal verify")
