"""What a restore lost and a phone has removed: the server's own receipt stands for it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import engine, entries, protocol, rebuild
from sync.phone import Phone, SyncReport
from sync.phone.local import LocalEntry
from sync.ports import StoredEntry
from sync.values import LostValue
from tests.conformance_journal import NOW
from tests.sync_server import MemoryServer
from tests.unit.test_sync_phone import StepClock

TASK = "0198aaaa-0000-4000-8000-000000000001"


@dataclass
class Field:
    """One phone, its file, and a server that can be put back."""

    server: MemoryServer
    client: httpx.Client
    path: Path
    phone: Phone

    def sync(self) -> SyncReport:
        return self.phone.sync(self.client, pause=lambda _: None, backoff=(0.0,))

    def answer(self, *numbers: int) -> None:
        for number in numbers:
            self.phone.answer(TASK, f"answer/dust/D{number:02}", "pass")

    def remove_upto(self, seq: int) -> None:
        """What a phone may do 30 days after a receipt; ours never does."""
        self.phone.close()
        with sqlite3.connect(self.path) as file:
            file.execute("DELETE FROM entry WHERE seq <= ?", (seq,))
        file.close()
        self.phone = Phone(self.path, StepClock())

    def rows(self) -> dict[int, StoredEntry]:
        kept = self.server.store.tables.journal.values()
        return {row.seq: row for row in kept if row.replica == self.phone.replica}

    def backup(self) -> Callable[[], None]:
        """Return what puts the server back to now, and nobody says so: the epoch stays."""
        store = self.server.store
        kept = store.tables.snapshot()

        def put_back() -> None:
            store.restore(kept)
            store.tables.epoch = kept.epoch

        return put_back

    def state(self) -> protocol.StateReply:
        with self.server.store.begin() as journal:
            return engine.state(journal, self.server.blobs, self.phone.replica, "", NOW)

    def bring(self, seq: int) -> None:
        """One entry comes by itself, as from a partner."""
        self.bring_entry(next(row for row in self.phone.entries() if row.seq == seq))

    def bring_entry(self, row: LocalEntry) -> None:
        """The same of one that the phone may have removed."""
        pushed = protocol.PushedEntry(row.content, row.signature)
        asked = msgspec.structs.replace(_request(self), entries=[pushed])
        known = self.server.store.tables.replicas
        with self.server.store.begin() as journal:
            prepared = engine.prepare(asked, lambda id: known[id].public_key)
            engine.push(journal, self.server.blobs, prepared, NOW)

    def named(self) -> int:
        ops = self.server.store.tables.operations.values()
        return sum(op.type == "replica.lost" for op in ops)


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    server = MemoryServer()
    server.account("lead")
    server.assign(TASK, "lead", [])
    client = server.client()
    made = Field(server, client, tmp_path / "lead.db", Phone(tmp_path / "lead.db", StepClock()))
    made.phone.enrol(client, "lead", "lead")
    assert made.sync().complete
    yield made
    made.phone.close()
    client.close()


def test_what_the_phone_removed_and_a_restore_lost_is_a_flag_and_the_chain_goes_on(
    field: Field,
) -> None:
    field.answer(1)
    field.sync()
    backup = field.server.store.tables.snapshot()
    field.answer(2, 3)
    field.sync()
    field.remove_upto(3)
    field.answer(4, 5)
    field.server.store.restore(backup)
    report = field.sync()
    field.answer(6)
    later = field.sync()

    assert (report.complete, report.problems, report.forked) == (True, [], False)
    assert (later.complete, later.problems) == (True, [])
    rows = field.rows()
    assert {seq: (row.effect, row.flags) for seq, row in rows.items()} == {
        1: ("applied", ()),
        4: ("applied", ("gap",)),
        5: ("applied", ()),
        6: ("applied", ()),
    }
    assert field.named() == 1
    newest = field.phone.verified_receipts()[-1]
    assert (newest.after_seq, newest.upto_seq, newest.entry_count) == (3, 6, 3)


def test_a_phone_that_removed_everything_names_it_before_it_has_anything_new(field: Field) -> None:
    backup = field.server.store.tables.snapshot()
    field.answer(1, 2)
    field.sync()
    field.remove_upto(2)
    field.server.store.restore(backup)
    report = field.sync()
    again = field.sync()

    assert (report.complete, again.complete, again.requests) == (True, True, 1)
    assert field.named() == 1
    assert field.server.store.tables.replicas[field.phone.replica].upto_seq == 2


def test_a_sound_server_needs_no_receipt_from_a_phone_that_removed_entries(field: Field) -> None:
    field.answer(1, 2)
    field.sync()
    field.remove_upto(1)
    field.answer(3)
    report = field.sync()

    assert (report.complete, report.forked) == (True, False)
    assert field.named() == 0
    assert [row.flags for row in field.rows().values()] == [(), (), ()]


def test_an_earlier_key_of_a_phone_that_the_server_forgot_names_its_own(field: Field) -> None:
    field.answer(1)
    field.sync()
    old = field.phone.replica
    empty = field.server.store.tables.snapshot()
    empty.replicas.pop(old)
    empty.journal = {hash: row for hash, row in empty.journal.items() if row.replica != old}
    empty.operations = {}
    field.remove_upto(1)
    field.answer(2)
    with sqlite3.connect(field.path) as file:
        file.execute("INSERT OR REPLACE INTO meta VALUES ('forked', ?)", (old,))
    file.close()
    field.phone.enrol(field.client, "lead", "lead")
    new = field.server.store.tables.replicas[field.phone.replica]
    field.server.store.restore(empty)
    field.server.store.tables.replicas[field.phone.replica] = new
    first = field.sync()
    field.sync()

    row = next(r for r in field.server.store.tables.journal.values() if r.replica == old)
    assert first.problems == ["sync.unknown_replica"]
    assert (row.seq, row.effect, row.reason, row.flags) == (
        2,
        "quarantined",
        "wrong_user",
        ("gap",),
    )


def test_a_receipt_that_a_colleague_brings_closes_no_gap(field: Field, tmp_path: Path) -> None:
    field.server.account("other")
    other = Phone(tmp_path / "other.db")
    other.enrol(field.client, "other", "other")
    carrier = other.replica
    other.close()
    empty = field.server.store.tables.snapshot()
    field.answer(1)
    field.sync()
    receipt = field.phone.receipts()[-1]
    field.server.store.restore(empty)
    asked = msgspec.structs.replace(_request(field, receipt), replica=carrier)

    assert _lost(field, asked) == []
    assert len(_lost(field, _request(field, receipt))) == 1


def test_where_a_receipt_stands_for_what_the_phone_still_holds_it_delivers_it(
    field: Field, tmp_path: Path
) -> None:
    field.answer(1)
    field.sync()
    put_back = field.backup()
    field.answer(2)
    field.phone.add_photo(TASK, b"evidence")
    field.sync()
    shutil.copy(field.path, tmp_path / "copy.db")
    copy = Field(field.server, field.client, tmp_path / "copy.db", Phone(tmp_path / "copy.db"))
    copy.remove_upto(3)
    put_back()
    named = copy.sync()
    copy.phone.close()
    lacking = field.state().lacking
    report = field.sync()
    again = field.sync()

    assert (named.complete, [one.seq for one in lacking]) == (True, [3])
    assert (report.complete, report.problems, report.pushed, report.uploaded) == (True, [], 3, 1)
    assert sorted(field.rows()) == [1, 2, 3]
    assert field.state().lacking == []
    assert (again.complete, again.requests) == (True, 1)


def test_what_came_out_of_the_middle_of_a_lost_part_does_not_hide_the_rest(
    field: Field, tmp_path: Path
) -> None:
    field.answer(1)
    field.sync()
    put_back = field.backup()
    field.answer(2, 3, 4)
    field.sync()
    shutil.copy(field.path, tmp_path / "copy.db")
    copy = Field(field.server, field.client, tmp_path / "copy.db", Phone(tmp_path / "copy.db"))
    copy.remove_upto(4)
    put_back()
    copy.sync()
    copy.phone.close()
    field.bring(4)
    lacking = field.state().lacking
    field.sync()

    assert [one.seq for one in lacking] == [3]
    assert sorted(field.rows()) == [1, 2, 3, 4]


@pytest.mark.parametrize("ruling", ["", "inbox.accept", "inbox.decline"])
def test_a_colleague_who_brought_where_the_receipt_ends_does_not_hide_what_is_missing(
    field: Field, ruling: str
) -> None:
    """Held, or let in across a gap by a supervisor: its own phone names what is lost before it."""
    field.answer(1)
    field.sync()
    backup = field.server.store.tables.snapshot()
    field.answer(2, 3, 4)
    field.sync()
    late = next(entry for entry in field.phone.entries() if entry.seq == 4)
    field.remove_upto(4)
    field.server.store.restore(backup)
    field.bring_entry(late)
    assert field.rows()[4].effect == "held"
    if ruling:
        field.server.control("", ruling, f"entry/{late.hash}", {"reason": "核实"})
    field.answer(5)

    for _ in range(2):
        report = field.sync()
        assert report.complete
        assert (field.state().upto_seq, field.named()) == (5, 1)
    assert "gap" in field.rows()[4].flags
    assert field.rows()[5].effect == "applied"


def test_a_branch_that_a_restore_lost_comes_again_though_the_other_is_as_long(
    field: Field, tmp_path: Path
) -> None:
    field.answer(1)
    field.sync()
    put_back = field.backup()
    shutil.copy(field.path, tmp_path / "clone.db")
    field.answer(2)
    field.sync()
    clone = Field(field.server, field.client, tmp_path / "clone.db", Phone(tmp_path / "clone.db"))
    clone.answer(3)
    put_back()
    clone.sync()
    clone.phone.close()
    report = field.sync()
    settled = field.sync()

    assert report.forked
    assert {entry.hash for entry in field.phone.entries()} <= set(field.server.store.tables.journal)
    assert settled.pushed == 0


def test_a_branch_that_a_silent_restore_lost_comes_again_though_the_head_is_the_same(
    field: Field, tmp_path: Path
) -> None:
    field.answer(1)
    field.sync()
    shutil.copy(field.path, tmp_path / "clone.db")
    field.answer(2, 3, 4)
    field.sync()
    put_back = field.backup()
    path = tmp_path / "clone.db"
    clone = Field(field.server, field.client, path, Phone(path, StepClock()))
    clone.answer(5, 6)
    delivered, idle = clone.sync(), clone.sync()
    put_back()
    again, settled = clone.sync(), clone.sync()
    entries_of_clone = {entry.hash for entry in clone.phone.entries()}
    clone.phone.close()

    assert (delivered.pushed, again.pushed) == (3, 3)
    assert entries_of_clone <= set(field.server.store.tables.journal)
    assert [(one.requests, one.pushed) for one in (idle, settled)] == [(2, 0), (2, 0)]


def _request(
    field: Field, *receipts: protocol.ReceiptReply, epoch: str = ""
) -> protocol.PushRequest:
    epoch = epoch or field.server.store.tables.epoch
    return protocol.PushRequest(field.phone.replica, epoch, "", [], {}, list(receipts))


def _lost(field: Field, request: protocol.PushRequest) -> list[entries.Op]:
    keys = {"k1": field.server.receipt_key.public_key().public_bytes_raw()}
    with field.server.store.begin() as journal:
        return engine.lost(journal, request, keys, NOW)


def test_only_what_the_server_signed_itself_and_lacks_is_believed(field: Field) -> None:
    backup = field.server.store.tables.snapshot()
    field.answer(1)
    field.sync()
    receipt = field.phone.receipts()[-1]
    stored = _lost(field, _request(field, receipt))
    field.server.store.restore(backup)
    promised = field.phone.verified_receipts()[-1]
    forged = protocol.sign_receipt(Ed25519PrivateKey.generate(), promised)
    unknown = protocol.sign_receipt(
        field.server.receipt_key, msgspec.structs.replace(promised, replica="0" * 64)
    )

    assert stored == []
    assert _lost(field, _request(field, forged, unknown)) == []
    assert _lost(field, _request(field, receipt, epoch="another")) == []
    assert len(_lost(field, _request(field, receipt, receipt))) == 1
    kept = field.server.store.tables.unverified.values()
    assert [content for _, _, content, _ in kept] == [forged.receipt_b64]


def test_a_gap_without_a_receipt_of_this_server_is_a_broken_chain(field: Field) -> None:
    backup = field.server.store.tables.snapshot()
    field.answer(1)
    field.sync()
    field.remove_upto(1)
    field.answer(2)
    field.server.store.restore(backup)
    field.sync()
    key = field.server.receipt_key.public_key().public_bytes_raw()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    row = field.rows()[2]
    with field.server.store.begin() as journal:
        named = list(engine.named(journal, row.replica, {"k1": key}))
        forged = list(engine.named(journal, row.replica, {"k1": other}))

    def found(values: list[LostValue]) -> tuple[str, ...]:
        public = field.server.store.tables.replicas[row.replica].public_key
        bridged = any(lost.stands_before(row.seq, row.prev) for lost in values)
        return rebuild.faults(row, lambda _: public, None, bridged=bridged)

    assert (found(named), found(forged)) == ((), ("chain",))
