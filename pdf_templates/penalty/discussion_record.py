"""行政处罚集体讨论记录: how the heads of the authority came to their decision."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, several, text
from pdf_templates.parts.people import Attendee, attendees
from pdf_templates.parts.records import Utterance, spoken
from pdf_templates.parts.signing import people_sign, running_places
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_time

TITLE = "行政处罚集体讨论记录"


@dataclass(frozen=True)
class DiscussionRecord:
    """The facts of a 行政处罚集体讨论记录."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    started_at: str = moment("讨论开始时间")
    ended_at: str = moment("讨论结束时间")
    place: str = text("讨论地点")
    chair: Attendee = part("主持人")
    reporter: Attendee = part("汇报人")
    recorder: Attendee = part("记录人")
    members: tuple[Attendee, ...] = several("出席人员姓名及职务，含主持人", least=2)
    observers: tuple[Attendee, ...] = part("列席人员姓名及职务，没有则为空列表")
    subject: str = text("讨论内容")
    discussion: tuple[Utterance, ...] = several("讨论记录")
    conclusion: str = text("结论性意见")


def content(facts: DiscussionRecord, on: Stationery) -> Content:
    """Return the record."""
    return Content(
        body=[
            *_particulars(facts, on),
            *on.prose("讨论内容：", first=0, keep=True),
            *on.said(ended(facts.subject), "讨论内容"),
            *on.prose("讨论记录：", first=0, keep=True),
            *spoken(on, facts.discussion, field="讨论记录"),
            *on.prose("结论性意见：", first=0, keep=True),
            *on.said(ended(facts.conclusion), "结论性意见"),
        ],
        closing=[
            on.space(0.25),
            *on.prose("出席人员签名：", first=0, keep=True),
            *people_sign(on, *(one.name for one in facts.members)),
            *people_sign(on, "记录人（签名）"),
        ],
        running=running_places(on, "主持人", "记录人"),
    )


def _particulars(facts: DiscussionRecord, on: Stationery) -> list[Strip]:
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    return [
        *on.fields(Cell("案件名称", facts.case_name)),
        *on.fields(Cell("讨论时间", span)),
        *on.fields(Cell("讨论地点", facts.place)),
        *on.fields(Cell("主持人", attendees([facts.chair]))),
        *on.fields(
            Cell("汇报人", attendees([facts.reporter]), 50),
            Cell("记录人", attendees([facts.recorder]), 50),
        ),
        *on.fields(Cell("出席人员姓名及职务", attendees(facts.members))),
        *on.fields(Cell("列席人员姓名及职务", attendees(facts.observers) or "无")),
    ]


TEMPLATE = Template(
    kind="discussion_record",
    title=TITLE,
    mark="罚集",
    version="2026.1",
    effective_from="2026-01-01",
    facts=DiscussionRecord,
    layout=Composed(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政处罚集体讨论记录；"
        "《行政处罚法》第五十七条第二款"
    ),
)
