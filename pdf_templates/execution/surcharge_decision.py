"""加处罚款决定书: what is added to a fine that is late, and how it is counted."""

from dataclasses import dataclass
from datetime import date

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined, late
from pdf_templates.fields import count, day, fen, moment, part, text
from pdf_templates.money import in_full
from pdf_templates.parts.legal import Account, Remedies
from pdf_templates.parts.payment import PAUSED, Surcharge, percent
from pdf_templates.parts.people import Party, party_lines
from pdf_templates.setting.page import Strip
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "加处罚款决定书"


def _late(counted_from: str, due_on: str) -> str:
    return "" if due_on < counted_from else "加处罚款应当在原缴款期限届满之后起算"


def _not_before(counted_until: str, counted_from: str) -> str:
    return "" if counted_from <= counted_until else "加处罚款的截止不能早于起算"


def _counted(days: int, first: str, last: str, paused: int) -> str:
    due = _span(first, last) - paused
    return "" if days == due or last < first else f"计算加处罚款的天数应为 {due} 日"


def _grown(added: int, unpaid: int, permille: int, first: str, last: str, paused: int) -> str:
    due = min(unpaid * permille * (_span(first, last) - paused) // 1000, unpaid)
    return "" if added == due or last < first else f"加处罚款金额应为 {due} 分"


def _span(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


@dataclass(frozen=True)
class SurchargeDecision:
    """The facts of a 加处罚款决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    party: Party = part("当事人")
    fined: Fined = part("行政处罚决定")
    due_on: str = day("原缴款期限届满")
    unpaid_fen: int = fen("尚未缴纳的罚款")
    demand_no: str = text("缴纳罚款催告书文号")
    demanded_on: str = day("催告书送达")
    statement: str = text("催告后的履行、陈述申辩及采纳情况", personal=True)
    surcharge: Surcharge = part("加处罚款")
    limit_basis: str = text("加处罚款不超过罚款数额的依据（法律及条款）")
    counted_from: str = day("加处罚款起算")
    counted_until: str = day("加处罚款计算截止")
    paused_days: int = count("行政复议、行政诉讼期间不予计算的天数（日）")
    days: int = count("计算加处罚款的天数（日）")
    surcharge_fen: int = fen("加处罚款金额")
    account: Account = part("收款账户")
    payment_days: int = count("缴纳期限（日，自收到决定书之日起）", least=1)
    remedies: Remedies = part("救济途径")
    enforcement_basis: str = text("申请人民法院强制执行依据（法律及条款）")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("counted_from", ("due_on",), _late),
        Constraint("counted_until", ("counted_from",), _not_before),
        Constraint("days", ("counted_from", "counted_until", "paused_days"), _counted),
        Constraint(
            "surcharge_fen",
            (
                "unpaid_fen",
                "surcharge.permille",
                "counted_from",
                "counted_until",
                "paused_days",
            ),
            _grown,
        ),
    )


def content(facts: SurchargeDecision, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.party.you
    return Content(
        body=[
            *on.prose("当事人：{当事人}", {"当事人": facts.party.name}, keep=True),
            *party_lines(on, facts.party),
            *_reasons(facts, on),
            *on.said(_decided(facts), "加处罚款决定"),
            *on.said(_goes_on(facts), "继续加处"),
            *on.prose(
                f"{you}应当自收到本决定书之日起{{期限}}日内，将未缴纳的罚款和加处罚款缴至{{缴款处}}。",
                {"期限": str(facts.payment_days), "缴款处": facts.account.said()},
            ),
            *on.said(f"{facts.remedies.said()}{PAUSED}", "救济途径"),
            *on.prose(
                "逾期不申请行政复议，也不提起行政诉讼，又不履行本决定的，本机关将依据{强制执行依据}"
                "的规定申请人民法院强制执行。",
                {"强制执行依据": facts.enforcement_basis},
            ),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _reasons(facts: SurchargeDecision, on: Stationery) -> list[Strip]:
    you = facts.party.you
    return [
        *late(on, you, facts.fined, facts.due_on, facts.unpaid_fen),
        *on.prose(
            f"本机关于{{催告日期}}向{you}送达《缴纳罚款催告书》（文号：{{催告书文号}}）。{{催告后情况}}",
            {
                "催告日期": long_date(facts.demanded_on),
                "催告书文号": facts.demand_no,
                "催告后情况": ended(facts.statement),
            },
        ),
    ]


def _decided(facts: SurchargeDecision) -> str:
    """Return the decision with every figure that its amount follows from."""
    paused = f"扣除行政复议、行政诉讼期间{facts.paused_days}日，" if facts.paused_days else ""
    return (
        f"依据{facts.surcharge.basis}和{facts.limit_basis}的规定，本机关决定对{facts.party.you}加处"
        f"罚款：自{long_date(facts.counted_from)}起至{long_date(facts.counted_until)}止，{paused}"
        f"共{facts.days}日，每日按未缴纳罚款数额的{percent(facts.surcharge.permille)}计算，"
        f"加处罚款{in_full(facts.surcharge_fen)}。"
    )


def _goes_on(facts: SurchargeDecision) -> str:
    """Return what happens to the surcharge from the next day on."""
    limit = f"未缴纳罚款的数额{in_full(facts.unpaid_fen)}"
    if facts.surcharge_fen == facts.unpaid_fen:
        return f"加处罚款已经达到{limit}，不再增加。"
    return f"此后至缴清之日，仍按上述比例每日加处罚款，加处罚款的总额不超过{limit}。"


TEMPLATE = Template(
    kind="surcharge_decision",
    title=TITLE,
    mark="加罚",
    version="2026.3",
    effective_from="2026-01-01",
    facts=SurchargeDecision,
    layout=Composed(TITLE, content, REASONED_SHEET, TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）加处罚款决定书；"
        "《行政处罚法》第七十二条、第七十三条；《行政强制法》第三十七条、第四十五条"
    ),
)
