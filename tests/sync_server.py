"""A server of the protocol in memory, behind an httpx transport that can break in every way."""

import base64
import gzip
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

import httpx
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import engine, entries, httpsig, protocol
from sync.errors import (
    BadEnvelope,
    DigestMismatch,
    NothingThere,
    NotInScope,
    NotLoggedIn,
    NotSigned,
    OffsetConflict,
    ReplicaRevoked,
    SyncError,
    TooLarge,
    UnknownReplica,
)
from sync.ids import inspection_scope
from sync.memory import MemoryBlobs, MemoryStore
from sync.ports import Document, ScopeChange
from tests.conformance_journal import FORM, NOW

OFFICER = "0198bbbb-0000-4000-8000-000000000001"
NUMBER = "2026-0007"
ENTERPRISE = {"name": "云湾木业有限公司", "uscc": "91320799MA1WXY7K2F"}
LOSE_REQUEST, LOSE_ANSWER, CUT_BODY = "lose_request", "lose_answer", "cut_body"
NO_FAULT = ""


def _new_receipt_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32))


@dataclass
class MemoryServer:
    """Every endpoint of the protocol over the reference journal."""

    store: MemoryStore = field(default_factory=MemoryStore)
    users: dict[str, str] = field(default_factory=dict)  # login -> user id; password = login
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # pull token -> replica
    faults: list[tuple[str, str | int]] = field(default_factory=list)  # path prefix, fault
    seen: list[str] = field(default_factory=list)
    max_entries: int = protocol.MAX_PUSH_ENTRIES
    max_page: int = protocol.MAX_PULL_DOCUMENTS
    receipt_key: Ed25519PrivateKey = field(default_factory=_new_receipt_key)
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.key = entries.new_key()
        self.store.enrol(entries.raw_public_key(self.key), "", server=True)
        self.blobs = MemoryBlobs(self.store)

    def client(self) -> httpx.Client:
        return httpx.Client(
            transport=httpx.MockTransport(self.handle), base_url="http://sync.example"
        )

    def account(self, login: str) -> str:
        return self.users.setdefault(login, str(uuid4()))

    def control(self, assignment: str, type: str, item: str, value: object) -> None:
        with self.store.begin() as journal:
            op = entries.make_op(type, item, value)
            engine.append(
                journal,
                self.key,
                NOW,
                user="",
                assignment=assignment,
                form="",
                device=str(uuid4()),
                ops=[op],
            )

    def assign(self, task: str, lead: str, members: Sequence[str]) -> None:
        team = [{"user": self.account(lead), "role": "lead"}]
        team += [{"user": self.account(login), "role": "member"} for login in members]
        known = task in self.store.tables.standings
        name = "task.reassign" if known else "task.assign"
        self.control(task, name, f"task/{task}", {"form": FORM, "team": team})
        unit = str(uuid5(UUID(task), "enterprise"))
        bodies = {
            "task": {
                "id": task,
                "form_set": FORM,
                "number": NUMBER,
                "enterprise_id": unit,
                "team": [{"user_id": member["user"], "role": member["role"]} for member in team],
            },
            "enterprise": {"id": unit, **ENTERPRISE},
        }
        scope = inspection_scope(task)
        with self.store.begin() as journal:
            engine.publish(
                journal,
                [
                    Document(
                        f"{kind}/{body['id']}", scope, kind, 0, 0, False, msgspec.json.encode(body)
                    )
                    for kind, body in bodies.items()
                ],
            )

    def show(self, login: str, scope: str, documents: dict[str, bytes]) -> None:
        with self.store.begin() as journal:
            change = ScopeChange(self.account(login), scope, visible=True)
            journal.change_scopes([change], journal.take_positions(1))
            engine.publish(
                journal,
                [Document(id, scope, "law", 0, 0, False, body) for id, body in documents.items()],
            )

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.seen.append(f"{request.method} {path}")
        fault = self._fault(path)
        if fault == LOSE_REQUEST:
            raise httpx.ConnectError("no network", request=request)
        if isinstance(fault, int):
            return self._problem(fault, "test.fault")
        response = self._answer(request)
        if fault == LOSE_ANSWER:
            raise httpx.ReadError("connection lost", request=request)
        if fault == CUT_BODY:
            content = b"".join(response.iter_raw())
            return _streamed(response.status_code, response.headers, content[: len(content) // 2])
        self.sizes[path].append(len(request.content))
        return response

    def _fault(self, path: str) -> str | int:
        for index, (prefix, fault) in enumerate(self.faults):
            if path.startswith(prefix):
                del self.faults[index]
                return fault
        return ""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            replica = self._authenticated(request)
            path = request.url.path
            if path.startswith(protocol.UPLOADS):
                return self._tus(request)
            if path.startswith(f"{protocol.BLOBS}/") and request.method == "GET":
                return self._blob(request, replica)
            content = self._route(path)(request, replica)
        except SyncError as error:
            missing = error.facts.get("missing", [])
            return self._problem(error.status, error.code, missing)
        packed = gzip.compress(content, mtime=0)
        headers = {
            "Content-Encoding": "gzip",
            httpsig.CONTENT_DIGEST: httpsig.content_digest(packed),
        }
        return _streamed(200, headers, packed)

    def _authenticated(self, request: httpx.Request) -> str:
        raw_path, _, query = request.url.raw_path.decode().partition("?")
        target = httpsig.Target(request.method, raw_path, query)
        claimed = httpsig.signer(request.headers)
        info = self.store.tables.replicas.get(claimed)
        enrolling = request.url.path in (protocol.NONCE, protocol.REPLICAS)
        if info is None and not enrolling:
            raise UnknownReplica
        if info is not None:
            key = info.public_key
            httpsig.verify_request(
                target,
                request.headers,
                bool(request.content),
                lambda base, signature: entries.verify(key, base, signature),
            )
        if request.content:
            httpsig.check_digest(
                request.headers[httpsig.CONTENT_DIGEST], sha256(request.content).digest()
            )
        return claimed

    def _route(self, path: str) -> Callable[[httpx.Request, str], bytes]:
        routes = {
            protocol.NONCE: self._nonce,
            protocol.REPLICAS: self._enrol,
            protocol.STATE: self._state,
            protocol.PUSH: self._push,
            protocol.PULL: self._pull,
            protocol.BLOBS_HAVE: self._have,
            protocol.RECEIPTS: self._receipt,
        }
        if path not in routes:
            raise NothingThere
        return routes[path]

    def _nonce(self, request: httpx.Request, replica: str) -> bytes:
        return protocol.encode(protocol.NonceReply(secrets.token_hex(8), NOW.isoformat()))

    def _enrol(self, request: httpx.Request, replica: str) -> bytes:
        asked = protocol.decode(protocol.EnrolRequest, _body(request))
        proof = protocol.enrol_proof_bytes(asked.nonce, asked.login, asked.public_key_b64)
        if asked.login not in self.users or asked.password != asked.login:
            raise NotLoggedIn
        if not entries.verify(asked.public_key_b64, proof, asked.proof_b64):
            raise NotLoggedIn
        user = self.users[asked.login]
        known = self.store.tables.replicas.get(entries.replica_id(asked.public_key_b64))
        if known and known.revoked:
            raise ReplicaRevoked
        id = self.store.enrol(asked.public_key_b64, user)
        came = any(row.replica == id for row in self.store.tables.journal.values())
        if came and known and not known.user:
            self.control("", "replica.enrol", f"replica/{id}", {"user": user})
        token = secrets.token_hex(8)
        self.tokens[token] = id
        public = self.receipt_key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        reply = protocol.EnrolReply(
            replica_id=id,
            device_id=asked.device_id or str(uuid4()),
            user_id=user,
            user_name=asked.login,
            officer_id=OFFICER,
            dataset_epoch=self.store.tables.epoch,
            server_keys=[protocol.ServerKey("k1", "ed25519", public)],
            pull_token=token,
            server_time=NOW.isoformat(),
        )
        return protocol.encode(reply)

    def _state(self, request: httpx.Request, replica: str) -> bytes:
        cursor = request.url.params["cursor"]
        with self.store.begin() as journal:
            reply = engine.state(journal, self.blobs, request.url.params["replica"], cursor, NOW)
        return protocol.encode(reply)

    def _push(self, request: httpx.Request, replica: str) -> bytes:
        asked = protocol.decode(protocol.PushRequest, _body(request))
        if len(asked.entries) > self.max_entries:
            raise TooLarge(limit="")
        known = self.store.tables.replicas
        public = {"k1": self.receipt_key.public_key().public_bytes_raw()}
        with self.store.begin() as journal:
            ops = engine.lost(journal, asked, public, NOW)
        for op in ops:
            self.control("", op.type, op.item, msgspec.json.decode(op.value))
        prepared = engine.prepare(asked, lambda id: known[id].public_key if id in known else None)
        with self.store.begin() as journal:
            return protocol.encode(engine.push(journal, self.blobs, prepared, NOW))

    def _pull(self, request: httpx.Request, replica: str) -> bytes:
        token = request.headers.get(protocol.AUTHORIZATION, "").removeprefix("Bearer ")
        if self.tokens.get(token) != replica:
            raise NotLoggedIn
        asked = protocol.decode(protocol.PullRequest, _body(request))
        asked = protocol.PullRequest(asked.cursor, min(asked.limit, self.max_page))
        with self.store.begin() as journal:
            return protocol.encode(engine.pull(journal, replica, asked))

    def _have(self, request: httpx.Request, replica: str) -> bytes:
        asked = protocol.decode(protocol.HaveRequest, _body(request))
        with self.store.begin() as journal:
            missing = engine.have(journal, self.blobs, replica, asked.sha256)
        wanted = [protocol.WantedBlob(digest, f"token-{digest}") for digest in missing]
        return protocol.encode(protocol.HaveReply(wanted))

    def _blob(self, request: httpx.Request, replica: str) -> httpx.Response:
        token = request.headers.get(protocol.AUTHORIZATION, "").removeprefix("Bearer ")
        if self.tokens.get(token) != replica:
            raise NotLoggedIn
        digest = request.url.path.rpartition("/")[2]
        if digest not in self.files:
            raise NotInScope
        content = self.files[digest]
        first, _, last = request.headers["Range"].removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1]
        placed = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return _streamed(206, {"Content-Range": placed}, part)

    def _receipt(self, request: httpx.Request, replica: str) -> bytes:
        asked = protocol.decode(protocol.ReceiptRequest, _body(request))
        if asked.replica != replica:
            raise NotSigned(reason="签名者与本机编号不符")
        with self.store.begin() as journal:
            covered = engine.covered(journal, asked)
        receipt = engine.receipt(self.blobs, asked, covered, log_root="0" * 64, kid="k1", now=NOW)
        return protocol.encode(protocol.sign_receipt(self.receipt_key, receipt))

    def _tus(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            name, _, value = request.headers["Upload-Metadata"].partition(" ")
            digest = base64.b64decode(value).decode()
            assert name == "sha256"
            assert request.headers[protocol.AUTHORIZATION] == f"Bearer token-{digest}"
            id = secrets.token_hex(8)
            self.uploads[id] = (digest, int(request.headers["Upload-Length"]), b"")
            self._receive(id, request.content)
            offset, location = len(request.content), f"{protocol.UPLOADS}/{id}"
            return _streamed(201, {"Location": location, "Upload-Offset": str(offset)}, b"")
        id = request.url.path.rpartition("/")[2]
        if id not in self.uploads:
            raise NothingThere
        if request.method == "PATCH":
            if int(request.headers["Upload-Offset"]) != len(self.uploads[id][2]):
                raise OffsetConflict
            self._receive(id, request.content)
        return _streamed(204, {"Upload-Offset": str(len(self.uploads[id][2]))}, b"")

    def _receive(self, id: str, content: bytes) -> None:
        digest, length, received = self.uploads[id]
        received += content
        self.uploads[id] = (digest, length, received)
        if len(received) == length:
            if sha256(received).hexdigest() != digest:
                del self.uploads[id]
                raise DigestMismatch
            self.files[digest] = received
            self.store.tables.blobs.add(digest)

    def _problem(self, status: int, code: str, missing: Sequence[str] = ()) -> httpx.Response:
        problem = protocol.Problem(code, status, "", missing=list(missing))
        headers = {"Retry-After": "2"} if status in (429, 503) else {}
        return _streamed(status, headers, protocol.encode(problem))


def _streamed(status: int, headers: Mapping[str, str], content: bytes) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


def _body(request: httpx.Request) -> bytes:
    if request.headers.get("Content-Encoding") != "gzip":
        return request.content
    try:
        return gzip.decompress(request.content)
    except (OSError, EOFError):
        raise BadEnvelope(reason="gzip") from None
