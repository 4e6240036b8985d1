"""延期（分期）缴纳罚款审批表: whether a party may pay later or in instalments."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined
from pdf_templates.execution.instalments import MODES, Instalment, plan
from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.money import in_full
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date, ticked

TITLE = "延期（分期）缴纳罚款审批表"


def _deferred_once(proposed: Sequence[object], mode: str) -> str:
    return "延期缴纳的为一期" if mode == "deferral" and len(proposed) > 1 else ""


def _within_fine(_: object, amounts: Sequence[int], fine: int) -> str:
    return "" if sum(amounts) <= fine else "各期金额之和不能超过罚款数额"


@dataclass(frozen=True)
class PaymentDeferralApproval:
    """The facts of a 延期（分期）缴纳罚款审批表."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    party: Party = part("当事人")
    fined: Fined = part("行政处罚决定")
    due_on: str = day("原缴款期限届满")
    applied_on: str = day("申请")
    mode: str = choice("申请事项", MODES)
    reason: str = text("申请理由", personal=True)
    proposed: tuple[Instalment, ...] = several("拟同意的各期缴款，延期的为一期")
    basis: str = text("审批依据（法律及条款）")
    handlers: Said = part("承办人意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")

    CONSTRAINTS = (
        Constraint("proposed", ("mode",), _deferred_once),
        Constraint("proposed", ("proposed[].amount_fen", "fined.fine_fen"), _within_fine),
    )


def content(facts: PaymentDeferralApproval, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案件名称", facts.case_name, 16, 84),),
                party_block(facts.party, "当事人"),
                (
                    Field("决定书\n文号", facts.fined.doc_no, 16, 44),
                    Field("决定日期", long_date(facts.fined.decided_on), 14, 26),
                ),
                (
                    Field("罚款数额", in_full(facts.fined.fine_fen), 16, 44),
                    Field("缴款期限", long_date(facts.due_on), 14, 26),
                ),
                (
                    Field("申请事项", _modes(facts.mode), 16, 44),
                    Field("申请日期", long_date(facts.applied_on), 14, 26),
                ),
                Opinion("申请理由", facts.reason, ()),
                Opinion("拟同意的\n期限和金额", plan(facts.proposed), ()),
                (Field("审批依据", facts.basis, 16, 84),),
                *opinions(
                    (
                        ("承办人意见", facts.handlers, "承办人"),
                        ("审核意见", facts.review, "审核人"),
                        ("审批意见", facts.approval, "审批人"),
                    )
                ),
            ]
        )
    )


def _modes(mode: str) -> str:
    return ticked((name, code == mode) for code, name in MODES.items())


TEMPLATE = Template(
    kind="payment_deferral_approval",
    title=TITLE,
    mark="缴审",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PaymentDeferralApproval,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）延期（分期）缴纳罚款审批表；"
        "《行政处罚法》第六十六条第二款"
    ),
)
