"""入企码: what the sheets for the doors of enterprises say, and which a phone knows."""

from uuid import UUID

from inspect_server.console.gates import MOST
from inspect_server.console.pictures import qr
from inspect_server.domain.saying.arriving import gate_code
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from tests.faces.town import Town


def enterprise_of(town: Town) -> tuple[UUID, str, str]:
    with town.backend.reading() as session:
        visit = session.get_one(Inspection, town.own.inspection)
        row = session.get_one(Enterprise, visit.enterprise_id)
        return row.id, row.uscc, row.name


def test_a_sheet_names_the_enterprise_and_its_code_says_only_which_it_is(town: Town) -> None:
    id, uscc, name = enterprise_of(town)
    text = town.sign_in("office").get(f"/gate-codes?uscc={uscc.lower()}").text

    assert gate_code(id) == f"IXG1/{id}"
    assert qr(f"IXG1/{id}").path in text
    assert f'<p class="name">{name}</p>' in text
    assert f"统一社会信用代码 {uscc}" in text
    assert "共 1 张" in text
    assert str(town.own.inspection) not in text


def test_several_are_asked_for_at_once_and_what_is_not_known_is_named(town: Town) -> None:
    _, uscc, _ = enterprise_of(town)
    asked = "\r\n".join([uscc, "91320000000000000X", uscc])
    text = town.sign_in("supervisor").get("/gate-codes", query_string={"uscc": asked}).text

    assert text.count('class="gate"') == 1
    assert "企业名录中没有：91320000000000000X" in text


def test_more_than_a_day_s_paper_is_told_and_left_out(town: Town) -> None:
    asked = " ".join(f"X{number}" for number in range(MOST + 1))
    text = town.sign_in("office").get("/gate-codes", query_string={"uscc": asked}).text

    assert f"没有生成：X{MOST}，" in text
    assert 'class="gate"' not in text


def test_without_a_number_there_is_the_form_alone(town: Town) -> None:
    text = town.sign_in("office").get("/gate-codes").text

    assert "<textarea" in text
    assert "没有" not in text
    assert 'class="gate"' not in text


def test_the_page_of_a_check_leads_to_the_sheet_of_its_enterprise(town: Town) -> None:
    _, uscc, _ = enterprise_of(town)
    page = f"/inspections/{town.own.inspection}"

    assert f"/gate-codes?uscc={uscc}" in town.sign_in("supervisor").get(page).text
    assert "/gate-codes" not in town.sign_in("inspector").get(page).text
