"""案卷（首页）: the cover of a closed case."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, several, text
from pdf_templates.parts.people import Officer, names_of
from pdf_templates.setting.forms import Field, form
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.setting.tables import Look
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "安全生产违法案件案卷（首页）"
LARGE = Look(size=13.0, pitch=25.0, beside=6.0, above=12.0, base=17.0)


@dataclass(frozen=True)
class CaseCover:
    """The facts of a 案卷（首页）."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_name: str = text("案件名称")
    cause: str = text("案由")
    outcome: str = text("处理结果")
    filed_on: str = day("立案")
    closed_on: str = day("结案，未结案为空", optional=True)
    handlers: tuple[Officer, ...] = several("承办人", least=2)
    archived_on: str = day("归档，未归档为空", optional=True)
    archive_no: str = text("归档号，未归档为空", optional=True)
    retention: str = text("保存期限，未确定为空", optional=True)


def content(facts: CaseCover, on: Stationery) -> Content:
    """Return the cover."""
    return Content(
        form(
            [
                (Field("机关名称", facts.authority, 18, 82),),
                (Field("案件名称", facts.case_name, 18, 82),),
                (Field("案由", facts.cause, 18, 82),),
                (Field("处理结果", facts.outcome, 18, 82),),
                (
                    Field("立案日期", long_date(facts.filed_on), 18, 32),
                    Field("结案日期", _on(facts.closed_on), 18, 32),
                ),
                (Field("承办人", names_of(facts.handlers), 18, 82),),
                (
                    Field("归档日期", _on(facts.archived_on), 18, 32),
                    Field("归档号", facts.archive_no, 18, 32),
                ),
                (Field("保存期限", facts.retention, 18, 82),),
            ],
            paper=on.paper,
            look=LARGE,
        )
    )


def _on(day: str) -> str:
    return long_date(day) if day else ""


TEMPLATE = Template(
    kind="case_cover",
    title=TITLE,
    mark="案",
    version="2026.1",
    effective_from="2026-01-01",
    facts=CaseCover,
    layout=Composed(TITLE, content, FORMS),
    source="应急管理行政执法文书（2017 年式样，机构改革后）案卷（首页）",
)
