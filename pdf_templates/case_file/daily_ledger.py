"""执法日台账: what a bureau registered in a day, and the total that stands for its record."""

from dataclasses import dataclass
from datetime import datetime

from pdf_templates.fields import count, day, moment, part, sha256, text
from pdf_templates.parts.signing import people_sign
from pdf_templates.setting.page import Strip, Text
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.setting.tables import Look
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date, long_time

TITLE = "执法日台账"
LOOK = Look(size=9.0, pitch=13.0, beside=3.0, above=3.5, base=10.0)
VISITS = (
    ("序号", 8.0),
    ("检查编号", 15.0),
    ("被检查单位", 35.0),
    ("检查人员", 18.0),
    ("检查结果", 24.0),
)
PAPERS = (
    ("序号", 8.0),
    ("时间", 12.0),
    ("文书名称及文号", 38.0),
    ("单位", 23.0),
    ("办理", 8.0),
    ("办理人", 11.0),
)
GROUP, IN_A_ROW = 4, 8
"""Hex digits of a group, and groups on a line: as many as are compared at one glance."""


@dataclass(frozen=True)
class ClosedVisit:
    """One inspection whose record was closed on the day."""

    number: str = text("检查任务编号")
    unit: str = text("被检查单位")
    officers: str = text("检查人员", personal=True)
    result: str = text("检查结果")


@dataclass(frozen=True)
class PaperStep:
    """What was done with one document on the day."""

    title: str = text("文书名称")
    doc_no: str = text("文号")
    unit: str = text("单位")
    step: str = text("办理情况：制作、签名或者作废")
    at: str = moment("办理时间")
    by: str = text("办理人", personal=True)


@dataclass(frozen=True)
class DailyLedger:
    """The facts of an 执法日台账."""

    doc_no: str = text("台账编号（日期）")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    day: str = day("台账所记")
    visits: tuple[ClosedVisit, ...] = part("当日办结的检查")
    papers: tuple[PaperStep, ...] = part("当日制作、签名、作废的文书，按办理先后")
    events: int = count("当日登记的全过程记录事件（条）")
    items: int = count("制作时登记总值所计（项）")
    total: str = sha256("制作时登记总值")


def content(facts: DailyLedger, on: Stationery) -> Content:
    """Return the ledger."""
    return Content(
        body=[
            *on.fields(
                Cell("日期", long_date(facts.day), 40),
                Cell("制作时间", long_time(facts.made_at), 60),
            ),
            *on.prose(f"一、当日办结的检查（{len(facts.visits)}件）", first=0, keep=True),
            *_visits(facts, on),
            *on.prose(
                f"二、当日制作、签名、作废的文书（{len(facts.papers)}份次）", first=0, keep=True
            ),
            *_papers(facts, on),
            *on.prose("三、全过程记录", first=0, keep=True),
            *_total(facts, on),
        ],
        closing=people_sign(on, "制表人（签名）", "核对人（签名）"),
        note="本台账由制表人以外的单位或者人员各存一份，与本系统分开存放。",
    )


def _visits(facts: DailyLedger, on: Stationery) -> list[Strip]:
    if not facts.visits:
        return on.prose("当日没有办结检查。")
    rows = [
        [str(n), one.number, one.unit, one.officers, one.result]
        for n, one in enumerate(facts.visits, 1)
    ]
    return on.table(VISITS, rows, look=LOOK, left=("检查人员", "检查结果"))


def _papers(facts: DailyLedger, on: Stationery) -> list[Strip]:
    if not facts.papers:
        return on.prose("当日没有制作、签名、作废文书。")
    rows = [
        [
            str(n),
            _clock(one.at),
            f"{one.title}\n{one.doc_no}",
            one.unit,
            one.step,
            one.by,
        ]
        for n, one in enumerate(facts.papers, 1)
    ]
    return on.table(PAPERS, rows, look=LOOK, left=("办理人",))


def _clock(at: str) -> str:
    """Return 14时20分; the day is the ledger's."""
    value = datetime.fromisoformat(at)
    return f"{value.hour}时{value.minute:02d}分"


def _total(facts: DailyLedger, on: Stationery) -> list[Strip]:
    """Return the total, then what it stands for and how it is compared; none is cut in a page."""
    made_on = facts.made_at[:10]
    return [
        *on.prose(
            f"当日登记事件{facts.events}条。制作本台账时登记总值共计{facts.items}项，总值为：",
            keep=True,
        ),
        *_digits(facts.total, on),
        *on.prose(
            "总值由制作之前登记的全部事件、审计日志、回执和文件算得，其中任何一项在此之后被删改，"
            "均不能再算得此值。"
        ),
        *(
            on.prose(
                f"本台账于{long_date(made_on)}补制，上列总值为补制时的登记总值，"
                "不是当日的登记总值。"
            )
            if made_on != facts.day
            else ()
        ),
        *on.prose(
            "核对：在本系统运行 inspect-server record verify --expect 加上列64位总值，"
            "空格可以保留，也可以省去。"
        ),
    ]


def _digits(total: str, on: Stationery) -> list[Strip]:
    """Return the total in groups of four digits, eight groups on a line."""
    groups = [total[at : at + GROUP] for at in range(0, len(total), GROUP)]
    width = on.paper.text_width / IN_A_ROW
    return [
        Strip(
            22,
            tuple(
                Text(on.paper.left + column * width, 15, 13, on.single(group, 13, "song"))
                for column, group in enumerate(groups[at : at + IN_A_ROW])
            ),
            keep=at + IN_A_ROW < len(groups),
        )
        for at in range(0, len(groups), IN_A_ROW)
    ]


TEMPLATE = Template(
    kind="daily_ledger",
    title=TITLE,
    mark="",
    version="2026.2",
    effective_from="2026-01-01",
    facts=DailyLedger,
    layout=Composed(TITLE, content),
    source="自拟；《行政处罚法》第四十七条",
)
