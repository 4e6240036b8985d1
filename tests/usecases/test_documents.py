"""Issuing documents: numbers, what is made when, and that nothing is ever half done."""

import io
import json
import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, Forbidden, InspectError, NotFound
from inspect_server.gateways.blobs import BlobDamaged, BlobMissing, LocalBlobs
from inspect_server.reads import documents as reads
from inspect_server.store import documents, record
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.models.inspection import DocumentCounter, Inspection, IssuedDocument
from inspect_server.usecases.documents import prints
from inspect_server.usecases.documents.issue_document import (
    AlreadyVoided,
    DocumentNotMade,
    IssuedDocuments,
    RecordNotClosed,
    issue_documents,
    void_document,
)
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.work import Actor, Backend
from pdf_templates.photos import RECIPE, prepare
from tests.actors import ALL_ROLES
from tests.scenes import scene
from tests.tampering import unguard
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

OFFICE = Actor("user:office", frozenset({Role.OFFICE}))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(out, "JPEG")
    return out.getvalue()


@scene
def closed_visit(
    backend: Backend,
    *,
    fails: bool = True,
    afterwards: Callable[[Visit], None] = lambda _: None,
    **finding: Any,
) -> Visit:
    """
    A closed inspection, with one finding and its photo unless told otherwise.

    `afterwards` is done when the record has been signed.
    """
    bureau = open_bureau(backend)
    return _go(Visit(bureau, bureau.dispatched()[0]), fails, afterwards, **finding)


def _go(
    visit: Visit,
    fails: bool,
    afterwards: Callable[[Visit], None] = lambda _: None,
    **finding: Any,
) -> Visit:
    visit.start(0, 1)
    lead = visit.phone(0)
    visit.answer_all()
    if fails:
        standing = lead.operations[-3].id
        lead.answer("A1", "fail", [standing])
        found = lead.find("A1", **finding)
        lead.photograph(finding=found, content=picture())
    visit.sign_all()
    afterwards(visit)
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        close_record(work, visit.inspection)
    return visit


def issue(visit: Visit, actor: Actor = OFFICE, new_deadline: date | None = None) -> IssuedDocuments:
    with visit.backend.begin(actor) as work:
        return issue_documents(work, visit.inspection, new_deadline=new_deadline)


def state_of(visit: Visit) -> InspectionState:
    with visit.backend.reading() as session:
        return session.get_one(Inspection, visit.inspection).state


def change_record(visit: Visit, **values: Any) -> None:
    """Change the stored record as no use case would, for a case that is hard to bring about."""
    with visit.backend.begin(ALL_ROLES) as work:
        unguard(work.session, "inspection")
        row = work.session.get_one(Inspection, visit.inspection)
        row.record = {**(row.record or {}), **values}


def test_findings_bring_record_and_order_under_one_serial(backend: Backend) -> None:
    visit = closed_visit(backend)

    issued = issue(visit)
    with backend.reading() as session:
        events = [
            json.loads(leaf.content) for leaf in record.leaves(session, "inspection/2026-0001")
        ]
        checked = verify_documents(session, backend.blobs, reproduce=True)

    assert [document.doc_no for document in issued.documents] == [
        "（苏·云）应急检记〔2026〕1号",
        "（苏·云）应急责改〔2026〕1号",
    ]
    assert state_of(visit) is InspectionState.DOCUMENTS_ISSUED
    assert [event["body"]["doc_no"] for event in events if event["type"] == "doc.issue"] == [
        document.doc_no for document in issued.documents
    ]
    assert (checked.documents, checked.reproduced, checked.faults) == (2, 2, ())


def test_phones_learn_that_the_documents_are_issued(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    issue(visit)

    with sqlite_backend.reading() as session:
        id = f"task/{visit.inspection}"
        body = json.loads(sync_documents.by_id(session, [id])[id].body)
        assert body["state"] == InspectionState.DOCUMENTS_ISSUED.value


def test_a_clean_record_brings_no_order(sqlite_backend: Backend) -> None:
    issued = issue(closed_visit(sqlite_backend, fails=False))

    assert [document.kind for document in issued.documents] == ["inspection_record"]


def test_a_finding_corrected_on_site_brings_no_order(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend, measure="rectify_now", deadline="", corrected_on_site=True)

    assert [document.kind for document in issue(visit).documents] == ["inspection_record"]


def test_photos_are_made_ready_before_the_writers_lock(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    with sqlite_backend.reading() as session:
        ready = prints.prints_of(session, sqlite_backend.blobs, visit.inspection)
    monkeypatch.setattr(prints, "prepare", lambda _: pytest.fail("decoded under the lock"))

    with sqlite_backend.begin(OFFICE) as work:
        issued = issue_documents(work, visit.inspection, ready)
    monkeypatch.undo()
    with sqlite_backend.reading() as session:
        again = prints.prints_of(session, sqlite_backend.blobs, visit.inspection)
        checked = verify_documents(session, sqlite_backend.blobs, reproduce=True)

    assert len(issued.documents) == 2
    assert len(ready) == 1
    assert again == {}
    assert (checked.reproduced, checked.faults) == (2, ())


def test_a_document_shows_a_copy_and_the_original_stays_untouched(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    with sqlite_backend.reading() as session:
        (sha256,) = prints.prints_of(session, sqlite_backend.blobs, visit.inspection)
    path = sqlite_backend.blobs.path(sha256)
    original, stood = path.read_bytes(), path.stat()

    record = issue(visit).documents[0]
    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs, reproduce=True)

    pdf = sqlite_backend.blobs.read(record.pdf_sha256)
    copy = prepare(original) or b""
    assert original not in pdf
    assert copy in pdf
    assert f"{RECIPE} sha256:{sha256}".encode() in copy
    assert (checked.reproduced, checked.differing) == (2, 0)
    assert path.read_bytes() == original
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (stood.st_ino, stood.st_mtime_ns)


def test_a_photo_that_was_not_made_ready_is_printed_all_the_same(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)

    with sqlite_backend.begin(OFFICE) as work:
        issue_documents(work, visit.inspection, {"0" * 64: picture()})
    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs, reproduce=True)

    assert (checked.reproduced, checked.faults) == (2, ())


def test_a_film_is_listed_without_being_read_into_memory(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    monkeypatch.setattr(prints, "LARGEST_ORIGINAL", len(picture()) - 1)
    monkeypatch.setattr(LocalBlobs, "read", lambda *_: pytest.fail("read into memory"))

    with sqlite_backend.reading() as session:
        ready = prints.prints_of(session, sqlite_backend.blobs, visit.inspection)
    (record, _) = issue(visit).documents
    monkeypatch.undo()
    told = pypdfium2.PdfDocument(sqlite_backend.blobs.read(record.pdf_sha256))
    said = "".join(page.get_textpage().get_text_bounded() for page in told)

    assert [*ready.values()] == [None]
    assert "图像无法显示" in "".join(said.split())


def test_a_damaged_film_is_told_as_any_damaged_file(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    monkeypatch.setattr(prints, "LARGEST_ORIGINAL", len(picture()) - 1)
    with sqlite_backend.reading() as session:
        (sha256,) = prints.prints_of(session, sqlite_backend.blobs, visit.inspection)
    path = sqlite_backend.blobs.path(sha256)
    path.chmod(0o600)
    path.write_bytes(picture() + b"!")

    with pytest.raises(BlobDamaged):
        issue(visit)


@pytest.mark.parametrize(
    ("level", "measure"),
    [
        ("general", "suspend"),
        ("general", "withdraw"),
        ("general", "stop_use"),
        ("major", "rectify_now"),
    ],
)
def test_the_office_is_told_which_decision_it_must_still_make(
    sqlite_backend: Backend, level: str, measure: str
) -> None:
    issued = issue(closed_visit(sqlite_backend, level=level, measure=measure))

    assert issued.undecided == (1,)


@pytest.mark.parametrize("measure", ["rectify_now", "rectify_within"])
def test_an_order_alone_needs_no_decision_of_its_own(sqlite_backend: Backend, measure: str) -> None:
    assert issue(closed_visit(sqlite_backend, measure=measure)).undecided == ()


def test_a_second_call_changes_nothing(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    first = issue(visit)

    second = issue(visit)

    assert [d.doc_no for d in second.documents] == [d.doc_no for d in first.documents]
    assert not any(document.created for document in second.documents)


def test_serials_taken_at_once_differ_and_every_year_begins_at_one(backend: Backend) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(3):
            with backend.begin(OFFICE) as work:
                taken.append(documents.take_serial(work.session, 2026))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with backend.begin(OFFICE) as work:
        next_year = documents.take_serial(work.session, 2027)

    assert sorted(taken) == list(range(1, 10))
    assert next_year == 1


def test_an_open_record_brings_no_documents(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])

    with pytest.raises(RecordNotClosed):
        issue(visit, visit.bureau.inspector(0))


def test_only_the_team_and_the_bureau_may_issue(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    stranger = visit.bureau.inspector(4)

    with pytest.raises(NotFound):
        issue(visit, stranger)
    assert issue(visit, visit.bureau.inspector(1)).documents


def test_a_text_that_cannot_be_set_burns_no_number_and_leaves_nothing(backend: Backend) -> None:
    visit = closed_visit(backend)
    with backend.reading() as session:
        row = session.get_one(Inspection, visit.inspection)
        notes = list((row.record or {})["notes"])
    change_record(visit, notes=["现场👷作业"])

    with pytest.raises(DocumentNotMade) as caught:
        issue(visit)
    with backend.reading() as session:
        counters = session.scalars(
            select(DocumentCounter).where(DocumentCounter.kind == "check_documents")
        ).all()
        rows = session.scalars(select(IssuedDocument)).all()
    change_record(visit, notes=notes)

    assert "👷" in str(caught.value)
    assert (list(counters), list(rows)) == ([], [])
    assert issue(visit).documents[0].doc_no == "（苏·云）应急检记〔2026〕1号"


def test_a_lost_photo_stops_the_documents(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    with sqlite_backend.reading() as session:
        photos = (session.get_one(Inspection, visit.inspection).record or {})["photos"]
    sqlite_backend.blobs.path(photos[0]["sha256"]).unlink()

    with pytest.raises(BlobMissing):
        issue(visit)
    assert state_of(visit) is InspectionState.RECORD_CLOSED


def test_a_voided_document_is_made_again_under_a_sub_serial(backend: Backend) -> None:
    visit = closed_visit(backend)
    order = issue(visit).documents[1]

    with backend.begin(OFFICE) as work:
        void_document(work, order.id, "整改期限有误")
    again = issue(visit)
    with backend.reading() as session:
        facts = session.get_one(IssuedDocument, again.documents[1].id).facts
        checked = verify_documents(session, backend.blobs)

    assert again.documents[1].doc_no == "（苏·云）应急责改〔2026〕1-1号"
    assert again.documents[0].created is False
    assert facts["replaces"] == order.doc_no
    assert (checked.documents, checked.voided, checked.faults) == (3, 1, ())


def test_a_void_reason_stays_out_of_the_record(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    order = issue(visit).documents[1]

    with sqlite_backend.begin(OFFICE) as work:
        void_document(work, order.id, "当事人张三申请更正")
    with sqlite_backend.reading() as session:
        content = b"".join(leaf.content for leaf in record.leaves(session, "inspection/2026-0001"))

    assert "张三" not in content.decode()
    assert "doc.void" in content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_voiding_needs_a_reason_of_fitting_length(sqlite_backend: Backend, reason: str) -> None:
    order = issue(closed_visit(sqlite_backend)).documents[1]

    with pytest.raises(BadInput), sqlite_backend.begin(OFFICE) as work:
        void_document(work, order.id, reason)


def test_a_document_is_voided_once_and_not_by_inspectors(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    order = issue(visit).documents[1]
    with pytest.raises(Forbidden), sqlite_backend.begin(visit.bureau.inspector(0)) as work:
        void_document(work, order.id, "有误")
    with sqlite_backend.begin(OFFICE) as work:
        void_document(work, order.id, "有误")

    with pytest.raises(AlreadyVoided), sqlite_backend.begin(OFFICE) as work:
        void_document(work, order.id, "有误")


def test_two_issues_at_once_make_each_document_once(backend: Backend) -> None:
    visit = closed_visit(backend)
    results: list[IssuedDocuments] = []
    failures: list[Exception] = []

    def run() -> None:
        try:
            results.append(issue(visit))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with backend.reading() as session:
        rows = session.scalars(select(IssuedDocument)).all()

    assert failures == []
    assert len(rows) == 2
    assert sorted(d.created for result in results for d in result.documents) == [
        False,
        False,
        True,
        True,
    ]


def damage_file(backend: Backend, row: IssuedDocument) -> None:
    path = backend.blobs.path(row.pdf_sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def change_column(backend: Backend, id: UUID, **values: Any) -> None:
    with backend.begin(ALL_ROLES) as work:
        unguard(work.session, "issued_document")
        row = work.session.get_one(IssuedDocument, id)
        for key, value in values.items():
            setattr(row, key, value)


def test_one_changed_byte_anywhere_is_found(sqlite_backend: Backend) -> None:
    issued = issue(closed_visit(sqlite_backend))
    with sqlite_backend.reading() as session:
        record_row, order_row = session.scalars(
            select(IssuedDocument).order_by(IssuedDocument.kind)
        ).all()
        facts = {**order_row.facts, "court": "别处人民法院"}
    damage_file(sqlite_backend, record_row)
    change_column(sqlite_backend, order_row.id, facts=facts, voided_at=record_row.issued_at)

    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs)

    assert {(fault.doc_no, fault.code) for fault in checked.faults} == {
        (issued.documents[0].doc_no, "file"),
        (issued.documents[1].doc_no, "facts"),
        (issued.documents[1].doc_no, "void"),
    }


def test_a_document_that_vanished_is_missed(sqlite_backend: Backend) -> None:
    issued = issue(closed_visit(sqlite_backend))
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "issued_document")
        work.session.delete(work.session.get_one(IssuedDocument, issued.documents[1].id))

    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs)

    assert [(fault.doc_no, fault.code) for fault in checked.faults] == [
        (issued.documents[1].doc_no, "missing")
    ]


def test_a_swapped_file_does_not_match_its_leaf(sqlite_backend: Backend) -> None:
    issue(closed_visit(sqlite_backend))
    with sqlite_backend.reading() as session:
        first, second = session.scalars(select(IssuedDocument).order_by(IssuedDocument.kind)).all()
    change_column(sqlite_backend, first.id, pdf_sha256=second.pdf_sha256)

    with sqlite_backend.reading() as session:
        checked = verify_documents(session, sqlite_backend.blobs)

    assert [fault.code for fault in checked.faults] == ["leaf"]


def test_the_file_is_read_under_its_own_name_by_those_who_may(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    issued = issue(visit)

    with sqlite_backend.reading() as session:
        file = reads.document_file(session, OFFICE, sqlite_backend.blobs, issued.documents[0].id)
        listed = reads.documents(session, OFFICE)
        hidden = reads.documents(session, visit.bureau.inspector(4))
        with pytest.raises(InspectError):
            reads.document(session, visit.bureau.inspector(4), issued.documents[0].id)

    assert file.row.file_name == "现场检查记录_（苏·云）应急检记〔2026〕1号.pdf"
    assert file.content.startswith(b"%PDF")
    assert len(listed) == 2
    assert hidden == []
