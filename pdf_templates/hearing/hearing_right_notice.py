"""行政处罚听证告知书: what penalty is intended and why, and the right to a hearing."""

from dataclasses import dataclass

from pdf_templates.fields import count, moment, part, text
from pdf_templates.parts.legal import desk_lines
from pdf_templates.parts.notified import Notified, told
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date

TITLE = "行政处罚听证告知书"


@dataclass(frozen=True)
class HearingRightNotice:
    """The facts of a 行政处罚听证告知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    notified: Notified = part("告知的内容")
    request_days: int = count("要求听证的期限（工作日，自收到告知书之日起）", least=1)
    hearing_basis: str = text("听证依据（法律及条款）")
    copies_note: str = text("份数说明")


def content(facts: HearingRightNotice, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.notified.party.you
    return Content(
        body=[
            *told(on, facts.notified),
            *on.prose(
                f"依据{{听证依据}}的规定，{you}有要求举行听证的权利。如要求听证，{you}应当自收到本告知书"
                "之日起{期限}个工作日内向本机关提出；逾期不提出的，视为放弃要求听证的权利。"
                f"{you}不承担本机关组织听证的费用。",
                {"听证依据": facts.hearing_basis, "期限": str(facts.request_days)},
            ),
            *desk_lines(on, facts.notified.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="hearing_right_notice",
    title=TITLE,
    mark="听告",
    version="2026.2",
    effective_from="2026-01-01",
    facts=HearingRightNotice,
    layout=Composed(TITLE, content, REASONED_SHEET, TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政处罚听证告知书；"
        "《行政处罚法》第六十三条、第六十四条、第八十五条"
    ),
)
