"""Names of things: item ids, operation ids, UUIDv7, and the hybrid logical clock."""

import re
import secrets
from dataclasses import dataclass
from uuid import UUID

MAX_ITEM = 110
"""Characters in an item id, so that `item/<assignment>/<item>` fits 160."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

HEX64 = re.compile(r"[0-9a-f]{64}")
OPERATION_ID = re.compile(r"[0-9a-f]{64}#(0|[1-9][0-9]{0,3})")
LOCAL_PARENT = re.compile(r"#(0|[1-9][0-9]{0,3})")
HLC_TEXT = re.compile(r"[0-9]{13}-[0-9a-f]{4}-[0-9a-f]{8}")

ITEM = re.compile(
    r"answer/[a-z0-9][a-z0-9_-]{0,47}/[A-Za-z0-9][A-Za-z0-9_.-]{0,47}"
    rf"|(?:finding|photo|participant|signature|note|gap)/{_UUID7}"
    rf"|recheck/{_UUID}/[1-9][0-9]{{0,2}}"
    r"|visit/(?:start|complete)/[0-9a-f]{64}"
    rf"|task/{_UUID}|(?:replica|entry)/[0-9a-f]{{64}}"
)
"""Every item id there is; docs/sync.md explains each."""


def is_hash(text: str) -> bool:
    """Return whether the text is a hex SHA-256 in lower case."""
    return HEX64.fullmatch(text) is not None


def is_item(text: str) -> bool:
    """Return whether `text` is an item id of this protocol."""
    return len(text) <= MAX_ITEM and ITEM.fullmatch(text) is not None


def operation_id(entry_hash: str, index: int) -> str:
    """Return the id of operation `index` (from 0) of an entry: `<entry hash>#<index>`."""
    return f"{entry_hash}#{index}"


def document_id(assignment: str, item: str) -> str:
    """Return the id of the document that carries one item of one inspection to the phones."""
    return f"item/{assignment}/{item}"


def inspection_scope(assignment: str) -> str:
    """Return the scope of one inspection: what its team sees and nobody else."""
    return f"inspection/{assignment}"


def uuid7(unix_ms: int) -> str:
    """Return a UUIDv7 (RFC 9562) of this moment, milliseconds since 1970, with 74 random bits."""
    rand = secrets.randbits(74)
    value = (unix_ms & (2**48 - 1)) << 80 | 7 << 76 | (rand >> 62) << 64
    return str(UUID(int=value | 0b10 << 62 | rand & (2**62 - 1)))


LAST_MS, LAST_COUNTER = 9_999_999_999_999, 0xFFFF
"""The most that 13 digits and 4 hex digits say."""
AHEAD_MS = 48 * 60 * 60 * 1000
"""A phone goes on behind a reading that it knows, if that is no further ahead of its own clock."""


@dataclass(frozen=True, order=True)
class Hlc:
    """
    A hybrid logical clock reading: it orders what people read, and says what came before what.

    As text `<13-digit ms>-<4 hex counter>-<first 8 hex of the replica>`, so that text order is
    clock order.
    """

    unix_ms: int
    counter: int
    replica: str

    def __str__(self) -> str:
        return f"{self.unix_ms:013d}-{self.counter:04x}-{self.replica[:8]}"

    @staticmethod
    def parse(text: str) -> "Hlc":
        """
        Read the text form.

        Raises:
            ValueError: Not an HLC reading.
        """
        if not HLC_TEXT.fullmatch(text):
            raise ValueError(f"not an HLC reading: {text!r}")
        unix_ms, counter, replica = text.split("-")
        return Hlc(int(unix_ms), int(counter, 16), replica)

    def next(self, wall_ms: int, replica: str) -> "Hlc":
        """
        Return the reading for a new event at wall time `wall_ms`, later than this one.

        After the last of all (in the year 2286) it is that one again: a phone that was set to such
        a time goes on saving.
        """
        own, wall_ms = replica[:8], min(wall_ms, LAST_MS)
        if wall_ms > self.unix_ms:
            return Hlc(wall_ms, 0, own)
        if self.counter < LAST_COUNTER:
            return Hlc(self.unix_ms, self.counter + 1, own)
        if self.unix_ms < LAST_MS:
            return Hlc(self.unix_ms + 1, 0, own)
        return Hlc(LAST_MS, LAST_COUNTER, own)
