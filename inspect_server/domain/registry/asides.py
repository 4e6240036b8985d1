"""
Rows of a list that are none of its entries: totals, notes, who filled it in and when.

Only rows that cannot be imported are asked, so an entry that can is never taken for one.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from inspect_server.domain.registry.titles import plain_title


class Aside(StrEnum):
    """What a row is that names nobody; the value is what the report says."""

    TOTAL = "合计"
    NOTE = "说明"
    SIGNATURE = "填表信息"
    HEADING = "分组标题或分条说明"
    HEADER = "重复的表头"
    INSTRUCTION = "栏次或填写要求"
    NUMBER = "只有序号的空行"


_TOTAL = re.compile(
    r".{0,12}?(?:合计|总计|小计|共计|累计|总数)(?:$|[:,。(\s\d家户人数条])|共\s*\d+\s*[家户人条行项个]"
)
_NOTE = re.compile(
    r"(?:填表|填报|编制|附|备|注)?(?:说明|备注|注|附注|附件)\s*\d{0,2}(?:$|[:.,、(\s])"
    r"|以下空白|(?:表|本表)(?:格)?(?:内|中|由)|第\s*\d+\s*页|数据(?:来源|截至|截止)"
)
_WHO = r"制表|填表|填报|制单|编制|审核|审批|复核|校对|统计|报送|上报|打印|导出|经办|更新|截至|截止"
_ROLE = r"人|员|单位|部门|日期|时间|负责人|领导|科室"
_SIGNATURE = re.compile(
    rf"(?:{_WHO})(?:{_ROLE})+(?:\([^()]*\))?(?:$|[:\s])"
    rf"|(?:单位|部门|科室|主要|分管|{_WHO})*(?:{_ROLE}|联系人|联系电话|电话)(?:\([^()]*\))?:"
    r"|\(?(?:签字|签名|签章|盖章|公章)"
)
_LISTED = re.compile(r"(?:\d{1,2}[.、)]|\(\d{1,2}\)|[①-⑳]|[(]?[一二三四五六七八九十]{1,3}[)、])\D")
_NUMBER = re.compile(r"\(?(\d{1,3})\)?")
_SERIES = ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ASKED = re.compile(
    r"\(?(?:必填|选填|非必填|可选|可不填|下拉选择|自动生成|示例|例如|格式)[):]?.{0,20}"
)
_CODE = re.compile(r"[0-9A-Z]{6,}")


def aside(cells: Sequence[str], titles: Sequence[str], key: int) -> Aside | None:
    """
    Return what a row without a readable key is, if it is plainly no entry of the list.

    Args:
        cells: The row as written.
        titles: The header as written.
        key: The index of the column that every entry needs (code or certificate number).
    """
    filled = [_plain(cell) for cell in cells if cell.strip()]
    held = _plain(cells[key]) if key < len(cells) else ""
    if not filled or _CODE.search(held):
        return None
    if _repeats(cells, titles):
        return Aside.HEADER
    if len(filled) == 1 and filled[0].isdigit():
        return Aside.NUMBER
    if _numbers_columns(filled, len(titles)) or all(map(_ASKED.fullmatch, filled)):
        return Aside.INSTRUCTION
    # 序号 may stand in front: 36 | 合计 | | 128
    words = [cell for cell in filled if not cell.isdigit()][:2]
    for kind, pattern in ((Aside.TOTAL, _TOTAL), (Aside.SIGNATURE, _SIGNATURE)):
        if any(map(pattern.match, words)):
            return kind
    if words and _NOTE.match(words[0]):
        return Aside.NOTE
    return Aside.HEADING if len(filled) == 1 and _LISTED.match(filled[0]) else None


def _numbers_columns(filled: Sequence[str], columns: int) -> bool:
    """Return whether the cells number the columns (甲 乙 1 2 3), and do not merely look short."""
    numbers = [int(found[1]) for cell in filled if (found := _NUMBER.fullmatch(cell))]
    letters = "".join(cell for cell in filled if not _NUMBER.fullmatch(cell))
    if numbers != sorted(set(numbers)) or not all(0 < number <= columns for number in numbers):
        return False
    return any(series.startswith(letters) for series in _SERIES)


def _repeats(cells: Sequence[str], titles: Sequence[str]) -> bool:
    """Return whether the header stands here again, as on every printed page."""
    pairs = [(plain_title(c), plain_title(t)) for c, t in zip(cells, titles, strict=False) if c]
    same = sum(cell == title for cell, title in pairs)
    return same >= 2 and 2 * same > len(pairs)


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).upper()
