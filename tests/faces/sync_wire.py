"""A phone's side of the wire in a few lines, over Flask's test client."""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import Struct
from werkzeug.test import TestResponse

from inspect_server.api.sync import create_sync_blueprint
from inspect_server.store.journal import replicas
from inspect_server.usecases.work import Backend
from sync import entries, httpsig, protocol
from sync.protocol import PushedEntry, PushReply, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import FORM, NOW, Hand
from tests.store.sync_world import SqlWorld


def app_of(backend: Backend) -> Flask:
    """A bare application that speaks nothing but sync."""
    app = Flask("sync-test")
    app.testing = True
    app.register_blueprint(create_sync_blueprint(backend))
    return app


@dataclass
class Wire:
    """One enrolled replica and its connection."""

    client: FlaskClient
    hand: Hand
    token: str

    def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        announced: int | None = None,
    ) -> TestResponse:
        raw_path, _, query = path.partition("?")
        signed = httpsig.signed_headers(
            httpsig.Target(method, raw_path, query),
            content,
            self.hand.id,
            0,
            lambda base: entries.sign(self.hand.key, base),
        )
        given = {"Authorization": f"Bearer {self.token}", **signed, **(headers or {})}
        lying = {} if announced is None else {"CONTENT_LENGTH": str(announced)}
        return self.client.open(
            path, method=method, data=content, headers=given, environ_overrides=lying
        )

    def post(self, path: str, message: Struct) -> TestResponse:
        content = gzip.compress(protocol.encode(message))
        return self.send("POST", path, content, {"Content-Encoding": "gzip"})

    def push(self, epoch: str, *pushed: PushedEntry) -> PushReply:
        reply = self.post(
            protocol.PUSH, PushRequest(self.hand.id, epoch, NOW.isoformat(), list(pushed))
        )
        assert reply.status_code == 200, reply.get_data()
        return protocol.decode(PushReply, reply.get_data())

    def pull(self, cursor: str = "") -> protocol.PullReply:
        reply = self.post(protocol.PULL, protocol.PullRequest(cursor))
        assert reply.status_code == 200, reply.get_data()
        return protocol.decode(protocol.PullReply, reply.get_data())

    def have(self, *sha256: str) -> dict[str, str]:
        reply = self.post(protocol.BLOBS_HAVE, protocol.HaveRequest(list(sha256)))
        found = protocol.decode(protocol.HaveReply, reply.get_data())
        return {wanted.sha256: wanted.token for wanted in found.missing}

    def receipt(self, upto: int, head: str, blobs: list[str]) -> TestResponse:
        request = protocol.ReceiptRequest(self.hand.id, upto, head, entries.blob_root(blobs))
        return self.post(protocol.RECEIPTS, request)


@dataclass
class Scene:
    """A lead and a member on one inspection, each with a phone."""

    backend: Backend
    client: FlaskClient
    world: SqlWorld
    assignment: str
    epoch: str
    lead: Wire
    member: Wire

    def newcomer(self) -> Wire:
        """A phone of somebody who is not on the team."""
        return enrolled(self.backend, self.client, self.world)


def enrolled(backend: Backend, client: FlaskClient, world: SqlWorld) -> Wire:
    """A new user's phone with its pull token."""
    hand, token = Hand(world.user()), uuid4().hex
    with backend.begin(ALL_ROLES) as work:
        replicas.enrol(
            work.session,
            replica_id=hand.id,
            public_key=hand.public_key,
            at=work.now,
            user_id=UUID(hand.user),
            device_id=UUID(hand.device),
            label="手机",
            storage={},
            pull_token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        )
    return Wire(client, hand, token)


@pytest.fixture
def scene(sqlite_backend: Backend) -> Scene:
    return open_scene(sqlite_backend)


def open_scene(backend: Backend) -> Scene:
    """Enrol both phones and assign one inspection to their users."""
    world = SqlWorld(backend)
    client = app_of(backend).test_client()
    lead, member = (enrolled(backend, client, world) for _ in range(2))
    assignment = str(uuid4())
    world.assign(assignment, FORM, lead.hand.user, [member.hand.user])
    with world.begin() as journal:
        epoch = journal.epoch()
    return Scene(backend, client, world, assignment, epoch, lead, member)


def problem(reply: TestResponse) -> tuple[int, str]:
    """Status and code of an error; it must be a problem document with a Chinese sentence."""
    assert reply.content_type == protocol.PROBLEM_JSON
    body: dict[str, Any] = json.loads(reply.get_data())
    assert body["status"] == reply.status_code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in body["detail"])
    return reply.status_code, body["code"]


def tus(token: str, **headers: str) -> dict[str, str]:
    """Headers of a tus request; `Upload_Offset` stands for Upload-Offset."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {token}", **named}


def metadata(sha256: str) -> str:
    """Upload-Metadata that names a file's hash."""
    return f"sha256 {base64.b64encode(sha256.encode()).decode()}"
