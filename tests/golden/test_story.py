"""The examples are one case file: days in order, deadlines kept, sums right, numbers that exist."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from stdnum.cn import uscc

from inspect_server.domain import law
from inspect_server.domain.calendar import days as each_day
from inspect_server.domain.deadlines import deadline_of, rolled_over
from inspect_server.gateways.calendar import published
from pdf_templates.catalogue import MODULES, template
from pdf_templates.examples import charges, example, story
from pdf_templates.examples.closing import PAPERS
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Person
from pdf_templates.template import Composed
from pdf_templates.wording import long_date

KINDS = [kind for kind, place in MODULES.items() if not place.startswith("draw.")]
TOLD = {
    name: facts
    for folder in sorted({place.partition(".")[0] for place in MODULES.values()})
    for name, facts in import_module(f"pdf_templates.examples.{folder}").EXAMPLES.items()
}
"""All that `examples` tells, the papers of a draw among it."""
NUMBER = re.compile(r"（苏·云）应急[^〔（]+〔2026〕\d+号")
TOLD_OF = {
    story.doc_no("罚告", 2): "the notice to ZHAO, who is fined himself",
    story.doc_no("听告", 2): "the notice of the hearing to ZHAO",
    story.doc_no("现决", 3): "the order that the foundry disobeyed",
    story.doc_no("缴批", 2): "the second instalment, granted on the same day",
    story.doc_no("检记", 2): "the other visit of 2 March",
}
"""Numbers of documents that are told of and have no example."""
CALENDAR = published()
COURSE = (
    *("inspection_scheme", "inspection_notice", "coercion_approval", "inspection_record"),
    *("measures_decision", "rectification_order", "seizure_decision", "seizure_list"),
    *("spot_penalty_organisation", "case_filing_approval", "interview_notice"),
    *("interview_record", "preservation_approval", "sampling_receipt", "scene_record"),
    *("preservation_notice", "preservation_list", "appraisal_commission", "transfer_approval"),
    *("transfer_letter", "preservation_disposal_approval", "preservation_disposal"),
    *("seizure_extension", "reinspection_opinion", "seizure_disposal", "investigation_report"),
    *("legal_review_opinion", "penalty_notice", "hearing_right_notice", "statement_record"),
    *("hearing_session_notice", "hearing_record", "hearing_report", "discussion_record"),
    *("handling_approval", "penalty_decision_organisation", "payment_deferral_approval"),
    *("payment_deferral_grant", "payment_demand", "surcharge_decision", "enforcement_demand"),
    *("service_receipt", "enforcement_application", "case_closing_approval", "case_cover"),
)
"""The documents of the enterprise's case, as one follows from another."""


def texts(facts: Any) -> Iterator[str]:
    """Yield every text among facts."""
    if is_dataclass(facts):
        for field in fields(facts):
            yield from texts(getattr(facts, field.name))
    elif isinstance(facts, tuple | list):
        for part in facts:
            yield from texts(part)
    elif isinstance(facts, str):
        yield facts


def made_on(kind: str) -> str:
    """Return the ISO day of a kind's example."""
    said: str = example(kind).made_at[:10]
    return said


def numbered() -> dict[str, str]:
    """Return the kind of each number, as the examples bear them."""
    return {example(kind).doc_no: kind for kind in KINDS if NUMBER.match(example(kind).doc_no)}


def last_day(of: str, since: str) -> str:
    """Return the last day that the law gives from an ISO day on."""
    served = date.fromisoformat(since)
    return deadline_of(law.entry(of, served), served, CALENDAR).last_day.isoformat()


def test_a_number_is_borne_by_one_document() -> None:
    borne = Counter(example(kind).doc_no for kind in KINDS if NUMBER.match(example(kind).doc_no))

    assert [number for number, times in borne.items() if times > 1] == []
    assert not borne.keys() & TOLD_OF.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_that_is_cited_exists(kind: str) -> None:
    cited = {number for text in texts(example(kind)) for number in NUMBER.findall(text)}

    assert cited - numbered().keys() - TOLD_OF.keys() == set()


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"case_cover", "inspection_cover"}))
def test_what_is_cited_was_there_before(kind: str) -> None:
    """Or before the last of those who sign in a form wrote an opinion."""
    known, facts = numbered(), example(kind)
    cited = {number for text in texts(facts) for number in NUMBER.findall(text)}
    opinions = (getattr(facts, field.name) for field in fields(facts))
    closed = max(made_on(kind), *(one.said_on for one in opinions if isinstance(one, Said)), "")

    assert [n for n in cited & known.keys() if made_on(known[n]) > closed] == []


def test_the_course_of_the_case_goes_forward() -> None:
    days = [made_on(kind) for kind in COURSE]

    assert days == sorted(days)


def test_the_record_ends_before_anybody_signs_it() -> None:
    record = example("inspection_record")

    assert record.ended_at <= min(one.signed_at for one in record.signatures)


DEADLINES = (
    ("deadline.registered_evidence_working_days", "2026-03-05", made_on("preservation_disposal")),
    ("deadline.case_days", "2026-03-03", made_on("penalty_decision_organisation")),
    ("deadline.case_days", "2026-03-03", made_on("penalty_decision_person")),
    ("deadline.statement_working_days", "2026-04-10", made_on("statement_record")),
    ("deadline.hearing_request_working_days", "2026-04-10", "2026-04-14"),
    ("deadline.penalty_service_working_days", made_on("penalty_decision_person"), "2026-05-09"),
    ("deadline.recheck_days", "2026-04-01", made_on("reinspection_opinion")),
    ("deadline.transfer_decision_days", "2026-03-20", example("crime_transfer_letter").approved_on),
)
"""The law's id, since when, and by when it was done."""


@pytest.mark.parametrize(("of", "since", "done"), DEADLINES)
def test_what_has_a_deadline_is_done_within_it(of: str, since: str, done: str) -> None:
    assert since <= done <= last_day(of, since)


def test_the_hearing_is_announced_as_many_working_days_before_as_the_law_says() -> None:
    notice = example("hearing_session_notice")
    (receipt,) = (one for one in example("service_receipt").served if one.doc_no == notice.doc_no)

    between = last_day("deadline.hearing_notice_working_days", receipt.served_on)
    assert between < notice.held_at[:10]


def test_nothing_is_decided_before_the_party_could_speak() -> None:
    told = example("penalty_decision_organisation").notified_on

    assert last_day("deadline.statement_working_days", told) < made_on("discussion_record")
    assert last_day("deadline.hearing_request_working_days", told) < made_on("discussion_record")


def test_a_seizure_and_its_extension_last_as_long_as_the_law_allows() -> None:
    first, more = example("seizure_decision").period, example("seizure_extension").period

    for period in (first, more):
        days = each_day(date.fromisoformat(period.first), date.fromisoformat(period.last))
        assert len([*days]) == period.days <= 30
    assert made_on("seizure_extension") <= first.last < more.first
    assert made_on("seizure_disposal") <= more.last


def test_the_fine_is_paid_asked_for_and_raised_by_the_days_of_the_law() -> None:
    served = example("enforcement_demand").served_on
    demand, surcharge = example("payment_demand"), example("surcharge_decision")
    application = example("enforcement_application")

    due = example("payment_deferral_approval").due_on
    fifteenth = date.fromisoformat(last_day("deadline.fine_payment_days", served))
    assert due == rolled_over(fifteenth, CALENDAR.is_open).isoformat()  # a Sunday
    assert made_on("payment_deferral_grant") <= due
    assert demand.due_on == example("payment_deferral_approval").proposed[-1].due_on
    assert demand.pay_by >= last_day("deadline.demand_working_days", surcharge.demanded_on)
    assert demand.pay_by < made_on("surcharge_decision")
    assert application.contest_ended_on == last_day("remedy.litigation_months", served)
    assert application.contest_ended_on < made_on("enforcement_demand")
    waited = last_day("deadline.demand_working_days", application.demanded_on)
    assert waited < made_on("enforcement_application")
    for begin in (demand.due_on, application.contest_ended_on):
        assert made_on("enforcement_application") <= last_day(
            "deadline.court_enforcement_months", begin
        )


def test_the_amounts_are_one_fine() -> None:
    application, closing = example("enforcement_application"), example("case_closing_approval")
    granted, surcharge = example("payment_deferral_grant"), example("surcharge_decision")
    proposed = example("payment_deferral_approval").proposed

    assert sum(one.fine_fen for one in charges.VIOLATIONS) == charges.TOTAL
    assert example("penalty_decision_organisation").total_fine_fen == charges.TOTAL
    assert sum(one.amount_fen for one in proposed) == charges.TOTAL
    assert granted.granted == proposed[0]
    assert granted.left_fen == proposed[1].amount_fen == example("payment_demand").unpaid_fen
    assert application.owed.fine_fen == surcharge.unpaid_fen == granted.left_fen
    assert application.owed.surcharge_fen <= application.owed.fine_fen
    assert application.owed == example("enforcement_demand").owed
    assert "¥50,000.00" in closing.outcome


def test_all_speak_of_the_same_people() -> None:
    party = story.HENGMAO
    told = "\n".join(text for kind in KINDS for text in texts(example(kind)))
    calls = {
        person: set(re.findall(f"{person}（执法证号：(苏[0-9]+)）", told))
        for person in (officer.name for officer in story.OFFICERS)
    }

    assert set(re.findall(r"云湾区恒茂木业[^\W]{0,6}公司", told)) == {party.name}
    assert calls == {officer.name: {officer.cert_no} for officer in story.OFFICERS}
    bureau = (*story.OFFICERS, story.HEAD, story.DEPUTY, story.COUNSEL, story.SECTION_HEAD)
    actors = {one.actor for one in example("process_record").entries}
    assert actors <= {one.name for one in bureau}
    assert example("hearing_session_notice").panel == example("hearing_record").panel
    assert example("hearing_session_notice").panel == example("hearing_report").panel


def people(facts: Any) -> Iterator[Person]:
    """Yield every person of whom facts tell age and 居民身份证号."""
    if isinstance(facts, Person):
        yield facts
    elif is_dataclass(facts):
        for field in fields(facts):
            yield from people(getattr(facts, field.name))
    elif isinstance(facts, tuple | list):
        for part in facts:
            yield from people(part)


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_is_as_old_as_the_identity_number_says(kind: str) -> None:
    today = made_on(kind).replace("-", "")

    for one in people(example(kind)):
        if one.id_no:
            years = (int(today) - int(one.id_no[6:14])) // 10000
            assert (one.name, one.age) == (one.name, years)


@pytest.mark.parametrize("name", TOLD)
def test_a_code_of_a_unit_has_the_check_character_that_the_registry_asks_for(name: str) -> None:
    told = "\n".join(texts(TOLD[name]))
    codes = set(re.findall(r"\b9132[0-9A-Z]{6,}", told))

    assert {code for code in codes if not uscc.is_valid(code)} == set()
    assert codes or name != "draw_result_internal"


def test_a_visit_is_announced_where_the_scheme_says_so() -> None:
    scheme, notice = example("inspection_scheme"), example("inspection_notice")

    visited_on = date.fromisoformat(notice.visit_from)
    assert scheme.announced == (notice.made_at[:10] < notice.visit_from)
    assert scheme.announced == ("draw" in law.items("scheme.announced_sources", visited_on))
    assert scheme.frequency == notice.frequency
    assert (scheme.visit_from, scheme.visit_to) == (notice.visit_from, notice.visit_to)
    assert example("inspection_record").started_at[:10] == notice.visit_from


def test_each_item_that_was_looked_at_again_is_an_item_of_its_decision() -> None:
    order, measures = example("rectification_order"), example("measures_decision")
    opinion = example("reinspection_opinion")
    seen = {one.doc_no: [outcome.number for outcome in one.outcomes] for one in opinion.decisions}

    assert seen == {
        order.doc_no: [one.number for one in order.demands],
        measures.doc_no: [*range(1, len(measures.measures) + 1)],
    }
    for one in order.demands:
        latest = last_day("deadline.recheck_days", one.deadline)
        assert one.deadline < opinion.reinspected_on <= latest


def test_the_notice_of_the_result_counts_what_the_record_found() -> None:
    record, notice = example("inspection_record"), example("result_notice")
    failed = sum(one.failed for one in record.checklists)
    unfit = sum(one.not_applicable for one in record.checklists)

    assert failed == len(record.problems) == len(notice.problems)
    assert unfit == len(record.not_applicable)
    assert sum(one.not_checked for one in record.checklists) == len(record.unchecked)


def test_what_was_served_stands_in_the_receipt_on_its_day() -> None:
    receipt = example("service_receipt")
    served = {one.doc_no: one.served_on for one in receipt.served}

    assert [*served.values()] == sorted(served.values())
    assert max(served.values()) <= made_on("service_receipt")
    told = {
        "罚告": example("statement_record").received_on,
        "听告": example("penalty_decision_organisation").notified_on,
        "罚": example("enforcement_application").served_on,
        "催": example("surcharge_decision").demanded_on,
        "执行催告": example("enforcement_application").demanded_on,
    }
    assert {mark: served[story.doc_no(mark)] for mark in told} == told


@pytest.mark.parametrize("taken", ["新进人员登记表", "除尘系统采购安装合同", "抽样取证凭证"])
def test_what_was_taken_as_evidence_is_told_as_evidence_and_lies_in_the_file(taken: str) -> None:
    told = example("penalty_decision_organisation").evidence

    assert any(taken in one for one in charges.EVIDENCE)
    assert any(taken in one.name for one in told)
    assert any(taken in name for name, *_ in PAPERS)


def test_the_contents_list_each_paper_with_its_day_and_its_pages() -> None:
    """
    After a document grew or shrank by a page: change PAPERS in `examples/closing.py`.

    What others wrote has no number of ours and bears the name of none of our documents.
    """
    made = {}
    for kind in KINDS:
        form, facts = template(kind), example(kind)
        assert isinstance(form.layout, Composed)
        pages = len(form.layout.one(facts, ()))
        made[form.title, facts.doc_no] = (facts.made_at[5:10], pages)

    titles = {title for title, _ in made}
    ours = [one for one in PAPERS if one[0] in titles or one[1]]
    told = [one for one in ours if one[1] not in TOLD_OF]
    assert [paper for paper in told if made.get(paper[:2]) != paper[2:]] == []


def test_dates_in_sentences_are_days_of_the_story() -> None:
    """A day that is told of in 2026 is not after the document that tells it, but for deadlines."""
    later = {
        (kind, said)
        for kind in ("penalty_decision_organisation", "handling_approval", "hearing_report")
        for text in texts(example(kind))
        for said in re.findall(r"2026年\d+月\d+日", text)
        if tuple(map(int, re.findall(r"\d+", said)))
        > tuple(map(int, re.findall(r"\d+", long_date(made_on(kind)))))
    }

    assert later == set()
