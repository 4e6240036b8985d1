"""Text over text, over rules, under strokes and pictures; text that is cut or leaves its area."""

from collections.abc import Iterator, Sequence

from tests.layout.faults import Fault, FaultKind, Page
from tests.layout.reading import Area
from tests.layout.standing import Line

TOUCH = 0.6
"""Points by which two inks may cover each other: kerned marks, rounding of the reader."""
OVERHANG = 0.12
"""Em by which a letter may reach over the next one (f and t)."""
ACROSS = 0.35
"""Points by which a rule must be inside the ink of a character to cross it."""
OUT = 1.2
"""Points beyond a margin that are still on it: a letter may reach over its advance."""
MOST_NOTE = 3
"""Lines of a note in the bottom margin."""
MARK_SIZE = 12.0
"""Points up to which type is that of a mark of the copy, which stands above the type area."""


def text_over_text(page: Page) -> Iterator[Fault]:
    """Two lines whose characters cover each other, or characters of one line that do."""
    for said in page.sheet.doubled:
        yield page.fault("text over text", f"printed twice at {said}")
    ordered = sorted(page.lines, key=lambda line: line.ink.top)
    for index, line in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.ink.top > line.ink.bottom - TOUCH:
                break
            if line.ink.overlaps(other.ink, TOUCH) and _inks_meet(line, other):
                yield page.fault("text over text", f"{line.text!r} and {other.text!r}")
        if any(
            one.ink.right - other.ink.left > OVERHANG * line.size
            and one.char.strip()
            and other.char.strip()
            for one, other in zip(line.chars, line.chars[1:], strict=False)
        ):
            yield page.fault("text over text", f"within {line.text!r}")


def _inks_meet(line: Line, other: Line) -> bool:
    return any(
        one.ink.overlaps(two.ink, TOUCH)
        for one in line.chars
        if one.ink.overlaps(other.ink, TOUCH)
        for two in other.chars
    )


def text_over_rules(page: Page) -> Iterator[Fault]:
    """A rule that runs through a line of text: a cell overflows, or a field's line is too high."""
    sides = [*page.sheet.rules]
    for line in page.lines:
        for rule in sides:
            area = rule.area
            if area.top > line.ink.bottom or area.bottom < line.ink.top:
                continue
            if rule.is_upright and _is_between(line, area):
                yield page.fault("text over a rule", f"{line.text!r} at x={area.left:.1f}")
            elif rule.is_level and _is_struck(line, area):
                yield page.fault("text over a rule", f"{line.text!r} at y={area.top:.1f}")


def _is_between(line: Line, rule: Area) -> bool:
    high = min(rule.bottom, line.ink.bottom) - max(rule.top, line.ink.top)
    return high > ACROSS and line.ink.left + ACROSS < rule.left < line.ink.right - ACROSS


def _is_struck(line: Line, rule: Area) -> bool:
    return any(
        char.ink.top + ACROSS < rule.top < char.ink.bottom - ACROSS
        and min(rule.right, char.ink.right) - max(rule.left, char.ink.left) > ACROSS
        for char in line.chars
        if char.char.strip()
    )


def marks_over_text(page: Page) -> Iterator[Fault]:
    """Pictures, handwriting and boxes to tick that stand on text; pictures on each other."""
    things: Sequence[tuple[FaultKind, Sequence[Area]]] = (
        ("picture over text", page.sheet.pictures),
        ("stroke over text", [*page.sheet.pen, *page.sheet.boxes]),
    )
    for kind, areas in things:
        for area in areas:
            for line in page.lines:
                if _is_under(area, line):
                    yield page.fault(kind, f"{line.text!r}")
                    break
    for index, area in enumerate(page.sheet.pictures):
        if any(area.overlaps(other, TOUCH) for other in page.sheet.pictures[index + 1 :]):
            yield page.fault("picture over picture", f"at {area.left:.0f}, {area.top:.0f}")


def _is_under(area: Area, line: Line) -> bool:
    if min(area.shared(line.ink)) < 0:
        return False
    return any(
        across > 0 and down > 0 and max(across, down) > TOUCH
        for char in line.chars
        if char.char.strip()
        for across, down in (area.shared(char.ink),)
    )


def cut_text(page: Page) -> Iterator[Fault]:
    """What is beyond the sheet."""
    width, height = page.sheet.width, page.sheet.height
    for line in page.lines:
        ink = line.ink
        if ink.left < 0 or ink.top < 0 or ink.right > width or ink.bottom > height:
            yield page.fault("cut by the sheet", f"{line.text!r}")
    for area in (*page.sheet.pictures, *page.sheet.pen, *(r.area for r in page.sheet.rules)):
        if area.left < 0 or area.top < 0 or area.right > width or area.bottom > height:
            yield page.fault("cut by the sheet", f"a mark at {area.left:.0f}, {area.top:.0f}")


def beyond_margins(page: Page) -> Iterator[Fault]:
    """What stands beside the type area, above it (but the mark of the copy), or below it."""
    area = page.area
    for line in page.lines:
        if line.left < area.left - OUT or line.ink.right > area.right + OVERHANG * line.size:
            yield page.fault("beyond a side margin", f"{line.text!r}")
        if line.ink.top < area.top - OUT and line.size > MARK_SIZE:
            yield page.fault("beyond the top margin", f"{line.text!r}")
    yield from _below(page)
    marks = [*page.sheet.pictures, *page.sheet.pen, *(one.area for one in page.sheet.rules)]
    for mark in marks:
        if mark.left < area.left - OUT or mark.right > area.right + OUT:
            yield page.fault("beyond a side margin", f"a mark at {mark.left:.0f}, {mark.top:.0f}")


def _below(page: Page) -> Iterator[Fault]:
    """In the bottom margin only the page number, what stands on its line, and a note's lines."""
    number = page.number_line
    foot = number.baseline if number else page.sheet.height
    notes = [foot]
    for line in sorted(page.lines, key=lambda line: line.baseline):
        is_low = line.baseline > page.area.bottom + OUT
        if is_low and number and _goes_on_below(line, notes, number, page.area):
            notes.append(line.baseline)
        elif is_low and abs(line.baseline - foot) > TOUCH:
            yield page.fault("beyond the bottom margin", f"{line.text!r}")
    for picture in (*page.sheet.pictures, *page.sheet.pen):
        if picture.bottom > page.area.bottom + OUT:
            yield page.fault("beyond the bottom margin", f"a mark at {picture.left:.0f}")


def _goes_on_below(line: Line, above: Sequence[float], number: Line, area: Area) -> bool:
    """Whether a line in the page number's type is the next one of a note at the left margin."""
    pitch = (line.baseline - above[-1]) / line.size
    return (
        len(above) < MOST_NOTE
        and abs(line.size - number.size) < TOUCH
        and abs(line.left - area.left) < OUT
        and 1.1 < pitch < 1.5
    )
