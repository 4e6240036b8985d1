"""The first half of a push: parse, hash and verify, without any lock."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from sync import entries, protocol
from sync.entries import Entry, Operation
from sync.errors import BadEntry, TooLarge

KeyOf = Callable[[str], bytes | None]


class Prepared(Struct, frozen=True):
    """One pushed entry after parsing, hashing and verifying."""

    content: bytes
    signature: bytes
    hash: str
    place: entries.Envelope | None  # None when not even that could be read
    entry: Entry | None  # None when it breaks the schema
    operations: tuple[Operation, ...]
    verified: bool


class PreparedPush(Struct, frozen=True):
    """A push that is ready for its transaction."""

    carrier: str
    epoch: str
    sent_wall: str
    items: tuple[Prepared, ...]
    new_keys: Mapping[str, bytes]  # keys that the push brought and the server did not know


def prepare(request: protocol.PushRequest, key_of: KeyOf) -> PreparedPush:
    """
    Parse, hash and verify every entry, before any lock is taken.

    Args:
        request: As received; the HTTP signature of the carrier is checked already.
        key_of: The raw public key of a known replica, else None.

    Raises:
        TooLarge: More entries than one push may hold.
    """
    if len(request.entries) > protocol.MAX_PUSH_ENTRIES:
        raise TooLarge(limit=f"{protocol.MAX_PUSH_ENTRIES} 条")
    brought = {id: key for id, key in request.keys.items() if entries.is_key_of(id, key)}
    used: dict[str, bytes] = {}
    items = tuple(_prepare_entry(pushed, key_of, brought, used) for pushed in request.entries)
    return PreparedPush(request.replica, request.epoch, request.sent_wall, items, used)


def _prepare_entry(
    pushed: protocol.PushedEntry,
    key_of: KeyOf,
    brought: Mapping[str, bytes],
    used: dict[str, bytes],
) -> Prepared:
    content, signature = pushed.bytes_b64, pushed.sig
    hash = entries.entry_hash(content)
    entry: Entry | None = None
    operations: tuple[Operation, ...] = ()
    try:
        entry, operations = entries.read(content, hash)
        place = entries.Envelope(entry.replica, entry.seq, entry.prev)
    except BadEntry:
        try:
            place = entries.envelope(content)
        except BadEntry:
            return Prepared(content, signature, hash, None, None, (), verified=False)
    known = key_of(place.replica)
    key = known or brought.get(place.replica)
    if key is None or not entries.verify(key, content, signature):
        return Prepared(content, signature, hash, place, None, (), verified=False)
    if known is None:
        used[place.replica] = key
    return Prepared(content, signature, hash, place, entry, operations, verified=True)
