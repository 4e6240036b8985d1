"""The vectors that other implementations use hold for this one, and the generator gives them."""

import json
import random
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from sync import entries, httpsig, merge, protocol
from sync.errors import BadEntry
from tests.conftest import SHARED_VECTORS
from tests.vectors.sync import generate

FOLDER = SHARED_VECTORS / "sync"


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


ENTRIES, MERGES, DIGESTS = _load("entries.json"), _load("merges.json"), _load("digests.json")


@pytest.mark.parametrize("name", ["entries.json", "merges.json", "digests.json"])
def test_the_generator_gives_exactly_the_stored_vectors(name: str) -> None:
    assert generate.files()[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("vector", ENTRIES["valid"])
def test_entry_bytes_hash_and_signature_agree(vector: dict[str, Any]) -> None:
    content = vector["bytes"].encode()
    key, signature = (
        bytes.fromhex(vector["public_key_hex"]),
        bytes.fromhex(vector["signature_hex"]),
    )
    entry = entries.parse(content)

    assert entries.entry_hash(content) == vector["hash"]
    assert entries.verify(key, content, signature)
    assert not entries.verify(key, content + b" ", signature)
    assert entries.replica_id(key) == entry.replica == ENTRIES["replica"]
    assert entries.build(entry) == content


@pytest.mark.parametrize("vector", ENTRIES["invalid"], ids=lambda vector: vector["why"])
def test_an_entry_that_breaks_the_schema_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(BadEntry):
        entries.parse(vector["bytes"].encode())


@pytest.mark.parametrize("vector", MERGES, ids=lambda vector: vector["name"])
def test_merges_agree_in_any_order(vector: dict[str, Any]) -> None:
    ops = [
        op
        for row in vector["entries"]
        for op in entries.operations(entries.parse(row["bytes"].encode()), row["hash"])
    ]
    random.Random(7).shuffle(ops)
    record = merge.fold(vector["assignment"], ops + ops[:2])

    assert {
        id: {
            "heads": {head.id: head.plain() for head in item.heads},
            "gone": list(item.gone),
            "conflict": item.conflict,
        }
        for id, item in record.items.items()
    } == vector["items"]
    assert (list(record.live), record.view) == (vector["live"], vector["view"])
    assert {
        state.item: {"stale": state.stale, "unseen": list(state.unseen)}
        for state in record.signatures
    } == vector.get("signatures", {})


def test_digests_agree() -> None:
    view, root, scope = DIGESTS["view"], DIGESTS["blob_root"], DIGESTS["scope_digest"]
    order = DIGESTS["order_view"]
    shown = order["number"], order["enterprise"], reversed(order["findings"])

    assert entries.order_view(*shown) == order["digest"]
    assert entries.view_digest(view["live"]) == view["digest"]
    assert entries.blob_root(root["sha256"]) == root["digest"]
    assert protocol.scope_digest(map(tuple, scope["documents"])) == scope["digest"]


def test_the_receipts_bytes_and_signature_agree() -> None:
    vector = DIGESTS["receipt"]
    receipt = msgspec.convert(vector["fields"], protocol.Receipt)
    content = vector["bytes"].encode()
    reply = protocol.ReceiptReply(content, bytes.fromhex(vector["signature_hex"]), vector["kid"])

    assert protocol.receipt_bytes(receipt) == content
    keys = {vector["kid"]: bytes.fromhex(vector["public_key_hex"])}
    assert protocol.verify_receipt(reply, keys) == receipt


def test_the_signed_request_agrees() -> None:
    vector = DIGESTS["request"]
    target = httpsig.Target(vector["method"], vector["path"], vector["query"])
    key = bytes.fromhex(vector["public_key_hex"])
    checked: list[bytes] = []

    def verify(base: bytes, signature: bytes) -> bool:
        checked.append(base)
        return entries.verify(key, base, signature)

    replica = httpsig.verify_request(target, vector["headers"], True, verify)

    assert replica == entries.replica_id(key)
    assert checked == [vector["base"].encode()]
    httpsig.check_digest(
        vector["headers"]["Content-Digest"], sha256(vector["body"].encode()).digest()
    )


def test_the_enrolment_proof_agrees() -> None:
    vector = DIGESTS["enrol_proof"]
    key = bytes.fromhex(vector["public_key_hex"])
    content = protocol.enrol_proof_bytes(vector["nonce"], vector["login"], key)

    assert content == vector["bytes"].encode()
    assert entries.verify(key, content, bytes.fromhex(vector["signature_hex"]))
