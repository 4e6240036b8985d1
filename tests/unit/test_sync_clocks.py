"""
A phone whose clock is a year ahead, or that says so, moves nobody else's and wins nothing by it.

One whose clock shows another day leads those on who know what it wrote: what comes later says so.

The app's phone is held to the same by capture/ahead.test.ts.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sync import entries
from sync.ids import AHEAD_MS, Hlc
from sync.phone import Phone
from sync.phone.local import LocalEntry
from tests.sync_server import MemoryServer
from tests.unit.test_sync_phone import StepClock

TASK = "0198aaaa-0000-4000-8000-000000000001"
ITEM = "answer/dust/D01"
YEAR = timedelta(days=365)
STROKES = [[[1, 1], [2, 2]]]


class Pair:
    """The lead's phone, ahead, and the member's, which is right."""

    def __init__(self, folder: Path, ahead: timedelta) -> None:
        self.server = MemoryServer()
        for login in ("lead", "member"):
            self.server.account(login)
        self.server.assign(TASK, "lead", ["member"])
        self.clocks = StepClock(), StepClock()
        self.lead, self.member = (
            Phone(folder / f"{login}.db", clock)
            for login, clock in zip(("lead", "member"), self.clocks, strict=True)
        )
        for phone, login in ((self.lead, "lead"), (self.member, "member")):
            phone.enrol(self.server.client(), login, login)
            self.sync(phone)
        self.clocks[0].moment += ahead

    def sync(self, *phones: Phone) -> None:
        for phone in phones:
            phone.sync(self.server.client(), pause=lambda _: None)

    def exchange(self) -> None:
        self.member.take_in(self.lead.export_entries(TASK))
        self.lead.take_in(self.member.export_entries(TASK))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path, YEAR)
    with closing(made.lead), closing(made.member):
        yield made


@pytest.fixture
def day_apart(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path, timedelta(days=1))
    with closing(made.lead), closing(made.member):
        yield made


def readings(phone: Phone) -> list[Hlc]:
    """The readings of what a phone wrote itself."""
    return [Hlc.parse(entries.parse(row.content).hlc) for row in own_rows(phone)]


def own_rows(phone: Phone) -> list[LocalEntry]:
    return [row for row in phone.entries() if row.replica == phone.replica]


def year_of(reading: Hlc) -> int:
    return datetime.fromtimestamp(reading.unix_ms / 1000, timezone(timedelta(hours=8))).year


@pytest.mark.parametrize("way", ["by file", "by server"])
def test_nobody_elses_clock_is_moved(pair: Pair, way: str) -> None:
    pair.lead.note(TASK, "明年")
    if way == "by file":
        pair.exchange()
    else:
        pair.sync(pair.lead, pair.member)
    pair.member.note(TASK, "今年")

    assert [year_of(one) for one in readings(pair.lead)] == [2027]
    assert [year_of(one) for one in readings(pair.member)] == [2026]
    assert len(pair.member.record(TASK).items) == 2


def test_the_later_reading_wins_no_disagreement(pair: Pair) -> None:
    pair.lead.answer(TASK, ITEM, "pass")
    pair.member.answer(TASK, ITEM, "fail")
    pair.exchange()
    seen = pair.member.item(TASK, ITEM)

    assert seen is not None
    assert seen.conflict
    assert [head.plain()["result"] for head in seen.heads] == ["fail", "pass"]  # by reading


def test_who_knew_of_it_replaces_what_has_a_later_reading(pair: Pair) -> None:
    pair.lead.answer(TASK, ITEM, "pass")
    pair.exchange()
    pair.member.answer(TASK, ITEM, "fail")
    pair.exchange()

    for phone in (pair.lead, pair.member):
        now = phone.item(TASK, ITEM)
        assert now is not None
        assert [head.plain()["result"] for head in now.heads] == ["fail"]


def test_a_signature_holds_or_is_stale_whatever_the_readings_say(pair: Pair) -> None:
    pair.lead.answer(TASK, ITEM, "pass")
    pair.exchange()
    pair.member.sign(TASK, "member", "李四", STROKES)
    (before,) = pair.member.record(TASK).signatures
    pair.lead.note(TASK, "补记")
    pair.exchange()
    (after,) = pair.member.record(TASK).signatures

    assert (before.stale, before.unseen) == (False, ())
    assert after.stale  # though the note claims to be of another year


def test_after_the_clock_was_put_right_the_phone_goes_on_and_only_the_wrong_time_is_flagged(
    pair: Pair,
) -> None:
    pair.lead.note(TASK, "明年")
    pair.clocks[0].moment -= YEAR
    pair.lead.note(TASK, "今年")
    pair.sync(pair.lead)

    first, second = readings(pair.lead)
    assert second == Hlc(first.unix_ms, first.counter + 1, first.replica)
    rows = sorted(pair.server.store.tables.journal.values(), key=lambda row: row.seq)
    own = [row for row in rows if row.replica == pair.lead.replica]
    assert [(row.effect, row.flags) for row in own] == [
        ("applied", ("future_clock",)),
        ("applied", ()),
    ]


@pytest.mark.parametrize("way", ["by file", "by server"])
def test_what_follows_a_reading_of_tomorrow_is_later_and_told_by_its_own_clock(
    day_apart: Pair, way: str
) -> None:
    pair = day_apart
    pair.lead.sign(TASK, "lead", "张三", STROKES)
    if way == "by file":
        pair.exchange()
    else:
        pair.sync(pair.lead, pair.member)
    pair.member.note(TASK, "签名后补记")
    (signature,) = pair.member.record(TASK).signatures
    after = entries.parse(own_rows(pair.member)[-1].content)

    assert (signature.stale, signature.unseen) == (True, ())
    assert signature.head.hlc < after.hlc
    assert after.wall < signature.head.wall  # each by its own clock


@pytest.mark.parametrize(("minutes", "is_led"), [(-1, True), (1, False)])
def test_a_reading_beyond_two_days_leads_nobody_on(
    tmp_path: Path, minutes: int, is_led: bool
) -> None:
    pair = Pair(tmp_path, timedelta(milliseconds=AHEAD_MS, minutes=minutes))
    with closing(pair.lead), closing(pair.member):
        pair.lead.note(TASK, "超前")
        pair.exchange()
        pair.member.note(TASK, "正常")
        ((ahead,), (other,)) = readings(pair.lead), readings(pair.member)

        assert (other > ahead) is is_led


def test_a_phone_at_the_end_of_all_readings_goes_on_saving(pair: Pair) -> None:
    pair.clocks[0].moment = datetime(2290, 1, 1, tzinfo=UTC)
    for text in ("一", "二"):
        pair.lead.note(TASK, text)
    pair.clocks[0].moment = pair.clocks[1].moment
    pair.lead.note(TASK, "三")
    pair.exchange()
    pair.sync(pair.lead, pair.member)

    assert [(one.unix_ms, one.counter) for one in readings(pair.lead)] == [
        (9_999_999_999_999, count) for count in range(3)
    ]
    assert len(pair.member.record(TASK).items) == 3
    assert pair.member.record(TASK).view == pair.lead.record(TASK).view
