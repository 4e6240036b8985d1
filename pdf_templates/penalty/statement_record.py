"""当事人陈述申辩笔录: what the party answers to a notice of penalty, in its own words."""

from dataclasses import dataclass

from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.parts.people import (
    SHOWN,
    Attendee,
    Officer,
    Party,
    Person,
    attendees,
    certs_of,
    names_of,
)
from pdf_templates.parts.records import (
    READ_BACK,
    Correction,
    Utterance,
    confirmed,
    corrected,
    spoken,
)
from pdf_templates.parts.signing import people_sign, running_places
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery, kept
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, long_time

TITLE = "当事人陈述申辩笔录"
SPEAKER = "陈述申辩人"


@dataclass(frozen=True)
class StatementRecord:
    """The facts of a 当事人陈述申辩笔录."""

    doc_no: str = text("文号，笔录不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    party: Party = part("当事人")
    started_at: str = moment("陈述申辩开始时间")
    ended_at: str = moment("陈述申辩结束时间")
    place: str = text("陈述申辩地点")
    speaker: Person = part("陈述申辩人")
    capacity: str = text("陈述申辩人与当事人的关系，如法定代表人、委托代理人、本人")
    recorder: Attendee = part("记录人")
    officers: tuple[Officer, ...] = several("听取陈述申辩的执法人员及证号", least=2)
    notice_no: str = text("行政处罚告知书文号")
    received_on: str = day("收到告知书")
    basis: str = text("陈述、申辩依据（法律及条款）")
    utterances: tuple[Utterance, ...] = several("陈述申辩记录")
    materials: tuple[str, ...] = part("提交的证据材料，没有则为空列表")
    corrections: tuple[Correction, ...] = part("核对时的更正，没有则为空列表")
    read_back: str = choice("笔录的核对方式，须由陈述申辩人抄写", READ_BACK)
    refusal: str = text("陈述申辩人拒绝签名的理由，签名的为空", personal=True, optional=True)


def content(facts: StatementRecord, on: Stationery) -> Content:
    """Return the record."""
    return Content(
        body=[
            *_particulars(facts, on),
            *_told(facts, on),
            *spoken(on, facts.utterances, field="陈述申辩记录"),
            *_materials(facts, on),
            *corrected(on, facts.corrections, SPEAKER),
        ],
        closing=_closing(facts, on),
        running=running_places(on, SPEAKER, "执法人员", "记录人"),
    )


def _particulars(facts: StatementRecord, on: Stationery) -> list[Strip]:
    known = facts.speaker
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    return [
        *on.fields(Cell("案由", facts.cause)),
        *on.fields(Cell("当事人", facts.party.name)),
        *on.fields(Cell("时间", span)),
        *on.fields(Cell("地点", facts.place)),
        *on.fields(
            Cell("陈述申辩人", known.name, 46),
            Cell("性别", known.gender, 22),
            Cell("年龄", f"{known.age}", 32),
        ),
        *on.fields(Cell("与当事人的关系", facts.capacity, 56), Cell("联系电话", known.phone, 44)),
        *on.fields(Cell("居民身份证号", known.id_no, 56), Cell("职务", known.position, 44)),
        *on.fields(Cell("工作单位", known.employer)),
        *on.fields(Cell("住址", known.address)),
        *on.fields(Cell("记录人及单位职务", attendees([facts.recorder]))),
    ]


def _told(facts: StatementRecord, on: Stationery) -> list[Strip]:
    """Return who listens, and which right the party was told of."""
    you = facts.party.you
    return on.prose(
        "我们是{机关名称}行政执法人员{执法人员}，" + SHOWN + f"本机关《行政处罚告知书》"
        f"（文号：{{告知书文号}}）已于{{收到日期}}送达{you}。依据{{依据}}的规定，{you}有权进行陈述和"
        "申辩，本机关必须充分听取意见，并对提出的事实、理由和证据进行复核，不因陈述、申辩而给予更重的"
        "处罚。现在请陈述、申辩。",
        {
            "机关名称": facts.authority,
            "执法人员": names_of(facts.officers),
            "执法证号": certs_of(facts.officers),
            "告知书文号": facts.notice_no,
            "收到日期": long_date(facts.received_on),
            "依据": facts.basis,
        },
    )


def _materials(facts: StatementRecord, on: Stationery) -> list[Strip]:
    if not facts.materials:
        return on.prose("陈述申辩人未提交证据材料。")
    return [
        *on.prose("陈述申辩人提交下列证据材料：", keep=True),
        *on.items(map(ended, facts.materials), "证据材料"),
    ]


def _closing(facts: StatementRecord, on: Stationery) -> list[Strip]:
    signs = people_sign(on, *("执法人员（签名）" for _ in facts.officers), "记录人（签名）")
    if not facts.refusal:
        return [*confirmed(on, facts.read_back, SPEAKER), *signs]
    said = f"陈述申辩人拒绝在本笔录上签名，理由：{ended(facts.refusal)}执法人员已当场注明。"
    return [*kept(on.said(said, "拒签情况")), *signs]


TEMPLATE = Template(
    kind="statement_record",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=StatementRecord,
    layout=Composed(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）当事人陈述申辩笔录；"
        "《行政处罚法》第四十五条"
    ),
)
