"""询问通知书: who is asked to come, where and when, and what to bring."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, text
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, long_time

TITLE = "询问通知书"


@dataclass(frozen=True)
class InterviewNotice:
    """The facts of a 询问通知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("被询问单位或者个人")
    matter: str = text("询问事由，不含“因”字")
    basis: str = text("依据（法律及条款）")
    interview_at: str = moment("到场接受询问的时间")
    place: str = text("询问地点")
    brings_identity_card: bool = part("是否携带身份证")
    brings_licence: bool = part("是否携带营业执照")
    brings_authority: bool = part("是否携带法定代表人身份证明或者委托书")
    brings_other: str = text("携带的其他材料，无则为空", optional=True)
    desk: Desk = part("部门地址和联系人")
    copies_note: str = text("份数说明")


def content(facts: InterviewNotice, on: Stationery) -> Content:
    """Return what both copies say."""
    you = facts.addressee.you
    other = f"其他：{facts.brings_other}" if facts.brings_other else "其他"
    materials = (
        ("身份证", facts.brings_identity_card),
        ("营业执照", facts.brings_licence),
        ("法定代表人身份证明或者授权委托书", facts.brings_authority),
        (other, bool(facts.brings_other)),
    )
    return Content(
        body=[
            *on.prose("{被询问人}：", {"被询问人": facts.addressee.name}, first=0),
            *on.prose(
                f"因{{询问事由}}，依据{{依据}}，请{you}于{{询问时间}}到{{询问地点}}"
                "接受询问调查，来时请携带下列证件材料（见打√处）：",
                {
                    "询问事由": facts.matter,
                    "依据": facts.basis,
                    "询问时间": long_time(facts.interview_at),
                    "询问地点": facts.place,
                },
                keep=True,
            ),
            *(strip for material in materials for strip in on.ticks([material])),
            *on.prose(f"如{you}无法按时前来，请及时联系。"),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="interview_notice",
    title=TITLE,
    mark="询",
    version="2026.1",
    effective_from="2026-01-01",
    facts=InterviewNotice,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）询问通知书；《行政处罚法》第五十五条第二款"
    ),
)
