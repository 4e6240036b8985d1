"""The first half of a push: parse, hash and verify, without any lock."""

from collections.abc import Callable, Mapping

from msgspec import Struct, structs

from sync import entries, protocol
from sync.engine.verifying import Signed, verified
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
    read = [_read(pushed) for pushed in request.entries]
    names = {one.place.replica for one in read if one.place}
    known = {name: key for name in names if (key := key_of(name))}
    keys = {**brought, **known}
    signed = [
        Signed(one.content, one.signature, keys.get(one.place.replica) if one.place else None)
        for one in read
    ]
    items = tuple(
        structs.replace(one, verified=True) if sound else _unsigned(one)
        for one, sound in zip(read, verified(signed), strict=True)
    )
    signers = (one.place.replica for one in items if one.verified and one.place)
    used = {name: brought[name] for name in signers if name not in known}  # in the order sent
    return PreparedPush(request.replica, request.epoch, request.sent_wall, items, used)


def _read(pushed: protocol.PushedEntry) -> Prepared:
    """Parse an entry; by whom it is signed is not asked yet."""
    content, signature = pushed.bytes_b64, pushed.sig
    hash = entries.entry_hash(content)
    try:
        entry, operations = entries.read(content, hash)
    except BadEntry:
        return Prepared(content, signature, hash, _envelope(content), None, (), verified=False)
    place = entries.Envelope(entry.replica, entry.seq, entry.prev)
    return Prepared(content, signature, hash, place, entry, operations, verified=False)


def _unsigned(one: Prepared) -> Prepared:
    """Return an entry of which nothing it says counts."""
    return structs.replace(one, entry=None, operations=())


def _envelope(content: bytes) -> entries.Envelope | None:
    try:
        return entries.envelope(content)
    except BadEntry:
        return None
