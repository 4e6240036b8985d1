"""Signing an issued document: once, by those who may, and never half."""

import json
import threading
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.gateways.pdf_signing.errors import NotSigned
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_signing.signing import OwnSigner
from inspect_server.reads import documents as reads
from inspect_server.reads.inspections import page
from inspect_server.store import record
from inspect_server.store.models.inspection import SignedDocument
from inspect_server.usecases.documents.issue_document import void_document
from inspect_server.usecases.documents.signing import sign_document as module
from inspect_server.usecases.documents.signing.configured import Signer
from inspect_server.usecases.documents.signing.sign_document import (
    NotAppended,
    Signed,
    VoidedNotSigned,
    sign_document,
)
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.work import Actor, Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.signers import certified
from tests.tampering import unguard
from tests.usecases.bureau import small_form
from tests.usecases.phones import Visit
from tests.usecases.test_documents import OFFICE, closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

CASE = "inspection/2026-0001"
SIGNER = certified(FixedClock().now()).signer()


def sign(visit: Visit, id: UUID, actor: Actor = OFFICE, signer: Signer = SIGNER) -> Signed:
    return sign_document(visit.backend, actor, signer, id)


def rows(backend: Backend) -> list[SignedDocument]:
    with backend.reading() as session:
        return list(session.scalars(select(SignedDocument)))


def faults(backend: Backend) -> list[tuple[str, str]]:
    with backend.reading() as session:
        checked = verify_documents(session, backend.blobs)
    return [(fault.doc_no, fault.code) for fault in checked.faults]


def test_the_signed_file_stands_beside_the_issued_one_with_a_leaf_of_its_own(
    backend: Backend,
) -> None:
    visit = closed_visit(backend)
    document = issue(visit).documents[1]
    signed = sign(visit, document.id)

    with backend.reading() as session:
        file = reads.document_file(session, OFFICE, backend.blobs, document.id)
        leaves = [
            json.loads(leaf.content) for leaf in record.leaves(session, "inspection/2026-0001")
        ]
    (leaf,) = [one for one in leaves if one["type"] == "doc.sign"]
    assert signed.created
    assert file.content.startswith(backend.blobs.read(document.pdf_sha256))
    assert file.row.file_sha256 == signed.signed_sha256 != document.pdf_sha256
    assert leaf["actor"] == OFFICE.label
    assert leaf["body"] == {
        "document": str(document.id),
        "doc_no": document.doc_no,
        "pdf_sha256": document.pdf_sha256,
        "signed_sha256": signed.signed_sha256,
        "certificate_sha256": SIGNER.certificate_sha256,
        "length": len(file.content),
    }
    assert faults(backend) == []


def test_a_second_signature_changes_nothing(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit).documents[0]
    first, second = sign(visit, document.id), sign(visit, document.id)

    assert (first.created, second.created) == (True, False)
    assert first.signed_sha256 == second.signed_sha256
    assert len(rows(sqlite_backend)) == 1


def test_of_two_who_sign_at_once_one_signature_is_kept(backend: Backend) -> None:
    visit = closed_visit(backend)
    document = issue(visit).documents[0]
    both = threading.Barrier(2)

    class Together:
        certificate_sha256 = SIGNER.certificate_sha256

        def sign(self, pdf: bytes, said: Said) -> bytes:
            both.wait(timeout=30)
            return SIGNER.sign(pdf, said)

    found: list[Signed] = []
    threads = [
        threading.Thread(target=lambda: found.append(sign(visit, document.id, signer=Together())))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.created for one in found) == [False, True]
    assert len({one.signed_sha256 for one in found}) == 1
    assert faults(backend) == []


def test_a_voided_document_is_not_signed_also_when_it_was_voided_meanwhile(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    first, second = issue(visit).documents

    def void(id: UUID) -> None:
        with sqlite_backend.begin(OFFICE) as work:
            void_document(work, id, "写错了")

    class Slow:
        certificate_sha256 = ""

        def sign(self, pdf: bytes, said: Said) -> bytes:
            void(second.id)
            return SIGNER.sign(pdf, said)

    void(first.id)
    with pytest.raises(VoidedNotSigned):
        sign(visit, first.id)
    with pytest.raises(VoidedNotSigned):
        sign(visit, second.id, signer=Slow())
    assert rows(sqlite_backend) == []


def test_a_document_that_was_signed_can_be_voided_and_stays_provable(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit).documents[0]
    sign(visit, document.id)
    with sqlite_backend.begin(OFFICE) as work:
        void_document(work, document.id, "写错了")

    assert faults(sqlite_backend) == []
    with sqlite_backend.reading() as session:
        assert document.id not in {
            row.id for row in reads.documents(session, OFFICE, with_voided=False)
        }


@pytest.mark.parametrize("step", ["put", "keep_blob", "note"])
def test_a_death_between_file_row_and_leaf_leaves_nothing_that_hinders_the_next_try(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit).documents[0]

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        place = {"put": sqlite_backend.blobs, "keep_blob": module.documents, "note": module}[step]
        patch.setattr(place, step, die)
        with pytest.raises(KeyboardInterrupt):
            sign(visit, document.id)

    assert rows(sqlite_backend) == []
    assert faults(sqlite_backend) == []
    assert sign(visit, document.id).created
    assert faults(sqlite_backend) == []


def test_a_signer_that_fails_or_changes_the_file_leaves_nothing(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit).documents[0]

    class Failing(OwnSigner):
        def sign(self, pdf: bytes, said: Said) -> bytes:
            raise NotSigned(reason="没有墨水")

    class Changing:
        certificate_sha256 = ""

        def sign(self, pdf: bytes, said: Said) -> bytes:
            return b"%" + SIGNER.sign(pdf, said)

    class Idle(Changing):
        def sign(self, pdf: bytes, said: Said) -> bytes:
            return pdf

    with pytest.raises(NotSigned, match="没有墨水"):
        sign(visit, document.id, signer=Failing(certified(FixedClock().now()).key))
    for signer in (Changing(), Idle()):
        with pytest.raises(NotAppended):
            sign(visit, document.id, signer=signer)
    assert rows(sqlite_backend) == []


def test_only_office_supervisor_and_approver_sign_and_nobody_else_uses_the_key(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit).documents[0]

    class Untouched:
        certificate_sha256 = ""

        def sign(self, pdf: bytes, said: Said) -> bytes:
            raise AssertionError("the key was used")

    with pytest.raises(Forbidden):
        sign(visit, document.id, visit.bureau.inspector(0), Untouched())
    with pytest.raises((Forbidden, NotFound)):
        sign(visit, document.id, visit.bureau.inspector(4), Untouched())
    with pytest.raises(NotFound):
        sign(visit, UUID(int=7), OFFICE, Untouched())
    assert sign(visit, document.id, Actor("user:a", frozenset({Role.APPROVER}))).created


def test_a_changed_signed_file_row_or_leaf_is_found(sqlite_backend: Backend) -> None:
    visit = closed_visit(sqlite_backend)
    first, second = issue(visit).documents
    for one in (first, second):
        sign(visit, one.id)
    with sqlite_backend.reading() as session:
        row = reads.document(session, OFFICE, first.id)
    path = sqlite_backend.blobs.path(row.signed_sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "signed_document")
        work.session.get_one(SignedDocument, second.id).certificate_sha256 = "0" * 64

    assert set(faults(sqlite_backend)) == {(first.doc_no, "signed"), (second.doc_no, "signed")}


def test_the_page_of_the_inspection_shows_the_hash_of_the_file_that_it_gives(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    document = issue(visit, ALL_ROLES).documents[0]
    signed = sign(visit, document.id, ALL_ROLES)
    with sqlite_backend.reading() as session:
        shown = page.one(session, ALL_ROLES, visit.inspection).documents

    assert {row.id: (row.is_signed, row.file_sha256) for row in shown}[document.id] == (
        True,
        signed.signed_sha256,
    )
    assert sum(row.is_signed for row in shown) == 1
