"""What both 行政处罚决定书 say, to a unit and to a person: the reasons, step by step."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, day, fen, moment, part, several, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.payment import Payment
from pdf_templates.parts.people import Party, party_lines
from pdf_templates.parts.violations import (
    TOTAL_FINE,
    Evidence,
    Violation,
    acts,
    applied,
    penalties,
    weighed,
)
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.wording import ended, in_chinese, long_date, unended

TITLE = "行政处罚决定书"


def _payable_where_fined(payment: object, fine: int) -> str:
    if bool(fine) == (payment is not None):
        return ""
    return "缴纳罚款的账户和期限应当在有罚款时写明，没有罚款时为 null"


def _notified_before(notified_on: str, made_at: str) -> str:
    return "告知书应当在作出决定以前送达" if notified_on > made_at[:10] else ""


@dataclass(frozen=True)
class PenaltyDecision(ABC):
    """The facts that both have; days, shares and articles are the law's on its day."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    process: str = text("立案及调查经过")
    violations: tuple[Violation, ...] = several("违法行为、依据及处罚")
    evidence: tuple[Evidence, ...] = several("证据")
    evidence_note: str = text("对证据的说明")
    notice_no: str = text("行政处罚告知书文号")
    hearing_notice_no: str = text("行政处罚听证告知书文号，依法不需要告知的为空", optional=True)
    notified_on: str = day("告知书送达")
    statement: str = text("陈述、申辩情况，复核及采纳情况", personal=True)
    hearing: str = text(
        "听证情况及采纳情况，没有举行的写明原因，不适用为空", personal=True, optional=True
    )
    deliberation: str = text("法制审核和集体讨论情况，不适用为空", optional=True)
    correction: str = text("责令改正的内容和期限，已经改正的写明")
    total_fine_fen: int = fen("罚款合计")
    payment: Payment | None = part("缴纳罚款的账户、期限和逾期加处罚款，没有罚款为 null")
    performance: str = text("罚款以外处罚的履行方式和期限，没有为空", optional=True)
    remedies: Remedies = part("救济途径")
    enforcement_basis: str = text("申请人民法院强制执行依据（法律及条款）")
    disclosure_basis: str = text("公开处罚决定依据（法律及条款）")
    disclosure_days: int = count("公开处罚决定的期限（工作日，自作出决定之日起）", least=1)
    disclosure_site: str = text("公开处罚决定的网站或者系统")
    copies_note: str = text("份数说明")

    @property
    @abstractmethod
    def whom(self) -> Party:
        """被处罚单位或者被处罚人."""

    CONSTRAINTS = (
        TOTAL_FINE,
        Constraint("payment", ("total_fine_fen",), _payable_where_fined),
        Constraint("notified_on", ("made_at",), _notified_before),
    )


def content(facts: PenaltyDecision, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    sections = (
        ("案件来源和调查经过", on.said(ended(facts.process), "立案及调查经过")),
        ("查明的违法事实和证据", _found(facts, on)),
        ("对证据和裁量的说明", _weighed(facts, on)),
        ("告知、陈述申辩和听证情况", _told(facts, on)),
        ("处罚依据和决定", _decided(facts, on)),
        ("履行方式和期限", _performed(facts, on)),
        ("救济途径和期限", _contested(facts, on)),
        ("处罚决定的公开", _disclosed(facts, on)),
    )
    return Content(
        body=[
            *on.prose("当事人：{当事人}", {"当事人": facts.whom.name}, keep=True),
            *party_lines(on, facts.whom),
            *(
                strip
                for number, (title, strips) in enumerate(sections, 1)
                for strip in (*on.headline(f"{in_chinese(number)}、{title}"), *strips)
            ),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _found(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    return [
        *on.prose(f"经查明，{facts.whom.you}存在下列违法行为：", keep=True),
        *acts(on, facts.violations),
        *on.prose("以上事实有下列证据证明：", keep=True),
        *on.items(
            (f"{unended(one.name)}，证明{ended(one.proves)}" for one in facts.evidence), "证据"
        ),
    ]


def _weighed(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    return [
        *on.said(ended(facts.evidence_note), "对证据的说明"),
        *weighed(on, facts.violations),
    ]


def _told(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    hearing = facts.hearing_notice_no
    notices = f"《行政处罚告知书》（文号：{facts.notice_no}）"
    notices += f"和《行政处罚听证告知书》（文号：{hearing}）" if hearing else ""
    rights = "陈述、申辩和要求听证" if hearing else "陈述、申辩"
    return [
        *on.prose(
            f"本机关于{{送达日期}}向{facts.whom.you}送达{{告知书}}，告知拟作出的行政处罚内容及事实、"
            f"理由、依据，以及依法享有的{rights}的权利。",
            {"送达日期": long_date(facts.notified_on), "告知书": notices},
        ),
        *on.said(ended(facts.statement), "陈述申辩情况"),
        *on.said(ended(facts.hearing), "听证情况"),
        *on.said(ended(facts.deliberation), "法制审核和集体讨论情况"),
    ]


def _decided(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    return [
        *applied(on, facts.violations),
        *on.said(
            f"综上，本机关决定对{facts.whom.you}作出如下行政处罚："
            f"{penalties(facts.violations, facts.total_fine_fen)}",
            "处罚决定",
        ),
        *on.said(ended(facts.correction), "责令改正"),
    ]


def _performed(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    paying = facts.payment
    said = f"{paying.said(facts.whom.you)}{paying.surcharge.said()}" if paying else ""
    return [*on.said(said, "缴纳罚款"), *on.said(ended(facts.performance), "履行方式和期限")]


def _contested(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    return [
        *on.said(facts.remedies.said(), "救济途径"),
        *on.prose(
            "逾期不申请行政复议，也不提起行政诉讼，又不履行本决定的，本机关将依据{强制执行依据}的规定"
            "申请人民法院强制执行。",
            {"强制执行依据": facts.enforcement_basis},
        ),
    ]


def _disclosed(facts: PenaltyDecision, on: Stationery) -> list[Strip]:
    return on.prose(
        "依据{公开依据}的规定，本决定将自作出之日起{公开期限}个工作日内在{公开载体}公开。",
        {
            "公开依据": facts.disclosure_basis,
            "公开期限": str(facts.disclosure_days),
            "公开载体": facts.disclosure_site,
        },
    )
