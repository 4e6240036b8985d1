"""先行登记保存证据处理审批表: what shall become of preserved evidence, in seven working days."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, text
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "先行登记保存证据处理审批表"


@dataclass(frozen=True)
class PreservationDisposalApproval:
    """The facts of a 先行登记保存证据处理审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    party: Party = part("当事人及基本情况")
    situation: str = text("案件基本情况")
    registered_on: str = day("先行登记保存")
    notice_no: str = text("先行登记保存证据通知书文号")
    evidence: str = text("证据名称及数量")
    reason: str = text("提请理由及依据")
    handlers: Said = part("承办人意见")
    section: Said = part("承办机构意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")


def content(facts: PreservationDisposalApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                party_block(facts.party, "当事人及基本情况"),
                Opinion("案件基本情况", facts.situation, ()),
                (
                    Field("登记保存日期", long_date(facts.registered_on), 16, 26),
                    Field("通知书文号", facts.notice_no, 16, 42),
                ),
                (Field("证据名称及数量", facts.evidence, 16, 84),),
                Opinion("提请理由及依据", facts.reason, ()),
                *opinions(
                    [
                        ("承办人意见", facts.handlers, "承办人"),
                        ("承办机构意见", facts.section, "承办机构负责人"),
                        ("审核意见", facts.review, "审核人"),
                        ("审批意见", facts.approval, "审批人"),
                    ]
                ),
            ]
        )
    )


TEMPLATE = Template(
    kind="preservation_disposal_approval",
    title=TITLE,
    mark="先保处审",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PreservationDisposalApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）先行登记保存证据处理审批表；"
        "《行政处罚法》第五十六条"
    ),
)
