"""结案审批表: how a case was decided and carried out, and that it is closed."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "结案审批表"


@dataclass(frozen=True)
class CaseClosingApproval:
    """The facts of a 结案审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    filed_on: str = day("立案")
    decision_no: str = text("处理决定文号，未作决定为空", optional=True)
    party: Party = part("当事人")
    outcome: str = text("处理结果")
    execution: str = text("执行情况")
    handlers: Said = part("承办人意见")
    legal_review: Said = part("法制审核意见")
    review: Said = part("分管领导审核意见")
    approval: Said = part("审批意见")


def content(facts: CaseClosingApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                (
                    Field("立案日期", long_date(facts.filed_on), 16, 26),
                    Field("决定文号", facts.decision_no or "无", 14, 44),
                ),
                party_block(facts.party, "当事人"),
                Opinion("处理结果", facts.outcome, ()),
                Opinion("执行情况", facts.execution, ()),
                opinion("承办人意见", facts.handlers, "承办人"),
                opinion("法制审核意见", facts.legal_review, "法制审核人员"),
                opinion("分管领导审核意见", facts.review, "分管领导"),
                opinion("审批意见", facts.approval, "审批人"),
            ]
        )
    )


TEMPLATE = Template(
    kind="case_closing_approval",
    title=TITLE,
    mark="结",
    version="2026.1",
    effective_from="2026-01-01",
    facts=CaseClosingApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后，增法制审核意见）结案审批表；"
        "《行政处罚法》第四十七条（归档保存）"
    ),
)
