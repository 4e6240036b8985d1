"""
A partner's file with photos: the entries as in a file without, and the files that they cite.

All numbers big-endian: 19 bytes `INSPECT-PARTNER-V2` and a line feed; 4 bytes, how long the entries
are; 4 bytes, how long the list is; the entries, gzipped JSON, byte for byte a file without photos;
the list, UTF-8 JSON `[{"sha256", "size"}]`; the files, one after the other in the order of the
list, and nothing behind the last.

Nobody signs the whole. What is signed is each entry, and an entry names a file by its SHA-256 and
size: a file is kept only if an entry of this very file cites it and its bytes are that.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, Struct

from sync import entries
from sync.phone.errors import BadFile, RefusedFile
from sync.phone.local import LocalEntry, LocalStore
from sync.phone.partner import exchange

UNCITED = "其中有记录没有引用的照片或录像，请核对来源"
MAX_BYTES, MAX_FILES, MAX_LISTED = 256 * 1024 * 1024, 2000, 1024 * 1024
"""Of one file, as the server takes it; how many; and bytes of the list."""
_KIND, _MAGIC = b"INSPECT-PARTNER-V", b"INSPECT-PARTNER-V2\n"
_BEGIN = len(_MAGIC) + 8
_HASH = re.compile(r"[0-9a-f]{64}")
_CUT, _DAMAGED, _LARGE = "文件不完整", "文件已损坏", "文件过大"


class _Listed(Struct, frozen=True):
    sha256: str
    size: int


@dataclass(frozen=True)
class _Cited:
    """What `photo.add` says of a file, and whose phone and which task say so."""

    sha256: str
    size: int
    replica: str
    task: str


def export(store: LocalStore, task: str) -> bytes:
    """Return the file with every entry of one task and those of their photos that are here."""
    content = exchange.export(store, task)
    cited = [one for one in _cited(store.entries()) if one.task == task]
    photos = {one.sha256: photo for one in cited if (photo := store.blob(one.sha256))}
    listed = msgspec.json.encode([_Listed(name, len(photo)) for name, photo in photos.items()])
    lengths = len(content).to_bytes(4, "big") + len(listed).to_bytes(4, "big")
    return b"".join((_MAGIC, lengths, content, listed, *photos.values()))


def take_in(store: LocalStore, content: bytes) -> int:
    """
    Add a partner's entries and photos; return how many entries were new.

    Raises:
        BadFile, RefusedFile: As `exchange.take_in`, and for its photos; nothing was added.
    """
    packed, photos = opened(content)
    rows, keys, whole = exchange.brought(store, packed)
    theirs = [
        (one, photo)
        for one, photo in _verified(photos, whole)
        if one.replica in {row.replica for row in rows} and store.document(f"task/{one.task}")
    ]
    with store.transaction():
        count = exchange.add(store, rows, keys)
        for one, photo in theirs:
            store.add_blob(photo, one.replica)
    return count


def opened(content: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """
    Return the entries of a file and its photos by name; one without photos is its entries.

    Raises:
        BadFile: It is damaged, or of a later version.
    """
    if not content.startswith(_KIND):
        return content, []
    if not content.startswith(_MAGIC):
        raise BadFile(reason="版本不同，请升级手机程序" if len(content) >= len(_MAGIC) else _CUT)
    if len(content) < _BEGIN:
        raise BadFile(reason=_CUT)
    of_entries = int.from_bytes(content[len(_MAGIC) : len(_MAGIC) + 4], "big")
    of_list = int.from_bytes(content[len(_MAGIC) + 4 : _BEGIN], "big")
    if of_entries > exchange.MAX_FILE or of_list > MAX_LISTED:
        raise BadFile(reason=_LARGE)
    first = _BEGIN + of_entries + of_list
    if len(content) < first:
        raise BadFile(reason=_CUT)
    photos = _photos(content, _listed(content[_BEGIN + of_entries : first]), first)
    return content[_BEGIN : _BEGIN + of_entries], photos


def forget(store: LocalStore) -> None:
    """Forget other phones' photos that no entry here cites; call it inside `transaction`."""
    cited = {one.sha256 for one in _cited(store.entries())}
    store.forget_brought({*store.brought()} - cited)


def _listed(content: bytes) -> list[_Listed]:
    try:
        listed = msgspec.json.decode(content, type=list[_Listed])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadFile(reason=_DAMAGED) from None
    if len(listed) > MAX_FILES:
        raise BadFile(reason=_LARGE)
    sound = all(_HASH.fullmatch(one.sha256) and 1 <= one.size <= MAX_BYTES for one in listed)
    if not sound or len({one.sha256 for one in listed}) != len(listed):
        raise BadFile(reason=_DAMAGED)
    return listed


def _photos(content: bytes, listed: Sequence[_Listed], first: int) -> list[tuple[str, bytes]]:
    end = first + sum(one.size for one in listed)
    if len(content) != end:
        raise BadFile(reason=_CUT if len(content) < end else _DAMAGED)
    found = []
    for one in listed:
        found.append((one.sha256, content[first : first + one.size]))
        first += one.size
    return found


def _verified(
    photos: Sequence[tuple[str, bytes]], whole: Sequence[LocalEntry]
) -> Iterator[tuple[_Cited, bytes]]:
    """Return photos with each entry that cites them; every one is what that names."""
    cited = list(_cited(whole))
    found = []
    for name, photo in photos:
        citing = [one for one in cited if one.sha256 == name and one.size == len(photo)]
        if not citing:
            raise RefusedFile(reason=UNCITED)
        if hashlib.sha256(photo).hexdigest() != name:
            raise BadFile(reason="照片与记录的摘要不一致")
        found += [(one, photo) for one in citing]
    return iter(found)


def _cited(rows: Sequence[LocalEntry]) -> Iterator[_Cited]:
    for row in rows:
        entry = entries.parse(row.content)
        for op in entry.ops:
            if op.blob is not UNSET:
                size: int = msgspec.json.decode(op.value)["size"]
                yield _Cited(op.blob, size, entry.replica, entry.assignment)
