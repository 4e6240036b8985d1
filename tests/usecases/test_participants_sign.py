"""Who took part signs the record for themselves: nobody has to, and what they sign is printed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from inspect_server.domain.closing import SignaturesStale
from inspect_server.domain.inspection import ClosedRecord, Participant
from inspect_server.reads.inspections.timeline import timeline
from inspect_server.reads.progress import progress
from inspect_server.store import record
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.documents.facts import Numbering, record_facts
from inspect_server.usecases.work import Backend
from pdf_templates.check.inspection_record import InspectionRecord
from sync.entries import make_op
from tests.actors import ALL_ROLES
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import (
    answered_visit,
    close,
    fresh_id,
    note,
    record_of,
    signed_visit,
)
from tests.usecases.phones import Visit
from tests.usecases.test_document_facts import facts_of
from tests.usecases.test_documents import issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
EXPERT = {
    "kind": "expert",
    "name": "孙建国",
    "position": "高级工程师",
    "phone": "",
    "unit": "省安科院",
}
HEAD = {"kind": "in_charge", "name": "周大勇", "position": "总经理", "phone": ""}
OPERATOR = {"kind": "operator", "name": "马春生", "position": "", "phone": ""}


def met(visit: Visit, value: dict[str, Any], item: str = "", *parents: str) -> tuple[str, str]:
    """Note somebody, or correct who they are; return the item and the operation."""
    item = item or f"participant/{fresh_id()}"
    (made,) = visit.phone(0).save(make_op("participant.add", item, value, list(parents)))
    return item, made


def printed(visit: Visit, closed: ClosedRecord) -> InspectionRecord:
    """Return what the 现场检查记录 would say."""
    with visit.backend.begin(ALL_ROLES) as work:
        return record_facts(work, closed, Numbering("1", "1", "", ""))


def test_a_record_is_closed_though_nobody_who_took_part_signed(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    for person in (HEAD, OPERATOR, EXPERT):
        met(visit, person)
    visit.sign_all()

    close(visit)
    closed = record_of(visit)

    assert [one.name for one in closed.participants] == ["周大勇", "马春生", "孙建国"]
    assert all("id" not in row for row in closed.to_json()["participants"])
    assert [one.signature for one in printed(visit, closed).attendants] == [None] * 3


def test_the_paper_shows_what_each_signed_or_refused_with_unit_and_position(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    (head, _), (operator, _), (expert, _) = (met(visit, one) for one in (HEAD, OPERATOR, EXPERT))
    visit.phone(0).sign(operator, None)
    visit.phone(1).sign(operator, None, refused="不了解情况")
    visit.phone(0).sign(expert, None)
    visit.sign_all()

    close(visit)
    closed = record_of(visit)
    issue(visit)
    facts = facts_of(visit)["inspection_record"]

    assert ClosedRecord.from_json(closed.to_json()) == closed
    assert [one.id for one in closed.participants] == ["", operator, expert]
    assert [(one["role"], one["unit"], one["is_expert"]) for one in facts["attendants"]] == [
        ("主要负责人", "", False),
        ("岗位操作员工", "", False),
        ("专家", "省安科院", True),
    ]
    by_name = {one["name"]: one["signature"] for one in facts["attendants"]}
    assert by_name["周大勇"] is None
    assert by_name["马春生"]["refusal_reason"] == "不了解情况"
    assert (by_name["孙建国"]["name"], by_name["孙建国"]["position"]) == (
        "孙建国",
        "省安科院　高级工程师",
    )
    assert [one["signer"] for one in facts["signatures"]] == ["officer", "officer", "enterprise"]
    assert head not in json.dumps(closed.to_json())


def test_who_is_corrected_signs_again_and_is_printed_as_they_are_now(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    item, noted = met(visit, EXPERT | {"name": "孙健国"})
    visit.phone(0).sign(item, None)
    visit.sign_all()
    met(visit, EXPERT, item, noted)
    visit.sign_all()

    with pytest.raises(SignaturesStale, match="专家孙建国"):
        close(visit)
    visit.phone(0).sign(item, None)
    assert close(visit).stale == ()
    (expert,) = printed(visit, record_of(visit)).attendants
    assert expert.signature is not None
    assert (expert.name, expert.signature.name, expert.signature.stale) == (
        "孙建国",
        "孙建国",
        False,
    )


def test_who_is_withdrawn_keeps_nothing_open_and_nothing_is_printed(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    item, noted = met(visit, OPERATOR)
    visit.phone(0).sign(item, None)
    visit.phone(1).save(make_op("participant.retract", item, {"reason": "不在现场"}, [noted]))
    visit.sign_all()

    close(visit)
    closed = record_of(visit)
    shown = printed(visit, closed)

    assert closed.participants == ()
    assert [one.participant for one in closed.signatures][:1] == [item]
    assert shown.attendants == ()
    assert len(shown.signatures) == 3


def test_a_stale_signature_is_told_by_name_and_printed_as_stale(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    item, _ = met(visit, EXPERT)
    visit.phone(0).sign(item, None)
    visit.phone(0).save(note("补记"))
    visit.sign_all()
    with sqlite_backend.reading() as session:
        shown = progress(session, visit.inspection)

    assert shown.stale == ("专家孙建国",)
    assert [(one.name, one.remark) for one in shown.steps if one.kind == "participant"] == [
        ("专家孙建国", "stale")
    ]
    close(visit, stale_reason="专家已离开，电话确认")
    (expert,) = printed(visit, record_of(visit)).attendants
    assert expert.signature is not None
    assert expert.signature.stale


def test_the_timeline_says_that_somebody_who_took_part_signed_or_refused(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    item, _ = met(visit, OPERATOR)
    visit.phone(0).sign(item, None)
    visit.phone(0).sign(item, None, refused="不了解情况")
    with sqlite_backend.reading() as session:
        rows = timeline(session, session.get_one(Inspection, visit.inspection))
        leaves = list(record.leaves(session, "inspection/2026-0001"))
    signed = [(row.title, row.said) for row in rows if row.type == "record.signed"]

    assert signed == [("参加人员签名", "现场检查记录"), ("参加人员拒绝签名", "现场检查记录")]
    assert "马春生" not in "".join(leaf.content.decode() for leaf in leaves)


def test_fields_that_came_later_stand_only_where_they_say_something(
    sqlite_backend: Backend,
) -> None:
    visit = signed_visit(sqlite_backend)
    close(visit)
    people = Participant(**OPERATOR), Participant(**EXPERT)
    plain = replace(record_of(visit), participants=people).to_json()

    assert plain["participants"] == [OPERATOR, EXPERT]
    assert all("participant" not in one for one in plain["signatures"])


def test_the_head_of_an_enterprise_is_known_by_the_position_noted_on_site(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    met(visit, HEAD)
    visit.sign_all()
    close(visit)
    closed = record_of(visit)
    known = replace(closed, enterprise={**closed.enterprise, "legal_person": "周大勇"})

    assert printed(visit, known).enterprise.position == "总经理"


def test_two_who_noted_the_same_correction_are_one_person(sqlite_backend: Backend) -> None:
    visit = answered_visit(sqlite_backend)
    item, noted = met(visit, OPERATOR)
    corrected = OPERATOR | {"name": "马春升"}
    for phone in (0, 1):
        visit.phone(phone).save(make_op("participant.add", item, corrected, [noted]))
    visit.sign_all()

    close(visit)

    assert [one.name for one in record_of(visit).participants] == ["马春升"]
