"""A major hazard met with several measures: closed, printed, told and published with all."""

import json
from typing import Any

import pytest

from inspect_server.domain.closing import FindingNotAllowed
from inspect_server.domain.disclosure import Result, result_of
from inspect_server.domain.errors import InspectError
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import SyncDocument
from inspect_server.usecases.documents.facts import Numbering, plain, record_facts, to_decide
from inspect_server.usecases.documents.order import order_facts
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import answered_visit, close, fail, record_of
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
NUMBERS = Numbering("1", "2", "", "")


def found(backend: Backend, **values: Any) -> Visit:
    """A visit that ends with one failure met as said."""
    visit = answered_visit(backend)
    phone = fail(visit, "A2")
    phone.photograph(finding=phone.find("A2", level="major", **values))
    visit.sign_all()
    return visit


def test_every_measure_of_a_finding_stands_in_record_paper_and_what_phones_are_told(
    sqlite_backend: Backend,
) -> None:
    visit = found(sqlite_backend, measure="withdraw", further_measures=["suspend", "stop_use"])
    close(visit)
    closed = record_of(visit)
    with visit.backend.begin(ALL_ROLES) as work:
        (problem,) = record_facts(work, closed, NUMBERS).problems
        (demand,) = order_facts(work, closed, NUMBERS).demands
        unit = work.session.get_one(Inspection, visit.inspection).enterprise_id
        told = json.loads(work.session.get_one(SyncDocument, f"enterprise/{unit}").body)
    (hazard,) = told["open_hazards"]

    assert closed.findings[0].measures == ("withdraw", "suspend", "stop_use")
    assert (problem.measure, problem.further_measures) == ("withdraw", ("suspend", "stop_use"))
    assert demand.deadline == closed.findings[0].deadline != ""
    assert (hazard["measure"], hazard["further_measures"]) == ("withdraw", ["suspend", "stop_use"])
    assert to_decide(closed) == (1,)
    assert result_of(closed.findings) is Result.PENDING


def test_what_is_removed_at_once_has_no_day_whatever_is_ordered_beside_it(
    sqlite_backend: Backend,
) -> None:
    visit = found(sqlite_backend, measure="rectify_now", further_measures=["withdraw"])
    close(visit)
    with visit.backend.begin(ALL_ROLES) as work:
        (demand,) = order_facts(work, record_of(visit), NUMBERS).demands

    assert demand.deadline == ""


def test_a_finding_with_one_measure_is_in_the_record_as_ever(sqlite_backend: Backend) -> None:
    visit = found(sqlite_backend, measure="suspend")
    close(visit)
    closed = record_of(visit)

    assert "further_measures" not in closed.to_json()["findings"][0]
    with visit.backend.begin(ALL_ROLES) as work:
        facts = record_facts(work, closed, NUMBERS)
    assert "further_measures" not in plain(facts)["problems"][0]


@pytest.mark.parametrize(
    ("measure", "further"),
    [("rectify_now", ["rectify_within"]), ("rectify_within", ["stop_use"])],
)
def test_measures_that_exclude_each_other_keep_the_record_open(
    sqlite_backend: Backend, measure: str, further: list[str]
) -> None:
    visit = found(sqlite_backend, measure=measure, further_measures=further)

    with pytest.raises(InspectError, match="责令限期整改不能与其他处理措施并用"):
        close(visit)


def test_a_general_problem_is_met_with_one_measure(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    phone = fail(visit, "A1")
    phone.photograph(finding=phone.find("A1", measure="withdraw", further_measures=["suspend"]))
    visit.sign_all()

    with pytest.raises(FindingNotAllowed, match="一般隐患只能选择一项处理措施"):
        close(visit)
