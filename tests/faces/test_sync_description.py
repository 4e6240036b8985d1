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
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.cursor import Cursor
from sync.errors import BY_CODE
from tests.conformance_journal import answer, photo
from tests.faces import sync_wire
from tests.faces.sync_wire import Scene, Wire, metadata, open_scene, tus

CONTENT = b"\xff\xd8\xff" + b"jpeg" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CHUNK = {"Content-Type": "application/offset+octet-stream"}
ON_THE_PHONE = {"sync.schema", "sync.bad_receipt"}
"""Failures that no server answers with."""


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
        if method != "HEAD":
            operation.validate_response(reply)
        reply.close()
        if reply.status_code < 300:
            reached.add((method, template))

    assert reached == {
        (one.method.upper(), one.path.removeprefix(protocol.PREFIX))
        for one in ENDPOINTS
        if one.name != "enrolReplica"  # tests/faces/test_sync_phone.py enrols
    }


def test_every_endpoint_of_the_protocol_is_described(sqlite_backend: Backend) -> None:
    app: Flask = create_app(sqlite_backend)
    description: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
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
