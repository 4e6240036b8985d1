"""Where an evening plays: phones, network and server, and what has to hold in the end."""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from sync import protocol
from sync.phone import Phone, SyncReport
from sync.phone.errors import PhoneError
from sync.ports import Standing
from tests.conftest import MEMORY_DISK
from tests.sync_model.checking import Ledger, check_never_backwards
from tests.sync_model.counting import count_result, names_of
from tests.sync_model.network import BadNetwork, Client
from tests.sync_model.opening import BEGUN, STRANGER, Opening
from tests.unit.test_sync_phone import TASK

ROUNDS = 8
"""Syncs of everybody after which nothing is left to do."""


class World(RuleBasedStateMachine):
    """The state of an evening; what happens in it, the rules of a subclass say."""

    opening: ClassVar[Opening]
    tally: ClassVar[Counter[str]]
    every: ClassVar[int] = 5
    """Steps between two looks at everything."""

    @initialize(number=st.integers(0, 2**32))
    def begin(self, number: int) -> None:
        self.chance = self.opening.dice
        self.server = self.opening.server
        self.network = BadNetwork(self.server.answer, self.server.die, self._told)
        self.client = Client(self.network)
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY_DISK))
        self.phones, self.clocks, self.stranger = self.opening.begin(self.folder, number)
        self.odd = self.phones.pop(STRANGER)
        self.backup = BEGUN
        self.told: dict[str, int] = {}  # what was acknowledged in this life of the server
        self.shown: dict[str, Any] = {}
        self.cloned: set[str] = set()
        self.steps = 0

    @invariant()
    def all_that_is_stored_follows_from_what_was_signed(self) -> None:
        self.steps += 1
        if self.steps % self.every == 0:
            self._look()

    def teardown(self) -> None:
        if not hasattr(self, "phones"):
            return
        try:
            self._come_to_rest()
            ledger = self._look()
            ledger.check_order_does_not_matter(self.chance)
            for phone in self.phones.values():
                ledger.check_whole(phone.entries())
                ledger.check_receipt(phone)
                ledger.check_view(phone)
            assert {sha256(one.bytes_b64).hexdigest() for one in self.stranger.chain} <= set(
                ledger.rows
            )
            self._count(ledger)
        finally:
            for phone in (*self.phones.values(), self.odd):
                phone.close()
            self.client.close()
            shutil.rmtree(self.folder)

    def _look(self) -> Ledger:
        ledger = Ledger(self.server)
        ledger.check()
        ledger.check_told(self.told)
        ledger.check_forks(self.cloned)
        return ledger

    def _come_to_rest(self) -> None:
        """Sync everybody until nobody has anything to say: one request each, and no more."""
        for _ in range(ROUNDS):
            self._stranger_delivers()
            reports = {name: self._sync(name) for name in self.phones}
            busy = [self._is_busy(name, report) for name, report in reports.items()]
            if not any(busy):
                return
        raise AssertionError(f"no rest after {ROUNDS} rounds: {reports}")

    def _is_busy(self, name: str, report: SyncReport) -> bool:
        """Whether there was more to do than to ask for the state; enrols anew who must."""
        wanted = report.forked or {"sync.unknown_replica", "sync.login"} & set(report.problems)
        if wanted and self._enrol(name):
            return True
        if report.problems and set(report.problems) <= {"sync.revoked", "sync.login"}:
            return bool(report.pushed or report.uploaded)  # may not pull any more
        store = self.phones[name]._store
        ids = [replica.id for replica in store.replicas()]
        forked = sum(bool(store.get(f"branch:{id}")) for id in ids)  # it asks for its own branch
        return not report.complete or report.requests > len(ids) + forked

    def _stranger_delivers(self) -> None:
        if not self.stranger.chain:
            return
        try:
            self.stranger.deliver(self.client, "as signed", self.chance)
        except PhoneError:  # a restore forgot it
            self.odd.enrol(self.client, STRANGER, STRANGER)
            self.stranger.deliver(self.client, "as signed", self.chance)

    def _go_back_to(self, backup: str) -> None:
        before = self.server.hashes()
        self.server.load(backup)
        self.server.open_epoch()
        self.tally["restored without an entry"] += bool(before - self.server.hashes())
        self.told.clear()

    def _heads(self, item: str) -> list[str]:
        with self.server.begin() as journal:
            rows = [
                row for row in journal.all_items() if (row.assignment, row.item) == (TASK, item)
            ]
        return sorted(id for row in rows for id in row.heads)

    def _standing(self) -> Standing | None:
        with self.server.begin() as journal:
            return journal.standings([TASK]).get(TASK)

    def _enrol(self, name: str) -> bool:
        login = name.partition("-")[0]
        with suppress(PhoneError):  # revoked
            self.phones[name].enrol(self.client, login, login)
            return True
        return False

    def _sync(self, name: str) -> SyncReport:
        phone, waits = self.phones[name], list[float]()
        report = phone.sync(self.client, pause=waits.append, backoff=(1, 1))
        files = sum(1 for one in phone.entries() if b'"photo.add"' in one.content)
        replicas = len(phone._store.replicas())
        assert report.requests <= replicas * 60 + 6 * len(phone.entries()) + 60 * files  # I12
        self.shown[name] = check_never_backwards(phone, self.shown.get(name, ("", {})))
        return report

    def _told(self, result: protocol.PushResult) -> None:
        if result.stored in ("new", "duplicate", "fork"):
            self.told[result.hash] = result.pos
        count_result(self.tally, result)

    def _count(self, ledger: Ledger) -> None:
        self.tally["evenings"] += 1
        for kept in ledger.oracle.entries.values():
            self.tally.update(names_of(kept.effect, kept.reason, sorted(kept.flags)))
        self.tally["claimed later"] += sum(
            op["type"] == "replica.enrol"
            for kept in ledger.oracle.entries.values()
            if kept.sound
            for op in kept.body["ops"]
        )

    def _name(self, who: int) -> str:
        return list(self.phones)[who % len(self.phones)]

    def _phone(self, who: int) -> Phone:
        return self.phones[self._name(who)]
