"""案件延期审批表: why a case cannot be decided in time, and until when it must be."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import day, moment, part, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "案件延期审批表"


def _later(day: str, former: str) -> str:
    return "" if former < day else "立案、期限届满、延长至三个日期应当依次在后"


@dataclass(frozen=True)
class CaseExtensionApproval:
    """The facts of a 案件延期审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    filed_on: str = day("立案")
    due_on: str = day("办案期限届满")
    extended_to: str = day("申请延长至")
    party: Party = part("当事人")
    reasons: str = text("延期理由")
    basis: str = text("延期依据（法律及条款）")
    handlers: Said = part("承办人意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")

    CONSTRAINTS = (
        Constraint("due_on", ("filed_on",), _later),
        Constraint("extended_to", ("due_on",), _later),
    )


def content(facts: CaseExtensionApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                (
                    Field("立案日期", long_date(facts.filed_on), 16, 19),
                    Field("届满日期", long_date(facts.due_on), 14, 19),
                    Field("申请延至", long_date(facts.extended_to), 13, 19),
                ),
                party_block(facts.party, "当事人"),
                Opinion("延期理由", f"{ended(facts.reasons)}（依据：{facts.basis}）", ()),
                opinion("承办人意见", facts.handlers, "承办人"),
                opinion("审核意见", facts.review, "审核人"),
                opinion("审批意见", facts.approval, "审批人"),
            ]
        )
    )


TEMPLATE = Template(
    kind="case_extension_approval",
    title=TITLE,
    mark="案延",
    version="2026.1",
    effective_from="2026-01-01",
    facts=CaseExtensionApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）案件延期审批表；《行政处罚法》第六十条"
    ),
)
