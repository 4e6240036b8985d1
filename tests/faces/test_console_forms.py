"""Forms of the console that decide: with a reason, of the own unit, from this site only."""

import pytest
from sqlalchemy import select, update

from inspect_server.domain.enums import InspectionState, Role
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import JournalEntry, Replica
from inspect_server.store.models.registry import Enterprise
from tests.actors import ALL_ROLES
from tests.faces.town import ELSEWHERE, Town


def inbox(town: Town, entry: str, what: str, who: str, **form: str) -> tuple[int, str]:
    answer = town.sign_in(who).post(f"/inbox/{entry}/{what}", data=form)
    return answer.status_code, answer.text


def test_the_inbox_offers_both_rulings_to_the_supervisor_only(town: Town) -> None:
    forms = {
        who: town.sign_in(who).get("/inbox").text.count('name="reason"')
        for who in ("supervisor", "approver", "auditor")
    }

    assert forms["supervisor"] == len(town.own.entries)
    assert (forms["approver"], forms["auditor"]) == (0, 0)


def test_an_entry_is_declined_and_accepted_later_each_with_a_reason(town: Town) -> None:
    entry = town.own.entries["decline"]
    without = inbox(town, entry, "decline", "supervisor")
    odd = inbox(town, entry, "decline", "supervisor", reason="多行\n理由")
    declined = inbox(town, entry, "decline", "supervisor", reason="与现场不符")
    shown = town.sign_in("supervisor").get("/inbox").text
    accepted = inbox(town, entry, "accept", "supervisor", reason="经核对属实")
    again = inbox(town, entry, "accept", "supervisor", reason="再次")

    assert (without[0], "不能为空" in without[1]) == (422, True)
    assert (odd[0], "应为一行" in odd[1]) == (422, True)
    assert declined[0] == 303
    assert "已标记为不采用" in shown
    assert "与现场不符" in shown
    assert accepted[0] == 303
    assert again[0] == 404
    assert entry not in town.sign_in("supervisor").get("/inbox").text


def test_what_waits_for_an_earlier_entry_is_ruled_on_as_well(town: Town) -> None:
    entry = town.own.entries["decline"]
    waits = update(JournalEntry).where(JournalEntry.hash == entry)
    with town.backend.begin(ALL_ROLES) as work:
        work.session.execute(waits.values(effect="held", reason=None))
    shown = town.sign_in("supervisor").get("/inbox").text
    declined = inbox(town, entry, "decline", "supervisor", reason="手机已遗失")
    after = town.sign_in("supervisor").get("/inbox").text

    assert shown.count('name="reason"') == len(town.own.entries)
    assert ("手机前面的记录尚未送达" in shown, declined[0]) == (True, 303)
    assert "此前的记录缺失，已决定不采用" in after
    assert "手机前面的记录尚未送达" not in after


def test_no_other_unit_and_no_other_site_rules_on_an_entry(town: Town) -> None:
    entry = town.other.entries["accept"]
    unsigned = town.sign_in("supervisor").client.post(
        f"/inbox/{town.own.entries['accept']}/accept", data={"reason": "理由"}
    )

    assert inbox(town, entry, "accept", "supervisor", reason="理由")[0] == 404
    assert inbox(town, entry, "accept", "approver", reason="理由")[0] == 403
    assert unsigned.status_code == 403


def revoke(town: Town, phone: str, who: str, **form: str) -> tuple[int, str]:
    answer = town.sign_in(who).post(f"/phones/{phone}/revoke", data=form)
    return answer.status_code, answer.text


def test_only_who_may_revoke_a_phone_is_offered_it_and_told_what_it_means(town: Town) -> None:
    pages = {
        who: town.sign_in(who).get("/phones").text
        for who in ("supervisor", "system_admin", "security_admin", "auditor")
    }

    assert f'action="/phones/{town.own.phone}/revoke"' in pages["supervisor"]
    assert f'action="/phones/{town.other.phone}/revoke"' in pages["system_admin"]
    assert "已采集的数据仍可上传，并进入待核实记录" in pages["supervisor"]
    assert "/revoke" not in pages["security_admin"] + pages["auditor"]
    assert town.other.phone not in pages["supervisor"]


def test_a_phone_is_revoked_once_for_a_reason_by_whoever_looks_after_it(town: Town) -> None:
    phone = town.own.phone
    without = revoke(town, phone, "supervisor", reason=" ")
    odd = revoke(town, phone, "supervisor", reason="多行\n理由")
    elsewhere = revoke(town, town.other.phone, "supervisor", reason="手机遗失")
    looking = revoke(town, phone, "auditor", reason="手机遗失")
    done = revoke(town, phone, "supervisor", reason="手机遗失")
    after = town.sign_in("supervisor").get("/phones").text

    assert (without[0], "不能为空" in without[1]) == (422, True)
    assert (odd[0], "应为一行" in odd[1]) == (422, True)
    assert (elsewhere[0], "该手机" in elsewhere[1]) == (404, True)
    assert (looking[0], done[0]) == (403, 303)
    assert "已停用" in after
    assert f"/phones/{phone}/revoke" not in after
    with town.backend.reading() as session:
        assert session.get_one(Replica, phone).revoked_at is not None


@pytest.fixture
def page(town: Town) -> str:
    return f"/draws/{town.draw_id}/disclosure"


def test_a_check_that_cannot_be_made_is_said_on_the_disclosure_page(town: Town, page: str) -> None:
    supervisor, at = town.sign_in("supervisor"), f"/draws/{town.draw_id}/results"
    with town.backend.reading() as session:
        waiting = session.get_one(Inspection, town.fresh[-1])
        uscc = session.scalars(
            select(Enterprise.uscc).where(Enterprise.id == waiting.enterprise_id)
        ).one()
    before = supervisor.get(page).text
    given = {"uscc": uscc, "result": "unreachable", "reason": "两次上门，登记地址无此单位"}
    without = supervisor.post(at, data=given | {"reason": " "})
    nothing = supervisor.post(at, data=given | {"result": "gone"})
    unsigned = supervisor.client.post(at, data=given)
    done = supervisor.post(at, data=given)
    after = supervisor.get(page).text
    with town.backend.reading() as session:
        state = session.get_one(Inspection, town.fresh[-1]).state

    assert f'<option value="{uscc}">' in before
    assert "登记后检查任务随即终止" in before
    assert (without.status_code, "不能为空" in without.text) == (422, True)
    assert f'<option value="{uscc}" selected>' in without.text  # what was chosen stays chosen
    assert (nothing.status_code, unsigned.status_code) == (422, 403)
    assert done.status_code == 303
    assert state is InspectionState.ENDED
    assert f'<option value="{uscc}">' not in after
    assert "两次上门，登记地址无此单位" in after


def test_another_unit_has_neither_the_page_nor_the_form(town: Town, page: str) -> None:
    town.add_account("elsewhere", Role.SUPERVISOR, unit=ELSEWHERE)
    other = town.sign_in("elsewhere")
    refused = other.post(
        f"/draws/{town.draw_id}/results",
        data={"uscc": "9132" + "0" * 14, "result": "unreachable", "reason": "无此单位"},
    )

    assert (other.get(page).status_code, refused.status_code) == (403, 403)
    assert "组织抽取的机构" in refused.text
    assert "结果公示" not in other.get(f"/draws/{town.draw_id}").text
    assert 'id="state"' not in town.sign_in("auditor").get(page).text
