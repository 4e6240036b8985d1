"""行政强制审批表: whether a coercive measure is taken, decided before it is taken."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, moment, part, text
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template

TITLE = "行政强制审批表"
MEASURES = {
    "seal": "查封",
    "detain": "扣押",
    "cut_power": "停止供电",
    "cut_explosives": "停止供应民用爆炸物品",
}


def _born_unsaid(born: str, person: object) -> str:
    if (person is None) != (born == ""):
        return "应当写明" if person else "当事人为单位的不写"
    return ""


@dataclass(frozen=True)
class CoercionApproval:
    """The facts of a 行政强制审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    party: Party = part("当事人")
    born: str = text("个人当事人的出生年月（如 1985年6月）", personal=True, optional=True)
    situation: str = text("案件基本情况")
    object: str = text("报请审批的行政强制事项")
    reason: str = text("报请审批的理由")
    basis: str = text("报请审批的依据（法律及条款）")
    measure: str = choice("行政强制的种类", MEASURES)
    period: str = text("行政强制的期限")
    handlers: Said = part("承办人意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")

    CONSTRAINTS = (Constraint("born", ("party.person",), _born_unsaid),)


def content(facts: CoercionApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                party_block(facts.party, "当事人"),
                *([(Field("出生年月", facts.born, 16, 84),)] if facts.born else ()),
                Opinion("案件基本情况", facts.situation, ()),
                (Field("行政强制事项", facts.object, 16, 84),),
                Opinion("理由", facts.reason, ()),
                (Field("依据", facts.basis, 16, 84),),
                (
                    Field("种类", MEASURES[facts.measure], 16, 24),
                    Field("期限", facts.period, 12, 48),
                ),
                *opinions(
                    [
                        ("承办人意见", facts.handlers, "承办人"),
                        ("审核意见", facts.review, "审核人"),
                        ("审批意见", facts.approval, "审批人"),
                    ]
                ),
            ]
        )
    )


TEMPLATE = Template(
    kind="coercion_approval",
    title=TITLE,
    mark="强审",
    version="2026.2",
    effective_from="2026-01-01",
    facts=CoercionApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政强制审批表；《行政强制法》第十八条"
    ),
)
