"""Closing a record: what it then says, and each reason for which it stays open."""

import hashlib
import json
from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import delete, select

from forms import load
from forms.library import Library
from inspect_server.domain.assignment import TeamNotAllowed
from inspect_server.domain.closing import (
    AnswersInvalid,
    AnswersMissing,
    ChecklistChanged,
    EntriesHeld,
    FindingNotAllowed,
    PhotosNotArrived,
    RecordHasConflicts,
    RecordNotPrintable,
    SignatureMissing,
    SignaturesStale,
    VisitNotStartedByTwo,
)
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.domain.inspection import ClosedRecord, StepNotAllowed
from inspect_server.domain.record import canonical
from inspect_server.reads import evidence
from inspect_server.reads.progress import progress
from inspect_server.store import record
from inspect_server.store.journal import standings
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.usecases.documents.facts import Numbering, record_facts
from inspect_server.usecases.inspecting.close_record import RecordClosed, close_record
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.work import Actor, Backend
from sync.entries import make_op
from sync.ids import uuid7
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def _visit(backend: Backend) -> Visit:
    bureau = open_bureau(backend)
    return Visit(bureau, bureau.dispatched()[0])


def _whole(backend: Backend) -> Visit:
    """A visit at which everything was as it should be."""
    visit = _visit(backend)
    visit.start(0, 1)
    visit.answer_all()
    visit.sign_all()
    return visit


def _close(visit: Visit, actor: Actor | None = None, stale_reason: str = "") -> RecordClosed:
    with visit.backend.begin(actor or visit.bureau.inspector(0)) as work:
        return close_record(work, visit.inspection, stale_reason)


def _record(visit: Visit) -> ClosedRecord:
    with visit.backend.reading() as session:
        row = session.get_one(Inspection, visit.inspection)
        assert row.record is not None
        return ClosedRecord.from_json(row.record)


def test_a_whole_visit_closes_and_its_hash_stands_in_the_record(backend: Backend) -> None:
    visit = _whole(backend)
    for phone in visit.phones.values():
        phone.complete()

    closed = _close(visit)
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
    visit = _whole(sqlite_backend)
    visit.phone(1).answer("A1", "pass")
    visit.sign_all()
    visit.phone(0).complete()
    _close(visit)
    closed = _record(visit)

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
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    answered = visit.phone(0).operations[-1]
    visit.sign_all()
    visit.phone(0).sign("enterprise", None, document="order")
    for phone in visit.phones.values():
        phone.complete()
    _close(visit)

    assert _record(visit).ended_at == answered.wall


def test_a_visit_ends_with_what_was_noted_between_two_signatures(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(1).answer("A1", "pass")
    noted = visit.phone(1).operations[-1]
    visit.sign_all()
    visit.phone(1).complete()
    _close(visit)

    assert _record(visit).ended_at == noted.wall


def test_findings_carry_their_photos_and_are_counted_by_level(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    phone = visit.phone(0)
    for code, level, measure in (("A2", "major", "suspend"), ("A1", "general", "rectify_within")):
        parents = [op.id for op in visit.operations() if op.item == f"answer/small/{code}"]
        phone.answer(code, "fail", parents)
        phone.photograph(finding=phone.find(code, level=level, measure=measure))
    visit.sign_all()

    closed = _close(visit)
    findings = _record(visit).findings

    assert (closed.general_findings, closed.major_findings) == (1, 1)
    assert [finding.item for finding in findings] == ["answer/small/A1", "answer/small/A2"]
    assert all(len(finding.photos) == 1 for finding in findings)


def test_an_unsettled_conflict_keeps_the_record_open_and_shows_both_values(
    backend: Backend,
) -> None:
    visit = _whole(backend)
    visit.phone(1).answer("A3", "not_applicable")

    with pytest.raises(RecordHasConflicts, match=r"（A3）.*journal conflicts 2026-0001"):
        _close(visit)
    with backend.reading() as session:
        rows = evidence.conflicts(session, visit.inspection)

    assert [row.item for row in rows] == ["answer/small/A3"]
    assert {head.value["result"] for head in rows[0].heads} == {"pass", "not_applicable"}
    assert {head.user for head in rows[0].heads} == {"赵检查", "钱检查"}


def test_a_settled_conflict_names_who_settled_it_and_why(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    own = [op.id for op in visit.operations() if op.item == "answer/small/A3"]
    other = visit.phone(1).answer("A3", "not_applicable")
    visit.phone(0).resolve("A3", "not_applicable", [*own, other], "现场共同复核")
    visit.sign_all()

    _close(visit)
    answer = next(one for one in _record(visit).answers if one.code == "A3")
    lead, member = map(str, visit.bureau.officers[:2])

    assert answer.result == "not_applicable"
    assert answer.answered_by == (member,)
    assert (answer.settled_by, answer.settled_reason) == (lead, "现场共同复核")


def test_a_missing_answer_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.phone(0).answer("A1", "pass")
    visit.sign_all()

    with pytest.raises(AnswersMissing, match="2 项未填写（A2、A3）"):
        _close(visit)


def test_a_failed_item_without_finding_and_photo_keeps_the_record_open(
    sqlite_backend: Backend,
) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all(result="fail")
    visit.sign_all()

    with pytest.raises(AnswersInvalid):
        _close(visit)


def test_an_unknown_item_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(0).answer("Z9", "pass")

    with pytest.raises(AnswersInvalid, match="Z9"):
        _close(visit)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"deadline": ""}, "没有整改期限"),
        ({"deadline": "2026-03-04"}, "早于检查日"),
        ({"basis": " "}, "依据"),
        ({"place": ""}, "部位"),
    ],
)
def test_a_finding_that_cannot_stand_keeps_the_record_open(
    sqlite_backend: Backend, values: dict[str, object], reason: str
) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    phone = visit.phone(0)
    parents = [op.id for op in visit.operations() if op.item == "answer/small/A1"]
    phone.answer("A1", "fail", parents)
    phone.photograph(finding=phone.find("A1", **values))
    visit.sign_all()

    with pytest.raises(FindingNotAllowed, match=reason):
        _close(visit)


def test_what_was_corrected_on_the_spot_needs_no_deadline(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    phone = visit.phone(0)
    parents = [op.id for op in visit.operations() if op.item == "answer/small/A1"]
    phone.answer("A1", "fail", parents)
    found = phone.find("A1", deadline="", corrected_on_site=True, measure="rectify_now")
    phone.photograph(finding=found)
    visit.sign_all()

    assert _close(visit).general_findings == 1


def test_a_finding_on_an_item_that_passed_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(0).find("A1")

    with pytest.raises(FindingNotAllowed, match="不符合"):
        _close(visit)


def test_a_star_item_is_not_lowered(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    phone = visit.phone(0)
    parents = [op.id for op in visit.operations() if op.item == "answer/small/A2"]
    phone.answer("A2", "fail", parents)
    phone.photograph(finding=phone.find("A2", level="general", measure="suspend"))
    visit.sign_all()

    with pytest.raises(AnswersInvalid, match="重大"):
        _close(visit)


def test_one_officer_alone_is_no_visit(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0)
    visit.answer_all()
    visit.sign_all()

    with pytest.raises(VisitNotStartedByTwo):
        _close(visit)


def test_an_arrival_without_badge_or_rights_does_not_count(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0)
    visit.start(1, badge_shown=False)
    visit.answer_all()
    visit.sign_all()

    with pytest.raises(VisitNotStartedByTwo):
        _close(visit)


@pytest.mark.parametrize("absent", ["lead", "member", "enterprise"])
def test_each_signature_is_needed(sqlite_backend: Backend, absent: str) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    for signer, officer in (("lead", 0), ("member", 1), ("enterprise", None)):
        if signer != absent:
            visit.phone(0).sign(signer, officer)

    with pytest.raises(SignatureMissing):
        _close(visit)


def test_somebody_elses_signature_does_not_stand_for_the_member(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    for signer, officer in (("lead", 0), ("member", 2), ("enterprise", None)):
        visit.phone(0).sign(signer, officer)

    with pytest.raises(SignatureMissing, match="协办"):
        _close(visit)


@pytest.mark.parametrize(("phone", "another"), [(0, True), (1, False)], ids=["lead's", "own"])
def test_the_record_says_on_whose_phone_an_officer_signed_if_not_the_own(
    sqlite_backend: Backend, phone: int, another: bool
) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    for holder, signer, officer in ((0, "lead", 0), (phone, "member", 1), (0, "enterprise", None)):
        visit.phone(holder).sign(signer, officer)
    with sqlite_backend.reading() as session:
        steps = progress(session, visit.inspection).steps
    _close(visit)
    closed = _record(visit)

    assert {s.kind: s.phone_of for s in steps if s.kind in {"lead", "member", "enterprise"}} == {
        "lead": "",
        "member": "赵检查" if another else "",
        "enterprise": "",
    }
    given = {one.signer: one.phone_of for one in closed.signatures}
    other = str(visit.bureau.officers[0]) if another else ""
    assert given == {"lead": "", "member": other, "enterprise": ""}
    with sqlite_backend.begin(ALL_ROLES) as work:
        shown = record_facts(work, closed, Numbering("1", "1", "", ""))
    lead = next(member.name for member in closed.team if member.role == "lead")
    assert [one.phone_of for one in shown.signatures] == ["", lead if another else "", ""]
    assert ClosedRecord.from_json(closed.to_json()) == closed


def test_a_refusal_with_its_reason_stands_for_the_enterprise(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    visit.phone(0).sign("lead", 0)
    visit.phone(0).sign("member", 1)
    visit.phone(0).sign("enterprise", None, refused="负责人拒绝签字")

    _close(visit)
    signature = _record(visit).signatures[-1]

    assert (signature.refused, signature.refusal_reason) == (True, "负责人拒绝签字")


def test_stale_signatures_close_only_with_a_reason_that_is_kept(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(0).save(make_op("note.add", f"note/{_uuid7()}", {"text": "补记"}))

    with pytest.raises(SignaturesStale, match="主办人员赵检查、协办人员钱检查、被检查单位签名人"):
        _close(visit)
    done = _close(visit, stale_reason="负责人已离开，电话确认")
    closed = _record(visit)
    with sqlite_backend.reading() as session:
        leaf = json.loads(list(record.leaves(session, "inspection/2026-0001"))[-1].content)

    assert all(signature.stale for signature in closed.signatures)
    assert closed.notes == ("补记",)
    assert closed.stale_reason == "负责人已离开，电话确认"
    assert done.stale == ("主办人员赵检查", "协办人员钱检查", "被检查单位签名人")
    assert leaf["body"]["stale_signatures"] == 3
    assert "电话" not in json.dumps(leaf, ensure_ascii=False)


def test_signing_again_makes_a_signature_fresh(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(0).save(make_op("note.add", f"note/{_uuid7()}", {"text": "补记"}))
    visit.sign_all()

    assert _close(visit).stale == ()


def test_what_was_captured_before_a_signature_but_not_shown_is_named(
    sqlite_backend: Backend,
) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    other = visit.phone(1)
    note = f"note/{_uuid7()}"
    kept = other.operations.copy()
    other.save(make_op("note.add", note, {"text": "未同步的记录"}))
    later, other.operations = other.operations, kept  # the lead's phone has not seen it
    visit.sign_all()
    other.operations = later

    _close(visit, stale_reason="企业负责人已离开现场")

    assert all(note in signature.unseen for signature in _record(visit).signatures)


def test_a_photo_still_on_its_phone_keeps_the_record_open(backend: Backend) -> None:
    visit = _visit(backend)
    visit.start(0, 1)
    visit.answer_all()
    visit.phone(0).photograph(arrive=False)
    visit.sign_all()

    with pytest.raises(PhotosNotArrived, match="1 张"):
        _close(visit)


def test_a_photo_whose_row_is_there_but_not_its_file_keeps_the_record_open(
    sqlite_backend: Backend,
) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all()
    sha256 = visit.phone(0).photograph()
    visit.sign_all()
    sqlite_backend.blobs.path(sha256).unlink()

    with pytest.raises(PhotosNotArrived):
        _close(visit)
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "blob")
        work.session.execute(delete(Blob))
    with pytest.raises(PhotosNotArrived):
        _close(visit)


def test_a_held_entry_keeps_the_record_open(backend: Backend) -> None:
    visit = _whole(backend)
    visit.phone(1).lose_one()
    visit.phone(1).save(make_op("note.add", f"note/{_uuid7()}", {"text": "后到"}), effect="held")

    with pytest.raises(EntriesHeld):
        _close(visit)


def test_a_quarantined_entry_changes_nothing_and_is_shown(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(2).save(
        make_op("answer.set", "answer/small/A1", {"result": "fail", "reason": "", "note": ""}, []),
        effect="quarantined",
    )

    _close(visit)
    with sqlite_backend.reading() as session:
        rows = evidence.unapplied(session, visit.inspection)

    assert [row.effect for row in rows] == ["quarantined"]
    assert _record(visit).answers[0].result == "pass"


def test_what_arrives_after_closing_is_kept_and_changes_nothing(backend: Backend) -> None:
    visit = _whole(backend)
    _close(visit)
    before = _record(visit)

    visit.phone(1).save(
        make_op("note.add", f"note/{_uuid7()}", {"text": "迟到"}), effect="quarantined"
    )
    with backend.reading() as session:
        reasons = [row.reason for row in evidence.unapplied(session, visit.inspection)]

    assert reasons == ["closed"]
    assert _record(visit) == before


def test_who_was_replaced_need_not_sign_but_who_joined_must(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    with sqlite_backend.begin(visit.bureau.author) as work:
        reassign(
            work, visit.inspection, visit.bureau.officers[1], visit.bureau.officers[2], "illness"
        )

    with pytest.raises(SignatureMissing, match="协办"):
        _close(visit)
    visit.phone(2).sign("member", 2)

    assert _close(visit).state is InspectionState.RECORD_CLOSED


def test_a_certificate_must_cover_the_day_of_the_visit(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.bureau.change(1, cert_valid_to=date(2026, 3, 4))

    with pytest.raises(TeamNotAllowed):
        _close(visit)


def test_a_checklist_that_is_not_the_pinned_one_keeps_the_record_open(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = _whole(sqlite_backend)
    monkeypatch.setattr(load, "packaged", partial(Library, []))

    with pytest.raises(ChecklistChanged):
        _close(visit)


def test_only_the_lead_or_a_supervisor_closes_and_only_once(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)

    for not_the_lead, refused in ((1, Forbidden), (2, NotFound)):
        with pytest.raises(refused):
            _close(visit, visit.bureau.inspector(not_the_lead))
    _close(visit, visit.bureau.author)
    with pytest.raises(StepNotAllowed):
        _close(visit, visit.bureau.author)


def test_a_task_that_nobody_began_is_not_closed(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)

    with pytest.raises(StepNotAllowed):
        _close(visit)


def test_everything_that_keeps_a_record_open_is_said_at_once(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0)
    visit.phone(0).answer("A1", "pass")
    visit.phone(0).photograph(arrive=False)

    with pytest.raises(VisitNotStartedByTwo) as refused:
        _close(visit)

    said = str(refused.value)
    for part in ("共有 6 处", "现有 1 名", "2 项未填写", "主办", "协办", "现场负责人", "1 张照片"):
        assert part in said


def test_a_character_that_no_font_has_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = _whole(sqlite_backend)
    visit.phone(0).save(make_op("note.add", f"note/{_uuid7()}", {"text": "现场👷作业"}))

    with pytest.raises(RecordNotPrintable, match=r"其他情况.*👷"):
        _close(visit)


def test_a_visit_outside_the_days_of_its_scheme_closes_and_says_so(
    sqlite_backend: Backend,
) -> None:
    visit = _visit(sqlite_backend)
    visit.at = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
    visit.start(0, 1)
    visit.answer_all()
    visit.sign_all()

    _close(visit)

    assert _record(visit).notes == ("检查日期不在检查方案期间内（2026年3月2日至2026年3月31日）",)


def test_a_refused_closing_leaves_nothing_behind(sqlite_backend: Backend) -> None:
    visit = _visit(sqlite_backend)
    visit.start(0, 1)
    with sqlite_backend.reading() as session:
        before = [leaf.leaf for leaf in record.leaves(session, "inspection/2026-0001")]

    with pytest.raises(AnswersMissing):
        _close(visit)
    with sqlite_backend.reading() as session:
        after = [leaf.leaf for leaf in record.leaves(session, "inspection/2026-0001")]
        row = session.get_one(Inspection, visit.inspection)

    assert after == before
    assert (row.state, row.record) == (InspectionState.UNDER_WAY, None)


def _uuid7() -> str:
    return uuid7(1_770_000_000_000)
