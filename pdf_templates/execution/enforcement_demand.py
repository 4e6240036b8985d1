"""行政强制执行事先催告书: a last time to carry out a decision before the court is asked."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined, Owed
from pdf_templates.fields import count, day, moment, part, text
from pdf_templates.money import in_full
from pdf_templates.parts.legal import Account, Desk, desk_fields
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "行政强制执行事先催告书"


def _owed_or_other(owed: object, other: str) -> str:
    return "" if owed is not None or other else "应当写明缴纳的金额或者应当履行的其他决定内容"


def _payable_where_owed(account: object, owed: object) -> str:
    is_told = (account is None) == (owed is None)
    return "" if is_told else "应当缴款的须写明收款账户，不涉及缴款的为 null"


@dataclass(frozen=True)
class EnforcementDemand:
    """The facts of a 行政强制执行事先催告书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    fined: Fined = part("行政处罚决定")
    served_on: str = day("行政处罚决定书送达")
    undone: str = text("未履行的内容")
    basis: str = text("催告依据（法律及条款）")
    demand_days: int = count("催告书送达后申请强制执行前的期限（工作日）", least=1)
    owed: Owed | None = part("应当缴纳的罚款和加处罚款，没有为 null")
    account: Account | None = part("收款账户，不涉及缴款为 null")
    other: str = text("应当立即履行的其他决定内容，没有为空", optional=True)
    court: str = text("有管辖权的人民法院")
    desk: Desk = part("部门地址及联系方式")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("owed", ("other",), _owed_or_other),
        Constraint("account", ("owed",), _payable_where_owed),
    )


def content(facts: EnforcementDemand, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.addressee.you
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0, keep=True),
            *on.prose(
                f"本机关于{{决定日期}}对{you}作出行政处罚决定（文号：{{决定书文号}}），并于{{送达日期}}"
                f"送达。{you}在法定期限内未申请行政复议，也未提起行政诉讼，至今未履行下列内容："
                "{未履行的内容}",
                {
                    "决定日期": long_date(facts.fined.decided_on),
                    "决定书文号": facts.fined.doc_no,
                    "送达日期": long_date(facts.served_on),
                    "未履行的内容": ended(facts.undone),
                },
            ),
            *on.prose(
                f"依据{{催告依据}}的规定，现催告{you}自收到本催告书之日起{{期限}}个工作日内履行下列义务"
                "（见打√处）：",
                {"催告依据": facts.basis, "期限": str(facts.demand_days)},
                keep=True,
            ),
            *_duties(facts, on),
            *on.prose(
                f"{you}收到本催告书后有权进行陈述和申辩。如不履行上述义务，本机关将依法向{{法院}}申请"
                "强制执行。",
                {"法院": facts.court},
            ),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _duties(facts: EnforcementDemand, on: Stationery) -> list[Strip]:
    """Return both kinds of duties, those that there are ticked and filled in."""
    owed, account = facts.owed, facts.account
    amounts = (owed.fine_fen, owed.surcharge_fen, owed.total_fen) if owed else ()
    fine, surcharge, total = map(in_full, amounts) if owed else ("", "", "")
    return [
        *_duty(
            on,
            owed is not None,
            "缴纳罚款{罚款}，加处罚款{加处罚款}，合计{合计}，缴至{缴款处}。",
            {
                "罚款": fine,
                "加处罚款": surcharge,
                "合计": total,
                "缴款处": account.said() if account else "",
            },
        ),
        *_duty(
            on,
            bool(facts.other),
            "立即履行其他决定内容：{其他决定内容}。",
            {"其他决定内容": facts.other.rstrip("。")},
        ),
    ]


def _duty(on: Stationery, is_due: bool, template: str, blanks: dict[str, str]) -> list[Strip]:
    return on.paragraph([Span("☑" if is_due else "☐"), *on.spans(template, blanks)])


TEMPLATE = Template(
    kind="enforcement_demand",
    title=TITLE,
    mark="执行催告",
    version="2026.1",
    effective_from="2026-01-01",
    facts=EnforcementDemand,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政强制执行事先催告书；"
        "《行政强制法》第五十四条、第六十九条"
    ),
)
