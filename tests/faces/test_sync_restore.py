"""A backup is put back: phones deliver again what it lacks, whether or not somebody says so."""

import gzip
import shutil
import sqlite3
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from forms.model import Form
from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.reads.phones import phones
from inspect_server.reads.phones.inbox import listed
from inspect_server.reads.phones.journal import merged
from inspect_server.reads.record_checks import check_cases
from inspect_server.store.engine import sqlite_module
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import JournalEntry, Operation
from inspect_server.usecases.journal.inbox import accept_entry
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.upkeep import NIGHTS, verify_files
from inspect_server.usecases.work import Actor, Backend
from sync import protocol
from sync.phone import Phone, SyncReport
from sync.phone.network.wire import Wire
from sync.phone.partner.exchange import PartnerFile
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.bureau import open_bureau, small_form

__all__ = ["small_form"]
PASSWORD = "correct horse battery 7"
A1, A2, A3 = (f"answer/small/A{n}" for n in (1, 2, 3))
PHOTO = b"\xff\xd8\xff" + b"photo" * 1000


@pytest.fixture
def task(sqlite_backend: Backend, small_form: Form) -> str:
    dispatched = open_bureau(sqlite_backend).dispatched()[0]
    with sqlite_backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    return str(dispatched)


@pytest.mark.parametrize("told", [True, False], ids=["told", "forgotten"])
def test_what_a_restored_backup_lacks_comes_again_from_the_phones(
    sqlite_backend: Backend, task: str, tmp_path: Path, told: bool
) -> None:
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead, member = (_enrolled(client, tmp_path, n) for n in range(2))
        lead.answer(task, A1, "pass")
        _sync(lead, client)
        _back_up(sqlite_backend, tmp_path / "backup")
        lead.add_photo(task, PHOTO)
        lead.answer(task, A2, "fail")
        member.answer(task, A3, "pass")
        for phone in (lead, member):
            assert _sync(phone, client).complete
        _put_back(sqlite_backend, tmp_path / "backup")
        if told:
            with sqlite_backend.begin(ALL_ROLES) as work:
                open_epoch(work)
        reports = [_sync(phone, client) for phone in (lead, member, lead)]

    assert [(report.complete, report.problems) for report in reports] == [(True, [])] * 3
    own = {entry.hash for phone in (lead, member) for entry in phone.entries()}
    with sqlite_backend.reading() as session:
        assert own <= set(session.scalars(select(JournalEntry.hash)))
        record = merged(session, UUID(task))
    assert {A1, A2, A3} <= record.items.keys()
    assert sqlite_backend.blobs.read(sha256(PHOTO).hexdigest()) == PHOTO
    assert lead.record(task).view == record.view
    assert verify_journal(sqlite_backend).sound
    for phone in (lead, member):
        phone.close()


def test_what_the_phone_removed_and_a_restore_lost_is_named_by_its_receipt(
    sqlite_backend: Backend, task: str, tmp_path: Path
) -> None:
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead = _enrolled(client, tmp_path, 0)
        _back_up(sqlite_backend, tmp_path / "backup")
        lead.add_photo(task, PHOTO)
        assert _sync(lead, client).complete
        lead.close()
        with sqlite3.connect(tmp_path / "phone0.db") as file:
            file.execute("DELETE FROM entry")  # ours keeps all of it; another program need not
            file.execute("DELETE FROM blob")
        file.close()
        _put_back(sqlite_backend, tmp_path / "backup")
        with sqlite_backend.begin(ALL_ROLES) as work:
            open_epoch(work)
        lead = Phone(tmp_path / "phone0.db")
        named = _sync(lead, client)
        with sqlite_backend.reading() as session:
            noted = [check for check in check_cases(session) if check.faults]
            at_once, supervisor = listed(session).rows, frozenset({Role.SUPERVISOR})
            lead_name = session.get_one(User, UUID(lead.user)).name
            units = [
                phones.inbox(session, Actor("", supervisor, unit=unit), "局").total
                for unit in ("一科", "二科")
            ]
        lead.answer(task, A1, "pass")
        after = _sync(lead, client)
    lead_id = lead.replica
    lead.close()

    assert [(report.complete, report.problems) for report in (named, after)] == [(True, [])] * 2
    with sqlite_backend.reading() as session:
        query = select(JournalEntry.seq, JournalEntry.effect, JournalEntry.flags)
        rows = session.execute(query.where(JournalEntry.replica_id == lead_id)).all()
    assert [(seq, effect, "gap" in flags) for seq, effect, flags in rows] == [(2, "applied", True)]
    with sqlite_backend.reading() as session:
        noted += [check for check in check_cases(session) if check.faults]
        shown = [(row.seq, row.effect, row.reason) for row in listed(session).rows]
    assert noted == []
    assert [row[1:] for row in shown] == [("applied", "gap")] * 2  # the loss, and what follows
    assert [(row.reason, row.user_name, row.operations[0].words) for row in at_once] == [
        ("gap", lead_name, "第 1 条及此前的记录有缺失")
    ]
    assert units == [1, 0]
    assert verify_journal(sqlite_backend).sound
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "operation")
        work.session.execute(
            update(Operation).where(Operation.type == "replica.lost").values(value=b"{}")
        )
    assert not verify_journal(sqlite_backend).sound


@pytest.mark.parametrize("brings", ["a colleague", "a copy of the phone"])
def test_a_receipt_hides_nothing_that_the_phone_still_holds_when_the_restore_was_forgotten(
    sqlite_backend: Backend, task: str, tmp_path: Path, brings: str
) -> None:
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead, member = (_enrolled(client, tmp_path, n) for n in range(2))
        _back_up(sqlite_backend, tmp_path / "backup")
        lead.answer(task, A1, "pass")
        lead.add_photo(task, PHOTO)
        assert _sync(lead, client).complete
        shutil.copy(tmp_path / "phone0.db", tmp_path / "copy.db")
        copy = Phone(tmp_path / "copy.db") if "copy" in brings else member
        _put_back(sqlite_backend, tmp_path / "backup")
        wire = Wire(client, copy._store.replicas()[-1], lambda: 0)
        asked = protocol.PushRequest(
            copy.replica, lead._store.get("epoch"), "", [], {}, [lead.receipts()[-1]]
        )
        wire.post(protocol.PUSH, asked, protocol.PushReply)
        reports = [_sync(lead, client) for _ in range(2)]

    with sqlite_backend.reading() as session:
        kept = set(session.scalars(select(JournalEntry.hash)))
        named = session.scalars(select(Operation).where(Operation.type == "replica.lost")).all()
    assert {entry.hash for entry in lead.entries()} <= kept
    assert sqlite_backend.blobs.read(sha256(PHOTO).hexdigest()) == PHOTO
    assert len(named) == ("copy" in brings)
    assert [report.problems for report in reports] == [[], []]
    assert (reports[-1].complete, reports[-1].requests) == (True, 1)
    assert verify_journal(sqlite_backend).sound
    for phone in {lead, member, copy}:
        phone.close()


def test_a_photo_damaged_after_its_receipt_is_noticed_and_delivered_again(
    sqlite_backend: Backend, task: str, tmp_path: Path
) -> None:
    stored = sqlite_backend.blobs.path(sha256(PHOTO).hexdigest())
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead = _enrolled(client, tmp_path, 0)
        lead.add_photo(task, PHOTO)
        _sync(lead, client)
        stored.write_bytes(b"changed")
        first = sqlite_backend.clock.now().date()
        nights = [first + timedelta(days=n) for n in range(NIGHTS)]
        found = verify_files(sqlite_backend, nights)
        again = _sync(lead, client)
    lead.close()

    assert found.faults == (f"blob {stored.name}",)
    assert (again.complete, again.uploaded) == (True, 1)
    assert stored.read_bytes() == PHOTO
    assert [path.read_bytes() for path in stored.parent.glob("*.damaged-*")] == [b"changed"]
    assert verify_files(sqlite_backend, nights).faults == ()


@pytest.mark.parametrize("cloned", [False, True], ids=["first", "beside another branch"])
def test_no_receipt_covers_a_photo_damaged_before_it(
    sqlite_backend: Backend,
    task: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cloned: bool,
) -> None:
    stored = sqlite_backend.blobs.path(sha256(PHOTO).hexdigest())
    adopt = LocalBlobs.adopt

    def adopt_and_spoil(blobs: LocalBlobs, path: Path, *hashes: str) -> None:
        adopt(blobs, path, *hashes)
        if not list(stored.parent.glob("*.damaged-*")):
            stored.write_bytes(b"changed")

    monkeypatch.setattr(LocalBlobs, "adopt", adopt_and_spoil)
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead = _enrolled(client, tmp_path, 0)
        if cloned:  # the other branch is as long, and has a receipt
            shutil.copy(tmp_path / "phone0.db", tmp_path / "clone.db")
            clone = Phone(tmp_path / "clone.db")
            clone.answer(task, A1, "pass")
            assert _sync(clone, client).complete
            clone.close()
        lead.add_photo(task, PHOTO)
        report = _sync(lead, client)
    lead.close()

    assert report.complete
    assert stored.read_bytes() == PHOTO
    assert list(stored.parent.glob("*.damaged-*"))


def test_a_forgotten_phone_is_claimed_though_its_beginning_is_missing(
    sqlite_backend: Backend, task: str, tmp_path: Path
) -> None:
    """A colleague brought what follows, a supervisor ruled; when it enrols, all of it counts."""
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead = _enrolled(client, tmp_path, 0)
        _back_up(sqlite_backend, tmp_path / "backup")
        member = _enrolled(client, tmp_path, 1)
        for item in (A1, A2, A3):
            member.answer(task, item, "pass")
        first, *later = member.entries()
        _put_back(sqlite_backend, tmp_path / "backup")
        with sqlite_backend.begin(ALL_ROLES) as work:
            open_epoch(work)
        carried = [protocol.PushedEntry(one.content, one.signature) for one in later]
        keys = {member.replica: member._store.keys()[member.replica]}
        file = PartnerFile(v=1, entries=carried, keys=keys)
        lead.take_in(gzip.compress(protocol.encode(file)))
        _sync(lead, client)
        with sqlite_backend.begin(ALL_ROLES) as work:
            accept_entry(work, later[0].hash, "核实")
        with sqlite_backend.reading() as session:
            login = session.get_one(User, UUID(member.user)).login
        member.enrol(client, login, PASSWORD)
        claimed = verify_journal(sqlite_backend)
        assert _sync(member, client).complete
    with sqlite_backend.reading() as session:
        of_it = select(JournalEntry.hash, JournalEntry.effect)
        found = session.execute(of_it.where(JournalEntry.replica_id == member.replica)).all()
    for phone in (lead, member):
        phone.close()

    assert {row.hash: row.effect for row in found} == {
        entry.hash: "applied" for entry in (first, *later)
    }
    assert claimed.sound
    assert verify_journal(sqlite_backend).sound


def _enrolled(client: httpx.Client, folder: Path, officer: int) -> Phone:
    phone = Phone(folder / f"phone{officer}.db")
    phone.enrol(client, f"officer{officer}", PASSWORD)
    assert _sync(phone, client).complete
    return phone


def _sync(phone: Phone, client: httpx.Client) -> SyncReport:
    return phone.sync(client, pause=lambda _: None, backoff=(0.0,))


def _back_up(backend: Backend, to: Path) -> None:
    to.mkdir()
    source = sqlite_module().connect(backend.settings.data_dir / "inspect.db")
    copy = sqlite_module().connect(to / "inspect.db")
    source.backup(copy)
    for database in (source, copy):
        database.close()


def _put_back(backend: Backend, backup: Path) -> None:
    """The database of then, and none of the files that came since."""
    backend.engine.dispose()
    for old in backend.settings.data_dir.glob("inspect.db*"):
        old.unlink()
    shutil.copy(backup / "inspect.db", backend.settings.data_dir / "inspect.db")
    for folder in ("blobs", "uploads"):
        shutil.rmtree(backend.settings.data_dir / folder, ignore_errors=True)
