"""先行登记保存证据清单: the preserved evidence item by item, checked and signed."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, several, text
from pdf_templates.parts.people import Officer
from pdf_templates.parts.signing import (
    SIGNED_BY_OFFICERS,
    Signature,
    dated,
    notes_on,
    officers_sign,
    receives,
)
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, struck

TITLE = "先行登记保存证据清单"


@dataclass(frozen=True)
class Preserved:
    """One preserved thing; what does not apply to it is left empty."""

    name: str = text("证据名称")
    specification: str = text("规格型号", optional=True)
    origin: str = text("产地", optional=True)
    condition: str = text("成色（品级）", optional=True)
    unit: str = text("单位")
    price: str = text("价格", optional=True)
    quantity: str = text("数量")
    note: str = text("备注", optional=True)


@dataclass(frozen=True)
class PreservationList:
    """The facts of a 先行登记保存证据清单."""

    doc_no: str = text("文号，清单不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    list_no: str = text("清单编号")
    notice_no: str = text("所附通知书文号")
    notified: str = text("被通知人", personal=True)
    items: tuple[Preserved, ...] = several("证据")
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("承办人，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (SIGNED_BY_OFFICERS,)


def content(facts: PreservationList, on: Stationery) -> Content:
    """Return what both copies say."""
    rows = [
        (
            str(number),
            one.name,
            struck(one.specification),
            struck(one.origin),
            struck(one.condition),
            one.unit,
            struck(one.price),
            one.quantity,
            struck(one.note),
        )
        for number, one in enumerate(facts.items, 1)
    ]
    return Content(
        body=[
            *on.fields(Cell("清单编号", facts.list_no, 40), Cell("通知书", facts.notice_no, 60)),
            *on.fields(Cell("被通知人", facts.notified)),
            *on.table(
                [
                    ("序号", 7),
                    ("证据名称", 18),
                    ("规格型号", 13),
                    ("产地", 10),
                    ("成色\n（品级）", 12),
                    ("单位", 10),
                    ("价格", 10),
                    ("数量", 10),
                    ("备注", 10),
                ],
                rows,
            ),
            *on.prose("上述物品经核无误。"),
        ],
        closing=[
            *receives(on, "被通知人", "本清单", facts.signatures),
            *officers_sign(on, "承办人（签名）", facts.officers, facts.signatures),
            *notes_on(on, facts.signatures),
            on.space(0.25),
            dated(on, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="preservation_list",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=PreservationList,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）先行登记保存证据清单；"
        "《行政处罚法》第五十六条"
    ),
)
