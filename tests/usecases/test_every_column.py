"""No column of a table of facts can be changed behind the program without a check that names it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, text
from sqlalchemy.orm import Session

from forms import load
from forms.model import Section
from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.domain.inspection import EndReason
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.reads.record_checks import check_cases
from inspect_server.store.engine import open_engine
from inspect_server.store.models import Base
from inspect_server.store.schema import upgrade
from inspect_server.usecases.accounts.managing import add_user, disable_user
from inspect_server.usecases.checklists.confirm_citation import (
    Comparison,
    confirm_citation,
    withdraw_confirmation,
)
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.documents.issue_document import issue_documents, void_document
from inspect_server.usecases.documents.signing.sign_document import sign_document
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.drawing.auditing.check_draws import check_draws
from inspect_server.usecases.inspecting.dispatch import dispatch, reassign
from inspect_server.usecases.inspecting.end_inspection import end_inspection
from inspect_server.usecases.phones.issue_receipt import issue_receipt
from inspect_server.usecases.work import Actor, Backend
from sync.entries import blob_root
from sync.protocol import ReceiptRequest
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.signers import certified
from tests.tampering import unguard
from tests.usecases.bureau import LIBRARY, open_bureau
from tests.usecases.checklist_samples import OPEN, following, item, publish
from tests.usecases.draw_world import DICE, LOTTERY, ROLLED, World, build
from tests.usecases.phones import Visit
from tests.usecases.test_documents import _go

OFFICE = Actor("user:office", frozenset({Role.OFFICE}))
VERSION = "counts how often the program itself wrote the row; nothing is read from it"
ITS_OWN = "names the row only; what the row says is compared under the other key"
SECRET = "a password is proven at the login, and every login is audited"

FREE = {
    "*.row_version": VERSION,
    "inspection_member.id": ITS_OWN,
    "enterprise_check.id": ITS_OWN,
    "issued_document.id": ITS_OWN,
    "published_notice.id": ITS_OWN,
    "published_result.id": ITS_OWN,
    "personal_value.id": ITS_OWN,
    "user_account.login": "a name that may identify somebody stands in no leaf",
    "user_account.name": "personal data stands in no leaf",
    "user_account.password_hash": SECRET,
    "user_account.failed_attempts": "changes with every attempt",
    "user_account.locked_until": "changes with every attempt",
}
"""What no check compares, and why."""


def _field(folder: Path) -> Backend:
    """A bureau with a closed and an ended inspection, documents, one of them void, a receipt."""
    settings, clock = Settings(data_dir=folder, **BUREAU), FixedClock()
    engine = open_engine(settings.database_url)
    upgrade(engine)
    backend = Backend(engine, LocalBlobs(folder / "blobs"), settings, clock)
    bureau = open_bureau(backend)
    first, second = bureau.approved()
    for one in (first, second):
        with backend.begin(bureau.author) as work:
            dispatch(work, one)
    clock.forward(minutes=1)
    with backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "leave")
    clock.forward(minutes=1)
    with backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[2], bureau.officers[1], "leave")
        end_inspection(work, second, EndReason("enterprise.closed"))
    visit = _go(Visit(bureau, first), True)
    with backend.begin(OFFICE) as work:
        issued = issue_documents(work, first).documents
    sign_document(backend, OFFICE, certified(clock.now()).signer(), issued[1].id)
    with backend.begin(ALL_ROLES) as work:
        void_document(work, issued[0].id, "写错了")
        add_user(work, "newcomer", "吴用", "一科", [Role.OFFICE], "correct horse battery")
        disable_user(work, "newcomer")
    _keep_checklists(backend)
    phone = visit.phone(1)
    issue_receipt(backend, ReceiptRequest(phone.replica, phone.seq, phone.prev, blob_root([])))
    return backend


def _keep_checklists(backend: Backend) -> None:
    """A version that the bureau published and retired, its citation confirmed by mistake once."""
    first = replace(item("A1"), basis=(OPEN,))
    publish(backend, following(sections=(Section("一、现场", (first,)),)))
    with backend.begin(ALL_ROLES) as work:
        retire_checklist(work, "small", 2, date(2031, 3, 1))
        said = Comparison("small", 2, "A1", OPEN.printed, "网上的文本")
        confirm_citation(work, said)
        withdraw_confirmation(work, "small", 2, "A1", OPEN.printed, "不是现行文本")
        confirm_citation(work, said)


def _drawn(folder: Path) -> World:
    settings = Settings(data_dir=folder, **BUREAU)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    backend = Backend(engine, LocalBlobs(folder / "blobs"), settings, FixedClock())
    world = build(backend, folder, enterprises=30, officers=20)
    draw = world.commit(sources=[LOTTERY, DICE])
    world.roll(draw, ROLLED)
    world.reveal(draw)
    return world


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        backend = _field(tmp_path_factory.mktemp("field"))
        yield backend
        backend.engine.dispose()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = _drawn(tmp_path_factory.mktemp("drawn"))
    yield world
    world.backend.engine.dispose()


def _whole(session: Session) -> list[str]:
    return [f"{one.case}：{fault}" for one in check_cases(session) for fault in one.faults]


def told(backend: Backend, session: Session) -> list[str]:
    """Everything that `record verify` says is wrong."""
    drawn = check_draws(backend, session)
    return _whole(session) + [f"{one.draw_no}：{fault}" for one in drawn for fault in one.faults]


def _other(column: Column[Any]) -> str:
    """Another value for a column, as SQL."""
    kind = column.type.python_type if column.type.__class__.__name__ != "UtcDateTime" else datetime
    if kind is bool:
        return f"NOT {column.name}"
    if kind is int:
        return f"COALESCE({column.name}, 0) + 1000"
    if kind is datetime:
        return "'2031-01-01 00:00:00.000000'"
    if kind is date:
        return "'2031-01-01'"
    if kind is bytes:
        return "x'00'"
    if kind is UUID:
        return "'00000000000000000000000000000000'"
    return f"COALESCE({column.name}, '') || 'x'" if kind is str else "'\"x\"'"


def columns_of(*tables: str) -> list[str]:
    return [
        f"{table}.{column.name}"
        for table in tables
        for column in Base.metadata.tables[table].columns
        if f"{table}.{column.name}" not in FREE and f"*.{column.name}" not in FREE
    ]


def change(session: Session, name: str) -> None:
    table, _, column = name.partition(".")
    unguard(session, table)
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    other = _other(Base.metadata.tables[table].c[column])
    where = f"rowid = (SELECT min(rowid) FROM {table})"
    session.execute(text(f"UPDATE {table} SET {column} = {other} WHERE {where}"))


FIELD = (
    "inspection",
    "inspection_member",
    "inspection_form",
    "inspection_end",
    "enterprise_check",
    "issued_document",
    "signed_document",
    "published_checklist",
    "checklist_retirement",
    "citation_confirmation",
    "document_counter",
    "user_account",
    "blob",
    "blob_link",
    "receipt",
    "personal_value",
    "audit_event",
    "record_case",
    "record_leaf",
    "counted",
)
DRAWN = (
    "plan",
    "draw",
    "draw_leaf",
    "draw_officer",
    "draw_team",
    "hash_chain",
    "chain_value",
    "draw_dice",
    "published_notice",
)


def test_an_untouched_database_has_no_fault(field: Backend, drawn: World) -> None:
    with field.reading() as session:
        assert _whole(session) == []
        assert verify_documents(session, field.blobs).faults == ()
    with drawn.backend.reading() as session:
        assert told(drawn.backend, session) == []


@pytest.mark.parametrize("name", columns_of(*FIELD))
def test_a_changed_column_of_an_inspection_is_found(field: Backend, name: str) -> None:
    with Session(field.engine.execution_options(writing=True)) as session:
        change(session, name)

        assert _whole(session) or verify_documents(session, field.blobs).faults
        session.rollback()


@pytest.mark.parametrize("name", columns_of(*DRAWN))
def test_a_changed_column_of_a_draw_is_found(drawn: World, name: str) -> None:
    with Session(drawn.backend.engine.execution_options(writing=True)) as session:
        change(session, name)

        assert told(drawn.backend, session)
        session.rollback()


@pytest.mark.parametrize("table", FIELD)
def test_a_deleted_row_of_an_inspection_is_found(field: Backend, table: str) -> None:
    with Session(field.engine.execution_options(writing=True)) as session:
        unguard(session, table)
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text(f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})"))

        assert _whole(session) or verify_documents(session, field.blobs).faults
        session.rollback()


@pytest.mark.parametrize("table", DRAWN)
def test_a_deleted_row_of_a_draw_is_found(drawn: World, table: str) -> None:
    with Session(drawn.backend.engine.execution_options(writing=True)) as session:
        unguard(session, table)
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})"))

        assert told(drawn.backend, session)
        session.rollback()


@pytest.mark.parametrize(
    "tables",
    [
        ("record_case:name = 'journal'", "record_leaf:case_name = 'journal'"),
        ("record_case:name = 'plan/2026'", "record_leaf:case_name = 'plan/2026'"),
        ("record_case:name = 'accounts'", "record_leaf:case_name = 'accounts'"),
        ("record_case:name = 'checklist/small'", "record_leaf:case_name = 'checklist/small'"),
        ("record_case:name = 'inspection/2026-0001'",),
        (
            "record_case:name = 'inspection/2026-0001'",
            "record_leaf:case_name = 'inspection/2026-0001'",
            "inspection:number = '2026-0001'",
            "inspection_member:1",
            "enterprise_check:1",
            "issued_document:1",
            "inspection_form:1",
        ),
        ("counted:pos > 3", "audit_event:1"),
    ],
)
def test_whole_cases_that_vanish_are_missed(field: Backend, tables: tuple[str, ...]) -> None:
    with Session(field.engine.execution_options(writing=True)) as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for one in tables:
            table, _, where = one.partition(":")
            unguard(session, table)
            session.execute(text(f"DELETE FROM {table} WHERE {where}"))

        assert _whole(session)
        session.rollback()


def test_all_tables_of_a_draw_that_vanish_are_missed(drawn: World) -> None:
    with Session(drawn.backend.engine.execution_options(writing=True)) as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in ("chain_value", "draw_team", "draw_leaf", "draw_officer", "draw"):
            unguard(session, table)
            session.execute(text(f"DELETE FROM {table}"))

        assert any("抽取" in fault for fault in _whole(session))
        session.rollback()
