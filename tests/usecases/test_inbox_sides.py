"""The supervisor's inbox: why an entry is there, and what it wanted beside what stands."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from inspect_server.domain.enums import Role
from inspect_server.reads.phones import inbox
from inspect_server.reads.phones import phones as reads
from inspect_server.reads.phones.inbox import InboxRow
from inspect_server.store.journal import head as sync_head
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.journal.inbox import decline_entry, revoke_replica
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Actor, Backend
from sync.entries import make_op
from sync.protocol import PushedEntry, PushRequest
from tests.actors import ALL_ROLES
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Phone, Visit
from tests.usecases.test_documents import _go

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

ITEM = "answer/small/A1"


@pytest.fixture
def visit(backend: Backend) -> Visit:
    bureau = open_bureau(backend)
    return Visit(bureau, bureau.dispatched()[0])


def rows(visit: Visit) -> list[InboxRow]:
    with visit.backend.reading() as session:
        return list(inbox.listed(session).rows)


def late(phone: Phone, result: str = "fail", **texts: str) -> None:
    """An answer that is kept, but not applied."""
    value = {"result": result, "reason": "", "note": ""} | texts
    phone.save(make_op("answer.set", ITEM, value), effect="quarantined")


def test_an_entry_stands_beside_what_the_record_says_of_its_item(visit: Visit) -> None:
    visit.start(0, 1)
    visit.phone(0).answer("A1", "pass", note="已查看")
    said_at = visit.at
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    late(visit.phone(1), "fail", note="无警示标志")
    row = rows(visit)[0]

    assert (row.effect, row.reason, row.since) == ("quarantined", "revoked", visit_now(visit))
    assert (row.user_name, row.carrier_name, row.number) == ("钱检查", "钱检查", "2026-0001")
    assert datetime.fromisoformat(row.wall) == visit.at
    assert row.received_at == visit_now(visit)
    wanted = row.operations[0]
    assert (wanted.title, wanted.words) == ("A1 问题A1", "不符合（无警示标志）")
    assert wanted.value == {"result": "fail", "reason": "", "note": "无警示标志"}
    stands = wanted.stands
    assert [(one.words, one.user_name) for one in stands] == [("符合（已查看）", "赵检查")]
    assert datetime.fromisoformat(stands[0].wall) == said_at
    assert (stands[0].received_at, stands[0].replica) == (
        visit_now(visit),
        visit.phone(0).replica,
    )


def test_an_entry_and_what_stands_are_told_by_what_they_differ_in(visit: Visit) -> None:
    visit.start(0, 1)
    item = visit.phone(0).find("A1")
    (added,) = [op for op in visit.operations() if op.item == item]
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    wanted = json.loads(added.value) | {"place": "二号池"}
    visit.phone(1).save(make_op("finding.amend", item, wanted, [added.id]), effect="quarantined")
    (shown,) = rows(visit)[0].operations

    assert shown.words == "一般隐患（未设置警示标志；部位：二号池）"
    assert [one.words for one in shown.stands] == ["一般隐患（未设置警示标志；部位：一号池）"]


def visit_now(visit: Visit) -> datetime:
    """The server's clock, which stands still."""
    return visit.backend.clock.now()


def test_an_item_in_conflict_shows_every_value_that_stands(visit: Visit) -> None:
    visit.start(0, 1)
    for officer, result in ((0, "pass"), (1, "fail")):
        visit.phone(officer).answer("A1", result)
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    late(visit.phone(1), "not_applicable", reason="未涉及")

    assert {one.words for one in rows(visit)[0].operations[0].stands} == {"符合", "不符合"}


def test_it_says_since_when_somebody_is_off_the_task_and_when_the_record_was_closed(
    visit: Visit,
) -> None:
    bureau = visit.bureau
    _go(visit, fails=False)
    late(visit.phone(1))
    with visit.backend.reading() as session:
        other = select(Inspection.id).where(Inspection.id != visit.inspection)
        second = Visit(bureau, session.scalars(other).one())
    second.start(0, 1)
    with visit.backend.begin(bureau.author) as work:
        reassign(work, second.inspection, bureau.officers[1], bureau.officers[2], "illness")
    late(second.phone(1))
    late(second.phone(4))

    found = {row.reason: row.since for row in rows(visit)}
    assert found == {
        "closed": visit_now(visit),
        "reassigned": visit_now(visit),
        "not_assigned": None,
    }


def test_who_declined_an_entry_and_why_is_said_with_it(visit: Visit) -> None:
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    late(visit.phone(1))
    supervisor = visit.bureau.inspector(4)
    supervisor = replace(supervisor, roles=frozenset({Role.SUPERVISOR}))
    with visit.backend.begin(supervisor) as work:
        decline_entry(work, rows(visit)[0].hash, "手机遗失后产生的数据")
    row = rows(visit)[0]

    assert row.declined
    assert row.ruling is not None
    assert (row.ruling.by, row.ruling.reason) == ("周检查", "手机遗失后产生的数据")


def test_both_branches_of_a_fork_are_shown_each_beside_the_other(visit: Visit) -> None:
    phone = visit.phone(0)
    visit.start(0)
    seq, prev = phone.seq, phone.prev
    phone.answer("A1", "pass")
    phone.seq, phone.prev = seq, prev
    visit.at += timedelta(minutes=5)
    phone.answer("A1", "fail")
    found = rows(visit)

    assert [row.reason for row in found] == ["fork", "fork"]
    assert {row.effect for row in found} <= {"applied", "conflict"}
    sides = {(row.operations[0].words, row.operations[0].stands[0].words) for row in found}
    assert sides == {("符合", "不符合"), ("不符合", "符合")}


def test_what_waits_for_an_earlier_entry_is_shown_too(visit: Visit) -> None:
    phone = visit.phone(0)
    phone.lose_one()
    value = {"result": "pass", "reason": "", "note": ""}
    phone.save(make_op("answer.set", ITEM, value), effect="held")

    assert [(row.effect, row.reason) for row in rows(visit)] == [("held", "held")]


def test_every_operation_is_said_in_words(visit: Visit) -> None:
    with visit.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    phone = visit.phone(1)
    start = {
        "latitude": "", "longitude": "", "accuracy_m": "", "datum": "", "badge_shown": True,
        "rights_told": True, "recording": "", "place": "二车间",
    }  # fmt: skip
    chosen = {"result": "fail", "reason": "", "note": "复核"}
    phone.save(
        make_op("visit.start", f"visit/start/{phone.replica}", start),
        make_op("answer.retract", ITEM, {"reason": "填错"}),
        make_op("conflict.resolve", ITEM, {"chosen": chosen, "reason": "现场复核"}, ["#1"]),
        make_op("visit.complete", f"visit/complete/{phone.replica}", {}),
        effect="quarantined",
    )

    assert [one.words for one in rows(visit)[0].operations] == [
        "到达现场（二车间；已出示证件；已告知权利；位置：未取得定位）",
        "撤回（填错）",
        "采用：不符合（复核）（现场复核）",
        "结束检查",
    ]


def test_bytes_without_a_valid_signature_are_shown_to_who_looks_after_the_phone(
    visit: Visit,
) -> None:
    phone = visit.phone(0)
    with visit.backend.reading() as session:
        epoch = str(sync_head.epoch(session))
    pushed = PushedEntry(b"\xff no entry", b"\0" * 64)
    push_entries(visit.backend, PushRequest(phone.replica, epoch, visit.at.isoformat(), [pushed]))

    def seen(unit: str, role: Role = Role.SUPERVISOR) -> list[tuple[str, int]]:
        viewer = Actor("user:x", frozenset({role}), unit=unit)
        with visit.backend.reading() as session:
            found = reads.unverified(session, viewer, visit.backend.settings.authority)
        return [(row.carrier_name, row.size) for row in found]

    shown = [("赵检查", 10)]
    assert seen("一科") == seen(visit.backend.settings.authority) == shown
    assert seen("", Role.AUDITOR) == shown
    assert seen("二科") == seen("", Role.INSPECTOR) == []
