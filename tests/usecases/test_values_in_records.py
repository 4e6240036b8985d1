"""Checklists with values and conditions, closed: what is asked, what is said, what stops it."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import load
from forms.expressions.parsing import parse
from forms.library import Library
from forms.model import Choice, ChoiceList, Competence, Condition, Form, Item, Kind, Section
from inspect_server.domain.closing import (
    AnswersInvalid,
    AnswersMissing,
    FailuresUnasked,
    FindingNotAllowed,
)
from inspect_server.domain.findings.unasked import failed_in_words
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads import evidence as told
from inspect_server.reads import inspections as reads
from inspect_server.reads.progress import progress
from inspect_server.store import record
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.store.visit_records import VisitRecord
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.inspecting import visit_evidence as evidence
from inspect_server.usecases.inspecting.close_record import RecordClosed, close_record
from inspect_server.usecases.inspecting.closing_checks import failures_unasked
from inspect_server.usecases.work import Backend
from sync.entries import Operation, make_op
from sync.merge import fold
from sync.values import canonical
from tests.scenes import scene
from tests.usecases.bureau import FORM as CHECKS
from tests.usecases.bureau import item, open_bureau
from tests.usecases.phones import Visit


def when(text: str) -> Condition:
    return Condition(text, parse(text))


def asked(code: str, kind: Kind, question: str, **fields: Any) -> Item:
    return Item(code=code, kind=kind, question=question, **fields)


def failing(code: str, kind: Kind, question: str, fails_if: str) -> Item:
    """Return an item that is asked from a 压差 of 6 on only."""
    asked = {"relevant": when("${B1} > 5"), "fails_if": when(fails_if)}
    return replace(item(code), kind=kind, question=question, **asked)


COLUMNS = (
    asked("C1", Kind.TEXT, "编号"),
    asked("C2", Kind.DECIMAL, "功率", unit="kW"),
)
DATA = Section(
    "二、数据",
    (
        asked("B1", Kind.DECIMAL, "压差", required=when("true()"), unit="kPa", least="0", most="9"),
        asked("B2", Kind.SELECT_ONE, "除尘方式", choices="ways"),
        asked("B3", Kind.TEXT, "不符合的原因", relevant=when("${A1} = 'fail'")),
        asked("B4", Kind.DECIMAL, "两倍压差", calculation=when("${B1} * 2"), unit="kPa"),
        asked("B5", Kind.TABLE, "设备", columns=COLUMNS),
        replace(item("G1"), question="干式除尘防护", relevant=when("${B2} = 'dry'")),
        replace(item("F1"), question="灭火器", competence=Competence.FIRE),
        failing("G2", Kind.DECIMAL, "浓度", ". > ${B1}"),
        failing("G3", Kind.PHOTO, "警示标志", ". < 2"),
        asked("B6", Kind.DECIMAL, "限值", relevant=when("${B2} = 'dry'")),
        replace(failing("G4", Kind.DECIMAL, "风量", ". > ${B6}"), relevant=None),
    ),
)
FORM = replace(
    CHECKS,
    sections=(*CHECKS.sections, Section("外层", (DATA,))),
    choice_lists=(ChoiceList("ways", (Choice("dry", "干式"), Choice("wet", "湿式"))),),
)
LIBRARY = Library([FORM])


@pytest.fixture(autouse=True)
def form_with_values(monkeypatch: pytest.MonkeyPatch) -> Form:
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    return FORM


@scene
def passed_visit(backend: Backend) -> Visit:
    """A visit at which all checks passed and nothing else was answered yet."""
    bureau = open_bureau(backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    visit.phone(0).answer("F1", "pass")
    return visit


@pytest.fixture
def visit(sqlite_backend: Backend) -> Visit:
    return passed_visit(sqlite_backend)


def give(visit: Visit, code: str, given: Any, officer: int = 0) -> None:
    """Answer with a value, in the place of what was answered before."""
    before = [op.id for op in visit.operations() if op.item == f"answer/small/{code}"]
    visit.phone(officer).answer(code, "given", before, given=given)


def fail(visit: Visit, code: str) -> None:
    before = [op.id for op in visit.operations() if op.item == f"answer/small/{code}"]
    visit.phone(0).answer(code, "fail", before)


def close(visit: Visit, unasked_reason: str = "") -> RecordClosed:
    visit.sign_all()
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        return close_record(work, visit.inspection, unasked_reason=unasked_reason)


def record_of(visit: Visit) -> ClosedRecord:
    with visit.backend.reading() as session:
        content = session.get_one(Inspection, visit.inspection).record
    assert content is not None
    return ClosedRecord.from_json(content)


def refer(visit: Visit, **values: Any) -> str:
    fail(visit, "F1")
    referred = {"measure": "refer", "deadline": "", "basis": "《消防法》第十六条"} | values
    found = visit.phone(0).find("F1", **referred)
    visit.phone(0).photograph(finding=found)
    return found


def test_the_record_has_values_as_people_read_them_and_what_follows_from_them(visit: Visit) -> None:
    give(visit, "B1", "1.50")
    give(visit, "B2", "wet")
    give(visit, "B5", [{"C1": "1#", "C2": "7.5"}, {"C1": "2#"}])
    close(visit)

    answers = {answer.code: answer for answer in record_of(visit).answers}
    assert {code: one.value for code, one in answers.items() if one.value} == {
        "B1": "1.50kPa",
        "B2": "湿式",
        "B4": "3kPa",
        "B5": "第1行　编号：1#；功率：7.5kW\n第2行　编号：2#",
    }
    assert [answers[code].result for code in ("A1", "B1", "B4")] == ["pass", "given", "calculated"]
    assert answers["B1"].section == "外层／二、数据"
    assert answers["B4"].answered_by == ()


def test_the_inspection_record_prints_the_data(visit: Visit) -> None:
    give(visit, "B1", "1.50")
    give(visit, "B5", [{"C1": "1#"}, {"C1": "2#"}])
    close(visit)
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        issue_documents(work, visit.inspection)
    with visit.backend.reading() as session:
        facts = session.query(IssuedDocument).one().facts

    assert facts["data"] == [
        {"item": "B1", "question": "压差", "lines": ["1.50kPa"]},
        {"item": "B4", "question": "两倍压差", "lines": ["3kPa"]},
        {"item": "B5", "question": "设备", "lines": ["第1行　编号：1#", "第2行　编号：2#"]},
    ]
    assert (facts["checklists"][0]["passed"], facts["checklists"][0]["given"]) == (4, 2)


def test_what_is_not_asked_is_neither_missing_nor_in_the_record(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B3", "曾填为不符合")
    close(visit)

    closed = record_of(visit)
    assert closed.unasked == ("B3",)
    assert "B3" not in [answer.code for answer in closed.answers]
    assert any(op.item == "answer/small/B3" for op in visit.operations())
    assert set(closed.entry_hashes) >= {op.id.partition("#")[0] for op in visit.operations()[:8]}


def test_a_failure_that_is_not_asked_any_more_is_told_with_a_reason(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B2", "dry")
    fail(visit, "G1")
    visit.phone(1).photograph(answer="answer/small/G1")  # no answer
    give(visit, "B6", "10")
    give(visit, "G4", "50")
    give(visit, "B2", "wet")
    with pytest.raises(
        FailuresUnasked, match="G1“干式除尘防护”（不符合）；G4“风量”（不符合（50））；后因"
    ):
        close(visit)
    close(visit, "现场复核为湿式除尘")
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        issue_documents(work, visit.inspection)
    with visit.backend.reading() as session:
        facts = session.query(IssuedDocument).one().facts
        leaves = [json.loads(one.content) for one in record.leaves(session, "inspection/2026-0001")]
    closed = record_of(visit)
    (leaf,) = [one["body"] for one in leaves if one["type"] == "record.closed"]

    failure, judged = closed.failures_unasked
    assert (closed.unasked, failure.code, failure.said) == (("G1", "B6"), "G1", "不符合")
    assert judged.answered_by == failure.answered_by
    assert [one.name for one in closed.team if (one.officer_id,) == failure.answered_by] == [
        "赵检查"
    ]
    assert ClosedRecord.from_json(closed.to_json()) == closed
    assert leaf["failures_unasked"] == 2
    assert "湿式" not in json.dumps(leaf, ensure_ascii=False)
    assert facts["unasked"] == ["B6"]
    assert facts["notes"] == [
        "检查项G1“干式除尘防护”曾由赵检查填为不符合，后因其他项的填写有变，"
        "不再属于本次检查的内容，不列为问题，理由：现场复核为湿式除尘",
        "检查项G4“风量”曾由赵检查填为不符合（50），后因其他项的填写有变，判断所依据的项"
        "不再属于本次检查的内容，不列为问题，理由：现场复核为湿式除尘",
    ]


def test_what_was_measured_or_photographed_is_told_as_far_as_it_can_be_judged(visit: Visit) -> None:
    give(visit, "B1", "6")
    give(visit, "G2", "50")
    visit.phone(0).photograph(answer="answer/small/G3")
    give(visit, "B1", "1")
    with pytest.raises(FailuresUnasked) as refused:
        close(visit)
    given = [op.id for op in visit.operations() if op.item == "answer/small/B1"]
    visit.phone(0).answer("B1", "not_applicable", given)
    close(visit, "仅核对原有数据")

    assert (
        refused.value.facts["items"]
        == "G2“浓度”（不符合（50））；G3“警示标志”（不符合（1张照片））"
    )
    closed = record_of(visit)
    lost, photo = closed.failures_unasked
    (told,) = failures_unasked(replace(closed, unasked_reason=""))
    assert "曾填为不符合或者是否不符合已不能确定：" in str(told)
    assert "曾填为不符合：" in str(refused.value)
    assert failed_in_words([photo]) == "曾填为不符合"
    assert lost.said == "50（是否不符合须与其他条目一并判断，现已不能确定）"
    assert (photo.said, photo.answered_by) == ("不符合（1张照片）", lost.answered_by)


def test_a_disagreement_about_a_value_is_told_by_labels_and_settled_to_one(visit: Visit) -> None:
    give(visit, "B1", "1")
    own = visit.phone(0).answer("B2", "given", given="dry")
    other = visit.phone(1).answer("B2", "given", given="wet")
    with visit.backend.reading() as session:
        (row,) = told.conflicts(session, visit.inspection)
    chosen = {"result": "given", "reason": "", "note": "", "given": "wet"}
    said = {"chosen": chosen, "reason": "现场复核"}
    visit.phone(0).save(make_op("conflict.resolve", "answer/small/B2", said, [own, other]))
    close(visit)

    closed = record_of(visit)
    assert {head.words for head in row.heads} == {"已填写（干式）", "已填写（湿式）"}
    assert [(one.chosen, [words for _, words in one.said]) for one in closed.settlements] == [
        ("已填写（湿式）", ["已填写（干式）", "已填写（湿式）"])
    ]
    assert [one.value for one in closed.answers if one.code == "B2"] == ["湿式"]


def test_a_required_value_that_is_missing_keeps_the_record_open(visit: Visit) -> None:
    with pytest.raises(AnswersMissing, match=r"1 项未填写（B1）"):
        close(visit)


def test_a_value_out_of_its_range_keeps_the_record_open_and_says_the_range(visit: Visit) -> None:
    give(visit, "B1", "9.5")

    with pytest.raises(AnswersInvalid, match="B1：应在0至9kPa之间"):
        close(visit)


def test_a_calculated_value_is_said_by_nobody_whatever_a_phone_sent(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B4", "99")
    visited = VisitRecord(
        fold("task", visit.operations()), {op.id: op for op in visit.operations()}, ()
    )
    said = {one.code: one for one in evidence.answers(visited, [FORM], {}, date(2026, 3, 5))}

    assert (said["B4"].result, said["B4"].value) == ("calculated", "2kPa")
    with pytest.raises(AnswersInvalid, match="B4：不由人填写"):
        close(visit)


def test_a_value_that_another_choice_calls_for_is_told_with_its_row(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B5", [{"C1": "1#"}, {"C2": "七"}])

    with pytest.raises(AnswersInvalid, match="B5：第2行“功率”应为数值"):
        close(visit)


def test_a_finding_of_an_item_that_is_not_asked_keeps_the_record_open(visit: Visit) -> None:
    give(visit, "B1", "1")
    visit.phone(0).find("B3")

    with pytest.raises(FindingNotAllowed, match="条件不成立"):
        close(visit)


def test_what_others_enforce_is_referred_and_in_no_order(visit: Visit) -> None:
    give(visit, "B1", "1")
    refer(visit)
    closed = close(visit)
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        issued = issue_documents(work, visit.inspection)
    with visit.backend.reading() as session:
        leaves = [
            json.loads(leaf.content) for leaf in record.leaves(session, "inspection/2026-0001")
        ]
        page = reads.one(session, visit.bureau.inspector(0), visit.inspection)
        facts = session.query(IssuedDocument).one().facts

    assert (closed.general_findings, closed.major_findings, closed.referred_findings) == (0, 0, 1)
    (said,) = [leaf["body"]["findings"] for leaf in leaves if leaf["type"] == "record.closed"]
    assert said == {"general": 0, "major": 0, "referred": 1}
    assert [document.kind for document in issued.documents] == ["inspection_record"]
    assert [(one["measure"], one["refer_to"]) for one in facts["problems"]] == [
        ("refer", "消防救援机构")
    ]
    assert [(one.problem, one.authority) for one in page.referrals] == [(1, "消防救援机构")]


def test_an_order_demands_the_bureaus_own_matters_alone(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B3", "原因")
    refer(visit)
    fail(visit, "A1")
    visit.phone(0).photograph(finding=visit.phone(0).find("A1", text="积尘"))
    close(visit)
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        issue_documents(work, visit.inspection)
    with visit.backend.reading() as session:
        facts = {row.kind: row.facts for row in session.query(IssuedDocument)}

    assert [one["measure"] for one in facts["inspection_record"]["problems"]] == [
        "rectify_within",
        "refer",
    ]
    assert [one["text"] for one in facts["rectification_order"]["demands"]] == ["积尘"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"measure": "rectify_within", "deadline": "2026-03-20"}, "线索移送（消防救援机构）"),
        ({"penalty_basis": "《消防法》第六十条"}, "删去处罚依据"),
        ({"deadline": "2026-03-20"}, "删去整改期限"),
        ({"level": "major"}, "级别请改为一般"),
    ],
)
def test_what_others_enforce_is_not_judged_dated_or_penalised(
    visit: Visit, values: dict[str, Any], reason: str
) -> None:
    give(visit, "B1", "1")
    refer(visit, **values)

    with pytest.raises((AnswersInvalid, FindingNotAllowed), match=reason):
        close(visit)


def test_the_bureaus_own_matter_is_not_referred(visit: Visit) -> None:
    give(visit, "B1", "1")
    give(visit, "B3", "原因")
    fail(visit, "A1")
    visit.phone(0).photograph(finding=visit.phone(0).find("A1", measure="refer", deadline=""))

    with pytest.raises(FindingNotAllowed, match="不能作线索移送"):
        close(visit)


def test_a_problem_beyond_the_checklists_is_referred_to_whoever_enforces_it(visit: Visit) -> None:
    give(visit, "B1", "1")
    visit.phone(0).find("", measure="refer", deadline="")
    close(visit)

    (found,) = record_of(visit).findings
    assert found.refer_to == "other"


def test_a_major_hazard_awaits_supervision_until_it_is_put_right(visit: Visit) -> None:
    give(visit, "B1", "1")
    fail(visit, "A2")
    for done in (False, True):
        values = {"level": "major", "measure": "suspend", "corrected_on_site": done}
        visit.phone(0).photograph(finding=visit.phone(0).find("A2", **values))
    closed = close(visit)
    with visit.backend.reading() as session:
        page = reads.one(session, visit.bureau.inspector(0), visit.inspection)

    assert (closed.major_findings, closed.supervised_findings) == (2, 1)
    assert page.to_supervise == (1,)


def test_progress_counts_what_is_asked_by_the_answers_so_far(visit: Visit) -> None:
    def shown() -> tuple[int, int, int]:
        with visit.backend.reading() as session:
            (one,) = progress(session, visit.inspection).checklists
        return one.total, one.answered, one.failed

    assert shown() == (8, 4, 0)
    fail(visit, "A1")
    give(visit, "B3", "原因")
    assert shown() == (9, 5, 1)


def test_a_record_from_before_there_were_values_keeps_its_bytes(visit: Visit) -> None:
    give(visit, "B1", "1")
    close(visit)
    content = record_of(visit).to_json()
    for answer in content["answers"]:
        answer.pop("value", None)
    old = ClosedRecord.from_json(content)

    assert old.to_json() == content
    assert "unasked" not in content
    assert all("refer_to" not in finding for finding in content["findings"])


SAID: dict[str, Any] = {
    "A1": "fail",
    "A2": "pass",
    "A3": "not_applicable",
    "B1": "2.5",
    "B2": "dry",
    "B3": "原因",
    "B5": [{"C1": "1#"}],
    "F1": "fail",
}


@settings(max_examples=60, deadline=None)
@given(st.permutations(sorted(SAID)), st.randoms(use_true_random=False))
def test_in_any_order_and_from_either_phone_the_same_answers_make_the_same_record(
    order: list[str], rng: Any
) -> None:
    phones = ((0,), (1,), (0, 1))
    found = closed_from([(code, rng.choice(phones)) for code in order])

    assert found == closed_from([(code, (0,)) for code in sorted(SAID)])


def closed_from(said: list[tuple[str, tuple[int, ...]]]) -> tuple[Any, Any, Any]:
    """Return answers, findings and what is unasked, of answers that came so from two phones."""
    made = []
    for position, (code, phones) in enumerate(said):
        value = answer_of(code)
        for phone in phones:
            made.append(operation("answer.set", f"answer/small/{code}", value, position, phone))
        if value["result"] == "fail":
            noted = finding_of(code)
            made.append(operation("finding.add", f"finding/{code}", noted, position, phones[0]))
    visited = VisitRecord(fold("task", made), {op.id: op for op in made}, ())
    on = date(2026, 3, 5)
    return (
        evidence.answers(visited, [FORM], {"0": "officer", "1": "officer"}, on),
        evidence.findings(visited, [FORM]),
        evidence.unasked(visited, [FORM], on),
    )


def answer_of(code: str) -> dict[str, Any]:
    said = SAID[code]
    if said in ("pass", "fail", "not_applicable"):
        return {"result": said, "reason": "", "note": ""}
    return {"result": "given", "reason": "", "note": "", "given": said}


def finding_of(code: str) -> dict[str, Any]:
    return {
        "answer_item": f"answer/small/{code}",
        "level": "general",
        "text": "问题",
        "place": "车间",
        "basis": "第六条",
        "penalty_basis": "",
        "measure": "refer" if code == "F1" else "rectify_within",
        "deadline": "" if code == "F1" else "2026-03-20",
        "corrected_on_site": False,
    }


def operation(type: str, item: str, value: Any, position: int, phone: int) -> Operation:
    at = f"2026-03-05T09:{position:02d}:00+08:00"
    return Operation(
        id=f"{type} {item} {phone}#0",
        assignment="task",
        item=item,
        type=type,
        parents=(),
        value=canonical(value),
        blob="",
        replica=f"replica {phone}",
        seq=position + 1,
        user=str(phone),
        wall=at,
        hlc=f"{position:013d}-0000-{phone}",
    )
