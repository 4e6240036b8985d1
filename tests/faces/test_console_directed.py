"""A check outside of the draw is drafted on the console: why, whom, when and by which team."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from inspect_server.domain.enums import InspectionState, Role
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise, Officer
from tests.faces.test_console_draws import words
from tests.faces.town import Signed, Town

AT = "/inspections/directed"


@pytest.fixture
def form(town: Town) -> dict[str, Any]:
    with town.backend.reading() as session:
        lead = session.scalars(
            select(Officer.id).where(Officer.may_lead, Officer.unit == "执法大队")
        ).first()
        member = session.scalars(select(Officer.id).where(Officer.id != lead)).first()
        uscc = session.get_one(Enterprise, town.enterprise).uscc
    return {
        "reason": "complaint.hazard",
        "reference": "举报2026-017",
        "text": "反映除尘器长期不清灰",
        "uscc": uscc.lower(),
        "from": "2026-03-16",
        "to": "2026-03-20",
        "lead": str(lead),
        "member": [str(member)],
    }


def count(town: Town) -> int:
    with town.backend.reading() as session:
        return session.scalar(select(func.count()).select_from(Inspection)) or 0


def draft(who: Signed, form: dict[str, Any]) -> TestResponse:
    return who.client.post(AT, data={"csrf_token": who.csrf, **form})


def test_a_report_becomes_a_scheme_in_the_list_once(town: Town, form: dict[str, Any]) -> None:
    supervisor, before = town.sign_in("supervisor"), count(town)
    first, second = draft(supervisor, form), draft(supervisor, form)
    page = words(supervisor.get(first.location).text)
    listed = words(supervisor.get("/?state=scheme_draft").text)
    with town.backend.reading() as session:
        visit = session.scalars(select(Inspection).where(Inspection.source == "complaint")).one()

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location == f"/inspections/{visit.id}"
    assert count(town) == before + 1
    assert visit.state is InspectionState.SCHEME_DRAFT
    assert "投诉举报（举报事故隐患，举报2026-017）：反映除尘器长期不清灰" in page
    assert visit.number in listed
    assert "投诉举报" in listed


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"reason": "whim"}, 422, "请从所列理由中选择"),
        ({"member": []}, 422, "至少一名协办人员"),
        ({"lead": "nobody"}, 422, "人员从名单中选择"),
        ({"from": "明天"}, 422, "应填写日期"),
        ({"to": "2026-03-01"}, 422, "结束日期早于开始日期"),
        ({"text": " "}, 422, "不能为空"),
        ({"text": "举报人张三13812345678"}, 422, "不写举报人的任何信息"),
        ({"uscc": "91320799MA1WXXXX00"}, 404, "没有找到该企业"),
        ({"reason": "recheck.deadline", "reference": "2025-0001"}, 409, "请填写需要复查"),
    ],
)
def test_a_wrong_field_is_said_and_the_rest_stays_filled_in(
    town: Town, form: dict[str, Any], wrong: dict[str, Any], status: int, says: str
) -> None:
    before = count(town)
    refused = draft(town.sign_in("supervisor"), form | wrong)

    assert refused.status_code == status
    assert says in words(refused.text)
    assert 'value="举报2026-017"' in refused.text or "reference" in wrong
    assert count(town) == before


def test_other_words_of_the_same_letter_lead_to_the_scheme_that_waits(
    town: Town, form: dict[str, Any]
) -> None:
    supervisor, letter = town.sign_in("supervisor"), {"reference": "举报2026-019"}
    made = draft(supervisor, form | letter)
    with town.backend.reading() as session:
        number = session.get_one(Inspection, UUID(made.location.rpartition("/")[2])).number
    refused = draft(supervisor, form | letter | {"text": "反映作业人员未经培训"})

    assert refused.status_code == 409
    assert f"的检查方案 {number} 已经编制" in words(refused.text)
    assert "反映作业人员未经培训" in refused.text


def test_a_closed_check_leads_to_its_recheck(town: Town, form: dict[str, Any]) -> None:
    supervisor = town.sign_in("supervisor")
    with town.backend.reading() as session:
        closed = session.get_one(Inspection, town.own.inspection)
        uscc = session.get_one(Enterprise, closed.enterprise_id).uscc
    link = f"{AT}?uscc={uscc}&amp;reference={closed.number}&amp;reason=recheck.deadline"
    page = supervisor.get(f"/inspections/{closed.id}").text
    filled = supervisor.get(link.replace("&amp;", "&")).text
    given = {"uscc": uscc, "reference": closed.number, "reason": "recheck.deadline"}
    done = draft(supervisor, form | given)

    assert link in page
    assert '<option value="recheck.deadline" selected>' in filled
    assert done.status_code == 303, words(done.text)
    assert "编制复查方案" not in town.sign_in("approver").get(f"/inspections/{closed.id}").text


def test_whoever_cannot_see_the_leads_unit_is_told_who_goes_on(
    town: Town, form: dict[str, Any]
) -> None:
    if "elsewhere" not in town.accounts:
        town.add_account("elsewhere", Role.SUPERVISOR, unit="三科")
    done = draft(town.sign_in("elsewhere"), form | {"reference": "举报2026-018"})

    assert done.status_code == 200
    assert "由主办人员所在机构的负责人或者审批人审批" in done.text


def test_the_list_of_tasks_leads_only_a_supervisor_to_the_form(town: Town) -> None:
    led = {who: AT in town.sign_in(who).get("/").text for who in ("supervisor", "approver")}

    assert led == {"supervisor": True, "approver": False}
