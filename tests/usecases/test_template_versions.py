"""Templates carry a version and a day; a case is written to its end with those it began with."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.documents.issue_document import void_document
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.work import Backend
from pdf_templates import catalogue
from pdf_templates.check import rectification_order
from pdf_templates.template import TWO_COPIES, Composed
from tests.usecases.bureau import small_form
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


@pytest.fixture
def law_changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new form of the order, in force a week after the visit of 2 March 2026."""
    monkeypatch.setattr(rectification_order, "TEMPLATE", NEW)
    monkeypatch.setattr(rectification_order, "EARLIER", (OLD,), raising=False)
    catalogue.versions.cache_clear()
    yield
    catalogue.versions.cache_clear()


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


def test_a_form_that_came_in_meanwhile_does_not_change_a_case(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    first = issue(visit).documents[1]
    earlier = replace(NEW, effective_from="2026-01-01")  # said to have been in force all along
    monkeypatch.setattr(rectification_order, "TEMPLATE", earlier)
    monkeypatch.setattr(rectification_order, "EARLIER", (OLD,), raising=False)
    catalogue.versions.cache_clear()
    try:
        with sqlite_backend.begin(OFFICE) as work:
            void_document(work, first.id, "整改期限有误")
        again = issue(visit).documents[1]
    finally:
        catalogue.versions.cache_clear()

    assert versions_of(sqlite_backend, first.id, again.id) == [OLD.version, OLD.version]
