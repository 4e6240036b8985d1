"""查封扣押决定书: what is sealed or seized, why, by which law, until when (强制法 24)."""

from dataclasses import dataclass

from pdf_templates.coercion.seizure import MEASURE, SEIZURES, Period
from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, moment, part, several, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.people import Officer, Party, party_fields
from pdf_templates.parts.signing import (
    SIGNED_BY_OFFICERS,
    Signature,
    notes_on,
    officers_sign,
    receives,
)
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "查封扣押决定书"


def _told_with(this: str, other: str) -> str:
    return "检测、检验、技术鉴定的期间和依据应当同时写明" if other and not this else ""


@dataclass(frozen=True)
class SeizureDecision:
    """The facts of a 查封扣押决定书; what is seized stands in the list that goes with it."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    party: Party = part("当事人")
    problems: tuple[str, ...] = several("发现的问题（查封扣押的理由）")
    basis: str = text("依据（法律及条款）")
    measure: str = choice(MEASURE, SEIZURES)
    objects: str = text("查封扣押的场所、设施或者财物的名称、数量")
    list_no: str = text("查封扣押清单编号")
    period: Period = part("查封扣押的期限")
    keeping: str = text("保管人、保管地点")
    appraisal: str = text("需要检测、检验或者技术鉴定的，其期间；不需要的为空", optional=True)
    appraisal_basis: str = text("检测、检验、技术鉴定期间不计入的依据", optional=True)
    statement: str = text("听取当事人陈述、申辩的情况", personal=True)
    remedies: Remedies = part("救济途径和期限")
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (
        SIGNED_BY_OFFICERS,
        Constraint("appraisal", ("appraisal_basis",), _told_with),
        Constraint("appraisal_basis", ("appraisal",), _told_with),
    )


def content(facts: SeizureDecision, on: Stationery) -> Content:
    """Return what both copies say."""
    you, measure = facts.party.you, SEIZURES[facts.measure]
    return Content(
        body=[
            *party_fields(on, facts.party),
            *on.prose(f"经查，{you}存在下列问题：", keep=True),
            *on.items(map(ended, facts.problems), "发现的问题"),
            *on.prose(
                f"依据{{依据}}，本机关决定对{you}的{{查封扣押对象}}予以{{强制措施}}"
                "（名称、规格、数量见{清单编号}《查封扣押（场所、设施、财物）清单》）。"
                "查封扣押期限自{期限}止。",
                {
                    "依据": facts.basis,
                    "查封扣押对象": facts.objects,
                    MEASURE: measure,
                    "清单编号": facts.list_no,
                    "期限": facts.period.said(),
                },
            ),
            *_appraisal(facts, on),
            *on.prose(
                f"{measure}的场所、设施或者财物由{{保管人}}保管；在查封扣押期间，任何单位和个人不得"
                "擅自启封、使用、转移、损毁。因查封扣押发生的保管费用由本机关承担。",
                {"保管人": facts.keeping},
            ),
            *on.said(
                "作出本决定前，本机关已当场告知采取行政强制措施的理由、依据以及依法享有的权利、"
                f"救济途径，并听取了陈述和申辩：{ended(facts.statement)}",
                "陈述和申辩",
            ),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=[
            *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
            *receives(on, "当事人", "本决定书", facts.signatures),
            *notes_on(on, facts.signatures),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _appraisal(facts: SeizureDecision, on: Stationery) -> list[Strip]:
    if not facts.appraisal:
        return []
    return on.prose(
        "因需要进行检测、检验或者技术鉴定，其期间为{鉴定期间}，依据{鉴定期间依据}，该期间不计入"
        "查封扣押期限，费用由本机关承担。",
        {"鉴定期间": facts.appraisal, "鉴定期间依据": facts.appraisal_basis},
    )


TEMPLATE = Template(
    kind="seizure_decision",
    title=TITLE,
    mark="查扣",
    version="2026.2",
    effective_from="2026-01-01",
    facts=SeizureDecision,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）查封扣押决定书；"
        "《安全生产法》第六十五条第一款第四项；《行政强制法》第十八条、第二十四条至第二十六条"
    ),
)
