"""文书送达回执: what of a case was served on whom, when, how and by whom; one for a whole case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.parts.people import Officer, names_of
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.setting.tables import Look
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, long_time

TITLE = "文书送达回执"
METHODS: Mapping[str, str] = {
    "direct": "直接送达",
    "left": "留置送达",
    "electronic": "电子送达",
    "mailed": "邮寄送达",
    "entrusted": "委托送达",
    "forwarded": "转交送达",
    "announced": "公告送达",
}
COLUMNS = (
    ("序号", 6.0),
    ("送达文书名称及文号", 32.0),
    ("收件人签名\n或者盖章", 15.0),
    ("送达地点", 13.0),
    ("送达日期", 11.0),
    ("送达方式", 11.0),
    ("送达人", 12.0),
)
ELECTRONIC = (
    ("序号", 6.0),
    ("到达时间", 25.0),
    ("送达系统及账号", 30.0),
    ("确认书编号", 18.0),
    ("录音录像编号", 21.0),
)
LOOK = Look(size=9.0, pitch=14.0, beside=3.0, above=5.0, base=10.5)
LEAST_ROWS = 5
"""Of the table, so that what is served later is entered by hand."""
BLANK_ROW = ("\u3000\n\u3000", *[""] * 6)
"""As high as one of two lines."""


@dataclass(frozen=True)
class Arrival:
    """How an electronic service arrived."""

    arrived_at: str = moment("到达受送达人特定系统")
    system: str = text("送达系统及受送达账号", personal=True)
    confirmation_no: str = text("送达地址及方式确认书编号")


def _arrived(arrival: object, method: str) -> str:
    is_told = (method == "electronic") == (arrival is not None)
    return "" if is_told else "电子送达的应当写明到达情况，其他方式不写"


def _left_where(remark: str, method: str) -> str:
    return "留置送达的应当在备注中说明情况" if method == "left" and not remark else ""


@dataclass(frozen=True)
class Served:
    """One document that was served, or will be."""

    document: str = text("送达文书名称")
    doc_no: str = text("送达文书文号，无号文书为空", optional=True)
    place: str = text("送达地点，电子送达为空", optional=True)
    served_on: str = day("送达，未送达为空", optional=True)
    method: str = choice("送达方式", METHODS)
    servers: tuple[Officer, ...] = several("送达人", least=2)
    arrival: Arrival | None = part("电子送达情况，其他方式为 null")
    recording_no: str = text("录音录像编号，没有为空", optional=True)
    remark: str = text(
        "代收人与受送达人的关系、留置送达等情况，没有为空", personal=True, optional=True
    )

    CONSTRAINTS = (
        Constraint("arrival", ("method",), _arrived),
        Constraint("remark", ("method",), _left_where),
    )


@dataclass(frozen=True)
class ServiceReceipt:
    """The facts of a 文书送达回执."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    recipient: str = text("受送达单位（个人）", personal=True)
    served: tuple[Served, ...] = several("送达的文书，按送达先后")
    basis: str = text("送达依据（法律及条款）")


def content(facts: ServiceReceipt, on: Stationery) -> Content:
    """Return the receipt."""
    return Content(
        body=[
            *on.fields(Cell("案件名称", facts.case_name)),
            *on.fields(Cell("受送达单位（个人）", facts.recipient)),
            *on.table(COLUMNS, _rows(facts.served), look=LOOK),
            *_electronic(facts.served, on),
            *_remarks(facts.served, on),
        ],
        closing=[
            *on.remark("注：1．本回执一个案件统一使用一份，逐行登记。", "表注"),
            *on.remark(f"2．送达依照{facts.basis}的规定执行。", "表注"),
            *on.remark(
                "3．他人代收的，由代收人签名或者盖章，并在备注中注明与受送达人的关系；留置送达的，"
                "在备注中说明情况，由见证人签名或者盖章，或者注明录音录像编号。",
                "表注",
            ),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
    )


def _numbered(served: Sequence[Served]) -> tuple[Sequence[int], Sequence[Served]]:
    return range(1, len(served) + 1), served


def _rows(served: Sequence[Served]) -> list[Sequence[str]]:
    """Return what was served, and empty rows."""
    rows: list[Sequence[str]] = [
        (
            str(number),
            f"{one.document}\n{one.doc_no}".rstrip(),
            "",
            one.place or "——",
            long_date(one.served_on).replace("年", "年\n") if one.served_on else "",
            METHODS[one.method],
            names_of(one.servers),
        )
        for number, one in zip(*_numbered(served), strict=True)
    ]
    return rows + [BLANK_ROW] * (LEAST_ROWS - len(rows))


def _electronic(served: Sequence[Served], on: Stationery) -> list[Strip]:
    """Return what is known of electronic services and of those that were recorded."""
    rows = []
    for number, one in zip(*_numbered(served), strict=True):
        if one.arrival is not None:
            known = one.arrival
            arrived = [long_time(known.arrived_at), known.system, known.confirmation_no]
            rows.append([str(number), *arrived, one.recording_no or "——"])
        elif one.recording_no:
            rows.append([str(number), "——", "——", "——", one.recording_no])
    if not rows:
        return []
    return [
        *on.prose("电子送达及录音录像情况：", first=0, keep=True),
        *on.table(ELECTRONIC, rows, look=LOOK),
    ]


def _remarks(served: Sequence[Served], on: Stationery) -> list[Strip]:
    remarks = "".join(
        f"第{number}项：{ended(one.remark)}"
        for number, one in zip(*_numbered(served), strict=True)
        if one.remark
    )
    return on.fields(Cell("备注", remarks))


TEMPLATE = Template(
    kind="service_receipt",
    title=TITLE,
    mark="回",
    version="2026.1",
    effective_from="2026-01-01",
    facts=ServiceReceipt,
    layout=Composed(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后，增电子送达各栏）文书送达回执；"
        "《行政处罚法》第六十一条，《行政强制法》第三十八条，《民事诉讼法》第八十七条至第九十五条"
    ),
)
