"""
The colour space that documents name as their own: an ICC profile of sRGB, written here.

PDF/A wants one embedded (ISO 19005-3, 6.2.3). A profile of somebody else's would bring a licence
and a date; this one follows from IEC 61966-2-1 and ICC.1:2001-04 alone and is always the same.
"""

from functools import cache
from struct import pack

CREATED = (2026, 1, 1, 0, 0, 0)
CURVE_POINTS = 1024
WHITE_D50 = (0.9642, 1.0, 0.8249)
PRIMARIES = {
    b"rXYZ": (0.4360413, 0.2224845, 0.0139202),
    b"gXYZ": (0.3851129, 0.7169051, 0.0970672),
    b"bXYZ": (0.1430458, 0.0606104, 0.7139126),
}
"""sRGB's primaries under D50; together they are its white."""
ADAPTATION = (
    (1.0478860, 0.0229188, -0.0502161),
    (0.0295818, 0.9904835, -0.0170787),
    (-0.0092519, 0.0150726, 0.7516781),
)
"""Bradford's, from D65, the white of a display, to D50."""
NAME = "sRGB IEC61966-2.1"


@cache
def profile() -> bytes:
    """Return the profile: a display of three components, version 2.4."""
    curve = b"curv\0\0\0\0" + pack(">I", CURVE_POINTS) + _curve()
    tags = {
        b"desc": _description(NAME),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(WHITE_D50),
        b"chad": b"sf32\0\0\0\0" + b"".join(map(_fixed, ADAPTATION)),
        **{tag: _xyz(value) for tag, value in PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    at = 128 + 4 + 12 * len(tags)
    placed: dict[bytes, int] = {}
    table, data = [pack(">I", len(tags))], []
    for tag, content in tags.items():
        if content not in placed:
            placed[content] = at
            whole = content + bytes(-len(content) % 4)
            data.append(whole)
            at += len(whole)
        table.append(pack(">4sII", tag, placed[content], len(content)))
    return _header(at) + b"".join(table) + b"".join(data)


def _header(size: int) -> bytes:
    return (
        pack(">I4sI4s4s4s6H", size, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ", *CREATED)
        + pack(">4s4sI4s4sQI", b"acsp", b"\0\0\0\0", 0, b"\0\0\0\0", b"\0\0\0\0", 0, 0)
        + _fixed(WHITE_D50)
        + bytes(48)
    )


def _fixed(values: tuple[float, ...]) -> bytes:
    return b"".join(pack(">i", round(value * 65536)) for value in values)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _description(text: str) -> bytes:
    plain = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + pack(">I", len(plain)) + plain + bytes(4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    """Return the tone curve of IEC 61966-2-1: encoded to linear, as 16-bit numbers."""
    steps = (number / (CURVE_POINTS - 1) for number in range(CURVE_POINTS))
    return b"".join(pack(">H", round(_linear(step) * 65535)) for step in steps)


def _linear(encoded: float) -> float:
    if encoded <= 0.04045:
        return encoded / 12.92
    power: float = ((encoded + 0.055) / 1.055) ** 2.4
    return power
