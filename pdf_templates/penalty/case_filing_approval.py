"""立案审批表: whether a case is opened, with every opinion on the way."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "立案审批表"


@dataclass(frozen=True)
class CaseFilingApproval:
    """The facts of a 立案审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    case_source: str = text("案件来源")
    learned_on: str = day("发现或者收到线索")
    case_name: str = text("案件名称")
    party: Party = part("当事人")
    situation: str = text("案件基本情况")
    handlers: Said = part("承办人意见")
    legal_review: Said = part("法制审核意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")


def content(facts: CaseFilingApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案由", facts.cause, 16, 84),),
                (
                    Field("案件来源", facts.case_source, 16, 44),
                    Field("时间", long_date(facts.learned_on), 12, 28),
                ),
                (Field("案件名称", facts.case_name, 16, 84),),
                party_block(facts.party, "当事人"),
                Opinion("案件基本情况", facts.situation, ()),
                opinion("承办人意见", facts.handlers, "承办人"),
                opinion("法制审核意见", facts.legal_review, "法制审核人员"),
                opinion("审核意见", facts.review, "审核人"),
                opinion("审批意见", facts.approval, "审批人"),
            ]
        )
    )


TEMPLATE = Template(
    kind="case_filing_approval",
    title=TITLE,
    mark="立",
    version="2026.1",
    effective_from="2026-01-01",
    facts=CaseFilingApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后，增法制审核意见）立案审批表；"
        "《行政处罚法》第五十四条"
    ),
)
