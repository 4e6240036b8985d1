"""A phone killed with -9 at any step of what it does has lost nothing that it confirmed."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from sync.phone import Phone
from tests.faces.dying_phone import LOGIN, PARTNER_FILE, STEPS, TASK
from tests.sampling import one_in
from tests.sync_server import MemoryServer

PHOTO = bytes(range(256)) * 5_000  # about 1.3 MB: two chunks
LAWS = {f"law/{n}": str(n).encode() for n in range(3)}


@dataclass
class Scene:
    """A phone with entries and a photo to deliver, and things to fetch."""

    server: MemoryServer
    address: str
    path: Path
    partner: Phone

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address)

    def kill_at(self, label: str) -> None:
        run = subprocess.run(
            [sys.executable, "-m", "tests.faces.dying_phone", self.path, self.address, label],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (run.returncode, run.stdout) == (-9, b""), run.stderr.decode()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    server = MemoryServer(max_entries=1, max_page=1)
    for login in (LOGIN, "member"):
        server.account(login)
    server.assign(TASK, LOGIN, ["member"])
    with _listening(server) as address:
        path = tmp_path / "lead.db"
        partner = Phone(tmp_path / "member.db")
        with httpx.Client(base_url=address) as client, closing(Phone(path)) as phone:
            for one, login in ((phone, LOGIN), (partner, "member")):
                one.enrol(client, login, login)
                one.sync(client)
            for n in (1, 2):
                phone.answer(TASK, f"answer/dust/D0{n}", "pass")
                partner.answer(TASK, f"answer/dust/D0{n}", "fail")
            phone.add_photo(TASK, PHOTO)
        server.show(LOGIN, "law", LAWS)
        yield Scene(server, address, path, partner)
        partner.close()


@pytest.mark.parametrize("label", one_in(6, STEPS))
def test_nothing_that_was_confirmed_is_lost_and_the_next_sync_ends_well(
    scene: Scene, label: str
) -> None:
    if label == "enrol: new key made, not asked":
        _forked(scene.path)
    (scene.path.parent / PARTNER_FILE).write_bytes(scene.partner.export_entries(TASK))
    with closing(Phone(scene.path)) as phone:
        before = {entry.hash: entry.content for entry in phone.entries()}
        laws, receipts = phone.documents("law"), len(phone.receipts())
    scene.kill_at(label)

    with sqlite3.connect(scene.path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()
    with closing(Phone(scene.path)) as phone, scene.client() as client:
        assert before.items() <= {e.hash: e.content for e in phone.entries()}.items()
        assert phone.documents("law") in (laws, sorted(range(3)))  # never half a pull
        assert len(phone.verified_receipts()) >= receipts
        _assert_acknowledged_is_stored(scene.server, phone)
        phone.enrol(client, LOGIN, LOGIN)
        phone.take_in((scene.path.parent / PARTNER_FILE).read_bytes())
        phone.answer(TASK, "answer/dust/D09", "pass")
        first = phone.sync(client, backoff=())
        phone.sync(client, backoff=())
        scene.partner.sync(client, backoff=())

        assert (first.complete, first.problems) == (True, [])
        assert phone.documents("law") == [0, 1, 2]
        stored = scene.server.store.tables.journal
        assert {entry.hash for entry in phone.entries()} == {
            row.hash for row in stored.values() if row.carrier != _server(scene.server)
        }
        assert not any("fork" in row.flags for row in stored.values())
        assert list(scene.server.files.values()) == [PHOTO]
        assert phone.record(TASK) == scene.partner.record(TASK)


def _assert_acknowledged_is_stored(server: MemoryServer, phone: Phone) -> None:
    stored = server.store.tables.journal
    assert {entry.hash for entry in phone.entries() if entry.acked_epoch} <= stored.keys()


def _server(server: MemoryServer) -> str:
    return next(info.id for info in server.store.tables.replicas.values() if info.server)


def _forked(path: Path) -> None:
    """Let the phone know that its key is used elsewhere, so that it takes a new one."""
    with closing(Phone(path)) as phone:
        replica = phone.replica
    with sqlite3.connect(path) as file:
        file.execute("INSERT OR REPLACE INTO meta VALUES ('forked', ?)", (replica,))
    file.close()


@contextmanager
def _listening(server: MemoryServer) -> Iterator[str]:
    """Serve the reference journal on a socket, which outlives the phone."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = dict(self.headers.items())
            request = httpx.Request(
                self.command, f"http://sync.example{self.path}", headers=headers, content=content
            )
            with lock:
                reply = server.handle(request)
            body = b"".join(reply.iter_raw())
            self.send_response(reply.status_code)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status_code != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_HEAD = _handle  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()
