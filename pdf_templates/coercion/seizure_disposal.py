"""查封扣押处理决定书: whether what was seized is forfeited, destroyed or released."""

from dataclasses import dataclass

from pdf_templates.coercion.seizure import Decided
from pdf_templates.fields import choice, moment, part, several, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date, unended

TITLE = "查封扣押处理决定书"
DISPOSALS = {"forfeit": "予以没收", "destroy": "依法销毁", "release": "解除查封扣押"}


@dataclass(frozen=True)
class Disposal:
    """What becomes of some of it, and why."""

    objects: str = text("处理的场所、设施或者财物")
    reason: str = text("处理的理由")
    outcome: str = choice("处理决定", DISPOSALS)


@dataclass(frozen=True)
class SeizureDisposal:
    """The facts of a 查封扣押处理决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    decided: Decided = part("原查封扣押决定")
    basis: str = text("依据（法律及条款）")
    disposals: tuple[Disposal, ...] = several("处理决定")
    handing_over: str = text("启封、退还的时间、地点和办法，没有则为空", optional=True)
    remedies: Remedies = part("救济途径和期限")
    copies_note: str = text("份数说明")


def content(facts: SeizureDisposal, on: Stationery) -> Content:
    """Return what both copies say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0),
            *on.prose(
                f"本机关于{{原决定日期}}作出查封扣押决定〔{{原决定文号}}〕，对{you}的场所、设施或者"
                "财物（见{清单编号}《查封扣押（场所、设施、财物）清单》）采取了查封扣押措施。"
                "现依据{依据}，作出如下处理决定：",
                {
                    "原决定日期": long_date(facts.decided.decided_on),
                    "原决定文号": facts.decided.doc_no,
                    "清单编号": facts.decided.list_no,
                    "依据": facts.basis,
                },
                keep=True,
            ),
            *on.items(map(_disposal, facts.disposals), "处理决定"),
            *on.said(ended(facts.handing_over), "启封、退还"),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _disposal(one: Disposal) -> str:
    return f"{unended(one.objects)}：{unended(one.reason)}，{DISPOSALS[one.outcome]}。"


TEMPLATE = Template(
    kind="seizure_disposal",
    title=TITLE,
    mark="查扣处",
    version="2026.2",
    effective_from="2026-01-01",
    facts=SeizureDisposal,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）查封扣押处理决定书；"
        "《行政强制法》第二十七条、第二十八条"
    ),
)
