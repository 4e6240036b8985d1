"""整改复查意见书: what of earlier decisions has been carried out, and what has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pdf_templates.constraints import Constraint
from pdf_templates.fields import day, moment, part, several, text
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
from pdf_templates.wording import ended, in_chinese, listed, long_date

TITLE = "整改复查意见书"
PARTY = "被复查单位负责人"


@dataclass(frozen=True)
class Outcome:
    """How one item of an earlier decision stands."""

    number: int = part("原决定中的问题（措施）序号")
    rectified: bool = part("是否已整改合格")
    text: str = text("复查情况")


@dataclass(frozen=True)
class Decided:
    """An earlier decision, and how each of its items stands."""

    decided_on: str = day("原决定作出")
    decision: str = text("原决定名称")
    doc_no: str = text("原决定文号")
    outcomes: tuple[Outcome, ...] = several("各项复查意见")


def _after_decisions(reinspected_on: str, decided_on: Sequence[str]) -> str:
    early = reinspected_on < max(decided_on, default="")
    return "复查日期不能早于所复查的决定作出的日期" if early else ""


@dataclass(frozen=True)
class ReinspectionOpinion:
    """The facts of a 整改复查意见书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    unit: str = text("被复查单位")
    decisions: tuple[Decided, ...] = several("所复查的原决定及各项复查意见，按作出先后")
    reinspected_on: str = day("复查")
    further: str = text("对未整改合格项的处理意见，全部合格为空", optional=True)
    copies_note: str = text("份数说明")
    officers: tuple[Officer, ...] = several("执法人员，主办在前", least=2)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名、签收、拒签")

    CONSTRAINTS = (
        Constraint("reinspected_on", ("decisions[].decided_on",), _after_decisions),
        SIGNED_BY_OFFICERS,
    )


def content(facts: ReinspectionOpinion, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    return Content(
        body=[
            *on.fields(Cell("被复查单位", facts.unit)),
            *on.prose(
                "本机关{原决定}，于{复查日期}对你单位整改情况进行复查，提出如下意见：",
                {
                    "原决定": _decided(facts.decisions),
                    "复查日期": long_date(facts.reinspected_on),
                },
                keep=True,
            ),
            *_opinions(facts.decisions, on),
            *on.said(ended(facts.further), "处理意见"),
        ],
        closing=_closing(facts, on),
        note=facts.copies_note,
    )


def _decided(decisions: Sequence[Decided]) -> str:
    """Return what was decided before, each day once: 于…作出了…的决定〔…〕、…的决定〔…〕."""
    days = groupby(decisions, key=lambda one: one.decided_on)
    return "，".join(
        f"于{long_date(on)}作出了"
        + "、".join(f"{one.decision}的决定〔{one.doc_no}〕" for one in made)
        for on, made in days
    )


def _opinions(decisions: Sequence[Decided], on: Stationery) -> list[Strip]:
    """Return how the items stand, under the name of their decision where there are several."""
    rows = []
    for place, one in enumerate(decisions, 1):
        named = f"{in_chinese(place)}、{one.decision}：" if len(decisions) > 1 else ""
        rows += on.said(f"{named}{_summary(one.outcomes)}", "复查结论", keep=True)
        rows += [strip for outcome in one.outcomes for strip in _outcome(outcome, on)]
    return rows


def _summary(outcomes: Sequence[Outcome]) -> str:
    """Return which problems are rectified and which are not."""
    done = [one.number for one in outcomes if one.rectified]
    open_ = [one.number for one in outcomes if not one.rectified]
    parts = [
        f"已整改合格第{listed(done)}项" if done else "",
        f"未整改合格第{listed(open_)}项" if open_ else "",
    ]
    return "；".join(filter(None, parts)) + "。"


def _outcome(one: Outcome, on: Stationery) -> list[Strip]:
    where = f"第{one.number}项"
    return on.said(f"{where}：{ended(one.text)}", f"{where}复查情况")


def _closing(facts: ReinspectionOpinion, on: Stationery) -> list[Strip]:
    return [
        on.space(0.25),
        *officers_sign(on, "执法人员（签名）", facts.officers, facts.signatures),
        *receives(on, PARTY, "本意见书", facts.signatures),
        *notes_on(on, facts.signatures),
        *on.seal(facts.authority, long_date(facts.made_at[:10])),
    ]


TEMPLATE = Template(
    kind="reinspection_opinion",
    title=TITLE,
    mark="复查",
    version="2026.2",
    effective_from="2026-01-01",
    facts=ReinspectionOpinion,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    receipt=OnReceipt(TITLE, content),
    source="应急管理行政执法文书（2017 年式样，机构改革后）整改复查意见书",
)
