"""停止供电（供应民用爆炸物品）通知书: what the supplier is asked to do, from when on."""

from dataclasses import dataclass

from pdf_templates.coercion.supply import SUPPLIES, Ordered
from pdf_templates.fields import choice, moment, part, text
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, long_time

TITLE = "停止供电（供应民用爆炸物品）通知书"
SUPPLIER_COPIES = ("存档联", "配合单位联")


@dataclass(frozen=True)
class SupplyCutNotice:
    """The facts of a 停止供电（供应民用爆炸物品）通知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    supplier: str = text("供电（供应）单位")
    unit: str = text("被停止供电（供应）单位")
    address: str = text("被停止供电（供应）单位地址")
    ordered: Ordered = part("原决定")
    decision_no: str = text("停止供电（供应民用爆炸物品）决定书文号")
    basis: str = text("依据（法律及条款）")
    supply: str = choice("措施", SUPPLIES)
    cut_from: str = moment("配合的起始时间")
    cooperation: str = text("请求配合的行为")
    desk: Desk = part("部门地址和联系人")
    copies_note: str = text("份数说明")


def content(facts: SupplyCutNotice, on: Stationery) -> Content:
    """Return what both copies say."""
    return Content(
        body=[
            *on.prose("{供应单位}：", {"供应单位": facts.supplier}, first=0),
            *on.prose(
                "本机关于{原决定日期}依法对{被停供单位}（地址：{地址}）作出{原决定内容}"
                "的决定〔{原决定文号}〕，该单位拒不执行，有发生生产安全事故的现实危险。经本机关"
                "主要负责人批准，本机关已作出{措施}的决定〔{停供决定文号}〕。",
                {
                    "原决定日期": long_date(facts.ordered.decided_on),
                    "被停供单位": facts.unit,
                    "地址": facts.address,
                    "原决定内容": facts.ordered.content,
                    "原决定文号": facts.ordered.doc_no,
                    "措施": SUPPLIES[facts.supply],
                    "停供决定文号": facts.decision_no,
                },
            ),
            *on.prose(
                "依据{依据}，请你单位自{配合时间}起予以配合：",
                {"依据": facts.basis, "配合时间": long_time(facts.cut_from)},
                keep=True,
            ),
            *on.said(ended(facts.cooperation), "配合行为"),
            *on.prose(
                "采取措施前请与本机关联系，在保证安全的前提下实施；未接到本机关的书面恢复通知，"
                "请勿自行恢复。"
            ),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="supply_cut_notice",
    title=TITLE,
    mark="停供通",
    version="2026.1",
    effective_from="2026-01-01",
    facts=SupplyCutNotice,
    layout=Composed(TITLE, content, copies=SUPPLIER_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）停止供电（供应民用爆炸物品）通知书；"
        "《安全生产法》第七十条第一款"
    ),
)
