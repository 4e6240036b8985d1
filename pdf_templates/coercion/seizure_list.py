"""查封扣押（场所、设施、财物）清单: each sealed or seized thing, checked and signed."""

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

TITLE = "查封扣押（场所、设施、财物）清单"


@dataclass(frozen=True)
class Seized:
    """One place, facility or thing; a building has an address and an area."""

    name: str = text("名称")
    specification: str = text("规格型号或者地址", optional=True)
    unit: str = text("单位")
    quantity: str = text("数量或者面积")
    note: str = text("备注", optional=True)


@dataclass(frozen=True)
class SeizureList:
    """The facts of a 查封扣押清单."""

    doc_no: str = text("文号，清单不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    list_no: str = text("清单编号")
    decision_no: str = text("所附查封扣押决定书文号")
    party: str = text("当事人", personal=True)
    items: tuple[Seized, ...] = several("查封扣押的场所、设施、财物")
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (SIGNED_BY_OFFICERS,)


def content(facts: SeizureList, on: Stationery) -> Content:
    """Return what both copies say."""
    rows = [
        (str(number), one.name, struck(one.specification), one.unit, one.quantity, struck(one.note))
        for number, one in enumerate(facts.items, 1)
    ]
    return Content(
        body=[
            *on.fields(Cell("清单编号", facts.list_no, 40), Cell("决定书", facts.decision_no, 60)),
            *on.fields(Cell("当事人", facts.party)),
            *on.table(
                [
                    ("编号", 8),
                    ("名称", 23),
                    ("规格型号或者地址", 25),
                    ("单位", 8),
                    ("数量或者面积", 12),
                    ("备注", 24),
                ],
                rows,
            ),
            *on.prose("以上场所、设施、财物已当场清点，核对无误。"),
        ],
        closing=[
            *receives(on, "当事人", "本清单", facts.signatures),
            *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
            *notes_on(on, facts.signatures),
            on.space(0.25),
            dated(on, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="seizure_list",
    title=TITLE,
    mark="",
    version="2026.2",
    effective_from="2026-01-01",
    facts=SeizureList,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）查封扣押（场所、设施、财物）清单；"
        "《行政强制法》第二十四条第三款"
    ),
)
