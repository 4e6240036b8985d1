"""
Writes the vectors of the sync protocol, without importing the code that they test.

    python -m tests.vectors.sync.generate

Everything is computed from docs/sync.md with json, hashlib and cryptography; what a merge must
give is written down by hand, operation by operation. A second implementation uses the files alone.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FOLDER = Path(__file__).parent
TASK = "0198aaaa-0000-4000-8000-000000000001"
FORM = "confined_space@1+dust_explosion@1"
D01, D02 = "answer/dust_explosion/D01", "answer/dust_explosion/D02"
PASS = {"result": "pass", "reason": "", "note": ""}
FAIL = {"result": "fail", "reason": "", "note": "积尘 “厚” \u2028 2mm\n<&>"}


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

    def save(self, ms: int, *ops: dict[str, Any]) -> str:
        """Append an entry captured `ms` milliseconds after nine o'clock; return its hash."""
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
        }
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        content = text.encode()
        self.prev = sha(content)
        self.entries.append(
            {
                "bytes": text,
                "hash": self.prev,
                "signature_hex": sign(self.key, content),
                "public_key_hex": self.public.hex(),
            }
        )
        return self.prev


def op(type: str, item: str, value: Any, *parents: str, blob: str = "") -> dict[str, Any]:
    made = {"type": type, "item": item, "parents": list(parents), "value": value}
    return {**made, "blob": blob} if blob else made


def pair() -> tuple[Replica, Replica]:
    return (
        Replica("lead", 1001, "0198cccc-0000-4000-8000-000000000001"),
        Replica("member", 1002, "0198cccc-0000-4000-8000-000000000002"),
    )


def case(name: str, replicas: tuple[Replica, ...], live: list[str], **items: Any) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": TASK,
        "entries": [entry for replica in replicas for entry in replica.entries],
        "live": sorted(live),
        "view": sha(jcs(sorted(live))),
        **items,
    }


def item(heads: dict[str, Any], gone: list[str], conflict: bool) -> dict[str, Any]:
    """Heads as operation id -> value in force, null when retracted."""
    return {"heads": heads, "gone": sorted(gone), "conflict": conflict}


def merges() -> list[dict[str, Any]]:
    cases = []

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, PASS)) + "#0"
    cases.append(
        case(
            "equal values corroborate each other",
            (a, b),
            [a1, b1],
            items={D01: item({a1: PASS, b1: PASS}, [], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "a set removes the head that it cites",
            (a, b),
            [a2],
            items={D01: item({a2: FAIL}, [a1], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL)) + "#0"
    cases.append(
        case(
            "different values conflict",
            (a, b),
            [a1, b1],
            items={D01: item({a1: PASS, b1: FAIL}, [], True)},
        )
    )

    b2 = b.save(2, op("answer.set", D01, FAIL, a1, b1)) + "#0"
    cases.append(
        case(
            "an ordinary set citing different values removes only its own user's",
            (a, b),
            [a1, b2],
            items={D01: item({a1: PASS, b2: FAIL}, [b1], True)},
        )
    )

    chosen = {"chosen": FAIL, "reason": "现场复核"}
    a2 = a.save(3, op("conflict.resolve", D01, chosen, a1, b2)) + "#0"
    cases.append(
        case(
            "the lead's resolution citing every head closes the conflict",
            (a, b),
            [a2],
            items={D01: item({a2: FAIL}, [a1, b1, b2], False)},
        )
    )

    b3 = b.save(4, op("answer.set", D01, PASS, b2)) + "#0"
    cases.append(
        case(
            "a value concurrent to the resolution reopens the conflict",
            (a, b),
            [a2, b3],
            items={D01: item({a2: FAIL, b3: PASS}, [a1, b1, b2], True)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL)) + "#0"
    a2 = a.save(2, op("answer.set", D01, PASS, b1)) + "#0"
    cases.append(
        case(
            "nobody overrules the other while the own earlier value stands beside",
            (a, b),
            [a1, a2, b1],
            items={D01: item({a1: PASS, a2: PASS, b1: FAIL}, [], True)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    a2 = a.save(2, op("answer.set", D01, PASS, b1)) + "#0"
    cases.append(
        case(
            "changing what the other changed is no overruling",
            (a, b),
            [a2],
            items={D01: item({a2: PASS}, [a1, b1], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.retract", D01, {"reason": ""}, a1)) + "#0"
    b1 = b.save(2, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "retracting against a change is a conflict",
            (a, b),
            [a2, b1],
            items={D01: item({a2: None, b1: FAIL}, [a1], True)},
        )
    )

    a, b = pair()
    first = a.save(0, op("answer.set", D01, PASS), op("answer.set", D01, FAIL, "#0"))
    cases.append(
        case(
            "#k cites an operation of the same entry",
            (a, b),
            [f"{first}#1"],
            items={D01: item({f"{first}#1": FAIL}, [f"{first}#0"], False)},
        )
    )

    a, b = pair()
    b1 = b.save(0, op("answer.set", D02, PASS)) + "#0"
    a1 = a.save(1, op("answer.set", D01, PASS)) + "#0"
    signed = {
        "signer": "lead",
        "name": "甲",
        "officer_id": "",
        "view": sha(jcs([a1])),
        "strokes": [[[0, 0], [1000, 1000]]],
        "refused": False,
        "refusal_reason": "",
    }
    signature = "signature/0198dddd-0000-7000-8000-000000000001"
    s1 = a.save(2, op("signature.add", signature, signed, a1)) + "#0"
    complete = f"visit/complete/{a.id}"
    c1 = a.save(3, op("visit.complete", complete, {})) + "#0"
    items = {
        D01: item({a1: PASS}, [], False),
        signature: item({s1: signed}, [], False),
        complete: item({c1: {}}, [], False),
    }
    cases.append(
        case(
            "a signature holds while the record is what it cites; visit.complete changes nothing",
            (a,),
            [a1],
            items=items,
            signatures={signature: {"stale": False, "unseen": []}},
        )
    )
    cases.append(
        case(
            "what was captured before a signature and not in its view is unseen",
            (a, b),
            [a1, b1],
            items={**items, D02: item({b1: PASS}, [], False)},
            signatures={signature: {"stale": True, "unseen": [D02]}},
        )
    )
    b2 = b.save(9000, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "a change after the signature makes it stale",
            (a, b),
            [b1, b2],
            items={
                **items,
                D02: item({b1: PASS}, [], False),
                D01: item({b2: FAIL}, [a1], False),
            },
            signatures={signature: {"stale": True, "unseen": [D02]}},
        )
    )
    return cases + _order_cases()


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


def _order_cases() -> list[dict[str, Any]]:
    """A signature to the order speaks of the findings, and of nothing else."""
    a, _ = pair()
    finding = "finding/0198dddd-0000-7000-8000-000000000002"
    f1 = a.save(0, op("finding.add", finding, ORDER_FINDING)) + "#0"
    signed = {
        "signer": "enterprise",
        "name": "乙",
        "officer_id": "",
        "view": sha(jcs(ORDER_SHOWN)),
        "strokes": [[[0, 0], [1000, 1000]]],
        "refused": False,
        "refusal_reason": "",
        "document": "order",
    }
    signature = "signature/0198dddd-0000-7000-8000-000000000003"
    s1 = a.save(1, op("signature.add", signature, signed, f1)) + "#0"
    a1 = a.save(2, op("answer.set", D02, PASS)) + "#0"
    items = {
        signature: item({s1: signed}, [], False),
        D02: item({a1: PASS}, [], False),
    }
    amended = {**ORDER_FINDING, "deadline": "2026-04-15"}
    standing = case(
        "a signature to the order stays while the findings do, whatever else is answered",
        (a,),
        [f1, a1],
        items={**items, finding: item({f1: ORDER_FINDING}, [], False)},
        signatures={signature: {"stale": False, "unseen": []}},
    )
    f2 = a.save(9000, op("finding.amend", finding, amended, f1)) + "#0"
    changed = case(
        "a finding amended after a signature to the order makes it stale",
        (a,),
        [a1, f2],
        items={**items, finding: item({f2: amended}, [f1], False)},
        signatures={signature: {"stale": True, "unseen": []}},
    )
    return [standing, changed]


def entries() -> dict[str, Any]:
    a, _ = pair()
    photo = sha(b"jpeg")
    value = {
        "sha256": photo,
        "size": 4,
        "mime": "image/jpeg",
        "caption": "除尘器",
        "finding": "",
        "answer_item": D01,
        "taken_wall": "2026-03-02T09:00:00+08:00",
        "latitude": "31.123456",
        "longitude": "120.654321",
        "accuracy_m": "8",
        "datum": "WGS-84",
        "device": "test",
    }
    item_id = "photo/0198dddd-0000-7000-8000-000000000002"
    a.save(0, op("answer.set", D01, FAIL))
    a.save(1, op("photo.add", item_id, value, blob=photo))
    good = json.loads(a.entries[0]["bytes"])
    one = good["ops"][0]

    def broken(why: str, **changes: Any) -> dict[str, str]:
        text = json.dumps({**good, **changes}, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, "bytes": text}

    def with_op(why: str, **changes: Any) -> dict[str, str]:
        return broken(why, ops=[{**one, **changes}])

    invalid = [
        broken("unknown version", v=2),
        broken("seq 0", seq=0),
        broken("prev on the first entry", prev="0" * 64),
        broken("no operations", ops=[]),
        broken("unknown field", extra=1),
        broken("float", mono=1.5),
        broken("wall without offset", wall="2026-03-02T09:00:00"),
        broken("wall that does not exist", wall="2026-02-30T09:00:00+08:00"),
        broken("user in upper case", user=good["user"].upper()),
        with_op("unknown type", type="answer.delete"),
        with_op("item of another kind", item=item_id),
        with_op("item with a blank", item="answer/dust explosion/D01"),
        with_op("value lacks a field", value={"result": "pass", "reason": ""}),
        with_op("value with an unknown field", value={**PASS, "score": 1}),
        with_op("not_checked without reason", value={**PASS, "result": "not_checked"}),
        with_op("parent that is no operation id", parents=["abc#0"]),
        with_op("parent of the same entry that comes later", parents=["#0"]),
        with_op("blob on an answer", blob=photo),
        broken(
            "photo whose blob is not its sha256",
            ops=[op("photo.add", item_id, value, blob="0" * 64)],
        ),
        broken(
            "resolution without heads",
            ops=[op("conflict.resolve", D01, {"chosen": PASS, "reason": "x"})],
        ),
        broken(
            "resolution whose choice is no answer",
            ops=[op("conflict.resolve", D01, {"chosen": 1, "reason": "x"}, "0" * 64 + "#0")],
        ),
    ]
    return {
        "valid": a.entries,
        "invalid": invalid,
        "replica": a.id,
        "private_scalar_hex": f"{a.scalar:064x}",
    }


def digests() -> dict[str, Any]:
    a, _ = pair()
    ids = ["b" * 64 + "#10", "b" * 64 + "#9", "a" * 64 + "#0"]
    blobs = [sha(b"2"), sha(b"1"), sha(b"2")]
    documents = [["task/中", 3], ["item/x", 1], ["item/X", 12]]
    lines = sorted(f"{id}\t{ver}\n".encode() for id, ver in documents)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    receipt = {
        "v": 1,
        "epoch": "0198eeee-0000-4000-8000-000000000001",
        "replica": a.id,
        "upto_seq": 3,
        "head_hash": sha(b"head"),
        "entry_count": 3,
        "blob_root": sha(jcs(sorted(set(blobs)))),
        "effects": {"applied": 2, "quarantined:closed": 1},
        "log_pos": 17,
        "log_root": "0" * 64,
        "time": "2026-03-02T01:00:00+00:00",
        "kid": "k1",
    }
    content = jcs(receipt)
    body = b'{"cursor":"","limit":1000}'
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    covered = '("@method" "@path" "@query" "content-digest")'
    parameters = f'{covered};created=1772413200;keyid="{a.id}";alg="ecdsa-p256-sha256"'
    base = "\n".join(
        (
            '"@method": POST',
            '"@path": /sync/v1/pull',
            '"@query": ?',
            f'"content-digest": {digest}',
            f'"@signature-params": {parameters}',
        )
    )
    raw = base64.b64encode(bytes.fromhex(sign(a.key, base.encode()))).decode()
    proof = "\n".join(("inspect-sync enrol v1", "nonce-1", "张三", a.public.hex(), ""))
    return {
        "view": {"live": ids, "digest": sha(jcs(sorted(ids)))},
        "order_view": {
            "number": ORDER_SHOWN["number"],
            "enterprise": {**ORDER_SHOWN["enterprise"], "address": "振兴路 18 号"},
            "findings": [
                ORDER_FINDING,
                {**ORDER_FINDING, "measure": "rectify_now", "deadline": "2026-03-09"},
                {**ORDER_FINDING, "corrected_on_site": True},
            ],
            "digest": sha(
                jcs(
                    {
                        **ORDER_SHOWN,
                        "demands": sorted(
                            [
                                *ORDER_SHOWN["demands"],
                                {**ORDER_SHOWN["demands"][0], "deadline": ""},
                            ],
                            key=jcs,
                        ),
                    }
                )
            ),
        },
        "blob_root": {"sha256": blobs, "digest": receipt["blob_root"]},
        "scope_digest": {"documents": documents, "digest": sha(b"".join(lines))},
        "receipt": {
            "fields": receipt,
            "bytes": content.decode(),
            "kid": "k1",
            "public_key_hex": key.public_key().public_bytes_raw().hex(),
            "signature_hex": key.sign(b"inspect-sync receipt v1\n" + content).hex(),
        },
        "request": {
            "method": "POST",
            "path": "/sync/v1/pull",
            "query": "",
            "body": body.decode(),
            "base": base,
            "public_key_hex": a.public.hex(),
            "headers": {
                "Content-Digest": digest,
                "Signature-Input": f"sig1={parameters}",
                "Signature": f"sig1=:{raw}:",
            },
        },
        "enrol_proof": {
            "nonce": "nonce-1",
            "login": "张三",
            "public_key_hex": a.public.hex(),
            "bytes": proof,
            "signature_hex": sign(a.key, proof.encode()),
        },
    }


def files() -> dict[str, str]:
    """Return what each file must contain."""
    made: dict[str, Any] = {
        "entries.json": entries(),
        "merges.json": merges(),
        "digests.json": digests(),
    }
    return {
        name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in made.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
