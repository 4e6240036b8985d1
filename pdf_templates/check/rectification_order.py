"""责令限期整改指令书: the problems that were not corrected on site, and until when they must be."""

from dataclasses import dataclass
from itertools import groupby

from pdf_templates import fields
from pdf_templates.check.enterprise import Enterprise
from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, day, moment, part, several, sha256, text
from pdf_templates.parts.people import Officer
from pdf_templates.parts.signing import (
    Signature,
    not_drawn,
    officers_sign,
    on_other_phones,
    receives,
)
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery, kept
from pdf_templates.template import TWO_COPIES, Composed, OnReceipt, Template
from pdf_templates.wording import ended, listed, long_date, long_days

PARTY = "被检查单位负责人"


@dataclass(frozen=True)
class Demand:
    """One problem to be rectified."""

    number: int = count("问题序号", least=1)
    major: bool = part("是否重大事故隐患")
    text: str = text("问题描述")
    place: str = fields.text("部位，未填为空", optional=True)
    basis: str = fields.text("依据，未填为空", optional=True)
    deadline: str = day("整改期限，立即整改为空", optional=True)
    former_deadline: str = day("现场所定、制作时已过的整改期限，未另定为空", optional=True)


def _not_before_visit(deadline: str, inspected_on: str) -> str:
    return "整改期限早于检查开始日期" if "" < deadline < inspected_on else ""


@dataclass(frozen=True)
class RectificationOrder:
    """The facts of a 责令限期整改指令书."""

    doc_no: str = text("文号")
    replaces: str = text("所替代的作废文书文号，无则为空", optional=True)
    record_no: str = text("现场检查记录文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    enterprise: Enterprise = part("被检查单位")
    inspected_on: str = day("检查开始日期")
    inspected_until: str = day("检查结束日期")
    demands: tuple[Demand, ...] = several("存在的问题")
    basis: str = text("责令整改的依据（法律及条款）")
    government: str = text("行政复议机关")
    court: str = text("行政诉讼法院")
    reconsideration_days: int = count("申请行政复议期限（日）", least=1)
    litigation_months: int = count("提起行政诉讼期限（月）", least=1)
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上对本指令书所作的签名、签收、拒签")
    provisional_no: str = text("终端上签名时所示的临时编号（检查任务编号）")
    shown_sha256: str = sha256("签名时应当所示内容（企业、临时编号、问题、期限）的")

    CONSTRAINTS = (Constraint("demands[].deadline", ("inspected_on",), _not_before_visit),)

    def doubts(self) -> list[str]:
        """Return what is most likely a mistake; a renewed deadline is given when it is issued."""
        made_on = self.made_at[:10]
        late = [one.number for one in self.demands if "" < one.deadline <= made_on]
        found = {
            "检查结束日期早于检查开始日期": self.inspected_until < self.inspected_on,
            "文书制作时间早于检查结束日期": made_on < self.inspected_until,
            f"第{listed(late)}项问题的整改期限不晚于文书制作日期": bool(late),
        }
        told = [said for said, holds in found.items() if holds]
        return [*told, *not_drawn(self.officers, self.signatures)]


def content(facts: RectificationOrder, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(_body(facts, on), _closing(facts, on), facts.copies_note)


def _body(facts: RectificationOrder, on: Stationery) -> list[Strip]:
    rows = [
        *on.fields(Cell("被检查单位", facts.enterprise.name)),
        *on.fields(Cell("统一社会信用代码", facts.enterprise.uscc)),
    ]
    if facts.replaces:
        rows += on.prose(f"本文书替代{facts.replaces}，原文书已作废。")
    rows += on.prose(
        "经{检查日期}现场检查（记录文号：{记录文号}），你单位存在下列问题：",
        {
            "检查日期": long_days(facts.inspected_on, facts.inspected_until),
            "记录文号": facts.record_no,
        },
        keep=True,
    )
    for demand in facts.demands:
        rows += on.said(_demand(demand), f"第{demand.number}项问题")
    rows += on.said(_order(facts), "整改要求")
    rows += on.prose(
        "由此造成事故的，依法追究有关人员的责任。整改期间，你单位应当采取措施，确保安全生产。"
        "对安全生产违法行为，将依法予以行政处罚。"
    )
    return [*rows, *on.said(_remedy(facts), "救济途径")]


def _demand(demand: Demand) -> str:
    parts = [f"{demand.number}．{ended(demand.text)}"]
    if demand.place:
        parts.append(f"部位：{ended(demand.place)}")
    if demand.basis:
        parts.append(f"依据：{ended(demand.basis)}")
    return "".join(parts)


def _order(facts: RectificationOrder) -> str:
    major = [demand.number for demand in facts.demands if demand.major]
    said = f"其中第{listed(major)}项属于重大事故隐患。" if major else ""
    ordered = sorted(facts.demands, key=lambda d: (d.deadline, d.number))
    groups = []
    for deadline, group in groupby(ordered, key=lambda d: d.deadline):
        numbers = f"对上述第{listed([d.number for d in group])}项问题"
        groups.append(numbers + (f"于{long_date(deadline)}前整改完毕" if deadline else "立即整改"))
    return (
        f"{said}依据{facts.basis}的规定，现责令你单位{'，'.join(groups)}，"
        f"达到有关法律法规规章和标准规定的要求。"
        f"{_renewed(facts)}"
    )


def _renewed(facts: RectificationOrder) -> str:
    """Return which deadlines differ from those that the record of the check names."""
    again = [demand.number for demand in facts.demands if demand.former_deadline]
    if not again:
        return ""
    return f"第{listed(again)}项问题在现场检查记录中所定的整改期限已过，以本指令书另定的期限为准。"


def _remedy(facts: RectificationOrder) -> str:
    return (
        f"如不服本指令，可以自收到本指令书之日起{facts.reconsideration_days}日内向{facts.government}"
        f"申请行政复议，或者自收到本指令书之日起{facts.litigation_months}个月内依法向{facts.court}"
        "提起行政诉讼，但复议、诉讼期间本指令不停止执行，法律另有规定的除外。"
    )


def _closing(facts: RectificationOrder, on: Stationery) -> list[Strip]:
    """
    Return the signatures that were given to what stands above, and a line for ink for each other.

    A signature that was given to another content is not drawn; that it was given is said.
    """
    given = [one for one in facts.signatures if not one.stale]
    return [
        Strip(on.paper.size / 2, (), keep=True),
        *officers_sign(on, "执法人员（签名）", facts.officers, given),
        *receives(on, PARTY, "本指令书", given),
        *_notes(facts, given, on),
        *on.seal(facts.authority, long_date(facts.made_at[:10])),
    ]


def _notes(facts: RectificationOrder, given: list[Signature], on: Stationery) -> list[Strip]:
    rows = on_other_phones(on, given)
    if stale := "、".join(dict.fromkeys(one.name for one in facts.signatures if one.stale)):
        said = (
            f"注：{stale}在执法终端上签名时所示内容与本指令书不一致，"
            "该签名不用于本指令书，请当面重签。"
        )
        rows += kept(on.said(said, "签名说明", first=0))
    if given:
        rows += on.remark(
            "以上带时间的签名、签收或者拒签，系阅看执法终端所示本指令书后作出；"
            f"所示临时编号为 {facts.provisional_no}，所示内容 SHA-256 为 {facts.shown_sha256}。",
            field="签名说明",
        )
    return rows


TITLE = "责令限期整改指令书"
TEMPLATE = Template(
    kind="rectification_order",
    title=TITLE,
    mark="责改",
    version="2026.6",
    effective_from="2026-01-01",
    facts=RectificationOrder,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    receipt=OnReceipt(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）责令限期整改指令书；"
        "《安全生产法》第六十五条第一款第二项、第三项；救济条款依《行政复议法》第二十、二十四条、《行政诉讼法》第四十六条"
    ),
)
