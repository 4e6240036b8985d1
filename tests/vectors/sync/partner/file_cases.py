"""Files that one phone gives another, with photos and without, and what becomes of each."""

import base64
import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from tests.vectors.sync.entry_cases import PHOTO_VALUE
from tests.vectors.sync.hand import D01, PASS, TASK, Replica, op, pair, sha

OTHER_TASK = "0198aaaa-0000-4000-8000-000000000002"
PHOTO, FILM, STRANGE = b"one photo", b"and a film " * 3, b"nobody's"
CONTAINER = b"INSPECT-PARTNER-V2\n"
MIB = 1024 * 1024
DAMAGED, REFUSED = "damaged", "refused"


def partner_files() -> dict[str, Any]:
    """Return the phone that takes in, and the files, each for a phone that has nothing yet."""
    lead, member = pair()
    team = [
        {"user_id": lead.user, "role": "lead"},
        {"user_id": member.user, "role": "member"},
    ]
    return {
        "user": lead.user,
        "task": {"id": TASK, "team": team},
        "taken": _taken(),
        "refused": [
            {"name": name, "why": why, "file_b64": base64.b64encode(file).decode()}
            for name, why, file in (*_torn(), *_misstated(), *_unproven())
        ],
    }


def container(entries: bytes, listed: Any, *photos: bytes, magic: bytes = CONTAINER) -> bytes:
    """Return a file with photos."""
    text = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
    lengths = struct.pack(">II", len(entries), len(text))
    return b"".join((magic, lengths, entries, text, *photos))


def of_entries(*phones: Replica, **changed: Any) -> bytes:
    """Return a file without photos; fields that are `changed` are not as usual."""
    pushed = [
        {
            "bytes_b64": base64.b64encode(row["bytes"].encode()).decode(),
            "sig": base64.b64encode(bytes.fromhex(row["signature_hex"])).decode(),
        }
        for phone in phones
        for row in phone.entries
    ]
    keys = {phone.id: base64.b64encode(phone.public).decode() for phone in phones}
    return gzipped(json.dumps({"v": 1, "entries": pushed, "keys": keys, **changed}).encode())


def gzipped(content: bytes) -> bytes:
    """Return gzip of one stored block: every version of zlib writes it alike."""
    length = struct.pack("<HH", len(content), len(content) ^ 0xFFFF)
    end = struct.pack("<II", zlib.crc32(content), len(content))
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + b"\x01" + length + content + end


def listed(*photos: bytes) -> list[dict[str, Any]]:
    return [{"sha256": sha(photo), "size": len(photo)} for photo in photos]


def _photo(number: int, content: bytes, **changed: Any) -> dict[str, Any]:
    item = f"photo/0198f0a1-0000-7000-8000-00000000000{number}"
    value = {**PHOTO_VALUE, "sha256": sha(content), "size": len(content), **changed}
    return op("photo.add", item, value, blob=sha(content))


def _member(**changed: Any) -> Replica:
    """The partner: an answer, a photo and a film, an entry each."""
    _, member = pair()
    member.user = changed.pop("user", member.user)
    member.save(0, op("answer.set", D01, PASS))
    member.save(1000, _photo(1, PHOTO, **changed))
    member.save(2000, _photo(2, FILM, mime="video/mp4"))
    return member


def _before_of_another_task() -> Replica:
    """A photo of a task that is not there, and then one of the task."""
    _, member = pair()
    member.save(0, _photo(1, STRANGE), assignment=OTHER_TASK)
    member.save(1000, _photo(2, PHOTO))
    return member


def _taken() -> list[dict[str, Any]]:
    whole, before = _member(), _before_of_another_task()
    cases: Sequence[tuple[str, bytes, Replica, Sequence[bytes]]] = (
        ("without photos", of_entries(whole), whole, ()),
        (
            "with a photo and a film",
            container(of_entries(whole), listed(PHOTO, FILM), PHOTO, FILM),
            whole,
            (PHOTO, FILM),
        ),
        (
            "with one of two, in another order than cited",
            container(of_entries(whole), listed(FILM), FILM),
            whole,
            (FILM,),
        ),
        ("with none that it lists", container(of_entries(whole), []), whole, ()),
        (
            "with a photo of a task that is not there, which is passed over",
            container(of_entries(before), listed(STRANGE, PHOTO), STRANGE, PHOTO),
            before,
            (PHOTO,),
        ),
    )
    return [
        {
            "name": name,
            "file_b64": base64.b64encode(file).decode(),
            "entries": [row["hash"] for row in phone.entries],
            "photos": [sha(photo) for photo in photos],
        }
        for name, file, phone, photos in cases
    ]


def _torn() -> list[tuple[str, str, bytes]]:
    entries = of_entries(_member())
    listing = listed(PHOTO, FILM)
    whole = container(entries, listing, PHOTO, FILM)
    behind = len(whole) - len(PHOTO) - len(FILM)
    cuts = {
        "cut before its version": len(CONTAINER) - 2,
        "cut within its lengths": len(CONTAINER) + 5,
        "cut within its entries": len(CONTAINER) + 8 + 100,
        "cut within its list": behind - 10,
        "cut before its files": behind,
        "cut within its last file": len(whole) - 1,
    }
    changed = whole[:-1] + bytes([whole[-1] ^ 1])
    return [
        *((name, DAMAGED, whole[:at]) for name, at in cuts.items()),
        ("more follows its last file", DAMAGED, whole + b"\n"),
        ("the last file has another SHA-256", DAMAGED, changed),
        ("files in another order than listed", DAMAGED, container(entries, listing, FILM, PHOTO)),
        (
            "of a later version",
            DAMAGED,
            container(entries, listing, PHOTO, FILM, magic=CONTAINER.replace(b"2", b"3")),
        ),
        ("entries that are no gzip", DAMAGED, container(b"{}", [])),
        ("entries whose gzip is cut", DAMAGED, container(entries[:-9], [])),
    ]


def _misstated() -> list[tuple[str, str, bytes]]:
    entries = of_entries(_member())
    (photo,) = listed(PHOTO)
    lists: dict[str, Any] = {
        "a list that is none": {"sha256": sha(PHOTO), "size": len(PHOTO)},
        "a list that is no JSON": b"[",
        "a hash in upper case": [{**photo, "sha256": sha(PHOTO).upper()}],
        "a hash that is too short": [{**photo, "sha256": sha(PHOTO)[:-1]}],
        "a size that is a text": [{**photo, "size": str(len(PHOTO))}],
        "a size that is no whole number": [{**photo, "size": len(PHOTO) + 0.5}],
        "a file without bytes": [{**photo, "size": 0}],
        "a file of 256 MiB and a byte": [{**photo, "size": 256 * MIB + 1}],
        "a file twice": [photo, photo],
    }
    lengths = {
        "entries of 64 MiB and a byte": (64 * MIB + 1, 2),
        "a list of 1 MiB and a byte": (len(entries), MIB + 1),
    }
    return [
        *(
            (name, DAMAGED, container(entries, listing, PHOTO, PHOTO))
            for name, listing in lists.items()
        ),
        *(
            (name, DAMAGED, CONTAINER + struct.pack(">II", *said) + entries + b"[]")
            for name, said in lengths.items()
        ),
    ]


def _unproven() -> list[tuple[str, str, bytes]]:
    member, stranger = _member(), _member(user="0198cccc-0000-4000-8000-000000000009")
    forged = _member()
    forged.entries[1] = {**forged.entries[1], "signature_hex": "00" * 64}
    longer = _member(size=len(PHOTO) + 1)
    _, elsewhere = pair()
    elsewhere.save(0, _photo(1, PHOTO), assignment=OTHER_TASK)
    photo = listed(PHOTO)
    return [
        (
            "a file that no entry cites",
            REFUSED,
            container(of_entries(member), listed(PHOTO, STRANGE), PHOTO, STRANGE),
        ),
        (
            "a file that is cited with another size",
            REFUSED,
            container(of_entries(longer), photo, PHOTO),
        ),
        (
            "entries of somebody who is not on the task",
            REFUSED,
            container(of_entries(stranger), photo, PHOTO),
        ),
        (
            "entries of nothing but a task that is not there",
            REFUSED,
            container(of_entries(elsewhere), photo, PHOTO),
        ),
        (
            "an entry whose signature does not hold",
            DAMAGED,
            container(of_entries(forged), photo, PHOTO),
        ),
        ("without the key", DAMAGED, container(of_entries(member, keys={}), photo, PHOTO)),
        (
            "entries of a later version",
            DAMAGED,
            container(of_entries(member, v=2), photo, PHOTO),
        ),
    ]
