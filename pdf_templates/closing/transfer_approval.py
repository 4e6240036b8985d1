"""案件移送审批表: whether a case goes to the authority that it belongs to, or to the police."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdf_templates.fields import choice, moment, part, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ticked

TITLE = "案件移送审批表"
GROUNDS: Mapping[str, str] = {
    "jurisdiction": "不属于本机关管辖",
    "crime": "涉嫌犯罪",
}


@dataclass(frozen=True)
class TransferApproval:
    """The facts of a 案件移送审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    party: Party = part("当事人")
    receiver: str = text("受移送机关")
    ground: str = choice("移送情形", GROUNDS)
    situation: str = text("案情简介")
    reasons: str = text("移送理由及依据（法律及条款）")
    handlers: Said = part("承办人员拟办意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见；涉嫌犯罪的由本机关正职负责人或者主持工作的负责人审批")


def content(facts: TransferApproval, on: Stationery) -> Content:
    """Return the form."""
    grounds = ticked([(name, code == facts.ground) for code, name in GROUNDS.items()])
    return Content(
        on.form(
            [
                (Field("案由", facts.cause, 16, 84),),
                party_block(facts.party, "当事人"),
                (Field("受移送机关", facts.receiver, 16, 84),),
                (Field("移送情形", grounds, 16, 84),),
                Opinion("案情简介", facts.situation, ()),
                Opinion("移送理由", facts.reasons, ()),
                opinion("承办人员拟办意见", facts.handlers, "承办人"),
                opinion("审核意见", facts.review, "审核人"),
                opinion("审批意见", facts.approval, "审批人"),
            ]
        )
    )


TEMPLATE = Template(
    kind="transfer_approval",
    title=TITLE,
    mark="移审",
    version="2026.1",
    effective_from="2026-01-01",
    facts=TransferApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）案件移送审批表；《安全生产法》第六十九条；"
        "《行政执法机关移送涉嫌犯罪案件的规定》第五条"
    ),
)
