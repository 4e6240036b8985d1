"""Citations that somebody compared with the text after a checklist was published."""

import json
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from forms import load
from forms.body import content_sha256
from forms.errors import FormNotFound
from forms.library import Library
from forms.model import Basis, Form, Law, Major
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads import checklists as reads
from inspect_server.reads import record_checks
from inspect_server.store import record
from inspect_server.store.checklists import ConfirmationsUnreadable
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.checklists.confirm_citation import (
    Comparison,
    ConfirmedCitation,
    NothingToConfirm,
    NothingToWithdraw,
    confirm_citation,
    withdraw_confirmation,
)
from inspect_server.usecases.documents.citations import UncheckedCitation, unchecked_citations
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.bureau import FORM, small_form
from tests.usecases.checklist_samples import LAW, OPEN, REVIEWER, following, item, publish
from tests.usecases.test_documents import closed_visit
from tests.usecases.test_published_rows import write_body

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

STANDARD = Law("s", "某标准", "GB 1-2020", LAW.effective_from, None, verified=False, source="测试")
BARE = Basis(STANDARD, "", verified=False)
SOURCE = "国家法律法规数据库 2026-03-02 的文本"


def unverified() -> Form:
    """A published version with one open article, and one that has no article yet."""
    first = replace(item("A1"), basis=(OPEN,))
    second = replace(item("A2"), basis=(BARE,))
    (section,) = following().sections
    return following(sections=(replace(section, items=(first, second, *section.items[2:])),))


def confirm(
    backend: Backend, code: str, citation: str, actor: Actor = REVIEWER, **given: Any
) -> ConfirmedCitation:
    said = {"source": SOURCE, "version": 2, **given}
    with backend.begin(actor) as work:
        return confirm_citation(work, Comparison("small", code=code, citation=citation, **said))


def withdraw(
    backend: Backend,
    citation: str,
    reason: str = "看错了条款",
    actor: Actor = REVIEWER,
    code: str = "A1",
) -> ConfirmedCitation:
    with backend.begin(actor) as work:
        return withdraw_confirmation(work, "small", 2, code, citation, reason)


def page(backend: Backend) -> reads.VersionPage:
    with backend.reading() as session:
        return reads.one(session, "small", 2)


def damaged(backend: Backend) -> list[str]:
    with backend.reading() as session:
        return [fault for one in record_checks.check_cases(session) for fault in one.faults]


def test_a_row_that_is_no_confirmation_any_more_is_told_as_damaged(
    sqlite_backend: Backend,
) -> None:
    publish(sqlite_backend, unverified())
    confirm(sqlite_backend, "A1", OPEN.printed)
    for garbage in ("confirmed_at = 'abc'", "citation = x'ff00'"):
        with sqlite_backend.begin(REVIEWER) as work:
            unguard(work.session, "citation_confirmation")
            work.session.execute(text(f"UPDATE citation_confirmation SET {garbage}"))

        with pytest.raises(ConfirmationsUnreadable, match=r"small@2.*record verify"):
            page(sqlite_backend)
        assert damaged(sqlite_backend) != []


def test_a_confirmation_stands_beside_the_version_with_who_and_when(backend: Backend) -> None:
    publish(backend, unverified())
    before = page(backend)

    done = confirm(backend, "A1", OPEN.printed)

    after = page(backend)
    (row,) = after.confirmations
    assert [one.code for one in before.unconfirmed] == ["A1", "A2"]
    assert [one.code for one in after.unconfirmed] == ["A2"]
    assert (after.row.unconfirmed, after.row.confirmed, done.left) == (1, 1, 1)
    assert (row.code, row.citation, row.source, row.by) == (
        "A1",
        OPEN.printed,
        SOURCE,
        REVIEWER.label,
    )
    assert row.at == backend.clock.now()
    assert after.form == unverified()
    assert after.row.content_sha256 == content_sha256(unverified())
    assert damaged(backend) == []


@pytest.mark.parametrize(
    "written", ["《某规定》第九条", "《某规定》（令第13号）第九条", " 《某规定》 第九条"]
)
def test_a_citation_may_be_written_without_the_laws_number(
    sqlite_backend: Backend, written: str
) -> None:
    publish(sqlite_backend, unverified())

    assert confirm(sqlite_backend, "A1", written).citation == OPEN.printed


def test_whoever_finds_the_missing_article_gives_it(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, unverified())

    with pytest.raises(BadInput, match="尚缺条款"):
        confirm(sqlite_backend, "A2", BARE.printed)
    with pytest.raises(BadInput, match="已经写明条款"):
        confirm(sqlite_backend, "A1", OPEN.printed, article="第八条")
    confirm(sqlite_backend, "A2", BARE.printed, article="第5.1条")

    assert [one.code for one in page(sqlite_backend).unconfirmed] == ["A1"]
    assert page(sqlite_backend).confirmations[0].article == "第5.1条"


def test_a_law_alone_is_confirmed_for_its_item(sqlite_backend: Backend) -> None:
    basis = Basis(STANDARD, "第6条", verified=True)
    (section,) = following().sections
    items = (replace(item("A1"), basis=(basis,)), *section.items[1:])
    publish(sqlite_backend, following(sections=(replace(section, items=items),)))

    confirm(sqlite_backend, "A1", "《某标准》")

    assert page(sqlite_backend).unconfirmed == ()


@pytest.mark.parametrize(
    ("code", "citation", "refused"),
    [
        ("A9", OPEN.printed, NotFound),
        ("A1", "《某规定》第十条", NothingToConfirm),
        ("A3", "《某规定》第六条", NothingToConfirm),
    ],
    ids=["item", "citation", "checked before"],
)
def test_only_what_is_open_is_confirmed(
    sqlite_backend: Backend, code: str, citation: str, refused: type[Exception]
) -> None:
    publish(sqlite_backend, unverified())

    with pytest.raises(refused):
        confirm(sqlite_backend, code, citation)


def test_a_citation_is_confirmed_once(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, unverified())
    confirm(sqlite_backend, "A1", OPEN.printed)

    with pytest.raises(NothingToConfirm, match="引用都已核对，没有需要登记的"):
        confirm(sqlite_backend, "A1", OPEN.printed)
    with pytest.raises(FormNotFound):
        confirm(sqlite_backend, "A1", OPEN.printed, version=3)


def test_a_confirmation_says_what_the_citation_was_compared_with(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, unverified())

    for source in ("", " ", "长" * 301, "官网\n文本", "官网\x1b[31m", "\udcff"):
        with pytest.raises(BadInput, match="核对依据"):
            confirm(sqlite_backend, "A1", OPEN.printed, source=source)
    with pytest.raises(BadInput, match="条款"):
        confirm(sqlite_backend, "A2", BARE.printed, article="第五\n条")
    assert confirm(sqlite_backend, "A1", OPEN.printed, source="官网　文本").left == 1


def test_a_withdrawn_confirmation_stays_on_record_and_may_be_made_anew(
    backend: Backend, clock: FixedClock
) -> None:
    publish(backend, unverified())
    confirm(backend, "A1", OPEN.printed)

    withdraw(backend, "《某规定》第九条")
    between = page(backend)
    clock.forward(minutes=1)
    confirm(backend, "A1", OPEN.printed)

    first, second = page(backend).confirmations
    assert len(between.unconfirmed) == 2
    assert (first.reason, first.withdrawn_by) == ("看错了条款", REVIEWER.label)
    assert second.withdrawn_at is None
    assert damaged(backend) == []


def test_only_a_standing_confirmation_is_withdrawn_and_with_a_reason(
    sqlite_backend: Backend,
) -> None:
    publish(sqlite_backend, unverified())

    with pytest.raises(NothingToWithdraw):
        withdraw(sqlite_backend, OPEN.printed)
    confirm(sqlite_backend, "A1", OPEN.printed)
    with pytest.raises(BadInput, match="撤回理由"):
        withdraw(sqlite_backend, OPEN.printed, reason=" ")
    with pytest.raises(BadInput, match="撤回理由"):
        withdraw(sqlite_backend, OPEN.printed, reason="\udcff")


@pytest.mark.parametrize("role", list(Role))
def test_citations_are_confirmed_by_those_who_review_the_law(
    sqlite_backend: Backend, role: Role
) -> None:
    publish(sqlite_backend, unverified())
    actor = Actor(f"user:{uuid4()}", frozenset({role}))
    may = role in {Role.LEGAL_REVIEWER, Role.APPROVER}

    if may:
        confirm(sqlite_backend, "A1", OPEN.printed, actor)
        withdraw(sqlite_backend, OPEN.printed, actor=actor)
    else:
        with pytest.raises(Forbidden):
            confirm(sqlite_backend, "A1", OPEN.printed, actor)
        with pytest.raises(Forbidden):
            withdraw(sqlite_backend, OPEN.printed, actor=actor)

    assert len(page(sqlite_backend).confirmations) == may


def test_no_words_of_a_person_stand_in_the_record(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, unverified())
    confirm(sqlite_backend, "A1", OPEN.printed, source="与张三提供的文本核对")
    withdraw(sqlite_backend, OPEN.printed, reason="张三看错了")

    with sqlite_backend.reading() as session:
        leaves = [json.loads(one.content) for one in record.leaves(session, "checklist/small")]

    assert [one["type"] for one in leaves] == [
        "checklist.published",
        "citation.confirmed",
        "citation.withdrawn",
    ]
    assert "张三" not in json.dumps(leaves, ensure_ascii=False)


def _closed(backend: Backend, monkeypatch: pytest.MonkeyPatch, *bases: Basis) -> ClosedRecord:
    """A closed visit whose one finding cites these, as a phone suggests them."""
    items = (replace(FORM.items[0], basis=bases), *FORM.items[1:])
    form = replace(FORM, sections=(replace(FORM.sections[0], items=items),))
    monkeypatch.setattr(load, "packaged", partial(Library, [form]))
    articles = "、".join(basis.article for basis in bases)
    visit = closed_visit(backend, basis=f"{bases[0].law.printed}{articles}")
    with backend.reading() as session:
        found = session.scalars(select(Inspection).where(Inspection.id == visit.inspection)).one()
        return ClosedRecord.from_json(found.record or {})


def _unchecked(session: Session, closed: ClosedRecord) -> list[str]:
    return [one.citation for one in unchecked_citations(session, closed)]


def test_documents_no_longer_mark_what_was_confirmed(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(OPEN, article="第十条")
    closed = _closed(sqlite_backend, monkeypatch, OPEN, other)
    told = []
    for article in ("第九条", "第十条", ""):
        with sqlite_backend.reading() as session:
            told.append(_unchecked(session, closed))
        if article:
            confirm(sqlite_backend, "A1", f"《某规定》{article}", version=1)
    withdrawn = replace(closed)
    with sqlite_backend.begin(REVIEWER) as work:
        withdraw_confirmation(work, "small", 1, "A1", OPEN.printed, "看错")
        again = unchecked_citations(work.session, withdrawn)

    assert told == [["《某规定》（令第13号）第九条、第十条"], ["《某规定》（令第13号）第十条"], []]
    assert again == (UncheckedCitation(1, OPEN.printed),)


def test_all_is_unchecked_where_the_published_checklists_cannot_be_read(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = _closed(sqlite_backend, monkeypatch, replace(OPEN, verified=True))
    with sqlite_backend.reading() as session:
        before = _unchecked(session, closed)
    publish(sqlite_backend, unverified())
    write_body(sqlite_backend, "null", "0" * 64)
    with sqlite_backend.reading() as session:
        after = _unchecked(session, closed)

    (finding,) = closed.findings
    assert before == []
    assert after == [text for text in (finding.basis, finding.penalty_basis) if text]
    assert finding.basis in after


def test_the_clause_about_failed_devices_is_confirmed_at_any_item_about_them(
    sqlite_backend: Backend,
) -> None:
    """It stands once in the checklist and is cited by each of them."""
    (section,) = following().sections
    about = [replace(item(code), major=Major.YES, device_clause=True) for code in ("A1", "A2")]
    sections = (replace(section, items=(*about, *section.items[2:])),)
    publish(sqlite_backend, following(sections=sections, device_clause=OPEN))
    before = page(sqlite_backend).unconfirmed

    confirmed = confirm(sqlite_backend, "A2", OPEN.printed)
    after = page(sqlite_backend).unconfirmed
    withdraw(sqlite_backend, OPEN.printed, code="A2")

    assert [(one.code, one.citation) for one in before] == [("A1", OPEN.printed)]
    assert (confirmed.left, after) == (0, ())
    assert page(sqlite_backend).unconfirmed == before
