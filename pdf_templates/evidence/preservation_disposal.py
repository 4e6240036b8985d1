"""先行登记保存证据处理决定书: what becomes of each piece of preserved evidence."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, several, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "先行登记保存证据处理决定书"


@dataclass(frozen=True)
class PreservationDisposal:
    """The facts of a 先行登记保存证据处理决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    registered_on: str = day("先行登记保存")
    evidence: str = text("先行登记保存的物品")
    notice_no: str = text("先行登记保存证据通知书文号")
    basis: str = text("依据（法律及条款）")
    decisions: tuple[str, ...] = several("处理决定，每项一句")
    remedies: Remedies = part("救济途径和期限")
    copies_note: str = text("份数说明")


def content(facts: PreservationDisposal, on: Stationery) -> Content:
    """Return what both copies say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0),
            *on.prose(
                f"本机关于{{登记保存日期}}对{you}的{{登记保存物品}}"
                "进行了先行登记保存〔通知书文号：{通知书文号}〕。现依据{依据}，作出如下处理决定：",
                {
                    "登记保存日期": long_date(facts.registered_on),
                    "登记保存物品": facts.evidence,
                    "通知书文号": facts.notice_no,
                    "依据": facts.basis,
                },
                keep=True,
            ),
            *on.items(map(ended, facts.decisions), "处理决定"),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="preservation_disposal",
    title=TITLE,
    mark="先保处",
    version="2026.2",
    effective_from="2026-01-01",
    facts=PreservationDisposal,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）先行登记保存证据处理决定书；"
        "《行政处罚法》第五十六条、第八十五条"
    ),
)
