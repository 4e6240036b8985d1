"""What the facts of penalties may not say, whatever else is right with them."""

from typing import Any

import pytest

from pdf_templates.catalogue import template
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from pdf_templates.parts.payment import percent


def told(kind: str, **changed: Any) -> dict[str, Any]:
    """Return a kind's example with some facts changed; a__b is b within a."""
    facts: dict[str, Any] = to_json(example(kind))
    for path, value in changed.items():
        *outer, name = path.split("__")
        place = facts
        for step in outer:
            place = place[step]
        place[name] = value
    return facts


SPOT = "spot_penalty_organisation"
DECISION = "penalty_decision_organisation"


@pytest.mark.parametrize(
    ("kind", "changed", "named"),
    [
        (SPOT, {"violation__fine_fen": 300_001}, "3,000.00 元"),
        ("spot_penalty_person", {"violation__fine_fen": 20_001}, "200.00 元"),
        (SPOT, {"paid": "cash"}, "事后难以执行"),
        (SPOT, {"paid": ""}, "缴款方式"),
        (SPOT, {"violation__penalty": "警告", "violation__fine_fen": 0}, "缴款方式"),
        (SPOT, {"violation__fine_fen": 0}, "应当写明处罚"),
        (DECISION, {"total_fine_fen": 4_999_999}, "5000000 分"),
        (DECISION, {"payment": None}, "缴纳罚款的账户"),
        ("penalty_notice", {"notified__total_fine_fen": 1}, "5000000 分"),
        ("penalty_notice", {"statement_days": 0}, "不能小于 1"),
    ],
)
def test_a_penalty_beyond_the_law_or_at_odds_with_itself_is_refused(
    kind: str, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(BadFacts, match=named):
        from_json(template(kind).facts, told(kind, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"violation__fine_fen": 300_000},
        {"violation__fine_fen": 10_000, "paid": "cash"},
        {"paid": "cash", "cash_reason": "事后难以执行"},
    ],
)
def test_a_spot_penalty_up_to_its_limits_is_accepted(changed: dict[str, Any]) -> None:
    from_json(template(SPOT).facts, told(SPOT, **changed))


@pytest.mark.parametrize(("permille", "said"), [(30, "3%"), (25, "2.5%"), (5, "0.5%"), (0, "0%")])
def test_a_share_is_said_in_per_cent(permille: int, said: str) -> None:
    assert percent(permille) == said


@pytest.mark.parametrize("kind", ["hearing_record", "hearing_report"])
@pytest.mark.parametrize("seat", ["presiding", "member"])
def test_nobody_hears_a_case_that_they_investigated(kind: str, seat: str) -> None:
    facts = told(kind)
    place = facts["panel"]["presiding"] if seat == "presiding" else facts["panel"]["members"][1]
    place["name"] = facts["investigators"][1]["name"]

    with pytest.raises(BadFacts, match=r"panel\..*name.*调查人员"):
        from_json(template(kind).facts, facts)


@pytest.mark.parametrize(("is_public", "reason"), [(False, ""), (True, "涉及商业秘密")])
def test_a_hearing_is_closed_for_a_reason_or_open(is_public: bool, reason: str) -> None:
    facts = told("hearing_session_notice", is_public=is_public, closed_reason=reason)

    with pytest.raises(BadFacts, match="不公开举行"):
        from_json(template("hearing_session_notice").facts, facts)


def test_nobody_takes_two_seats_of_a_panel() -> None:
    facts = told("hearing_record")
    facts["panel"]["clerk"] = facts["panel"]["presiding"]

    with pytest.raises(BadFacts, match="两项职务"):
        from_json(template("hearing_record").facts, facts)


@pytest.mark.parametrize(
    ("kind", "changed", "named"),
    [
        ("payment_demand", {"unpaid_fen": 5_000_001}, "不超过罚款数额"),
        ("payment_demand", {"unpaid_fen": 0}, "大于 0"),
        ("payment_demand", {"due_on": "2026-09-15"}, "届满之后"),
        ("payment_demand", {"pay_by": "2026-09-14"}, "催告之后"),
        ("surcharge_decision", {"days": 31}, "应为 32 日"),
        ("surcharge_decision", {"paused_days": 1}, "应为 31 日"),
        ("surcharge_decision", {"surcharge_fen": 1_920_001}, "应为 1920000 分"),
        ("surcharge_decision", {"counted_from": "2026-09-10"}, "届满之后起算"),
        ("payment_deferral_approval", {"mode": "deferral"}, "一期"),
        ("payment_deferral_approval", {"fined__fine_fen": 4_999_999}, "不能超过罚款数额"),
        ("payment_deferral_grant", {"granted__number": 0}, "第几期"),
        ("payment_deferral_grant", {"left_fen": 2_000_001}, "不能超过罚款数额"),
        ("enforcement_demand", {"owed": None, "account": None}, "应当写明缴纳的金额"),
        ("enforcement_demand", {"account": None}, "收款账户"),
        ("enforcement_demand", {"owed__surcharge_fen": 2_000_001}, "不能超过罚款的数额"),
        ("enforcement_demand", {"owed__total_fen": 1}, "4000000 分"),
        ("enforcement_application", {"owed": None}, "申请执行的事项"),
        ("enforcement_application", {"contest_ended_on": "2026-11-27"}, "届满以前"),
        ("enforcement_application", {"demanded_on": "2026-11-27"}, "催告以后"),
    ],
)
def test_money_is_asked_for_in_time_and_never_more_than_the_law_allows(
    kind: str, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(BadFacts, match=named):
        from_json(template(kind).facts, told(kind, **changed))


def test_a_surcharge_ends_at_the_fine_itself() -> None:
    long = {"counted_until": "2026-12-31", "days": 112, "surcharge_fen": 2_000_000}

    from_json(template("surcharge_decision").facts, told("surcharge_decision", **long))
    with pytest.raises(BadFacts, match="应为 2000000 分"):
        more = {**long, "surcharge_fen": 6_720_000}
        from_json(template("surcharge_decision").facts, told("surcharge_decision", **more))


def test_a_hearing_is_announced_before_it_is_held() -> None:
    facts = told("hearing_session_notice", held_at="2026-04-16T09:00:00+08:00")

    with pytest.raises(BadFacts, match="在通知之后"):
        from_json(template("hearing_session_notice").facts, facts)
