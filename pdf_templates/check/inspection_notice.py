"""行政检查通知书: who comes to check what on which basis, how often, and what the unit may do."""

from dataclasses import dataclass

from pdf_templates.check.frequency import CATEGORIES, Frequency
from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.parts.people import Attendee, Officer, attendees, unparted
from pdf_templates.parts.signing import Signature, notes_on, receives
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date, long_days, unended

TITLE = "行政检查通知书"
PARTY = "被检查单位负责人"
RIGHTS = (
    "核验证件：要求出示行政执法证件（不得以其他证件代替），核对持证人和有效期。",
    "拒绝无证检查：检查人员少于两人或者未出示行政执法证件的，拒绝检查。",
    "申请回避：认为检查人员与你单位有利害关系、可能影响公正的，申请其回避。",
    "陈述意见：对检查情况作出说明，要求在检查记录上如实记载不同意见。",
)


@dataclass(frozen=True)
class InspectionNotice:
    """The facts of a 行政检查通知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被检查单位")
    uscc: str = text("统一社会信用代码")
    address: str = text("检查地点")
    basis: tuple[str, ...] = several("检查依据（法律及条款）")
    source: str = text("任务来源")
    category: str = choice("检查类别", CATEGORIES)
    matters: tuple[str, ...] = several("检查事项")
    visit_from: str = day("检查开始")
    visit_to: str = day("检查结束，当天结束的与开始相同")
    officers: tuple[Officer, ...] = several("行政执法人员，主办在前", least=2)
    helpers: tuple[Attendee, ...] = part("协助人员与专家，没有的为空列表")
    frequency: Frequency = part("本年度检查频次")
    materials: tuple[str, ...] = part("请准备的材料，没有的为空列表")
    discipline: tuple[str, ...] = several("检查人员的纪律要求（“五个严禁”）")
    complaint_phone: str = text("监督投诉电话")
    desk: Desk = part("联系方式")
    copies_note: str = text("份数说明")
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签收、拒签")


def content(facts: InspectionNotice, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(
        body=[
            *on.fields(Cell("被检查单位", facts.unit)),
            *on.fields(Cell("统一社会信用代码", facts.uscc)),
            *on.prose(
                "依据{检查依据}的规定，本机关决定对你单位实施行政检查，现将有关事项通知如下：",
                {"检查依据": "、".join(map(unended, facts.basis))},
                keep=True,
            ),
            *_check(facts, on),
            *_rights(facts, on),
        ],
        closing=[
            on.space(0.25),
            *receives(on, PARTY, "本通知书", facts.signatures),
            *notes_on(on, facts.signatures),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _check(facts: InspectionNotice, on: Stationery) -> list[Strip]:
    officers = "、".join(
        f"{unparted(one.name)}（执法证号：{unparted(one.cert_no)}）" for one in facts.officers
    )
    helpers = (
        f"；协助人员{len(facts.helpers)}人：{attendees(facts.helpers)}，只协助检查，不作出决定"
    )
    rows = [
        ("一、检查类别及任务来源", f"{CATEGORIES[facts.category]}，来源于{facts.source}"),
        ("二、检查时间和地点", f"{long_days(facts.visit_from, facts.visit_to)}，{facts.address}"),
        ("三、检查事项", "；".join(map(unended, facts.matters))),
        ("四、检查人员", f"{officers}{helpers if facts.helpers else ''}"),
        ("五、检查频次", facts.frequency.told()),
    ]
    return [strip for title, told in rows for strip in on.said(f"{title}：{ended(told)}", title)]


def _rights(facts: InspectionNotice, on: Stationery) -> list[Strip]:
    return [
        *on.prose("六、你单位在检查中有权：", keep=True),
        *on.items(RIGHTS, "权利"),
        *on.said(
            f"七、检查人员应当遵守下列纪律：{ended('；'.join(map(unended, facts.discipline)))}",
            "纪律要求",
        ),
        *on.prose(
            "检查人员违反上述规定的，你单位可以拨打监督投诉电话{监督投诉电话}反映。",
            {"监督投诉电话": unparted(facts.complaint_phone)},
        ),
        *_materials(facts, on),
        *on.prose("你单位应当依法配合检查，如实提供情况，不得拒绝、阻挠。"),
        *desk_fields(on, facts.desk),
    ]


def _materials(facts: InspectionNotice, on: Stationery) -> list[Strip]:
    if not facts.materials:
        return []
    materials = "；".join(map(unended, facts.materials))
    return on.said(f"请你单位准备下列材料：{materials}，并安排熟悉情况的人员到场。", "请准备的材料")


TEMPLATE = Template(
    kind="inspection_notice",
    title=TITLE,
    mark="检通",
    version="2026.2",
    effective_from="2026-01-01",
    facts=InspectionNotice,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "按国办发〔2024〕54号和司法部行政检查文书（2025 试行）的公开解读另设，式样原件未打开；"
        "文种代字“检通”为自定；《安全生产法》第六十二、六十五、六十六、六十七条，"
        "《行政处罚法》第四十二、四十三条"
    ),
)
