"""先行登记保存证据通知书: which evidence may neither be moved nor lost until it is decided on."""

from dataclasses import dataclass

from pdf_templates.evidence.preservation_approval import IN_PLACE, WHERE
from pdf_templates.fields import choice, count, moment, part, text
from pdf_templates.parts.people import Addressee
from pdf_templates.parts.signing import received
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, long_time

TITLE = "先行登记保存证据通知书"


@dataclass(frozen=True)
class PreservationNotice:
    """The facts of a 先行登记保存证据通知书; the list of the evidence is a document of its own."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    addressee: Addressee = part("当事人")
    conduct: str = text("涉嫌的违法行为，不含“涉嫌”二字")
    basis: str = text("依据（法律及条款）")
    list_no: str = text("证据清单编号")
    where: str = choice("保存方式", WHERE)
    kept_at: str = text("保存地点")
    decision_working_days: int = count("作出处理决定的期限（工作日）", least=1)
    appear_at: str = moment("接受处理的时间")
    appear_place: str = text("接受处理的地点")
    copies_note: str = text("份数说明")


def content(facts: PreservationNotice, on: Stationery) -> Content:
    """Return what both copies say."""
    you = facts.addressee.you
    duty = (
        f"就地保存的证据，{you}负有妥善保管义务，不得短缺、灭失、损毁或者擅自移动。"
        if facts.where == IN_PLACE
        else "异地保存的证据由本机关妥善保管，不使用、不损毁。"
    )
    return Content(
        body=[
            *on.prose("{当事人}：", {"当事人": facts.addressee.name}, first=0),
            *on.prose(
                f"{you}涉嫌{{涉嫌行为}}。因有关证据可能灭失或者以后难以取得，依据{{依据}}，"
                "经本机关负责人批准，现对{清单编号}《先行登记保存证据清单》所列证据先行登记保存，"
                f"保存方式为{{保存方式}}，保存地点为{{保存地点}}。请{you}于{{接受处理时间}}"
                "到{接受处理地点}接受处理。",
                {
                    "涉嫌行为": facts.conduct,
                    "依据": facts.basis,
                    "清单编号": facts.list_no,
                    "保存方式": WHERE[facts.where],
                    "保存地点": facts.kept_at,
                    "接受处理时间": long_time(facts.appear_at),
                    "接受处理地点": facts.appear_place,
                },
            ),
            *on.prose(
                "对先行登记保存的证据，本机关将自登记保存之日起{处理期限}个工作日内依法作出处理"
                f"决定。在此期间，{you}和有关人员不得销毁或者转移证据。{duty}",
                {"处理期限": f"{facts.decision_working_days}"},
            ),
            *on.prose(f"请{you}核对证据清单后签字确认。"),
        ],
        closing=[
            *received(on, "当事人"),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="preservation_notice",
    title=TITLE,
    mark="先保通",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PreservationNotice,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）先行登记保存证据通知书；"
        "《行政处罚法》第五十六条、第八十五条"
    ),
)
