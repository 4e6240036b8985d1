"""Reading one cell as the value of one field; each reader refuses with the reason in Chinese."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Generic, TypeVar

from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    Risk,
    Sector,
    Standardisation,
)
from inspect_server.domain.registry.cells import Unreadable, code, tidy, whole

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Reader = Callable[[str], Any]

_MEMO_SIZE = 4096


class Memo(dict[str, T], Generic[T]):
    """Remember what a column's few distinct cells mean; a refusal is never remembered."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> T:
        value = self._read(cell)
        if len(self) < _MEMO_SIZE:
            self[cell] = value
        return value


def text(longest: int) -> Callable[[str], str | None]:
    """Return a reader of free text of at most `longest` characters."""

    def read(cell: str) -> str | None:
        value = tidy(cell)
        if len(value) > longest:
            raise Unreadable(f"内容过长（{len(value)} 字，最多 {longest} 字）")
        return value or None

    return read


def required(read: Callable[[str], T | None]) -> Callable[[str], T]:
    """Return a reader that refuses a blank."""

    def read_required(cell: str) -> T:
        value = read(cell)
        if value is None or value == "":
            raise Unreadable("必填，不能为空")
        return value

    return read_required


def word(meanings: Mapping[str, E], blank: E) -> Callable[[str], E]:
    """Return a reader of one word of a closed list; `meanings` keys are NFKC capitals."""
    shown = "、".join(dict.fromkeys(_first_words(meanings)))

    def read(cell: str) -> E:
        value = code(cell)
        if not value:
            return blank
        found = meanings.get(value)
        if found is None:
            raise Unreadable(f"不认识的值“{_brief(value)}”，应为：{shown}")
        return found

    return read


def _first_words(meanings: Mapping[str, E]) -> list[str]:
    first: dict[E, str] = {}
    for name, member in meanings.items():
        first.setdefault(member, name)
    return list(first.values())


def _words(table: Mapping[E, str]) -> dict[str, E]:
    return {name: member for member, names in table.items() for name in names.split()}


risk = word(
    _words(
        {
            Risk.RED: "红 红色 红色风险 重大 重大风险 1 1级 一级 I级 I",
            Risk.ORANGE: "橙 橙色 橙色风险 较大 较大风险 2 2级 二级 II级 II",
            Risk.YELLOW: "黄 黄色 黄色风险 一般 一般风险 3 3级 三级 III级 III",
            Risk.BLUE: "蓝 蓝色 蓝色风险 低 低风险 较低 4 4级 四级 IV级 IV",
            Risk.UNKNOWN: "未评定 未评估 未定级",
        }
    ),
    Risk.UNKNOWN,
)
credit = word(
    _words(
        {
            Credit.A: "A A级 A类",
            Credit.B: "B B级 B类",
            Credit.C: "C C级 C类",
            Credit.D: "D D级 D类",
            Credit.UNKNOWN: "未评定 未评级 未定级",
        }
    ),
    Credit.UNKNOWN,
)
standardisation = word(
    _words(
        {
            Standardisation.FIRST: "一级 1 1级 一 I级 I 一级企业 一级达标",
            Standardisation.SECOND: "二级 2 2级 二 II级 II 二级企业 二级达标",
            Standardisation.THIRD: "三级 3 3级 三 III级 III 三级企业 三级达标",
            Standardisation.NONE: "未达标 未评定 未创建 未定级 否",
        }
    ),
    Standardisation.NONE,
)
status = word(
    _words(
        {
            EnterpriseStatus.OPERATING: "在营 营业 正常 存续 开业 在业 在产 生产 正常生产 "
            "正常经营 在营(开业) 在营(开业)企业 存续(在营、开业、在册)",
            EnterpriseStatus.STOPPED: "停产 停业 歇业 停产停业 停产整顿 暂停营业 临时停产",
            EnterpriseStatus.CLOSED: "注销 吊销 关闭 已关停 关停 迁出 吊销未注销 已注销 搬迁",
        }
    ),
    EnterpriseStatus.OPERATING,
)

_YES = frozenset({"是", "Y", "YES", "1", "TRUE", "T", "有", "√", "✓", "✔", "☑", "重点", "可", "对"})
_NO = frozenset({"否", "N", "NO", "0", "FALSE", "F", "×", "X", "✗", "☐", "非重点", "不可", "不是"})


def yes(cell: str) -> bool:
    """Read 是/否 and its usual spellings; a blank means 否."""
    value = code(cell)
    if value in _YES:
        return True
    if not value or value in _NO:
        return False
    raise Unreadable(f"不认识的值“{_brief(value)}”，应为：是、否")


_ON_DUTY = {"在岗": True, "在职": True, "正常": True, "有效": True, "是": True} | dict.fromkeys(
    ("离岗", "离职", "调离", "调出", "退休", "停职", "注销", "否"), False
)


def on_duty(cell: str) -> bool:
    """Read whether an officer still serves; a blank means yes."""
    value = code(cell)
    if not value:
        return True
    if value not in _ON_DUTY:
        raise Unreadable(f"不认识的值“{_brief(value)}”，应为：{'、'.join(_ON_DUTY)}")
    return _ON_DUTY[value]


SECTOR_WORDS: Mapping[Sector, tuple[str, ...]] = {
    Sector.DUST: ("粉尘涉爆", "涉爆粉尘", "粉尘防爆", "粉尘爆炸", "涉粉作业", "粉尘"),
    Sector.CONFINED_SPACE: ("有限空间", "有限空间作业", "受限空间", "涉有限空间"),
    Sector.METAL_SMELTING: ("金属冶炼", "冶炼", "冶金", "深井铸造"),
    Sector.AMMONIA: ("液氨制冷", "涉氨制冷", "氨制冷", "液氨", "涉氨"),
    Sector.HAZARDOUS_CHEMICALS: ("危险化学品", "危化品", "危化", "化工"),
}
_SECTORS = {name: sector for sector, names in SECTOR_WORDS.items() for name in names}
_TAG_BREAK = re.compile(r"[、,，;；/|+\s]+")


def sectors(cell: str) -> list[str]:
    """
    Read 行业领域 tags, several in one cell.

    Returns:
        Values of `Sector`, sorted, each once.
    """
    value = unicodedata.normalize("NFKC", tidy(cell))
    found = set()
    for tag in filter(None, _TAG_BREAK.split(value)):
        sector = _SECTORS.get(tag) or _SECTORS.get(tag.removesuffix("企业").removesuffix("领域"))
        if sector is None:
            shown = "、".join(names[0] for names in SECTOR_WORDS.values())
            raise Unreadable(f"不认识的行业领域标签“{_brief(tag)}”，应为：{shown}")
        found.add(sector.value)
    return sorted(found)


# The first two digits of every code of GB/T 2260.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")


def is_division_code(value: str) -> bool:
    """
    Return whether this has the shape of a division code.

    6 digits name a county and above (GB/T 2260), 9 a town (GB/T 10114), 12 a village.
    """
    shaped = len(value) in (6, 9, 12) and value.isascii() and value.isdigit()
    return shaped and _PROVINCES.match(value) is not None


def division(cell: str) -> str | None:
    """Read 行政区划代码."""
    value = code(cell)
    if not value:
        return None
    if not is_division_code(value):
        raise Unreadable("应为 6、9 或 12 位数字的行政区划代码（GB/T 2260）")
    return value


_INDUSTRY = re.compile(
    r"([A-T]?)(\d{2,4})(?:[-—:：、.]*[^\W\d_A-Z].*)?|([A-T])(?:[-—:：、.]*[^\W\d_A-Z].*)?"
)
_LAST_DIVISION = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRST",
        (5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97),
        strict=True,
    )
)
"""The last two-digit division (大类) of each section (门类) of GB/T 4754-2017."""


def industry(cell: str) -> str | None:
    """
    Read a code of GB/T 4754, whether or not the industry's name follows it.

    Digits without their letter get it, so that one industry has one code.
    """
    value = code(cell)
    if not value:
        return None
    match = _INDUSTRY.fullmatch(value)
    if not match:
        raise Unreadable("应为国民经济行业分类代码（GB/T 4754），如 C3311 或 3311")
    letter, digits, alone = match.groups()
    if alone:
        return alone
    section = _section(int(digits[:2]))
    if not section or letter not in ("", section):
        raise Unreadable(f"国民经济行业分类（GB/T 4754）中没有代码“{letter}{digits}”")
    return section + digits


def _section(division: int) -> str:
    if division < 1:
        return ""
    return next((letter for letter, last in _LAST_DIVISION.items() if division <= last), "")


_PLAIN_DEGREES = re.compile(r"(1[0-7]\d|\d\d)\.(\d{6})", re.ASCII)
_DEGREES = re.compile(r"(\d{1,3})°(?:(\d{1,2})[′'’](?:(\d{1,2}(?:\.\d+)?)(?:″|\"|”|''|′′))?)?[NE]?")
_MICRO = Decimal(1_000_000)


def microdegrees(cell: str) -> int | None:
    """Read decimal degrees, or degrees with minutes and seconds, as whole microdegrees."""
    if match := _PLAIN_DEGREES.fullmatch(cell):
        return int(match[1] + match[2])  # what nearly every cell looks like
    value = tidy(cell)
    if not value:
        return None
    try:
        degrees = Decimal(value)
    except InvalidOperation:
        degrees = _from_minutes(value)
    if not degrees.is_finite() or abs(degrees) > 180:
        raise Unreadable("经纬度应为 180 以内的度数，如 119.221500")
    return int((degrees * _MICRO).to_integral_value(ROUND_HALF_EVEN))


def _from_minutes(value: str) -> Decimal:
    match = _DEGREES.fullmatch("".join(value.upper().split()))
    if not match:
        raise Unreadable(f"无法识别的经纬度“{_brief(value)}”，应为度数，如 119.221500")
    degrees, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    if minutes >= 60 or seconds >= 60:
        raise Unreadable("经纬度的分、秒应小于 60")
    return degrees + minutes / 60 + seconds / 3600


_DATUMS = {
    "WGS-84": "WGS-84 WGS84 WGS-1984 WGS1984 GPS",
    "GCJ-02": "GCJ-02 GCJ02 火星坐标 火星坐标系 高德 腾讯 高德坐标",
    "CGCS2000": "CGCS2000 CGCS-2000 2000 国家2000 2000国家大地坐标系 大地2000 天地图",
}
_DATUM_WORDS = {word_: datum_ for datum_, words in _DATUMS.items() for word_ in words.split()}


def datum(cell: str) -> str | None:
    """Read 坐标系."""
    value = code(cell)
    if not value:
        return None
    if value not in _DATUM_WORDS:
        raise Unreadable(
            f"不支持的坐标系“{_brief(value)}”，应为 {'、'.join(_DATUMS)}，其他坐标请先换算"
        )
    return _DATUM_WORDS[value]


_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_PLAIN_PHONE = re.compile(r"1\d{10}|0\d{2,3}-\d{7,8}", re.ASCII)
_PHONE = re.compile(r"[0-9+()\-*#,;/、，；转A-Z\u4e00-\u9fff ]{5,40}")


def phone(cell: str) -> str | None:
    """Read one or several telephone numbers as written, in half-width characters."""
    if _PLAIN_PHONE.fullmatch(cell):
        return cell
    value = whole(unicodedata.normalize("NFKC", tidy(cell)))
    if not value:
        return None
    if _ROUNDED.fullmatch(value.upper()):
        raise Unreadable("已被 Excel 改成科学计数，请将单元格设为文本后重新填写")
    digits = sum(map(str.isdigit, value))
    if digits < 5 or not _PHONE.fullmatch(value.upper()):
        raise Unreadable("不像电话号码，应至少有 5 位数字且不超过 40 字")
    return value


_DAY = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8}|\d{5})"
_DAY_PARTS = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_CLOCK = re.compile(r"[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_PERIOD = re.compile(rf"({_DAY})(?:(?:至|到|~|-+|—+|–)({_DAY}))?(?:\(([^()]*)\))?[;,、。]*")
_DAY_NUMBER = re.compile(r"^(\d{5})\.\d+$")  # the fraction is the time of day
_EXCEL_EPOCH = date(1899, 12, 30)


def day(cell: str) -> date | None:
    """Read a date in the usual spellings, Excel's day number included."""
    value = tidy(cell)
    return _day(unicodedata.normalize("NFKC", value)) if value else None


def _day(value: str) -> date:
    value = "".join(_CLOCK.sub("", value).split())
    value = _DAY_NUMBER.sub(r"\1", value)
    if len(value) == 5 and value.isdigit():
        return _EXCEL_EPOCH + timedelta(days=int(value))
    match = _DAY_PARTS.fullmatch(value)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Unreadable(f"没有“{_brief(value)}”这一天") from None
    raise Unreadable(f"无法识别的日期“{_brief(value)}”，应如 2026-03-01")


def periods(cell: str) -> list[tuple[date, date, str]]:
    """
    Read day ranges such as 2026-03-01至2026-03-05（年休假）；2026-05-01.

    Returns:
        First day, last day (both included) and the reason, sorted.
    """
    value = "".join(unicodedata.normalize("NFKC", tidy(cell)).split())
    found = []
    position = 0
    while position < len(value):
        match = _PERIOD.match(value, position)
        if not match:
            raise Unreadable(
                f"无法识别“{_brief(value[position:])}”，"
                "应如 2026-03-01至2026-03-05；2026-05-01至2026-05-03"
            )
        first, last = _day(match[1]), _day(match[2] or match[1])
        if first > last:
            raise Unreadable(f"开始日 {first} 晚于结束日 {last}")
        found.append((first, last, (match[3] or "")[:200]))
        position = match.end()
    return sorted(set(found))


def _brief(value: str) -> str:
    return value if len(value) <= 20 else value[:20] + "…"
