"""Three phones, another program, a bad network, a changing team, a restored server."""

import shutil
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from sync import entries, protocol
from sync.phone.errors import PhoneError, RefusedFile, UnknownTask
from tests.conformance_journal import FORM
from tests.sync_model.network import (
    CUT_ANSWER,
    DIE,
    LOSE_ANSWER,
    LOSE_REQUEST,
    Fault,
    push_straight,
)
from tests.sync_model.opening import BEFORE_ANYBODY, LOGINS, OTHER_TASK, STRANGER, opened
from tests.sync_model.stranger import KINDS, ORDERS
from tests.sync_model.world import World
from tests.unit.test_sync_phone import FINDING, TASK, StepClock

LATER = "later"
"""The backup taken in an evening."""
OTHER_FORM = "dust_explosion@2"
ITEMS = ["answer/dust/D01", "answer/dust/D02"]
PATHS = [
    protocol.PUSH,
    protocol.PUSH,
    protocol.STATE,
    protocol.UPLOADS,
    protocol.PULL,
    protocol.RECEIPTS,
]
FAULTS: list[Fault] = [LOSE_REQUEST, LOSE_ANSWER, CUT_ANSWER, DIE, DIE, 409, 413, 500, 503]

RECHECK = "recheck/0198aaaa-0000-4000-8000-0000000000aa/1"
ROWS = [{"位置": "1#罐", "C01": ["fan", "filter"]}, {}]
"""The value of an item that is a table."""

EXPERT = {"kind": "expert", "position": "", "phone": "", "unit": "安科院"}
somebody = st.integers(0, 4)
small = st.integers(0, 7)
result = st.sampled_from(["pass", "fail"])
teams = st.sampled_from([["member"], ["third"], ["member", STRANGER]])
item = st.sampled_from(ITEMS)
task = st.sampled_from([TASK, TASK, TASK, OTHER_TASK])
fault = st.tuples(st.sampled_from(PATHS), st.sampled_from(FAULTS))


class Evening(World):
    """What may happen between nine and five, in any order."""

    # --- capturing ----------------------------------------------------------------------------

    @rule(who=somebody, task=task, item=item, result=result)
    def answer(self, who: int, task: str, item: str, result: str) -> None:
        with suppress(UnknownTask):  # taken off it before anything was captured
            self._phone(who).answer(task, item, result)

    @rule(results=st.permutations(["pass", "fail", "given"]), overruled=st.booleans())
    def disagree(self, results: list[str], overruled: bool) -> None:
        """Everybody answers the same item before anybody has heard of the others."""
        for name, said in zip(LOGINS, results, strict=True):
            with suppress(UnknownTask):
                given = ROWS if said == "given" else None
                self.phones[name].answer(TASK, ITEMS[0], said, given=given)
        for name in LOGINS:
            self._sync(name)
        if overruled:
            self.another_program_delivers(["overruling"], "as signed")

    @rule(who=somebody, what=st.sampled_from(["page", "visit", "signature"]), number=small)
    def capture(self, who: int, what: str, number: int) -> None:
        """Things of one entry, of which the later cite the earlier."""
        phone = self._phone(who)
        with suppress(UnknownTask):
            if what == "signature":
                people = [item.id for item in phone.record(TASK).of_kind("participant/")]
                phone.sign(TASK, [*people, "lead"][number % (len(people) + 1)], "甲", [[[1, 1]]])
                return
            with phone.together(TASK):
                if what == "visit":
                    phone.start_visit(TASK, place="打磨车间")
                    phone.participant(TASK, "responsible", "张三")
                    phone.complete(TASK)
                    return
                phone.answer(TASK, ITEMS[0], "pass")
                phone.answer(TASK, ITEMS[0], "fail")
                phone.recheck(TASK, RECHECK, ("rectified", "partly")[number % 2])
                finding = phone.add_finding(TASK, FINDING)
                phone.add_photo(TASK, b"photo %d" % number, finding=finding)

    @rule(who=somebody, number=small, amend=st.booleans())
    def change(self, who: int, number: int, amend: bool) -> None:
        """Withdraw or amend something that this phone shows, whoever captured it."""
        phone = self._phone(who)
        shown = [id for id in phone.record(TASK).items if not id.startswith("visit/")]
        if not shown:
            return
        chosen = shown[number % len(shown)]
        with suppress(UnknownTask):
            if amend and chosen.startswith("finding/"):
                phone.amend_finding(TASK, chosen, {**FINDING, "text": f"改 {number}"})
            elif amend and chosen.startswith("participant/"):
                phone.amend_participant(TASK, chosen, {**EXPERT, "name": f"孙 {number}"})
            else:
                phone.retract(TASK, chosen, "误填")

    @rule(who=somebody)
    def resolve(self, who: int) -> None:
        """Settle whatever this phone shows in conflict, lead or not."""
        phone = self._phone(who)
        for item in phone.record(TASK).conflicts:
            phone.resolve(TASK, item, None, "复核")

    @rule(who=somebody, hours=st.sampled_from([48, 1, -1, -48]))
    def clock_jumps(self, who: int, hours: int) -> None:
        self.clocks[self._name(who)].moment += timedelta(hours=hours)
        self.answer(who, TASK, ITEMS[1], "pass")

    @rule(how=st.lists(st.sampled_from(sorted(KINDS)), max_size=4), order=st.sampled_from(ORDERS))
    def another_program_delivers(self, how: list[str], order: str) -> None:
        self.stranger.seen = self._heads(ITEMS[0])
        for kind in how:
            self.stranger.capture(kind)
        with suppress(PhoneError):
            self.stranger.deliver(self.client, order, self.chance)

    # --- from phone to phone, and to the server -------------------------------------------------

    @rule(giver=somebody, taker=somebody, task=task)
    def carry(self, giver: int, taker: int, task: str) -> None:
        """Whose officers this phone does not know of, whole files are refused: it has to sync."""
        phone, before = self._phone(taker), self._phone(taker).entries()
        try:
            phone.take_in(self._phone(giver).export_entries(task))
        except RefusedFile:
            assert phone.entries() == before

    @rule(who=somebody)
    def sync(self, who: int) -> None:
        self._sync(self._name(who))

    @rule()
    def everybody_syncs(self) -> None:
        for name in self.phones:
            self._sync(name)

    @rule(who=somebody, faults=st.lists(fault, min_size=1, max_size=3), storm=st.booleans())
    def sync_badly(self, who: int, faults: list[tuple[str, Fault]], storm: bool) -> None:
        """Some requests go wrong, or in a storm all of them; it comes to an end all the same."""
        self.capture(who, "page", len(faults))
        self.network.faults = list(faults)
        self.network.storm = faults[0][1] if storm else ""
        self._sync(self._name(who))
        self.network.calm()
        assert self.told.keys() <= self.server.hashes(), "acknowledged and not stored"

    @rule(who=somebody)
    def only_the_last_entry_arrives(self, who: int) -> None:
        """By a series of QR codes, or a batch that skipped what was too large."""
        phone = self._phone(who)
        with suppress(UnknownTask):
            phone.answer(TASK, ITEMS[1], "pass")
            phone.answer(TASK, ITEMS[1], "fail")
        own = [entry for entry in phone.entries() if entry.replica == phone.replica]
        last = [protocol.PushedEntry(one.content, one.signature) for one in own[-1:]]
        with suppress(PhoneError):
            push_straight(self.client, phone._store.replicas()[-1], last)

    @rule(who=somebody)
    def log_in(self, who: int) -> None:
        self._enrol(self._name(who))

    # --- the bureau -----------------------------------------------------------------------------

    @rule(members=teams, changed=st.booleans())
    def reassign(self, members: list[str], changed: bool) -> None:
        """To another team, at times with other forms while the lead captures with the old ones."""
        self.answer(0, TASK, ITEMS[1], "pass")
        self.server.assign(TASK, "lead", members, OTHER_FORM if changed else FORM)

    @rule()
    def close_or_reopen(self) -> None:
        standing = self._standing()
        closed = standing is not None and standing.closed
        type, value = ("task.reopen", {"reason": "补充"}) if closed else ("task.close", {})
        self.server.control(TASK, type, f"task/{TASK}", value)

    @rule(who=somebody)
    def revoke(self, who: int) -> None:
        """A lost phone; what was captured on it and not delivered comes when it is found."""
        for said in ("pass", "fail"):
            self.answer(who, TASK, ITEMS[1], said)
        replica = self._phone(who).replica
        with self.server.begin() as journal:
            known = journal.replica(replica)
        if known:  # a bureau revokes what it sees
            item = f"replica/{replica}"
            self.server.control("", "replica.revoke", item, {"reason": "遗失"})

    @rule(first=st.sampled_from([0, 1]))
    def decide_in_the_inbox(self, first: int) -> None:
        """One entry is accepted, the next declined, the next accepted."""
        self.everybody_syncs()
        self._decide(["inbox.accept", "inbox.decline", "inbox.accept", "inbox.decline"][first:])

    @rule(who=somebody, accepted=st.booleans())
    def decide_on_what_waits(self, who: int, accepted: bool) -> None:
        """A phone is thought to be lost, and what came of it is ruled on; then it turns up."""
        self.only_the_last_entry_arrives(who)
        self._decide(["inbox.accept" if accepted else "inbox.decline"], of=("held",))

    def _decide(self, decisions: list[str], of: tuple[str, ...] = ("quarantined", "held")) -> None:
        with self.server.begin() as journal:
            waiting = sorted(row.hash for row in journal.all_entries() if row.effect in of)
        for decision, hash in zip(decisions, waiting, strict=False):
            self.server.control("", decision, f"entry/{hash}", {"reason": "核实"})

    @rule(who=st.sampled_from(LOGINS), item=item)
    def settle_at_a_desk(self, who: str, item: str) -> None:
        """A conflict settled in the office, by the lead or by somebody who may not."""
        heads, standing = self._heads(item), self._standing()
        if len(heads) > 1 and standing:
            value = {"chosen": None, "reason": "复核"}
            op = entries.make_op("conflict.resolve", item, value, heads)
            self.server.write(TASK, op, self.server.account(who), standing.form)

    # --- accidents --------------------------------------------------------------------------------

    @rule()
    def back_up(self) -> None:
        self.backup = LATER
        self.server.save(LATER)

    @rule()
    def restore(self) -> None:
        self._go_back_to(self.backup)

    @rule(giver=somebody, taker=somebody, accept=st.booleans())
    def everybody_is_forgotten(self, giver: int, taker: int, accept: bool) -> None:
        """A backup from before anybody enrolled; a partner comes before the phone itself."""
        self._go_back_to(BEFORE_ANYBODY)
        self.tally["restored without a replica"] += 1
        self.server.assign(TASK, "lead", ["member", "third"])
        self.answer(giver, TASK, ITEMS[1], "fail")
        self.carry(giver, taker, TASK)
        self._enrol(self._name(taker))
        self._sync(self._name(taker))
        if accept:
            self.decide_in_the_inbox(0)
        self._enrol(self._name(giver))

    @rule(who=somebody)
    def clone(self, who: int) -> None:
        if len(self.phones) > len(LOGINS) + 1:
            return
        name, phone = self._name(who), self._phone(who)
        twin = f"{name.partition('-')[0]}-{len(self.phones)}"
        shutil.copy(self.folder / f"{name}.db", self.folder / f"{twin}.db")
        self.clocks[twin] = StepClock(self.clocks[name].moment)
        self.phones[twin] = opened(self.folder / f"{twin}.db", self.clocks[twin])
        self.cloned.add(phone.replica)
        for one in (self.phones[twin], phone):
            with suppress(UnknownTask):
                one.answer(TASK, ITEMS[0], "fail" if one is phone else "pass")

    @rule(who=somebody, lost=st.booleans())
    def storage_is_cleared(self, who: int, lost: bool) -> None:
        """A phone drops what a receipt covers; should the server lose it, the receipt names it."""
        phone = self._phone(who)
        if phone.replica in self.cloned:
            return
        self.answer(who, TASK, ITEMS[1], "pass")
        self._sync(self._name(who))
        covered = "SELECT MAX(upto_seq) FROM receipt WHERE replica = entry.replica"
        with phone._store.transaction():
            phone._store._db.execute(
                f"DELETE FROM entry WHERE replica = ? AND seq <= ({covered})", (phone.replica,)
            )
        phone._view.reload()
        if lost:
            self._go_back_to(self.backup)
            self.answer(who, TASK, ITEMS[1], "fail")
