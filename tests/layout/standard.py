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
GOES_ON = re.compile(f"[{LETTER}]-(?=[\u4e00-\u9fff])")
"""A figure's hyphen before Chinese: 2026-第1批."""
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁"
CERTIFICATE = re.compile(f"[{PROVINCES}](?=[0-9]{{5}})")
PHONE = re.compile("0[0-9]{2,3}-[0-9]{7,8}")
APART, RAGGED = 0.2, 0.5
"""Em of spacing from which a line looks drawn apart, and from which it is better left ragged."""
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
    for sign in (*SIGNED.finditer(text), *GOES_ON.finditer(text), *CERTIFICATE.finditer(text)):
        yield sign.end(), "word broken"


def long_codes(text: str) -> dict[int, int]:
    """Return the places inside long codes and web addresses, each with where its code begins."""
    return {
        place: token.start()
        for token in TOKEN.finditer(text)
        if is_long_code(token.group())
        for place in range(token.start() + 1, token.end())
    }


def last_resorts(text: str) -> dict[int, float]:
    """
    Return places that are cut late, each with the spacing in em that allows it.

    0518-86000000 is cut behind its hyphen first; elsewhere, as 2026-第1批 behind its hyphen and
    苏07990012, only lest the line stay ragged.
    """
    found = {
        place: RAGGED
        for phone in PHONE.finditer(text)
        for place in range(phone.start() + 1, phone.end())
    }
    for phone in PHONE.finditer(text):
        found[phone.start() + phone.group().index("-") + 1] = APART
    return found | {
        sign.end(): RAGGED for kind in (GOES_ON, CERTIFICATE) for sign in kind.finditer(text)
    }


def is_long_code(token: str) -> bool:
    """Whether a code may be cut: a hash, a long number, an address on the web; no phone number."""
    if PHONE.fullmatch(token):
        return False
    return len(token) >= LONG and (any(map(str.isdigit, token)) or "/" in token or "@" in token)
