"""案件处理呈批表: the case goes up for decision, with every opinion on the way."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, text
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template

TITLE = "案件处理呈批表"


@dataclass(frozen=True)
class HandlingApproval:
    """The facts of a 案件处理呈批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    party: Party = part("当事人")
    grounds: str = text("违法事实及处罚依据")
    statement: str = text("当事人的申辩意见，未提出的写明", personal=True)
    handlers: Said = part("承办人意见")
    legal_review: Said = part("法制审核意见")
    review: Said = part("分管领导审核意见")
    approval: Said = part("审批意见")


def content(facts: HandlingApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                party_block(facts.party),
                Opinion("违法事实及处罚依据", facts.grounds, ()),
                Opinion("当事人的申辩意见", facts.statement, ()),
                *opinions(
                    (
                        ("承办人意见", facts.handlers, "承办人"),
                        ("法制审核意见", facts.legal_review, "法制审核人员"),
                        ("分管领导审核意见", facts.review, "审核人"),
                        ("审批意见", facts.approval, "审批人"),
                    )
                ),
            ]
        )
    )


TEMPLATE = Template(
    kind="handling_approval",
    title=TITLE,
    mark="处呈",
    version="2026.1",
    effective_from="2026-01-01",
    facts=HandlingApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后，增法制审核意见）案件处理呈批表；"
        "《行政处罚法》第五十七条、第五十八条"
    ),
)
