"""现场处理措施决定书: what must stop at once, because safety cannot be assured."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, part, several, text
from pdf_templates.parts.legal import Remedies
from pdf_templates.parts.people import Officer
from pdf_templates.parts.signing import (
    SIGNED_BY_OFFICERS,
    Signature,
    notes_on,
    officers_sign,
    receives,
)
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, OnReceipt, Template
from pdf_templates.wording import ended, long_date

TITLE = "现场处理措施决定书"
PARTY = "被检查单位负责人"
RESUMPTION = "重大事故隐患排除后，经本机关审查同意，方可恢复生产经营和使用。"


@dataclass(frozen=True)
class MeasuresDecision:
    """The facts of a 现场处理措施决定书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被检查单位")
    uscc: str = text("统一社会信用代码")
    inspected_on: str = day("检查")
    record_no: str = text("现场检查记录文号")
    findings: tuple[str, ...] = several("违法违规行为和事故隐患")
    basis: str = text("依据（法律及条款）")
    measures: tuple[str, ...] = several("处理决定")
    is_major: bool = part("是否涉及重大事故隐患，排除后须经审查同意方可恢复")
    remedies: Remedies = part("救济途径")
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (SIGNED_BY_OFFICERS,)


def content(facts: MeasuresDecision, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(
        body=[
            *on.fields(Cell("被检查单位", facts.unit)),
            *on.fields(Cell("统一社会信用代码", facts.uscc)),
            *on.prose(
                "本机关于{检查日期}现场检查时（记录文号：{记录文号}），发现你单位有下列违法违规行为"
                "和事故隐患：",
                {"检查日期": long_date(facts.inspected_on), "记录文号": facts.record_no},
                keep=True,
            ),
            *on.items(map(ended, facts.findings), "违法违规行为和事故隐患"),
            *on.prose(
                "以上存在的问题无法保证安全生产，依据{依据}的规定，现作出如下现场处理决定：",
                {"依据": facts.basis},
                keep=True,
            ),
            *on.items(map(ended, facts.measures), "处理决定"),
            *(on.prose(RESUMPTION) if facts.is_major else ()),
            *on.said(facts.remedies.said(), "救济途径"),
        ],
        closing=_closing(facts, on),
        note=facts.copies_note,
    )


def _closing(facts: MeasuresDecision, on: Stationery) -> list[Strip]:
    return [
        on.space(0.25),
        *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
        *receives(on, PARTY, "本决定书", facts.signatures),
        *notes_on(on, facts.signatures),
        *on.seal(facts.authority, long_date(facts.made_at[:10])),
    ]


TEMPLATE = Template(
    kind="measures_decision",
    title=TITLE,
    mark="现决",
    version="2026.2",
    effective_from="2026-01-01",
    facts=MeasuresDecision,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    receipt=OnReceipt(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）现场处理措施决定书；"
        "《安全生产法》第六十五条第一款第三项；《行政复议法》第二十、二十四条，《行政诉讼法》第四十六条"
    ),
)
