"""Phones with fixed keys that write entries by docs/sync.md alone."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TASK = "0198aaaa-0000-4000-8000-000000000001"
FORM = "confined_space@1+dust_explosion@1"
D01, D02 = "answer/dust_explosion/D01", "answer/dust_explosion/D02"
PASS = {"result": "pass", "reason": "", "note": ""}
FAIL = {"result": "fail", "reason": "", "note": "积尘 “厚” \u2028 2mm\n<&>"}


ORDER_FINDING = {
    "answer_item": D01,
    "level": "general",
    "text": "积尘未清扫",
    "place": "打磨车间",
    "basis": "《工贸企业粉尘防爆安全规定》第十八条",
    "penalty_basis": "",
    "measure": "rectify_within",
    "deadline": "2026-04-01",
    "corrected_on_site": False,
}
ORDER_SHOWN: dict[str, Any] = {
    "document": "order",
    "number": "2026-0007",
    "enterprise": {"name": "云湾木业有限公司", "uscc": "91320799MA1WXY7K2F"},
    "demands": [
        {
            "basis": "《工贸企业粉尘防爆安全规定》第十八条",
            "deadline": "2026-04-01",
            "level": "general",
            "place": "打磨车间",
            "text": "积尘未清扫",
        }
    ],
}


def jcs(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> str:
    r, s = decode_dss_signature(
        key.sign(content, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    )
    return (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex()


@dataclass
class Replica:
    """A phone with a fixed key."""

    name: str
    scalar: int
    user: str
    seq: int = 0
    prev: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.scalar, ec.SECP256R1())

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def id(self) -> str:
        return sha(self.public)

    def save(
        self,
        ms: int,
        *ops: dict[str, Any],
        pad_to: int = 0,
        rewritten: tuple[str, str] = ("", ""),
        **changed: Any,
    ) -> str:
        """
        Append an entry captured `ms` milliseconds after nine o'clock; return its hash.

        Args:
            ms: 0 … 59,999.
            ops: From `op`.
            pad_to: Fill up with blanks to so many bytes.
            rewritten: A part of the text, and what is written in its place.
            changed: Fields that are not as usual.
        """
        self.seq += 1
        unix_ms = 1772413200000 + ms
        seconds, rest = divmod(ms, 1000)
        entry = {
            "v": 1,
            "replica": self.id,
            "seq": self.seq,
            "prev": self.prev,
            "device": "0198bbbb-0000-4000-8000-00000000000" + str(self.scalar % 10),
            "user": self.user,
            "assignment": TASK,
            "form": FORM,
            "hlc": f"{unix_ms:013d}-0000-{self.id[:8]}",
            "wall": f"2026-03-02T09:00:{seconds:02d}.{rest:03d}+08:00",
            "tz": "Asia/Shanghai",
            "mono": ms,
            "boot": "boot-1",
            "last_server_time": "",
            "ops": list(ops),
            **changed,
        }
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        text = text.replace(*rewritten)
        text += " " * (pad_to - len(text.encode()))
        content = text.encode()
        self.prev = sha(content)
        self.entries.append(
            {
                **written(text),
                "hash": self.prev,
                "signature_hex": sign(self.key, content),
                "public_key_hex": self.public.hex(),
            }
        )
        return self.prev


def written(text: str) -> dict[str, Any]:
    """Return how a vector writes an entry: `bytes`, or `parts` where something stands 100 times."""
    if len(text) < 4000:
        return {"bytes": text}
    parts: list[list[Any]] = []
    done = 0
    for run in _RUNS.finditer(text):
        parts += [[text[done : run.start()], 1], [run[1], len(run[0]) // len(run[1])]]
        done = run.end()
    parts.append([text[done:], 1])
    return {"parts": [part for part in parts if part[0]]}


_RUNS = re.compile(r"(.{1,300}?)\1{99,}", re.DOTALL)


def op(type: str, item: str, value: Any, *parents: str, blob: str = "") -> dict[str, Any]:
    made = {"type": type, "item": item, "parents": list(parents), "value": value}
    return {**made, "blob": blob} if blob else made


def pair() -> tuple[Replica, Replica]:
    return (
        Replica("lead", 1001, "0198cccc-0000-4000-8000-000000000001"),
        Replica("member", 1002, "0198cccc-0000-4000-8000-000000000002"),
    )
