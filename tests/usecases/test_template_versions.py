"""Templates carry a version and a day; a case is written to its end with those it began with."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest

from inspect_server.reads.record_checks import check_cases
from inspect_server.store import record
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.documents.issue_document import void_document
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.drawing.papers import Paper, print_paper
from inspect_server.usecases.work import Backend
from pdf_templates import catalogue
from pdf_templates.check import rectification_order
from pdf_templates.draw import commitment
from pdf_templates.template import TWO_COPIES, Composed, Template
from tests.conftest import FixedClock
from tests.usecases.bureau import small_form
from tests.usecases.draw_world import build
from tests.usecases.test_documents import OFFICE, closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

ORDER = "rectification_order"
OLD = rectification_order.TEMPLATE
NEW = replace(
    OLD,
    version="2027.1",
    effective_from="2026-03-10",
    layout=Composed("责令整改通知书", rectification_order.content, copies=TWO_COPIES),
)


def carries(patch: pytest.MonkeyPatch, module: ModuleType, *made: Template) -> None:
    """Let the program have these versions of a kind and no others, the newest first."""
    patch.setattr(module, "TEMPLATE", made[0])
    patch.setattr(module, "EARLIER", made[1:], raising=False)
    catalogue.versions.cache_clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test lets the program carry is forgotten after it."""
    yield
    catalogue.versions.cache_clear()


@pytest.fixture
def law_changed(monkeypatch: pytest.MonkeyPatch, forgotten: None) -> None:
    """A new form of the order, in force a week after the visit of 2 March 2026."""
    carries(monkeypatch, rectification_order, NEW, OLD)


def versions_of(backend: Backend, *ids: object) -> list[str]:
    with backend.reading() as session:
        return [session.get_one(IssuedDocument, one).template_version for one in ids]


@pytest.mark.usefixtures("law_changed")
@pytest.mark.parametrize(
    ("began", "version"),
    [
        ("2025-06-01", OLD.version),
        (OLD.effective_from, OLD.version),
        ("2026-03-09", OLD.version),
        ("2026-03-10", NEW.version),
        ("2030-01-01", NEW.version),
    ],
)
def test_the_day_on_which_a_case_began_decides_the_version(began: str, version: str) -> None:
    assert catalogue.in_force(ORDER, began).version == version


@pytest.mark.usefixtures("law_changed")
def test_a_case_is_written_with_the_form_of_its_first_day(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)

    order = issue(visit).documents[1]

    assert versions_of(sqlite_backend, order.id) == [OLD.version]
    assert catalogue.template(ORDER).version == NEW.version
    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs, reproduce=True)
    assert (checked.faults, checked.reproduced, checked.differing) == ((), 2, 0)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def events_of(backend: Backend, type: str) -> list[dict[str, Any]]:
    with backend.reading() as session:
        return [json.loads(leaf.content)["body"] for leaf in record.leaves_of_type(session, type)]


def test_a_new_case_has_the_new_form(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    carries(monkeypatch, rectification_order, replace(NEW, effective_from="2026-03-02"), OLD)
    order = issue(closed_visit(sqlite_backend)).documents[1]

    assert versions_of(sqlite_backend, order.id) == [NEW.version]
    assert "责令整改通知书" in text_of(sqlite_backend.blobs.read(order.pdf_sha256))


def test_a_form_that_came_in_meanwhile_does_not_change_a_case(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    first = issue(visit).documents[1]
    # said to have been in force all along
    carries(monkeypatch, rectification_order, replace(NEW, effective_from="2026-01-01"), OLD)
    with sqlite_backend.begin(OFFICE) as work:
        void_document(work, first.id, "整改期限有误")
    again = issue(visit).documents[1]

    assert versions_of(sqlite_backend, first.id, again.id) == [OLD.version, OLD.version]
    assert (again.title, again.template, again.template_before) == (OLD.title, OLD.version, "")


def test_a_form_that_had_to_be_given_up_is_said_once_and_the_record_holds(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    orders = [issue(visit).documents[1]]
    carries(monkeypatch, rectification_order, NEW)
    for _ in range(2):
        with sqlite_backend.begin(OFFICE) as work:
            void_document(work, orders[-1].id, "整改期限有误")
        orders.append(issue(visit).documents[1])

    assert [one.template for one in orders] == [OLD.version, NEW.version, NEW.version]
    assert [one.template_before for one in orders] == ["", OLD.version, ""]
    noted = [body.get("template_before") for body in events_of(sqlite_backend, "doc.issue")]
    assert noted == [None, None, OLD.version, None]
    with sqlite_backend.reading() as session:
        assert not [fault for one in check_cases(session) for fault in one.faults]


def test_papers_of_a_draw_keep_the_form_of_the_day_of_its_commitment(
    sqlite_backend: Backend, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build(sqlite_backend, tmp_path)
    draw = world.commit()
    old = commitment.TEMPLATE
    new = replace(old, version="2027.1", effective_from="2026-03-03", title="抽取承诺单")

    def printed() -> tuple[str, str]:
        with sqlite_backend.begin(OFFICE) as work:
            made = print_paper(work, draw.id, Paper.COMMITMENT)
        return made.file_name, events_of(sqlite_backend, "draw.printed")[-1]["template"]

    before = printed()
    carries(monkeypatch, commitment, new, old)
    clock.forward(days=3)

    assert printed() == before == ("抽取承诺书_2026-01.pdf", old.version)
    carries(monkeypatch, commitment, replace(new, effective_from="2026-03-02"), old)
    assert printed() == ("抽取承诺单_2026-01.pdf", "2027.1")
