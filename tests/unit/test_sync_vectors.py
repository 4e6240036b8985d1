"""The vectors that other implementations use hold for this one, and the generator gives them."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast, get_args

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sync import engine, entries, httpsig, merge, protocol, replay, values
from sync.errors import BadEntry
from sync.ids import Hlc, document_id
from sync.memory import MemoryBlobs, MemoryStore
from sync.merging.order_views import order_view
from sync.phone.local import LocalDocument, LocalEntry, LocalStore
from sync.phone.network.wire import checksum, metadata
from sync.phone.view import View
from tests.conftest import SHARED_VECTORS
from tests.vectors.sync import generate

FOLDER = SHARED_VECTORS / "sync"


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


NAMES = ("entries.json", "merges.json", "views.json", "deliveries.json", "digests.json")
ENTRIES, MERGES, VIEWS, DELIVERIES, DIGESTS = map(_load, NAMES)


def _content(vector: dict[str, Any]) -> bytes:
    """The exact bytes: as they stand, or parts that stand so many times."""
    if "bytes" in vector:
        return str(vector["bytes"]).encode()
    return "".join(text * times for text, times in vector["parts"]).encode()


def _items(items: Mapping[str, merge.Item]) -> dict[str, Any]:
    return {
        id: {
            "heads": {head.id: head.plain() for head in item.heads},
            "gone": list(item.gone),
            "conflict": item.conflict,
        }
        for id, item in items.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_gives_exactly_the_stored_vectors(name: str) -> None:
    assert generate.files()[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("vector", ENTRIES["valid"], ids=lambda vector: vector["name"])
def test_entry_bytes_hash_and_signature_agree(vector: dict[str, Any]) -> None:
    content = _content(vector)
    key, signature = (
        bytes.fromhex(vector["public_key_hex"]),
        bytes.fromhex(vector["signature_hex"]),
    )
    entry = entries.parse(content)

    assert entries.entry_hash(content) == vector["hash"]
    assert entries.verify(key, content, signature)
    assert not entries.verify(key, content + b" ", signature)
    assert entries.replica_id(key) == entry.replica
    assert entries.build(entry) == content.rstrip()


@pytest.mark.parametrize("vector", ENTRIES["valid"], ids=lambda vector: vector["name"])
def test_an_entry_read_once_gives_what_reading_it_twice_gives(vector: dict[str, Any]) -> None:
    content = _content(vector)
    entry = entries.parse(content)

    assert entries.read(content, vector["hash"]) == (
        entry,
        entries.operations(entry, vector["hash"]),
    )


def test_every_operation_type_has_an_entry_that_is_valid() -> None:
    found = {op.type for vector in ENTRIES["valid"] for op in entries.parse(_content(vector)).ops}

    assert found == set(values.TYPES)


@pytest.mark.parametrize("vector", ENTRIES["invalid"], ids=lambda vector: vector["why"])
def test_an_entry_that_breaks_the_schema_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(BadEntry):
        entries.parse(_content(vector))


@pytest.mark.parametrize("vector", MERGES, ids=lambda vector: vector["name"])
def test_merges_agree_in_any_order(vector: dict[str, Any]) -> None:
    ops = [
        op
        for row in vector["entries"]
        for op in entries.operations(entries.parse(_content(row)), row["hash"])
    ]
    random.Random(7).shuffle(ops)
    record = merge.fold(vector["assignment"], ops + ops[:2])

    assert _items(record.items) == vector["items"]
    assert (list(record.live), record.view) == (vector["live"], vector["view"])
    assert {
        state.item: {"stale": state.stale, "unseen": list(state.unseen)}
        for state in record.signatures
    } == vector.get("signatures", {})


@dataclass
class _Pulled:
    """A phone's file that holds what was pulled and nothing else."""

    documents: dict[str, LocalDocument]

    def version(self) -> int:
        return 0  # nobody else writes it

    def entries(self) -> list[LocalEntry]:
        return []

    def document(self, id: str) -> LocalDocument | None:
        return self.documents.get(id)


@pytest.mark.parametrize("vector", VIEWS, ids=lambda vector: vector["name"])
def test_a_phone_shows_what_it_pulled_and_what_it_has_not_delivered(vector: dict[str, Any]) -> None:
    task = vector["assignment"]
    pulled = {
        document_id(task, body["item"]): LocalDocument(
            "", "", "item", 1, 1, json.dumps(body).encode()
        )
        for body in vector["pulled"]
    }
    view = View(cast(LocalStore, _Pulled(pulled)))
    for row in vector["local"]:
        view.add(_content(row), row["hash"])
    shown = {id: item for id in vector["items"] if (item := view.item(task, id))}

    assert _items(shown) == vector["items"]


@pytest.mark.parametrize("vector", DELIVERIES, ids=lambda vector: vector["name"])
def test_deliveries_are_judged_as_written_down(vector: dict[str, Any]) -> None:
    store = MemoryStore()
    keys = {row["id"]: bytes.fromhex(row["public_key_hex"]) for row in vector["replicas"]}
    for row in vector["replicas"]:
        assert store.enrol(keys[row["id"]], row["user"], server=row["server"]) == row["id"]
    for step in vector["steps"]:
        for id, user in step.get("enrolled", {}).items():
            store.enrol(keys[id], user)
        assert _delivered(store, step) == step["results"]

    for row in vector["final"]:
        kept = store.tables.journal[row["hash"]]
        assert (kept.effect, kept.reason, list(kept.flags)) == _verdict(row)
    for id, prefix in vector["prefixes"].items():
        info = store.tables.replicas[id]
        assert {"upto_seq": info.upto_seq, "head_hash": info.head_hash} == prefix
    with store.begin() as journal:
        again = replay.replay(journal.all_entries(), journal.replica)
        assert again.verdicts == {row.hash: replay.verdict(row) for row in journal.all_entries()}


def _delivered(store: MemoryStore, step: dict[str, Any]) -> list[dict[str, Any]]:
    pushed = [
        protocol.PushedEntry(_content(row), bytes.fromhex(row["signature_hex"]))
        for row in step["entries"]
    ]
    request = protocol.PushRequest(step["carrier"], store.tables.epoch, "", pushed)
    known = store.tables.replicas
    prepared = engine.prepare(request, lambda id: known[id].public_key)
    received = datetime.fromisoformat(step["received"])
    with store.begin() as journal:
        reply = engine.push(journal, MemoryBlobs(store), prepared, received)
    fields = ("hash", "stored", "effect", "reason", "flags")
    return [{name: getattr(result, name) for name in fields} for result in reply.results]


def _verdict(row: dict[str, Any]) -> tuple[str, str, list[str]]:
    return row["effect"], row["reason"], row["flags"]


def test_every_effect_reason_and_flag_is_delivered_somewhere() -> None:
    rows = [row for vector in DELIVERIES for step in vector["steps"] for row in step["results"]]
    rows += [row for vector in DELIVERIES for row in vector["final"]]

    assert {row["effect"] for row in rows} == set(get_args(protocol.Effect))
    assert {row["reason"] for row in rows} == set(get_args(protocol.Reason))
    flags = {flag for row in rows for flag in row["flags"]}
    assert flags == {"accepted", "declined", "fork", "future_clock", "gap"}


def test_digests_agree() -> None:
    view, root, scope = DIGESTS["view"], DIGESTS["blob_root"], DIGESTS["scope_digest"]
    order = DIGESTS["order_view"]
    shown = order["number"], order["enterprise"], reversed(order["findings"])

    assert order_view(*shown) == order["digest"]
    assert entries.view_digest(view["live"]) == view["digest"]
    assert entries.blob_root(root["sha256"]) == root["digest"]
    assert protocol.scope_digest(map(tuple, scope["documents"])) == scope["digest"]


@pytest.mark.parametrize("name", ["receipt", "receipt_after"])
def test_the_receipts_bytes_and_signature_agree(name: str) -> None:
    vector = DIGESTS[name]
    receipt = msgspec.convert(vector["fields"], protocol.Receipt)
    content = vector["bytes"].encode()
    reply = protocol.ReceiptReply(content, bytes.fromhex(vector["signature_hex"]), vector["kid"])

    assert protocol.receipt_bytes(receipt) == content
    keys = {vector["kid"]: bytes.fromhex(vector["public_key_hex"])}
    assert protocol.verify_receipt(reply, keys) == receipt


@pytest.mark.parametrize("name", ["request", "push"])
def test_the_signed_request_agrees(name: str) -> None:
    vector = DIGESTS[name]
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


def test_the_worked_push_holds_the_entry() -> None:
    vector = DIGESTS["push"]
    request = protocol.decode(protocol.PushRequest, vector["body"].encode())
    (pushed,) = request.entries

    assert pushed.bytes_b64 == _content(vector["entry"])
    assert entries.verify(bytes.fromhex(vector["public_key_hex"]), pushed.bytes_b64, pushed.sig)


@pytest.mark.parametrize("vector", DIGESTS["hlc"], ids=lambda vector: vector["after"])
def test_the_clock_goes_on_as_written_down(vector: dict[str, Any]) -> None:
    before = Hlc.parse(vector["before"])

    assert str(before.next(vector["wall_ms"], vector["replica"])) == vector["after"]


def test_a_key_and_a_signature_agree_in_both_forms() -> None:
    vector = DIGESTS["key"]
    raw = bytes.fromhex(vector["public_raw_hex"])
    key = load_der_public_key(bytes.fromhex(vector["public_spki_der_hex"]))
    der = bytes.fromhex(vector["signature_der_hex"])

    assert key == entries.load_public_key(raw)
    assert entries.replica_id(raw) == vector["replica"]
    assert isinstance(key, EllipticCurvePublicKey)
    key.verify(der, vector["content"].encode(), ECDSA(SHA256()))
    signature = bytes.fromhex(vector["signature_raw_hex"])
    assert entries.verify(raw, vector["content"].encode(), signature)


def test_the_headers_of_an_upload_agree() -> None:
    vector = DIGESTS["tus"]
    content = vector["content"].encode()

    assert metadata(sha256(content).hexdigest()) == vector["Upload-Metadata"]
    assert checksum(content) == vector["Upload-Checksum"]["sha256"]
    assert vector["Upload-Checksum"].keys() == set(protocol.TUS_CHECKSUMS.split(","))
