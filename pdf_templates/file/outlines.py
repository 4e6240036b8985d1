"""A glyph's outline, as it stands in TrueType's `glyf`, as polygons: for pictures of text."""

from collections.abc import Sequence
from struct import unpack_from

Point = tuple[float, float]
Polygon = list[Point]

STEPS = 4
"""Straight pieces that a curve is drawn as."""
ON, SHORT_X, SHORT_Y, REPEAT, SAME_X, SAME_Y = 1, 2, 4, 8, 16, 32
"""Bits of a point's flags (OpenType, glyf)."""


def polygons(outline: bytes) -> list[Polygon]:
    """
    Return the contours of a simple glyph, in font units with y going up.

    Filled by the nonzero rule they are the glyph: counters run the other way round.

    Args:
        outline: From `GlyphFile.outline`; of no glyph without ink (a space) is anything left.
    """
    if not outline:
        return []
    count = unpack_from(">h", outline)[0]
    ends = unpack_from(f">{count}H", outline, 10)
    at = 10 + 2 * count
    at += 2 + unpack_from(">H", outline, at)[0]  # instructions
    flags, at = _flags(outline, at, ends[-1] + 1)
    across, at = _coordinates(outline, at, flags, SHORT_X, SAME_X)
    up, _ = _coordinates(outline, at, flags, SHORT_Y, SAME_Y)
    points = list(zip(across, up, flags, strict=True))
    starts = (0, *(end + 1 for end in ends[:-1]))
    return [_flat(points[start : end + 1]) for start, end in zip(starts, ends, strict=True)]


def _flags(outline: bytes, at: int, count: int) -> tuple[list[int], int]:
    flags: list[int] = []
    while len(flags) < count:
        flag, at = outline[at], at + 1
        times = 1
        if flag & REPEAT:
            times, at = times + outline[at], at + 1
        flags += [flag] * times
    return flags, at


def _coordinates(
    outline: bytes, at: int, flags: Sequence[int], short: int, same: int
) -> tuple[list[int], int]:
    """Return where the points lie on one axis: each is given by how far it is from the last."""
    value, found = 0, []
    for flag in flags:
        if flag & short:
            value, at = value + (outline[at] if flag & same else -outline[at]), at + 1
        elif not flag & same:
            value, at = value + unpack_from(">h", outline, at)[0], at + 2
        found.append(value)
    return found, at


def _flat(points: Sequence[tuple[int, int, int]]) -> Polygon:
    """Return a contour of straight pieces: between two points off the curve one on it is meant."""
    full: list[tuple[float, float, int]] = []
    for index, (across, up, flag) in enumerate(points):
        last = points[index - 1]
        if not (flag & ON or last[2] & ON):
            full.append(((last[0] + across) / 2, (last[1] + up) / 2, ON))
        full.append((across, up, flag & ON))
    first = next(index for index, point in enumerate(full) if point[2])
    full = full[first:] + full[: first + 1]
    polygon: Polygon = []
    for index, (x, y, on) in enumerate(full):
        if on:
            polygon.append((x, y))
            continue
        (x0, y0, _), (x1, y1, _) = full[index - 1], full[index + 1]
        for step in range(1, STEPS):
            t = step / STEPS
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            polygon.append((a * x0 + b * x + c * x1, a * y0 + b * y + c * y1))
    return polygon
