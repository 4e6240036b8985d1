"""检查结果告知书: how a check came out, told also when nothing was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, day, moment, part, several, text
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.parts.signing import Signature, notes_on, receives
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import ended, long_date, long_days

TITLE = "检查结果告知书"
PARTY = "被检查单位负责人"


def _followed_up(follow_ups: Sequence[object], problems: Sequence[object]) -> str:
    return "发现问题的，应当写明后续处理" if problems and not follow_ups else ""


@dataclass(frozen=True)
class ResultNotice:
    """The facts of a 检查结果告知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被检查单位")
    uscc: str = text("统一社会信用代码")
    inspected_from: str = day("检查开始")
    inspected_to: str = day("检查结束，当天结束的与开始相同")
    record_no: str = text("现场检查记录文号")
    checked: tuple[str, ...] = several("检查内容及各项结果")
    problems: tuple[str, ...] = part("发现的问题，未发现问题的为空列表")
    follow_ups: tuple[str, ...] = part("后续处理（已作出的文书、复查安排等），没有的为空列表")
    disclosure_days: int = count("检查结果公开期限（工作日）", least=1)
    desk: Desk = part("联系方式")
    copies_note: str = text("份数说明")
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签收、拒签")

    CONSTRAINTS = (Constraint("follow_ups", ("problems",), _followed_up),)


def content(facts: ResultNotice, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(
        body=[
            *on.fields(Cell("被检查单位", facts.unit)),
            *on.fields(Cell("统一社会信用代码", facts.uscc)),
            *on.prose(
                "本机关于{检查日期}对你单位进行了行政检查（记录文号：{记录文号}），"
                "现将检查结果告知如下：",
                {
                    "检查日期": long_days(facts.inspected_from, facts.inspected_to),
                    "记录文号": facts.record_no,
                },
                keep=True,
            ),
            *_result(facts, on),
            *on.said(
                f"本次检查结果将在作出之日起{facts.disclosure_days}个工作日内依法向社会公开。你单位"
                "对检查结果有异议的，可以向本机关说明情况、提交材料，本机关将予以复核。",
                "结果公开",
            ),
            *on.prose(
                "本告知仅反映本次检查的情况。你单位应当落实安全生产主体责任，举一反三，"
                "自行排查和消除事故隐患。"
            ),
            *desk_fields(on, facts.desk),
        ],
        closing=[
            on.space(0.25),
            *receives(on, PARTY, "本告知书", facts.signatures),
            *notes_on(on, facts.signatures),
            *on.seal(facts.authority, long_date(facts.made_at[:10])),
        ],
        note=facts.copies_note,
    )


def _result(facts: ResultNotice, on: Stationery) -> list[Strip]:
    rows = [
        *on.prose("一、检查内容及结果：", keep=True),
        *on.items(map(ended, facts.checked), "检查内容及结果"),
    ]
    if not facts.problems:
        return [*rows, *on.prose("二、本次检查未发现问题。")]
    rows += on.prose(f"二、发现的问题（共{len(facts.problems)}项）：", keep=True)
    rows += on.items(map(ended, facts.problems), "发现的问题")
    rows += on.prose("三、后续处理：", keep=True)
    return [*rows, *on.items(map(ended, facts.follow_ups), "后续处理")]


TEMPLATE = Template(
    kind="result_notice",
    title=TITLE,
    mark="检告",
    version="2026.1",
    effective_from="2026-01-01",
    facts=ResultNotice,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "按国办发〔2024〕54号和司法部行政检查文书（2025 试行）的公开解读另设，式样原件未打开；"
        "文种代字“检告”为自定"
    ),
)
