"""Closing a record: what it then says, and what may come after."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.domain.record import canonical
from inspect_server.reads import evidence
from inspect_server.store import record
from inspect_server.store.journal import standings
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import (
    answered_visit,
    close,
    dispatched_visit,
    fail,
    note,
    record_of,
    signed_visit,
)

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def test_a_whole_visit_closes_and_its_hash_stands_in_the_record(backend: Backend) -> None:
    visit = signed_visit(backend)
    for phone in visit.phones.values():
        phone.complete()

    closed = close(visit)
    with backend.reading() as session:
        row = session.get_one(Inspection, visit.inspection)
        leaf = json.loads(list(record.leaves(session, "inspection/2026-0001"))[-1].content)
        content = row.record
        check = session.scalars(
            select(EnterpriseCheck).where(EnterpriseCheck.inspection_id == visit.inspection)
        ).one()

    assert row.state is InspectionState.RECORD_CLOSED
    assert leaf["type"] == "record.closed"
    assert leaf["body"]["record_sha256"] == closed.record_sha256
    assert hashlib.sha256(canonical(content).encode()).hexdigest() == closed.record_sha256
    assert leaf["body"]["entry_count"] == len(visit.operations())
    assert check.checked_on == date(2026, 3, 5)
    with backend.reading() as session:
        assert standings.load(session, [visit.inspection])[str(visit.inspection)].closed


def test_the_record_says_who_where_when_and_with_which_checklist(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(1).answer("A1", "pass")
    visit.sign_all()
    visit.phone(0).complete()
    close(visit)
    closed = record_of(visit)

    assert [member.role for member in closed.team] == ["lead", "member"]
    assert closed.place == "一车间"
    assert closed.started_at == "2026-03-05T09:31:00+08:00"
    assert closed.ended_at > closed.started_at
    assert closed.forms[0]["name"] == "small"
    assert closed.draw_no == "2026-D01"
    assert closed.enterprise["phone"] == "联系人孙联系 13900000000"
    assert [answer.code for answer in closed.answers] == ["A1", "A2", "A3"]
    assert closed.answers[0].answered_by == tuple(sorted(map(str, visit.bureau.officers[:2])))
    assert ClosedRecord.from_json(closed.to_json()) == closed


def test_a_visit_ends_with_the_last_entry_before_the_record_was_signed(
    sqlite_backend: Backend,
) -> None:
    """Whoever signs cannot know when the phones will finish, nor what is signed besides."""
    visit = answered_visit(sqlite_backend)
    answered = visit.phone(0).operations[-1]
    visit.sign_all()
    visit.phone(0).sign("enterprise", None, document="order")
    for phone in visit.phones.values():
        phone.complete()
    close(visit)

    assert record_of(visit).ended_at == answered.wall


def test_a_visit_ends_with_what_was_noted_between_two_signatures(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(1).answer("A1", "pass")
    noted = visit.phone(1).operations[-1]
    visit.sign_all()
    visit.phone(1).complete()
    close(visit)

    assert record_of(visit).ended_at == noted.wall


def test_findings_carry_their_photos_and_are_counted_by_level(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    phone = visit.phone(0)
    for code, level, measure in (("A2", "major", "suspend"), ("A1", "general", "rectify_within")):
        parents = [op.id for op in visit.operations() if op.item == f"answer/small/{code}"]
        phone.answer(code, "fail", parents)
        phone.photograph(finding=phone.find(code, level=level, measure=measure))
    visit.sign_all()

    closed = close(visit)
    findings = record_of(visit).findings

    assert (closed.general_findings, closed.major_findings) == (1, 1)
    assert [finding.item for finding in findings] == ["answer/small/A1", "answer/small/A2"]
    assert all(len(finding.photos) == 1 for finding in findings)


def test_a_settled_conflict_names_who_settled_it_and_why(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    own = [op.id for op in visit.operations() if op.item == "answer/small/A3"]
    other = visit.phone(1).answer("A3", "not_applicable")
    visit.phone(0).resolve("A3", "not_applicable", [*own, other], "现场共同复核")
    visit.sign_all()

    close(visit)
    answer = next(one for one in record_of(visit).answers if one.code == "A3")
    lead, member = map(str, visit.bureau.officers[:2])

    assert answer.result == "not_applicable"
    assert answer.answered_by == (member,)
    assert (answer.settled_by, answer.settled_reason) == (lead, "现场共同复核")


def test_what_was_corrected_on_the_spot_needs_no_deadline(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    phone = fail(visit, "A1")
    found = phone.find("A1", deadline="", corrected_on_site=True, measure="rectify_now")
    phone.photograph(finding=found)
    visit.sign_all()

    assert close(visit).general_findings == 1


def test_a_quarantined_entry_changes_nothing_and_is_shown(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(2).save(
        make_op("answer.set", "answer/small/A1", {"result": "fail", "reason": "", "note": ""}, []),
        effect="quarantined",
    )

    close(visit)
    with sqlite_backend.reading() as session:
        rows = evidence.unapplied(session, visit.inspection)

    assert [row.effect for row in rows] == ["quarantined"]
    assert record_of(visit).answers[0].result == "pass"


def test_what_arrives_after_closing_is_kept_and_changes_nothing(backend: Backend) -> None:
    visit = signed_visit(backend)
    close(visit)
    before = record_of(visit)

    visit.phone(1).save(note("迟到"), effect="quarantined")
    with backend.reading() as session:
        reasons = [row.reason for row in evidence.unapplied(session, visit.inspection)]

    assert reasons == ["closed"]
    assert record_of(visit) == before


def test_a_visit_outside_the_days_of_its_scheme_closes_and_says_so(
    sqlite_backend: Backend,
) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.at = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
    visit.start(0, 1)
    visit.answer_all()
    visit.sign_all()

    close(visit)

    assert record_of(visit).notes == ("检查日期不在检查方案期间内（2026年3月2日至2026年3月31日）",)
