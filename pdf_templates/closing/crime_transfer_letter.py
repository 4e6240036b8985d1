"""涉嫌犯罪案件移送书: a case handed to the police, with the slip on which they sign for it."""

from dataclasses import dataclass

from pdf_templates.closing.enclosures import COPIES, Enclosure, counted, listed_materials
from pdf_templates.fields import count, day, moment, part, several, text
from pdf_templates.parts.legal import Desk, desk_lines
from pdf_templates.parts.people import Party, party_lines
from pdf_templates.parts.signing import dated_lines
from pdf_templates.setting.page import Strip
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.reasoned import TITLE as TITLE_SIZE
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "涉嫌犯罪案件移送书"


@dataclass(frozen=True)
class CrimeTransferLetter:
    """The facts of a 涉嫌犯罪案件移送书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    receiver: str = text("受移送的同级公安机关")
    case_name: str = text("案件名称")
    party: Party = part("涉嫌犯罪的单位或者个人")
    investigated_on: str = day("立案调查（未立案的为发现）")
    findings: tuple[str, ...] = several("查明的涉嫌犯罪事实")
    crime: str = text("涉嫌的罪名及刑法条款")
    basis: str = text("移送依据（法规及条款）")
    approved_on: str = day("本机关负责人批准移送")
    review_days: int = count("公安机关审查期限（日）", least=1)
    review_basis: str = text("公安机关审查期限的依据（法规及条款）")
    enclosures: tuple[Enclosure, ...] = several("移送材料：调查报告、涉案物品清单、检验鉴定、其他")
    sent_to: str = text("抄送的人民检察院，不抄送为空", optional=True)
    desk: Desk = part("联系方式")
    copies_note: str = text("份数说明")


def content(facts: CrimeTransferLetter, on: Stationery) -> Content:
    """Return what both copies say; the slip is a page of its own."""
    return Content(
        body=[
            *on.prose("{受移送机关}：", {"受移送机关": facts.receiver}, first=0),
            *on.prose(
                "本机关于{立案调查日期}对{案件名称}一案进行调查，涉嫌犯罪的当事人为{当事人}，"
                "基本情况如下：",
                {
                    "立案调查日期": long_date(facts.investigated_on),
                    "案件名称": facts.case_name.removesuffix("案"),
                    "当事人": facts.party.name,
                },
                keep=True,
            ),
            *party_lines(on, facts.party),
            *on.prose("经调查，查明下列事实：", keep=True),
            *on.items(map(ended, facts.findings), "涉嫌犯罪事实"),
            *on.prose(
                "上述行为涉嫌构成{罪名}，依法需要追究刑事责任。依据{移送依据}的规定，经本机关负责人于"
                "{批准日期}批准，现将该案移送你单位。",
                {
                    "罪名": facts.crime,
                    "移送依据": facts.basis,
                    "批准日期": long_date(facts.approved_on),
                },
            ),
            *on.prose(
                "请在回执上签字。依据{审查依据}的规定，请自接受移送之日起"
                f"{facts.review_days}日内进行审查，并将立案或者不予立案的决定书面通知本机关；"
                "不予立案的，请说明理由并退回案卷材料。",
                {"审查依据": facts.review_basis},
            ),
            *desk_lines(on, facts.desk),
            *listed_materials(on, facts.enclosures),
            *(on.prose("抄送：{抄送}", {"抄送": facts.sent_to}) if facts.sent_to else ()),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
        annexes=[_slip(facts, on)],
    )


def _slip(facts: CrimeTransferLetter, on: Stationery) -> list[Strip]:
    """Return the slip that the police sign and give back."""
    lead = on.paper.leading
    return [
        Strip(2 * lead, (on.centred(f"{TITLE}（回执）", TITLE_SIZE, 28, "title"),)),
        on.space(1),
        *on.prose("{移送机关}：", {"移送机关": facts.authority}, first=0),
        *on.prose(
            "你单位于{移送日期}移送的{案件名称}一案（移送书文号：{移送书文号}）及所附材料"
            f"（{counted(facts.enclosures)}）已收到，经核对无误。",
            {
                "移送日期": long_date(facts.made_at[:10]),
                "案件名称": facts.case_name.removesuffix("案"),
                "移送书文号": facts.doc_no,
            },
        ),
        on.space(2),
        *dated_lines(on, "接收人"),
        on.space(1),
        Strip(lead, (on.ending("（接收机关印章）", on.paper.size, on.base, 4 * on.em),)),
    ]


TEMPLATE = Template(
    kind="crime_transfer_letter",
    title=TITLE,
    mark="罪移",
    version="2026.2",
    effective_from="2026-01-01",
    facts=CrimeTransferLetter,
    layout=Composed(TITLE, content, REASONED_SHEET, COPIES),
    source=(
        "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号，2020修订）第三、五至八条，"
        "《行政处罚法》第二十七条；式样为自定，文种代字“罪移”为自定"
    ),
)
