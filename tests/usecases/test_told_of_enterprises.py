"""What phones are told of an enterprise, the cap and the bureau beside the task itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from inspect_server.cli.server import _is_at_work
from inspect_server.config import Settings
from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.enums import Standardisation
from inspect_server.jobs import Jobs
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal.documents import Draft
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.due_jobs import Deadline
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.phones import enterprise_documents
from inspect_server.usecases.phones.publish_task import show_today
from inspect_server.usecases.phones.task_documents import bureau_body
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import Bureau, open_bureau, small_form
from tests.usecases.phones import Visit
from tests.usecases.test_direct_check import direct
from tests.usecases.test_documents import _go
from tests.usecases.test_task_scopes import send

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def told(bureau: Bureau, id: str) -> dict[str, Any]:
    """What is stored for the phones under an id."""
    with bureau.backend.reading() as session:
        body: dict[str, Any] = json.loads(sync_documents.by_id(session, [id])[id].body)
    return body


def enterprise_of(bureau: Bureau, inspection: UUID) -> dict[str, Any]:
    with bureau.backend.reading() as session:
        return told(bureau, f"enterprise/{session.get_one(Inspection, inspection).enterprise_id}")


def uncapped(bureau: Bureau) -> None:
    """Enterprises that may be checked more than once a year."""
    with bureau.backend.begin(ALL_ROLES) as work:
        for id in bureau.enterprises:
            row = work.session.get_one(Enterprise, id)
            row.standardisation = Standardisation.NONE
            row.business_scope, row.industry_code = "家具制造", "C2110"


@pytest.fixture
def bureau(sqlite_backend: Backend) -> Bureau:
    return open_bureau(sqlite_backend)


RECTIFIED = {
    "inspection", "inspection_id", "number", "found_on", "level", "text", "place", "basis",
    "order_no", "how", "rectified_on", "recheck",
}  # fmt: skip


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("rectified", ("未设置警示标志", "rechecked")),
        ("not_rectified", ("积尘", "on_site")),
    ],
)
def test_what_a_recheck_says_is_rectified_is_told_as_put_right_with_its_day(
    bureau: Bureau, result: str, said: tuple[str, str]
) -> None:
    uncapped(bureau)
    first = bureau.dispatched()[0]
    visit = _go(Visit(bureau, first), True, text="未设置警示标志")
    with bureau.backend.reading() as session:
        number = session.get_one(Inspection, first).number
        uscc = session.get_one(Enterprise, session.get_one(Inspection, first).enterprise_id).uscc
    before = enterprise_of(bureau, first)
    again = direct(bureau, DirectedReason.DEADLINE, reference=number, uscc=uscc)
    send(bureau, again)
    found: dict[str, Any] = {"text": "积尘", "corrected_on_site": True, "deadline": ""}
    second, is_left = Visit(bureau, again, visit.at), result == "not_rectified"
    second.recheck(f"recheck/{first}/1", result)
    _go(second, is_left, **found)
    after = enterprise_of(bureau, first)
    with bureau.backend.reading() as session:
        recheck = session.get_one(Inspection, again).number

    assert (before["rectified_hazards"], before["rectified_count"]) == ([], 0)
    assert [one["text"] for one in before["open_hazards"]] == ["未设置警示标志"]
    assert [one["result"] for one in after["open_hazards"]] == ([result] if is_left else [])
    (hazard,) = after["rectified_hazards"]
    assert set(hazard) == RECTIFIED
    assert (hazard["text"], hazard["how"]) == said
    assert (hazard["inspection"], hazard["recheck"]) == (
        (recheck, "") if is_left else (number, recheck)
    )
    assert hazard["rectified_on"] == "2026-03-05"
    assert after["rectified_count"] == 1


def test_of_what_was_put_right_the_newest_are_told_and_how_many_there_are(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enterprise_documents, "MOST_RECTIFIED", 0)
    inspection = bureau.dispatched()[0]
    _go(Visit(bureau, inspection), True, corrected_on_site=True, deadline="")
    unit = enterprise_of(bureau, inspection)

    assert (unit["rectified_hazards"], unit["rectified_count"]) == ([], 1)


def test_the_registry_s_own_words_of_an_enterprise_are_told(bureau: Bureau) -> None:
    uncapped(bureau)
    unit = enterprise_of(bureau, bureau.dispatched()[0])

    assert (unit["industry_code"], unit["industry_section"]) == ("C2110", "制造业")
    assert (unit["business_scope"], unit["status"], unit["recusal"]) == (
        "家具制造",
        "operating",
        "",
    )


def test_a_check_that_the_cap_does_not_hold_back_says_why_and_who_approved_it(
    bureau: Bureau,
) -> None:
    drawn = bureau.dispatched()[0]
    reported = direct(bureau)
    send(bureau, reported)
    nobody = told(bureau, f"task/{reported}")["frequency"]["approved_by"]
    with bureau.backend.begin(ALL_ROLES) as work:
        visit = work.session.get_one(Inspection, reported)
        visit.approved_by = f"user:{bureau.accounts[bureau.officers[3]]}"
        show_today(work)
    held, exempt = (told(bureau, f"task/{one}")["frequency"] for one in (drawn, reported))
    with bureau.backend.reading() as session:
        approved_at = session.get_one(Inspection, reported).approved_at

    assert (held["is_exempt"], exempt["is_exempt"]) == (False, True)
    assert "应急〔2025〕11号" in exempt["basis"]
    assert exempt["verified"] is False
    assert (nobody, exempt["approved_by"]) == ("", "李检查")
    assert approved_at is not None
    assert exempt["approved_at"] == approved_at.isoformat()


def test_the_bureau_says_where_to_turn_as_it_is_configured(bureau: Bureau) -> None:
    bureau.dispatched()
    settings = bureau.backend.settings
    body = told(bureau, "bureau")

    assert body["authority"] == settings.authority
    assert body["complaint_phone"] == settings.desk_complaint_phone
    assert f"60日内向{settings.government}申请行政复议" in body["relief"]
    assert f"6个月内依法向{settings.court}提起行政诉讼" in body["relief"]


def test_what_is_not_configured_is_empty_and_never_half_a_sentence(bureau: Bureau) -> None:
    today = bureau.backend.clock.now().date()
    body = bureau_body(replace(bureau.backend.settings, court=""), today)

    assert body["relief"] == ""
    assert bureau_body(Settings(), today) == {
        "authority": "",
        "complaint_phone": "",
        "address": "",
        "phone": "",
        "relief": "",
    }


def test_the_five_prohibitions_are_at_hand_and_marked_as_not_compared(bureau: Bureau) -> None:
    bureau.dispatched()
    law = told(bureau, "law/document.inspection_discipline")

    assert [one[:2] for one in law["value"]] == ["严禁"] * 5
    assert law["verified"] is False
    assert "国办发〔2024〕54号" in law["source"]


def by_night(bureau: Bureau) -> None:
    Jobs(bureau.backend, lambda: None).show_law_values(
        Deadline("show_law_values", bureau.backend.clock.now()), lambda _: None
    )


def by_an_update(bureau: Bureau) -> None:
    assert _is_at_work(bureau.backend.settings)


@pytest.mark.parametrize("told_anew", [by_night, by_an_update])
def test_what_an_earlier_program_told_is_told_anew(
    bureau: Bureau, told_anew: Callable[[Bureau], None]
) -> None:
    task = f"task/{bureau.dispatched()[0]}"
    unit = f"enterprise/{bureau.enterprises[0]}"
    with bureau.backend.begin(ALL_ROLES) as work:
        for id, missing in ((task, "frequency"), (unit, "rectified_hazards"), ("bureau", "relief")):
            row = sync_documents.by_id(work.session, [id])[id]
            body = {name: value for name, value in json.loads(row.body).items() if name != missing}
            old = Draft(id, row.scope, row.kind, json.dumps(body).encode())
            assert sync_documents.put(work.session, [old]) == 1
    faults = {fault.where for fault in verify_journal(bureau.backend).faults}
    told_anew(bureau)

    assert {task, unit, "bureau"} <= faults
    assert verify_journal(bureau.backend).faults == ()
    assert "frequency" in told(bureau, task)
    assert "rectified_hazards" in told(bureau, unit)
    assert "relief" in told(bureau, "bureau")


def test_a_bureau_that_was_configured_anew_is_no_damage_and_told_the_next_day(
    bureau: Bureau,
) -> None:
    bureau.dispatched()
    settings = replace(bureau.backend.settings, desk_complaint_phone="12350")
    backend = replace(bureau.backend, settings=settings)

    assert told(bureau, "bureau")["complaint_phone"] != "12350"
    assert verify_journal(backend).faults == ()
    with backend.begin(ALL_ROLES) as work:
        show_today(work)
    assert told(bureau, "bureau")["complaint_phone"] == "12350"
    assert verify_journal(bureau.backend).faults == ()
