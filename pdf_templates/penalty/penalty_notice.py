"""行政处罚告知书: what penalty is intended and why, and that the party may answer."""

from dataclasses import dataclass

from pdf_templates.fields import count, moment, part, text
from pdf_templates.parts.legal import desk_lines
from pdf_templates.parts.notified import Notified, told
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date

TITLE = "行政处罚告知书"


@dataclass(frozen=True)
class PenaltyNotice:
    """The facts of a 行政处罚告知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    notified: Notified = part("告知的内容")
    statement_days: int = count("提出陈述、申辩的期限（工作日，自收到告知书之日起）", least=1)
    statement_basis: str = text("陈述、申辩依据（法律及条款）")
    copies_note: str = text("份数说明")


def content(facts: PenaltyNotice, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.notified.party.you
    return Content(
        body=[
            *told(on, facts.notified),
            *on.prose(
                f"依据{{陈述申辩依据}}的规定，{you}有权进行陈述和申辩。如对上述处罚有异议，{you}可以"
                "自收到本告知书之日起{期限}个工作日内，向本机关书面或者口头进行陈述和申辩，"
                "并提交相应的证据；逾期不提出的，视为放弃上述权利。"
                "本机关不因陈述、申辩而给予更重的处罚。",
                {"陈述申辩依据": facts.statement_basis, "期限": str(facts.statement_days)},
            ),
            *desk_lines(on, facts.notified.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="penalty_notice",
    title=TITLE,
    mark="罚告",
    version="2026.2",
    effective_from="2026-01-01",
    facts=PenaltyNotice,
    layout=Composed(TITLE, content, REASONED_SHEET, TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政处罚告知书；"
        "《行政处罚法》第四十四条、第四十五条、第六十二条"
    ),
)
