"""听证会报告书: what the hearing brought, and what its presiding officer recommends."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, several, text
from pdf_templates.hearing.panel import UNINVOLVED, Panel
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Attendee, Officer, Party, attendees, names_of
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_time

TITLE = "听证会报告书"


@dataclass(frozen=True)
class HearingReport:
    """The facts of a 听证会报告书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    held_at: str = moment("听证会时间")
    place: str = text("听证会地点")
    is_public: bool = part("是否公开举行")
    panel: Panel = part("听证主持人、听证员、书记员")
    investigators: tuple[Officer, ...] = several("调查人员", least=2)
    applicant: Party = part("申请听证人")
    agents: tuple[Attendee, ...] = part("委托代理人，没有则为空列表")
    summary: str = text("听证会基本情况摘要")
    recommendation: Said = part("听证主持人意见")
    approval: Said = part("负责人审核意见")

    CONSTRAINTS = UNINVOLVED


def content(facts: HearingReport, on: Stationery) -> Content:
    """Return the form."""
    panel = facts.panel
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                (Field("听证会时间", long_time(facts.held_at), 16, 84),),
                (
                    Field("听证会地点", facts.place, 16, 44),
                    Field("听证方式", "公开" if facts.is_public else "不公开", 16, 24),
                ),
                (
                    Field("听证主持人", attendees([panel.presiding]), 16, 34),
                    Field("书记员", attendees([panel.clerk]), 16, 34),
                ),
                (Field("听证员", attendees(panel.members) or "无", 16, 84),),
                (Field("调查人员", names_of(facts.investigators), 16, 84),),
                (
                    Field("申请听证人", facts.applicant.name, 16, 34),
                    Field("委托代理人", attendees(facts.agents) or "无", 16, 34),
                ),
                Opinion("听证会基本情况摘要", facts.summary, ()),
                *opinions(
                    (
                        ("听证主持人\n意见", facts.recommendation, "听证主持人"),
                        ("负责人\n审核意见", facts.approval, "负责人"),
                    )
                ),
            ]
        )
    )


TEMPLATE = Template(
    kind="hearing_report",
    title=TITLE,
    mark="听报",
    version="2026.1",
    effective_from="2026-01-01",
    facts=HearingReport,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）听证会报告书；"
        "《行政处罚法》第六十四条、第六十五条"
    ),
)
