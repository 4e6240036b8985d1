"""The demo from an empty folder to the papers, told in steps."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from inspect_server.demo import forked, mishaps, office_work, season
from inspect_server.demo.field.breakdowns import cut_upload, lost_answer
from inspect_server.demo.field.visiting import Visit
from inspect_server.demo.field_work import (
    Field,
    Parts,
    Task,
    at_once,
    calendar,
    cast,
    courses,
    drawn_logins,
    tasks_of,
)
from inspect_server.demo.figures import Figures
from inspect_server.demo.folder import Folder
from inspect_server.demo.mishaps import Disputed
from inspect_server.demo.office import Office, Server
from inspect_server.demo.office_work import Drawn, Imported, Inspector
from sync import protocol

LEAST_VISITS = 12

Say = Callable[[str], None]


@dataclass
class Season:
    """The demo under way."""

    office: Office
    phones: Field
    say: Say
    started: float = field(default_factory=time.monotonic)
    steps: int = 0
    visits: dict[str, Visit] = field(default_factory=dict)

    def step(self, title: str) -> None:
        """Say what begins."""
        self.steps += 1
        self.say(f"{time.monotonic() - self.started:5.1f} 秒  第 {self.steps:>2} 步  {title}")

    def tell(self, text: str) -> None:
        """Say what came out."""
        self.say(f"                   {text}")


def run_demo(root: Path, say: Say) -> Figures:
    """
    Do the whole main job in a folder of its own.

    Raises:
        FolderNotEmpty: The folder holds something that no demo made.
        StepFailed, PhoneFailed, SaveLost, NotAsPromised: Something did not go as it must.
    """
    folder = Folder(root.absolute())
    folder.renew()
    forked.load_once()
    told = Season(Office(folder), Field(folder), say)
    try:
        return _run(told)
    finally:
        told.phones.switch_off()


def _run(told: Season) -> Figures:
    imported, inspectors = _registries(told)
    drawn = _draw(told)
    tasks = tasks_of(told.office.folder)
    parts = cast(tasks, inspectors)
    told.phones.switch_on({parts.instead.login} - told.phones.handsets.keys())
    _enrol(told)
    disputed, waiting = _offline_visits(told, tasks, parts, inspectors)
    quarantined = _first_sync(told, parts, disputed, waiting)
    _second_day(told, parts, disputed)
    return _papers(told, imported, drawn, quarantined)


def _registries(told: Season) -> tuple[Imported, list[Inspector]]:
    told.step("建立数据目录和账号")
    office_work.set_up(told.office)
    told.step("导入企业名录（.xlsx）、执法人员（GB18030 .csv）和更正名录（.csv）")
    imported = office_work.import_registries(told.office)
    told.tell(
        f"企业 {imported.enterprises} 家，未导入 {imported.rejected} 行（原因见 reports），"
        f"更正 {imported.updated} 家，执法人员 {imported.officers} 名"
    )
    return imported, office_work.open_accounts(told.office.folder)


def _draw(told: Season) -> Drawn:
    told.step("编制并审批年度计划，双随机抽取：承诺、揭示、再次揭示被拒绝")
    drawn = office_work.plan_and_draw(told.office)
    told.tell(f"全年计划检查 {drawn.planned_visits} 次")
    told.tell(f"本批抽取池 {drawn.pool} 家，抽中 {drawn.selected} 家")
    told.tell(f"再次揭示：{drawn.refusal}")
    if drawn.selected < LEAST_VISITS:
        raise mishaps.NotAsPromised(what="抽取", said=f"只抽中 {drawn.selected} 家")
    told.step("编制检查方案，由另一人审批，派发到手机")
    told.phones.switch_on(drawn_logins(told.office.folder))  # they start while the office goes on
    office_work.send_tasks(told.office, drawn.draw_no)
    return drawn


def _enrol(told: Season) -> None:
    told.step(f"启动服务，{len(told.phones.handsets)} 部手机登记并下载任务")
    with _serving(told, season.DISPATCHED + timedelta(hours=1)) as server:
        told.phones.enrol(server.address)


def _offline_visits(
    told: Season, tasks: Sequence[Task], parts: Parts, inspectors: Sequence[Inspector]
) -> tuple[Disputed, int]:
    told.step("服务已停止：各检查组离线检查")
    plans = courses(tasks, parts)
    disputed: list[Disputed] = []
    waiting: list[int] = []

    def one(task: Task, at: datetime) -> None:
        visit = told.phones.visit(task, plans[task.number], at)
        if task == parts.reassigned:
            waiting.append(mishaps.begin_and_fall_ill(visit))
            return
        told.visits[task.number] = visit
        if task == parts.conflict:
            disputed.append(mishaps.begin_dispute(visit))
        elif task == parts.killed:
            kept = mishaps.go_with_killed_phone(visit)
            told.tell(
                f"{task.number}：协办人员手机保存时断电（SIGKILL），重新启动；"
                f"此前确认的 {kept.confirmed} 条都在（现有 {kept.held} 条）"
            )
        else:
            visit.go()

    for half, group in calendar(tasks, parts):
        at_once(lambda task, at=half: one(task, at), group)  # type: ignore[misc]
    told.tell(f"完成 {len(told.visits) - 1} 次检查；{parts.conflict.number} 两机有一项填写不一致")
    out = next(one for one in inspectors if one.login == parts.reassigned.member)
    number = parts.reassigned.number
    office_work.reassign(told.office, number, out, parts.instead, season.REASSIGNED)
    told.tell(f"{number}：协办人员因病改派，其手机离线，{waiting[0]} 条记录尚未上传")
    return disputed[0], waiting[0]


def _first_sync(told: Season, parts: Parts, disputed: Disputed, waiting: int) -> int:
    told.step("重新启动服务，所有手机同步")
    at = season.FIRST_SYNC
    with _serving(told, at) as server:
        reports = _sync_over_bad_network(told, parts, server, at)
        ill = reports[parts.reassigned.member]
        mishaps.check_quarantined(ill, waiting)
        told.tell(
            f"{parts.reassigned.number}：原协办人员补传的 {waiting} 条已留存、未并入（已改派）"
        )
        disputed.visit.lead.sync(server.address, at + timedelta(minutes=20))
    refusal = told.office.refused(
        *("record", "close", parts.conflict.number, "--as", office_work.SUPERVISOR),
        at=at + timedelta(minutes=30),
    )[0]
    told.tell(f"办结被拒绝：{refusal}")
    return office_work.set_aside(told.office, at + timedelta(minutes=40))


def _sync_over_bad_network(
    told: Season, parts: Parts, server: Server, at: datetime
) -> dict[str, Mapping[str, Any]]:
    phones = told.phones.handsets
    sizes: list[int] = phones[parts.cut.member].ask("photo_bytes")
    breaks_after = sum(sizes) - max(sizes) + mishaps.BREAKS_AFTER
    with (
        cut_upload(server.port, breaks_after) as cutting,
        lost_answer(server.port, protocol.PREFIX + "/push") as losing,
    ):
        elsewhere = {
            parts.cut.member: cutting.address,
            parts.lost_answer.lead: losing.address,
        }
        reports = told.phones.sync(server.address, at, elsewhere)
    again = mishaps.check_resend(cutting.sent, sum(sizes), broken=cutting.broken)
    told.tell(
        f"{parts.cut.number}：上传 {max(sizes):,} 字节的照片时断线，续传后多传不超过 {again:,} 字节"
    )
    mishaps.check_delivered(reports[parts.lost_answer.lead], broken=losing.broken)
    told.tell(f"{parts.lost_answer.number}：服务器应答丢失，手机重发，没有一条重复")
    return reports


def _second_day(told: Season, parts: Parts, disputed: Disputed) -> None:
    told.step("服务再次停止：改派后的检查组检查，主办人员确认分歧并签名")
    half = datetime.combine(season.SECOND_DAY, time_of_day(9), season.ZONE)
    team = Task(parts.reassigned.number, parts.reassigned.lead, parts.instead.login)
    visit = told.phones.visit(team, courses([team], parts)[team.number], half)
    told.visits[team.number] = visit
    visit.go()
    reason = mishaps.settle(disputed, half + timedelta(hours=5))
    told.tell(f"{parts.conflict.number}：主办人员确认，理由：{reason}")
    told.step("重新启动服务，所有手机再次同步")
    with _serving(told, season.SECOND_SYNC) as server:
        told.phones.sync(server.address, season.SECOND_SYNC, {})


def _papers(told: Season, imported: Imported, drawn: Drawn, quarantined: int) -> Figures:
    told.step("办结全部检查，制作并导出文书")
    records, orders = office_work.close_and_issue(told.office, drawn.draw_no)
    told.step("核验手机日志、文书和全过程记录")
    leaves = office_work.check_everything(told.office)
    phones = told.phones.handsets.values()
    held = at_once(
        lambda phone: (
            len(phone.ask("own_entries")),
            len(phone.ask("photo_bytes")),
            int(phone.ask("receipts")),
        ),
        phones,
    )
    levels = Counter(
        found.level
        for visit in told.visits.values()
        for by_code in visit.findings.values()
        for noted in by_code.values()
        for found in noted
    )
    figures = Figures(
        enterprises=imported.enterprises,
        rejected=imported.rejected,
        updated=imported.updated,
        officers=imported.officers,
        planned_visits=drawn.planned_visits,
        pool=drawn.pool,
        drawn=drawn.selected,
        visits=len(told.visits),
        phones=len(phones),
        entries=sum(entries for entries, _, _ in held),
        photos=sum(photos for _, photos, _ in held),
        conflicts=1,
        quarantined=quarantined,
        general=levels["general"],
        major=levels["major"],
        records=records,
        orders=orders,
        receipts=sum(receipts for _, _, receipts in held),
        leaves=leaves + 1,  # the seal that follows
    )
    figures.save(told.office.folder.results)
    told.phones.switch_off()
    office_work.seal_folder(told.office.folder)
    return figures


def verify_afresh(root: Path) -> bool:
    """Recompute everything in a process that knows nothing but the folder."""
    words = ("demo", "--verify", "--folder", str(root))
    done = subprocess.run(
        [sys.executable, "-m", "inspect_server", *words],
        env=Office(Folder(root.absolute())).environment(),
        check=False,
    )
    return done.returncode == 0


@contextmanager
def _serving(told: Season, at: datetime) -> Iterator[Server]:
    server = told.office.serve(at)
    try:
        yield server
    finally:
        server.stop()
