"""Signatures to a record that is to be closed: whose, by whose phone, and to what."""

import json
from datetime import timedelta

import pytest

from inspect_server.domain.closing import (
    SignatureMissing,
    SignaturesStale,
)
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads.progress import progress
from inspect_server.store import record
from inspect_server.usecases.documents.facts import Numbering, record_facts
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import (
    answered_visit,
    close,
    note,
    record_of,
    signed_visit,
)

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
YEAR = timedelta(days=365)


@pytest.mark.parametrize("absent", ["lead", "member", "enterprise"])
def test_each_signature_is_needed(sqlite_backend: Backend, absent: str) -> None:
    visit = answered_visit(sqlite_backend)
    for signer, officer in (("lead", 0), ("member", 1), ("enterprise", None)):
        if signer != absent:
            visit.phone(0).sign(signer, officer)

    with pytest.raises(SignatureMissing):
        close(visit)


def test_somebody_elses_signature_does_not_stand_for_the_member(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    for signer, officer in (("lead", 0), ("member", 2), ("enterprise", None)):
        visit.phone(0).sign(signer, officer)

    with pytest.raises(SignatureMissing, match="协办"):
        close(visit)


@pytest.mark.parametrize(("phone", "another"), [(0, True), (1, False)], ids=["lead's", "own"])
def test_the_record_says_on_whose_phone_an_officer_signed_if_not_the_own(
    sqlite_backend: Backend, phone: int, another: bool
) -> None:
    visit = answered_visit(sqlite_backend)
    for holder, signer, officer in ((0, "lead", 0), (phone, "member", 1), (0, "enterprise", None)):
        visit.phone(holder).sign(signer, officer)
    with sqlite_backend.reading() as session:
        steps = progress(session, visit.inspection).steps
    close(visit)
    closed = record_of(visit)

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
    visit = answered_visit(sqlite_backend)
    visit.phone(0).sign("lead", 0)
    visit.phone(0).sign("member", 1)
    visit.phone(0).sign("enterprise", None, refused="负责人拒绝签字")

    close(visit)
    signature = record_of(visit).signatures[-1]

    assert (signature.refused, signature.refusal_reason) == (True, "负责人拒绝签字")


def test_stale_signatures_close_only_with_a_reason_that_is_kept(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(0).save(note("补记"))

    with pytest.raises(SignaturesStale, match="主办人员赵检查、协办人员钱检查、被检查单位签名人"):
        close(visit)
    done = close(visit, stale_reason="负责人已离开，电话确认")
    closed = record_of(visit)
    with sqlite_backend.reading() as session:
        leaf = json.loads(list(record.leaves(session, "inspection/2026-0001"))[-1].content)

    assert all(signature.stale for signature in closed.signatures)
    assert closed.notes == ("补记",)
    assert closed.stale_reason == "负责人已离开，电话确认"
    assert done.stale == ("主办人员赵检查", "协办人员钱检查", "被检查单位签名人")
    assert leaf["body"]["stale_signatures"] == 3
    assert "电话" not in json.dumps(leaf, ensure_ascii=False)


def test_signing_again_makes_a_signature_fresh(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    visit.phone(0).save(note("补记"))
    visit.sign_all()

    assert close(visit).stale == ()


def test_signing_again_counts_though_the_clock_was_a_year_ahead_the_first_time(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    visit.at += YEAR
    visit.sign_all()
    visit.at -= YEAR
    visit.phone(0).save(note("补记"))
    visit.sign_all()

    assert close(visit).stale == ()
    with sqlite_backend.begin(ALL_ROLES) as work:
        shown = record_facts(work, record_of(visit), Numbering("1", "1", "", ""))
    assert [(one.signer, one.stale, one.unseen) for one in shown.signatures] == [
        ("officer", False, ()),
        ("officer", False, ()),
        ("enterprise", False, ()),
    ]


def test_what_was_captured_before_a_signature_but_not_shown_is_named(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    other = visit.phone(1)
    unseen = note("未同步的记录")
    kept = other.operations.copy()
    other.save(unseen)
    later, other.operations = other.operations, kept  # the lead's phone has not seen it
    visit.sign_all()
    other.operations = later

    close(visit, stale_reason="企业负责人已离开现场")

    assert all(unseen.item in signature.unseen for signature in record_of(visit).signatures)


def test_who_was_replaced_need_not_sign_but_who_joined_must(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    with sqlite_backend.begin(visit.bureau.author) as work:
        reassign(
            work, visit.inspection, visit.bureau.officers[1], visit.bureau.officers[2], "illness"
        )

    with pytest.raises(SignatureMissing, match="协办"):
        close(visit)
    visit.phone(2).sign("member", 2)

    assert close(visit).state is InspectionState.RECORD_CLOSED
