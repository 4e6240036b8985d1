"""What was said at a meeting or an interview, read back, corrected and confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import text
from pdf_templates.parts.signing import Signature, side_signs
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery, kept
from pdf_templates.wording import ended, unended

READ_BACK = {
    "by_themselves": "以上笔录我看过，与我说的一致",
    "to_them": "以上笔录已向我宣读，与我说的一致",
}
"""What somebody writes by hand below a record of their words, by who read it."""


def _drawn(is_refused: bool) -> str:
    return "拒绝签名的，写明情况，不列入在执法终端上所作的签名" if is_refused else ""


NO_REFUSAL_DRAWN = Constraint("signatures[].refused", (), _drawn)
"""Of a record that tells a refusal in words."""


@dataclass(frozen=True)
class Utterance:
    """What one person said in a row."""

    speaker: str = text("发言人，如主持人、当事人", personal=True)
    words: str = text("发言内容", personal=True)


@dataclass(frozen=True)
class Correction:
    """What was changed when a record was read back."""

    place: str = text("更正处，如第1页“砂光车间”处")
    before: str = text("更正前", personal=True)
    after: str = text("更正后", personal=True)


def spoken(on: Stationery, utterances: Iterable[Utterance], field: str) -> list[Strip]:
    """Return who said what, a paragraph each."""
    return [
        strip
        for number, one in enumerate(utterances, 1)
        for strip in on.said(f"{unended(one.speaker)}：{ended(one.words)}", f"{field}第{number}项")
    ]


def corrected(on: Stationery, corrections: Sequence[Correction], by: str) -> list[Strip]:
    """Return what was corrected, with a line on which `by` confirms each; nothing where nothing."""
    if not corrections:
        return []
    lines = [f"{one.place}“{one.before}”更正为“{one.after}”。" for one in corrections]
    return [
        *on.prose("更正：", keep=True),
        *kept(on.items(lines, "更正")),
        *on.paragraph(
            [Span(f"以上更正由{by}逐处签名或者按指印确认："), Span("", line=True, fill=True)]
        ),
    ]


def confirmed(
    on: Stationery, read_back: str, by: str, given: Sequence[Signature] = ()
) -> list[Strip]:
    """Return where `by` writes that the record is right and signs, or that they did on a phone."""
    if given:
        said = f"{by}核对意见（签名前在执法终端上确认）：{READ_BACK[read_back]}。"
        return [*kept(on.said(said, "核对意见", first=0)), *side_signs(on, by, given)]
    blank = Span("", line=True, fill=True)
    return [
        *kept(
            on.paragraph(
                [Span(f"{by}核对意见（请抄写“{READ_BACK[read_back]}”）：")],
                first=0,
            )
        ),
        *kept(on.paragraph([blank], first=0)),
        *side_signs(on, by, ()),
    ]
