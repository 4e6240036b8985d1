"""Dates, counts and lists as an office writes them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from itertools import accumulate, pairwise

ENDS = "。；！？…"
QUOTES = "”’」』"
STOPS = "。，；：、！？"
DIGITS = "零一二三四五六七八九"
CUT = re.compile("(?<=[\u3400-\u9fff）])(?=[\u3400-\u9fff（])")
"""Where a name may be cut at all: between two Chinese characters."""
JOINT = re.compile(
    "(?<=委员会)|(?<=[省区州盟县旗局厅）])(?![省市区州盟县旗域湾])|(?<![城都])(?<=市)(?![省市区县场])"
    "|(?<=市)(?=市场)|(?=应急管理|安全生产|综合行政执法|管理委员会|人民政府|办公室)"
)
"""Where it is cut best: behind a place, before what an office is called."""
TORN = 4
"""Characters by which rows rather differ than that a word of a name is torn."""


def long_date(day: str) -> str:
    """Return 2026年3月2日 for an ISO date."""
    value = date.fromisoformat(day)
    return f"{value.year}年{value.month}月{value.day}日"


def long_days(first: str, last: str) -> str:
    """Return 2026年3月2日, or 2026年3月2日至2026年3月4日 where the ISO dates differ."""
    return long_date(first) if first == last else f"{long_date(first)}至{long_date(last)}"


def long_time(moment: str, *, seconds: bool = False) -> str:
    """Return 2026年3月2日9时05分 for an RFC 3339 text, in the offset that it carries."""
    value = datetime.fromisoformat(moment)
    text = f"{value.year}年{value.month}月{value.day}日{value.hour}时{value.minute:02d}分"
    return f"{text}{value.second:02d}秒" if seconds else text


def ended(text: str) -> str:
    """Return the text with a full stop where it has no end mark, in its closing quotes or not."""
    clean = text.strip()
    if clean.rstrip(QUOTES)[-1:] in ENDS:
        return clean
    return clean.rstrip("，、：.,;:") + "。"


def unended(text: str) -> str:
    """Return the text without the marks at its end: what stands within a sentence has none."""
    return text.rstrip(f"{STOPS} ")


def listed(numbers: Sequence[int]) -> str:
    """Return 1、3、5 with runs of three or more shortened: 1至4、6."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}至{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return "、".join(parts)


def in_chinese(number: int) -> str:
    """Return 一, 十二, 三十, as headings are numbered; figures from 100 on, for want of any."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    said = (DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return said + (DIGITS[ones] if ones else "")


def ticked(choices: Iterable[tuple[str, bool]]) -> str:
    """Return choices beside each other with ☑ or ☐ before each."""
    return "　".join(f"{'☑' if chosen else '☐'}{said}" for said, chosen in choices)


def compass(latitude: str, longitude: str) -> str:
    """Return 北纬31.1°，东经120.2° for decimal degrees as text."""
    north = "南纬" if latitude.startswith("-") else "北纬"
    east = "西经" if longitude.startswith("-") else "东经"
    return f"{north}{latitude.lstrip('-+')}°，{east}{longitude.lstrip('-+')}°"


def struck(value: str) -> str:
    """Return what fills a cell of a signed list: ／ where there is nothing, lest it be added."""
    return value or "／"


def rows_of(name: str, count: int) -> list[str]:
    """Return a name in so many rows, about as long as each other and cut between its words."""
    best = {found.start() for found in JOINT.finditer(name)}
    among = [found.start() for found in CUT.finditer(name)]
    reached = [0.0, *accumulate(map(_ems, name))]
    at = [reached[place] for place in among]

    def cost(place: int, aim: float) -> float:
        return abs(reached[place] - aim) + TORN * (place not in best)

    places = [0]
    for row in range(1, count):
        first, aim = bisect_right(among, places[-1]), reached[-1] * row / count
        if first == len(among):
            break
        behind = bisect_left(at, aim, first)
        apart = min(abs(one - aim) for one in at[max(first, behind - 1) : behind + 1])
        # No place further away than this is better, however well it cuts.
        begin = bisect_left(at, aim - apart - TORN, first)
        near = among[begin : bisect_right(at, aim + apart + TORN, first)]
        places.append(min(near, key=partial(cost, aim=aim)))
    return [name[begin:end] for begin, end in pairwise((*places, len(name)))]


def _ems(char: str) -> float:
    return 0.5 if char.isascii() else 1.0
