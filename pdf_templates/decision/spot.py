"""What both 行政（当场）处罚决定书 say, to a unit and to a person."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, count, fen, moment, part, several, text
from pdf_templates.money import yuan
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.payment import Payment
from pdf_templates.parts.people import Officer, Party, party_fields
from pdf_templates.parts.signing import (
    SIGNED_BY_OFFICERS,
    Signature,
    notes_on,
    officers_sign,
    receives,
)
from pdf_templates.parts.violations import Violation, penalty_said
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.wording import ended, long_date, long_time, unended

TITLE = "行政（当场）处罚决定书"
PARTY = "当事人或者委托代理人"


def _fine_limited(fine: int, limit: int) -> str:
    if fine <= limit:
        return ""
    return f"当场处罚的罚款不能超过 {yuan(limit)} 元，应当适用普通程序"


def _paid_where_fined(paid: str, fine: int) -> str:
    return "" if bool(paid) == bool(fine) else "缴款方式应当在有罚款时写明，没有罚款时为空"


def _cash_explained(reason: str, paid: str, fine: int, limit: int) -> str:
    if paid != "cash" or fine <= limit or reason:
        return ""
    return f"当场收缴罚款超过 {yuan(limit)} 元的，应当写明事后难以执行的情况"


@dataclass(frozen=True)
class SpotPenalty(ABC):
    """The facts that both have; limits and articles are the law's on its day."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    happened_at: str = moment("违法行为发生或者发现时间")
    place: str = text("违法行为地点")
    violation: Violation = part("违法事实、违反的规定、处罚依据和处罚内容")
    evidence: tuple[str, ...] = several("证据")
    spot_basis: str = text("当场处罚依据（法律及条款）")
    statement: str = text("当事人陈述、申辩及采纳情况", personal=True)
    correction: str = text("责令改正的内容和期限，已经改正的写明")
    paid: str = choice(
        "缴款方式，没有罚款为空", {"cash": "当场缴纳", "bank": "缴至指定银行"}, optional=True
    )
    cash_reason: str = text("超过限额当场收缴的，事后难以执行的情况，其他为空", optional=True)
    fine_limit_fen: int = fen("当场处罚的罚款限额")
    cash_limit_fen: int = fen("当场收缴罚款的限额")
    payment: Payment = part("缴纳罚款的账户、期限和逾期加处罚款")
    remedies: Remedies = part("救济途径")
    litigation_days: int = count(
        "经行政复议的提起行政诉讼期限（日，自收到复议决定书之日起）", least=1
    )
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    @property
    @abstractmethod
    def whom(self) -> Party:
        """被处罚单位或者被处罚人."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What the party is called before its name."""

    CONSTRAINTS = (
        SIGNED_BY_OFFICERS,
        Constraint("violation.fine_fen", ("fine_limit_fen",), _fine_limited),
        Constraint("paid", ("violation.fine_fen",), _paid_where_fined),
        Constraint(
            "cash_reason", ("paid", "violation.fine_fen", "cash_limit_fen"), _cash_explained
        ),
    )


def content(facts: SpotPenalty, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(
        body=[
            *party_fields(on, facts.whom, facts.label),
            *_found(facts, on),
            *_decided(facts, on),
            *_paid(facts, on),
            *on.said(facts.remedies.reconsideration_first(facts.litigation_days), "救济途径"),
        ],
        closing=[
            on.space(0.25),
            *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
            *receives(on, PARTY, "本决定书", facts.signatures),
            *notes_on(on, facts.signatures),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _found(facts: SpotPenalty, on: Stationery) -> list[Strip]:
    you = facts.whom.you
    return [
        *on.prose(
            f"违法事实及证据：{you}于{{时间}}在{{地点}}有下列行为：{{违法行为}}以上事实有{{证据}}为证。",
            {
                "时间": long_time(facts.happened_at),
                "地点": facts.place,
                "违法行为": ended(facts.violation.act),
                "证据": "；".join(map(unended, facts.evidence)),
            },
        ),
        *on.prose(
            f"作出决定前，执法人员已出示执法证件，并当场告知{you}拟作出的行政处罚内容及事实、理由、依据"
            "和依法享有的陈述、申辩等权利。{陈述申辩情况}",
            {"陈述申辩情况": ended(facts.statement)},
        ),
    ]


def _decided(facts: SpotPenalty, on: Stationery) -> list[Strip]:
    one = facts.violation
    return on.prose(
        "以上行为违反了{违反的规定}的规定，依据{处罚依据}和{当场处罚依据}的规定，决定当场给予"
        "{处罚内容}的行政处罚。{责令改正}",
        {
            "违反的规定": one.violated,
            "处罚依据": one.basis,
            "当场处罚依据": facts.spot_basis,
            "处罚内容": penalty_said(one.penalty, one.fine_fen),
            "责令改正": ended(facts.correction),
        },
    )


def _paid(facts: SpotPenalty, on: Stationery) -> list[Strip]:
    """Return the two ways to pay, the one that applies ticked."""
    if not facts.violation.fine_fen:
        return []
    reason = f"（{facts.cash_reason.rstrip('。')}）" if facts.cash_reason else ""
    in_cash = f"当场缴纳{reason}，出具财政部门统一制发的专用票据。"
    at_bank = facts.payment.said(facts.whom.you) + facts.payment.surcharge.said()
    return [
        *on.ticks([(in_cash, facts.paid == "cash")], "缴款方式（见打√处）："),
        *on.ticks([(at_bank, facts.paid == "bank")]),
    ]
