"""Tables of facts only grow: the database itself refuses every change that no step makes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from forms.model import Section
from inspect_server.domain.draw.errors import AlreadyRevealed
from inspect_server.usecases.checklists.confirm_citation import Comparison, confirm_citation
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.documents.signing.sign_document import sign_document
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.signers import certified
from tests.usecases import draw_world
from tests.usecases.bureau import small_form
from tests.usecases.checklist_samples import OPEN, following, item, publish
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

WHOLE_TABLES = (
    "hash_chain",
    "chain_value",
    "draw_dice",
    "draw",
    "draw_leaf",
    "draw_officer",
    "draw_team",
    "plan",
    "record_leaf",
    "record_case",
    "enterprise",
    "officer",
)
OF_A_DRAW = (
    "UPDATE hash_chain SET anchor_hex = 'x'",
    "UPDATE hash_chain SET length = length + 1",
    "UPDATE chain_value SET value_hex = 'x'",
    "UPDATE chain_value SET position = position + 1",
    "UPDATE draw_dice SET value = 'x'",
    "UPDATE draw_dice SET leaf = 'x'",
    "UPDATE draw_officer SET line = ''",
    "UPDATE draw_team SET stage = 'x'",
    "UPDATE draw_leaf SET record = 'x'",
    "UPDATE draw_leaf SET included = NOT included",
    "UPDATE draw_leaf SET selected = NOT selected WHERE selected",
    "UPDATE draw_leaf SET selected = NOT selected WHERE NOT included",
    "UPDATE draw SET commit_body = '{}'",
    "UPDATE draw SET certificate = '{}'",
    "UPDATE draw SET state = 'committed'",
    "UPDATE draw SET state = 'void', certificate = '{}'",
    "UPDATE draw SET state = 'void', revealed_at = NULL",
    "UPDATE plan SET body = '{}'",
    "UPDATE plan SET state = 'draft'",
    "UPDATE plan SET approved_by = 'x'",
    "UPDATE record_case SET last_leaf = 'x'",
    "UPDATE record_case SET last_seq = last_seq - 1",
)
OF_A_VISIT = (
    "DELETE FROM issued_document",
    "DELETE FROM signed_document",
    "UPDATE signed_document SET signed_sha256 = signed_sha256",
    "UPDATE signed_document SET certificate_sha256 = 'x'",
    "UPDATE issued_document SET facts = '{}'",
    "UPDATE issued_document SET doc_no = 'x'",
    "UPDATE issued_document SET pdf_sha256 = pdf_sha256",
    "UPDATE issued_document SET void_reason = 'x'",
    "DELETE FROM inspection",
    "UPDATE inspection SET record = '{}'",
    "UPDATE inspection SET closed_by = 'x'",
    "UPDATE inspection SET number = 'x'",
    "DELETE FROM inspection_member",
    "UPDATE inspection_member SET officer_id = officer_id",
    "UPDATE document_counter SET last_serial = last_serial - 1",
    "DELETE FROM document_counter",
    "UPDATE personal_value SET value = '1'",
    "UPDATE blob SET size = 1",
    "DELETE FROM blob",
    "DELETE FROM replica",
    "UPDATE replica SET public_key = public_key",
    "DELETE FROM user_account",
)
OF_A_CHECKLIST = (
    "UPDATE published_checklist SET body = '{}'",
    "UPDATE published_checklist SET content_sha256 = 'x'",
    "UPDATE published_checklist SET version = version + 1",
    "UPDATE checklist_retirement SET retired_on = '2031-01-01'",
    "UPDATE citation_confirmation SET citation = 'x'",
    "UPDATE citation_confirmation SET source = 'x'",
    "UPDATE citation_confirmation SET confirmed_by = 'x'",
    "UPDATE citation_confirmation SET withdraw_reason = 'x'",
    *(
        f"DELETE FROM {table}"
        for table in ("published_checklist", "checklist_retirement", "citation_confirmation")
    ),
)


def accepted(backend: Backend, statements: Iterable[str]) -> list[str]:
    """Return the statements that the database does not refuse; each finds rows to change."""
    return [one for one in statements if not _is_refused(backend, one)]


def _is_refused(backend: Backend, statement: str) -> bool:
    try:
        with backend.begin(ALL_ROLES) as work:
            work.session.execute(text(statement))
    except DatabaseError as refusal:
        return "append-only" in str(refusal.orig)
    return False


def test_of_a_revealed_draw_nothing_changes(backend: Backend, tmp_path: Path) -> None:
    world = draw_world.build(backend, tmp_path)
    draw = world.commit(sources=[draw_world.LOTTERY, draw_world.DICE])
    world.roll(draw, draw_world.ROLLED)
    world.reveal(draw)

    assert accepted(backend, OF_A_DRAW) == []
    assert accepted(backend, (f"DELETE FROM {table}" for table in WHOLE_TABLES)) == []


def test_a_commit_is_revealed_once_and_its_leaves_are_selected_once(
    backend: Backend, tmp_path: Path
) -> None:
    world = draw_world.build(backend, tmp_path)
    committed = world.commit()
    world.reveal(committed)

    with pytest.raises(AlreadyRevealed):
        world.reveal(committed)


def test_a_committed_draw_may_become_void_and_never_comes_back(
    backend: Backend, tmp_path: Path
) -> None:
    draw_world.build(backend, tmp_path).commit()

    void = ["UPDATE draw SET state = 'void'"]
    assert accepted(backend, void) == void
    back = [f"UPDATE draw SET state = '{state}'" for state in ("committed", "revealed")]
    assert accepted(backend, back) == []


def test_a_revealed_draw_may_become_void_and_keeps_what_it_revealed(
    backend: Backend, tmp_path: Path
) -> None:
    world = draw_world.build(backend, tmp_path)
    world.reveal(world.commit())
    void = ["UPDATE draw SET state = 'void'"]

    assert accepted(backend, void) == void
    back = [f"UPDATE draw SET state = '{state}'" for state in ("committed", "revealed")]
    assert accepted(backend, [*back, "UPDATE draw SET certificate = NULL"]) == []


def test_of_a_closed_visit_nothing_changes(backend: Backend) -> None:
    _documents(backend)

    assert accepted(backend, OF_A_VISIT) == []


def test_a_document_is_voided_once(backend: Backend) -> None:
    _documents(backend)
    void = ["UPDATE issued_document SET voided_at = CURRENT_TIMESTAMP, void_reason = '错字'"]
    first, again = accepted(backend, void), accepted(backend, void)
    back = accepted(backend, ["UPDATE issued_document SET voided_at = NULL"])

    assert first == void
    assert again == back == []


def test_of_a_published_checklist_nothing_changes(backend: Backend) -> None:
    _checklist(backend)

    assert accepted(backend, OF_A_CHECKLIST) == []


def test_sqlite_puts_no_row_in_the_place_of_another(sqlite_backend: Backend) -> None:
    _checklist(sqlite_backend)
    tables = ("published_checklist", "checklist_retirement", "citation_confirmation", "record_leaf")
    again = [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in tables]

    assert accepted(sqlite_backend, [*again, *(one[len("INSERT OR ") :] for one in again)]) == []


def test_a_confirmation_is_withdrawn_once(backend: Backend) -> None:
    _checklist(backend)
    withdraw = ["UPDATE citation_confirmation SET withdrawn_at = CURRENT_TIMESTAMP"]

    first, again = accepted(backend, withdraw), accepted(backend, withdraw)

    assert (first, again) == (withdraw, [])


def test_a_person_can_be_erased(backend: Backend) -> None:
    _documents(backend)

    assert len(accepted(backend, ["DELETE FROM personal_value"])) == 1


def test_postgresql_refuses_to_empty_a_table_at_once(backend: Backend) -> None:
    if backend.engine.dialect.name == "sqlite":
        return  # it has no TRUNCATE
    tables = (*WHOLE_TABLES, "issued_document", "signed_document", "inspection", "blob")
    tables += ("published_checklist", "checklist_retirement", "citation_confirmation")

    assert accepted(backend, (f"TRUNCATE {table} CASCADE" for table in tables)) == []


def _checklist(backend: Backend) -> None:
    """A version that was published and retired, with one confirmation that stands."""
    first = replace(item("A1"), basis=(OPEN,))
    publish(backend, following(sections=(Section("一、现场", (first,)),)))
    with backend.begin(ALL_ROLES) as work:
        retire_checklist(work, "small", 2, date(2031, 3, 1))
        confirm_citation(work, Comparison("small", 2, "A1", OPEN.printed, "公布的文本"))


def _documents(backend: Backend) -> None:
    visit = closed_visit(backend)
    with backend.begin(ALL_ROLES) as work:
        document, *_ = issue_documents(work, visit.inspection).documents
    signer = certified(backend.clock.now()).signer()
    sign_document(backend, ALL_ROLES, signer, document.id)
