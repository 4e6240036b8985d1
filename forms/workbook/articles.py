"""
How articles are written: 第四十二条第二款第（一）项; in standards 5.2.1, 附录A.0.1.

A citation without a mark counts as compared with the law's text, so that nothing may stand there
that is no article: it would be printed.
"""

import re
from functools import cache

_UNITS = ("编", "章", "节", "部分", "条", "款", "项", "目")
"""From the largest to the smallest; a smaller one stands behind a larger one."""
_CLAUSES = frozenset({"款", "项", "目"})
_NEED_AN_ARTICLE = frozenset({"款", "目"})
"""These say nothing where no article is named; some rules have items (项) without articles."""

_NUMERAL = "[一二三四五六七八九十百千零]{1,9}"
_NUMBER = rf"(?:[（(]{_NUMERAL}[）)]|{_NUMERAL}|[1-9][0-9]?(?=目))"
_JOINED = "(?:以及|或者|[、，,；;和及与或至]|[~～—–－-]{1,2})"
_PART = re.compile(
    rf"第?({_NUMBER}(?:{_JOINED}第?{_NUMBER}|[（(]{_NUMERAL}[）)])*)({'|'.join(_UNITS)})"
    rf"(?:(?<=条)之({_NUMERAL}))?"
)
"""Without 第 only behind another part: 第四十二条、四十三条."""
_BETWEEN = re.compile(rf"[ \t]*({_JOINED}?)[ \t]*")
_ANNEX = re.compile("附[件表录图][一二三四五六七八九十0-9]{0,2}")

_LETTER = "(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
_SECTION = re.compile(
    rf"(?:附[录件表图]|[表图])[ \t]*(?:{_LETTER}|[\d一二三四五六七八九十])"
    rf"|第?[ \t]*(?:[A-Z]?[.．]?\d|[（(](?:\d|{_LETTER}|{_NUMERAL})[）)]?|[a-z](?=[）)项]))"
    rf"|第[ \t]*(?:{_NUMERAL}|[a-z](?![A-Za-z]))"
)
"""How sections of standards begin."""
_SECTION_GOES_ON = re.compile(
    rf"(?:[\d.． \t（）()、，,/~～—–－第和及与或至注条款项章节表图-]|{_LETTER}"
    r"|[一二三四五六七八九十百千零]|附[录件表图]|列项|以及|或者)*(?<![、，,/~～—–－第和及与或至者-])"
)
"""What they hold: as standards number in many ways, all that is no prose."""

_ALMOST = re.compile(r"第?[ \t]*([0-9]{1,4}|[〇○零一二三四五六七八九十百千]{1,9})[ \t]*条?")
_ALMOST_ITEM = re.compile(rf"第?[（(]?({_NUMERAL})[）)]?项?")
_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """Return a number from 1 to 9999 as articles of laws are numbered: 四十二, 一百零五."""
    text, is_gap = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            text += ("零" if is_gap and text else "") + _DIGITS[digit] + sign
        is_gap = not digit
    return text.removeprefix("一") if 10 <= value < 20 else text


def beyond_article(text: str) -> str:
    """Return what follows the well-formed articles that a text begins with; "" for nothing."""
    annex = _ANNEX.match(text)
    return _beyond(text, annex.end() if annex else 0, frozenset(_UNITS) - _NEED_AN_ARTICLE)


def beyond_clause(text: str) -> str:
    """Return what follows the clauses (第二款第（一）项) that a text begins with."""
    return _beyond(text, 0, _CLAUSES, _CLAUSES)


def beyond_section(text: str) -> str:
    """Return what follows the sections of a standard that a text begins with."""
    begins = _SECTION.match(text)
    goes_on = _SECTION_GOES_ON.match(text, begins.end()) if begins else None
    return text[goes_on.end() if goes_on else 0 :].strip()


def likely_article(text: str) -> str:
    """Return the well-formed article that somebody meant by 42条 or 第四二条; "" where unsure."""
    found = _ALMOST.match(text)
    value = _value(found[1]) if found else 0
    if not found or not value:
        return ""
    meant = f"第{chinese_number(value)}条{text[found.end() :]}"
    return "" if beyond_article(meant) else meant


def likely_clause(text: str) -> str:
    """Return the well-formed item that somebody meant by （一）; "" where unsure."""
    found = _ALMOST_ITEM.fullmatch(text)
    return f"第（{found[1]}）项" if found and found[1] in _numerals() else ""


def _beyond(
    text: str, at: int, first: frozenset[str], allowed: frozenset[str] = frozenset(_UNITS)
) -> str:
    """
    Return what of a text is not read.

    Args:
        text: What stands in the cell.
        at: Where the parts begin.
        first: The units with which it may begin.
        allowed: The units that it may have at all.
    """
    end, rank, expected, goes_on = at, -1, first, False
    while found := _PART.match(text, at):
        unit = found[2]
        if not goes_on and not found[0].startswith("第"):
            break
        if unit not in expected or _UNITS.index(unit) <= rank or not _is_numbered(found):
            break
        end, expected = found.end(), allowed
        joined = _BETWEEN.match(text, end)
        at = joined.end() if joined else end
        goes_on = bool(joined and joined[1])
        rank = -1 if goes_on else _UNITS.index(unit)
    return text[end:].strip()


def _is_numbered(part: re.Match[str]) -> bool:
    """Tell whether the numbers of a part are numbers; brackets belong to items only."""
    numbers, unit, inserted = part.groups()
    if unit != "项" and re.search("[（(]", numbers):
        return False
    every = re.findall(rf"{_NUMERAL}|[0-9]+", f"{numbers} {inserted or ''}")
    return all(one in _numerals() or one.isdecimal() for one in every)


def _value(written: str) -> int:
    """Return the number that somebody wrote in digits of any kind, 0 where unsure."""
    if written.isdecimal():
        return int(written)
    text = re.sub("[〇○]", "零", written)
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS.index(sign)) for sign in text)) if len(text) <= 4 else 0
    return _numerals().get(text, 0)


@cache
def _numerals() -> dict[str, int]:
    """Return the numbers of articles by how they are written; no law has as many."""
    return {chinese_number(value): value for value in range(1, 2000)}
