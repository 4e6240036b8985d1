"""
Where a line of Chinese text may end, written from the standards and from nothing of the engine.

GB/T 15834-2011 §5.1: 点号 and the second half of 标号 never begin a line, the first half never ends
one, a dash and an ellipsis are not cut in two, 连接号 and 间隔号 never begin a line. CLREQ (W3C)
§3.1: 避头尾 in its strict form (dash and ellipsis begin no line, either), Western words and figures
with their signs and units are not cut.
"""

import re
from collections.abc import Iterator
from typing import Literal

BreakFault = Literal["forbidden line start", "forbidden line end", "word broken", "unit parted"]

STOPS = "。，、；：？！．"
CLOSERS = "”’）］｝〕】》〉」』〗"
LINKS = "—…～·／"
BEGINS_NONE = frozenset(STOPS + CLOSERS + LINKS + ",.;:?!)]}%％‰℃°")
"""Marks that begin no line."""
ENDS_NONE = frozenset("“‘（［｛〔【《〈「『〖／([{￥€£№§")
"""Marks that end no line."""
LETTER = "0-9A-Za-z\u00b2\u00b3\u00b5\u00b9\u00c0-\u024f\u0391-\u03c9\u2070-\u209c"
TOKEN = re.compile(f"[{LETTER}]+(?:(?:[-.,:/_@&'+#%?=~×\u2032\u2033°]+|[—–])[{LETTER}]+)*")
"""A Western word, a figure, a standard's number, a code, an address on the web."""
SIGNED = re.compile(r"[±≥≤≈<>＜＞＝=+−-]+(?=\d)")
"""Signs that belong to the figure behind them."""
UNIT = (
    "mg/m³|g/m³|mg/L|m³/h|m/s|kg|mg|g|t|mm|cm|km|m²|m³|m|L|mL|MPa|kPa|Pa|kW|MW|W|kV|V|mA|A|"
    "dB|Hz|lx|h|min|s|μm|ppm|℃|°C|°|′|″|%|％|‰|㎡|㎥|㎜|㎝|㎞|㎏|㎎|㎍|㎖|㎾|㎸|Ω"
)
MEASURE = re.compile(f"[0-9] ?(?:{UNIT})(?![{LETTER}])")
PAIR = re.compile("——|……")
LONG = 12
"""Characters from which on a code may be cut when the line would be drawn apart (the design)."""


def faults_in(text: str) -> dict[int, BreakFault]:
    """Return every place of a text where a line must not end, with what is wrong there."""
    found: dict[int, BreakFault] = {}
    for place, fault in _all(text):
        found.setdefault(place, fault)
    return found


def _all(text: str) -> Iterator[tuple[int, BreakFault]]:
    for place in range(1, len(text)):
        if text[place] in BEGINS_NONE:
            yield place, "forbidden line start"
        if text[place - 1] in ENDS_NONE:
            yield place, "forbidden line end"
    for pair in PAIR.finditer(text):
        yield pair.start() + 1, "forbidden line start"
    for measure in MEASURE.finditer(text):
        for place in range(measure.start() + 1, measure.end()):
            yield place, "unit parted"
    for token in TOKEN.finditer(text):
        for place in range(token.start() + 1, token.end()):
            yield place, "word broken"
    for sign in SIGNED.finditer(text):
        yield sign.end(), "word broken"


def long_codes(text: str) -> dict[int, int]:
    """Return the places inside long codes and web addresses, each with where its code begins."""
    return {
        place: token.start()
        for token in TOKEN.finditer(text)
        if is_long_code(token.group())
        for place in range(token.start() + 1, token.end())
    }


def is_long_code(token: str) -> bool:
    """Whether a code may be cut: a hash, a long number, an address on the web."""
    return len(token) >= LONG and (any(map(str.isdigit, token)) or "/" in token or "@" in token)
