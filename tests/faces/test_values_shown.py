"""What a closed record leaves to be referred and supervised, and its data, on page and in REST."""

from uuid import UUID

from inspect_server.usecases.inspecting.close_record import close_record
from tests.faces.test_console import visit_under_way
from tests.faces.town import Town
from tests.usecases.phones import Visit


def closed(visit: Visit) -> UUID:
    """Close a visit with a referral and a major hazard where all checks passed."""
    visit.answer_all()
    visit.phone(0).find("", text="灭火器过期", measure="refer", deadline="")
    several = {"measure": "withdraw", "further_measures": ["suspend"]}
    visit.phone(0).find("", text="除尘器停用", level="major", **several)
    visit.sign_all()
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        close_record(work, visit.inspection)
    return visit.inspection


def test_what_is_to_be_referred_and_supervised_stands_on_the_page(town: Town) -> None:
    inspection = closed(visit_under_way(town))
    text = town.sign_in("approver").get(f"/inspections/{inspection}").text

    assert "待移送的线索" in text
    assert "其他有管辖权的部门" in text
    assert "问题 2 属于重大事故隐患，待挂牌督办" in text
    assert "责令撤出作业人员、责令暂时停产停业" in text
    assert "问题 2 属于重大事故隐患，没有带定位的照片，请核对所写部位" in text


def test_a_page_without_them_says_nothing_of_it(town: Town) -> None:
    text = town.sign_in("approver").get(f"/inspections/{town.own.inspection}").text

    assert "移送" not in text
    assert "挂牌督办" not in text
    assert "没有带定位的照片" not in text


def test_they_stand_in_the_answer_to_programs(town: Town) -> None:
    inspection = closed(visit_under_way(town))
    body = town.sign_in("approver").get(f"/api/v1/inspections/{inspection}").json

    assert [(one["problem"], one["authority"]) for one in body["referrals"]] == [
        (1, "其他有管辖权的部门")
    ]
    assert body["to_supervise"] == [2]
    assert [one["further_measures"] for one in body["record"]["findings"]] == [[], ["suspend"]]
    assert [one["refer_to"] for one in body["record"]["findings"]] == ["other", ""]
    assert {one["value"] for one in body["record"]["answers"]} == {""}
