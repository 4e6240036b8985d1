"""Three phones, a bad network, a changing team, a restored server: the invariants I1 to I12."""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sync import engine, entries, merge, protocol, rebuild, replay
from sync.phone import Phone
from sync.phone.errors import NoConflict, UnknownTask
from tests.conformance_journal import NOW
from tests.sync_server import CUT_BODY, LOSE_ANSWER, LOSE_REQUEST, MemoryServer
from tests.unit.test_sync_phone import TASK, StepClock

LOGINS = ["lead", "member", "third"]
ITEMS = ["answer/dust/D01", "answer/dust/D02"]
FAULTS: list[str | int] = [LOSE_REQUEST, LOSE_ANSWER, CUT_BODY, 413, 500, 503]
MEMORY_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None  # durability is tested elsewhere
REACHED: Counter[str] = Counter()

phones = st.sampled_from(LOGINS)


class Evening(RuleBasedStateMachine):
    """What may happen between nine and five, in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY_DISK))
        self.server = MemoryServer()
        self.client = self.server.client()
        self.team = ["member"]
        self.closed = False
        self.backup = self.server.store.tables.snapshot()
        self.phones: dict[str, Phone] = {}
        self.clocks: dict[str, StepClock] = {}
        self.clones = 0
        self.shown: dict[str, tuple[str, dict[str, int]]] = {}
        self.photos: dict[str, bytes] = {}
        for login in LOGINS:
            self.server.account(login)
        # everybody was on the task once, so everybody may have captured for it
        self.server.assign(TASK, "lead", ["member", "third"])
        for login in LOGINS:
            self.clocks[login] = StepClock()
            self.phones[login] = Phone(self.folder / f"{login}.db", self.clocks[login], login)
            self.phones[login].enrol(self.client, login, login)
            self._sync(login)
        self.server.assign(TASK, "lead", self.team)
        self.backup = self.server.store.tables.snapshot()

    @rule(who=phones, item=st.sampled_from(ITEMS), result=st.sampled_from(["pass", "fail"]))
    def answer(self, who: str, item: str, result: str) -> None:
        with suppress(UnknownTask):  # taken off it before anything was captured
            self.phones[who].answer(TASK, item, result)

    @rule(who=phones, number=st.integers(0, 5))
    def photograph(self, who: str, number: int) -> None:
        content = b"photo %d" % number
        with suppress(UnknownTask):
            self.phones[who].add_photo(TASK, content)
        self.photos[sha256(content).hexdigest()] = content

    @rule(who=phones)
    def sign(self, who: str) -> None:
        with suppress(UnknownTask):
            self.phones[who].sign(TASK, "lead", "甲", [[[1, 1]]])

    @rule(who=phones, item=st.sampled_from(ITEMS))
    def resolve(self, who: str, item: str) -> None:
        with suppress(NoConflict):
            self.phones[who].resolve(TASK, item, None, "复核")

    @rule(giver=phones, taker=phones)
    def carry(self, giver: str, taker: str) -> None:
        self.phones[taker].take_in(self.phones[giver].export_entries(TASK))

    @rule(
        who=phones,
        faults=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(FAULTS)), max_size=3),
    )
    def sync(self, who: str, faults: list[tuple[int, str | int]]) -> None:
        paths = [
            protocol.PUSH,
            protocol.STATE,
            protocol.UPLOADS,
            protocol.PULL,
            protocol.RECEIPTS,
        ]
        self.server.faults = [(paths[path], fault) for path, fault in faults]
        self._sync(who)
        self.server.faults = []

    @rule(member=st.sampled_from(["member", "third"]))
    def reassign(self, member: str) -> None:
        self.team = [member]
        self.server.assign(TASK, "lead", self.team)
        self.closed = False

    @rule()
    def close_or_reopen(self) -> None:
        type, value = ("task.reopen", {"reason": "补充"}) if self.closed else ("task.close", {})
        self.server.control(TASK, type, f"task/{TASK}", value)
        self.closed = not self.closed

    @rule(who=phones)
    def revoke(self, who: str) -> None:
        item = f"replica/{self.phones[who].replica}"
        self.server.control("", "replica.revoke", item, {"reason": "遗失"})

    @rule(who=phones, hours=st.integers(-48, 48))
    def clock_jumps(self, who: str, hours: int) -> None:
        self.clocks[who].moment += timedelta(hours=hours)

    @rule()
    def back_up(self) -> None:
        self.backup = self.server.store.tables.snapshot()

    @rule(who=phones)
    def only_the_last_entry_arrives(self, who: str) -> None:
        """By a partner, a series of QR codes, or a batch that skipped what was too large."""
        phone, tables = self.phones[who], self.server.store.tables
        rows = [row for row in phone.entries() if row.replica == phone.replica]
        if not rows or phone.replica not in tables.replicas:
            return
        last = protocol.PushedEntry(rows[-1].content, rows[-1].signature)
        request = protocol.PushRequest(phone.replica, tables.epoch, "", [last])
        prepared = engine.prepare(request, lambda id: tables.replicas[id].public_key)
        with self.server.store.begin() as journal:
            reply = engine.push(journal, self.server.blobs, prepared, NOW)
        REACHED[reply.results[0].effect] += 1

    @rule()
    def restore(self) -> None:
        lost = set(self.server.store.tables.journal) - set(self.backup.journal)
        REACHED["restored without an entry"] += bool(lost)
        self.server.store.restore(self.backup)
        self.backup = self.server.store.tables.snapshot()
        standing = self.server.store.tables.standings[TASK]
        self.closed = standing.closed

    @rule(who=phones)
    def clone(self, who: str) -> None:
        if self.clones == 2:
            return
        self.clones += 1
        name = f"{who}-clone-{self.clones}"
        shutil.copy(self.folder / f"{who}.db", self.folder / f"{name}.db")
        self.clocks[name] = StepClock(self.clocks[who].moment)
        twin = Phone(self.folder / f"{name}.db", self.clocks[name], who)
        with suppress(UnknownTask):
            twin.answer(TASK, ITEMS[0], "fail")
        self.phones[name] = twin

    @invariant()
    def positions_have_no_gaps(self) -> None:
        """I6."""
        tables = self.server.store.tables
        found = [row.pos for row in tables.journal.values()]

        assert len(found) == len(set(found))
        assert max(found) <= tables.pos

    @invariant()
    def everything_follows_from_the_journal(self) -> None:
        """I8, and I10: effects, items, standings and prefixes are those of a full replay."""
        tables = self.server.store.tables
        rows = sorted(tables.journal.values(), key=lambda row: row.pos)
        again = replay.replay(rows, tables.replicas.get)
        with self.server.store.begin() as journal:
            stored = [_plain(item) for item in journal.all_items()]

        assert again.verdicts == {row.hash: replay.verdict(row) for row in rows}
        assert [_plain(item) for item in again.items] == stored
        assert again.standings == tables.standings
        assert again.heads == {
            id: (info.upto_seq, info.head_hash)
            for id, info in tables.replicas.items()
            if id in again.heads
        }

    def teardown(self) -> None:
        if not hasattr(self, "phones"):
            return
        try:
            self._quiet()
        finally:
            for phone in self.phones.values():
                phone.close()
            self.client.close()
            shutil.rmtree(self.folder)

    def _sync(self, who: str) -> Any:
        waits: list[float] = []
        phone = self.phones[who]
        report = phone.sync(self.client, pause=waits.append, backoff=(1, 1))
        assert report.requests < 200  # I12
        self._never_backwards(who)
        for problem in report.problems:
            REACHED[problem] += 1
        return report

    def _never_backwards(self, who: str) -> None:
        """I11, within one life of the server."""
        store = self.phones[who]._store
        epoch, versions = store.get("cursor").partition(":")[0], dict(store.versions())
        of, before = self.shown.get(who, ("", {}))
        if of == epoch:
            for id, ver in versions.items():
                assert ver >= before.get(id, 0)
        self.shown[who] = (epoch, versions)

    def _quiet(self) -> None:
        for _ in range(3):
            for who, phone in self.phones.items():
                report = self._sync(who)
                if report.forked or "sync.unknown_replica" in report.problems:
                    phone.enrol(self.client, who.partition("-")[0], who.partition("-")[0])
        tables = self.server.store.tables
        for row in tables.journal.values():
            REACHED[f"{row.effect}:{row.reason}"] += 1
        for who in self.phones:
            self._nothing_is_lost(who)
            self._receipts_hold(who)
            self._view_is_the_recompute(who)

    def _nothing_is_lost(self, who: str) -> None:
        """I1, I2, I10: every entry of every phone is in the journal, byte for byte."""
        journal = self.server.store.tables.journal
        for row in self.phones[who].entries():
            assert journal[row.hash].content == row.content

    def _receipts_hold(self, who: str) -> None:
        """I7: what the last receipt covers is stored, and every file it names re-hashes."""
        phone, tables = self.phones[who], self.server.store.tables
        of_now = [r for r in phone.verified_receipts() if r.epoch == tables.epoch]
        for receipt in of_now:
            assert receipt.head_hash in tables.journal
        own = [row for row in phone.entries() if row.replica == phone.replica]
        if own:
            assert (
                max(receipt.upto_seq for receipt in of_now if receipt.replica == phone.replica)
                == own[-1].seq
            )
        for row in own:
            for op in entries.parse(row.content).ops:
                if op.blob:
                    assert sha256(self.server.files[str(op.blob)]).hexdigest() == op.blob

    def _view_is_the_recompute(self, who: str) -> None:
        """I5, for whoever may still pull."""
        phone, tables = self.phones[who], self.server.store.tables
        info = tables.replicas[phone.replica]
        if info.revoked:
            return
        with self.server.store.begin() as journal:
            truth = {
                document.id: document.body
                for _, document in journal.changed(info.user, 0, "", 10_000)
            }
            record = rebuild.record(journal, TASK)
        pulled = {
            document.id: document.body
            for kind in ("item", "task")
            for document in phone._store.documents(kind)
        }

        assert pulled == truth
        quiet = all(row.effect != "quarantined" for row in phone.entries())
        if truth and quiet:
            assert _heads(phone.record(TASK)) == _heads(record)


def _plain(item: Any) -> Any:
    return item.item, item.heads, item.conflict, item.document.ver, item.document.body


def _heads(record: merge.MergedRecord) -> dict[str, list[str]]:
    return {id: [head.id for head in item.heads] for id, item in record.items.items()}


def _play(evenings: int, *, same_every_time: bool) -> None:
    REACHED.clear()
    run_state_machine_as_test(
        Evening,
        settings=settings(
            max_examples=evenings,
            stateful_step_count=25,
            deadline=None,
            derandomize=same_every_time,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for effect in ("applied:", "held", "quarantined:reassigned", "quarantined:closed"):
        assert REACHED[effect] >= 3, (effect, REACHED)
    for effect in ("applied:fork", "quarantined:revoked", "restored without an entry"):
        assert REACHED[effect] >= 1, (effect, REACHED)


def test_evenings_of_any_order_lose_nothing_and_agree_in_the_end() -> None:
    _play(40, same_every_time=True)


@pytest.mark.long
def test_many_evenings_never_played_before_do_so_too() -> None:
    _play(1000, same_every_time=False)
