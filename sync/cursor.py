"""How far a phone's pulls came; to a phone an opaque text."""

from msgspec import Struct

from sync.errors import CursorGone

MAX_DIGITS = 18
"""So that every database holds the number."""


class Cursor(Struct, frozen=True):
    """
    Between pulls, the first position that is still to come: `epoch` and `since`, nothing else.

    Between the pages of a pull also the round that they belong to, which is all that stood at
    positions `since` to `upto` when its first page was asked for. It is brought scope by scope, by
    position and id within each; the last document that came is (`scope`, `pos`, `id`). What came
    up behind `upto` in the meantime is another round. So no page has to look for what is next
    among everything that is left.
    """

    epoch: str = ""
    since: int = 0
    upto: int = 0
    scope: str = ""
    pos: int = 0
    id: str = ""

    @property
    def between_pages(self) -> bool:
        """Whether a round has begun that is not over."""
        return self.upto > 0

    def text(self) -> str:
        """Return what a phone keeps and sends back."""
        if not self.between_pages:
            return f"{self.epoch}:{self.since}:"
        return f"{self.epoch}:{self.since}:{self.upto}:{self.scope}:{self.pos}:{self.id}"


def read_cursor(text: str) -> Cursor:
    """
    Return what a phone sends back; empty is the beginning of everything.

    Raises:
        CursorGone: No server ever gave this one.
    """
    if not text:
        return Cursor()
    parts = text.split(":", 5)
    match parts:
        case [epoch, since, ""]:
            return Cursor(epoch, _number(since))
        case [epoch, since, upto, scope, pos, id] if "\0" not in text:
            return Cursor(epoch, _number(since), _number(upto), scope, _number(pos), id)
        case _:
            raise CursorGone


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > MAX_DIGITS:
        raise CursorGone
    return int(text)
