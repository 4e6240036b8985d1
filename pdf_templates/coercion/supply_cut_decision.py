"""停止供电（供应民用爆炸物品）决定书: to the enterprise that does not obey, a day before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pdf_templates.coercion.supply import POWER, SUPPLIES, Ordered
from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, count, moment, part, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.signing import received
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, long_time

HOUR = timedelta(hours=1)
TITLE = "停止供电（供应民用爆炸物品）决定书"
RECIPIENT = "签收人"
TO_THE_MINUTE = "　　时　　分"


def _announced(cut_from: str, made_at: str, hours: int, supply: str, emergency: str) -> str:
    if supply != POWER or emergency:
        return ""
    after = datetime.fromisoformat(cut_from) - datetime.fromisoformat(made_at)
    return "" if after // HOUR >= hours else f"停止供电应当提前 {hours} 小时通知，或者写明紧急情形"


@dataclass(frozen=True)
class SupplyCutDecision:
    """The facts of a 停止供电（供应民用爆炸物品）决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被停止供电（供应）单位")
    ordered: Ordered = part("原决定")
    danger: str = text("拒不执行的情况和发生生产安全事故的现实危险")
    basis: str = text("依据（法律及条款）")
    supply: str = choice("措施", SUPPLIES)
    scope: str = text("措施的范围")
    cut_from: str = moment("停止供电（供应）的起始时间")
    notice_hours: int = count("停止供电应当提前通知的时间（小时）", least=1)
    emergency: str = text("不提前通知的危及生产安全的紧急情形，没有则为空", optional=True)
    remedies: Remedies = part("救济途径和期限")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("cut_from", ("made_at", "notice_hours", "supply", "emergency"), _announced),
    )


def content(facts: SupplyCutDecision, on: Stationery) -> Content:
    """Return what both copies say."""
    return Content(
        body=[
            *on.prose("{被停供单位}：", {"被停供单位": facts.unit}, first=0),
            *on.prose(
                "本机关于{原决定日期}依法对你单位作出{原决定内容}的决定〔{原决定文号}〕。"
                "{拒不执行的情况}。",
                {
                    "原决定日期": long_date(facts.ordered.decided_on),
                    "原决定内容": facts.ordered.content,
                    "原决定文号": facts.ordered.doc_no,
                    "拒不执行的情况": facts.danger.rstrip("。"),
                },
            ),
            *on.prose(
                "你单位拒不执行上述决定，有发生生产安全事故的现实危险。依据{依据}，在保证安全的"
                "前提下，经本机关主要负责人批准，决定自{起始时间}起，对你单位{范围}采取{措施}措施，"
                "强制你单位履行决定。",
                {
                    "依据": facts.basis,
                    "起始时间": long_time(facts.cut_from),
                    "范围": facts.scope,
                    "措施": SUPPLIES[facts.supply],
                },
            ),
            *on.said(_notice(facts), "提前通知"),
            *on.prose(
                "请你单位立即妥善安排人员撤离、设备停机等事项，防止因采取上述措施发生次生事故。"
                "你单位依法履行决定、采取相应措施消除事故隐患的，本机关将及时解除上述措施。"
            ),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=[
            *_received(facts, on),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _notice(facts: SupplyCutDecision) -> str:
    """Return whether the enterprise is told in time; that rule holds for power alone."""
    if facts.supply != POWER:
        return ""
    if facts.emergency:
        return f"因存在危及生产安全的紧急情形（{facts.emergency}），本决定不提前通知。"
    return f"本决定书在停止供电{facts.notice_hours}小时前送达你单位，作为停止供电的提前通知。"


def _received(facts: SupplyCutDecision, on: Stationery) -> list[Strip]:
    """Return where the enterprise signs with the minute, since its notice counts by the hour."""
    if facts.supply != POWER:
        return []
    return [on.space(0.25), *received(on, RECIPIENT, TO_THE_MINUTE)]


TEMPLATE = Template(
    kind="supply_cut_decision",
    title=TITLE,
    mark="停供决",
    version="2026.3",
    effective_from="2026-01-01",
    facts=SupplyCutDecision,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）停止供电（供应民用爆炸物品）决定书；"
        "《安全生产法》第七十条"
    ),
)
