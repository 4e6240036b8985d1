"""
What all engines set: a notice of three pages and a case file of 270, as plain data.

Texts are varied by a seeded generator; every ideograph is one that FangSong has, Latin and figures
come from Song in every engine, so that all embed glyphs of the same faces.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

WIDTH, HEIGHT = 595.28, 841.89
"""A4, in points."""
SIDE, ABOVE = 84.0, 72.0
"""Margins beside, and above and below the type area."""
SIZE, LEADING, TITLE = 10.5, 21.0, 18.0
ROW, PADDING = 17.0, 5.0
"""A table's line pitch, and the white above and below a cell's text."""
SHARES = (7, 33, 28, 14, 18)
"""Of a table's columns, in per cent."""
CENTRED = (0, 3, 4)
QR_SIDE = 71.0
"""Points of the square in which the code stands."""
PICTURE = (380.0, 285.0)
"""The width of a photo and its height, in points; two stand on a page."""

_SUBJECTS = (
    "除尘器",
    "粉尘爆炸危险场所",
    "木工车间",
    "配电室",
    "危险化学品仓库",
    "有限空间作业点",
    "消防通道",
    "压力管道",
)
_STATES = (
    "未按规定设置监测报警装置",
    "防爆电气设备接线口未有效密封",
    "清扫制度未落实，积尘厚度超过1 mm",
    "作业审批单缺少监护人员签名",
    "安全警示标志缺失，现场人员不能说明应急处置措施",
    "隔离阀与风机未联锁，泄爆口朝向作业通道",
)
_RULES = (
    "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十四条",
    "《中华人民共和国安全生产法》第三十六条第一款",
    "《粉尘防爆安全规程》（GB 15577-2018）6.3.2",
    "《危险化学品安全管理条例》第二十条",
)
_ACTS = ("责令立即停止作业并撤出人员", "责令于十五日内整改完毕", "责令当场改正，并记录在案")
_SURNAMES, _GIVEN = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗",
    "国华明建军志强海伟平文涛俊杰敏静丽芳",
)


@dataclass(frozen=True)
class Grid:
    """A table: what heads its columns, and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A document of a case: it begins on a page of its own."""

    title: str
    number: str
    paragraphs: tuple[str, ...]
    grid: Grid


@dataclass(frozen=True)
class Notice:
    """One document of three pages, with a QR code at its end."""

    section: Section
    bars: tuple[tuple[int, int, int, int], ...]
    modules: int  # along a side of the code


@dataclass(frozen=True)
class Photo:
    """A prepared photo: its file, and what stands below it."""

    file: str
    caption: tuple[str, ...]


@dataclass(frozen=True)
class CaseFile:
    """Documents of a case and its photos."""

    sections: tuple[Section, ...]
    photos: tuple[Photo, ...]


def notice(number: int, code: dict[str, Any]) -> Notice:
    """
    Return the notice of this number.

    Args:
        number: Varies the text.
        code: The QR code that stands on all of them: `bars` and `modules`.
    """
    bars = tuple((x, y, wide, high) for x, y, wide, high in code["bars"])
    return Notice(_section(number, "行政检查情况通知书", 15, 9), bars, code["modules"])


def case_file(files: Sequence[str], sections: int = 55) -> CaseFile:
    """Return the case file with these photos; each section takes four pages."""
    titles = ("现场检查记录", "询问笔录", "责令限期整改指令书", "案件调查报告", "行政处罚告知书")
    return CaseFile(
        tuple(_section(n, titles[n % len(titles)], 22, 10) for n in range(sections)),
        tuple(_photo(n, file) for n, file in enumerate(files, 1)),
    )


def facts(content: Notice | CaseFile) -> bytes:
    """Return what the content says as the JSON that a PDF/A-3 carries."""
    return as_json(content if isinstance(content, CaseFile) else content.section).encode()


def as_json(content: Any) -> str:
    """Return content as JSON; `asdict` would copy all of it first, at the cost of each engine."""
    return json.dumps(
        content, default=vars, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def plain_text(content: Notice | CaseFile) -> str:
    """Return all characters that an engine has to set, but for page numbers and white space."""
    sections = content.sections if isinstance(content, CaseFile) else [content.section]
    parts: list[str] = []
    for section in sections:
        parts += [section.title, section.number, *section.paragraphs, *section.grid.head]
        parts += [text for row in section.grid.rows for text in row]
    if isinstance(content, CaseFile):
        parts += [line for photo in content.photos for line in photo.caption]
    return "".join(parts)


def _section(number: int, title: str, paragraphs: int, rows: int) -> Section:
    rng = random.Random(f"{title}{number}")
    return Section(
        title,
        f"（苏·云）应急检通〔2026〕{number + 1}号",
        tuple(_paragraph(rng, place) for place in range(1, paragraphs + 1)),
        Grid(
            ("序号", "检查内容", "依据", "结果", "期限"),
            tuple(_row(rng, place) for place in range(1, rows + 1)),
        ),
    )


def _paragraph(rng: random.Random, place: int) -> str:
    """Return a finding, of four lines."""
    day = f"2026年{rng.randint(1, 12)}月{rng.randint(1, 28)}日{rng.randint(8, 17)}时"
    return (
        f"{place}．{day}，执法人员{_name(rng)}、{_name(rng)}在云湾区第{rng.randint(1, 99)}"
        f"机械制造有限公司{rng.choice(_SUBJECTS)}检查时发现：{rng.choice(_STATES)}；"
        f"{rng.choice(_SUBJECTS)}{rng.choice(_STATES)}。上述行为不符合{rng.choice(_RULES)}的规定，"
        f"{rng.choice(_ACTS)}，由现场负责人{_name(rng)}签收。"
    )


def _row(rng: random.Random, place: int) -> tuple[str, ...]:
    """Return a row of two or three lines."""
    until = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    result = rng.choice(("符合", "不符合", "不适用"))
    found = f"{rng.randint(1, 99)}号{rng.choice(_SUBJECTS)}{rng.choice(_STATES)}"
    return str(place), found, rng.choice(_RULES), result, until


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2))))


def _photo(number: int, file: str) -> Photo:
    rng = random.Random(number)
    digest = sha256(file.encode()).hexdigest()
    at = f"2026-03-{rng.randint(1, 28):02} {rng.randint(8, 17):02}:{rng.randint(0, 59):02}"
    return Photo(
        file,
        (f"照片{number}　{rng.choice(_SUBJECTS)}", f"拍摄时间：{at}", f"SHA-256：{digest[:32]}"),
    )
