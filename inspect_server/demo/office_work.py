"""What the office does in the season: registries, plan, draw, dispatch; afterwards the papers."""

import csv
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inspect_server.app import make_backend
from inspect_server.config import Settings
from inspect_server.demo import season
from inspect_server.demo.folder import Folder
from inspect_server.demo.office import Office, StepFailed
from inspect_server.demo.proving.manifest import seal
from inspect_server.demo.registry import write_registry
from inspect_server.domain.enums import Role
from inspect_server.reads.accounts import officer_of_certificate
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Actor, Work

SUPERVISOR, APPROVER, CLERK = "wangke", "liju", "zhaoban"
ACCOUNTS = (
    (SUPERVISOR, "王科", "supervisor"),
    (APPROVER, "李局", "approver"),
    (CLERK, "赵办", "office"),
    ("shenji", "沈计", "auditor"),
)
BUREAU = """# 演示所用的虚构机关。
authority = "云湾区应急管理局"
authority_short = "苏·云"
division = "320799"
government = "云湾区人民政府"
court = "云湾区人民法院"
desk_complaint_phone = "0518-85550110"
"""
PASSWORD = "Yunwan-2026-demo"  # noqa: S105 -- of invented people in an invented district
LOTTERY = "cwl.kl8/2026053"
WITNESS = "云湾区司法局"

# Fewer than a real year would want, so that one batch is a dozen visits and a bit more.
RATES = """\
[rate.base_ppm_by_sector]
title = "每家企业一年被双随机抽中的基准期望（百万分之一），按行业标签；none 为无标签"
unit = "ppm"
[[rate.base_ppm_by_sector.rows]]
from = 2026-01-01
source = "云湾区应急管理局 2026 年抽查率公告（演示）"
verified = true
[rate.base_ppm_by_sector.rows.value]
hazardous_chemicals = 70000
metal_smelting = 70000
dust_explosion = 70000
ammonia_refrigeration = 60000
confined_space = 40000
none = 8000
"""


@dataclass(frozen=True)
class Imported:
    """What the three imports came to."""

    enterprises: int
    rejected: int
    updated: int
    officers: int


@dataclass(frozen=True)
class Drawn:
    """What the draw came to."""

    draw_no: str
    planned_visits: int
    pool: int
    selected: int
    refusal: str


@dataclass(frozen=True)
class Inspector:
    """An officer with an account."""

    login: str
    name: str
    cert_no: str
    recused: bool


def set_up(office: Office) -> None:
    """Make the data folder and the accounts of the office."""
    (office.folder.root / "inspect-server.toml").write_text(BUREAU, encoding="utf-8")
    office.run("init", at=season.SET_UP)
    adding = [
        ("user", "add", login, "--name", name, "--role", role) for login, name, role in ACCOUNTS
    ]
    office.run_together(*adding, at=season.SET_UP, typed=PASSWORD + "\n")


def import_registries(office: Office) -> Imported:
    """Import both registries as the district hands them in, and a correction."""
    folder = office.folder
    files = write_registry(folder.registry, season.YEAR)
    enterprises, *others = (
        ("import", kind, str(file), "--report", str(folder.reports / report), "--as", SUPERVISOR)
        for kind, file, report in (
            ("enterprises", files.enterprises, "企业名录-未导入.xlsx"),
            ("officers", files.officers, "执法人员-未导入.xlsx"),
            ("enterprises", files.enterprises_again, "企业名录更正-未导入.xlsx"),
        )
    )
    said = [office.run(*enterprises, at=season.SET_UP)]
    said += office.run_together(*others, at=season.SET_UP)
    return Imported(
        enterprises=_number(said[0], r"新增 (\d+)"),
        rejected=sum(_number(text, r"未导入 (\d+)") for text in said),
        updated=_number(said[2], r"更新 (\d+)"),
        officers=_number(said[1], r"新增 (\d+)"),
    )


def open_accounts(folder: Folder) -> list[Inspector]:
    """Open an account for every officer of the registry, at once: each password costs time."""
    with (folder.registry / "执法人员.csv").open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    inspectors = []
    with _working(folder, season.SET_UP) as work:
        for number, row in enumerate(rows, start=1):
            one = Inspector(f"zf{number:02d}", row["姓名"], row["执法证号"], bool(row["回避企业"]))
            officer = officer_of_certificate(work.session, one.cert_no)
            unit = row["所在科室"]
            add_user(work, one.login, one.name, unit, [Role.INSPECTOR], PASSWORD, officer)
            inspectors.append(one)
    return inspectors


def plan_and_draw(office: Office) -> Drawn:
    """Make and approve the plan; then commit, reveal once, and be refused a second reveal."""
    rates = office.folder.registry / "本局抽查率.toml"
    rates.write_text(RATES, encoding="utf-8")
    year, as_supervisor = str(season.YEAR), ("--as", SUPERVISOR)
    make = ("plan", "make", "--year", year, "--rates", str(rates), *as_supervisor)
    plan = office.run(*make, at=season.PLANNED)
    approve = ("plan", "approve", "--year", year, "--as", APPROVER)
    office.run(*approve, at=season.PLANNED + timedelta(hours=2))
    witness_file = _publish_chains(office)
    committed = office.run(
        *("draw", "commit", "--from", season.VISIT_FROM.isoformat()),
        *("--to", season.VISIT_TO.isoformat(), "--public", LOTTERY, *as_supervisor),
        at=season.COMMITTED + timedelta(hours=1),
    )
    draw_no = _found(committed, r"抽取 (\S+) 已承诺")
    digest = _found(committed, r"承诺值：([0-9a-f]{64})")
    named = ("--position", "1", "--for", digest)
    take = ("draw", "chain", "next", *named, "--file", str(witness_file))
    witness = office.run(*take, at=season.REVEALED).strip()
    reveal = (
        *("draw", "reveal", draw_no, "--witness", witness),
        *("--entry", SUPERVISOR, (value := f"{LOTTERY}/{_lottery()}")),
        *("--entry", CLERK, value, *as_supervisor),
    )
    typed = f"{PASSWORD}\n" * 2
    revealed = office.run(*reveal, at=season.REVEALED, typed=typed)
    again = season.REVEALED + timedelta(minutes=5)
    refusal = office.refused(*reveal, at=again, typed=typed)[-1]
    office.run("draw", "verify", "--no", draw_no, at=season.REVEALED + timedelta(minutes=9))
    return Drawn(
        draw_no,
        planned_visits=_number(plan, r"需检查 (\d+) 次"),
        pool=_number(committed, r"入池 (\d+) 家"),
        selected=_number(revealed, r"抽中 (\d+) 家"),
        refusal=refusal,
    )


def _publish_chains(office: Office) -> Path:
    """Make both hash chains and publish their anchors; return where the witness keeps theirs."""
    year, at = str(season.YEAR), season.COMMITTED
    file = office.folder.witness / f"witness-{year}.json"
    new = ("draw", "chain", "new", "--year", year, "--kind")
    of_witness = ("witness", "--length", "60", "--holder", WITNESS, "--file", str(file))
    _, made = office.run_together((*new, "authority"), (*new, *of_witness), at=at)
    anchor = ("draw", "chain", "anchor", "--year", year, "--as", SUPERVISOR, "--kind")
    value = _found(made, r"锚值：([0-9a-f]{64})")
    published = ("witness", "--holder", WITNESS, "--anchor", value, "--length", "60")
    office.run_together((*anchor, "authority"), (*anchor, *published), at=at)
    return file


def send_tasks(office: Office, draw_no: str) -> None:
    """Make the schemes, have them approved by somebody else, and send the tasks."""
    draw = ("--draw", draw_no)
    office.run("dispatch", "schemes", *draw, "--as", SUPERVISOR, at=season.REVEALED)
    at = season.REVEALED + timedelta(hours=5)
    office.run("dispatch", "approve", *draw, "--as", APPROVER, at=at)
    office.run("dispatch", "send", *draw, "--as", SUPERVISOR, at=season.DISPATCHED)


def close_and_issue(office: Office, draw_no: str) -> tuple[int, int]:
    """Close all records, issue and export all documents; return how many of the two kinds."""
    office.run("record", "close", "--draw", draw_no, "--as", SUPERVISOR, at=season.CLOSED)
    said = office.run("documents", "issue", "--as", CLERK, at=season.ISSUED)
    office.run_together(
        ("documents", "export", "--to", str(office.folder.documents), "--as", CLERK),
        ("draw", "export", draw_no, "--out", str(office.folder.draw), "--openings"),
        at=season.ISSUED + timedelta(minutes=10),
    )
    return said.count("现场检查记录"), said.count("责令限期整改指令书")


def set_aside(office: Office, at: datetime) -> int:
    """Return how many entries the supervisor's list shows as kept and not applied."""
    return _number(office.run("journal", "inbox", at=at), r"共 (\d+) 条")


def check_everything(office: Office) -> int:
    """
    Run the office's own checks; return how many events stand in the record.

    Raises:
        StepFailed: Something does not hold, or the projection is not what the journal gives.
    """
    at = season.ISSUED + timedelta(minutes=30)
    _, rebuilt, _, verified = office.run_together(
        ("journal", "verify"),
        ("journal", "rebuild"),
        ("documents", "check"),
        ("record", "verify"),
        at=at,
    )
    _found(rebuilt, "(与原结果一致)")
    return _number(verified, r"事件 (\d+) 条")


def reassign(office: Office, number: str, out: Inspector, instead: Inspector, at: datetime) -> None:
    """Replace an officer who fell ill."""
    certificates = ("--out", out.cert_no, "--in", instead.cert_no)
    words = ("dispatch", "reassign", number, *certificates, "--reason", "illness")
    office.run(*words, "--as", SUPERVISOR, at=at)


def seal_folder(folder: Folder) -> None:
    """Write down what lies in the folder now, and the hash of that into the record."""
    with _working(folder, season.ISSUED + timedelta(hours=1)) as work:
        seal(work, folder)


@contextmanager
def _working(folder: Folder, at: datetime) -> Iterator[Work]:
    """Open a unit of work of the demo itself, for what no command does."""
    clock = season.ShiftedClock(season.shift_to(at))
    backend = make_backend(Settings(data_dir=folder.data), clock)
    try:
        with backend.begin(Actor.system("demo")) as work:
            yield work
    finally:
        backend.engine.dispose()


def _lottery() -> str:
    """Return twenty numbers as the lottery would publish them: nobody knew them at the commit."""
    balls = secrets.SystemRandom().sample(range(1, 81), 20)
    return ",".join(f"{ball:02d}" for ball in sorted(balls))


def _found(text: str, pattern: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise StepFailed(command=pattern, said=text.strip())
    return match[1]


def _number(text: str, pattern: str) -> int:
    return int(_found(text, pattern))
