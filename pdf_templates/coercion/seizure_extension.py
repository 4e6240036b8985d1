"""延长查封扣押期限决定书: until when a seizure is prolonged, and why."""

from dataclasses import dataclass

from pdf_templates.coercion.seizure import Decided, Period
from pdf_templates.fields import moment, part, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date

TITLE = "延长查封扣押期限决定书"


@dataclass(frozen=True)
class SeizureExtension:
    """The facts of a 延长查封扣押期限决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    decided: Decided = part("原查封扣押决定")
    objects: str = text("查封扣押的场所、设施或者财物")
    reason: str = text("延长的理由，不含“因”字")
    basis: str = text("依据（法律及条款）")
    period: Period = part("延长的期限")
    remedies: Remedies = part("救济途径和期限")
    copies_note: str = text("份数说明")


def content(facts: SeizureExtension, on: Stationery) -> Content:
    """Return what both copies say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0),
            *on.prose(
                f"本机关于{{原决定日期}}作出查封扣押决定〔{{原决定文号}}〕，对{you}的"
                "{查封扣押对象}（见{清单编号}《查封扣押（场所、设施、财物）清单》）采取了"
                "查封扣押措施。",
                {
                    "原决定日期": long_date(facts.decided.decided_on),
                    "原决定文号": facts.decided.doc_no,
                    "查封扣押对象": facts.objects,
                    "清单编号": facts.decided.list_no,
                },
            ),
            *on.prose(
                "因{延长理由}，情况复杂，依据{依据}，经本机关负责人批准，决定延长查封扣押期限，"
                "延长的期限自{延长期限}止。",
                {
                    "延长理由": facts.reason,
                    "依据": facts.basis,
                    "延长期限": facts.period.said(),
                },
            ),
            *on.prose(
                f"在延长的期限内，{you}仍应当遵守原决定书的要求，不得擅自启封、使用、转移、损毁"
                "被查封扣押的场所、设施或者财物。"
            ),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="seizure_extension",
    title=TITLE,
    mark="查扣延期",
    version="2026.2",
    effective_from="2026-01-01",
    facts=SeizureExtension,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）延长查封扣押期限决定书；"
        "《行政强制法》第二十五条"
    ),
)
