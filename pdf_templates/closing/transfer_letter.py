"""案件移送书: a case, or a clue, handed to the authority that it belongs to."""

from dataclasses import dataclass

from pdf_templates.closing.enclosures import COPIES, Enclosure, listed_materials
from pdf_templates.fields import day, moment, part, several, text
from pdf_templates.parts.legal import Desk, desk_lines
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date

TITLE = "案件移送书"


@dataclass(frozen=True)
class TransferLetter:
    """The facts of a 案件移送书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    receiver: str = text("受移送机关")
    case_name: str = text("案件名称")
    investigated_on: str = day("立案调查（未立案的为发现）")
    findings: tuple[str, ...] = several("调查发现")
    reasons: str = text("移送理由")
    basis: str = text("移送依据（法律及条款）")
    enclosures: tuple[Enclosure, ...] = several("移送材料")
    desk: Desk = part("联系方式")
    copies_note: str = text("份数说明")


def content(facts: TransferLetter, on: Stationery) -> Content:
    """Return what both copies say."""
    return Content(
        body=[
            *on.prose("{受移送机关}：", {"受移送机关": facts.receiver}, first=0),
            *on.prose(
                "本机关于{立案调查日期}对{案件名称}一案进行调查，发现：",
                {
                    "立案调查日期": long_date(facts.investigated_on),
                    "案件名称": facts.case_name.removesuffix("案"),
                },
                keep=True,
            ),
            *on.items(map(ended, facts.findings), "调查发现"),
            *on.prose(
                "{移送理由}依据{移送依据}的规定，现将该案移送你单位处理，请将处理结果书面告知本机关。",
                {"移送理由": ended(facts.reasons), "移送依据": facts.basis},
            ),
            *desk_lines(on, facts.desk),
            *listed_materials(on, facts.enclosures),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="transfer_letter",
    title=TITLE,
    mark="移",
    version="2026.1",
    effective_from="2026-01-01",
    facts=TransferLetter,
    layout=Composed(TITLE, content, REASONED_SHEET, COPIES),
    source=("应急管理行政执法文书（2017 年式样，机构改革后）案件移送书；《安全生产法》第六十九条"),
)
