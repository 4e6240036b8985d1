"""案件调查终结报告: what the investigation found, and what the officers propose."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, several, text
from pdf_templates.parts.opinions import Said, opinions
from pdf_templates.parts.people import Officer, Party, names_of, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "案件调查终结报告"


@dataclass(frozen=True)
class InvestigationReport:
    """The facts of a 案件调查终结报告."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    filed_on: str = day("立案")
    closed_on: str = day("调查终结")
    section: str = text("承办机构")
    handlers: tuple[Officer, ...] = several("承办人，主办在前", least=2)
    party: Party = part("当事人")
    findings: str = text("案情及违法事实")
    violated: str = text("违反的规定")
    evidence: tuple[str, ...] = several("相关证据")
    discretion: str = text("自由裁量")
    basis: str = text("处罚依据")
    proposal: str = text("拟处罚")
    handlers_say: Said = part("承办人意见及签名")
    legal_review: Said = part("法制审核意见")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")


def content(facts: InvestigationReport, on: Stationery) -> Content:
    """Return the form."""
    listed = "\n".join(f"{number}．{one}" for number, one in enumerate(facts.evidence, 1))
    return Content(
        on.form(
            [
                (Field("案由", facts.cause, 16, 84),),
                (
                    Field("立案日期", long_date(facts.filed_on), 16, 34),
                    Field("调查终结", long_date(facts.closed_on), 16, 34),
                ),
                (
                    Field("承办机构", facts.section, 16, 34),
                    Field("承办人", names_of(facts.handlers), 16, 34),
                ),
                party_block(facts.party, "当事人"),
                Opinion("案情及违法事实", facts.findings, ()),
                Opinion("违反的规定", facts.violated, ()),
                Opinion("相关证据", listed, ()),
                Opinion("自由裁量", facts.discretion, ()),
                Opinion(
                    "处理建议", f"依据{facts.basis}的规定，建议给予{facts.proposal}的行政处罚。", ()
                ),
                *opinions(
                    (
                        ("承办人意见", facts.handlers_say, "承办人"),
                        ("法制审核意见", facts.legal_review, "法制审核人员"),
                        ("审核意见", facts.review, "审核人"),
                        ("审批意见", facts.approval, "审批人"),
                    )
                ),
            ]
        )
    )


TEMPLATE = Template(
    kind="investigation_report",
    title=TITLE,
    mark="终报",
    version="2026.1",
    effective_from="2026-01-01",
    facts=InvestigationReport,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后增设）案件调查终结报告；"
        "《行政处罚法》第五十七条、第五十八条"
    ),
)
