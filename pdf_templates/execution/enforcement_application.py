"""强制执行申请书: the court is asked to carry out a decision; the head of the authority signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.execution.fined import Fined, Owed
from pdf_templates.fields import count, day, moment, part, several, text
from pdf_templates.money import in_full
from pdf_templates.parts.legal import Desk, desk_lines
from pdf_templates.parts.people import Attendee, Party, party_lines
from pdf_templates.parts.signing import people_sign
from pdf_templates.setting.lines import unbroken
from pdf_templates.setting.page import Strip
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, unended

TITLE = "强制执行申请书"
COPIES = ("存档联", "人民法院联")


@dataclass(frozen=True)
class Material:
    """One of the documents that the application comes with."""

    name: str = text("材料名称")
    copies: int = count("份数（份）", least=1)


def _requested_or_owed(requests: Sequence[object], owed: object) -> str:
    return "" if owed is not None or requests else "应当写明申请执行的事项"


def _after_terms(made_at: str, ended_on: str) -> str:
    if ended_on < made_at[:10]:
        return ""
    return "申请行政复议、提起行政诉讼的期限届满以前，不能申请强制执行"


def _after_demand(made_at: str, demanded_on: str) -> str:
    return "" if demanded_on < made_at[:10] else "申请强制执行应当在催告以后"


@dataclass(frozen=True)
class EnforcementApplication:
    """The facts of a 强制执行申请书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    authority_address: str = text("申请人住所")
    head: Attendee = part("申请人法定代表人及职务")
    court: str = text("受理申请的人民法院")
    respondent: Party = part("被申请人")
    fined: Fined = part("申请执行的行政处罚决定")
    decision: str = text("行政决定内容")
    served_on: str = day("行政处罚决定书送达")
    contest_ended_on: str = day("申请行政复议、提起行政诉讼期限均已届满")
    performed: str = text("已履行和未履行的情况")
    demand_no: str = text("行政强制执行事先催告书文号")
    demanded_on: str = day("催告书送达")
    response: str = text("催告后当事人的意见和履行情况", personal=True)
    basis: str = text("申请依据（法律及条款）")
    owed: Owed | None = part("申请执行的罚款和加处罚款，没有为 null")
    requests: tuple[str, ...] = part("申请执行的其他事项，没有则为空列表")
    assets: str = text("申请强制执行标的情况")
    materials: tuple[Material, ...] = several("附件材料")
    desk: Desk = part("申请人地址及联系人")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("requests", ("owed",), _requested_or_owed),
        Constraint("made_at", ("contest_ended_on",), _after_terms),
        Constraint("made_at", ("demanded_on",), _after_demand),
    )


def content(facts: EnforcementApplication, on: Stationery) -> Content:
    """Return what both copies say."""
    head = facts.head
    return Content(
        body=[
            *on.prose(
                "申请人：{申请人}，住所：{申请人住所}，法定代表人：{法定代表人}，职务：{职务}。",
                {
                    "申请人": facts.authority,
                    "申请人住所": facts.authority_address,
                    "法定代表人": head.name,
                    "职务": head.post,
                },
            ),
            *desk_lines(on, facts.desk),
            *on.prose("被申请人：{被申请人}", {"被申请人": facts.respondent.name}, keep=True),
            *party_lines(on, facts.respondent),
            *on.headline("一、申请执行的事项"),
            *_requested(facts, on),
            *on.headline("二、事实和理由"),
            *_reasons(facts, on),
            *on.headline("三、申请强制执行标的情况"),
            *on.said(ended(facts.assets), "执行标的情况"),
            *on.prose("此致", keep=True),
            *on.prose("{法院}", {"法院": facts.court}, first=0),
            *on.headline("附件材料"),
            *on.items(
                (
                    f"{unended(one.name)}，{unbroken(f'{one.copies}份')}。"
                    for one in facts.materials
                ),
                "附件材料",
            ),
        ],
        closing=[
            on.space(1),
            *people_sign(on, "签发人（行政机关负责人签名）"),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _requested(facts: EnforcementApplication, on: Stationery) -> list[Strip]:
    owed = facts.owed
    amount = (
        f"强制被申请人缴纳罚款{in_full(owed.fine_fen)}，加处罚款{in_full(owed.surcharge_fen)}，"
        f"合计{in_full(owed.total_fen)}。"
        if owed
        else ""
    )
    all_of_them = [said for said in (amount, *map(ended, facts.requests)) if said]
    if len(all_of_them) == 1:
        return on.said(all_of_them[0], "申请执行的事项")
    return on.items(all_of_them, "申请执行的事项")


def _reasons(facts: EnforcementApplication, on: Stationery) -> list[Strip]:
    return [
        *on.prose(
            "申请人于{决定日期}对被申请人作出行政处罚决定（文号：{决定书文号}），决定内容为：{决定内容}"
            "该决定书于{送达日期}送达被申请人。",
            {
                "决定日期": long_date(facts.fined.decided_on),
                "决定书文号": facts.fined.doc_no,
                "决定内容": ended(facts.decision),
                "送达日期": long_date(facts.served_on),
            },
        ),
        *on.prose(
            "被申请人在法定期限内未申请行政复议，也未提起行政诉讼，上述期限已于{期限届满日期}届满。"
            "{履行情况}",
            {
                "期限届满日期": long_date(facts.contest_ended_on),
                "履行情况": ended(facts.performed),
            },
        ),
        *on.prose(
            "申请人于{催告日期}向被申请人送达《行政强制执行事先催告书》（文号：{催告书文号}）。"
            "{催告后情况}",
            {
                "催告日期": long_date(facts.demanded_on),
                "催告书文号": facts.demand_no,
                "催告后情况": ended(facts.response),
            },
        ),
        *on.prose("依据{申请依据}的规定，特申请贵院强制执行。", {"申请依据": facts.basis}),
    ]


TEMPLATE = Template(
    kind="enforcement_application",
    title=TITLE,
    mark="强执",
    version="2026.3",
    effective_from="2026-01-01",
    facts=EnforcementApplication,
    layout=Composed(TITLE, content, REASONED_SHEET, COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）强制执行申请书；"
        "《行政强制法》第五十三条至第五十五条"
    ),
)
