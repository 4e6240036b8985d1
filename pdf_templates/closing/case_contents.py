"""卷内目录: what is in a case file, on which pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Before, Constraint
from pdf_templates.fields import count, day, moment, several, text
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_date

TITLE = "卷内目录"
COLUMNS = (("序号", 8.0), ("文件名称及编号", 48.0), ("日期", 20.0), ("页号", 11.0), ("备注", 13.0))


def _not_before(last: int, first: int) -> str:
    return "" if first <= last else "末页号不应小于起始页号"


def _after(first: int, earlier: Sequence[int]) -> str:
    return "" if first > max(earlier, default=0) else "卷内文件应当按页号先后排列，页号不重复"


@dataclass(frozen=True)
class Listed:
    """One paper of the file."""

    name: str = text("文件名称")
    doc_no: str = text("编号，没有为空", optional=True)
    made_on: str = day("文件形成")
    first_page: int = count("起始页号", least=1)
    last_page: int = count("末页号", least=1)
    remark: str = text("备注，没有为空", optional=True)

    CONSTRAINTS = (Constraint("last_page", ("first_page",), _not_before),)


@dataclass(frozen=True)
class CaseContents:
    """The facts of a 卷内目录."""

    doc_no: str = text("文号，目录不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    case_no: str = text("案卷文号，未编号为空", optional=True)
    case_name: str = text("案件名称")
    listed: tuple[Listed, ...] = several("卷内文件，按页号先后")

    CONSTRAINTS = (Constraint("listed[].first_page", (Before("listed[].last_page"),), _after),)


def content(facts: CaseContents, on: Stationery) -> Content:
    """Return the table."""
    return linked(facts, on, ())


def linked(facts: CaseContents, on: Stationery, pages: Sequence[int]) -> Content:
    """Return the table, each row leading to a page of the file in which it is bound."""
    rows = [
        [
            str(number),
            f"{one.name}\n{one.doc_no}".rstrip(),
            long_date(one.made_on),
            page_numbers(one.first_page, one.last_page),
            one.remark,
        ]
        for number, one in enumerate(facts.listed, 1)
    ]
    number = on.fields(Cell("案卷文号", facts.case_no)) if facts.case_no else []
    name = on.fields(Cell("案件名称", facts.case_name))
    return Content([*number, *name, *on.table(COLUMNS, rows, links=pages)])


def page_numbers(first: int, last: int) -> str:
    """Return 3, or 3-5 where there are several."""
    return f"{first}" if first == last else f"{first}-{last}"


TEMPLATE = Template(
    kind="case_contents",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=CaseContents,
    layout=Composed(TITLE, content),
    source="应急管理行政执法文书（2017 年式样，机构改革后）卷内目录",
)
