"""What was captured by mistake can be withdrawn by those who were there; the journal keeps it."""

import shutil
from collections.abc import Callable

import pytest

from sync import entries
from sync.errors import BadEntry
from sync.phone import Phone
from sync.phone.errors import NothingToRetract
from tests.unit.test_sync_phone import FINDING, STROKES, TASK, StepClock, Team, server, team

__all__ = ["server", "team"]  # fixtures
MORNING = ("2026-03-02T09:00:00+08:00", "2026-03-02T09:05:00+08:00")

ADDED: list[Callable[[Phone], str]] = [
    lambda phone: phone.add_finding(TASK, FINDING),
    lambda phone: phone.add_photo(TASK, b"jpeg"),
    lambda phone: phone.participant(TASK, "safety", "张\U00020bb7"),
    lambda phone: phone.note(TASK, "陪同人\U00020bb7"),
    lambda phone: phone.declare_gap(TASK, *MORNING, "换电池"),
    lambda phone: phone.sign(TASK, "enterprise", "王\U00020bb7", STROKES),
]


@pytest.mark.parametrize("add", ADDED)
def test_the_partner_withdraws_it_too_and_both_phones_agree(
    team: Team, add: Callable[[Phone], str]
) -> None:
    item = add(team.lead)
    team.same_view()
    team.member.retract(TASK, item, "姓名录入有误")
    team.lead.retract(TASK, item, "姓名录入有误")  # both, without knowing of each other
    team.same_view()

    record = team.lead.record(TASK)
    assert record.conflicts == ()
    assert not record.items[item].live
    assert record.signatures == ()
    assert len(team.lead.entries()) == 2  # nothing was deleted


def test_a_name_is_corrected_in_one_entry(team: Team) -> None:
    wrong = team.lead.participant(TASK, "safety", "张\U00020bb7")
    with team.lead.together(TASK):
        team.lead.retract(TASK, wrong, "姓名用字无法打印")
        team.lead.participant(TASK, "safety", "张吉")
    team.same_view()

    shown = team.member.record(TASK).of_kind("participant/")
    assert [item.value["name"] for item in shown] == ["张吉"]
    assert [len(entries.parse(row.content).ops) for row in team.lead.entries()] == [1, 2]


def test_a_withdrawn_signature_makes_no_other_stale(team: Team) -> None:
    team.lead.note(TASK, "无")
    mine = team.lead.sign(TASK, "lead", "甲", STROKES)
    theirs = team.lead.sign(TASK, "enterprise", "王", STROKES)
    team.lead.retract(TASK, theirs, "签错栏目")
    team.same_view()

    left = team.member.record(TASK).signatures
    assert [(one.item, one.stale) for one in left] == [(mine, False)]


def test_only_what_is_there_and_can_be_withdrawn_is(team: Team) -> None:
    started = team.lead.start_visit(TASK, place="车间")
    with pytest.raises(NothingToRetract):
        team.lead.retract(TASK, "note/0198aaaa-0000-7000-8000-000000000001", "没有")
    with pytest.raises(BadEntry, match="未知操作类型"):
        team.lead.retract(TASK, started, "不撤")
    with pytest.raises(BadEntry):
        team.lead.retract(TASK, team.lead.note(TASK, "无"), "")


def test_a_cloned_phone_that_arrived_twice_can_be_settled_by_the_lead(team: Team) -> None:
    """Both copies start the visit under one item: without a way out nothing could be closed."""
    shutil.copy(team.folder / "member.db", team.folder / "copy.db")
    copy = Phone(team.folder / "copy.db", StepClock(), "copy")
    item = team.member.start_visit(TASK, place="一车间")
    assert copy.start_visit(TASK, place="二车间") == item
    for phone in (team.member, copy, team.lead):
        team.sync(phone)
    assert team.lead.record(TASK).conflicts == (item,)

    seen = team.lead.item(TASK, item)
    assert seen is not None
    team.lead.resolve(TASK, item, seen.heads[0].plain(), "同一人，以先到处为准")
    team.sync(team.lead)

    assert team.lead.record(TASK).conflicts == ()
    copy.close()


def test_nobody_chooses_a_signature_for_another(team: Team) -> None:
    item = team.lead.sign(TASK, "enterprise", "王", STROKES)
    head = team.lead.record(TASK).items[item].heads[0]
    value = {"chosen": head.plain(), "reason": "代选"}
    op = entries.make_op("conflict.resolve", item, value, [head.id])

    with pytest.raises(BadEntry, match="签名不能代为选定"):
        entries.check_operation(op, 0, team.lead.replica, TASK)
