"""现场检查记录: what was checked on site, what was found, who was there and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pdf_templates import fields
from pdf_templates.check.attendants import Attendant, attendants_sign, signatures_of, told
from pdf_templates.check.enterprise import Enterprise
from pdf_templates.check.photo_sheet import Photo, sheets
from pdf_templates.constraints import Constraint
from pdf_templates.fields import added, choice, count, day, moment, part, several, sha256, text
from pdf_templates.parts.people import Officer, certs_of, names_of
from pdf_templates.parts.signing import (
    WITNESS_REFUSED,
    Signature,
    not_drawn,
    notes_on,
    of,
    officers_sign,
    party_signs,
    running_line,
)
from pdf_templates.setting.lines import unbroken
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import Composed, OnReceipt, Template
from pdf_templates.wording import ended, in_chinese, listed, long_date, long_time, unended

PARTY = "被检查单位现场负责人"
REMINDER = "本记录仅限本次检查所发现的问题，你单位应当举一反三，全面自查自改。"
BY_DECISION = "（须由本机关另行作出书面决定，本记录不代替该决定）"
"""Names no document: when the record is signed, none has been made."""
MEASURES = {
    "rectify_now": "责令立即改正",
    "rectify_within": "责令限期整改",
    "suspend": "责令暂时停产停业" + BY_DECISION,
    "withdraw": "责令从危险区域内撤出作业人员" + BY_DECISION,
    "stop_use": "责令停止使用相关设施、设备" + BY_DECISION,
    "refer": "移送",
}
REFER = "refer"
FURTHER = {code: name for code, name in MEASURES.items() if code != REFER}

AT_ONCE = "rectify_now"
"""A day until when would contradict it."""
REMOVE_AT_ONCE = "责令立即排除" + BY_DECISION
"""About a 重大事故隐患 (安全生产法 第六十五条第一款第三项): of other problems it is 改正."""


@dataclass(frozen=True)
class Checklist:
    """One checklist and how its items came out."""

    title: str = text("检查表名称")
    version: str = text("检查表版本")
    content_sha256: str = sha256("检查表内容")
    passed: int = count("符合（项）")
    failed: int = count("不符合（项）")
    not_applicable: int = count("不适用（项）")
    not_checked: int = count("未检查（项）")
    given: int = count("填写数据（项）")


def _settled(measure: str, is_corrected: bool) -> str:
    return "" if measure or is_corrected else "没有当场改正，须写明处理措施"


def _addressed(refer_to: str, measure: str) -> str:
    if measure == REFER:
        return "" if refer_to.strip() else "移送的，须写明移送部门"
    return "不移送的，不写移送部门" if refer_to.strip() else ""


def _undated(deadline: str, measure: str) -> str:
    return "移送的，不写整改期限" if deadline and measure == REFER else ""


def _ungraded(is_major: bool, measure: str) -> str:
    return "移送的，由接收部门认定" if is_major and measure == REFER else ""


def _together(further: Sequence[str], measure: str) -> str:
    if further and measure == REFER:
        return "移送的，不并用其他措施"
    return "不重复处理措施" if measure in further else ""


@dataclass(frozen=True)
class Problem:
    """One problem found."""

    number: int = count("问题序号", least=1)
    item: str = text("对应检查项编号，不对应检查项为空", optional=True)
    major: bool = part("是否重大事故隐患")
    text: str = text("问题描述")
    place: str = fields.text("部位，未填为空", optional=True)
    basis: str = fields.text("依据，未填为空", optional=True)
    measure: str = choice("处理措施", MEASURES, optional=True)
    deadline: str = day("整改期限，当场改正为空", optional=True)
    corrected_on_site: bool = part("是否已当场改正")
    photos: tuple[int, ...] = part("照片序号")
    refer_to: str = fields.text("移送部门，不移送为空", optional=True)
    further_measures: tuple[str, ...] = added("与处理措施并用的其他措施", FURTHER)

    CONSTRAINTS = (
        Constraint("measure", ("corrected_on_site",), _settled),
        Constraint("refer_to", ("measure",), _addressed),
        Constraint("deadline", ("measure",), _undated),
        Constraint("major", ("measure",), _ungraded),
        Constraint("further_measures", ("measure",), _together),
    )


@dataclass(frozen=True)
class Remark:
    """A checklist item that needs a word: not checked, not applicable, or settled by the lead."""

    item: str = text("检查项编号")
    question: str = text("检查内容，争议所涉事项未写的为空", optional=True)
    text: str = text("说明，未填为空", optional=True)


@dataclass(frozen=True)
class Datum:
    """What was measured, chosen or counted on site, or calculated from it."""

    item: str = text("检查项编号")
    question: str = text("检查内容")
    lines: tuple[str, ...] = several("填写的内容，含单位，表格每行一条", least=1)


@dataclass(frozen=True)
class InspectionRecord:
    """The facts of a 现场检查记录."""

    doc_no: str = text("文号")
    replaces: str = text("所替代的作废文书文号，无则为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    inspection_no: str = text("检查任务编号")
    source: str = text("任务来源")
    draw_no: str = text("抽取编号，非双随机为空", optional=True)
    legal_basis: str = text("检查依据（法律及条款）")
    refusal_basis: str = text("拒签情况记录在案并报告的依据（法律及条款）")
    enterprise: Enterprise = part("被检查单位")
    place: str = text("检查场所，到场时未填、登记中也没有地址的为空", optional=True)
    started_at: str = moment("检查开始时间")
    ended_at: str = moment("检查结束时间")
    officers: tuple[Officer, ...] = several("检查人员，主办在前", least=2)
    checklists: tuple[Checklist, ...] = part("检查表")
    problems: tuple[Problem, ...] = part("存在的问题")
    other_failures: tuple[Remark, ...] = part("未单列问题的不符合项")
    unchecked: tuple[Remark, ...] = part("未检查项")
    not_applicable: tuple[Remark, ...] = part("不适用项")
    settled: tuple[Remark, ...] = part("两部终端记录不一致、由主办确认的项")
    data: tuple[Datum, ...] = part("检查数据")
    unasked: tuple[str, ...] = part("填写后因条件不成立而不列入的检查项编号")
    attendants: tuple[Attendant, ...] = part("参加人员")
    notes: tuple[str, ...] = part("其他情况")
    gaps: tuple[str, ...] = part("记录中断情况")
    photos: tuple[Photo, ...] = part("现场照片")
    signatures: tuple[Signature, ...] = part("签名")
    record_sha256: str = sha256("办结记录")

    def doubts(self) -> list[str]:
        """Return what is most likely a mistake, though a phone's clock may have been set back."""
        started, ended, made = map(
            datetime.fromisoformat, (self.started_at, self.ended_at, self.made_at)
        )
        early = [one.number for one in self.problems if "" < one.deadline < self.started_at[:10]]
        found = {
            "检查结束时间早于检查开始时间": ended < started,
            "文书制作时间早于检查结束时间": made < ended,
            f"问题{listed(early)}的整改期限早于检查开始日期": bool(early),
        }
        told = [said for said, holds in found.items() if holds]
        return [*told, *not_drawn(self.officers, self.signatures)]


def content(facts: InspectionRecord, on: Stationery) -> Content:
    """Return the record; its photo sheets follow."""
    return Content(
        body=[*_particulars(facts, on), *_findings(facts, on)],
        closing=_closing(facts, on),
        running=running_line(on, facts.officers, facts.signatures, PARTY),
    )


def _particulars(facts: InspectionRecord, on: Stationery) -> list[Strip]:
    unit = facts.enterprise
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    rows = [
        *on.fields(Cell("被检查单位", unit.name)),
        *on.fields(Cell("统一社会信用代码", unit.uscc)),
        *on.fields(Cell("地址", unit.address)),
        *on.fields(
            Cell("法定代表人（负责人）", unit.legal_person, 46),
            Cell("职务", unit.position, 22),
            Cell("联系电话", unit.phone, 32),
        ),
        *on.fields(Cell("检查场所", facts.place)),
        *on.fields(Cell("检查时间", span)),
    ]
    if facts.replaces:
        rows += on.said(f"本文书替代{facts.replaces}，原文书已作废。", "替代文号")
    return [
        *rows,
        *on.prose(
            "我们是{机关名称}行政执法人员{执法人员}，证件号码为{执法证号}，"
            "这是我们的证件（出示证件）。现依法对你单位进行现场检查，请予以配合。",
            {
                "机关名称": facts.authority,
                "执法人员": names_of(facts.officers),
                "执法证号": certs_of(facts.officers),
            },
        ),
    ]


def _findings(facts: InspectionRecord, on: Stationery) -> list[Strip]:
    sections = [
        _basis(facts),
        _result(facts),
        _problems(facts),
        _remarks("未检查的项目", facts.unchecked),
        _remarks("不适用的项目", facts.not_applicable),
        _remarks("两部执法终端记录不一致、由主办人员确认的项目", facts.settled),
        _data(facts.data),
        _others(facts, on),
    ]
    rows = on.prose("检查情况：", first=0, keep=True)
    for number, (title, lines) in enumerate((s for s in sections if s), start=1):
        head = f"{in_chinese(number)}、{title}"
        if len(lines) == 1:
            rows += on.said(f"{head}。{lines[0]}", title)
            continue
        rows += on.said(f"{head}：", title, keep=True)
        for place, line in enumerate(filter(None, lines), start=1):
            rows += on.said(line, f"{title}第{place}条")
    return [*rows, *on.said(REMINDER, "提示")]


def _basis(facts: InspectionRecord) -> tuple[str, list[str]]:
    drawn = f"（抽取编号：{facts.draw_no}）" if facts.draw_no else ""
    lists = "、".join(f"《{form.title}》（第{form.version}版）" for form in facts.checklists)
    return (
        "任务来源及检查依据",
        [
            f"本次检查来源于{facts.source}{drawn}，检查任务编号{facts.inspection_no}。"
            f"依据{unended(facts.legal_basis)}，按照{lists}逐项检查。"
        ],
    )


def _result(facts: InspectionRecord) -> tuple[str, list[str]]:
    lines = []
    for form in facts.checklists:
        judged = form.passed + form.failed + form.not_applicable + form.not_checked
        given = f"，填写数据{form.given}项" if form.given else ""
        lines.append(
            f"《{form.title}》共{judged + form.given}项：符合{form.passed}项，"
            f"不符合{form.failed}项，不适用{form.not_applicable}项，未检查{form.not_checked}项"
            f"{given}。"
        )
    return "检查结果", lines


def _problems(facts: InspectionRecord) -> tuple[str, list[str]]:
    problems, others = facts.problems, facts.other_failures
    if not problems and not others:
        return "存在的问题", ["本次检查未发现问题。"]
    major = sum(problem.major for problem in problems)
    referred = sum(problem.measure == REFER for problem in problems)
    counted = f"（共{len(problems)}项" + (f"，其中重大事故隐患{major}项" if major else "")
    counted += f"，线索移送{referred}项）" if referred else "）"
    lines = [_problem(problem) for problem in problems]
    lines += [f"不符合项{other.item}：{_remark(other)}" for other in others]
    return "存在的问题" + (counted if problems else ""), lines if len(lines) > 1 else ["", *lines]


def _problem(problem: Problem) -> str:
    parts = [f"{problem.number}．〔{_level(problem)}〕"]
    parts.append(ended(problem.text))
    if problem.place:
        parts.append(f"部位：{ended(problem.place)}")
    if problem.basis:
        parts.append(f"依据：{ended(problem.basis)}")
    parts.append(f"处理：{_measure(problem)}。")
    if problem.photos:
        parts.append(unbroken(f"见照片{listed(problem.photos)}。"))
    return "".join(parts)


def _level(problem: Problem) -> str:
    if problem.measure == REFER:
        return "移送线索"
    return "重大事故隐患" if problem.major else "一般隐患"


def _measure(problem: Problem) -> str:
    if problem.measure == REFER:
        done = "已当场改正，" if problem.corrected_on_site else ""
        return f"{done}{MEASURES[REFER]}{problem.refer_to}"
    if problem.corrected_on_site:
        return "已当场改正"
    text = _ordered(problem)
    if not problem.deadline or problem.measure == AT_ONCE:
        return text
    return f"{text}，于{long_date(problem.deadline)}前整改完毕"


def _ordered(problem: Problem) -> str:
    """Return all that is ordered, and once what a decision alone can impose."""
    names = dict(MEASURES, **{AT_ONCE: REMOVE_AT_ONCE} if problem.major else {})
    said = [names[one] for one in (problem.measure, *problem.further_measures)]
    decided = [one.removesuffix(BY_DECISION) for one in said if one.endswith(BY_DECISION)]
    others = [one for one in said if not one.endswith(BY_DECISION)]
    groups = ["，".join(others), "，".join(decided) + BY_DECISION if decided else ""]
    return "；".join(filter(None, groups))


def _remarks(title: str, remarks: Sequence[Remark]) -> tuple[str, list[str]] | None:
    if not remarks:
        return None
    lines = [f"{remark.item}　{_remark(remark)}" for remark in remarks]
    return f"{title}（共{len(remarks)}项）", ["", *lines] if len(lines) == 1 else lines


def _data(data: Sequence[Datum]) -> tuple[str, list[str]] | None:
    if not data:
        return None
    lines = [""]
    for one in data:
        asked = f"{one.item}　{one.question.rstrip('。；：？?')}："
        if len(one.lines) == 1:
            lines.append(asked + ended(one.lines[0]))
        else:
            lines += [asked, *map(ended, one.lines)]
    return f"检查数据（共{len(data)}项）", lines


def _remark(remark: Remark) -> str:
    return remark.question.rstrip("。；？?") + (f"——{ended(remark.text)}" if remark.text else "。")


def _others(facts: InspectionRecord, on: Stationery) -> tuple[str, list[str]] | None:
    lines = told(facts.attendants)
    if facts.unasked:
        codes = "、".join(facts.unasked)
        lines.append(f"检查项{codes}填写后，因其他项的填写有变，不再属于本次检查的内容，不列入。")
    lines += [ended(note) for note in facts.notes]
    lines += [f"执法全过程记录中断：{ended(gap)}" for gap in facts.gaps]
    if facts.photos:
        lines.append(f"现场拍摄照片{len(facts.photos)}张，{_enclosed(on)}。")
    lines.append(f"本记录的电子数据 SHA-256 为 {facts.record_sha256}。")
    return "其他情况", lines


def _enclosed(on: Stationery) -> str:
    return "附后" if on.has_annexes else "未在本联印出，附于本机关存档的检查记录之后"


def _closing(facts: InspectionRecord, on: Stationery) -> list[Strip]:
    refusal = (
        f"{PARTY}拒绝在本记录上签名，理由：{{reason}}。检查人员已依照{facts.refusal_basis}"
        "将情况记录在案，并向本机关报告。"
    )
    witnesses = of(facts.signatures, "witness")
    return [
        Strip(on.paper.size / 2, (), keep=True),
        *officers_sign(on, "检查人员（签名）", facts.officers, facts.signatures),
        *party_signs(on, f"{PARTY}（签名）", refusal, of(facts.signatures, "enterprise")),
        *attendants_sign(on, facts.attendants),
        *(party_signs(on, "见证人（签名）", WITNESS_REFUSED, witnesses) if witnesses else ()),
        *notes_on(on, [*facts.signatures, *signatures_of(facts.attendants)]),
    ]


TITLE = "现场检查记录"
TEMPLATE = Template(
    kind="inspection_record",
    title=TITLE,
    mark="检记",
    version="2026.7",
    effective_from="2026-01-01",
    facts=InspectionRecord,
    layout=Composed(
        TITLE, content, annexes=lambda facts, available: sheets(facts.photos, available)
    ),
    photos=lambda facts: [photo.sha256 for photo in facts.photos],
    receipt=OnReceipt(TITLE, content),
    source="应急管理行政执法文书（2017 年式样，机构改革后）现场检查记录；《安全生产法》第六十八条",
)
