"""What a cell's ASCII id says, in Chinese: the one place, for every face."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from inspect_server.domain.enums import Credit, Risk
from inspect_server.domain.plan.cells import ANY, KEY, RECENCY, RISK, Part
from inspect_server.domain.plan.rules import NO_SECTOR
from inspect_server.domain.registry.values import SECTOR_WORDS

SECTOR_NAMES: Mapping[str, str] = {
    **{sector.value: words[0] for sector, words in SECTOR_WORDS.items()},
    NO_SECTOR: "无行业标签",
}
LEVELS = {"province": "省级", "city": "市级", "county": "县级", "unlocated": "区划不明"}
RISKS = {
    Risk.RED.value: "红",
    Risk.ORANGE.value: "橙",
    Risk.YELLOW.value: "黄",
    Risk.BLUE.value: "蓝",
    Risk.UNKNOWN.value: "风险未定",
}
CREDITS = {
    **{grade.value: f"{grade.value}级" for grade in Credit if grade is not Credit.UNKNOWN},
    Credit.UNKNOWN.value: "信用未评",
}
RECENCIES = {"never": "未检查过", "recent": "近期检查过", "earlier": "以前检查过", KEY: "重点企业"}
DIMENSIONS: tuple[Mapping[str, str], ...] = (LEVELS, SECTOR_NAMES, RISKS, CREDITS, RECENCIES)
"""In the order of the id."""
DIMENSION_NAMES = ("层级", "行业", "风险", "信用", "上次检查")
NAMED = 3
"""How many words of one dimension are listed; more are counted."""

PERCENT = 10_000
"""In ppm."""
OTHERS = "其余"
DIFFERENT = "各不相同"
KINDS = "各类"
Row = TypeVar("Row")


def odds(p_ppm: int | None) -> str:
    """
    Return a probability as it is read everywhere, exact: 1.6250% for 16,250 ppm.

    None, of several cells that are shown as one: they differ.
    """
    if p_ppm is None:
        return DIFFERENT
    return f"{p_ppm // PERCENT}.{p_ppm % PERCENT:04d}%"


def exact_decimal(number: int, digits: int) -> str:
    """Return number ÷ 10^digits with every digit that counts: 0.008 for 8,000 ppm (6 digits)."""
    whole, rest = divmod(number, 10**digits)
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")


def cell_name(label: str) -> str:
    """
    Return what anybody reads for a cell id or a published label.

    What a label leaves open is left out, and its p tells it from the others:
    `county.confined_space.any.any.never.p1000` is “县级·有限空间·未检查过，概率 0.1000%”,
    `any.confined_space.any.any.any.p1000` “有限空间各类，概率 0.1000%”. Whether several cells went
    into it a label does not say. Texts that are no label of a plan, as in a draw computed from
    somebody's own files, come back as they are.
    """
    parts, merged = label.split("."), is_merged(label)
    if len(parts) != len(DIMENSIONS) + merged:
        return label
    try:
        words = [names[part] for names, part in zip(DIMENSIONS, parts, strict=False) if part != ANY]
    except KeyError:
        return label
    name = "·".join(words) or OTHERS
    if not merged:
        return name
    kinds = KINDS if set(parts[RISK : RECENCY + 1]) == {ANY} else ""
    return f"{name}{kinds}，概率 {odds(int(parts[-1][1:]))}"


def is_merged(label: str) -> bool:
    """Return whether a published label is coarser than a cell: it ends in its p."""
    parts = label.split(".")
    return len(parts) == len(DIMENSIONS) + 1 and parts[-1][:1] == "p" and parts[-1][1:].isdecimal()


def in_display(rows: Iterable[Row], label: Callable[[Row], str]) -> tuple[Row, ...]:
    """
    Return rows of cells as people read them: whole names and key enterprises first.

    Within both halves the given order stays. What is hashed or signed keeps the declared order.
    """
    return tuple(sorted(rows, key=lambda row: _is_shortened(label(row))))


def merged_name(label: str, parts: Sequence[Part]) -> str:
    """
    Return what an officer reads for a merged cell: of each dimension what went into it.

    E.g. “县级·粉尘涉爆/有限空间·红·信用 4 种·未检查过（合并 6 个单元：行业、信用不分）”.
    A single cell under a shorter name tells that name, e.g. 县级·粉尘涉爆·红·D级·未检查过（公布为
    “粉尘涉爆各类，概率 1.1267%”）. Without parts it is the cell's own name. For the office: what
    is published says no more than the label.
    """
    if not parts:
        return cell_name(label)
    values = [_distinct(parts, place) for place in range(len(DIMENSIONS))]
    words = [
        "/".join(found) if len(found) <= NAMED else f"{DIMENSION_NAMES[place]} {len(found)} 种"
        for place, found in enumerate(values)
        if found
    ]
    given_up = "、".join(
        DIMENSION_NAMES[place] for place, found in enumerate(values) if len(found) > 1
    )
    how = f"合并 {len(parts)} 个单元：{given_up}不分" if given_up else f"公布为“{cell_name(label)}”"
    return f"{'·'.join(words)}（{how}）"


def _is_shortened(label: str) -> bool:
    return is_merged(label) and label.split(".")[RECENCY] != KEY


def _distinct(parts: Sequence[Part], place: int) -> list[str]:
    """Return the words of one dimension that occur, in the order in which they are declared."""
    codes = {part.cell.split(".")[place] for part in parts}
    return [word for code, word in DIMENSIONS[place].items() if code in codes]
