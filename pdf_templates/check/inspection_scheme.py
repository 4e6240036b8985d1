"""现场检查方案: what will be checked where, when, by whom and why, approved before the visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.check.frequency import CATEGORIES, Frequency
from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Attendee, Officer, attendees, unparted
from pdf_templates.setting.forms import Field, Row
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import long_days, ticked, unended

TITLE = "现场检查方案"
LABEL = 16


@dataclass(frozen=True)
class InspectionScheme:
    """The facts of a 现场检查方案."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被检查单位")
    address: str = text("地址")
    contact: str = text("联系人", personal=True)
    phone: str = text("联系电话", personal=True, optional=True)
    industry: str = text("所属行业")
    visit_from: str = day("检查开始")
    visit_to: str = day("检查结束，当天结束的与开始相同")
    source: str = text("任务来源（年度计划、双随机批次、专项、举报、交办等）")
    draw_no: str = text("抽取记录编号，非双随机为空", optional=True)
    category: str = choice("检查类别", CATEGORIES)
    frequency: Frequency = part("本年度检查频次")
    announced: bool = part("是否事先通知被检查单位")
    officers: tuple[Officer, ...] = several("行政执法人员，主办在前", least=2)
    helpers: tuple[Attendee, ...] = part("协助人员与专家，没有的为空列表")
    basis: tuple[str, ...] = several("检查依据（法律及条款）")
    contents: tuple[str, ...] = several("检查内容")
    methods: tuple[str, ...] = several("检查方式")
    review: Said = part("审核意见")
    approval: Said = part("审批意见")
    remark: str = text("备注", optional=True)


def content(facts: InspectionScheme, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                *_unit(facts),
                *_task(facts),
                *_people(facts),
                _whole("检查依据", _numbered(facts.basis)),
                _whole("检查内容", _numbered(facts.contents)),
                _whole("检查方式", "、".join(map(unended, facts.methods))),
                opinion("审核意见", facts.review, "审核人"),
                opinion("审批意见", facts.approval, "审批人"),
                _whole("备注", facts.remark),
            ],
            LABEL,
        )
    )


def _unit(facts: InspectionScheme) -> list[Row]:
    return [
        _whole("被检查单位", facts.unit),
        _whole("地址", facts.address),
        (
            Field("联系人", f"{facts.contact}　{facts.phone}".rstrip(), LABEL, 38),
            Field("所属行业", facts.industry, 14, 32),
        ),
        _whole("检查时间", long_days(facts.visit_from, facts.visit_to)),
    ]


def _task(facts: InspectionScheme) -> list[Row]:
    announced = ticked([("是", facts.announced), ("否", not facts.announced)])
    category = ticked([(name, code == facts.category) for code, name in CATEGORIES.items()])
    return [
        (
            Field("任务来源", facts.source, LABEL, 38),
            Field("抽取记录编号", facts.draw_no or "无", 14, 32),
        ),
        _whole("检查类别", category),
        (
            Field("本年度检查频次", facts.frequency.said(), LABEL, 50),
            Field("是否事先通知", announced, 14, 20),
        ),
    ]


def _people(facts: InspectionScheme) -> list[Row]:
    officers = "\n".join(
        f"{unparted(one.name)}（执法证号：{unparted(one.cert_no)}）" for one in facts.officers
    )
    helpers = f"共{len(facts.helpers)}人：{attendees(facts.helpers)}" if facts.helpers else "无"
    return [_whole("行政执法人员", officers), _whole("协助人员与专家", helpers)]


def _numbered(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"{number}．{text}" for number, text in enumerate(texts, 1))


def _whole(label: str, value: str) -> Row:
    return (Field(label, value, LABEL, 100 - LABEL),)


TEMPLATE = Template(
    kind="inspection_scheme",
    title=TITLE,
    mark="检查",
    version="2026.1",
    effective_from="2026-01-01",
    facts=InspectionScheme,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）现场检查方案；任务来源、依据、类别、频次、"
        "协助人员、事先通知各栏按司法部行政检查文书（2025 试行）的公开解读增设；"
        "《安全生产法》第六十五条"
    ),
)
