"""How texts, decimals, days and moments are written in values."""

import re
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

# Patterns end in \Z: $ would let a line feed through. U+0000 is the one character that PostgreSQL
# cannot keep.
NO_NUL = r"^[^\x00]*\Z"
BLANKS = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # Unicode White_Space
NOT_BLANK = rf"^[{BLANKS}]*[^{BLANKS}\x00][^\x00]*\Z"
ShortText = Annotated[str, Meta(max_length=200, pattern=NO_NUL)]
Text = Annotated[str, Meta(max_length=4000, pattern=NO_NUL)]
Said = Annotated[str, Meta(max_length=4000, pattern=NOT_BLANK)]
Name = Annotated[str, Meta(max_length=100, pattern=NOT_BLANK)]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ParticipantItem = Annotated[str, Meta(pattern=rf"^participant/{UUID7}\Z")]
UuidText = Annotated[str, Meta(pattern=rf"^{UUID}\Z")]
UuidOrEmpty = Annotated[str, Meta(pattern=rf"^({UUID})?\Z")]
Degrees = Annotated[str, Meta(pattern=r"^(-?[0-9]{1,3}(\.[0-9]{1,8})?)?\Z")]
Metres = Annotated[str, Meta(pattern=r"^([0-9]{1,6}(\.[0-9]{1,3})?)?\Z")]
RFC_3339 = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
Moment = Annotated[str, Meta(pattern=RFC_3339)]
Point = Annotated[list[Annotated[int, Meta(ge=0, le=1000)]], Meta(min_length=2, max_length=2)]
Stroke = Annotated[list[Point], Meta(min_length=1, max_length=2000)]


def is_day(text: str) -> bool:
    """Return whether the text is a day that exists, as YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """
    Return whether the text is an RFC 3339 moment with an offset that exists in the calendar.

    The years 1900 to 9998 leave room to show it in any other zone.
    """
    if re.match(RFC_3339, text) is None:  # Python reads other spellings of ISO 8601 as well
        return False
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and 1900 <= moment.year <= 9998


def is_blank(text: str) -> bool:
    """Return whether the text says nothing: empty, or white space alone."""
    return re.match(NOT_BLANK, text) is None
