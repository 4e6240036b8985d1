"""What the papers of a draw share: their head, digests to be read aloud, tables, lines to sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdf_templates.fields import text
from pdf_templates.setting import tables
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.lines import Span, break_lines, text_width
from pdf_templates.setting.page import (
    SIDE,
    SIZE,
    TEXT_WIDTH,
    WIDTH,
    Mark,
    Page,
    Rule,
    Strip,
    Text,
)
from pdf_templates.setting.records import (
    blank_below,
    centred,
    continued,
    in_the_middle,
    left_aligned,
    page_numbers,
    right_aligned,
    space,
)

OVER = "“双随机、一公开”监督检查"
GROUP, IN_A_ROW = 4, 8
"""Hex digits of a group, and groups on a line: as many as are read aloud in one breath."""
SMALL, PITCH, HEADING = 9.0, 14.0, 12.0
SIGNING = 34.0
DENSE = tables.Look(size=SMALL, pitch=PITCH, above=2.5, base=10.5)
SUITE_NAMES = {"sha256": "SHA-256", "sm3": "SM3"}


@dataclass(frozen=True)
class Signer:
    """Somebody who signs on paper, by the capacity in which they do."""

    label: str = text("签名身份")
    unit: str = text("单位，无则为空", optional=True)


def grouped(hex_text: str) -> str:
    """Return a digest in groups of four digits."""
    return " ".join(hex_text[at : at + GROUP] for at in range(0, len(hex_text), GROUP))


def share_of(p_ppm: int) -> str:
    """Return a probability as it is printed: 12.3456%."""
    return f"{p_ppm / 10_000:.4f}%"


def head(title: str, draw_no: str, copy: str = "") -> tuple[Strip, ...]:
    """Return the head of a first page."""
    marks: list[Mark] = [centred(OVER, 15, 16, "title")]
    if copy:
        marks.append(right_aligned(copy, 9, -14, "song"))
    return (
        Strip(24, tuple(marks)),
        _thick_rule(),
        *in_the_middle(Span(title, "title", field=title[:12]), (20, 15), 38, 30),
        *in_the_middle(Span(draw_no, field="抽取编号"), (12, SIZE), 26, 17),
        space(6),
    )


def heading(text: str) -> list[Strip]:
    """Return a heading, on as many lines as it needs, that stays with what follows."""
    spans = [Span(text, "title", field=text[:12])]
    lines = break_lines(spans, HEADING, TEXT_WIDTH, justify=False)
    return [
        Strip(
            24 if number == 0 else 17,
            (Text(SIDE, 18 if number == 0 else 11, HEADING, line),),
            keep=True,
        )
        for number, line in enumerate(lines)
    ]


def digest(label: str, hex_text: str) -> list[Strip]:
    """
    Return a digest large enough to be read aloud: groups of four, eight groups on a line.

    Args:
        label: What stands above it; nothing when empty.
    """
    groups = grouped(hex_text).split(" ")
    rows = [groups[at : at + IN_A_ROW] for at in range(0, len(groups), IN_A_ROW)]
    width = TEXT_WIDTH / IN_A_ROW
    strips = [Strip(20, (left_aligned(label, SIZE, 14, "body"),), keep=True)] if label else []
    for number, row in enumerate(rows):
        marks = [
            left_aligned(group, 14, 17, "song", SIDE + column * width + 4)
            for column, group in enumerate(row)
        ]
        strips.append(Strip(24, tuple(marks), keep=number < len(rows) - 1))
    return [*strips, space(4)]


def table(
    columns: Sequence[tables.Column],
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    field: str,
) -> list[Strip]:
    """
    Return a ruled table in small type whose head comes again on each further page.

    Args:
        columns: From left to right.
        head: What stands above them.
        rows: As many texts each as there are columns.
        field: Names a row in errors by its number, as 第{}家 does.
    """
    set_ = [
        [tables.Cell(text, "song", field.format(number)) for text in row]
        for number, row in enumerate(rows, 1)
    ]
    heads = [tables.Cell(text, "title", "表头") for text in head]
    return [*tables.table(columns, set_, heads, look=DENSE), space(4)]


def dense(spans: Sequence[Span]) -> list[Strip]:
    """Return a paragraph in the size of tables: what is said in full so that one page holds all."""
    lines = break_lines(spans, SMALL, TEXT_WIDTH, first=2 * SMALL)
    count = len(lines)
    return [
        Strip(PITCH, (Text(SIDE, PITCH - 4, SMALL, line),), keep=number == count - 2)
        for number, line in enumerate(lines)
    ]


def kept(strips: Sequence[Strip]) -> list[Strip]:
    """Return strips that stay together on one page."""
    return [*(strip._replace(keep=True) for strip in strips[:-1]), *strips[-1:]]


def item(number: int, text: str, field: str) -> list[Strip]:
    """Return a numbered paragraph whose lines stand below its text."""
    return dense([Span(f"{number}．"), Span(text, field=field)])


def signing_lines(signers: Sequence[Signer]) -> list[Strip]:
    """Return one line for each signer: capacity and unit, a line for the name, the date."""
    return [space(SIZE / 2), *(strip for signer in signers for strip in _signing_line(signer))]


def _signing_line(signer: Signer) -> list[Strip]:
    """Return the lines of a label, the name's line and the date beside the last of them."""
    unit = f"（{signer.unit}）" if signer.unit else ""
    label, day = f"{signer.label}{unit}签名：", "　　　　年　　月　　日"
    lines = break_lines([Span(label, field="签名身份")], SIZE, TEXT_WIDTH * 0.5, justify=False)
    low, strips = SIGNING - 10, list[Strip]()
    for line in lines[:-1]:
        strips.append(Strip(low + PITCH - 10, (Text(SIDE, low, SIZE, line),), keep=True))
        low = 10.0
    right = WIDTH - SIDE - text_width(day, SIZE)
    marks = (
        Text(SIDE, low, SIZE, lines[-1]),
        Rule(SIDE + lines[-1].width, low + 3, right - SIZE, low + 3, 0.5),
        left_aligned(day, SIZE, low, "body", right),
    )
    return [*strips, Strip(low + 10, marks, keep=True)]


def paper(
    title: str,
    draw_no: str,
    copy: str,
    note: str,
    body: Sequence[Strip],
    closing: Sequence[Strip],
    commit: str = "",
) -> list[Page]:
    """
    Return the pages of one paper.

    Args:
        commit: The digest that heads every further page in full: who signs there sees to what.
    """
    rule = continued(draw_no, copy)
    shown = (Strip(PITCH, (left_aligned(f"承诺值 {commit}", SMALL, 8, "song"),)),) if commit else ()
    sheet = Sheet(
        head=head(title, draw_no, copy),
        again=(rule[0], *shown, *rule[1:]),
        foot=None,
        below=lambda number, total: page_numbers(note, number, total),
    )
    return flow(sheet, body, closing, blank=blank_below)


def _thick_rule() -> Strip:
    left, right = SIDE, WIDTH - SIDE
    return Strip(6, (Rule(left, 1, right, 1, 1.2), Rule(left, 3.4, right, 3.4, 0.5)))
