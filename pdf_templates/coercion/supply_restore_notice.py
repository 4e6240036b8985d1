"""恢复供电（供应民用爆炸物品）通知书: the enterprise has obeyed, supplies are restored."""

from dataclasses import dataclass

from pdf_templates.coercion.supply import RESTORED, SUPPLIES
from pdf_templates.coercion.supply_cut_notice import SUPPLIER_COPIES
from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, day, moment, part, text
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date, long_time

TITLE = "恢复供电（供应民用爆炸物品）通知书"


def _notified_before(notified_on: str, made_at: str) -> str:
    return "原通知应当在恢复以前作出" if notified_on > made_at[:10] else ""


@dataclass(frozen=True)
class SupplyRestoreNotice:
    """The facts of a 恢复供电（供应民用爆炸物品）通知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    supplier: str = text("供电（供应）单位")
    unit: str = text("被恢复供电（供应）单位")
    notified_on: str = day("原通知作出")
    notice_no: str = text("停止供电（供应民用爆炸物品）通知书文号")
    supply: str = choice("原措施", SUPPLIES)
    complied_on: str = day("履行决定")
    compliance: str = text("履行决定、消除事故隐患的情况")
    basis: str = text("依据（法律及条款）")
    restore_from: str = moment("恢复的起始时间")
    scope: str = text("恢复的内容")
    desk: Desk = part("部门地址和联系人")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (Constraint("notified_on", ("made_at",), _notified_before),)


def content(facts: SupplyRestoreNotice, on: Stationery) -> Content:
    """Return what both copies say."""
    return Content(
        body=[
            *on.prose("{供应单位}：", {"供应单位": facts.supplier}, first=0),
            *on.prose(
                "本机关于{原通知日期}通知你单位对{被恢复单位}采取{原措施}措施〔{原通知文号}〕。"
                "该单位已于{履行日期}履行本机关的决定：{履行情况}。",
                {
                    "原通知日期": long_date(facts.notified_on),
                    "被恢复单位": facts.unit,
                    "原措施": SUPPLIES[facts.supply],
                    "原通知文号": facts.notice_no,
                    "履行日期": long_date(facts.complied_on),
                    "履行情况": facts.compliance.rstrip("。"),
                },
            ),
            *on.prose(
                "依据{依据}，现决定解除上述措施。请你单位自{恢复时间}起，对该单位{恢复内容}"
                "{恢复措施}。",
                {
                    "依据": facts.basis,
                    "恢复时间": long_time(facts.restore_from),
                    "恢复内容": facts.scope,
                    "恢复措施": RESTORED[facts.supply],
                },
            ),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="supply_restore_notice",
    title=TITLE,
    mark="恢复通",
    version="2026.1",
    effective_from="2026-01-01",
    facts=SupplyRestoreNotice,
    layout=Composed(TITLE, content, copies=SUPPLIER_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）恢复供电（供应民用爆炸物品）通知书；"
        "《安全生产法》第七十条第二款"
    ),
)
