"""Files between two phones without a network, and the server keys that a phone pins."""

import gzip
import zlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from sync import entries, protocol, values
from sync.errors import BadEntry
from sync.phone.errors import BadFile
from sync.phone.local import LocalEntry, LocalStore
from sync.phone.partner import admitting
from sync.phone.partner.bringing import Bringer, bringers_of

MAX_FILE = 64 * 1024 * 1024
OTHER_FORM = "记录格式有误，同伴手机程序较新的，请先联网升级本机程序"
"""Of a newer program, or of none."""


class PartnerFile(Struct, frozen=True):
    """Gzipped JSON: signed entries, and the raw public keys of their replicas."""

    v: int
    entries: list[protocol.PushedEntry]
    keys: dict[str, bytes]


def export(store: LocalStore, task: str) -> bytes:
    """
    Return the file with every entry of one task that this phone holds, its partner's too.

    With them goes what they follow in their replicas' chains, as far as everybody on this task is
    on that one, too, and this server has not acknowledged it: without it they would wait there.
    Entries of tasks that somebody here has nothing to do with stay on the phone.
    """
    held, epoch = store.entries(), store.get("epoch")
    tasks = {row.hash: entries.parse(row.content).assignment for row in held}
    last = {row.replica: row.seq for row in held if tasks[row.hash] == task}
    shared = {other for other in {*tasks.values()} - {task} if _is_shared(store, task, other)}
    rows = [
        row
        for row in held
        if tasks[row.hash] == task
        or (
            tasks[row.hash] in shared
            and row.seq < last.get(row.replica, 0)
            and row.acked_epoch != epoch
        )
    ]
    of = {row.replica for row in rows}
    file = PartnerFile(
        v=1,
        entries=[protocol.PushedEntry(row.content, row.signature) for row in rows],
        keys={id: key for id, key in store.keys().items() if id in of},
    )
    return gzip.compress(protocol.encode(file), mtime=0)


def take_in(store: LocalStore, content: bytes) -> int:
    """
    Add a partner's entries; return how many were new.

    Raises:
        BadFile: Damaged, or an entry whose signature does not hold; nothing was added.
        RefusedFile: Whole, but an entry cannot come from whom it names; nothing was added.
    """
    rows, keys, _ = brought(store, content)
    with store.transaction():
        return add(store, rows, keys)


def add(store: LocalStore, rows: Iterable[LocalEntry], keys: dict[str, bytes]) -> int:
    """Add what was verified; return how many entries were new; call it inside `transaction`."""
    found = list(rows)
    for id in {row.replica for row in found}:
        store.add_key(id, keys[id])
    return sum(store.add_partner(row) for row in found)


def looked_into(store: LocalStore, content: bytes) -> list[Bringer]:
    """
    Return whose phones speak in a partner's file, its own left out; nothing is added.

    Raises:
        BadFile, RefusedFile: As `take_in` would.
    """
    rows, _, _ = brought(store, content)
    return bringers_of((entries.parse(row.content) for row in rows), store.keys())


def undelivered(store: LocalStore) -> list[Bringer]:
    """Return the other phones of which entries lie here that no server has, with how many."""
    own = {replica.id for replica in store.replicas()}
    rows = [row for row in store.entries() if not row.acked_epoch and row.replica not in own]
    return bringers_of((entries.parse(row.content) for row in rows), store.keys())


def brought(
    store: LocalStore, content: bytes
) -> tuple[list[LocalEntry], dict[str, bytes], list[LocalEntry]]:
    """
    Return what a file brings of other phones, the keys that it names, and all that it holds.

    Raises:
        BadFile, RefusedFile: As `take_in` would; nothing is added.
    """
    file = _read(content)
    own = {replica.id for replica in store.replicas()}
    verified = [_verified(pushed, file.keys) for pushed in file.entries]
    rows = [row for row in verified if row.replica not in own]
    admitting.check(store, [(row.hash, entries.parse(row.content)) for row in rows])
    return rows, file.keys, verified


def encode_keys(keys: Iterable[protocol.ServerKey]) -> dict[str, str]:
    """Return kid -> hex public key."""
    return {key.kid: key.public_key_b64.hex() for key in keys}


def decode_keys(text: str) -> dict[str, str]:
    """Return what `encode_keys` gave, from its JSON text."""
    return msgspec.json.decode(text, type=dict[str, str])


def pinned_keys(store: LocalStore) -> dict[str, bytes]:
    """Return kid -> raw Ed25519 key as pinned at enrolment."""
    return {kid: bytes.fromhex(key) for kid, key in decode_keys(store.get("server_keys")).items()}


def time_told(server_time: str) -> dict[str, str]:
    """Return the server's time as a setting; nothing if it is none, for every entry names it."""
    return {"server_time": server_time} if values.is_moment(server_time) else {}


def _is_shared(store: LocalStore, task: str, other: str) -> bool:
    """Whether everybody who works on a task works on the other one, too, as last pulled."""
    team = _team(store, task)
    return bool(team) and team <= _team(store, other)


def _team(store: LocalStore, task: str) -> set[str]:
    document = store.document(f"task/{task}")
    body = msgspec.json.decode(document.body) if document else {}
    return {member["user_id"] for member in body.get("team", ())}


def _read(content: bytes) -> PartnerFile:
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, MAX_FILE)
        if not unpack.eof:
            raise BadFile(reason="文件不完整")
        file = msgspec.json.decode(plain, type=PartnerFile)
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError):
        raise BadFile(reason="文件已损坏") from None
    if file.v != 1:
        raise BadFile(reason="版本不同，请升级手机程序")
    return file


def _verified(pushed: protocol.PushedEntry, keys: dict[str, bytes]) -> LocalEntry:
    try:
        entry = entries.parse(pushed.bytes_b64)
    except BadEntry:
        raise BadFile(reason=OTHER_FORM) from None
    key = keys.get(entry.replica, b"")
    if entries.replica_id(key) != entry.replica:
        raise BadFile(reason="缺少公钥")
    if not entries.verify(key, pushed.bytes_b64, pushed.sig):
        raise BadFile(reason="签名不符")
    hash = entries.entry_hash(pushed.bytes_b64)
    return LocalEntry(hash, entry.replica, entry.seq, pushed.bytes_b64, pushed.sig, "", "", "")
