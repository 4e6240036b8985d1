"""Pages made of the engine's own marks, sound until a test breaks them."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest

from PIL import Image

from pdf_templates.file.document import Meta
from pdf_templates.file.drawing import write
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import (
    FORM,
    Mark,
    Page,
    Paper,
    Rule,
    Strip,
    Text,
)
from pdf_templates.setting.tables import Cell, Column, table
from tests.layout.checker import area_of, faults_of
from tests.layout.faults import Fault

META = Meta("版面样例", "云湾区应急管理局", "样例", datetime(2026, 3, 2, tzinfo=UTC))
BODY = (
    "经查，你单位砂光车间干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m、面积35㎡，不符合"
    "《粉尘防爆安全规程》（GB 15577-2018）第8.2条的规定；“未见锁气卸灰装置”——见照片1、2……"
    "请于2026年4月1日前整改完毕。"
)
CALL = "联系电话：0518-86000000。"
"""What a broken page may say besides."""
HEAD = ("序号", "问题", "期限")
ROWS = 44
NOTE = "（以下空白）"
Break = Callable[[list[list[Mark]]], None]
"""Changes the marks of the pages in place."""
PHOTO = "photo"
"""The key of the one picture."""


@cache
def photo() -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 140)).save(out, "JPEG")
    return out.getvalue()


def line_of(text: str, size: float = 10.5) -> Line:
    """Return a text as one line."""
    return break_lines([Span(text, field="样例")], size, 1e6, justify=False)[0]


def text(x: float, y: float, said: str, size: float = 10.5) -> Text:
    """Return a line of text at a place."""
    return Text(x, y, size, line_of(said, size))


def below(number: int, total: int, paper: Paper = FORM) -> tuple[Mark, ...]:
    """Return what stands in the bottom margin."""
    said, y = f"共{total}页　第{number}页", paper.height - 42
    right = paper.width - paper.right - line_of(said, 9).width
    rule = Rule(paper.left, y - 14, paper.width - paper.right, y - 14)
    return rule, text(paper.left, y, "本文书一式两份", 9), text(right, y, said, 9)


def blank(gap: float, ends: bool) -> Strip | None:
    """Return the note that closes a gap."""
    return Strip(21, (text(260, 14.5, NOTE),)) if gap > 50 else None


def paragraph(said: str, paper: Paper = FORM) -> list[Strip]:
    """Return a paragraph as strips."""
    lines = break_lines(
        [Span(said, field="正文")],
        paper.size,
        paper.text_width,
        first=2 * paper.size,
        tracking=paper.tracking,
    )
    return [
        Strip(paper.leading, (Text(paper.left, paper.leading * 0.7, paper.size, line),))
        for line in lines
    ]


def sound_pages(paper: Paper = FORM) -> list[Page]:
    """Return a document of a few pages with a table that is cut, and a closing block."""
    table_rows = [
        [Cell(f"{n}"), Cell("未设置锁气卸灰装置"), Cell("2026-04-01")] for n in range(1, ROWS + 1)
    ]
    ruled = table(
        [Column(12, "centre"), Column(60), Column(28, "centre")],
        table_rows,
        [Cell(word) for word in HEAD],
        paper,
    )
    again = Strip(24, (text(paper.width - paper.right - 30, 12, "续页"),))
    title = Strip(40, (text(paper.left + 130, 24, "现场检查记录", 18),))
    closing = [
        Strip(21, (text(paper.left, 14.5, "执法人员（签名）："),), keep=True),
        Strip(21, (text(paper.left + 270, 14.5, "2026年3月2日"),)),
    ]
    body = [*paragraph(BODY * 2, paper), *ruled, Strip(12, ()), *paragraph(BODY * 3, paper)]
    sheet = Sheet((title,), (again,), None, lambda n, total: below(n, total, paper), paper)
    return flow(sheet, body, closing, blank=blank)


def faults_after(change: Break, pages: Sequence[Page] | None = None) -> list[Fault]:
    """Return what the checker finds after a change of the marks."""
    pages = sound_pages() if pages is None else pages
    marks = [[*page.marks] for page in pages]
    change(marks)
    made = [Page.of(kept, page.paper) for page, kept in zip(pages, marks, strict=False) if kept]
    return faults_of(
        write(made, META, {PHOTO: photo()}), [area_of(page) for page in made], said=BODY + CALL
    )


def texts(marks: Sequence[Mark]) -> list[Text]:
    """Return the lines of text among marks."""
    return [mark for mark in marks if isinstance(mark, Text)]


def swap(marks: list[Mark], old: Mark, *new: Mark) -> None:
    """Put other marks in the place of one."""
    place = marks.index(old)
    marks[place : place + 1] = new


def redrawn(mark: Text, *, spacing: float | None = None, said: str = "") -> Text:
    """Return a line drawn out more or with other words in the same place, as one piece each."""
    line = mark.line
    if said:
        fresh = line_of(said, mark.size)
        return mark._replace(line=fresh)
    assert spacing is not None
    begins: list[float | None] = []
    count = 0
    for begin, part in zip_longest(line.begins, line.parts):
        begins.append(None if begin is None else begin + count * (spacing - line.spacing))
        count += len(part)
    return mark._replace(line=line._replace(begins=tuple(begins), spacing=spacing))
