"""A recheck: what it says of each problem of the order, and what is left open when it is closed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.closing import RechecksMissing, RecordHasConflicts
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from tests.usecases.bureau import Bureau, open_bureau, small_form
from tests.usecases.closing_visits import close, record_of
from tests.usecases.phones import Visit
from tests.usecases.test_direct_check import direct, send
from tests.usecases.test_document_facts import facts_of
from tests.usecases.test_documents import issue, picture
from tests.usecases.test_told_of_enterprises import enterprise_of, uncapped

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


@dataclass
class Rechecked:
    """A first check whose order demands two problems, and the recheck that follows it."""

    bureau: Bureau
    first: UUID = field(init=False)
    order_no: str = field(init=False)
    visit: Visit = field(init=False)

    def __post_init__(self) -> None:
        uncapped(self.bureau)
        self.first = self.bureau.dispatched()[0]
        visit = Visit(self.bureau, self.first)
        visit.start(0, 1)
        for code, text in (("A1", "未设置警示标志"), ("A3", "积尘未清扫")):
            visit.phone(0).answer(code, "fail")
            found = visit.phone(0).find(code, text=text)
            visit.phone(0).photograph(finding=found, content=picture())
        visit.phone(0).answer("A2", "pass")
        visit.sign_all()
        close(visit)
        self.order_no = next(
            one.doc_no for one in issue(visit).documents if one.kind == "rectification_order"
        )
        self.visit = self.follow(self.first, visit)

    def follow(self, inspection: UUID, before: Visit) -> Visit:
        """Send out a recheck of a check; everything but its results is said."""
        with self.bureau.backend.reading() as session:
            row = session.get_one(Inspection, inspection)
            number, uscc = row.number, session.get_one(Enterprise, row.enterprise_id).uscc
        again = direct(self.bureau, DirectedReason.DEADLINE, reference=number, uscc=uscc)
        send(self.bureau, again)
        visit = Visit(self.bureau, again, before.at)
        visit.start(0, 1)
        visit.answer_all()
        return visit

    def item(self, number: int) -> str:
        return f"recheck/{self.first}/{number}"

    def number(self, inspection: UUID) -> str:
        with self.bureau.backend.reading() as session:
            return session.get_one(Inspection, inspection).number

    def told(self) -> dict[str, Any]:
        """What phones are told of the enterprise."""
        return enterprise_of(self.bureau, self.first)


@pytest.fixture
def made(sqlite_backend: Backend) -> Rechecked:
    return Rechecked(open_bureau(sqlite_backend))


def test_phones_are_told_each_problem_with_what_its_result_is_said_under(made: Rechecked) -> None:
    first, second = made.told()["open_hazards"]

    assert [(one["inspection_id"], one["number"]) for one in (first, second)] == [
        (str(made.first), 1),
        (str(made.first), 2),
    ]
    assert (first["text"], first["order_no"]) == ("未设置警示标志", made.order_no)
    assert (first["ordered_on"], first["deadline"]) == ("2026-03-02", "2026-03-20")
    assert (len(first["photos"]), first["rechecks"], first["result"]) == (1, [], "")


def test_a_recheck_is_not_closed_while_a_problem_has_no_result(made: Rechecked) -> None:
    made.visit.recheck(made.item(1), "rectified")
    made.visit.sign_all()
    with pytest.raises(RechecksMissing) as refused:
        close(made.visit)

    left = f"{made.number(made.first)}第2项“积尘未清扫”"
    assert f"还有 1 项未填写结果（{left}）" in str(refused.value)
    assert len(made.told()["open_hazards"]) == 2


def test_phones_that_say_different_things_of_a_problem_keep_the_record_open(
    made: Rechecked,
) -> None:
    made.visit.recheck(made.item(1), "rectified")
    other = {"result": "not_rectified", "note": ""}
    made.visit.phone(1).save(make_op("recheck.set", made.item(1), other))
    made.visit.recheck(made.item(2), "rectified")
    with pytest.raises(RecordHasConflicts, match="复查事项"):
        close(made.visit)


def test_closing_ends_what_is_rectified_and_nothing_else(made: Rechecked) -> None:
    made.visit.recheck(made.item(1), "rectified")
    made.visit.recheck(made.item(2), "not_rectified", "仍有积尘")
    photo = made.visit.phone(0).photograph(answer=made.item(2), content=picture())
    made.visit.sign_all()
    close(made.visit)
    one, two = record_of(made.visit).rechecked
    (left,), (done,) = (made.told()[name] for name in ("open_hazards", "rectified_hazards"))

    assert (one.result, two.result, two.note) == ("rectified", "not_rectified", "仍有积尘")
    assert (two.photos, len(two.answered_by)) == ((photo,), 1)
    assert (left["text"], left["order_no"], left["deadline"]) == (
        "积尘未清扫",
        made.order_no,
        "2026-03-20",
    )
    assert (left["result"], left["rechecked_on"]) == ("not_rectified", "2026-03-05")
    assert (done["text"], done["how"], done["recheck"]) == (
        "未设置警示标志",
        "rechecked",
        made.number(made.visit.inspection),
    )


def test_a_problem_that_could_not_be_seen_stays_open_and_is_asked_for_again(
    made: Rechecked,
) -> None:
    made.visit.recheck(made.item(1), "rectified")
    made.visit.recheck(made.item(2), "not_checked", "车间停产锁闭")
    made.visit.sign_all()
    close(made.visit)
    third = made.follow(made.visit.inspection, made.visit)
    third.sign_all()
    with pytest.raises(RechecksMissing, match="还有 1 项未填写结果"):
        close(third)
    third.recheck(made.item(2), "rectified")
    third.sign_all()
    close(third)

    assert made.told()["open_hazards"] == []
    assert [one["recheck"] for one in made.told()["rectified_hazards"]] == [
        made.number(made.visit.inspection),
        made.number(third.inspection),
    ]


def test_the_paper_says_how_each_problem_stands(made: Rechecked) -> None:
    made.visit.recheck(made.item(1), "rectified")
    made.visit.recheck(made.item(2), "partly", "已清扫，除尘器尚未改造。")
    made.visit.sign_all()
    close(made.visit)
    issue(made.visit)
    notes = facts_of(made.visit)["inspection_record"]["notes"]
    number = made.number(made.first)

    assert notes[:2] == [
        f"复查检查{number}（{made.order_no}）第1项“未设置警示标志”（一号池），"
        "整改期限2026年3月20日：已整改",
        f"复查检查{number}（{made.order_no}）第2项“积尘未清扫”（一号池），"
        "整改期限2026年3月20日：部分整改，已清扫，除尘器尚未改造",
    ]


def test_a_check_that_follows_none_asks_for_no_results(made: Rechecked) -> None:
    other = direct(made.bureau, reference="举报2026-018")
    send(made.bureau, other)
    visit = Visit(made.bureau, other, made.visit.at)
    visit.start(0, 1)
    visit.recheck(made.item(1), "rectified")
    visit.answer_all()
    visit.sign_all()
    close(visit)

    assert record_of(visit).rechecked == ()
    assert len(made.told()["open_hazards"]) == 2
