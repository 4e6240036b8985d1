"""Arrivals: when they were, whatever is corrected, and which code was read at the gate."""

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest

from inspect_server.domain.saying.arriving import arrived_at, gate_in_words, gate_noted
from inspect_server.reads import progress
from inspect_server.reads.inspections.timeline import TimelineRow, timeline
from inspect_server.store import visit_records
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from sync.merging.items import Head
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import close, dispatched_visit, record_of
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

GATE: dict[str, Any] = {
    "code": "enterprise",
    "named": "91320799MADT1JDU2X",
    "name": "云湾木业有限公司",
    "agrees": True,
    "typed": False,
    "read_at": "2026-03-05T09:29:00.000+08:00",
}
ELSEWHERE = GATE | {"code": "bureau", "named": "0198aaaa-0000-4000-8000-00000000000e"}
ELSEWHERE |= {"name": "", "agrees": False, "typed": True}


def corrected(visit: Visit, officer: int, **values: Any) -> None:
    """The place of an arrival is mended, and nothing else."""
    phone = visit.phone(officer)
    (first,) = [op for op in phone.operations if op.type == "visit.start"]
    mended = make_op("visit.start", first.item, {**_value(first.value), **values}, [first.id])
    phone.save(mended)


def _value(content: bytes) -> dict[str, Any]:
    read: dict[str, Any] = msgspec.json.decode(content)
    return read


def rows(visit: Visit) -> list[TimelineRow]:
    """The arrivals in the case of an inspection."""
    with visit.backend.reading() as session:
        all = timeline(session, session.get_one(Inspection, visit.inspection))
    return [row for row in all if row.type == "visit.started"]


def _closed(visit: Visit) -> Visit:
    visit.answer_all()
    visit.sign_all()
    close(visit)
    return visit


def test_a_corrected_place_moves_no_arrival(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    first = next(op.wall for op in visit.phone(0).operations)
    corrected(visit, 0, place="二车间", arrived_at=first)
    corrected(
        visit, 1, place="二车间", arrived_at=next(op.wall for op in visit.phone(1).operations)
    )
    with sqlite_backend.reading() as session:
        steps = progress.progress(session, visit.inspection).steps
    record = record_of(_closed(visit))

    assert datetime.fromisoformat(steps[0].at) == datetime.fromisoformat(first)
    assert record.started_at == first
    assert record.place == "二车间"
    assert [row.title for row in rows(visit)] == [
        "开始检查",
        "开始检查",
        "更正到场登记",
        "更正到场登记",
    ]


def test_a_correction_by_an_earlier_program_is_of_its_own_time(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    for officer in (0, 1):
        corrected(visit, officer, place="二车间")
    walls = [op.wall for op in visit.operations() if b"\xe4\xba\x8c\xe8\xbd\xa6" in op.value]

    assert record_of(_closed(visit)).started_at == min(walls)
    assert [row.title for row in rows(visit)] == ["开始检查"] * 4


def test_a_correction_after_midnight_leaves_the_day_of_the_visit(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0)
    corrected(visit, 0, arrived_at="2026-03-04T23:50:00.000+08:00")
    with sqlite_backend.reading() as session:
        merged = visit_records.load(session, visit.inspection).merged
        day = progress._day(session, merged, visit.inspection)

    assert day == "2026-03-04"


def test_what_a_code_at_the_gate_said_stands_in_the_record_and_in_the_timeline(
    sqlite_backend: Backend,
) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, gate=GATE)
    visit.start(1, gate=ELSEWHERE)
    record = record_of(_closed(visit))
    lead, member = rows(visit)

    assert record.notes == (
        "扫码入企：2026年3月5日9时29分，赵检查扫描统一社会信用代码核对，现场企业与本次检查任务一致",
        "扫码入企：2026年3月5日9时29分，钱检查录入本机关的入企码核对，所示为本机关名录外的企业，"
        "与本次检查任务的企业不一致，经核对现场后登记到场",
    )
    assert (lead.said, lead.is_elsewhere) == ("扫描统一社会信用代码核对，与任务一致", False)
    assert (member.said, member.is_elsewhere) == ("录入本机关的入企码核对，与任务不一致", True)


def test_an_arrival_past_no_code_says_nothing_of_one(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    record = record_of(_closed(visit))

    assert record.notes == ()
    assert [(row.said, row.is_elsewhere) for row in rows(visit)] == [("", False)] * 2


def test_another_enterprise_is_told_by_its_name_and_number() -> None:
    other = gate_noted(GATE | {"agrees": False}, "赵检查", "9时29分")

    assert "所示为云湾木业有限公司（91320799MADT1JDU2X），与本次检查任务的企业不一致" in other
    assert gate_in_words({}) == ""
    assert "9时29分" not in gate_in_words(GATE)
    assert gate_in_words(GATE).startswith("2026-03-05 09:29:00.000 扫描统一社会信用代码")


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (None, "2026-03-05T09:30:00+08:00"),
        ("2026-03-05T01:29:00Z", "2026-03-05T09:29:00+08:00"),
        ("2026-03-05T09:31:00+08:00", "2026-03-05T09:30:00+08:00"),
    ],
)
def test_nobody_arrived_later_than_what_says_so(said: str | None, then: str) -> None:
    value = json.dumps({} if said is None else {"arrived_at": said}).encode()
    head = Head(
        id="",
        type="visit.start",
        value=value,
        blob="",
        replica="",
        user="",
        seq=1,
        wall="2026-03-05T09:30:00+08:00",
        hlc="",
        parents=(),
        settled_reason="",
    )

    assert arrived_at(head) == datetime.fromisoformat(then)
