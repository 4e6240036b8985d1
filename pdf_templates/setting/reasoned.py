"""Reasoned documents (决定书, 告知书, 移送书) on the type area and grid of GB/T 9704-2012."""

from collections.abc import Sequence

from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import REASONED, Mark, Rule, Strip, Text

PAPER = REASONED
TITLE, NUMBER = 22.0, 16.0
"""2号 and 3号."""
EM = PAPER.text_width / 28
BASE = 20.5
"""From a line's top to its baseline."""
LEVELS = ("heading", "kai", "body")
"""Styles of 一、 （一） and what follows them."""


def heading(authority: str, title: str, doc_no: str, copy: str = "") -> tuple[Strip, ...]:
    """Return the authority and the title in 2号 小标宋, and the number below them."""
    marks: list[Mark] = [_centred(authority, TITLE, 30, "title")]
    if copy:
        marks.append(_right(copy, 10.5, -20, 0.0))
    return (
        Strip(36, tuple(marks)),
        Strip(36, (_centred(title, TITLE, 28, "title"),)),
        Strip(PAPER.leading, ()),
        Strip(PAPER.leading, (_right(doc_no, NUMBER, BASE, EM),)),
        Strip(PAPER.leading / 2, ()),
    )


def paragraph(spans: Sequence[Span], *, first: float = 2.0, keep: bool = False) -> list[Strip]:
    """Return a paragraph on the grid; `first` is the indent of its first line in characters."""
    lines = break_lines(
        spans, PAPER.size, PAPER.text_width, first=first * EM, tracking=PAPER.tracking
    )
    count = len(lines)
    return [
        Strip(
            PAPER.leading,
            (Text(PAPER.left, BASE, PAPER.size, line),),
            keep=number == count - 2 or (keep and number == count - 1),
        )
        for number, line in enumerate(lines)
    ]


def closing(authority: str, day: str) -> list[Strip]:
    """
    Return the authority and the date, which stands four characters from the right.

    The seal goes over both, centred on them; three lines above leave room for it.
    """
    date = _single(day, PAPER.size)
    right = PAPER.width - PAPER.right - 4 * EM
    name = _single(authority, PAPER.size)
    middle = right - date.width / 2
    left = min(middle - name.width / 2, PAPER.width - PAPER.right - name.width)
    return [
        Strip(2 * PAPER.leading, (), keep=True),
        Strip(PAPER.leading, (Text(left, BASE, PAPER.size, name),), keep=True),
        Strip(PAPER.leading, (Text(right - date.width, BASE, PAPER.size, date),), keep=True),
        Strip(PAPER.leading, ()),
    ]


def page_numbers(note: str, number: int, total: int) -> tuple[Mark, ...]:
    """Return the bottom margin: a rule, the note on copies, 共X页第X页."""
    y = PAPER.height - PAPER.bottom + 22
    marks: list[Mark] = [Rule(PAPER.left, y, PAPER.width - PAPER.right, y, 0.5)]
    if note:
        marks.append(Text(PAPER.left, y + 15, 10.5, _single(note, 10.5)))
    marks.append(_right(f"共{total}页　第{number}页", 10.5, y + 15, 0.0))
    return tuple(marks)


def _single(text: str, size: float, style: str = "body") -> Line:
    spans = [Span(text, style, field=text[:12])]  # type: ignore[arg-type]
    return break_lines(spans, size, 1e6, justify=False)[0]


def _centred(text: str, size: float, y: float, style: str) -> Text:
    line = _single(text, size, style)
    return Text(PAPER.left + (PAPER.text_width - line.width) / 2, y, size, line)


def _right(text: str, size: float, y: float, from_right: float) -> Text:
    line = _single(text, size)
    return Text(PAPER.width - PAPER.right - from_right - line.width, y, size, line)
