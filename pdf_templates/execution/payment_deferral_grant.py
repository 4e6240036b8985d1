"""延期（分期）缴纳罚款批准书: a later day to pay, or one instalment; each has its own."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined
from pdf_templates.execution.instalments import MODES, Instalment
from pdf_templates.fields import choice, day, fen, moment, part, text
from pdf_templates.money import in_full
from pdf_templates.parts.legal import Account, Desk, desk_fields
from pdf_templates.parts.payment import Surcharge
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date

TITLE = "延期（分期）缴纳罚款批准书"


def _numbered(number: int, mode: str) -> str:
    is_told = (mode == "instalments") == (number > 0)
    return "" if is_told else "分期缴纳的应当写明第几期，延期缴纳的为 0"


def _within_fine(left: int, amount: int, fine: int) -> str:
    return "" if amount + left <= fine else "本期金额与尚欠金额之和不能超过罚款数额"


@dataclass(frozen=True)
class PaymentDeferralGrant:
    """The facts of a 延期（分期）缴纳罚款批准书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("申请人")
    applied_on: str = day("申请")
    fined: Fined = part("行政处罚决定")
    mode: str = choice("批准事项", MODES)
    granted: Instalment = part("批准的本期缴款；延期的第几期为 0")
    left_fen: int = fen("本期缴纳后尚欠的罚款")
    basis: str = text("批准依据（法律及条款）")
    account: Account = part("收款账户")
    surcharge: Surcharge = part("逾期加处罚款")
    desk: Desk = part("部门地址及联系方式")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("granted.number", ("mode",), _numbered),
        Constraint("left_fen", ("granted.amount_fen", "fined.fine_fen"), _within_fine),
    )


def content(facts: PaymentDeferralGrant, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{申请人}：", {"申请人": facts.addressee.name}, first=0, keep=True),
            *on.prose(
                f"本机关于{{决定日期}}对{you}作出行政处罚决定（文号：{{决定书文号}}），罚款{{罚款}}。"
                f"{you}于{{申请日期}}提出延期（分期）缴纳罚款的申请。依据{{批准依据}}的规定，"
                f"经审查，同意{you}（见打√处）：",
                {
                    "决定日期": long_date(facts.fined.decided_on),
                    "决定书文号": facts.fined.doc_no,
                    "罚款": in_full(facts.fined.fine_fen),
                    "申请日期": long_date(facts.applied_on),
                    "批准依据": facts.basis,
                },
            ),
            *_granted(facts, on),
            *on.prose(
                "罚款应当缴至{缴款处}，也可以通过电子支付系统缴纳。",
                {"缴款处": facts.account.said()},
            ),
            *on.said(facts.surcharge.said(), "加处罚款"),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _granted(facts: PaymentDeferralGrant, on: Stationery) -> list[Strip]:
    """Return both ways, the one that is granted ticked and filled in, the other left blank."""
    one = facts.granted
    due, amount, left = long_date(one.due_on), in_full(one.amount_fen), in_full(facts.left_fen)
    is_deferral = facts.mode == "deferral"
    return [
        *_way(
            on,
            is_deferral,
            "延期至{延期至}前缴纳罚款{缴纳金额}。",
            {"延期至": due, "缴纳金额": amount},
        ),
        *_way(
            on,
            not is_deferral,
            "分期缴纳罚款，第{期数}期于{本期期限}前缴纳{本期金额}，缴纳后尚欠罚款{尚欠金额}。",
            {"期数": str(one.number), "本期期限": due, "本期金额": amount, "尚欠金额": left},
        ),
    ]


def _way(on: Stationery, is_granted: bool, template: str, blanks: dict[str, str]) -> list[Strip]:
    filled = blanks if is_granted else dict.fromkeys(blanks, "")
    return on.paragraph([Span("☑" if is_granted else "☐"), *on.spans(template, filled)])


TEMPLATE = Template(
    kind="payment_deferral_grant",
    title=TITLE,
    mark="缴批",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PaymentDeferralGrant,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）延期（分期）缴纳罚款批准书；"
        "《行政处罚法》第六十六条第二款、第七十二条"
    ),
)
