"""Answers that are values, from phone to phone, and checklists of sections in sections."""

import json
from typing import Any

import pytest

from sync.errors import BadEntry
from sync.phone.bodies import is_readable
from sync.phone.errors import NothingOrdered, UnknownItem
from tests.conformance_journal import FORM
from tests.unit.test_sync_phone import FINDING, ITEM, STROKES, TASK, Team, server, team

__all__ = ["server", "team"]  # fixtures
PLACE = {"latitude": "31.1", "longitude": "120.1", "accuracy_m": "8", "datum": "WGS-84"}
NESTED = {
    "sections": [
        {"title": "", "items": [{"code": "D01"}]},
        {
            "title": "除尘系统",
            "items": [
                {"title": "风管", "items": [{"code": "D02", "columns": [{"code": "C01"}]}]},
                {"title": "灰斗", "items": []},
            ],
        },
    ]
}


def pulled(team: Team, body: dict[str, Any]) -> str:
    """Let the lead pull a checklist; return how its items begin."""
    for login in ("lead", "member"):
        team.server.show(login, f"form/{FORM}", {f"form/{FORM}": json.dumps(body).encode()})
    assert team.sync(team.lead).complete
    return f"answer/{FORM.partition('@')[0]}/"


@pytest.mark.parametrize(
    "given",
    [
        "3.5",
        ["manual", "fan"],
        PLACE,
        {"name": "王五", "strokes": STROKES},
        [{"C01": "1#", "列": [{"内": ["fan"]}]}, {}],
    ],
)
def test_a_value_reaches_the_other_phone_as_it_was_given(team: Team, given: Any) -> None:
    team.lead.answer(TASK, ITEM, "given", note="实测", given=given)
    team.member.take_in(team.lead.export_entries(TASK))
    team.same_view()

    for phone in (team.lead, team.member):
        assert phone.record(TASK).items[ITEM].value == {
            "result": "given",
            "reason": "",
            "note": "实测",
            "given": given,
        }


def test_an_answer_without_a_value_is_signed_as_before(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")

    (entry,) = team.lead.entries()
    assert b'"value":{"result":"pass","reason":"","note":""}' in entry.content


@pytest.mark.parametrize(("result", "given"), [("given", None), ("pass", "3"), ("given", 3.5)])
def test_a_value_stands_exactly_beside_the_result_that_says_so(
    team: Team,
    result: str,
    given: Any,
) -> None:
    with pytest.raises(BadEntry):
        team.lead.answer(TASK, ITEM, result, given=given)
    assert team.lead.entries() == []


def test_items_of_sections_in_sections_are_answered_and_columns_are_no_items(
    team: Team,
) -> None:
    start = pulled(team, NESTED)
    team.lead.answer(TASK, f"{start}D02", "given", given=[{"C01": "1#"}])

    with pytest.raises(UnknownItem):
        team.lead.answer(TASK, f"{start}C01", "given", given="1#")
    assert list(team.lead.record(TASK).items) == [f"{start}D02"]


def test_a_checklist_with_something_that_is_neither_item_nor_section_is_not_shown() -> None:
    deep = b'{"sections":' + b'[{"items":' * 5000 + b"[]" + b"}]" * 5000 + b"}"

    assert is_readable("form", json.dumps(NESTED).encode())
    assert not is_readable("form", b'{"sections":[{"items":[{"title":"x"}]}]}')
    assert not is_readable("form", deep)


def test_what_is_referred_is_in_no_order(team: Team) -> None:
    team.lead.add_finding(TASK, FINDING | {"measure": "refer", "deadline": ""})

    with pytest.raises(NothingOrdered):
        team.lead.order_view(TASK)
