"""听证笔录: who said what at the hearing, signed on each page after reading it back."""

from dataclasses import dataclass

from pdf_templates.fields import choice, moment, part, several, text
from pdf_templates.hearing.panel import UNINVOLVED, Panel, panel_fields
from pdf_templates.parts.people import Attendee, Officer, Party, attendees, party_fields
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
from pdf_templates.wording import ended, in_chinese, long_time

TITLE = "听证笔录"
APPLICANT = "申请听证人"


@dataclass(frozen=True)
class Stage:
    """One part of a hearing, such as 质证和辩论."""

    title: str = text("听证阶段")
    utterances: tuple[Utterance, ...] = several("发言")


@dataclass(frozen=True)
class HearingRecord:
    """The facts of a 听证笔录."""

    doc_no: str = text("文号，笔录不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    started_at: str = moment("听证开始时间")
    ended_at: str = moment("听证结束时间")
    place: str = text("听证地点")
    is_public: bool = part("是否公开举行")
    panel: Panel = part("听证主持人、听证员、书记员")
    investigators: tuple[Officer, ...] = several("调查人员及执法证号", least=2)
    applicant: Party = part("申请听证人")
    agents: tuple[Attendee, ...] = part("委托代理人及单位职务，没有则为空列表")
    third_parties: tuple[Attendee, ...] = part("第三人，没有则为空列表")
    others: tuple[Attendee, ...] = part("其他参与人，如证人、鉴定人，没有则为空列表")
    stages: tuple[Stage, ...] = several("听证记录")
    corrections: tuple[Correction, ...] = part("核对时的更正，没有则为空列表")
    read_back: str = choice("笔录的核对方式，须由申请听证人抄写", READ_BACK)
    refusal: str = text(
        "申请听证人或者代理人拒绝签名的理由，签名的为空", personal=True, optional=True
    )

    CONSTRAINTS = UNINVOLVED


def content(facts: HearingRecord, on: Stationery) -> Content:
    """Return the record."""
    return Content(
        body=[
            *_particulars(facts, on),
            *(
                strip
                for number, one in enumerate(facts.stages, 1)
                for strip in (
                    *on.subheadline(f"（{in_chinese(number)}）{one.title}"),
                    *spoken(on, one.utterances, field=one.title),
                )
            ),
            *corrected(on, facts.corrections, APPLICANT),
        ],
        closing=_closing(facts, on),
        running=running_places(on, APPLICANT, "调查人员", "主持人", "书记员"),
    )


def _particulars(facts: HearingRecord, on: Stationery) -> list[Strip]:
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    known = [f"{one.name}（证号：{one.cert_no}）" for one in facts.investigators]
    return [
        *on.fields(Cell("案件名称", facts.case_name)),
        *on.fields(Cell("主持听证机关", facts.authority)),
        *on.fields(Cell("听证时间", span)),
        *on.fields(
            Cell("听证地点", facts.place, 68),
            Cell("听证方式", "公开" if facts.is_public else "不公开", 32),
        ),
        *panel_fields(on, facts.panel),
        *on.fields(Cell("调查人员", "、".join(known))),
        *party_fields(on, facts.applicant, APPLICANT),
        *on.fields(Cell("委托代理人", attendees(facts.agents) or "无")),
        *on.fields(Cell("第三人", attendees(facts.third_parties) or "无")),
        *on.fields(Cell("其他参与人", attendees(facts.others) or "无")),
        *on.prose("听证记录：", first=0, keep=True),
    ]


def _closing(facts: HearingRecord, on: Stationery) -> list[Strip]:
    present = [
        *("委托代理人（签名）" for _ in facts.agents),
        *("第三人（签名）" for _ in facts.third_parties),
        *("调查人员（签名）" for _ in facts.investigators),
        "听证主持人（签名）",
        *("听证员（签名）" for _ in facts.panel.members),
        "书记员（签名）",
    ]
    signs = people_sign(on, *present)
    if not facts.refusal:
        return [*confirmed(on, facts.read_back, APPLICANT), *signs]
    said = (
        f"申请听证人或者代理人拒绝在本笔录上签名，理由：{ended(facts.refusal)}"
        "听证主持人已在笔录中注明。"
    )
    return [*kept(on.said(said, "拒签情况")), *signs]


TEMPLATE = Template(
    kind="hearing_record",
    title=TITLE,
    mark="",
    version="2026.2",
    effective_from="2026-01-01",
    facts=HearingRecord,
    layout=Composed(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）听证笔录；"
        "《行政处罚法》第六十四条、第六十五条"
    ),
)
