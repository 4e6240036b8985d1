"""执法全过程记录: every event of a case in its order, each with the hash that stands for it."""

from dataclasses import dataclass

from pdf_templates.fields import count, moment, several, sha256, text
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.setting.tables import Look
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_time

TITLE = "执法全过程记录"
LOOK = Look(size=8.0, pitch=12.0, beside=3.0, above=3.0, base=9.0)
COLUMNS = (("序号", 6.0), ("登记时间", 27.0), ("事项", 19.0), ("办理人", 12.0), ("事件哈希", 36.0))
LEFT = ("事项", "办理人")
HEX_OF_A_LINE = 32


@dataclass(frozen=True)
class Entry:
    """One event of the case."""

    seq: int = count("案卷内序号", least=1)
    noted_at: str = moment("登记")
    happened_at: str = moment("执法终端所记发生时间，非终端所记为空", optional=True)
    event: str = text("事项")
    said: str = text("所涉文书等说明，没有为空", optional=True)
    actor: str = text("办理人", personal=True)
    carrier: str = text("代为送达的手机登记人，无则为空", personal=True, optional=True)
    leaf: str = sha256("事件")


@dataclass(frozen=True)
class ProcessRecord:
    """The facts of an 执法全过程记录."""

    doc_no: str = text("案卷编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    subject: str = text("当事人或者被检查单位")
    entries: tuple[Entry, ...] = several("事件，按案卷内序号")
    head: str = sha256("案卷末条事件")
    ledger: str = sha256("登记总值（全部案卷、审计日志、回执和文件登记）")
    verified: str = text("核验结论")


def content(facts: ProcessRecord, on: Stationery) -> Content:
    """Return the record."""
    return Content(
        body=[
            *on.fields(Cell("被检查单位（当事人）", facts.subject)),
            *on.prose(
                "本记录由本机关执法系统在各事项发生时登记，每条事件的哈希由前一条事件的哈希和本条内容"
                "算得，登记之后增删、改动任何一条，其后各条的哈希均不再相符。各条按登记先后排列；终端时间为"
                "手机所记，手机联网后才送达登记。"
            ),
            *on.table(COLUMNS, [_row(one) for one in facts.entries], look=LOOK, left=LEFT),
            *on.prose("案卷末条事件哈希：{末条事件哈希}", {"末条事件哈希": facts.head}),
            *on.prose("制作时的登记总值：{登记总值}", {"登记总值": facts.ledger}),
            *on.said(facts.verified, "核验结论"),
        ],
    )


def _row(one: Entry) -> list[str]:
    at = long_time(one.noted_at, seconds=True)
    happened = (
        f"\n终端时间：\n{long_time(one.happened_at, seconds=True)}" if one.happened_at else ""
    )
    carried = f"\n（经{one.carrier}的手机送达）" if one.carrier else ""
    digest = "\n".join(one.leaf[n : n + HEX_OF_A_LINE] for n in range(0, 64, HEX_OF_A_LINE))
    event = "\n".join(filter(None, (one.event, one.said)))
    return [str(one.seq), at + happened, event, one.actor + carried, digest]


TEMPLATE = Template(
    kind="process_record",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=ProcessRecord,
    layout=Composed(TITLE, content),
    source="自拟；《行政处罚法》第四十七条",
)
