"""A server that is killed at every step of push, upload and receipt loses nothing it confirmed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from forms.model import Form
from inspect_server.app import create_app
from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import JournalEntry, SyncHead
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Backend
from sync.phone import Phone, SyncReport
from tests.actors import ALL_ROLES
from tests.faces.dying_server import STEPS
from tests.usecases.bureau import open_bureau, small_form

__all__ = ["small_form"]
PASSWORD = "correct horse battery 7"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 5_000  # about 1.3 MB: two chunks


@pytest.fixture
def task(sqlite_backend: Backend, small_form: Form) -> str:
    """One dispatched inspection; every account has the same password."""
    dispatched = open_bureau(sqlite_backend).dispatched()[0]
    with sqlite_backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    return str(dispatched)


@pytest.mark.parametrize("label", STEPS)
def test_what_was_confirmed_survives_and_the_rest_comes_again(
    sqlite_backend: Backend, task: str, tmp_path: Path, label: str
) -> None:
    phone = Phone(tmp_path / "phone.db")
    with _here(sqlite_backend) as client:
        phone.enrol(client, "officer0", PASSWORD)
        phone.sync(client)
    phone.answer(task, "answer/small/A1", "pass")
    phone.add_photo(task, PHOTO)
    with _serving(tmp_path, label) as client:
        died = _sync(phone, client)
        confirmed = _confirmed(phone)
        with sqlite_backend.reading() as session:
            stored = set(session.scalars(select(JournalEntry.hash)))
    with _here(sqlite_backend) as client:
        finished = _sync(phone, client)

    assert not died.complete
    assert confirmed <= stored
    assert (finished.complete, finished.problems) == (True, [])
    with sqlite_backend.reading() as session:
        own = {entry.hash for entry in phone.entries()}
        assert own <= set(session.scalars(select(JournalEntry.hash)))
        positions = session.scalars(select(JournalEntry.pos)).all()
        assert len(set(positions)) == len(positions)
        assert session.scalars(select(Blob.sha256)).all() == [sha256(PHOTO).hexdigest()]
        assert sqlite_backend.blobs.read(sha256(PHOTO).hexdigest()) == PHOTO
        assert merged(session, UUID(task)).view == phone.record(task).view
        assert [row.receipted_seq for row in replica_states(session)] == [len(own)]
        assert session.scalar(select(SyncHead.pos)) >= max(positions)
    assert verify_journal(sqlite_backend).sound
    phone.close()


def _sync(phone: Phone, client: httpx.Client) -> SyncReport:
    return phone.sync(client, pause=lambda _: None, backoff=(0.0,))


def _confirmed(phone: Phone) -> set[str]:
    return {entry.hash for entry in phone.entries() if entry.acked_epoch}


def _here(backend: Backend) -> httpx.Client:
    """A server in this process: the one that comes after the killed one."""
    transport = httpx.WSGITransport(app=create_app(backend))
    return httpx.Client(transport=transport, base_url="http://127.0.0.1")


@contextmanager
def _serving(folder: Path, label: str) -> Iterator[httpx.Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faces.dying_server", str(folder), label],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False
        ) as client:
            yield client
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
