"""The vectors of the sync protocol hold for the phone's TypeScript as they do for the server."""

import base64
import json
import random
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from sync import entries, httpsig
from sync.errors import BadEntry
from sync.merging.order_views import order_view
from tests.conftest import SHARED_VECTORS
from tests.faces.phone_core.protocol.node import Json, Node, b64, told

FOLDER = SHARED_VECTORS / "sync"
CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r" - at `(\$[^`]*)`$")


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


NAMES = ("entries.json", "merges.json", "views.json", "digests.json")
ENTRIES, MERGES, VIEWS, DIGESTS = map(_load, NAMES)


def _content(vector: Json) -> bytes:
    if "bytes" in vector:
        return str(vector["bytes"]).encode()
    return "".join(text * times for text, times in vector["parts"]).encode()


def _raw(hexed: str) -> str:
    return b64(bytes.fromhex(hexed))


def test_entries_are_read_as_the_server_reads_them(in_node: Node) -> None:
    vectors = ENTRIES["valid"]
    got = in_node([["parse", b64(_content(vector))] for vector in vectors])

    for vector, made in zip(vectors, got, strict=True):
        content = _content(vector)
        entry = entries.parse(content)
        expected = [told(op) for op in entries.operations(entry, vector["hash"])]

        assert made["hash"] == vector["hash"]
        assert [_as_here(op) for op in made["operations"]] == expected, vector["name"]
        if vector["name"] != "a key twice":  # whose first value nobody keeps
            assert base64.b64decode(made["rebuilt"]) == content.rstrip(), vector["name"]


def _as_here(op: Json) -> Json:
    """The value as the RFC 8785 text; that the plain one is the same is compared, too."""
    assert op["value"] == json.loads(op["canonical"])
    return {name: part for name, part in op.items() if name != "canonical"} | {
        "value": op["canonical"]
    }


def test_entries_are_refused_where_and_why_the_server_refuses_them(in_node: Node) -> None:
    vectors = ENTRIES["invalid"]
    got = in_node([["parse", b64(_content(vector))] for vector in vectors])

    assert len(vectors) > 100
    for vector, made in zip(vectors, got, strict=True):
        with pytest.raises(BadEntry) as refused:
            entries.parse(_content(vector))
        facts = refused.value.facts

        assert (made["code"], made["field"]) == ("sync.schema", facts["field"]), vector["why"]
        if CHINESE.search(facts["reason"]):  # a rule of the protocol, said in the same words
            assert made["reason"] == facts["reason"], vector["why"]
            assert made["message"] == str(refused.value)
        elif place := PLACE.search(facts["reason"]):
            assert made["path"] == place[1], vector["why"]


def test_signatures_hold_and_no_others_do(in_node: Node) -> None:
    orders = []
    for vector in ENTRIES["valid"]:
        content, key = _content(vector), _raw(vector["public_key_hex"])
        signature = _raw(vector["signature_hex"])
        orders += [
            ["verify", key, b64(content), signature],
            ["verify", key, b64(content + b" "), signature],
        ]
    key = DIGESTS["key"]
    public, content = _raw(key["public_raw_hex"]), b64(key["content"].encode())
    of_der = ["verify", public, content, _raw(key["signature_der_hex"])]
    no_key = ["verify", _raw("04" + "00" * 64), content, _raw(key["signature_raw_hex"])]
    known = ["verify", public, content, _raw(key["signature_raw_hex"])]

    got = in_node([*orders, of_der, no_key, known])
    assert got == [True, False] * len(ENTRIES["valid"]) + [False, False, True]


def test_merges_agree_in_any_order(in_node: Node) -> None:
    orders = []
    for vector in MERGES:
        contents = [b64(_content(row)) for row in vector["entries"]]
        random.Random(7).shuffle(contents)
        orders.append(["foldEntries", vector["assignment"], contents + contents[:2]])

    for vector, made in zip(MERGES, in_node(orders), strict=True):
        assert _items(made["items"]) == vector["items"], vector["name"]
        assert (made["live"], made["view"]) == (vector["live"], vector["view"])
        states = {
            item: {"stale": state["stale"], "unseen": state["unseen"]}
            for item, state in made["signatures"].items()
        }
        assert states == vector.get("signatures", {}), vector["name"]


def _items(items: Json) -> Json:
    return {
        id: {
            "heads": {head["id"]: head["value"] for head in item["heads"]},
            "gone": item["gone"],
            "conflict": item["conflict"],
        }
        for id, item in items.items()
    }


def test_a_phone_shows_what_it_pulled_and_what_it_has_not_delivered(in_node: Node) -> None:
    orders, wanted = [], []
    for vector in VIEWS:
        local = [
            op
            for row in vector["local"]
            for op in entries.operations(entries.parse(_content(row)), row["hash"])
        ]
        bodies = {body["item"]: body for body in vector["pulled"]}
        for id, item in vector["items"].items():
            of_item = [told(op) for op in local if op.item == id]
            orders.append(["foldPulled", bodies.get(id), of_item, vector["assignment"]])
            wanted.append({id: item})

    got = in_node(orders)
    assert len(got) > 5
    assert [_items({item["id"]: item}) for item in got] == wanted


def test_digests_agree(in_node: Node) -> None:
    view, root, scope = DIGESTS["view"], DIGESTS["blob_root"], DIGESTS["scope_digest"]
    order = DIGESTS["order_view"]
    beyond = [["a\uff08", 1], ["a\U00020bb7", 2], ["b", 3]]  # as UTF-8 in this order
    lines = "".join(f"{id}\t{version}\n" for id, version in beyond).encode()
    made = in_node(
        [
            ["digest", "viewDigest", view["live"]],
            ["digest", "orderView", order["number"], order["enterprise"], order["findings"][::-1]],
            ["digest", "blobRoot", root["sha256"]],
            ["digest", "scopeDigest", scope["documents"]],
            ["digest", "scopeDigest", beyond[::-1]],
        ]
    )

    digests = [one["digest"] for one in (view, order, root, scope)]
    assert made == [*digests, sha256(lines).hexdigest()]


def test_an_order_is_the_same_to_both_whatever_its_characters(in_node: Node) -> None:
    finding = DIGESTS["order_view"]["findings"][0]
    texts = ["（一）", "\U00020bb7", "乙", "\u2028", '"', "\x7f"]
    findings = [finding | {"text": text, "place": text[::-1]} for text in texts]
    enterprise = {"name": "𠮷田（云湾）", "uscc": "91320799MA1WXY7K2F"}

    made = in_node([["digest", "orderView", "7", enterprise, findings]])
    assert made == [order_view("7", enterprise, findings[::-1])]


@pytest.mark.parametrize("name", ["receipt", "receipt_after"])
def test_a_receipt_holds_under_its_key_alone(name: str, in_node: Node) -> None:
    vector = DIGESTS[name]
    content = vector["bytes"].encode()
    reply = {
        "receipt_b64": b64(content),
        "sig_b64": _raw(vector["signature_hex"]),
        "kid": vector["kid"],
    }
    key, other = _raw(vector["public_key_hex"]), b64(bytes(range(32)))
    made = in_node(
        [
            ["receipt", reply, "k1", key],
            ["receipt", reply, "k2", key],
            ["receipt", reply, "k1", other],
            ["receipt", reply | {"receipt_b64": b64(content + b" ")}, "k1", key],
            ["receipt", reply | {"sig_b64": reply["sig_b64"][:-4]}, "k1", key],
            ["receipt", reply | {"sig_b64": "!"}, "k1", key],
        ]
    )

    assert made[0] == {"after_seq": 0} | vector["fields"]
    assert [one["code"] for one in made[1:]] == ["sync.bad_receipt"] * 5
    reasons = ["签名密钥未知", "签名不符", "签名不符", "签名不符", "不是规定的编码"]
    assert [one["reason"] for one in made[1:]] == reasons


@pytest.mark.parametrize("name", ["request", "push"])
def test_the_base_of_a_signed_request_agrees(name: str, in_node: Node) -> None:
    vector = DIGESTS[name]
    target = {part: vector[part] for part in ("method", "path", "query")}
    parameters = vector["headers"]["Signature-Input"].removeprefix("sig1=")
    made = in_node([["base", target, b64(vector["body"].encode()), parameters]])

    assert base64.b64decode(made[0]) == vector["base"].encode()


@pytest.mark.parametrize("body", [b'{"a":1}', None])
def test_the_server_takes_what_the_phone_signs(body: bytes | None, in_node: Node) -> None:
    method = "get" if body is None else "POST"
    target = httpsig.Target(method, "/sync/v1/state", "replica=1&cursor=")
    named = {"method": target.method, "path": target.path, "query": target.query}
    sent = None if body is None else b64(body)
    (made,) = in_node([["sign", b64(b"content"), named, sent, 1772413200]])
    key = base64.b64decode(made["key"])

    assert (made["replica"], made["extractable"]) == (entries.replica_id(key), False)
    assert (made["isOwn"], made["isAnothers"]) == (True, False)
    assert entries.verify(key, b"content", base64.b64decode(made["signature"]))
    replica = httpsig.verify_request(
        target, made["headers"], body is not None, lambda *signed: entries.verify(key, *signed)
    )
    assert replica == made["replica"]
    assert ";created=1772413200;" in made["headers"]["Signature-Input"]
    if body is not None:
        httpsig.check_digest(made["headers"]["Content-Digest"], sha256(body).digest())


def test_the_enrolment_proof_agrees(in_node: Node) -> None:
    vector = DIGESTS["enrol_proof"]
    key = _raw(vector["public_key_hex"])

    made = in_node([["proof", vector["nonce"], vector["login"], key]])
    assert base64.b64decode(made[0]) == vector["bytes"].encode()


def test_the_clock_goes_on_as_written_down(in_node: Node) -> None:
    steps = [[one["before"], one["wall_ms"], one["replica"]] for one in DIGESTS["hlc"]]

    assert in_node([["clock", *step] for step in steps]) == [one["after"] for one in DIGESTS["hlc"]]


def test_new_names_are_of_this_moment_and_differ(in_node: Node) -> None:
    at = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
    (made,) = in_node([["named", at, 500]])

    assert len(set(made)) == 500
    assert {id.replace("-", "")[:12] for id in made} == {f"{at:012x}"}
    operations = [{"type": "note.add", "item": f"note/{id}", "parents": []} for id in made]
    checks = [["check", one | {"value": {"text": "x"}}, 0, "", "t"] for one in operations[:50]]
    assert set(in_node(checks)) == {""}


def test_one_operation_is_judged_as_in_an_entry(in_node: Node) -> None:
    note = {"type": "note.add", "item": "note/0198dddd-0000-7000-8000-000000000002"}
    good = note | {"parents": ["#0"], "value": {"text": "x"}}
    made = in_node(
        [
            ["check", good, 1, "", "t"],
            ["check", good, 0, "", "t"],
            ["check", good | {"value": {"text": "x", "more": 1}}, 1, "", "t"],
            ["check", good | {"value": {"text": "\ud83d"}}, 1, "", "t"],
            ["check", good | {"parents": None}, 1, "", "t"],
            ["check", good, 1, "", ""],
        ]
    )

    expected = ["", "ops[0].parents", "ops[1].value", "ops[1]", "ops[1]", "assignment"]
    assert made == expected
