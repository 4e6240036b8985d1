"""Signatures that no longer show what stands: told at settling, and right on the papers."""

import pytest

from inspect_server.reads.progress import progress
from inspect_server.usecases.journal.settle_conflict import settle_conflict
from inspect_server.usecases.work import Backend
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit
from tests.usecases.test_document_facts import facts_of
from tests.usecases.test_documents import closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def test_settling_after_signing_says_whose_signatures_become_stale(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    visit.phone(1).answer("A3", "not_applicable")
    visit.sign_all()
    chosen = next(op.id for op in visit.operations() if op.item == "answer/small/A3")

    with sqlite_backend.begin(bureau.inspector(0)) as work:
        settled = settle_conflict(work, visit.inspection, "answer/small/A3", chosen, "复核")
    with sqlite_backend.reading() as session:
        shown = progress(session, visit.inspection)

    assert settled.stale == ("主办人员赵检查", "协办人员钱检查", "被检查单位签名人")
    assert shown.stale == settled.stale


def test_papers_name_officers_as_registered_and_a_typed_name_that_differs_is_shown(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)  # its phones give everybody's name as 签名人
    with sqlite_backend.reading() as session:
        steps = progress(session, visit.inspection).steps

    signed = _facts(visit)["signatures"]

    assert [one["name"] for one in signed] == ["赵检查", "钱检查", "签名人"]
    assert [(s.name, s.typed) for s in steps if s.kind in {"lead", "enterprise"}] == [
        ("赵检查", "签名人"),
        ("签名人", ""),
    ]


def _facts(visit: Visit) -> dict[str, list[dict[str, str]]]:
    issue(visit)
    return facts_of(visit)["inspection_record"]
