"""Each reason for which a record stays open."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import delete

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
    VisitNotStartedByTwo,
)
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.domain.inspection import StepNotAllowed
from inspect_server.reads import evidence
from inspect_server.store import record
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import (
    answered_visit,
    close,
    dispatched_visit,
    fail,
    note,
    signed_visit,
)

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def test_an_unsettled_conflict_keeps_the_record_open_and_shows_both_values(
    backend: Backend,
) -> None:
    visit = signed_visit(backend)
    visit.phone(1).answer("A3", "not_applicable")

    with pytest.raises(RecordHasConflicts, match=r"（A3）.*journal conflicts 2026-0001"):
        close(visit)
    with backend.reading() as session:
        rows = evidence.conflicts(session, visit.inspection)

    assert [row.item for row in rows] == ["answer/small/A3"]
    assert {head.value["result"] for head in rows[0].heads} == {"pass", "not_applicable"}
    assert {head.user for head in rows[0].heads} == {"赵检查", "钱检查"}


def test_a_missing_answer_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    visit.phone(0).answer("A1", "pass")
    visit.sign_all()

    with pytest.raises(AnswersMissing, match="2 项未填写（A2、A3）"):
        close(visit)


def test_a_failed_item_without_finding_and_photo_keeps_the_record_open(
    sqlite_backend: Backend,
) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    visit.answer_all(result="fail")
    visit.sign_all()

    with pytest.raises(AnswersInvalid):
        close(visit)


def test_an_unknown_item_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(0).answer("Z9", "pass")

    with pytest.raises(AnswersInvalid, match="Z9"):
        close(visit)


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
    visit = answered_visit(sqlite_backend)
    phone = fail(visit, "A1")
    phone.photograph(finding=phone.find("A1", **values))
    visit.sign_all()

    with pytest.raises(FindingNotAllowed, match=reason):
        close(visit)


def test_a_finding_on_an_item_that_passed_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(0).find("A1")

    with pytest.raises(FindingNotAllowed, match="不符合"):
        close(visit)


def test_a_star_item_is_not_lowered(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    phone = fail(visit, "A2")
    phone.photograph(finding=phone.find("A2", level="general", measure="suspend"))
    visit.sign_all()

    with pytest.raises(AnswersInvalid, match="重大"):
        close(visit)


def test_one_officer_alone_is_nodispatched_visit(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0)
    visit.answer_all()
    visit.sign_all()

    with pytest.raises(VisitNotStartedByTwo):
        close(visit)


def test_an_arrival_without_badge_or_rights_does_not_count(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0)
    visit.start(1, badge_shown=False)
    visit.answer_all()
    visit.sign_all()

    with pytest.raises(VisitNotStartedByTwo):
        close(visit)


def test_a_photo_still_on_its_phone_keeps_the_record_open(backend: Backend) -> None:
    visit = answered_visit(backend)
    visit.phone(0).photograph(arrive=False)
    visit.sign_all()

    with pytest.raises(PhotosNotArrived, match="1 张"):
        close(visit)


def test_a_photo_whose_row_is_there_but_not_its_file_keeps_the_record_open(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    sha256 = visit.phone(0).photograph()
    visit.sign_all()
    sqlite_backend.blobs.path(sha256).unlink()

    with pytest.raises(PhotosNotArrived):
        close(visit)
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "blob")
        work.session.execute(delete(Blob))
    with pytest.raises(PhotosNotArrived):
        close(visit)


def test_a_held_entry_keeps_the_record_open(backend: Backend) -> None:
    visit = signed_visit(backend)
    visit.phone(1).lose_one()
    visit.phone(1).save(note("后到"), effect="held")

    with pytest.raises(EntriesHeld):
        close(visit)


def test_a_certificate_must_cover_the_day_of_thedispatched_visit(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.bureau.change(1, cert_valid_to=date(2026, 3, 4))

    with pytest.raises(TeamNotAllowed):
        close(visit)


def test_a_checklist_that_is_not_the_pinned_one_keeps_the_record_open(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = signed_visit(sqlite_backend)
    monkeypatch.setattr(load, "packaged", partial(Library, []))

    with pytest.raises(ChecklistChanged):
        close(visit)


def test_only_the_lead_or_a_supervisor_closes_and_only_once(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)

    for not_the_lead, refused in ((1, Forbidden), (2, NotFound)):
        with pytest.raises(refused):
            close(visit, visit.bureau.inspector(not_the_lead))
    close(visit, visit.bureau.author)
    with pytest.raises(StepNotAllowed):
        close(visit, visit.bureau.author)


def test_a_task_that_nobody_began_is_not_closed(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)

    with pytest.raises(StepNotAllowed):
        close(visit)


def test_everything_that_keeps_a_record_open_is_said_at_once(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0)
    visit.phone(0).answer("A1", "pass")
    visit.phone(0).photograph(arrive=False)

    with pytest.raises(VisitNotStartedByTwo) as refused:
        close(visit)

    said = str(refused.value)
    for part in ("共有 6 处", "现有 1 名", "2 项未填写", "主办", "协办", "现场负责人", "1 张照片"):
        assert part in said


def test_a_character_that_no_font_has_keeps_the_record_open(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(0).save(note("现场👷作业"))

    with pytest.raises(RecordNotPrintable, match=r"其他情况.*👷"):
        close(visit)


def test_a_refused_closing_leaves_nothing_behind(sqlite_backend: Backend) -> None:
    visit = dispatched_visit(sqlite_backend)
    visit.start(0, 1)
    with sqlite_backend.reading() as session:
        before = [leaf.leaf for leaf in record.leaves(session, "inspection/2026-0001")]

    with pytest.raises(AnswersMissing):
        close(visit)
    with sqlite_backend.reading() as session:
        after = [leaf.leaf for leaf in record.leaves(session, "inspection/2026-0001")]
        row = session.get_one(Inspection, visit.inspection)

    assert after == before
    assert (row.state, row.record) == (InspectionState.UNDER_WAY, None)
