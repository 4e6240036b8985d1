"""How an evening begins: made once, then copied, because enrolling costs more than capturing."""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from sync.phone import Phone
from tests.conformance_journal import Hand
from tests.conftest import MEMORY_DISK
from tests.sync_model.network import BadNetwork, Client
from tests.sync_model.servers import Server
from tests.sync_model.stranger import Stranger
from tests.unit.test_sync_phone import TASK, StepClock

LOGINS = ["lead", "member", "third"]
STRANGER = "stranger"
BEFORE_ANYBODY, BEGUN = "before", "begun"
"""Backups: from before any phone was enrolled, and of the beginning of an evening."""
OTHER_TASK = "0198aaaa-0000-4000-8000-000000000002"


@dataclass
class Opening:
    """A server with two tasks, three enrolled phones that know them, and another program."""

    server: Server
    dice: Random
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(dir=MEMORY_DISK)))
    moments: dict[str, datetime] = field(default_factory=dict)  # of the phones' clocks

    def __post_init__(self) -> None:
        network = BadNetwork(self.server.answer, self.server.die, lambda result: None)
        for login in (*LOGINS, STRANGER):
            self.server.account(login)
        self.server.save(BEFORE_ANYBODY)
        # everybody was on the task once, so everybody may have captured for it
        self.server.assign(TASK, "lead", ["member", "third", STRANGER])
        self.server.assign(OTHER_TASK, "third", ["lead"])
        with Client(network) as client:
            for login in (*LOGINS, STRANGER):
                clock = StepClock()
                phone = opened(self.folder / f"{login}.db", clock)
                phone.enrol(client, login, login)
                assert phone.sync(client, pause=_no_pause).complete
                phone.close()
                self.moments[login] = clock.moment
        self.server.assign(TASK, "lead", ["member", STRANGER])
        self.server.save(BEGUN)

    def begin(
        self, folder: Path, number: int
    ) -> tuple[dict[str, Phone], dict[str, StepClock], Stranger]:
        """Put the server back to the beginning, and return fresh copies of the phones."""
        self.dice.seed(number)
        self.server.load(BEGUN)
        clocks = {login: StepClock(moment) for login, moment in self.moments.items()}
        phones = {}
        for login, clock in clocks.items():
            shutil.copy(self.folder / f"{login}.db", folder / f"{login}.db")
            phones[login] = opened(folder / f"{login}.db", clock)
        odd = phones[STRANGER]
        hand = Hand(odd.user, odd._store.replicas()[-1].key, odd._store.get("device"))
        return phones, clocks, Stranger(hand, TASK, phones["lead"].user)

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder)


def opened(path: Path, clock: StepClock) -> Phone:
    """Return the phone of this file, without its care for power cuts: it costs half an evening."""
    phone = Phone(path, clock, "手机")
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY"):
        phone._store._db.execute(f"PRAGMA {pragma}").close()
    return phone


def _no_pause(_seconds: float) -> None:
    raise AssertionError("nothing to wait for")
