"""Numbers by which people are known: telephones and identity cards, however they are spaced."""

import re
import unicodedata

DIGITS = 6
"""No more stand together in words; a telephone number has seven, an identity card 18."""
_BETWEEN = re.compile(r"(?<=\d)[\s\-－—–·.,()（）]+(?=\d)")


def names_a_number(text: str) -> bool:
    """Whether a text has as many digits in a row, separators passed over, as such numbers have."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return re.search(rf"\d{{{DIGITS + 1}}}", plain) is not None
