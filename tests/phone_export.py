"""A phone's last resort, written a second time: by the description, not by the reader's code."""

import base64
import json
import os
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import pbkdf2_hmac, sha256
from math import ceil
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.protocol import PushedEntry
from tests.conformance_journal import Hand

PASSPHRASE = "钥匙 Pass-７７"  # a full-width digit, as a Chinese keyboard writes it
PIECE = 1024 * 1024


def listed(
    hand: Hand,
    entries: Sequence[PushedEntry],
    photos: Sequence[bytes] = (),
    keys: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """Return the list of an export of this phone."""
    known = {hand.id: hand.public_key} if keys is None else keys
    return {
        "v": 1,
        "made": "2026-03-02T09:30:00.000Z",
        "user": hand.user,
        "device": hand.device,
        "epoch": "",
        "keys": {replica: _text(key) for replica, key in known.items()},
        "entries": [{"bytes_b64": _text(one.bytes_b64), "sig": _text(one.sig)} for one in entries],
        "photos": [
            {"sha256": sha256(one).hexdigest(), "size": len(one), "records": ceil(len(one) / PIECE)}
            for one in photos
        ],
        "damaged": {"entries": [], "photos": []},
    }


def sealed(
    said: Mapping[str, Any], photos: Sequence[bytes] = (), *, records: int | None = None
) -> bytes:
    """Return an export with this list and the bytes of these photos."""
    pieces = [one[at : at + PIECE] for one in photos for at in range(0, len(one), PIECE)]
    plain = [json.dumps(said).encode(), *pieces]
    salt = os.urandom(16)
    header = json.dumps(
        {
            "kdf": "PBKDF2-SHA-256",
            "iterations": 3,
            "salt": _text(salt),
            "cipher": "AES-256-GCM",
            "records": len(plain) if records is None else records,
        }
    ).encode()
    typed = unicodedata.normalize("NFKC", PASSPHRASE).encode()
    box = AESGCM(pbkdf2_hmac("sha256", typed, salt, 3, 32))
    about = sha256(header).hexdigest()
    content = b"INSPECT-EXPORT-V1\n" + struct.pack(">I", len(header)) + header
    for number, record in enumerate(plain):
        nonce = os.urandom(12)
        bound = f"inspect-export v1\n{number}\n{about}\n".encode()
        hidden = nonce + box.encrypt(nonce, record, bound)
        content += struct.pack(">I", len(hidden)) + hidden
    return content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
