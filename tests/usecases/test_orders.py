"""The order to rectify: signatures given to it, and deadlines that can be kept."""

import json
from datetime import date
from typing import Any

import pytest

from inspect_server.console.words import STEPS
from inspect_server.domain.deadlines import DeadlinesPassed, NewDeadlineRefused
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden
from inspect_server.reads.progress import progress
from inspect_server.reads.record_checks import check_cases
from inspect_server.store import record
from inspect_server.usecases.documents.issue_document import void_document
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.usecases.bureau import small_form
from tests.usecases.phones import Visit
from tests.usecases.test_document_facts import facts_of, record_of
from tests.usecases.test_documents import closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

SUPERVISOR = Actor("user:supervisor", frozenset({Role.SUPERVISOR}), unit="一科")
ORDER = "rectification_order"


def sign_order(visit: Visit, **values: Any) -> None:
    """Lead, member and enterprise sign the order on the lead's phone."""
    for signer, officer in (("lead", 0), ("member", 1), ("enterprise", None)):
        visit.phone(0).sign(signer, officer, document="order", **values)


def order_of(visit: Visit) -> dict[str, Any]:
    issue(visit)
    return facts_of(visit)[ORDER]


def test_an_order_carries_what_was_signed_on_it_and_the_record_what_was_signed_there(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend, afterwards=sign_order)

    order = order_of(visit)
    on_record = facts_of(visit)["inspection_record"]["signatures"]

    assert [one["signer"] for one in order["signatures"]] == ["officer", "officer", "enterprise"]
    assert not any(one["stale"] for one in order["signatures"])
    assert len(on_record) == 3
    times = {one["signed_at"] for one in order["signatures"]}
    assert times.isdisjoint(one["signed_at"] for one in on_record)


def test_the_case_and_the_page_say_which_document_was_signed(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend, afterwards=sign_order)
    with sqlite_backend.reading() as session:
        leaves = record.leaves(session, "inspection/2026-0001")
        shown = progress(session, visit.inspection)
    events = [json.loads(leaf.content) for leaf in leaves]
    signed = [event["body"] for event in events if event["type"] == "record.signed"]

    assert [one.get("document", "record") for one in signed] == ["record"] * 3 + ["order"] * 3
    assert [step.kind for step in shown.steps][-3:] == [
        "order_lead",
        "order_member",
        "order_enterprise",
    ]
    assert {step.kind for step in shown.steps} <= set(STEPS)


def test_a_record_closes_without_anybody_signing_the_order(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)

    assert order_of(visit)["signatures"] == []


def test_signatures_to_the_order_do_not_stand_for_those_of_the_record(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend, afterwards=sign_order)

    documents = [one.get("document", "record") for one in record_of(visit)["signatures"]]

    assert documents == ["record"] * 3 + ["order"] * 3
    assert "document" not in record_of(visit)["signatures"][0]  # older records keep their hash


def test_a_finding_changed_after_the_order_was_signed_leaves_lines_for_ink(
    sqlite_backend: Backend,
) -> None:
    def another(visit: Visit) -> None:
        sign_order(visit)
        visit.phone(0).find("A1", text="另一问题")
        visit.sign_all()

    order = order_of(closed_visit(sqlite_backend, afterwards=another))

    assert [one["stale"] for one in order["signatures"]] == [True, True, True]


def test_an_enterprise_shown_under_another_name_did_not_sign_this_order(
    sqlite_backend: Backend,
) -> None:
    def under_another_name(visit: Visit) -> None:
        sign_order(visit, enterprise="某某公司")

    order = order_of(closed_visit(sqlite_backend, afterwards=under_another_name))

    assert [one["stale"] for one in order["signatures"]] == [True, True, True]


def test_a_refused_receipt_stands_with_its_reason(sqlite_backend: Backend) -> None:
    def refuse(visit: Visit) -> None:
        visit.phone(0).sign("enterprise", None, refused="不认可", document="order")

    order = order_of(closed_visit(sqlite_backend, afterwards=refuse))

    assert [(one["refused"], one["refusal_reason"]) for one in order["signatures"]] == [
        (True, "不认可")
    ]


@pytest.mark.parametrize("deadline", ["2026-03-09", "2026-03-10"], ids=["before", "on the day"])
def test_an_order_is_not_made_for_a_deadline_that_has_passed(
    backend: Backend, clock: FixedClock, deadline: str
) -> None:
    visit = closed_visit(backend, deadline=deadline)
    clock.forward(days=8)

    with pytest.raises(DeadlinesPassed) as refused:
        issue(visit)

    assert "--deadline" in str(refused.value)
    assert facts_of(visit) == {}


def test_the_lead_or_a_supervisor_gives_a_new_day_that_the_record_notes(
    backend: Backend, clock: FixedClock
) -> None:
    visit = closed_visit(backend, deadline="2026-03-09", afterwards=sign_order)
    clock.forward(days=8)

    with pytest.raises(Forbidden):
        issue(visit, new_deadline=date(2026, 3, 20))
    issue(visit, visit.bureau.inspector(0), date(2026, 3, 20))
    order = facts_of(visit)[ORDER]
    with backend.reading() as session:
        leaves = record.leaves(session, "inspection/2026-0001")
        events = [json.loads(leaf.content) for leaf in leaves]
        checked = verify_documents(session, backend.blobs, reproduce=True)
        (case,) = check_cases(session, "inspection/2026-0001")

    (demand,) = order["demands"]
    assert (demand["deadline"], demand["former_deadline"]) == ("2026-03-20", "2026-03-09")
    assert all(one["stale"] for one in order["signatures"])  # they saw another day
    assert [event["body"] for event in events if event["type"] == "doc.deadline"] == [
        {"doc_no": order["doc_no"], "problems": [1], "deadline": "2026-03-20"}
    ]
    assert (checked.reproduced, checked.faults) == (2, ())
    assert not case.faults


def test_only_what_has_passed_gets_the_new_day(sqlite_backend: Backend, clock: FixedClock) -> None:
    def later(visit: Visit) -> None:
        visit.phone(0).find("A1", deadline="2026-03-31")
        visit.sign_all()

    visit = closed_visit(sqlite_backend, deadline="2026-03-09", afterwards=later)
    clock.forward(days=8)
    issue(visit, SUPERVISOR, date(2026, 3, 20))

    days = sorted(
        (one["deadline"], one["former_deadline"]) for one in facts_of(visit)[ORDER]["demands"]
    )
    assert days == [("2026-03-20", "2026-03-09"), ("2026-03-31", "")]


def test_what_is_ordered_at_once_never_passes(sqlite_backend: Backend, clock: FixedClock) -> None:
    visit = closed_visit(sqlite_backend, measure="rectify_now", deadline="2026-03-09")
    clock.forward(days=30)

    assert [one["deadline"] for one in order_of(visit)["demands"]] == [""]


@pytest.mark.parametrize(
    ("days", "new", "said"),
    [(8, date(2026, 3, 10), "应晚于"), (0, date(2026, 3, 20), "没有已过")],
    ids=["not later", "not needed"],
)
def test_a_new_day_must_be_needed_and_later_than_the_order(
    sqlite_backend: Backend, clock: FixedClock, days: int, new: date, said: str
) -> None:
    visit = closed_visit(sqlite_backend, deadline="2026-03-09")
    clock.forward(days=days)

    with pytest.raises(NewDeadlineRefused, match=said):
        issue(visit, SUPERVISOR, new)
    assert facts_of(visit) == {}


def test_an_order_made_again_is_held_to_its_new_day(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    visit = closed_visit(sqlite_backend, deadline="2026-03-09")
    order = issue(visit).documents[1]
    clock.forward(days=8)
    with sqlite_backend.begin(SUPERVISOR) as work:
        void_document(work, order.id, "重做")

    with pytest.raises(DeadlinesPassed):
        issue(visit)
