"""抽样取证凭证: which samples were taken as evidence, where, in whose presence."""

from dataclasses import dataclass

from pdf_templates.fields import moment, part, several, text
from pdf_templates.parts.people import Officer
from pdf_templates.parts.signing import (
    SIGNED_BY_OFFICERS,
    Signature,
    notes_on,
    officers_sign,
    receives,
)
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, long_time, struck

TITLE = "抽样取证凭证"


@dataclass(frozen=True)
class Sample:
    """One kind of thing of which a sample was taken."""

    name: str = text("证据物品名称")
    specification: str = text("规格及批号", optional=True)
    quantity: str = text("数量，写明单位")


@dataclass(frozen=True)
class SamplingReceipt:
    """The facts of a 抽样取证凭证."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    sampled: str = text("被抽样取证人（单位）", personal=True)
    manager: str = text("现场负责人", personal=True)
    address: str = text("地址", personal=True)
    phone: str = text("联系电话", personal=True, optional=True)
    postcode: str = text("邮政编码", personal=True, optional=True)
    started_at: str = moment("抽样取证开始时间")
    ended_at: str = moment("抽样取证结束时间")
    place: str = text("抽样地点")
    basis: str = text("依据（法律及条款）")
    samples: tuple[Sample, ...] = several("抽取的证据物品")
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (SIGNED_BY_OFFICERS,)


def content(facts: SamplingReceipt, on: Stationery) -> Content:
    """Return what both copies say."""
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    rows = [
        (str(number), one.name, struck(one.specification), one.quantity)
        for number, one in enumerate(facts.samples, 1)
    ]
    return Content(
        body=[
            *on.fields(Cell("被抽样取证人（单位）", facts.sampled)),
            *on.fields(Cell("现场负责人", facts.manager, 46), Cell("联系电话", facts.phone, 54)),
            *on.fields(Cell("地址", facts.address, 70), Cell("邮政编码", facts.postcode, 30)),
            *on.fields(Cell("抽样取证时间", span)),
            *on.fields(Cell("抽样地点", facts.place)),
            *on.prose(
                "依据{依据}，本机关对下列物品进行抽样取证：", {"依据": facts.basis}, keep=True
            ),
            *on.table([("序号", 10), ("证据物品名称", 38), ("规格及批号", 32), ("数量", 20)], rows),
            *on.prose("以上样品已当场封样、标识，经核对无误。"),
        ],
        closing=[
            *receives(on, "现场负责人", "本凭证", facts.signatures),
            *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
            *notes_on(on, facts.signatures),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="sampling_receipt",
    title=TITLE,
    mark="抽",
    version="2026.1",
    effective_from="2026-01-01",
    facts=SamplingReceipt,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）抽样取证凭证；《行政处罚法》第五十六条"
    ),
)
