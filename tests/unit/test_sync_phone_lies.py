"""A network that makes things up, a file with a damaged row: the phone goes on with the rest."""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync import protocol
from sync.phone import Phone, SyncReport
from sync.phone.network.pulling import MAX_PAGES
from tests.sync_server import MemoryServer
from tests.unit.test_sync_phone import StepClock

TASK = "0198aaaa-0000-4000-8000-000000000001"
PHOTO = b"\xff\xd8\xff" + b"1" * 5000
HUGE = 2**63

Lie = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class Inn:
    """A phone with its task, its honest server, and the network between them."""

    server: MemoryServer
    path: Path
    phone: Phone

    def sync(self, lie: Lie = lambda _: None) -> SyncReport:
        def answer(request: httpx.Request) -> httpx.Response:
            return lie(request) or self.server.handle(request)

        transport = httpx.MockTransport(answer)
        with httpx.Client(transport=transport, base_url="http://sync.example") as client:
            return self.phone.sync(client, pause=lambda _: None, backoff=(0.0, 0.0))

    def spoil(self, sql: str) -> None:
        """Something happens to the file while no program has it open."""
        self.phone.close()
        with sqlite3.connect(self.path) as file:
            assert file.execute(sql).rowcount == 1
        file.close()
        self.phone = Phone(self.path, StepClock())

    def stored(self) -> list[int]:
        rows = self.server.store.tables.journal.values()
        return sorted(row.seq for row in rows if row.replica == self.phone.replica)


@pytest.fixture
def inn(tmp_path: Path) -> Iterator[Inn]:
    server = MemoryServer()
    server.account("lead")
    server.assign(TASK, "lead", [])
    made = Inn(server, tmp_path / "lead.db", Phone(tmp_path / "lead.db", StepClock()))
    with server.client() as client:
        made.phone.enrol(client, "lead", "lead")
    assert made.sync().complete
    yield made
    made.phone.close()


def _made_up(status: int, content: bytes = b"", **headers: str) -> httpx.Response:
    named = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()]
    return httpx.Response(status, headers=named, stream=httpx.ByteStream(content))


def _page(cursor: str, documents: list[protocol.PulledDocument]) -> httpx.Response:
    page = protocol.PullReply(documents, [], {}, cursor, True, "", 0)
    return _made_up(200, protocol.encode(page))


def _document(number: int) -> protocol.PulledDocument:
    id = f"law/{number}"
    return protocol.PulledDocument(id, "law", "law", 1, 1, False, protocol.raw(b"{}"))


def test_pages_that_bring_nothing_new_come_to_an_end(inn: Inn) -> None:
    asked = 0

    def lie(request: httpx.Request) -> httpx.Response | None:
        nonlocal asked
        if request.url.path != protocol.PULL:
            return None
        asked += 1
        return _page(f"e:{asked % 2}:", [_document(1)])

    inn.phone.note(TASK, "一")
    report = inn.sync(lie)

    assert report.problems == ["phone.view_mismatch"]
    assert asked < 20
    assert inn.sync().complete


def test_a_server_that_invents_documents_for_ever_is_left(
    inn: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_PAGES * protocol.MAX_PULL_DOCUMENTS == 10_000_000
    monkeypatch.setattr("sync.phone.network.pulling.MAX_PAGES", 7)
    asked = 0

    def lie(request: httpx.Request) -> httpx.Response | None:
        nonlocal asked
        if request.url.path != protocol.PULL:
            return None
        asked += 1
        return _page(f"e:{asked}:", [_document(asked)])

    inn.phone.note(TASK, "一")

    assert inn.sync(lie).problems == ["phone.view_mismatch"]
    assert asked == 7


def _state(**changed: Any) -> bytes:
    reply = protocol.StateReply("e", 0, "", [], [], True, "2026-03-02T09:00:00+08:00")
    plain = {name: getattr(reply, name) for name in reply.__struct_fields__}
    return protocol.encode(protocol.StateReply(**{**plain, **changed}))


def _pulled(**changed: Any) -> bytes:
    plain = {"id": "law/1", "scope": "law", "kind": "law", "ver": 1, "pos": 1, "deleted": False}
    document = protocol.PulledDocument(**{**plain, "body": protocol.raw(b"{}"), **changed})
    return protocol.encode(protocol.PullReply([document], [], {}, "e:1:", False, "", 1))


LIES: dict[str, tuple[str, Callable[[], httpx.Response]]] = {
    "wait so long": (protocol.STATE, lambda: _made_up(503, Retry_After="²")),
    "wait a century": (protocol.STATE, lambda: _made_up(503, Retry_After="9" * 400)),
    "a digest that is none": (
        protocol.STATE,
        lambda: _made_up(200, _state(), Content_Digest="sha-256=?"),
    ),
    "further than any number": (protocol.STATE, lambda: _made_up(200, _state(upto_seq=HUGE))),
    "less than nothing": (protocol.STATE, lambda: _made_up(200, _state(upto_seq=-5))),
    "no time": (protocol.STATE, lambda: _made_up(200, _state(server_time="soon"))),
    "a document beyond all positions": (protocol.PULL, lambda: _made_up(200, _pulled(pos=HUGE))),
    "a document of a huge version": (protocol.PULL, lambda: _made_up(200, _pulled(ver=HUGE))),
    "a token no header carries": (
        protocol.BLOBS_HAVE,
        lambda: _made_up(200, b'{"missing":[{"sha256":"%s","token":"\\u00b2\\n"}]}'),
    ),
    "an offset that is none": (
        protocol.UPLOADS,
        lambda: _made_up(201, Location=f"{protocol.UPLOADS}/x", Upload_Offset="²"),
    ),
    "no address": (protocol.UPLOADS, lambda: _made_up(201, Location="http://[", Upload_Offset="0")),
    "an address elsewhere": (
        protocol.UPLOADS,
        lambda: _made_up(201, Location="http://evil.example/take", Upload_Offset="0"),
    ),
    "another's upload": (
        protocol.UPLOADS,
        lambda: _made_up(201, Location="//evil.example/sync/v1/uploads/x", Upload_Offset="0"),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_network_makes_up_ends_a_sync_and_spoils_nothing(inn: Inn, lie: str) -> None:
    path, answer = LIES[lie]
    hosts = set()

    def instead(request: httpx.Request) -> httpx.Response | None:
        hosts.add(request.url.host)
        return answer() if request.url.path == path else None

    inn.phone.add_photo(TASK, PHOTO)
    first = inn.sync(instead)
    inn.phone.note(TASK, "仍可填写")
    second = inn.sync()

    assert not first.complete
    assert hosts == {"sync.example"}
    assert (second.complete, second.problems, inn.stored()) == (True, [], [1, 2])


def test_an_upload_that_takes_back_what_it_acknowledged_is_left(inn: Inn) -> None:
    inn.phone.add_photo(TASK, b"x" * (3 * 1024 * 1024))
    sent = 0

    def lie(request: httpx.Request) -> httpx.Response | None:
        nonlocal sent
        if not request.url.path.startswith(protocol.UPLOADS):
            return None
        sent += 1
        location = f"{protocol.UPLOADS}/x"
        if request.method == "PATCH":
            offset = int(request.headers["Upload-Offset"]) + len(request.content)
            return _made_up(503) if sent % 3 else _made_up(204, Upload_Offset=str(offset))
        return _made_up(201, Location=location, Upload_Offset="0")

    report = inn.sync(lie)

    assert not report.complete
    assert sent < 100


def test_an_address_kept_from_another_program_is_not_used(inn: Inn) -> None:
    inn.phone.add_photo(TASK, PHOTO)
    inn.spoil("UPDATE blob SET upload = 'http://evil.example/take'")

    def nowhere_else(request: httpx.Request) -> None:
        assert request.url.host == "sync.example"

    assert inn.sync(nowhere_else).complete


DAMAGE = {
    "cut": "UPDATE entry SET content = substr(content, 1, 50) WHERE seq = {}",
    "flipped": "UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), '二', '三') AS BLOB)"
    " WHERE seq = {}",
    "a text": "UPDATE entry SET content = 'nothing' WHERE seq = {}",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_one_damaged_entry_is_named_and_the_rest_is_delivered(inn: Inn, how: str) -> None:
    for text in ("一", "二", "四"):
        inn.phone.note(TASK, text)
    inn.spoil(DAMAGE[how].format(2))
    inn.phone.note(TASK, "五")
    report = inn.sync()

    assert len(inn.phone.damaged()) == 1
    assert report.damaged == inn.phone.damaged()
    assert (report.complete, report.problems) == (False, ["phone.damaged_entries"])
    assert inn.stored() == [1, 3, 4]
    assert report.pulled > 0
    notes = [item.value["text"] for item in inn.phone.record(TASK).of_kind("note/")]
    assert sorted(notes) == sorted(["一", "四", "五"])
    assert inn.phone.export_entries(TASK)


def test_a_damaged_photo_holds_up_neither_the_others_nor_what_is_new(inn: Inn) -> None:
    inn.phone.add_photo(TASK, PHOTO)
    inn.phone.add_photo(TASK, PHOTO + b"2")
    inn.spoil(
        f"UPDATE blob SET content = zeroblob({len(PHOTO)}) WHERE length(content) = {len(PHOTO)}"
    )
    report = inn.sync()

    assert (report.complete, report.problems) == (False, ["sync.digest"])
    assert (list(inn.server.files.values()), report.uploaded) == ([PHOTO + b"2"], 1)
    assert report.pulled > 0


def test_an_entry_damaged_after_the_server_had_it_is_no_loss(inn: Inn) -> None:
    inn.phone.note(TASK, "一")
    inn.phone.add_photo(TASK, PHOTO)
    assert inn.sync().complete
    inn.spoil(DAMAGE["cut"].format(2))
    inn.phone.note(TASK, "三")
    report = inn.sync()

    assert (report.complete, report.problems, len(report.damaged)) == (True, [], 1)
    newest = inn.phone.verified_receipts()[-1]
    assert (newest.after_seq, newest.upto_seq, newest.entry_count) == (2, 3, 1)


def test_a_damaged_cursor_holds_up_nothing_and_everything_is_pulled_again(inn: Inn) -> None:
    inn.phone.note(TASK, "一")
    inn.spoil("UPDATE meta SET value = 'nothing:!:' WHERE key = 'cursor'")
    report = inn.sync()

    assert (report.complete, report.problems) == (True, [])
    assert (inn.stored(), inn.phone.tasks()[0]["id"]) == ([1], TASK)
    assert inn.sync().requests == 1


@pytest.mark.parametrize(
    ("honest", "made_up"),
    [
        (b'"type":"answer.set"', b'"type":"answer.get"'),
        (b'"hlc":', b'"hlx":'),
        (b'"gone":[]', b'"gone":{}'),
        (b'"parents":[]', b'"parents":[{}]'),
        (b'"form_set":', b'"form_sex":'),
    ],
)
def test_a_document_that_is_none_of_its_kind_never_stands_in_the_way_of_capturing(
    inn: Inn, honest: bytes, made_up: bytes
) -> None:
    inn.phone.answer(TASK, "answer/dust/D01", "pass")
    spoilt = []

    def lie(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != protocol.PULL:
            return None
        reply = inn.server.handle(request)
        raw = b"".join(reply.iter_raw())
        plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        spoilt.append(honest in plain)
        stream = httpx.ByteStream(plain.replace(honest, made_up))
        return httpx.Response(reply.status_code, stream=stream)

    inn.phone._store._db.execute("DELETE FROM meta WHERE key = 'cursor'")
    report = inn.sync(lie)
    inn.phone.answer(TASK, "answer/dust/D01", "fail")
    after = inn.sync()

    assert any(spoilt)
    assert (report.complete, report.problems) == (False, ["phone.view_mismatch"])
    assert (after.complete, len(inn.phone.record(TASK).items)) == (True, 1)
