"""Who may be sent, when and how often; who may approve."""

from dataclasses import replace
from datetime import date

import pytest

from inspect_server.domain import law
from inspect_server.domain.assignment import (
    CapReached,
    OfficerToSend,
    Scheme,
    SchemeHelper,
    TeamNotAllowed,
    VisitDaysOver,
    check_cap,
    check_team,
    days_together,
    window,
)
from inspect_server.domain.caps import Caps
from inspect_server.domain.enums import Standardisation, TeamRole
from inspect_server.domain.record import canonical

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)

ONE = OfficerToSend(
    officer_id="1",
    name="甲",
    cert_no="001",
    unit="一科",
    cert_from=date(2024, 1, 1),
    cert_to=date(2026, 3, 6),
    active=True,
    may_lead=True,
    leaves=(),
    recused=False,
)
TWO = replace(ONE, officer_id="2", cert_no="002", may_lead=False)
LEAD, MEMBER = TeamRole.LEAD, TeamRole.MEMBER


def test_a_certificate_may_end_on_the_last_day_of_the_visit() -> None:
    check_team([(ONE, LEAD), (TWO, MEMBER)], FIRST, LAST, 2)


@pytest.mark.parametrize(
    ("team", "reason"),
    [
        ([(ONE, LEAD)], "不得少于 2 人"),
        ([(ONE, LEAD), (ONE, MEMBER)], "两次"),
        ([(ONE, LEAD), (replace(TWO, may_lead=True), LEAD)], "一名主办"),
        ([(ONE, MEMBER), (TWO, MEMBER)], "一名主办"),
        ([(TWO, LEAD), (ONE, MEMBER)], "主办资格"),
        ([(ONE, LEAD), (replace(TWO, cert_to=date(2026, 3, 5)), MEMBER)], "执法证"),
        ([(ONE, LEAD), (replace(TWO, cert_from=date(2026, 3, 3)), MEMBER)], "执法证"),
        ([(ONE, LEAD), (replace(TWO, active=False), MEMBER)], "名录"),
        ([(ONE, LEAD), (replace(TWO, recused=True), MEMBER)], "回避"),
        ([(ONE, LEAD), (replace(TWO, leaves=((FIRST, LAST),)), MEMBER)], "请假"),
    ],
)
def test_a_team_that_must_not_go_is_refused(
    team: list[tuple[OfficerToSend, TeamRole]], reason: str
) -> None:
    with pytest.raises(TeamNotAllowed, match=reason):
        check_team(team, FIRST, LAST, 2)


def test_a_refusal_names_nobody() -> None:
    with pytest.raises(TeamNotAllowed) as refused:
        check_team([(replace(ONE, recused=True), LEAD), (TWO, MEMBER)], FIRST, LAST, 2)

    assert "甲" not in str(refused.value)
    assert "001" not in str(refused.value)


def test_leaves_that_leave_no_common_day_are_refused() -> None:
    early = replace(ONE, leaves=((FIRST, date(2026, 3, 4)),))
    late = replace(TWO, leaves=((date(2026, 3, 5), LAST),))

    assert days_together([early, TWO], FIRST, LAST) == (date(2026, 3, 5), LAST)
    with pytest.raises(TeamNotAllowed, match="在岗"):
        check_team([(early, LEAD), (late, MEMBER)], FIRST, LAST, 2)


@pytest.mark.parametrize(
    ("sectors", "grade", "cap"),
    [
        (["dust_explosion"], Standardisation.FIRST, 1),
        ([], Standardisation.NONE, 6),
        (["dust_explosion", "metal_smelting"], Standardisation.SECOND, 4),
        (["hazardous_chemicals"], Standardisation.NONE, 12),
    ],
)
def test_the_cap_follows_sector_and_grade(
    sectors: list[str], grade: Standardisation, cap: int
) -> None:
    assert Caps.read(law.book(), FIRST).of(sectors, grade) == cap


def test_the_cap_is_the_last_check_that_fits() -> None:
    first, second = (date(2026, 1, 5), "key"), (date(2026, 2, 9), "draw")
    check_cap("云湾铸造厂", [first], 2, year=2026, is_drawn=True)

    with pytest.raises(CapReached) as refused:
        check_cap("云湾铸造厂", [first, second], 2, year=2026, is_drawn=True)
    with pytest.raises(CapReached, match="下一年度"):
        check_cap("云湾铸造厂", [first, second], 2, year=2026, is_drawn=False)
    said = "（2026-01-05 重点企业计划检查、2026-02-09 双随机抽查），达到年度上限 2 次"
    assert str(refused.value).startswith("云湾铸造厂 2026 年已有 2 次检查计入频次")
    assert said in str(refused.value)
    assert "登记结果“未检查（已达年度频次上限）”" in str(refused.value)


def test_days_that_passed_are_not_left_for_a_visit() -> None:
    assert window(FIRST, LAST, date(2026, 2, 1)) == (FIRST, LAST)
    assert window(FIRST, LAST, LAST) == (LAST, LAST)
    with pytest.raises(VisitDaysOver):
        window(FIRST, LAST, date(2026, 3, 7))


def test_a_scheme_is_canonical_json_and_comes_back_the_same() -> None:
    scheme = Scheme(
        enterprise="厂",
        address="路",
        contact="",
        contact_phone="",
        industry="",
        visit_from="2026-03-02",
        visit_to="2026-03-06",
        officers=(ONE.as_scheme(LEAD), TWO.as_scheme(MEMBER)),
        contents=("检查表",),
        methods=("查阅资料",),
        source="draw",
        draw_no="D1",
        legal_basis=("法",),
        category="日常检查",
        checks_this_year=0,
        cap=6,
        announced=False,
        helpers=(SchemeHelper("专家", "院", "粉尘"),),
        remark="",
    )
    changed = scheme.with_officer("2", replace(TWO, officer_id="3").as_scheme(MEMBER))

    assert Scheme.from_json(scheme.to_json()) == scheme
    assert canonical(scheme.to_json())
    assert [officer.officer_id for officer in changed.officers] == ["1", "3"]
