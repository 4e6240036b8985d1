r"""
The patterns of `regex()`, brought to one form that Python and JavaScript (flag u) read alike.

Allowed: characters, `.`, `\d \w \s \D \W \S`, escaped punctuation, classes, groups, `|`, `* + ?`
and `{n,m}`, and `^` `$` at the ends, which mean nothing as the whole text must match. Written out,
`\d` is `[0-9]`, `\w` is `[0-9A-Z_a-z]`, `\s` is the six blanks of ASCII, `.` all but the newline.
Half of a pair (U+D800 to U+DFFF) is no character: no set has it, as no file could hold it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NoReturn

from forms.expressions.matching import (
    Branches,
    Characters,
    Matcher,
    Part,
    Ranges,
    Repeated,
    Row,
    positions_of,
)

MAX_LENGTH = 500
"""Characters of a pattern as its author writes it."""

MAX_WRITTEN = 5000
"""Characters of the portable form; written out, no author's pattern grows to ten times its own."""

MAX_TIMES = 1000
"""The largest number in `{n,m}`."""

MAX_NESTING = 20
"""Groups within groups."""

MAX_POSITIONS = 1000
"""Characters of a pattern with its counted repetitions written out; each costs time and memory."""

_SMALLER = "请改小，只限制字数时请改用 string-length(.) 比较"
_TOO_MANY = f"次数展开后超过 {MAX_POSITIONS} 个字符，{_SMALLER}"
_TOO_LONG = f"regex() 的格式超过 {MAX_WRITTEN} 个字符，请拆成几个 regex()"

_LAST = 0x10FFFF
_HALVES = (0xD800, 0xDFFF)
_EVERY: Ranges = ((0, _HALVES[0] - 1), (_HALVES[1] + 1, _LAST))
_WRITTEN_EVERY = "(?:[^\n]|\n)"
_NEWLINE: Ranges = ((10, 10),)
_KINDS: dict[str, Ranges] = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((9, 13), (32, 32)),
}
_CODE_POINT = re.compile(r"(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}")
"""Four digits of a character; halves of a pair are none."""
_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class BadPattern(ValueError):
    """`offset` is the character of the pattern, from 0; `reason` a Chinese sentence, no stop."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


def from_author(pattern: str) -> str:
    """
    Return the portable form of what an author wrote.

    Raises:
        BadPattern: Longer than `MAX_LENGTH`, or refused by `portable`.
    """
    if len(pattern) > MAX_LENGTH:
        raise BadPattern(MAX_LENGTH, f"regex() 的格式超过 {MAX_LENGTH} 个字符，请拆成几个 regex()")
    return portable(pattern)


def portable(pattern: str) -> str:
    """
    Return the pattern in its portable form; that of a portable form is itself.

    Raises:
        BadPattern: Outside the subset, or too large.
    """
    written = _written(_read(pattern))
    if len(written) > MAX_WRITTEN:
        raise BadPattern(0, _TOO_LONG)
    return written


@lru_cache(maxsize=64)
def matcher(pattern: str) -> Callable[[str], bool]:
    """
    Return what tells whether a whole text fits a pattern.

    Raises:
        BadPattern: Not one that `portable` takes.
    """
    return Matcher(_read(pattern)).fits


def _read(pattern: str) -> Part:
    if len(pattern) > MAX_WRITTEN:
        raise BadPattern(MAX_WRITTEN, _TOO_LONG)
    return _Reader(pattern).whole()


@dataclass
class _Reader:
    pattern: str
    at: int = 0
    depth: int = 0

    def whole(self) -> Part:
        part = self._branches()
        if self.at < len(self.pattern):
            self._refuse("多了一个右括号，请删去，或写成 \\)")
        if positions_of(part) > MAX_POSITIONS:
            self._refuse(_TOO_MANY, 0)
        return part

    def _refuse(self, reason: str, at: int | None = None) -> NoReturn:
        raise BadPattern(self.at if at is None else at, f"regex() 的格式中，{reason}")

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _skip(self, sign: str) -> bool:
        if not self.pattern.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _branches(self) -> Part:
        branches = [self._row()]
        while self._skip("|"):
            branches.append(self._row())
        if len(branches) == 1:
            return branches[0]
        if all(isinstance(branch, Characters) for branch in branches):
            sets = [branch.ranges for branch in branches if isinstance(branch, Characters)]
            return Characters(_merged([ends for ranges in sets for ends in ranges]))
        return Branches(tuple(branches))

    def _row(self) -> Part:
        if self.depth == 0:
            self._skip("^")
        parts: list[Part] = []
        while (sign := self._peek()) and sign not in "|)":
            if sign == "$" and self._ends_branch():
                self.at += 1
                break
            parts.append(self._repeated())
        return _row_of(parts)

    def _ends_branch(self) -> bool:
        return self.depth == 0 and self.pattern[self.at + 1 : self.at + 2] in ("", "|")

    def _repeated(self) -> Part:
        start = self.at
        part = self._atom()
        times = self._times()
        if times is None:
            return part
        if self._peek() and self._peek() in "*+?{":
            self._refuse("次数后面不能再写次数，请删去一个")
        if part == Row(()):
            self._refuse("重复的括号里没有内容，请补上或删去", start)
        if times == (1, 1):
            return part
        repeated = Repeated(part, *times)
        if positions_of(repeated) > MAX_POSITIONS:
            self._refuse(_TOO_MANY, start)
        return repeated

    def _times(self) -> tuple[int, int | None] | None:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._skip(sign):
                return least, most
        if self._peek() != "{":
            return None
        start = self.at
        inside, closed, _ = self.pattern[start + 1 :].partition("}")
        first, comma, second = inside.partition(",")
        known = [number for number in (first, second) if number]
        if not closed or not first or not all(n.isascii() and n.isdigit() for n in known):
            self._refuse("次数的写法不对，请写成 {次数} 或 {最少,最多}，花括号本身请写 \\{", start)
        if any(len(n) > 4 or int(n) > MAX_TIMES for n in known):
            self._refuse(f"次数不能超过 {MAX_TIMES}，{_SMALLER}", start)
        least = int(first)
        most = (int(second) if second else None) if comma else least
        if most is not None and (most < least or most == 0):
            self._refuse("最多次数应不小于最少次数，也不能是 0，请改正", start)
        self.at = start + len(inside) + 2
        return least, most

    def _atom(self) -> Part:
        start, sign = self.at, self._peek()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        if sign in "*+?{":
            self._refuse(f"“{sign}”前面没有可以重复的内容，符号本身请写 \\{sign}")
        if sign in "}]":
            self._refuse(f"“{sign}”没有配对，符号本身请写 \\{sign}")
        if sign in "^$":
            self._refuse(f"“{sign}”只能写在最前或最后，符号本身请写 \\{sign}")
        self.at += 1
        if sign == ".":
            return Characters(_complement(_NEWLINE))
        if sign == "\\":
            return Characters(self._escaped(start))
        return Characters(self._literal(start))

    def _literal(self, at: int) -> Ranges:
        code = ord(self.pattern[at])
        if _HALVES[0] <= code <= _HALVES[1]:
            self._refuse("有一个字符只有一半，不能使用，请删去", at)
        return ((code, code),)

    def _group(self) -> Part:
        start = self.at
        if self._skip(_WRITTEN_EVERY):  # not the author's group: it may stand in any depth
            return Characters(_EVERY)
        self.at += 1
        if self._peek() == "?" and not self._skip("?:"):
            self._refuse("括号只支持 ( ) 和 (?: )，请去掉问号及后面的标记", start)
        self.depth += 1
        if self.depth > MAX_NESTING:
            self._refuse(f"括号超过 {MAX_NESTING} 层，请简化", start)
        part = self._branches()
        self.depth -= 1
        if not self._skip(")"):
            self._refuse("括号没有写完，请补上右括号，括号本身请写 \\(", start)
        return part

    def _class(self) -> Part:
        start = self.at
        self.at += 1
        negated = self._skip("^")
        ranges: list[tuple[int, int]] = []
        while self._peek() != "]" or self.at == start + 1 + negated:
            if not self._peek():
                self._refuse("方括号没有写完，请补上 ]，方括号本身请写 \\[", start)
            ranges += self._member()
        self.at += 1
        members = _merged(ranges)
        members = _complement(members) if negated else members
        if not members:
            self._refuse("方括号里的条件没有字符能符合，请改正", start)
        return Characters(members)

    def _member(self) -> Ranges:
        start = self.at
        low = self._class_character()
        if self._peek() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", ""):
            return low
        self.at += 1
        high = self._class_character()
        if any(len(ends) > 1 or ends[0][0] != ends[0][1] for ends in (low, high)):
            self._refuse("“-”两边应各是一个字符，减号本身请写 \\-", start)
        if high[0][0] < low[0][0]:
            self._refuse("“-”左边的字符应排在右边的前面，请改正", start)
        return ((low[0][0], high[0][0]),)

    def _class_character(self) -> Ranges:
        start, sign = self.at, self._peek()
        if sign in "[]":
            self._refuse(f"方括号里面的“{sign}”请写成 \\{sign}")
        if self.pattern.startswith("&&", start):
            self._refuse("方括号里面不能写 &&，请删去一个")
        self.at += 1
        return self._escaped(start) if sign == "\\" else self._literal(start)

    def _escaped(self, start: int) -> Ranges:
        sign = self._peek()
        self.at += 1
        if sign in _PUNCTUATION:
            return ((ord(sign), ord(sign)),)
        if sign == "u" and (digits := _CODE_POINT.match(self.pattern, self.at)):
            self.at = digits.end()
            code = int(digits[0], 16)
            return ((code, code),)
        if not sign or sign not in "dwsDWS":
            known = "\\d、\\w、\\s、\\D、\\W、\\S、\\u 加四位十六进制码"
            self._refuse(f"不支持“\\{sign}”，只能用 {known}，以及加 \\ 的标点", start)
        ranges = _KINDS[sign.lower()]
        return ranges if sign.islower() else _complement(ranges)


def _row_of(parts: list[Part]) -> Part:
    """Return the parts one after the other as they are read again once written: without rows."""
    flat: list[Part] = []
    for part in parts:
        flat += part.parts if isinstance(part, Row) else [part]
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    """Return the ranges in order and apart, without halves of pairs."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    below = [(low, min(high, _HALVES[0] - 1)) for low, high in merged if low < _HALVES[0]]
    above = [(max(low, _HALVES[1] + 1), high) for low, high in merged if high > _HALVES[1]]
    return (*below, *above)


def _complement(ranges: Ranges) -> Ranges:
    gaps, after = [], 0
    for low, high in ranges:
        if after < low:
            gaps.append((after, low - 1))
        after = high + 1
    if after <= _LAST:
        gaps.append((after, _LAST))
    return _merged(gaps)


def _written(part: Part) -> str:
    if isinstance(part, Characters):
        return _written_characters(part.ranges)
    if isinstance(part, Row):
        return "".join(_within(inner, Branches) for inner in part.parts)
    if isinstance(part, Branches):
        return "|".join(_within(inner, Branches) for inner in part.parts)
    return _within(part.part, Branches, Row, Repeated) + _written_times(part.least, part.most)


def _within(part: Part, *grouped: type) -> str:
    return f"(?:{_written(part)})" if isinstance(part, grouped) else _written(part)


def _written_times(least: int, most: int | None) -> str:
    if most is None:
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    if (least, most) == (0, 1):
        return "?"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _written_characters(ranges: Ranges) -> str:
    if ranges == _EVERY:
        return _WRITTEN_EVERY
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        sign = chr(ranges[0][0])
        return "\\" + sign if sign in _SPECIAL else sign
    negated = ranges[-1][1] == _LAST
    shown = _complement(ranges) if negated else ranges
    return f"[{'^' if negated else ''}{''.join(_written_range(*ends) for ends in _bridged(shown))}]"


def _bridged(ranges: Ranges) -> Ranges:
    """Return the ranges, those on both sides of the halves of pairs as one, as authors have it."""
    for at, ((low, end), (begin, high)) in enumerate(pairwise(ranges)):
        if (end + 1, begin - 1) == _HALVES:
            return (*ranges[:at], (low, high), *ranges[at + 2 :])
    return ranges


def _written_range(low: int, high: int) -> str:
    def shown(code: int) -> str:
        return "\\" + chr(code) if chr(code) in "\\]^-[" else chr(code)

    if low == high:
        return shown(low)
    return shown(low) + ("" if high == low + 1 else "-") + shown(high)
