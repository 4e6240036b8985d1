"""Checklists that are not handed out by themselves: somebody asks for them in a scheme."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from forms.body import content_sha256
from inspect_server.domain.assignment import DirectedAlready, Scheme
from inspect_server.domain.enums import Sector
from inspect_server.reads import checklists as reads
from inspect_server.store.models.inspection import Inspection, InspectionForm
from inspect_server.usecases.checklists.requested import NotOnRequest
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.inspecting.dispatch import (
    approve_scheme,
    dispatch,
    make_schemes,
    refresh_scheme,
)
from inspect_server.usecases.work import Backend
from tests.usecases.bureau import FIRST, Bureau, open_bureau, small_form
from tests.usecases.checklist_samples import KEEPER, following, publish
from tests.usecases.test_direct_check import direct

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

MANAGEMENT = replace(
    following(1), name="management", title="管理检查表", on_request=True, effective_from=FIRST
)


def office(backend: Backend, sectors: tuple[Sector, ...] = (Sector.CONFINED_SPACE,)) -> Bureau:
    bureau = open_bureau(backend, sectors=sectors)
    publish(backend, MANAGEMENT)
    return bureau


def schemes(bureau: Bureau, asked_for: Sequence[str]) -> list[UUID]:
    with bureau.backend.begin(bureau.author) as work:
        made = make_schemes(work, bureau.draw_id, asked_for)
    return [step.inspection_id for step in made.schemes]


def refresh(bureau: Bureau, inspection: UUID, asked_for: Sequence[str] | None = None) -> str:
    with bureau.backend.begin(bureau.author) as work:
        refresh_scheme(work, inspection, asked_for)
    return visit(bureau, inspection).form_set


def visit(bureau: Bureau, inspection: UUID) -> Inspection:
    with bureau.backend.reading() as session:
        return session.get_one(Inspection, inspection)


def test_a_list_on_request_is_not_handed_out_by_itself(sqlite_backend: Backend) -> None:
    bureau = office(sqlite_backend)

    assert visit(bureau, schemes(bureau, ())[0]).form_set == "small@1"


def test_a_list_that_is_asked_for_stands_in_every_scheme_and_reaches_the_phones(
    backend: Backend,
) -> None:
    bureau = office(backend)
    first, second = schemes(bureau, ["management", "management"])
    for one in (first, second):
        with backend.begin(bureau.approver) as work:
            approve_scheme(work, one)
    with backend.begin(bureau.author) as work:
        dispatch(work, first)

    with backend.reading() as session:
        pinned = {
            row.name: row.content_sha256
            for row in session.scalars(
                select(InspectionForm).where(InspectionForm.inspection_id == first)
            )
        }
    scheme = Scheme.from_json(visit(bureau, second).scheme)
    assert visit(bureau, second).form_set == "management@1+small@1"
    assert scheme.contents == ("测试检查表", "管理检查表")
    assert pinned["management"] == content_sha256(MANAGEMENT)


def test_a_list_takes_the_place_of_those_whose_items_it_asks_again(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    publish(sqlite_backend, replace(MANAGEMENT, instead_of=("small",)))

    first = visit(bureau, schemes(bureau, ["management"])[0])

    assert first.form_set == "management@1"
    assert first.scheme["contents"] == ["管理检查表"]


def test_an_enterprise_without_tags_can_be_checked_by_what_is_asked_for(
    sqlite_backend: Backend,
) -> None:
    bureau = office(sqlite_backend, sectors=(Sector.AMMONIA,))
    first = schemes(bureau, ["management"])[0]

    with sqlite_backend.begin(bureau.approver) as work:
        assert approve_scheme(work, first).inspection_id == first


@pytest.mark.parametrize("name", ["small", "managment", "management@1", ""])
def test_only_lists_on_request_are_asked_for(sqlite_backend: Backend, name: str) -> None:
    bureau = office(sqlite_backend)

    with pytest.raises(NotOnRequest, match="management（管理检查表）"):
        schemes(bureau, [name])


def test_a_list_is_not_asked_for_before_its_first_day_nor_after_its_last(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    publish(sqlite_backend, replace(MANAGEMENT, effective_from=date(2026, 3, 3)))
    with pytest.raises(NotOnRequest, match="可以另选的有：无"):
        schemes(bureau, ["management"])
    late = direct(bureau, visit_from=date(2026, 3, 3), asked_for=("management",))
    with sqlite_backend.begin(KEEPER) as work:
        retire_checklist(work, "management", 1, date(2026, 3, 3))
    with pytest.raises(NotOnRequest):
        refresh(bureau, late)

    assert refresh(bureau, late, ()) == "small@1"


def test_a_scheme_that_is_drafted_anew_keeps_what_was_asked_for(sqlite_backend: Backend) -> None:
    bureau = office(sqlite_backend)
    first = schemes(bureau, ())[0]

    assert refresh(bureau, first, ["management"]) == "management@1+small@1"
    assert refresh(bureau, first) == "management@1+small@1"
    assert refresh(bureau, first, []) == "small@1"


def test_the_same_report_with_another_list_is_another_request(sqlite_backend: Backend) -> None:
    bureau = office(sqlite_backend)
    made = direct(bureau, asked_for=("management",))

    assert direct(bureau, asked_for=("management",)) == made
    with pytest.raises(DirectedAlready):
        direct(bureau)


def test_what_may_be_asked_for_is_offered_by_title(sqlite_backend: Backend) -> None:
    office(sqlite_backend)

    with sqlite_backend.reading() as session:
        offered = reads.on_request(session)

    assert [(one.name, one.title, one.items) for one in offered] == [
        ("management", "管理检查表", 4)
    ]
