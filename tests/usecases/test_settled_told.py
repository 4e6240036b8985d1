"""A settled disagreement: what each phone had and what was chosen, on paper and on the page."""

import json
from dataclasses import replace

import pytest

from inspect_server.domain.inspection import ClosedRecord, Settlement
from inspect_server.reads import evidence
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.documents.facts import Numbering, record_facts
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

SETTLED = Settlement(
    item="answer/small/A3",
    code="A3",
    question="问题A3",
    said=(("赵检查", "符合"), ("钱检查", "不适用（无此设备）")),
    chosen="不适用",
    reason="现场共同复核",
    settled_by="赵检查",
)


def _closed(backend: Backend) -> Visit:
    bureau = open_bureau(backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    own = [op.id for op in visit.operations() if op.item == SETTLED.item]
    other = visit.phone(1).answer("A3", "not_applicable", note="无此设备")
    visit.phone(0).resolve("A3", "not_applicable", [*own, other], SETTLED.reason)
    visit.sign_all()
    with backend.begin(bureau.inspector(0)) as work:
        close_record(work, visit.inspection)
    return visit


def _record(visit: Visit) -> ClosedRecord:
    with visit.backend.reading() as session:
        stored = session.get_one(Inspection, visit.inspection).record
    assert stored is not None
    return ClosedRecord.from_json(stored)


def test_a_closed_case_keeps_what_each_phone_had_and_what_was_chosen(
    sqlite_backend: Backend,
) -> None:
    visit = _closed(sqlite_backend)
    with sqlite_backend.reading() as session:
        shown = evidence.settlements(session, visit.inspection)

    assert shown == (SETTLED,)
    assert _record(visit).settlements == (SETTLED,)


def test_the_record_prints_both_values_the_result_and_the_reason(sqlite_backend: Backend) -> None:
    visit = _closed(sqlite_backend)
    with sqlite_backend.begin(visit.bureau.author) as work:
        (said,) = record_facts(work, _record(visit), Numbering("1", "2", "", "")).settled

    assert (said.item, said.question) == ("A3", "问题A3")
    assert said.text == (
        "赵检查的终端记录为“符合”，钱检查的终端记录为“不适用（无此设备）”；"
        "主办人员赵检查确认为“不适用”，理由：现场共同复核"
    )


def test_the_sides_of_a_finding_are_told_by_what_they_differ_in(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    item = visit.phone(0).find("A1")
    (added,) = [op for op in visit.operations() if op.item == item]
    found = json.loads(added.value)
    sides = [found | {"deadline": "2027-01-30"}, found | {"measure": "suspend", "place": "仓库"}]
    ids = [
        *visit.phone(0).save(make_op("finding.amend", item, sides[0], [added.id])),
        *visit.phone(1).save(make_op("finding.amend", item, sides[1], [added.id])),
    ]
    with sqlite_backend.reading() as session:
        (conflict,) = evidence.conflicts(session, visit.inspection)
    chosen = {"chosen": sides[1], "reason": "现场共同复核"}
    visit.phone(0).save(make_op("conflict.resolve", item, chosen, ids))
    with sqlite_backend.reading() as session:
        (settled,) = evidence.settlements(session, visit.inspection)

    said = (
        "一般隐患（未设置警示标志；部位：一号池；处理措施：责令限期整改；整改期限：2027-01-30）",
        "一般隐患（未设置警示标志；部位：仓库；处理措施：责令暂时停产停业；整改期限：2026-03-20）",
    )
    assert tuple(head.words for head in conflict.heads) == said
    assert settled.said == (("赵检查", said[0]), ("钱检查", said[1]))
    assert settled.chosen == said[1]


def test_a_record_without_settlements_keeps_the_hash_it_had(sqlite_backend: Backend) -> None:
    record = replace(_record(_closed(sqlite_backend)), settlements=())

    assert {"settlements", "stale_reason"}.isdisjoint(record.to_json())
    assert ClosedRecord.from_json(record.to_json()) == record
