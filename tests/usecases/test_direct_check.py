"""Checks outside of the draw: a recorded reason, another's approval, and the right numbers."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from inspect_server.domain.assignment import (
    CapReached,
    DirectedAlready,
    DirectedReason,
    NothingToRecheck,
)
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.identity import AuthorMayNotApprove
from inspect_server.store import planning, record
from inspect_server.store.drawing import draws
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.inspecting.direct_check import Directed, direct_check
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch, refresh_scheme
from inspect_server.usecases.work import Backend
from tests.tampering import unguard
from tests.usecases.bureau import FIRST, LAST, Bureau, open_bureau, small_form

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def code_of(bureau: Bureau, index: int = 0) -> str:
    with bureau.backend.reading() as session:
        return session.get_one(Enterprise, bureau.enterprises[index]).uscc


def direct(
    bureau: Bureau, reason: DirectedReason = DirectedReason.HAZARD, **changes: object
) -> UUID:
    given: dict[str, Any] = {
        "text": "反映除尘器长期不清灰",
        "reference": "举报2026-017",
        "uscc": code_of(bureau),
        "lead": bureau.officers[0],
        "members": (bureau.officers[1],),
        "visit_from": FIRST,
        "visit_to": LAST,
        **changes,
    }
    with bureau.backend.begin(bureau.author) as work:
        return direct_check(work, Directed(reason, **given)).inspection_id


def send(bureau: Bureau, inspection_id: UUID) -> None:
    with bureau.backend.begin(bureau.approver) as work:
        approve_scheme(work, inspection_id)
    with bureau.backend.begin(bureau.author) as work:
        dispatch(work, inspection_id)


def fill_cap(bureau: Bureau) -> None:
    with bureau.backend.begin(bureau.author) as work:
        for _ in range(12):
            work.session.add(
                EnterpriseCheck(
                    id=uuid4(),
                    enterprise_id=bureau.enterprises[0],
                    checked_on=date(FIRST.year, 1, 5),
                    source="draw",
                    counts=True,
                )
            )


def test_a_reported_hazard_is_checked_without_a_draw_for_a_recorded_reason(
    backend: Backend,
) -> None:
    bureau = open_bureau(backend)
    made = direct(bureau)
    with pytest.raises(AuthorMayNotApprove), backend.begin(bureau.author) as work:
        approve_scheme(work, made)
    send(bureau, made)

    with backend.reading() as session:
        visit = session.get_one(Inspection, made)
        leaves = list(record.leaves(session, f"inspection/{visit.number}"))
        check = session.scalars(select(EnterpriseCheck)).one()
    assert (visit.draw_id, visit.source, visit.unit) == (None, "complaint", "一科")
    assert visit.scheme["category"] == "个案检查"
    assert visit.scheme["announced"] is False
    assert visit.scheme["remark"] == "投诉举报（举报事故隐患，举报2026-017）：反映除尘器长期不清灰"
    noted = next(leaf for leaf in leaves if leaf.type == "inspection.directed")
    assert json.loads(noted.content)["body"]["reason"] == "complaint.hazard"
    assert "除尘器" not in "".join(leaf.content.decode("utf-8") for leaf in leaves)
    assert check.counts is False


def test_a_report_is_checked_beyond_the_cap_and_a_recheck_is_not(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    earlier = direct(bureau)
    send(bureau, earlier)
    with sqlite_backend.begin(bureau.author) as work:
        unguard(work.session, "inspection")  # as if its record had been closed
        visit = work.session.get_one(Inspection, earlier)
        visit.state, visit.closed_at = InspectionState.RECORD_CLOSED, work.now
        number = visit.number
    fill_cap(bureau)
    send(bureau, direct(bureau, DirectedReason.SUPERIOR, reference="区安委办〔2026〕8号"))
    again = direct(bureau, DirectedReason.DEADLINE, reference=number)

    with pytest.raises(CapReached):
        send(bureau, again)
    with sqlite_backend.reading() as session:
        counted = session.scalars(select(EnterpriseCheck.counts)).all()
        recheck = session.get_one(Inspection, again)
    assert sorted(counted) == [False, False] + [True] * 12
    assert recheck.scheme["announced"] is True


@pytest.mark.parametrize(
    ("source", "counts", "in_cap", "last"),
    [
        ("draw", True, 1, FIRST),
        ("key", True, 1, FIRST),
        ("complaint", False, 0, None),
        ("assigned", False, 0, None),
        ("recheck", True, 1, None),
    ],
)
def test_only_a_check_of_the_plan_counts_for_recency_and_the_round_of_a_key_enterprise(
    backend: Backend, source: str, counts: bool, in_cap: int, last: date | None
) -> None:
    bureau = open_bureau(backend)
    with backend.begin(bureau.author) as work:
        work.session.add(
            EnterpriseCheck(
                id=uuid4(),
                enterprise_id=bureau.enterprises[0],
                checked_on=FIRST,
                source=source,
                counts=counts,
            )
        )

    with backend.reading() as session:
        facts = {one.id: one for one in planning.enterprise_facts(session, FIRST.year)}
    found = facts[str(bureau.enterprises[0])]
    assert (found.checks_this_year, found.last_checked_on) == (in_cap, last)


def test_a_recheck_follows_a_closed_check_of_the_same_enterprise(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    open_one = direct(bureau)
    with sqlite_backend.reading() as session:
        number = session.get_one(Inspection, open_one).number

    for reference in (number, "2026-9999"):
        with pytest.raises(NothingToRecheck, match=reference):
            direct(bureau, DirectedReason.REQUEST, reference=reference)


def test_an_open_directed_check_leaves_its_enterprise_in_the_pool_and_loads_its_officers(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    with sqlite_backend.reading() as session:
        before = {one.id: one.load for one in draws.officers(session)}
        was = list(planning.enterprise_facts(session, FIRST.year))
    direct(bureau)

    with sqlite_backend.reading() as session:
        after = {one.id: one.load for one in draws.officers(session)}
        facts = list(planning.enterprise_facts(session, FIRST.year))
    assert facts == was
    assert {one: after[one] - before[one] for one in after if after[one] != before[one]} == {
        bureau.officers[0]: 1,
        bureau.officers[1]: 1,
    }


def test_a_refreshed_scheme_keeps_why_it_was_made(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    made = direct(bureau)
    with sqlite_backend.begin(bureau.author) as work:
        refresh_scheme(work, made)

    with sqlite_backend.reading() as session:
        assert "举报2026-017" in session.get_one(Inspection, made).scheme["remark"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": " "}, BadInput),
        ({"reference": ""}, BadInput),
        ({"text": "字" * 301}, BadInput),
        ({"visit_from": LAST, "visit_to": FIRST}, BadInput),
        ({"visit_from": date(2020, 1, 1), "visit_to": date(2020, 1, 2)}, BadInput),
        ({"uscc": "9" * 18}, NotFound),
        ({"members": (uuid4(),)}, NotFound),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made(
    sqlite_backend: Backend, changes: dict[str, Any], error: type[Exception]
) -> None:
    bureau = open_bureau(sqlite_backend)

    with pytest.raises(error):
        direct(bureau, **changes)
    with sqlite_backend.reading() as session:
        assert session.scalar(select(func.count()).select_from(Inspection)) == 0


def test_nobody_goes_twice_and_only_a_supervisor_directs(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)

    with pytest.raises(BadInput, match="既主办又协办"):
        direct(bureau, members=(bureau.officers[0],))
    bureau.author = bureau.approver
    with pytest.raises(Forbidden):
        direct(bureau)


@pytest.mark.parametrize(
    "text",
    [
        "举报人张三13812345678反映除尘器长期不清灰",
        "举报人电话 138 1234 5678",
        "电话１３８－１２３４－５６７８",
        "座机 0518-5550123",
        "身份证 32070119900101123X",
    ],
)
def test_the_words_take_no_number_of_who_reported(sqlite_backend: Backend, text: str) -> None:
    bureau = open_bureau(sqlite_backend)

    with pytest.raises(BadInput, match="电话或者证件号码"):
        direct(bureau, text=text)
    with sqlite_backend.reading() as session:
        assert session.scalar(select(func.count()).select_from(Inspection)) == 0
    direct(bureau, text="2026年3月9日反映 3 号除尘器自 2025 年 11 月起不清灰，粉尘厚 12.5 毫米")


def test_the_same_request_again_gives_the_draft_that_waits(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first, again = direct(bureau), direct(bureau)
    other_team = direct(bureau, members=(bureau.officers[2],))
    other_letter = direct(bureau, reference="举报2026-018")
    with bureau.backend.begin(bureau.approver) as work:
        approve_scheme(work, first)
    after_approval = direct(bureau)

    assert first == again
    assert len({first, other_team, other_letter, after_approval}) == 4


def test_a_draft_for_the_same_letter_is_named_instead_of_made_again_in_other_words(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    first = direct(bureau)
    with sqlite_backend.reading() as session:
        number = session.get_one(Inspection, first).number

    with pytest.raises(DirectedAlready, match=number):
        direct(bureau, text="反映作业人员未经培训")
    assert direct(bureau) == first
