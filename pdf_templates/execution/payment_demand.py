"""缴纳罚款催告书: a last time to pay before a surcharge is decided."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined, late
from pdf_templates.fields import day, fen, moment, part, text
from pdf_templates.parts.legal import Account, Desk, desk_fields
from pdf_templates.parts.payment import PAUSED, Surcharge, percent
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date

TITLE = "缴纳罚款催告书"


def _within_fine(unpaid: int, fine: int) -> str:
    return "" if 0 < unpaid <= fine else "尚未缴纳的罚款应当大于 0，且不超过罚款数额"


def _after_due(made_at: str, due_on: str) -> str:
    return "" if due_on < made_at[:10] else "催告应当在原缴款期限届满之后"


def _after_demand(pay_by: str, made_at: str) -> str:
    return "" if made_at[:10] <= pay_by else "履行期限应当在催告之后"


@dataclass(frozen=True)
class PaymentDemand:
    """The facts of a 缴纳罚款催告书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    fined: Fined = part("行政处罚决定")
    due_on: str = day("原缴款期限届满")
    unpaid_fen: int = fen("尚未缴纳的罚款")
    account: Account = part("收款账户")
    pay_by: str = day("催告的履行期限届满")
    surcharge: Surcharge = part("逾期加处罚款")
    surcharge_from: str = day("加处罚款起算")
    basis: str = text("催告依据（法律及条款）")
    desk: Desk = part("部门地址及联系方式")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("unpaid_fen", ("fined.fine_fen",), _within_fine),
        Constraint("made_at", ("due_on",), _after_due),
        Constraint("pay_by", ("made_at",), _after_demand),
    )


def content(facts: PaymentDemand, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0, keep=True),
            *late(on, you, facts.fined, facts.due_on, facts.unpaid_fen),
            *on.prose(
                f"依据{{催告依据}}的规定，现催告{you}于{{履行期限}}前将尚未缴纳的罚款缴至{{缴款处}}，"
                "也可以通过电子支付系统缴纳。",
                {
                    "催告依据": facts.basis,
                    "履行期限": long_date(facts.pay_by),
                    "缴款处": facts.account.said(),
                },
            ),
            *on.prose(
                f"{you}无正当理由逾期仍不缴纳的，本机关将依据{{加处罚款依据}}的规定，"
                "自{加处起算日期}起每日按未缴纳罚款数额的{每日比例}加处罚款，加处罚款的数额不超过未缴纳"
                f"罚款的数额。{PAUSED}",
                {
                    "加处罚款依据": facts.surcharge.basis,
                    "加处起算日期": long_date(facts.surcharge_from),
                    "每日比例": percent(facts.surcharge.permille),
                },
            ),
            *on.prose(
                f"{you}收到本催告书后有权进行陈述和申辩。本机关将充分听取意见，对提出的事实、理由和证据"
                "进行记录、复核；事实、理由或者证据成立的，本机关予以采纳。"
            ),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="payment_demand",
    title=TITLE,
    mark="催",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PaymentDemand,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）缴纳罚款催告书；"
        "《行政强制法》第三十五条、第三十六条；《行政处罚法》第七十二条"
    ),
)
