"""Findings that others enforce: what is made of them after a record is closed, and what is not."""

from dataclasses import replace

import pytest

from inspect_server.domain.disclosure import Result, result_of
from inspect_server.domain.findings.following import Referral, to_refer, to_supervise, unlocated
from inspect_server.domain.findings.hazards import ClosedCheck, open_hazards
from inspect_server.domain.inspection import ClosedRecord, Finding, Photo
from inspect_server.reads.case_files import compile_case
from inspect_server.usecases.documents.order import to_rectify
from tests.usecases.disclosed_world import FINDING, SUSPENDED

MAJOR = replace(FINDING, level="major", measure="suspend")
PHOTO = Photo(
    sha256="0" * 64,
    size=1,
    mime="image/jpeg",
    caption="",
    taken_at="2026-03-05T09:30:00+08:00",
    latitude="34.600000",
    longitude="119.200000",
    accuracy_m="8",
    datum="WGS-84",
    device="",
    finding_id="",
)
REFERRED = replace(FINDING, measure="refer", deadline="", refer_to="fire")
CORRECTED = {"corrected_on_site": True, "deadline": ""}


def closed(*findings: Finding) -> ClosedRecord:
    empty = dict.fromkeys(("inspection_id", "number", "source", "draw_no", "place"), "")
    return ClosedRecord(
        **empty,
        enterprise={},
        started_at="2026-03-05T09:00:00+08:00",
        ended_at="2026-03-05T11:00:00+08:00",
        **dict.fromkeys(
            ("team", "forms", "answers", "photos", "participants", "signatures", "notes", "gaps"),
            (),
        ),
        entry_hashes=(),
        findings=findings,
    )


def test_what_is_to_be_referred_is_listed_by_its_number_in_the_record() -> None:
    assert to_refer(closed(FINDING, REFERRED)) == (
        Referral(2, "fire", FINDING.text, FINDING.place, FINDING.basis),
    )


def test_a_major_hazard_that_is_not_put_right_awaits_supervision() -> None:
    assert to_supervise(closed(FINDING, MAJOR, replace(MAJOR, **CORRECTED), REFERRED)) == (2,)


def test_a_major_hazard_without_a_photo_that_says_where_is_named() -> None:
    """No reception is no reason to keep the record open; what others enforce is theirs."""
    placed, bare = PHOTO, replace(PHOTO, latitude="", longitude="")
    findings = [
        replace(MAJOR, photos=photos) for photos in ((), (bare, bare), (bare, placed), (placed,))
    ]

    assert unlocated(closed(*findings, FINDING, replace(REFERRED, level="major"))) == (1, 2)


def test_an_open_hazard_says_whether_it_awaits_supervision() -> None:
    check = ClosedCheck("2026-0001", "", "2026-03-05", {1: FINDING, 2: MAJOR}, {})

    assert [one.is_supervised for one in open_hazards([check])] == [False, True]


def test_an_order_demands_nothing_that_is_referred() -> None:
    assert to_rectify(closed(REFERRED, FINDING, replace(FINDING, **CORRECTED))) == [FINDING]


@pytest.mark.parametrize(
    ("findings", "result"),
    [
        ((REFERRED,), Result.PENDING),
        ((REFERRED, FINDING), Result.ORDERED),
        ((REFERRED, SUSPENDED), Result.PENDING),
        ((), Result.CLEAR),
    ],
)
def test_what_is_only_referred_is_published_as_going_on(
    findings: tuple[Finding, ...], result: Result
) -> None:
    assert result_of(findings) is result


def test_the_cover_of_a_case_counts_what_is_referred() -> None:
    found = closed(FINDING, MAJOR, replace(FINDING, **CORRECTED), REFERRED)

    assert compile_case.result_of(found) == (
        "发现问题4项，其中重大事故隐患1项；当场改正1项；线索移送1项"
    )
    assert compile_case.result_of(closed(FINDING)) == "发现问题1项"


def test_a_record_says_whose_matter_it_is_only_where_it_is_not_the_bureaus() -> None:
    content = closed(FINDING, REFERRED).to_json()

    assert ["refer_to" in finding for finding in content["findings"]] == [False, True]
    assert ClosedRecord.from_json(content) == closed(FINDING, REFERRED)
