"""Digests, signatures and headers, each beside what it is computed from."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vectors.sync.hand import (
    D01,
    ORDER_FINDING,
    ORDER_SHOWN,
    PASS,
    Replica,
    jcs,
    op,
    pair,
    sha,
    sign,
)

AT_ONCE_AND_STOPPED = {
    "level": "major",
    "measure": "rectify_now",
    "further_measures": ["suspend"],
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
                {**ORDER_FINDING, "measure": "refer", "deadline": ""},
                {**ORDER_FINDING, **AT_ONCE_AND_STOPPED},
            ],
            "digest": sha(
                jcs(
                    {
                        **ORDER_SHOWN,
                        "demands": sorted(
                            [
                                *ORDER_SHOWN["demands"],
                                {**ORDER_SHOWN["demands"][0], "deadline": ""},
                                {
                                    **ORDER_SHOWN["demands"][0],
                                    "level": "major",
                                    "deadline": "",
                                },
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
        "receipt_after": _receipt_after(key, receipt),
        "push": worked_push(),
        "hlc": _clock(a),
        "key": _forms_of_a_key(a),
        "tus": _tus(),
        "enrol_proof": {
            "nonce": "nonce-1",
            "login": "张三",
            "public_key_hex": a.public.hex(),
            "bytes": proof,
            "signature_hex": sign(a.key, proof.encode()),
        },
    }


def _receipt_after(key: Ed25519PrivateKey, whole: dict[str, Any]) -> dict[str, Any]:
    """The receipt of a phone that removed its first two entries."""
    fields = {**whole, "entry_count": 1, "effects": {"applied": 1}, "after_seq": 2}
    content = jcs(fields)
    return {
        "fields": fields,
        "bytes": content.decode(),
        "kid": "k1",
        "public_key_hex": key.public_key().public_bytes_raw().hex(),
        "signature_hex": key.sign(b"inspect-sync receipt v1\n" + content).hex(),
    }


def worked_push() -> dict[str, Any]:
    """A whole request as it goes over the wire, and what to check on the way."""
    phone, _ = pair()
    phone.save(0, op("answer.set", D01, PASS))
    entry = phone.entries[0]
    message = {
        "replica": phone.id,
        "epoch": "0198eeee-0000-4000-8000-000000000001",
        "sent_wall": "2026-03-02T09:05:00.000+08:00",
        "entries": [
            {
                "bytes_b64": base64.b64encode(entry["bytes"].encode()).decode(),
                "sig": base64.b64encode(bytes.fromhex(entry["signature_hex"])).decode(),
            }
        ],
        "keys": {},
    }
    body = json.dumps(message, separators=(",", ":")).encode()
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    covered = '("@method" "@path" "@query" "content-digest")'
    parameters = f'{covered};created=1772413500;keyid="{phone.id}";alg="ecdsa-p256-sha256"'
    base = "\n".join(
        (
            '"@method": POST',
            '"@path": /sync/v1/push',
            '"@query": ?',
            f'"content-digest": {digest}',
            f'"@signature-params": {parameters}',
        )
    )
    signature = base64.b64encode(bytes.fromhex(sign(phone.key, base.encode()))).decode()
    return {
        "entry": entry,
        "method": "POST",
        "path": "/sync/v1/push",
        "query": "",
        "base": base,
        "headers": {
            "Host": "127.0.0.1:8000",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Content-Digest": digest,
            "Signature-Input": f"sig1={parameters}",
            "Signature": f"sig1=:{signature}:",
        },
        "body": body.decode(),
        "public_key_hex": phone.public.hex(),
    }


LAST = 10**13 - 1
"""The last millisecond that 13 digits say."""


def _clock(replica: Replica) -> list[dict[str, Any]]:
    """The reading after another one, at a wall time in milliseconds."""
    mine, other = replica.id[:8], "ffffffff"
    at = 1772413200000
    return [
        {"before": before, "wall_ms": wall_ms, "replica": replica.id, "after": after}
        for before, wall_ms, after in (
            (f"{at}-0000-{mine}", at + 1, f"{at + 1}-0000-{mine}"),
            (f"{at}-0000-{mine}", at, f"{at}-0001-{mine}"),
            (f"{at}-00fe-{other}", at - 60_000, f"{at}-00ff-{mine}"),
            (f"{at}-ffff-{mine}", at, f"{at + 1}-0000-{mine}"),
            (f"{at}-0000-{mine}", 10**14, f"{LAST}-0000-{mine}"),
            (f"{LAST}-0000-{other}", 10**14, f"{LAST}-0001-{mine}"),
            (f"{LAST}-ffff-{mine}", at, f"{LAST}-ffff-{mine}"),
        )
    ]


def _forms_of_a_key(replica: Replica) -> dict[str, Any]:
    """One key and one signature as WebCrypto and as DER libraries have them."""
    raw = bytes.fromhex(sign(replica.key, b"content"))
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    spki = replica.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "public_raw_hex": replica.public.hex(),
        "public_spki_der_hex": spki.hex(),
        "replica": replica.id,
        "content": "content",
        "signature_raw_hex": raw.hex(),
        "signature_der_hex": encode_dss_signature(r, s).hex(),
    }


def _tus() -> dict[str, Any]:
    """The headers of a file's creation, and of its only chunk."""
    content = b"jpeg"
    named = base64.b64encode(sha(content).encode()).decode()
    checksums = {
        name: f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"
        for name in ("sha1", "sha256")
    }
    return {
        "content": content.decode(),
        "sha256": sha(content),
        "Upload-Length": str(len(content)),
        "Upload-Metadata": f"sha256 {named}",
        "Upload-Checksum": checksums,
    }
