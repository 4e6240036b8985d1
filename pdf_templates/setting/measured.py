"""
A paragraph as measured: how wide each character is in its face, and where a line may end.

Characters fall into classes; two ideographs side by side, which is most of a text, have none and
need no second look. Widths are thousandths of the em.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, compress, count, pairwise
from operator import is_not
from typing import NamedTuple

from pdf_templates.setting.faces import DRAWN, Style, drawn, in_use, missing

NO_START = frozenset("，。、；：？！．》〉」』】〕〗）］｝’”…—·／％‰℃°%,.;:?!)]}～")
"""避头: what a line may not begin with."""
NO_END = frozenset("《〈「『【〔〖（［｛‘“／([{￥¥€£№§")
"""避尾: what a line may not end with."""
CLOSING = frozenset("，。、；：？！．》〉」』】〕〗）］｝’”")
OPENING = frozenset("《〈「『【〔〖（［｛‘“")
UNITS = frozenset("％‰℃㎡㎥㎜㎝㎞㎎㎏㏄㏑㎍㎖㎗㎘㎐㎑㎒㎓㎩㎪㎫㎾㎿㎸㎶㎀㎂㎃")
SIGNS = frozenset("±∓−≤≥≪≫≈≠＜＞＝")
"""Signs that stay with the figure behind them."""
JOINER = "\u2060"
"""Not drawn; the line does not break where it stands (`unbroken`)."""
UNSEEN = "\u200b-\u200f\ufeff\ufe00-\ufe0f\u202a-\u202e\x00-\x08\x0b-\x1f\x7f"
INVISIBLE = re.compile(f"[{UNSEEN}]")
UNCLEAN = re.compile(f"[{UNSEEN}\n\t\u00a0]")
"""What `paragraphs` looks after; hardly any text has one."""
TICKS = re.compile(f"[{''.join(sorted(DRAWN))}]")
LETTERS = "0-9A-Za-z\u00b2\u00b3\u00b5\u00b9\u00c0-\u024f\u0370-\u03ff\u2070-\u209c"
WORDY = f"!-~\u00b0\u2032\u2033{LETTERS}"
"""What Western words, figures and their signs are made of."""
WORD = re.compile(f"[{WORDY}]")
LONG_RUN = 12
"""From this length on a code, a hash or an address on the web may split."""
JOINTS = "-.,:/_@&?=#"
"""Where such a code splits best: behind one of these."""
SHORT_RUN = 5
"""Figures from which on what stands behind the name of a province is a certificate's number."""
RUN = re.compile(f"[{WORDY}]{{{SHORT_RUN},}}")
CODE = re.compile(f"[{LETTERS}]+(?:[{JOINTS}'+%~]+[{LETTERS}]+)*")
LINKED = re.compile(f"—(?=[{WORDY}])")
"""The dash in GB/T 9704—2012, which belongs to the number."""
HYPHEN = re.compile(f"(?<=[{LETTERS}])-(?=[^ {WORDY}])")
"""The hyphen of a number that goes on in Chinese, such as 2026-第1批."""
PHONE = re.compile(r"0\d{2,3}-\d{7,8}")
"""Is read off in one go: cut late, behind its hyphen, and in its figures lest a line be ragged."""
PROVINCES = frozenset("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁")
"""Short names, with which the numbers of certificates begin: 苏07990012."""
MEASURE = re.compile(f" (?=[{WORDY}])")
UNIT = re.compile(
    " (?:mg/m³|g/m³|mg/L|m³/h|m/s|[kmcμ]?m|[kmμ]?g|t|m[²³]|m?L|[kM]?Pa|[kM]?W|[km]?V|m?A|dB|k?Hz"
    f"|lx|h|min|s|ppm|N·m|°C|Ω|[%°′″{''.join(sorted(UNITS))}])(?![{LETTERS}])"
)
"""A figure's unit, with the white before it."""
DOC_NO = re.compile(
    r"(?P<office>（[^（）〔〕]{1,12}）)?(?P<kind>(?(office)[^（）〔〕]{2,8}))"
    r"(?P<year>〔\d{4}〕)\d+(?:-\d+)?号"
)
"""A 文号 such as （苏·云）应急责改〔2026〕1-2号, or its end where it begins without an office."""
POSTCODE = re.compile(r"邮政编码：(?=\d{6})")
TOUCHING = re.compile(
    "[{0}{1}](?=[{0}{1}])(?:(?<=[{0}])|(?=[{1}]))".format(
        *(re.escape("".join(sorted(marks))) for marks in (CLOSING, OPENING))
    )
)
"""The first of two marks in a row that would leave a hole of half an em between their inks."""
HALF = 500.0
"""What a closing or opening mark of full width can spare: half of it is white."""
BESIDE = 20.0
"""The least white left behind the ink of a mark that spares some (the ？ of a FangSong is wide)."""


class Span(NamedTuple):
    """A stretch of text in one style; `field` names it in errors, `line` underlines it."""

    text: str
    style: Style = "body"
    line: bool = False
    fill: bool = False  # the underline goes on to the end of its line
    field: str = ""


class _Classes(dict[str, int]):
    """What is special about a character, as bits; 0 for an ideograph."""

    START, END, CLOSES, OPENS, SPACE, WORD, DIGIT, UNIT, DASH, DOTS, SIGN = (
        1 << n for n in range(11)
    )

    def __missing__(self, char: str) -> int:
        tests = (
            char in NO_START,
            char in NO_END,
            char in CLOSING,
            char in OPENING,
            char == " ",
            bool(WORD.fullmatch(char)),
            char.isdigit(),
            char in UNITS,
            char == "—",
            char == "…",
            char in SIGNS,
        )
        found = self[char] = sum(1 << bit for bit, holds in enumerate(tests) if holds)
        return found


_CLASSES = _Classes()


@cache  # a few hundred pairs of classes
def _may_break(before: int, after: int) -> bool:
    """Return whether a line may end between characters of these classes."""
    of = _Classes
    if after & (of.START | of.SPACE) or before & of.END:
        return False
    if before & of.SPACE:
        return True
    if before & after & (of.DASH | of.DOTS) or (before & of.DIGIT and after & of.UNIT):
        return False
    if before & of.SIGN and after & (of.SIGN | of.WORD):
        return False
    return not before & after & of.WORD


class Measured:
    """
    One paragraph of spans.

    Attributes:
        text: What is drawn, without joiners.
        drawn: Face and natural width of each character.
        advances: Of each character, two marks in a row moved together.
        totals: Of the advances before each character, and of all.
        cuts: Where pieces of text begin that are of one face and need not be placed within.
        faces, parts: Of each piece its face and what it says.
        placed: The cuts where a piece does not stand where the one before ends.
        at_need: Where a line ends at need, in four lists; empty where no text needs it.
        owners: The spans and where each ends.
        is_underlined: Whether any of it stands on a rule.
    """

    def __init__(self, spans: Sequence[Span], tracking: float = 0.0) -> None:
        """Measure; `tracking` is added to every advance."""
        marked = "".join(span.text for span in spans)
        glued = self._glued = _glued(marked) if JOINER in marked else frozenset()
        self.text = marked.replace(JOINER, "")
        self.owners: list[tuple[int, Span]] = []
        self.drawn: list[tuple[str, float]] = []
        self.is_underlined = False
        for span in spans:
            try:
                self.drawn += map(drawn(span.style).__getitem__, span.text.replace(JOINER, ""))
            except KeyError as error:
                raise missing(error.args[0], span.field) from None
            self.owners.append((len(self.drawn), span))
            self.is_underlined |= span.line
        self._place(tracking)
        kept, self.at_need = _places(self.text)
        self._taken = glued.union(kept, *self.at_need)
        if glued:
            self.at_need = tuple(sorted({*places} - glued) for places in self.at_need)

    def width(self, start: int, end: int) -> float:
        """Return the natural width of a stretch."""
        return self.totals[end] - self.totals[start]

    def pieces(
        self, start: int, end: int
    ) -> tuple[Sequence[int], tuple[str, ...], tuple[str, ...]]:
        """Return where the pieces of a line begin, their faces and what they say."""
        if start == end:
            return (), (), ()
        cuts, text = self.cuts, self.text
        first = bisect_right(cuts, start) - 1
        last = bisect_right(cuts, end - 1, first) - 1
        faces = self.faces[first : last + 1]
        if first == last:
            return (start,), faces, (text[start:end],)
        inner = self.parts[first + 1 : last]
        parts = (text[start : cuts[first + 1]], *inner, text[cuts[last] : end])
        return (start, *cuts[first + 1 : last + 1]), faces, parts

    def ending(self, index: int) -> float:
        """Return what a character takes as the last one of its line."""
        full = self.drawn[index][1]
        if full <= HALF or not _CLASSES[self.text[index]] & _Classes.CLOSES:
            return self.advances[index]
        return full - self._spare(index)

    def owner(self, index: int) -> Span:
        """Return the span of a character."""
        return next(span for end, span in self.owners if index < end)

    def last_break(self, start: int, end: int) -> int:
        """Return where a line from `start` may end at last, or `start` where it may nowhere."""
        while end > start and not self._may_end(end):
            end -= 1
        return end

    def has_a_joint(self, index: int) -> bool:
        """Return whether nothing but a joiner keeps a line from ending before a character."""
        return index in self._glued and _may_break(
            _CLASSES[self.text[index - 1]], _CLASSES[self.text[index]]
        )

    def last_at_need(self, start: int, end: int) -> list[int]:
        """Return the same at ever greater need."""
        return [_last(places, start, end) for places in self.at_need]

    def _may_end(self, index: int) -> bool:
        """Return whether a line usually may end before a character."""
        before, after = _CLASSES[self.text[index - 1]], _CLASSES[self.text[index]]
        if (before or after) and not _may_break(before, after):
            return False
        return index not in self._taken

    def _place(self, tracking: float) -> None:
        text, drawn_ = self.text, self.drawn
        widths = [width for _, width in drawn_]
        changes = compress(count(1), map(is_not, drawn_, drawn_[1:]))  # of face or width
        cuts = [index for index in changes if drawn_[index][0] != drawn_[index - 1][0]]
        placed: set[int] = set()
        if any(map(text.__contains__, DRAWN)):
            placed.update(place for tick in TICKS.finditer(text) for place in tick.span())
        for mark in TOUCHING.finditer(text):
            index = mark.start()
            if widths[index] > HALF:
                widths[index] -= self._spare(index)
                placed.add(index + 1)
        if placed:
            placed -= {0, len(text)}
            cuts = sorted(placed.union(cuts))
        cuts = [0, *cuts] if text else []
        if tracking:
            widths = [width + tracking for width in widths]
        self.placed, self.advances = placed, widths
        self.totals = [0.0, *accumulate(widths)]
        self.cuts = cuts
        self.faces = tuple([drawn_[cut][0] for cut in cuts])
        self.parts = tuple([text[a:b] for a, b in pairwise((*cuts, len(text)))])

    def _spare(self, index: int) -> float:
        """Return how much of a mark of full width is white that nobody misses."""
        if not _CLASSES[self.text[index]] & _Classes.CLOSES:
            return HALF
        face, full = self.drawn[index]
        white = full - in_use().ink_end(face, self.text[index]) - BESIDE
        return max(min(HALF, white), 0.0)


def paragraphs(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans, cleaned of what cannot be seen, a list for each paragraph."""
    if not any(UNCLEAN.search(span.text) for span in spans):
        return [[*spans]]
    parts: list[list[Span]] = [[]]
    for span in spans:
        clean = INVISIBLE.sub("", span.text.replace("\r\n", "\n").replace("\r", "\n"))
        clean = clean.replace("\t", " ").replace("\u00a0", " ").strip("\n")
        for number, text in enumerate(clean.split("\n")):
            if number:
                parts.append([])
            parts[-1].append(span._replace(text=text))
    return parts


def unprintable(text: str) -> list[str]:
    """Return the characters, each once, that no face has in the style with the most faces."""
    found = drawn("body")
    clean = "".join(span.text for line in paragraphs([Span(text)]) for span in line)
    return [char for char in dict.fromkeys(clean.replace(JOINER, "")) if not _has(found, char)]


def _has(found: Mapping[str, tuple[str, float]], char: str) -> bool:
    try:
        found[char]
    except KeyError:
        return False
    return True


def _last(places: list[int], start: int, end: int) -> int:
    """Return the last of these sorted places behind `start` and not behind `end`, else `start`."""
    index = bisect_right(places, end)
    return max(start, places[index - 1]) if index else start


def _glued(marked: str) -> frozenset[int]:
    """Return the places, joiners not counted, at which a joiner forbids a break."""
    found, index = set(), 0
    for char in marked:
        if char == JOINER:
            found.add(index)
        else:
            index += 1
    return frozenset(found)


def _places(text: str) -> tuple[list[int], tuple[list[int], ...]]:
    """
    Return where a line never ends though classes allow it, and where it does at need.

    Needs grow: the joints of a code; `GB 15577` and the hyphen of a phone number; where a line
    would stay ragged, 苏 before a certificate's number, 邮政编码： before a post code, a code that
    has joints anywhere else; and what is cut only where it is wider than its line.
    """
    kept: list[int] = []
    between: list[int] = []
    in_codes, in_measures, whole = _in_numbers(text)
    if "邮政编码：" in text:
        for label in POSTCODE.finditer(text):
            between.append(label.end())
            whole += range(label.start() + 1, label.end() - 1)
    if "-" in text:
        between += [hyphen.end() for hyphen in HYPHEN.finditer(text)]
    if "—" in text:
        kept += [place + 1 for place in _behind(LINKED, text) if WORD.match(text[place - 1])]
    if " " in text:
        kept += [place + 1 for place in _behind(UNIT, text) if text[place - 1].isdigit()]
        in_measures += [
            place + 1
            for place in _behind(MEASURE, text)
            if (text[place - 1].isdigit() or text[place + 1].isdigit())
            and WORD.match(text[place - 1])
            and place + 1 not in kept
        ]
    for run in RUN.finditer(text):
        begin, end = run.span()
        if begin and text[begin - 1] in PROVINCES and text[begin : begin + SHORT_RUN].isdigit():
            between.append(begin)
        if end - begin < LONG_RUN:
            continue
        for code in CODE.finditer(text, *run.span()):
            anywhere = _inside(text, *code.span())
            joints = [place for place in anywhere if text[place - 1] in JOINTS]
            if PHONE.fullmatch(code.group()):
                in_measures += joints
                between += anywhere
                continue
            in_codes += joints or anywhere
            between += anywhere if joints else ()
    needs = (in_codes, in_measures, between, whole)
    return kept, tuple(sorted(places) for places in needs) if any(needs) else ()


def _in_numbers(text: str) -> tuple[list[int], list[int], list[int]]:
    """Return where 文号 are cut: behind the office, before the year, elsewhere."""
    behind: list[int] = []
    before: list[int] = []
    elsewhere: list[int] = []
    if "〔" in text:
        for number in DOC_NO.finditer(text):
            start, office = number.span("office")
            year, end = number.span("year")
            elsewhere += _between(text, end, number.end())
            if number["office"]:
                behind.append(office)
                before.append(year)
                elsewhere += _between(text, start + 1, office)
                elsewhere += _between(text, office + 1, year)
            elif year:
                before.append(year)
    return behind, before, elsewhere


def _behind(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """Yield where a pattern begins, but not at the text's own beginning."""
    return (found.start() for found in pattern.finditer(text, 1))


def _between(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the places from one to before another where classes allow a break."""
    for place in range(start, end):
        if _may_break(_CLASSES[text[place - 1]], _CLASSES[text[place]]):
            yield place


def _inside(text: str, start: int, end: int) -> list[int]:
    """Return where a long code may split; nowhere in a short one, nor in a long word."""
    if end - start < LONG_RUN or not any(
        char.isdigit() or char in "/@" for char in text[start:end]
    ):
        return []
    return [
        place
        for place in range(start + 2, end - 1)
        if text[place] not in NO_START and text[place - 1] not in NO_END
    ]
