"""What is saved together is one entry: all of it or nothing, within the protocol's limits."""

from collections.abc import Callable
from typing import Any

import pytest

from forms import load
from sync import entries
from sync.errors import BadEntry
from sync.phone import Phone
from sync.phone.errors import (
    NotEnrolled,
    OneGroupAtATime,
    PhoneError,
    SignedAlone,
    TooMuchAtOnce,
    UnknownTask,
)
from sync.phone.network.syncing import BATCH_BYTES
from tests.unit.test_sync_phone import FINDING, ITEM, STROKES, TASK, StepClock, Team, server, team

__all__ = ["server", "team"]  # fixtures
OTHER = "0198aaaa-0000-4000-8000-000000000002"


def _own(phone: Phone) -> list[entries.Entry]:
    return [entries.parse(row.content) for row in phone.entries()]


def test_a_page_is_one_entry_and_one_position(team: Team) -> None:
    with team.lead.together(TASK):
        for n in range(5):
            team.lead.answer(TASK, f"answer/dust/D{n:02}", "pass")
    report = team.sync(team.lead)

    assert [len(entry.ops) for entry in _own(team.lead)] == [5]
    assert (report.complete, report.pushed) == (True, 1)
    team.same_view()
    assert len(team.member.record(TASK).items) == 5


def test_a_finding_and_its_photos_are_saved_together_or_not_at_all(team: Team) -> None:
    content = b"\xff\xd8" + bytes(3_200_000)  # as a phone takes them
    with team.lead.together(TASK):
        finding = team.lead.add_finding(TASK, FINDING)
        team.lead.add_photo(TASK, content, finding=finding)
        team.lead.add_photo(TASK, content + b"2", finding=finding)
    with pytest.raises(KeyError), team.lead.together(TASK):
        team.lead.add_photo(TASK, b"never", finding=finding)
        raise KeyError("the app fails in the middle")

    assert [[op.type for op in entry.ops] for entry in _own(team.lead)] == [
        ["finding.add", "photo.add", "photo.add"]
    ]
    assert team.lead.photo(entries.entry_hash(b"never")) == b""
    assert len(team.lead.record(TASK).of_kind("photo/")) == 2
    assert team.sync(team.lead).uploaded == 2


def test_an_answer_changed_on_the_same_page_replaces_the_first_one(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    with team.lead.together(TASK):
        team.lead.answer(TASK, ITEM, "fail")
        assert team.lead.record(TASK).items[ITEM].value["result"] == "fail"  # shown, not saved
        team.lead.answer(TASK, ITEM, "not_checked", reason="停产")
        team.lead.retract_answer(TASK, ITEM)
        team.lead.answer(TASK, ITEM, "pass", note="复工")
    team.same_view()

    item = team.member.item(TASK, ITEM)
    assert item is not None
    assert [head.plain()["note"] for head in item.heads] == ["复工"]
    assert len(item.gone) == 4


def test_what_was_captured_while_a_page_failed_is_not_shown(team: Team) -> None:
    with pytest.raises(KeyError), team.lead.together(TASK):
        team.lead.answer(TASK, ITEM, "fail")
        raise KeyError
    team.lead.answer(TASK, ITEM, "pass")

    item = team.lead.item(TASK, ITEM)
    assert item is not None
    assert item.value["result"] == "pass"
    assert [entry.ops[0].parents for entry in _own(team.lead)] == [[]]


def test_a_bad_operation_is_refused_at_once_and_the_page_goes_on(team: Team) -> None:
    with team.lead.together(TASK):
        team.lead.answer(TASK, ITEM, "pass")
        with pytest.raises(BadEntry, match="未检查项必须写明原因"):
            team.lead.answer(TASK, "answer/dust/D02", "not_checked")
        team.lead.note(TASK, "无")

    assert [[op.type for op in entry.ops] for entry in _own(team.lead)] == [
        ["answer.set", "note.add"]
    ]


def test_a_page_of_which_nothing_came_is_no_entry(team: Team) -> None:
    with team.lead.together(TASK):
        pass

    assert team.lead.entries() == []


def _sign(phone: Phone) -> None:
    phone.sign(TASK, "lead", "甲", STROKES)


def _of_another_task(phone: Phone) -> None:
    phone.note(OTHER, "无")


def _another_page(phone: Phone) -> None:
    with phone.together(TASK):
        phone.note(TASK, "无")


@pytest.mark.parametrize(
    ("step", "error"),
    [(_sign, SignedAlone), (_of_another_task, OneGroupAtATime), (_another_page, OneGroupAtATime)],
)
def test_what_cannot_be_part_of_a_page_says_what_to_do(
    team: Team, step: Callable[[Phone], None], error: type[PhoneError]
) -> None:
    with team.lead.together(TASK):
        team.lead.note(TASK, "一")
        with pytest.raises(error, match="请先保存本页"):
            step(team.lead)

    assert [len(entry.ops) for entry in _own(team.lead)] == [1]


def test_a_page_needs_a_user_and_a_task(team: Team, tmp_path: Any) -> None:
    stranger = Phone(tmp_path / "stranger.db", StepClock())
    with pytest.raises(NotEnrolled), stranger.together(TASK):
        raise AssertionError
    with pytest.raises(UnknownTask), team.lead.together(OTHER):
        raise AssertionError
    stranger.close()


@pytest.mark.parametrize("note", ["", "现场未见异常，设备运行正常，台账齐全。", "详" * 400])
def test_every_shipped_checklist_fits_into_one_entry_with_usual_notes(
    team: Team, note: str
) -> None:
    asked = [
        f"answer/{form.name}/{item.code}"
        for form in load.packaged()
        for section in form.sections
        for item in section.items
    ]
    with team.lead.together(TASK):
        for item in asked:
            team.lead.answer(TASK, item, "not_checked", reason="检查当日停产", note=note)
    report = team.sync(team.lead)

    assert len(asked) >= 50  # all of them; a visit has one to three checklists
    assert report.complete
    assert [len(entry.ops) for entry in _own(team.lead)] == [len(asked)]


def test_too_much_for_one_entry_is_refused_and_nothing_of_it_saved(team: Team) -> None:
    team.lead.note(TASK, "先前")
    with pytest.raises(TooMuchAtOnce, match="256 KiB"), team.lead.together(TASK):
        for _ in range(22):
            team.lead.note(TASK, "字" * 4000)
    with pytest.raises(TooMuchAtOnce, match="500 项"), team.lead.together(TASK):
        for _ in range(501):
            team.lead.note(TASK, "字")

    assert [len(entry.ops) for entry in _own(team.lead)] == [1]
    assert len(team.lead.record(TASK).items) == 1


def test_the_largest_pages_go_through_the_limits_of_a_push(team: Team) -> None:
    for page in range(6):
        with team.lead.together(TASK):
            for n in range(21):
                team.lead.note(TASK, f"{page}/{n}" + "字" * 3990)
    with team.lead.together(TASK):
        for n in range(entries.MAX_OPERATIONS):
            team.lead.note(TASK, str(n))
    sizes = [len(row.content) for row in team.lead.entries()]
    report = team.sync(team.lead)

    assert max(sizes) > 250_000
    assert sum(sizes) > BATCH_BYTES
    assert (report.complete, report.pushed, report.problems) == (True, 7, [])
    team.same_view()


def test_two_pages_disagree_item_by_item(team: Team) -> None:
    for phone, result in ((team.lead, "pass"), (team.member, "fail")):
        with phone.together(TASK):
            phone.answer(TASK, ITEM, result)
            phone.answer(TASK, "answer/dust/D02", "pass")
    team.same_view()

    assert team.lead.record(TASK).conflicts == (ITEM,)
    seen = team.lead.item(TASK, "answer/dust/D02")
    assert seen is not None
    assert len(seen.users) == 2
