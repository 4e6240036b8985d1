"""行政检查案卷（首页）: what was checked, by whom, with which result, and how long it is kept."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, several, text
from pdf_templates.parts.people import Officer, certs_of, names_of
from pdf_templates.setting.forms import Field
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date, long_days

TITLE = "行政检查案卷（首页）"


@dataclass(frozen=True)
class InspectionCover:
    """The facts of a 行政检查案卷（首页）."""

    doc_no: str = text("检查任务编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    unit: str = text("被检查单位")
    uscc: str = text("统一社会信用代码")
    source: str = text("任务来源")
    draw_no: str = text("抽取编号，非双随机为空", optional=True)
    inspected_on: str = day("检查开始")
    inspected_until: str = day("检查结束")
    officers: tuple[Officer, ...] = several("检查人员，主办在前", least=2)
    result: str = text("检查结果")
    state: str = text("办理情况")
    archived_on: str = day("归档，未归档为空", optional=True)
    archive_no: str = text("归档号，未归档为空", optional=True)
    retention: str = text("保存期限，未确定为空", optional=True)


def content(facts: InspectionCover, on: Stationery) -> Content:
    """Return the cover."""
    drawn = f"（抽取编号：{facts.draw_no}）" if facts.draw_no else ""
    archived = long_date(facts.archived_on) if facts.archived_on else ""
    return Content(
        on.form(
            [
                (Field("机关名称", facts.authority, 20, 80),),
                (Field("被检查单位", facts.unit, 20, 80),),
                (Field("统一社会信用代码", facts.uscc, 20, 80),),
                (Field("任务来源", facts.source + drawn, 20, 80),),
                (Field("检查日期", long_days(facts.inspected_on, facts.inspected_until), 20, 80),),
                (Field("检查人员", names_of(facts.officers), 20, 80),),
                (Field("执法证号", certs_of(facts.officers), 20, 80),),
                (Field("检查结果", facts.result, 20, 80),),
                (Field("办理情况", facts.state, 20, 80),),
                (
                    Field("归档日期", archived, 20, 30),
                    Field("归档号", facts.archive_no, 20, 30),
                ),
                (Field("保存期限", facts.retention, 20, 80),),
            ]
        )
    )


TEMPLATE = Template(
    kind="inspection_cover",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=InspectionCover,
    layout=Composed(TITLE, content, FORMS),
    source="自拟；参照应急管理行政执法文书（2017 年式样）案卷（首页）",
)
