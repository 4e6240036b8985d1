"""What documents say of a closed record, and what they do not: facts, numbers, citations."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from forms import load
from forms.library import Library
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.usecases.documents.citations import UncheckedCitation
from inspect_server.usecases.work import Backend
from pdf_templates.wording import long_days
from tests.usecases.bureau import FORM, LIBRARY, small_form
from tests.usecases.phones import Visit
from tests.usecases.test_documents import change_record, closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def test_documents_speak_of_the_last_signature_and_of_what_it_missed(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    issued = issue(visit)

    with sqlite_backend.reading() as session:
        facts = session.get_one(IssuedDocument, issued.documents[0].id).facts

    assert [s["signer"] for s in facts["signatures"]] == ["officer", "officer", "enterprise"]
    assert facts["officers"][0]["cert_no"] == facts["signatures"][0]["cert_no"]
    assert facts["problems"][0]["photos"] == [1]
    assert facts["photos"][0]["problem"] == "问题1"
    assert facts["checklists"][0]["failed"] == 1


def facts_of(visit: Visit) -> dict[str, dict[str, Any]]:
    """The stored facts of the issued documents, by kind."""
    with visit.backend.reading() as session:
        return {row.kind: row.facts for row in session.scalars(select(IssuedDocument))}


@pytest.mark.parametrize(
    ("kind", "name", "registered", "said"),
    [
        ("responsible", "赵某", "", "总经理"),
        ("responsible", "赵某", "董事长", "董事长"),
        ("safety", "赵某", "", ""),
        ("responsible", "钱某", "", ""),
    ],
    ids=["met", "registered", "other kind", "somebody else"],
)
def test_the_position_of_the_legal_person_is_the_one_met_under_that_name(
    sqlite_backend: Backend, kind: str, name: str, registered: str, said: str
) -> None:
    visit = closed_visit(sqlite_backend)
    met = {"kind": kind, "name": name, "position": "总经理", "phone": ""}
    known = {"name": "某公司", "legal_person": "赵某", "position": registered}
    change_record(visit, participants=[met], enterprise=known)

    issue(visit)

    assert {facts["enterprise"]["position"] for facts in facts_of(visit).values()} == {said}


def test_what_is_ordered_at_once_has_no_day_in_the_order(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend, measure="rectify_now", deadline="2026-03-20")

    issue(visit)

    assert [d["deadline"] for d in facts_of(visit)["rectification_order"]["demands"]] == [""]


def test_an_unchecked_citation_of_a_finding_is_told(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited = FORM.items[0].basis[0]
    unchecked = replace(FORM.items[0], basis=(replace(cited, verified=False),))
    section = replace(FORM.sections[0], items=(unchecked, *FORM.items[1:]))
    form = replace(FORM, sections=(section,))
    monkeypatch.setattr(load, "packaged", partial(Library, [form]))
    visit = closed_visit(sqlite_backend, basis=f"参照{cited.printed}")

    told = issue(visit).unchecked
    change_record(visit, findings=[record_of(visit)["findings"][0] | {"basis": "另一依据"}])
    silent = issue(visit).unchecked
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)

    assert told == (UncheckedCitation(1, cited.printed),)
    assert silent == ()
    assert issue(visit).unchecked == ()


def record_of(visit: Visit) -> dict[str, Any]:
    with visit.backend.reading() as session:
        return dict(session.get_one(Inspection, visit.inspection).record or {})


def test_the_region_of_the_number_is_the_bureaus(sqlite_backend: Backend) -> None:
    settings = replace(sqlite_backend.settings, authority_short="宁")
    visit = closed_visit(replace(sqlite_backend, settings=settings))

    assert issue(visit).documents[0].doc_no == "（宁）应急检记〔2026〕1号"


def test_a_visit_of_several_days_stands_in_the_order_as_in_the_record(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    change_record(visit, ended_at="2026-03-07T10:00:00+08:00")

    issue(visit)
    record, order = (facts_of(visit)[kind] for kind in ("inspection_record", "rectification_order"))
    said = long_days(order["inspected_on"], order["inspected_until"])

    assert (record["started_at"][:10], record["ended_at"][:10]) == ("2026-03-05", "2026-03-07")
    assert said == "2026年3月5日至2026年3月7日"
