"""现场工作清单: what is to be ticked off at one draw."""

from collections.abc import Collection
from dataclasses import dataclass

from pdf_templates.draw.parts import Signer, heading, kept, paper, signing_lines
from pdf_templates.fields import moment, several, text
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Cell
from pdf_templates.template import Template

NOTE = "逐项办理，逐项打勾，随抽取案卷保存。"


@dataclass(frozen=True)
class Part:
    """One section of the list."""

    title: str = text("标题")
    items: tuple[str, ...] = several("事项")


@dataclass(frozen=True)
class Checklist:
    """The facts of a 现场工作清单."""

    doc_no: str = text("抽取编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    parts: tuple[Part, ...] = several("各部分")
    signers: tuple[Signer, ...] = several("签名人")


def layout(facts: Checklist, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages."""
    rows: list[Strip] = [*RECORDS.fields(Cell("抽取机关", facts.authority, 100))]
    for part in facts.parts:
        section = heading(part.title)
        for item in part.items:
            section += RECORDS.paragraph(
                [Span("☐ "), Span(item, field=part.title)], first=0, rest=1.5
            )
        if part is facts.parts[-1]:  # whole on the page that is signed: no single item goes over
            section = kept(section)
        rows += section
    return paper(TEMPLATE.title, facts.doc_no, "", NOTE, rows, signing_lines(facts.signers))


TEMPLATE = Template(
    kind="draw_checklist",
    title="双随机抽取现场工作清单",
    mark="抽单",
    version="2026.1",
    effective_from="2026-01-01",
    facts=Checklist,
    layout=layout,
    source="自拟式样；事项见 docs/draw-ceremony.zh-CN.md",
)
