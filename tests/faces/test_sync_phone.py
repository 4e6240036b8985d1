"""The headless phone against a real server over real sockets, with a network that breaks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from forms.model import Form
from inspect_server.app import create_app
from inspect_server.reads.phones.inbox import listed
from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Backend
from sync.phone import Phone, SyncReport
from tests.actors import ALL_ROLES
from tests.usecases.bureau import Bureau, open_bureau, small_form

__all__ = ["small_form"]
PASSWORD = "correct horse battery 7"
A1, A2 = "answer/small/A1", "answer/small/A2"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 12_000  # about 3 MB: three chunks


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Tests read answers, not logs."""


@dataclass
class Evening:
    """A running server with one dispatched inspection."""

    bureau: Bureau
    url: str
    folder: Path
    task: str

    def phone(self, officer: int, name: str = "") -> Phone:
        phone = Phone(self.folder / f"phone-{name or officer}.db", label="测试机")
        with self.client() as client:
            phone.enrol(client, f"officer{officer}", PASSWORD)
        return phone

    @contextmanager
    def client(self, url: str = "") -> Iterator[httpx.Client]:
        with httpx.Client(base_url=url or self.url, timeout=20, trust_env=False) as client:
            yield client

    def sync(self, phone: Phone, url: str = "") -> SyncReport:
        with self.client(url) as client:
            return phone.sync(client, pause=lambda _: None, backoff=(0.0, 0.0))


@pytest.fixture
def evening(sqlite_backend: Backend, small_form: Form, tmp_path: Path) -> Iterator[Evening]:
    bureau = open_bureau(sqlite_backend)
    task = str(bureau.dispatched()[0])
    with sqlite_backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    server = make_server(
        "127.0.0.1", 0, create_app(sqlite_backend), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Evening(bureau, f"http://127.0.0.1:{server.server_port}", tmp_path, task)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_two_phones_work_offline_and_end_with_the_same_record_and_a_receipt(
    evening: Evening,
) -> None:
    lead, member = evening.phone(0), evening.phone(1)
    for phone in (lead, member):
        evening.sync(phone)
    lead.start_visit(evening.task, place="生产车间")
    lead.answer(evening.task, A1, "pass")
    lead.add_photo(evening.task, PHOTO, caption="除尘器")
    member.start_visit(evening.task, place="生产车间")
    member.answer(evening.task, A1, "fail")
    member.answer(evening.task, A2, "pass")
    reports = [evening.sync(lead), evening.sync(member), evening.sync(lead)]
    disagree = lead.record(evening.task).conflicts
    lead.resolve(evening.task, A1, {"result": "fail", "reason": "", "note": ""}, "现场复核")
    reports += [evening.sync(lead), evening.sync(member)]

    assert [(report.complete, report.problems) for report in reports] == [(True, [])] * 5
    assert disagree == (A1,)
    backend = evening.bureau.backend
    with backend.reading() as session:
        record = merged(session, UUID(evening.task))
        assert session.scalars(select(Blob.size)).all() == [len(PHOTO)]
        assert {row.receipted_seq for row in replica_states(session)} == {
            len(lead.entries()),
            len(member.entries()),
        }
    for phone in (lead, member):
        assert phone.record(evening.task).view == record.view
        assert phone.verified_receipts()
        phone.close()
    assert record.conflicts == ()
    assert verify_journal(backend).sound


def test_a_quiet_phone_syncs_with_one_request(evening: Evening) -> None:
    phone = evening.phone(0)
    evening.sync(phone)

    report = evening.sync(phone)
    phone.close()

    assert (report.requests, report.pulled) == (1, 0)


def test_a_photo_whose_upload_is_cut_is_finished_by_the_next_sync(evening: Evening) -> None:
    phone = evening.phone(0)
    evening.sync(phone)
    phone.answer(evening.task, A1, "pass")
    phone.add_photo(evening.task, PHOTO)
    with _cutting(evening.url, after=1_400_000) as url:
        broken = evening.sync(phone, url)
    part = next((evening.folder / "uploads").glob("*.part")).stat().st_size
    finished = evening.sync(phone)
    phone.close()

    assert not broken.complete
    assert 0 < part < len(PHOTO)
    assert finished.complete
    assert verify_journal(evening.bureau.backend).sound


def test_a_file_that_the_server_lost_is_uploaded_again_before_the_next_receipt(
    evening: Evening,
) -> None:
    phone = evening.phone(0)
    evening.sync(phone)
    phone.add_photo(evening.task, PHOTO)
    evening.sync(phone)
    blobs = evening.bureau.backend.blobs
    blobs.path(sha256(PHOTO).hexdigest()).unlink()
    phone.answer(evening.task, A1, "pass")

    report = evening.sync(phone)
    phone.close()

    assert (report.complete, report.uploaded) == (True, 1)
    assert blobs.read(sha256(PHOTO).hexdigest()) == PHOTO


def test_what_a_phone_captured_before_it_was_taken_off_is_kept_and_shown(
    evening: Evening,
) -> None:
    backend = evening.bureau.backend
    out = evening.phone(1)
    evening.sync(out)
    out.answer(evening.task, A1, "fail")
    with backend.begin(evening.bureau.author) as work:
        reassign(
            work,
            UUID(evening.task),
            evening.bureau.officers[1],
            evening.bureau.officers[2],
            "illness",
        )
    instead = evening.phone(2)
    report, joined = evening.sync(out), evening.sync(instead)

    assert [reason for _, reason in report.quarantined] == ["reassigned"]
    assert report.complete
    assert joined.complete
    assert evening.task not in {task["id"] for task in out.tasks()}
    assert [task["id"] for task in instead.tasks()] == [evening.task]
    assert len(out.entries()) == 1
    with backend.reading() as session:
        assert [row.reason for row in listed(session).rows] == ["reassigned"]
    out.close()
    instead.close()


def test_a_phone_delivers_again_to_a_server_that_opened_a_new_epoch(evening: Evening) -> None:
    phone = evening.phone(0)
    evening.sync(phone)
    phone.answer(evening.task, A1, "pass")
    evening.sync(phone)
    with evening.bureau.backend.begin(ALL_ROLES) as work:
        open_epoch(work)
    phone.answer(evening.task, A2, "pass")

    report = evening.sync(phone)
    phone.close()

    assert report.complete, report.problems
    with evening.bureau.backend.reading() as session:
        assert set(merged(session, UUID(evening.task)).items) == {A1, A2}


@contextmanager
def _cutting(url: str, after: int) -> Iterator[str]:
    """Pass bytes on to the server until `after` of them went; then every connection breaks."""
    target = url.removeprefix("http://").split(":")
    listener = socket.create_server(("127.0.0.1", 0))
    left = [after]
    threads: list[threading.Thread] = []

    def upstream(client: socket.socket) -> None:
        with client, socket.create_connection((target[0], int(target[1]))) as server:
            back = threading.Thread(target=_copy, args=(server, client))
            back.start()
            while left[0] > 0 and (block := client.recv(65536)):
                server.sendall(block[: left[0]])
                left[0] -= len(block)
            for end in (server, client):
                _shut(end)
            back.join()

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=upstream, args=(client,)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        _shut(listener)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while block := source.recv(65536):
            sink.sendall(block)
    except OSError:
        return
    _shut(sink)


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
