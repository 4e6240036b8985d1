"""Entries that wait for an earlier one of their phone: who they hold up, and who settles that."""

from dataclasses import replace

import pytest

from inspect_server.domain.closing import EntriesHeld
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.reads.phones import inbox
from inspect_server.reads.phones.inbox import InboxRow
from inspect_server.store import visit_records
from inspect_server.usecases.journal.inbox import (
    NotReadable,
    accept_entry,
    decline_entry,
    revoke_replica,
)
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Actor, Backend
from sync.entries import make_op
from sync.ids import uuid7
from tests.actors import ALL_ROLES
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Phone, Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
WHY = "手机落入熔炉，由同行人员手机转交"


@pytest.fixture
def visit(backend: Backend) -> Visit:
    bureau = open_bureau(backend)
    return Visit(bureau, bureau.dispatched()[0])


def waits(phone: Phone, words: str) -> None:
    """An entry behind one that never arrives."""
    phone.lose_one()
    note(phone, words, effect="held")


def note(phone: Phone, words: str, effect: str = "") -> None:
    item = f"note/{uuid7(int(phone.visit.at.timestamp() * 1000))}"
    phone.save(make_op("note.add", item, {"text": words}), effect=effect)


def awaited(visit: Visit) -> int:
    with visit.backend.reading() as session:
        return visit_records.awaited(session, visit.inspection)


def rows(visit: Visit) -> list[InboxRow]:
    with visit.backend.reading() as session:
        return list(inbox.listed(session).rows)


def supervisor(visit: Visit) -> Actor:
    return replace(visit.bureau.inspector(4), roles=frozenset({Role.SUPERVISOR}))


def test_only_what_would_be_applied_is_waited_for_and_all_of_it_is_shown(visit: Visit) -> None:
    visit.start(0, 1)
    waits(visit.phone(1), "本组人员")
    waits(visit.phone(4), "他人任务")
    before = awaited(visit)
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")

    assert (before, awaited(visit)) == (1, 0)
    assert [(row.reason, row.user_name) for row in rows(visit)] == [
        ("held", "周检查"),
        ("held", "钱检查"),
    ]


def test_a_supervisor_takes_in_what_waits_and_the_record_shows_it(visit: Visit) -> None:
    visit.start(0, 1)
    waits(visit.phone(1), "第一条")
    note(visit.phone(1), "第二条", effect="held")
    waiting = rows(visit)[-1].hash
    with visit.backend.begin(supervisor(visit)) as work:
        accept_entry(work, waiting, WHY)
    with visit.backend.reading() as session:
        notes = visit_records.load(session, visit.inspection).merged.of_kind("note/")

    assert sorted(item.heads[0].plain()["text"] for item in notes) == ["第一条", "第二条"]
    assert awaited(visit) == 0
    (row,) = rows(visit)
    assert (row.hash, row.effect, row.reason) == (waiting, "applied", "gap")
    assert row.ruling is not None
    assert (row.ruling.accepted, row.ruling.by, row.ruling.reason) == (True, "周检查", WHY)
    assert verify_journal(visit.backend).faults == ()
    assert rebuild_journal(visit.backend) == 0


def test_what_a_supervisor_declines_holds_nobody_up_and_stays_in_the_inbox(visit: Visit) -> None:
    visit.start(0, 1)
    waits(visit.phone(1), "第一条")
    note(visit.phone(1), "第二条", effect="held")
    waiting = rows(visit)[-1].hash
    with visit.backend.begin(supervisor(visit)) as work:
        decline_entry(work, waiting, WHY)

    assert awaited(visit) == 0
    assert [
        (row.reason, row.declined, row.ruling and (row.ruling.accepted, row.ruling.reason))
        for row in rows(visit)
    ] == [("declined", True, (False, WHY))]
    assert verify_journal(visit.backend).faults == ()
    assert rebuild_journal(visit.backend) == 0


def test_who_may_rule_on_what_waits_is_whose_inspection_it_is(visit: Visit) -> None:
    waits(visit.phone(1), "第一条")
    elsewhere = replace(supervisor(visit), unit="另一科")
    with pytest.raises(NotFound), visit.backend.begin(elsewhere) as work:
        accept_entry(work, rows(visit)[0].hash, WHY)


def test_what_only_the_server_says_is_not_taken_in_from_a_phone_that_waits(visit: Visit) -> None:
    phone = visit.phone(1)
    phone.lose_one()
    closing = make_op("task.close", f"task/{visit.inspection}", {})
    phone.save(closing, effect="held")
    with pytest.raises(NotReadable), visit.backend.begin(supervisor(visit)) as work:
        accept_entry(work, rows(visit)[0].hash, WHY)


def test_the_refusal_to_close_names_both_ways_out() -> None:
    said = str(EntriesHeld(count=2))

    assert "完成同步" in said
    assert "待核实记录" in said
