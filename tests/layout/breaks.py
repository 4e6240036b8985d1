"""Lines of a page: what begins and ends them, what is torn between two, how they are drawn out."""

import re
from collections.abc import Iterator
from math import inf

from tests.layout.faults import Fault, Page
from tests.layout.reading import Area
from tests.layout.standard import (
    BEGINS_NONE,
    CLOSERS,
    ENDS_NONE,
    PAIR,
    STOPS,
    TOKEN,
    faults_in,
    is_long_code,
    last_resorts,
)
from tests.layout.standing import Line, continued

PAIRS = ("——", "……")
EMPTY = (*PAIRS, "／")
"""What stands in a cell that has nothing to say."""
BLANK = "\u3000"
"""What a line begins with that begins with room to write in."""
NARROW = 6.0
"""Em of a column in which marks may leave a line no way to end by the rules."""
FULL = 1.0
"""Em of white at a line's end up to which the next one goes on with its paragraph."""
MOST_SPACING = 0.5
"""Em by which a line may be drawn out."""
UNEVEN = 0.06
"""Points by which the gaps of one line may differ."""
HALF = 0.5
MARKS = frozenset(STOPS + CLOSERS) | ENDS_NONE
TAIL = re.compile("[!-~\u00b0-\u03c9\u2070-\u209c]{1,6}$")
CODED = re.compile("[!-~]+")
GROUPED = re.compile("[0-9a-f]{64}|(?:[0-9]+,){8,}[0-9]+")
"""Hashes and drawn numbers, which are printed in groups with white between."""
HEAD = re.compile("[!-~\u00b0-\u03c9\u2030-\u33ff]{1,6}")
"""What a word or figure is made of, with its unit."""


def forbidden_marks(page: Page) -> Iterator[Fault]:
    """A line that begins or ends with a mark that must not stand there."""
    pairs = continued(page.content, page.sheet.rules)
    above = {id(below): line for line, below in pairs}
    following = {id(line): below for line, below in pairs}
    for line in page.lines:
        text = line.text.strip()
        before, after = above.get(id(line)), following.get(id(line))
        could = _had_a_way(before, line) if before else not text.startswith(EMPTY)
        could = could and not line.text.startswith(BLANK)
        could = could and not (before is None and _is_in_narrow_column(line, page))
        if text[0] in BEGINS_NONE and could and not _touches(line, page):
            yield page.fault("forbidden line start", f"{text!r}")
        if text[-1] in ENDS_NONE and not _goes_on(line, page) and _had_a_way(line, after):
            yield page.fault("forbidden line end", f"{text!r}")


def _had_a_way(line: Line, below: Line | None) -> bool:
    """Whether a line might have ended sooner by the rules; in a narrow cell some cannot."""
    text = line.text.strip()
    forbidden = faults_in(text + (below.text.strip() if below else ""))
    return any(place not in forbidden for place in range(1, len(text)))


def _paragraphs(page: Page) -> list[tuple[Line, Line]]:
    """Return the pairs of lines of which the second goes on with the first one's text."""
    pairs = continued(page.content, page.sheet.rules)
    return [(a, b) for a, b in pairs if _column_end(a, page) - a.ink.right < FULL * a.size]


def _column_end(line: Line, page: Page) -> float:
    """Return where the column of a line ends: at the next rule beside it, or at the margin."""
    beside = [
        rule.area.left
        for rule in page.sheet.rules
        if rule.is_upright
        and rule.area.left >= line.ink.right - FULL
        and rule.area.top < line.baseline < rule.area.bottom
    ]
    return min([*beside, page.area.right])


def _is_in_narrow_column(line: Line, page: Page) -> bool:
    """Whether not every line can end well there; a cell may go on from the page before."""
    return _column_end(line, page) - line.left < NARROW * line.size


def _touches(line: Line, page: Page) -> bool:
    """Whether something of the same line stands right before it (a box to tick)."""
    return _has_neighbour(line, page, line.left, -1)


def _goes_on(line: Line, page: Page) -> bool:
    return _has_neighbour(line, page, line.chars[-1].end, 1)


def _has_neighbour(line: Line, page: Page, x: float, towards: int) -> bool:
    reach = 1.2 * line.size
    left, right = (x - reach, x + 1) if towards < 0 else (x - 1, x + reach)
    room = Area(left, line.ink.top - 1, right, line.baseline + 4)
    others = [other.ink for other in page.lines if other is not line]
    return any(room.overlaps(area, 0.0) for area in (*page.sheet.boxes, *others))


def torn_apart(page: Page, said: str) -> Iterator[Fault]:
    """
    What is cut between two lines: a word, a figure, its unit, a dash, an ellipsis.

    A page shows no space at a line's end, so what the document says decides: `GB` and `15577` may
    stand on two lines, `155` and `77` may not. A word that fills its line is cut somewhere.
    """
    for line, below in _paragraphs(page):
        upper, lower = line.text.strip(), below.text.strip()
        if not _had_a_way(line, below):
            continue
        if PAIR.fullmatch(upper[-1] + lower[0]) and not upper.endswith(PAIRS):
            yield page.fault("forbidden line start", f"{upper[-3:]!r} / {lower[:3]!r}")
            continue
        joined = upper + lower
        fault = faults_in(joined).get(len(upper))
        if fault not in ("word broken", "unit parted"):
            continue
        if _looser_without(line, page, joined) > last_resorts(joined).get(len(upper), inf):
            continue
        token = next((t for t in TOKEN.finditer(joined) if t.start() < len(upper) < t.end()), None)
        if token is not None and (is_long_code(token.group()) or _goes_on_further(upper, lower)):
            continue
        if _stands_in(said, upper, lower, " ?" if fault == "unit parted" else ""):
            yield page.fault(fault, f"{upper[-12:]!r} / {lower[:12]!r}")


def _looser_without(line: Line, page: Page, joined: str) -> float:
    """Return the spacing in em that would draw a line out whose cut word went to the next one."""
    length, forbidden = len(line.text.strip()), faults_in(joined)
    end = max((place for place in range(1, length) if place not in forbidden), default=0)
    kept = line.chars[: end + len(line.text) - len(line.text.lstrip())]
    if len(kept) < 2:
        return inf
    hung = HALF * line.size if kept[-1].char in MARKS else 0.0  # at a line's end it is halved
    spare = _column_end(line, page) - kept[-1].end + hung
    gaps = sorted(gap for char, gap in line.gaps if char not in MARKS)
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    return (spare / (len(kept) - 1) + usual) / line.size


def _goes_on_further(upper: str, lower: str) -> bool:
    """Whether a line is all of one code, of which more may stand above or below."""
    return CODED.fullmatch(upper) is not None or CODED.fullmatch(lower) is not None


def _stands_in(said: str, upper: str, lower: str, between: str) -> bool:
    """Whether the document says the end of the one and the beginning of the other together."""
    end, begin = TAIL.search(upper), HEAD.match(lower)
    if end is None or begin is None:
        return False
    together = re.escape(end.group()) + between + re.escape(begin.group())
    found = re.search(together, said)
    return found is not None and not _is_grouped(said, found.start() + len(end.group()))


def _is_grouped(said: str, place: int) -> bool:
    """Whether a place is inside of what is printed in groups."""
    return any(one.start() < place < one.end() for one in GROUPED.finditer(said))


def spacing(page: Page) -> Iterator[Fault]:
    """The characters of a line stand evenly, and not too far apart."""
    for line in page.lines:
        gaps = line.gaps
        if len(gaps) < 2:
            continue
        free = [gap for char, gap in gaps if char not in MARKS] or [gap for _, gap in gaps]
        usual = sorted(free)[len(free) // 2]
        if any(not _is_even(char, gap - usual, line.size) for char, gap in gaps):
            yield page.fault("uneven spacing", f"{line.text!r}")
        if usual > MOST_SPACING * line.size + UNEVEN:
            yield page.fault("drawn apart", f"{line.text!r}")


def _is_even(char: str, more: float, size: float) -> bool:
    """Whether a gap is the usual one, or up to half an em less behind a mark of full width."""
    least = -HALF * size if char in MARKS else 0.0
    return least - UNEVEN < more < UNEVEN
