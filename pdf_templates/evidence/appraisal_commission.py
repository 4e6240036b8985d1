"""鉴定委托书: what an institution is asked to appraise, by when."""

from dataclasses import dataclass

from pdf_templates.fields import day, moment, several, text
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, struck

TITLE = "鉴定委托书"
COPIES = ("存档联", "受托单位联")


@dataclass(frozen=True)
class Specimen:
    """One kind of thing to be appraised."""

    name: str = text("物品名称")
    specification: str = text("规格型号", optional=True)
    quantity: str = text("数量，写明单位")
    note: str = text("备注", optional=True)


@dataclass(frozen=True)
class AppraisalCommission:
    """The facts of a 鉴定委托书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    institution: str = text("受托单位")
    case_name: str = text("案件名称")
    specimens: tuple[Specimen, ...] = several("送鉴定的物品")
    demands: tuple[str, ...] = several("鉴定要求，每项一句")
    due_on: str = day("提交鉴定意见的期限")
    contact: str = text("联系人", personal=True)
    phone: str = text("联系电话")
    copies_note: str = text("份数说明")


def content(facts: AppraisalCommission, on: Stationery) -> Content:
    """Return what both copies say."""
    rows = [
        (one.name, struck(one.specification), one.quantity, struck(one.note))
        for one in facts.specimens
    ]
    return Content(
        body=[
            *on.prose("{受托单位}：", {"受托单位": facts.institution}, first=0),
            *on.prose(
                "因{案件名称}调查需要，本机关现委托你单位对下列物品进行鉴定：",
                {"案件名称": facts.case_name},
                keep=True,
            ),
            *on.table([("物品名称", 32), ("规格型号", 30), ("数量", 10), ("备注", 28)], rows),
            *on.prose("鉴定要求：", keep=True),
            *on.items(map(ended, facts.demands), "鉴定要求"),
            *on.prose(
                "请于{提交期限}前向本机关提交书面鉴定意见。鉴定意见应当载明鉴定的依据、方法和"
                "结论，由鉴定人签名并加盖鉴定机构印章。",
                {"提交期限": long_date(facts.due_on)},
            ),
            *on.fields(Cell("联系人", facts.contact, 40), Cell("联系电话", facts.phone, 60)),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


TEMPLATE = Template(
    kind="appraisal_commission",
    title=TITLE,
    mark="鉴",
    version="2026.1",
    effective_from="2026-01-01",
    facts=AppraisalCommission,
    layout=Composed(TITLE, content, copies=COPIES),
    source="应急管理行政执法文书（2017 年式样，机构改革后）鉴定委托书",
)
