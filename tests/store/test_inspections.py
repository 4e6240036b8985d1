"""Numbers, steps and closings under concurrency, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import StepNotAllowed
from inspect_server.store.inspections import take_numbers
from inspect_server.store.models.inspection import (
    EnterpriseCheck,
    Inspection,
    InspectionMember,
)
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.inspecting.dispatch import SchemesMadeAlready, dispatch, make_schemes
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]


def _at_once(times: int, step: Callable[[], object]) -> list[object]:
    """Run a step in parallel and return what each run returned or refused."""

    def attempt(_: int) -> object:
        try:
            return step()
        except InspectError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(attempt, range(times)))


def test_parallel_numbers_are_unique_and_without_gaps(backend: Backend) -> None:
    def take() -> list[str]:
        with backend.begin(ALL_ROLES) as work:
            return take_numbers(work.session, 2026, 3)

    taken = [number for numbers in _at_once(6, take) for number in numbers]  # type: ignore[attr-defined]

    assert sorted(taken) == [f"2026-{serial:04d}" for serial in range(1, 19)]


def test_a_rolled_back_number_is_given_again_and_years_count_apart(backend: Backend) -> None:
    with pytest.raises(RuntimeError), backend.begin(ALL_ROLES) as work:
        take_numbers(work.session, 2026, 5)
        raise RuntimeError
    with backend.begin(ALL_ROLES) as work:
        taken = take_numbers(work.session, 2026, 1) + take_numbers(work.session, 2027, 1)

    assert taken == ["2026-0001", "2027-0001"]


@pytest.mark.usefixtures("small_form")
def test_schemes_made_by_two_at_once_are_made_once(backend: Backend) -> None:
    bureau = open_bureau(backend)

    def make() -> object:
        with backend.begin(bureau.author) as work:
            return make_schemes(work, bureau.draw_id)

    results = _at_once(3, make)
    with backend.reading() as session:
        count = session.scalar(select(func.count()).select_from(Inspection))

    assert sum(isinstance(result, SchemesMadeAlready) for result in results) == 2
    assert count == 2


@pytest.mark.usefixtures("small_form")
def test_a_task_sent_by_two_at_once_is_sent_once(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.approved()[0]

    def send() -> object:
        with backend.begin(bureau.author) as work:
            return dispatch(work, first)

    results = _at_once(3, send)
    with backend.reading() as session:
        members = session.scalar(select(func.count()).select_from(InspectionMember))
        checks = session.scalar(select(func.count()).select_from(EnterpriseCheck))

    assert sum(isinstance(result, StepNotAllowed) for result in results) == 2
    assert (members, checks) == (2, 1)


@pytest.mark.usefixtures("small_form")
def test_a_record_closed_by_two_at_once_is_closed_once(backend: Backend) -> None:
    bureau = open_bureau(backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    visit.sign_all()

    def close() -> object:
        with backend.begin(bureau.inspector(0)) as work:
            return close_record(work, visit.inspection)

    results = _at_once(3, close)

    assert sum(isinstance(result, StepNotAllowed) for result in results) == 2
