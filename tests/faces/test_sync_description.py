"""What the OpenAPI description says of the sync protocol is what a phone really gets."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from werkzeug.test import TestResponse

from inspect_server.api.sync_description import ENDPOINTS
from inspect_server.app import create_app
from inspect_server.gateways.uploads import ChecksumMismatch
from inspect_server.usecases.phones.preview_document import AT_ONCE as SET_AT_ONCE
from inspect_server.usecases.phones.preview_document import MOST_PICTURES
from inspect_server.usecases.phones.receive_blob import MAX_EMPTY
from inspect_server.usecases.phones.upload_tokens import UploadTokenInvalid
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.cursor import Cursor
from sync.engine.drafts import MAX_HELD, MAX_HELD_BYTES
from sync.engine.folding import MAX_LOOKED_AT
from sync.engine.pushing import MAX_BROUGHT
from sync.entries import MAX_ENTRY_BYTES, MAX_OPERATIONS
from sync.errors import BY_CODE, SyncError
from sync.ports import UNVERIFIED_BYTES, UNVERIFIED_ROWS
from tests.conformance_journal import answer, photo
from tests.faces import sync_wire
from tests.faces.sync_wire import Scene, Wire, metadata, open_scene, tus

CONTENT = b"\xff\xd8\xff" + b"jpeg" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CHUNK = {"Content-Type": "application/offset+octet-stream"}
ON_THE_PHONE = {"sync.schema", "sync.bad_receipt"}
"""Failures that no server answers with."""
ELSEWHERE = {"Content-Type", "Content-Length", "Cache-Control", "Vary", "ETag", "Date"} | {
    *("Content-Disposition", "Last-Modified", "Accept-Ranges", "Allow"),
    *("Permissions-Policy", "Content-Security-Policy"),
}
"""Headers of any answer, of which the protocol makes nothing."""
HAN = re.compile("[\u4e00-\u9fff]")
KIB, MIB = 1024, 1024 * 1024
BASE64_OF_256_KIB = 349_528
OTHERS = {
    (403, "account.second_factor_wanted"),
    *((404, "http.404"), (405, "http.405"), (416, "http.416"), (500, "http.500")),
    *((409, "replica.other_user"), (409, "common.stale")),
    *((500, "blob.damaged"), (500, "keys.unusable"), (404, "blob.missing")),
    *((409, f"preview.{why}") for why in ("not_begun", "nothing_ordered", "not_possible")),
}
"""Refusals that are not the protocol's own."""
SAID = {
    "getNonce": ["10 分钟", "429"],
    "pushEntries": [
        *(f"{protocol.MAX_PUSH_ENTRIES} 条", f"{MAX_LOOKED_AT:,} 次", f"{MAX_OPERATIONS} 项"),
        *("至多 256 KiB", f"{MAX_HELD:,} 条、16 MiB", f"{UNVERIFIED_ROWS:,} 份、16 MiB"),
        f"{MAX_BROUGHT} 部",
    ],
    "listMissingFiles": [f"{protocol.MAX_HAVE_HASHES:,} 个", "12 小时"],
    "previewDocument": [f"{MOST_PICTURES} 张", f"同时排版 {SET_AT_ONCE} 份"],
    "createUpload": ["256 MiB", "1 MiB", f"{MAX_EMPTY} 个"],
}
SIGNED = {"Signature-Input": True, "Signature": True}
BODY = {"Content-Digest": True, "Content-Encoding": False}
MESSAGE = {"Accept-Encoding": False}
TUS = {"Tus-Resumable": True}
ASKED: dict[str, dict[str, bool]] = {
    "getNonce": MESSAGE,
    "enrolReplica": SIGNED | BODY | MESSAGE,
    "getSyncState": SIGNED | MESSAGE,
    "pushEntries": SIGNED | BODY | MESSAGE,
    "pullDocuments": SIGNED | BODY | MESSAGE,
    "issueReceipt": SIGNED | BODY | MESSAGE,
    "listMissingFiles": SIGNED | BODY | MESSAGE,
    "previewDocument": SIGNED | BODY | MESSAGE,
    "downloadFile": SIGNED | {"Range": False},
    "describeUploads": {},
    "createUpload": TUS
    | {"Upload-Length": True, "Upload-Metadata": True, "Upload-Checksum": False},
    "getUploadProgress": TUS,
    "appendChunk": TUS | {"Upload-Offset": True, "Upload-Checksum": False},
    "discardUpload": TUS,
    "overrideUploadMethod": TUS
    | {"X-HTTP-Method-Override": True, "Upload-Offset": False, "Upload-Checksum": False},
}
"""Which headers an operation takes, and whether it must have them."""


@pytest.fixture
def scene(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(sync_wire, "app_of", create_app)
    return open_scene(sqlite_backend)


def walk(scene: Scene) -> Iterator[tuple[str, str, TestResponse]]:
    """Send what a phone sends on a visit, mishaps included: template, method, answer."""
    lead, nobody = scene.lead, scene.client
    yield "/nonce", "GET", nobody.get(protocol.NONCE)
    yield "/uploads", "OPTIONS", nobody.open(protocol.UPLOADS, method="OPTIONS")
    yield "/state", "GET", lead.send("GET", protocol.STATE)
    yield "/state", "GET", nobody.get(protocol.STATE)
    entry = lead.hand.save(scene.assignment, answer(), photo(CONTENT))
    push = protocol.PushRequest(lead.hand.id, scene.epoch, sync_wire.NOW.isoformat(), [entry])
    yield "/push", "POST", lead.post(protocol.PUSH, push)
    yield "/push", "POST", lead.send("POST", protocol.PUSH, b"{")
    yield "/pull", "POST", lead.post(protocol.PULL, protocol.PullRequest(""))
    gone = protocol.PullRequest(Cursor("another", 1).text())
    yield "/pull", "POST", lead.post(protocol.PULL, gone)
    yield "/receipts", "POST", lead.receipt(1, "0" * 64, [])
    have = lead.post(protocol.BLOBS_HAVE, protocol.HaveRequest([SHA256]))
    yield "/blobs/have", "POST", have
    yield "/blobs/{sha256}", "GET", lead.send("GET", f"{protocol.BLOBS}/{SHA256}")  # not here yet
    yield from _upload(lead, have.get_json()["missing"][0]["token"])
    yield "/blobs/{sha256}", "GET", lead.send("GET", f"{protocol.BLOBS}/{SHA256}")
    for part in ("bytes=1-2", "bytes=9999-"):
        at = {"Range": part}
        yield "/blobs/{sha256}", "GET", lead.send("GET", f"{protocol.BLOBS}/{SHA256}", None, at)
    yield "/blobs/{sha256}", "GET", lead.send("GET", f"{protocol.BLOBS}/{'0' * 64}")
    state = lead.send("GET", protocol.STATE).get_json()
    yield "/receipts", "POST", lead.receipt(1, state["head_hash"], [SHA256])


def _upload(lead: Wire, token: str) -> Iterator[tuple[str, str, TestResponse]]:
    size = {"Upload-Length": str(len(CONTENT)), "Upload-Metadata": metadata(SHA256)}
    yield "/uploads", "POST", lead.client.post(protocol.UPLOADS, headers=size)
    spare = lead.client.post(protocol.UPLOADS, headers=tus(token, **size))
    yield "/uploads", "POST", spare
    whole = lead.client.post(protocol.UPLOADS, data=b"?", headers=tus(token, **size, **CHUNK))
    yield "/uploads", "POST", whole
    wrong = {"Upload-Checksum": "sha1 MDAwMA=="}
    damaged = tus(token, **size, **CHUNK, **wrong)
    yield "/uploads", "POST", lead.client.post(protocol.UPLOADS, data=b"?", headers=damaged)
    own, first = "/uploads/{upload_id}", spare.headers["Location"]
    yield own, "DELETE", lead.send("DELETE", first, None, tus(token))
    yield own, "HEAD", lead.send("HEAD", first, None, tus(token))
    at = lead.client.post(protocol.UPLOADS, headers=tus(token, **size)).headers["Location"]
    yield own, "HEAD", lead.send("HEAD", at, None, tus(token))
    yield own, "PATCH", lead.send("PATCH", at, CONTENT, tus(token, Upload_Offset="7", **CHUNK))
    instead = {**CHUNK, "X-HTTP-Method-Override": "PATCH"}
    half = tus(token, Upload_Offset="0", **instead)
    yield own, "POST", lead.send("POST", at, CONTENT[:9], half)
    yield own, "POST", lead.send("POST", at, None, tus(token))
    yield own, "PATCH", lead.send("PATCH", at, CONTENT[9:], tus(token, Upload_Offset="9", **CHUNK))


def test_every_answer_to_a_phone_is_the_described_one(scene: Scene) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", scene.client.application)
    reached = set()
    for template, method, reply in walk(scene):
        operation = schema[f"{protocol.PREFIX}{template}"][method]
        described = operation.definition.raw["responses"]
        assert str(reply.status_code) in described, (template, method, reply.text)
        said = described[str(reply.status_code)].get("headers", {})
        sure = {name for name, header in said.items() if header.get("required")}
        carried = {name for name, _ in reply.headers if _of_protocol(name)}
        assert sure <= carried <= set(said), (template, method, reply.status_code)
        if method != "HEAD":
            operation.validate_response(reply)
        reply.close()
        if reply.status_code < 300:
            reached.add((method, template))

    assert reached == {
        (one.method.upper(), one.path.removeprefix(protocol.PREFIX))
        for one in ENDPOINTS
        # tests/faces/test_sync_phone.py enrols, test_sync_previews.py has a visit to show
        if one.name not in ("enrolReplica", "previewDocument")
    }


def _of_protocol(header: str) -> bool:
    return header not in ELSEWHERE and not header.startswith(("X-", "Cross-", "Referrer-"))


@pytest.fixture
def app(sqlite_backend: Backend) -> Flask:
    return create_app(sqlite_backend)


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    served: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return served


def _operations(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path, item in description["paths"].items()
        if path.startswith(protocol.PREFIX)
        for method, operation in item.items()
        if method != "parameters"
    }


def test_every_limit_of_the_protocol_is_described(description: dict[str, Any]) -> None:
    schemas, operations = description["components"]["schemas"], _operations(description)

    def limit(name: str, field: str, keyword: str) -> int:
        found: int = schemas[f"Sync{name}"]["properties"][field][keyword]
        return found

    assert limit("PushRequest", "entries", "maxItems") == protocol.MAX_PUSH_ENTRIES
    assert limit("PushRequest", "receipts", "maxItems") == protocol.MAX_PUSH_RECEIPTS
    assert limit("PushedEntry", "bytes_b64", "maxLength") == BASE64_OF_256_KIB
    assert limit("PullRequest", "limit", "maximum") == protocol.MAX_PULL_DOCUMENTS
    assert limit("HaveRequest", "sha256", "maxItems") == protocol.MAX_HAVE_HASHES
    for name, words in SAID.items():
        assert [one for one in words if one not in operations[name]["description"]] == [], name
    for operation in operations.values():
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            limits = operation["requestBody"]["description"]
            wanted = ("1 MiB", "解压后 8 MiB") if kind == protocol.JSON else ("1 MiB",)
            assert all(one in limits for one in wanted), body
    sizes = (MAX_ENTRY_BYTES, MAX_HELD_BYTES, UNVERIFIED_BYTES, protocol.MAX_BLOB_BYTES)
    assert sizes == (256 * KIB, 16 * MIB, 16 * MIB, 256 * MIB)
    bodies = (protocol.MAX_PUSH_BYTES, protocol.MAX_PUSH_INFLATED, protocol.CHUNK_BYTES)
    assert bodies == (MIB, 8 * MIB, MIB)


def test_every_header_that_a_request_brings_is_described(description: dict[str, Any]) -> None:
    found = {
        name: {
            one["name"]: one["required"]
            for one in operation.get("parameters", [])
            if one["in"] == "header"
        }
        for name, operation in _operations(description).items()
    }

    assert found == ASKED


def test_every_message_and_each_of_its_fields_says_in_chinese_what_it_is(
    description: dict[str, Any],
) -> None:
    schemas = description["components"]["schemas"]
    messages = {n: s for n, s in schemas.items() if n.startswith("Sync") and "properties" in s}
    silent = [
        f"{name}.{field}"
        for name, schema in messages.items()
        for field, said in [("", schema), *schema["properties"].items()]
        if not HAN.search(said.get("description", ""))
    ]

    assert len(messages) == 23
    assert silent == []


def test_a_refusal_names_the_codes_of_its_status(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    told: dict[int, set[str]] = {}
    for operation in _operations(description).values():
        for status, refusal in operation["responses"].items():
            for body in refusal.get("content", {}).values():
                if int(status) >= 400:
                    name = body["schema"]["$ref"].rpartition("/")[2]
                    own = schemas[name]["allOf"][1]["properties"]["code"]["enum"]
                    told[int(status)] = set(own)
    errors: list[type[SyncError]] = [*BY_CODE.values(), UploadTokenInvalid, ChecksumMismatch]
    protocols = {(error.status, error.code) for error in errors if error.code not in ON_THE_PHONE}

    named = {(status, code) for status, codes in told.items() for code in codes}
    assert {one for one in named if one[1].startswith("sync.")} == protocols
    assert named - protocols == OTHERS
    assert 429 not in told


def test_what_is_busy_says_when_to_ask_again(description: dict[str, Any]) -> None:
    busy = [
        refusal
        for operation in _operations(description).values()
        for status, refusal in operation["responses"].items()
        if status in ("423", "503")
    ]

    assert len(busy) > len(ENDPOINTS)
    assert all(refusal["headers"]["Retry-After"]["required"] for refusal in busy)


def test_every_endpoint_of_the_protocol_is_described(
    app: Flask, description: dict[str, Any]
) -> None:
    served = {
        (re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(protocol.PREFIX)
        for method in (rule.methods or set())
        if (method != "HEAD" or rule.endpoint == "sync.progress")
        and (method != "OPTIONS" or rule.endpoint == "sync.offered")
    }
    described = {
        (path, method)
        for path, item in description["paths"].items()
        if path.startswith(protocol.PREFIX)
        for method in item
        if method != "parameters"
    }

    assert described == served


def test_every_failure_of_the_protocol_is_described_somewhere() -> None:
    described = {status for one in ENDPOINTS for status in one.failures}
    answered = {error.status for code, error in BY_CODE.items() if code not in ON_THE_PHONE}

    assert answered <= described
