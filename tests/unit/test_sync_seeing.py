"""
A save replaces what its officer saw; what came in meanwhile stays beside it as a conflict.

And what came from a phone whose code does not match goes again. The TypeScript phone is held to the
same by its own tests (capture/seeing.test.ts, capture/admitting.test.ts).
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sync.merge import Item
from sync.phone import Phone
from sync.phone.errors import ChangedMeanwhile, RefusedFile
from sync.phone.partner import admitting
from sync.phone.partner.bringing import Bringer, code_of
from sync.phone.seen import NOTHING_SEEN, is_newer, seen_of
from tests.sync_server import MemoryServer

TASK = "0198aaaa-0000-4000-8000-000000000001"
ITEM = "answer/dust/D01"
PASS, FAIL = ({"result": result, "reason": "", "note": ""} for result in ("pass", "fail"))
FINDING = {
    "answer_item": "",
    "level": "general",
    "text": "积尘未清",
    "place": "车间",
    "basis": "第七条",
    "penalty_basis": "",
    "measure": "rectify_within",
    "deadline": "2026-12-01",
    "corrected_on_site": False,
}


@pytest.fixture
def server() -> MemoryServer:
    made = MemoryServer()
    for login in ("lead", "member", "third"):
        made.account(login)
    made.assign(TASK, "lead", ["member", "third"])
    return made


def holding(server: MemoryServer, folder: Path, login: str) -> Phone:
    """A phone that pulled the task and is alone from then on."""
    phone = Phone(folder / f"{login}.db")
    phone.enrol(server.client(), login.partition("-")[0], login.partition("-")[0])
    phone.sync(server.client(), pause=lambda _: None)
    return phone


@pytest.fixture
def team(server: MemoryServer, tmp_path: Path) -> Iterator[tuple[Phone, Phone, Phone]]:
    """The phones of the lead, the member and a third officer."""
    with (
        closing(holding(server, tmp_path, "lead")) as lead,
        closing(holding(server, tmp_path, "member")) as member,
        closing(holding(server, tmp_path, "third")) as third,
    ):
        yield lead, member, third


Team = tuple[Phone, Phone, Phone]


def exchange(*phones: Phone) -> None:
    """Let every phone take in what the others hold."""
    for one in phones:
        for other in phones:
            if one is not other:
                one.take_in(other.export_entries(TASK))


def shown(phone: Phone, item: str) -> Item:
    found = phone.item(TASK, item)
    assert found is not None
    return found


def said(phone: Phone, item: str, field: str) -> list[Any]:
    return sorted(head.plain()[field] for head in shown(phone, item).heads)


def shared(lead: Phone, member: Phone) -> str:
    """A finding that both phones show."""
    finding = lead.add_finding(TASK, FINDING)
    exchange(lead, member)
    return finding


def amended_by(member: Phone, lead: Phone, finding: str) -> None:
    member.amend_finding(TASK, finding, FINDING | {"text": "同伴改的"})
    exchange(lead, member)


def test_what_the_partner_said_is_not_replaced_by_a_finding_whose_form_was_open(team: Team) -> None:
    lead, member, _ = team
    finding = shared(lead, member)
    seen = shown(lead, finding)
    amended_by(member, lead, finding)
    newer = is_newer(shown(lead, finding), seen, lead.user)
    lead.amend_finding(TASK, finding, FINDING | {"text": "主办改的"}, seen)
    exchange(lead, member)

    assert newer
    for phone in (lead, member):
        assert shown(phone, finding).conflict
        assert said(phone, finding, "text") == sorted(["同伴改的", "主办改的"])


def test_nor_by_a_draft_that_outlived_the_program(team: Team) -> None:
    lead, member, _ = team
    finding = shared(lead, member)
    kept = seen_of(shown(lead, finding))
    amended_by(member, lead, finding)
    lead.amend_finding(TASK, finding, FINDING | {"text": "昨天写的"}, kept)

    assert said(lead, finding, "text") == sorted(["同伴改的", "昨天写的"])


def test_nor_withdrawn_by_a_reason_that_was_typed_before_it_came(team: Team) -> None:
    lead, member, _ = team
    finding = shared(lead, member)
    seen = shown(lead, finding)
    amended_by(member, lead, finding)
    lead.retract(TASK, finding, "重复", seen)

    now = shown(lead, finding)
    assert (now.live, now.conflict) == (True, True)
    assert sorted(head.type for head in now.heads) == ["finding.amend", "finding.retract"]


def test_nor_replaced_by_an_answer_nor_by_taking_one_back_also_within_a_group(team: Team) -> None:
    lead, member, _ = team
    member.answer(TASK, ITEM, "fail", note="积尘")
    exchange(lead, member)
    lead.answer(TASK, ITEM, "pass", seen=NOTHING_SEEN)
    both = said(lead, ITEM, "result")
    with lead.together(TASK):
        lead.retract_answer(TASK, ITEM, "", NOTHING_SEEN)

    assert both == ["fail", "pass"]
    heads = shown(lead, ITEM).heads
    assert sorted(head.type for head in heads) == ["answer.retract", "answer.set"]


def test_nor_by_an_arrival_or_a_participant_of_before(team: Team) -> None:
    lead, member, _ = team
    person = lead.participant(TASK, "safety", "王五")
    exchange(lead, member)
    seen = shown(lead, person)
    value = {"kind": "safety", "name": "王五", "position": "主任", "phone": ""}
    member.amend_participant(TASK, person, value)
    exchange(lead, member)
    lead.amend_participant(TASK, person, value | {"position": "科长"}, seen)
    lead.start_visit(TASK, place="一", seen=NOTHING_SEEN)
    lead.start_visit(TASK, place="二", seen=NOTHING_SEEN)

    assert said(lead, person, "position") == sorted(["主任", "科长"])
    assert said(lead, f"visit/start/{lead.replica}", "place") == ["二"]  # its own since


def test_a_third_value_that_came_while_the_lead_typed_a_reason_stays_in_conflict(
    team: Team,
) -> None:
    lead, member, third = team
    lead.answer(TASK, ITEM, "pass")
    member.answer(TASK, ITEM, "fail")
    exchange(lead, member)
    seen = shown(lead, ITEM)
    third.answer(TASK, ITEM, "not_applicable")
    lead.take_in(third.export_entries(TASK))
    lead.resolve(TASK, ITEM, PASS, "复核", seen)

    assert shown(lead, ITEM).conflict
    assert said(lead, ITEM, "result") == ["not_applicable", "pass"]


def test_what_replaced_all_that_the_lead_saw_is_looked_at_before_anything_is_settled(
    team: Team,
) -> None:
    lead, member, third = team
    member.answer(TASK, ITEM, "fail")
    third.answer(TASK, ITEM, "not_applicable")
    for phone in (member, third):
        lead.take_in(phone.export_entries(TASK))
    seen = shown(lead, ITEM)
    member.answer(TASK, ITEM, "fail", note="一处")
    third.answer(TASK, ITEM, "not_applicable", note="停用")
    for phone in (member, third):
        lead.take_in(phone.export_entries(TASK))
    held = len(lead.entries())

    with pytest.raises(ChangedMeanwhile):
        lead.resolve(TASK, ITEM, PASS, "复核", seen)
    assert len(lead.entries()) == held == 4


def test_what_this_phone_itself_saved_since_is_replaced(team: Team) -> None:
    lead, member, _ = team
    finding = shared(lead, member)
    seen = shown(lead, finding)
    lead.amend_finding(TASK, finding, FINDING | {"text": "一"})
    lead.amend_finding(TASK, finding, FINDING | {"text": "二"}, seen)

    assert said(lead, finding, "text") == ["二"]
    assert not is_newer(shown(lead, finding), seen, lead.user)


def test_in_a_conflict_that_was_seen_only_the_officers_own_value_is_replaced(team: Team) -> None:
    lead, member, _ = team
    lead.answer(TASK, ITEM, "pass")
    member.answer(TASK, ITEM, "fail")
    exchange(lead, member)
    lead.answer(TASK, ITEM, "not_applicable", seen=shown(lead, ITEM))

    assert said(lead, ITEM, "result") == ["fail", "not_applicable"]


def test_a_signature_is_to_what_was_on_the_screen(team: Team) -> None:
    lead, member, _ = team
    lead.answer(TASK, ITEM, "pass")
    before = lead.record(TASK)
    member.note(TASK, "补记")
    lead.take_in(member.export_entries(TASK))
    signature = lead.sign(TASK, "lead", "张三", [[[1, 1], [2, 2]]], seen=before)

    value = shown(lead, signature).heads[0].plain()
    (told,) = lead.record(TASK).signatures
    assert value["view"] == before.view != lead.record(TASK).view
    assert told.stale


def test_the_phones_that_speak_in_a_file_are_named_before_it_is_taken_in(team: Team) -> None:
    lead, member, _ = team
    member.answer(TASK, ITEM, "pass")
    file = member.export_entries(TASK)
    bringer = Bringer(member.replica, member.user, 1, is_known=False)

    assert lead.look_into(file) == [bringer]
    assert lead.entries() == []
    lead.take_in(file)
    assert lead.look_into(file) == [Bringer(member.replica, member.user, 1, is_known=True)]
    assert member.look_into(file) == []
    assert lead.partners() == [Bringer(member.replica, member.user, 1, is_known=True)]
    assert code_of("1a2b3c4d5e") == "1A2B 3C4D"


def test_what_no_server_has_of_another_phone_goes_again_and_nothing_else(
    server: MemoryServer, team: Team
) -> None:
    lead, member, third = team
    lead.note(TASK, "本人")
    member.note(TASK, "已送达")
    lead.take_in(member.export_entries(TASK))
    lead.sync(server.client(), pause=lambda _: None)
    for phone in (member, third):
        phone.note(TASK, "未送达")
        lead.take_in(phone.export_entries(TASK))
    held = len(lead.entries())

    assert lead.drop_partner(lead.replica) == 0
    assert [lead.drop_partner(phone.replica) for phone in (member, third)] == [1, 1]
    assert lead.drop_partner(third.replica) == 0
    assert len(lead.entries()) == held - 2
    texts = {
        item.value["text"] for item in lead.record(TASK).items.values() if item.id[:4] == "note"
    }
    assert texts == {"本人", "已送达"}
    assert lead.partners() == []
    lead.take_in(third.export_entries(TASK))  # what was dropped may come again
    assert lead.sync(server.client(), pause=lambda _: None).complete


def test_what_came_from_a_forger_is_shown_no_more_and_its_key_is_forgotten(team: Team) -> None:
    lead, member, _ = team
    member.note(TASK, "同伴")
    lead.take_in(member.export_entries(TASK))
    known = set(lead._store.keys())

    assert lead.drop_partner(member.replica) == 1
    assert lead.record(TASK).items == {}
    assert known - set(lead._store.keys()) == {member.replica}


def test_an_officers_former_phone_counts_once_the_server_said_whose_it_is(
    server: MemoryServer, tmp_path: Path, team: Team
) -> None:
    lead = team[0]
    with closing(holding(server, tmp_path, "lead-before")) as former:
        former.answer(TASK, ITEM, "pass")
        former.sync(server.client(), pause=lambda _: None)  # with a receipt, which names nobody
        former.note(TASK, "补记")
        file = former.export_entries(TASK)
        with pytest.raises(RefusedFile, match=admitting.OWN_NAME):
            lead.take_in(file)
        lead.sync(server.client(), pause=lambda _: None)

        assert lead.take_in(file) == 2
        assert lead.record(TASK).items.keys() == former.record(TASK).items.keys()
