"""Whoever changes what is stored is found, and a rebuild writes what the journal's bytes give."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from forms.model import Form
from inspect_server.reads.phones import journal as reads
from inspect_server.usecases.journal import derived, shown
from inspect_server.usecases.journal import verify_journal as verifying
from inspect_server.usecases.journal.inbox import revoke_replica
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal, rebuild_size
from inspect_server.usecases.journal.verify_journal import (
    FAULT_NAMES,
    journal_size,
    verify_journal,
)
from inspect_server.usecases.phones.publish_task import close_task, hide_closed_tasks
from inspect_server.usecases.work import Backend
from sync import replay
from tests.actors import ALL_ROLES
from tests.sampling import one_in
from tests.tampering import unguard
from tests.usecases.bureau import small_form
from tests.usecases.synced_visit import ITEM, Visit, open_visit, worked_visit

pytestmark = pytest.mark.seldom_on_postgresql

__all__ = ["small_form"]

DERIVED = (
    "SELECT hash, effect, reason, flags FROM journal_entry",
    "SELECT * FROM operation",
    "SELECT * FROM blob_link",
    "SELECT * FROM sync_item",
    "SELECT * FROM sync_standing",
    "SELECT id, scope, kind, body FROM sync_document WHERE NOT deleted",
    "SELECT id, upto_seq, head_hash, revoked_at FROM replica",
)
"""What a rebuild brings back as it was; versions and positions go on."""
PHONES = "SELECT id FROM replica WHERE NOT is_server"
WRONG = b'{"note":"","reason":"","result":"fail"}'
SEEN = "removed_pos IS NULL"
SOON = "2026-01-01 00:00:00.000000"


@dataclass(frozen=True)
class Tampering:
    """One thing that somebody changes past the guards, and the kind of fault it must give."""

    found: str
    tables: tuple[str, ...]
    statement: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.found}-{self.statement[:60]}"

    def apply(self, session: Session, visit: Visit) -> None:
        unguard(session, *self.tables)
        known = {
            "task": visit.id.hex if session.get_bind().dialect.name == "sqlite" else visit.id,
            "text": str(visit.id),
            "item": f"item/{visit.id}/{ITEM}",
            "forged": f"item/{visit.id}/note/0198aaaa-0000-7000-8000-000000000009",
            "lead": visit.lead.id,
            "stranger": _id(session, visit.bureau.accounts[visit.bureau.officers[4]]),
            "new": _id(session, uuid4()),
            "wrong": WRONG,
            "x": b"x",
        }
        wanted = {name: value for name, value in known.items() if f":{name}" in self.statement}
        changed = session.execute(text(self.statement), wanted | self.values)
        assert changed.rowcount, "nothing was changed"  # type: ignore[attr-defined]


def _id(session: Session, id: Any) -> Any:
    return id.hex if session.get_bind().dialect.name == "sqlite" else id


def _of(found: str, tables: str, *statements: str) -> list[Tampering]:
    return [Tampering(found, tuple(tables.split()), statement) for statement in statements]


REPAIRED = [
    *_of(
        "operations",
        "operation",
        "UPDATE operation SET value = :wrong WHERE type = 'answer.set'",
        "UPDATE operation SET author = 'x' WHERE type = 'answer.set'",
        "DELETE FROM operation WHERE type = 'answer.set'",
        "INSERT INTO operation SELECT entry_hash, 7, assignment, item, type, parents, value,"
        " blob_sha256, author, wall, hlc FROM operation WHERE type = 'answer.set'",
    ),
    *_of(
        "links",
        "blob_link",
        "DELETE FROM blob_link",
        "UPDATE blob_link SET assignment = NULL",
        "UPDATE blob_link SET replica_id = 'x'",
        "INSERT INTO blob_link SELECT hash, hash, replica_id, assignment FROM journal_entry"
        " WHERE seq = 1 AND replica_id = :lead",
    ),
    *_of(
        "effect",
        "",
        f"UPDATE journal_entry SET effect = 'held' WHERE seq = 2 AND replica_id IN ({PHONES})",
        "UPDATE journal_entry SET effect = 'quarantined', reason = 'schema'"
        f" WHERE seq = 1 AND replica_id IN ({PHONES})",
        f"UPDATE journal_entry SET flags = '[\"fork\"]' WHERE replica_id IN ({PHONES})",
    ),
    *_of(
        "projection",
        "",
        "UPDATE sync_document SET body = :x WHERE id = :item",
        "UPDATE sync_document SET ver = 9 WHERE id = :item",
        "UPDATE sync_document SET ver = 0 WHERE id = :item",
        "UPDATE sync_document SET pos = 0 WHERE id = :item",
        "UPDATE sync_document SET pos = pos + 1000 WHERE id = :item",
        "UPDATE sync_document SET kind = 'law', pos = 0, ver = 1 WHERE id = :item",
        "UPDATE sync_document SET scope = 'law' WHERE id = :item",
        "UPDATE sync_document SET deleted = (1 = 1) WHERE id = :item",
        "UPDATE sync_item SET heads = '' WHERE document_id = :item",
        "UPDATE sync_item SET conflict = (1 = 1) WHERE document_id = :item",
        "UPDATE sync_item SET assignment = NULL WHERE document_id = :item",
        "DELETE FROM sync_item",
        "INSERT INTO sync_document (id, scope, kind, ver, pos, deleted, body)"
        " SELECT :forged, scope, kind, 1, pos, deleted, body FROM sync_document WHERE id = :item",
        "INSERT INTO sync_document (id, scope, kind, ver, pos, deleted, body)"
        " SELECT 'item/x', scope, 'note', 1, pos, deleted, body FROM sync_document"
        " WHERE id = :item",
    ),
    *_of("standing", "", "UPDATE sync_standing SET closed = (1 = 1)", "DELETE FROM sync_standing"),
    *_of(
        "head",
        "",
        "UPDATE replica SET upto_seq = 0, head_hash = '' WHERE id = :lead",
        "UPDATE replica SET upto_seq = 9 WHERE id = :lead",
    ),
    *_of("revoked", "", f"UPDATE replica SET revoked_at = '{SOON}' WHERE id = :lead"),
    *_of(
        "scope",
        "replica_scope",
        f"UPDATE replica_scope SET removed_pos = added_pos WHERE {SEEN}",
        "UPDATE replica_scope SET removed_pos = added_pos"
        f" WHERE {SEEN} AND scope LIKE 'inspection/%'",
        "UPDATE replica_scope SET removed_pos = added_pos"
        f" WHERE {SEEN} AND scope LIKE 'enterprise/%'",
        f"UPDATE replica_scope SET added_pos = 0 WHERE {SEEN} AND scope LIKE 'inspection/%'",
        f"UPDATE replica_scope SET added_pos = added_pos + 1000 WHERE {SEEN}",
        "DELETE FROM replica_scope",
        "UPDATE replica_scope SET user_id = :stranger WHERE id IN"
        f" (SELECT id FROM replica_scope WHERE scope = 'inspection/' || :text AND {SEEN} LIMIT 1)",
        "UPDATE replica_scope SET user_id = :stranger WHERE id IN"
        f" (SELECT id FROM replica_scope WHERE scope LIKE 'enterprise/%' AND {SEEN} LIMIT 1)",
    ),
    *_of("position", "sync_head", "UPDATE sync_head SET pos = 1"),
    *_of(
        "document",
        "",
        "UPDATE sync_document SET body = :x WHERE kind = 'task'",
        "UPDATE sync_document SET body = :x WHERE kind = 'enterprise'",
        "UPDATE sync_document SET body = :x WHERE kind = 'form'",
        "UPDATE sync_document SET body = :x WHERE kind = 'law'",
        "UPDATE sync_document SET deleted = (1 = 1) WHERE kind = 'task'",
        "UPDATE sync_document SET pos = pos + 1000 WHERE kind = 'task'",
        "DELETE FROM sync_document WHERE kind = 'enterprise'",
        "INSERT INTO sync_document (id, scope, kind, ver, pos, deleted, body)"
        " SELECT 'task/x', scope, kind, 1, pos, deleted, body FROM sync_document"
        " WHERE id = 'task/' || :text",
    ),
    *_of(
        "repairs",
        "",
        "UPDATE sync_document SET lift = 5, ver = ver + 5 WHERE id = :item",
    ),
]
"""What a rebuild undoes."""
LOST = [
    *_of("hash", "journal_entry", f"UPDATE journal_entry SET content = :x || content WHERE seq = 1"
         f" AND replica_id IN ({PHONES})"),
    *_of("signature", "journal_entry", "UPDATE journal_entry SET signature = :x"),
    *_of("chain", "journal_entry", "UPDATE journal_entry SET prev = 'x' WHERE seq = 2"),
    *_of("columns", "journal_entry", "UPDATE journal_entry SET seq = seq + 7 WHERE seq = 2",
         "UPDATE journal_entry SET assignment = NULL WHERE seq = 2"),
    *_of("record", "journal_entry",
         f"UPDATE journal_entry SET received_at = '{SOON}' WHERE seq = 2",
         "UPDATE journal_entry SET carrier = 'x' WHERE seq = 2",
         "UPDATE journal_entry SET pos = pos + 1000 WHERE seq = 1 AND replica_id = :lead"),
    *_of("receipt", "receipt",
         "UPDATE receipt SET body = :x",
         "UPDATE receipt SET signature = :x",
         "UPDATE receipt SET upto_seq = 1",
         f"UPDATE receipt SET issued_at = '{SOON}'"),
    *_of("receipt", "blob", "DELETE FROM blob"),
    *_of("receipts", "receipt", "DELETE FROM receipt"),
    *_of("files", "blob",
         "DELETE FROM blob",
         f"UPDATE blob SET created_at = '{SOON}'",
         "INSERT INTO blob (sha256, size, mime, created_at)"
         " SELECT 'x' || substr(sha256, 2), size, mime, created_at FROM blob"),
    *_of("total", "counted",
         "DELETE FROM counted WHERE pos = 1",
         "UPDATE counted SET kind = 'leaf' WHERE kind = 'receipt'"),
    *_of("blob", "blob", "UPDATE blob SET size = 1", "UPDATE blob SET mime = 'text/html'"),
]  # fmt: skip
"""What only a backup brings back: it does not follow from anything else."""


@pytest.fixture
def opened(backend: Backend, small_form: Form) -> Visit:
    return open_visit(backend)


@pytest.fixture
def visit(backend: Backend, small_form: Form) -> Visit:
    """After a day of it."""
    return worked_visit(backend)


def test_a_sound_journal_verifies_and_its_projection_rebuilds_to_itself(visit: Visit) -> None:
    backend, steps = visit.bureau.backend, list[int]()

    report = verify_journal(backend, steps.append)

    assert report.faults == ()
    assert (report.blobs, report.receipts, report.items) == (1, 1, 2)
    assert sum(steps) == journal_size(backend)
    assert rebuild_journal(backend) == 0


@pytest.mark.parametrize("work", [verify_journal, rebuild_journal])
def test_every_pass_over_the_journal_has_steps_and_the_last_one_comes_behind_them_all(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, work: Callable[..., object]
) -> None:
    backend, steps, passes = visit.bureau.backend, list[int](), list[str]()
    size = {verify_journal: journal_size, rebuild_journal: rebuild_size}[work](backend)

    def announcing(module: ModuleType, name: str) -> None:
        step = getattr(module, name)

        def noting(*args: Any, **options: Any) -> Any:
            before = sum(steps)
            done = step(*args, **options)
            assert before < sum(steps) < size, name
            passes.append(f"{module.__name__.rpartition('.')[2]}.{name}")
            return done

        monkeypatch.setattr(module, name, noting)

    for module, name in ((replay, "replay"), (derived, "compare"), (shown, "compare")):
        announcing(module, name)
    work(backend, steps.append)

    assert passes == ["replay.replay", "derived.compare", "shown.compare"]
    assert sum(steps) == size
    assert sum(steps[:-1]) < size


def test_every_kind_of_fault_is_reached() -> None:
    assert {one.found for one in LOST} == set(verifying.LOST)
    assert {one.found for one in REPAIRED} == set(FAULT_NAMES) - verifying.LOST


@pytest.mark.seldom_on_postgresql
@pytest.mark.parametrize("kind", one_in(2, sorted({one.found for one in REPAIRED})))
def test_what_follows_from_the_journal_is_found_where_changed_and_written_anew(
    visit: Visit, kind: str
) -> None:
    backend, corrections = visit.bureau.backend, []
    before = _derived(visit)
    for tampering in (one for one in REPAIRED if one.found == kind):
        with backend.begin(ALL_ROLES) as work:
            tampering.apply(work.session, visit)
        found = {fault.what for fault in verify_journal(backend).faults}
        corrections.append(rebuild_journal(backend))

        assert kind in found, tampering
        assert corrections[-1] >= 1
        assert verify_journal(backend).faults == (), tampering
        assert _derived(visit) == before, tampering

    assert [noted["count"] for noted in visit.bodies("journal.rebuilt")] == corrections
    assert rebuild_journal(backend) == 0


@pytest.mark.seldom_on_postgresql
@pytest.mark.parametrize("tampering", LOST, ids=str)
def test_what_was_received_is_found_where_changed_and_no_rebuild_hides_it(
    visit: Visit, tampering: Tampering
) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        tampering.apply(work.session, visit)
    found = {fault.what for fault in verify_journal(backend).faults}

    assert tampering.found in found


def test_an_entry_taken_out_of_a_chain_is_found(visit: Visit) -> None:
    backend = visit.bureau.backend
    first = "(SELECT hash FROM journal_entry WHERE seq = 1 AND replica_id = :lead)"
    with backend.begin(ALL_ROLES) as work:
        unguard(work.session, "journal_entry", "operation", "blob_link")
        for statement in (
            f"DELETE FROM operation WHERE entry_hash = {first}",
            f"DELETE FROM journal_entry WHERE hash = {first}",
        ):
            work.session.execute(text(statement), {"lead": visit.lead.id})
    faults = {(fault.what, fault.where) for fault in verify_journal(backend).faults}

    assert ("chain", visit.lead.prev) in faults
    assert {"record", "receipt"} <= {what for what, _ in faults}


def test_evidence_let_in_after_closing_is_found_and_put_aside_again(opened: Visit) -> None:
    backend = opened.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, opened.id)
    opened.day()
    before = _derived(opened)
    with backend.begin(ALL_ROLES) as work:
        statement = f"UPDATE journal_entry SET effect = 'applied', reason = NULL WHERE replica_id IN ({PHONES})"  # noqa: E501
        work.session.execute(text(statement))
    found = {fault.what for fault in verify_journal(backend).faults}

    assert "effect" in found
    assert rebuild_journal(backend) >= 1
    assert verify_journal(backend).faults == ()
    assert _derived(opened) == before


def test_a_phone_let_in_again_past_its_revocation_is_found_and_revoked_as_it_was(
    opened: Visit,
) -> None:
    backend = opened.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        revoke_replica(work, opened.member.id, "手机遗失")
    before = _derived(opened)
    with backend.begin(ALL_ROLES) as work:
        unguard(work.session, "replica")
        work.session.execute(text("UPDATE replica SET revoked_at = NULL"))
    faults = [(fault.what, fault.where) for fault in verify_journal(backend).faults]

    assert faults == [("revoked", opened.member.id)]
    assert rebuild_journal(backend) == 1
    assert verify_journal(backend).sound
    assert _derived(opened) == before


def test_the_record_used_for_closing_says_again_what_the_phones_say(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        unguard(work.session, "operation")
        forged = "UPDATE operation SET value = :wrong WHERE type = 'answer.set'"
        work.session.execute(text(forged), {"wrong": WRONG})
    with backend.reading() as session:
        closing_on = reads.merged(session, visit.id).items[ITEM].value
    rebuild_journal(backend)

    assert closing_on["result"] == "fail"
    with backend.reading() as session:
        assert reads.merged(session, visit.id).items[ITEM].value["result"] == "pass"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sync_document SET body = :x WHERE id = :item",
        "UPDATE sync_document SET ver = 9 WHERE id = :item",
        "UPDATE sync_document SET pos = 0 WHERE id = :item",
        "DELETE FROM sync_item",
    ],
)
def test_phones_that_hold_a_repaired_document_get_it_again_and_never_an_earlier_version(
    visit: Visit, statement: str
) -> None:
    backend, id = visit.bureau.backend, f"item/{visit.id}/{ITEM}"
    right, cursor = visit.pull(visit.lead)
    versions = [right[id].ver]
    for _ in range(3):
        with backend.begin(ALL_ROLES) as work:
            Tampering("", (), statement).apply(work.session, visit)
        wrong, _ = visit.pull(visit.lead)
        rebuild_journal(backend)
        again, cursor = visit.pull(visit.lead, cursor)
        assert again[id].body == right[id].body
        assert again[id].ver > wrong[id].ver
        versions.append(again[id].ver)
    visit.answers(visit.member, "pass")
    later, _ = visit.pull(visit.lead, cursor)
    versions.append(later[id].ver)

    assert versions == sorted(set(versions))
    assert later[id].body != right[id].body
    assert verify_journal(backend).faults == ()
    assert rebuild_journal(backend) == 0


def test_a_version_never_goes_backwards_even_before_a_rebuild(visit: Visit) -> None:
    backend, id = visit.bureau.backend, f"item/{visit.id}/{ITEM}"
    with backend.begin(ALL_ROLES) as work:
        work.session.execute(text("UPDATE sync_document SET ver = 9 WHERE kind = 'item'"))
    visit.answers(visit.member, "pass")
    pulled, _ = visit.pull(visit.lead)

    assert pulled[id].ver == 10
    assert rebuild_journal(backend) == 2
    assert visit.pull(visit.lead)[0][id].ver == 11


def test_a_rebuild_takes_back_what_nothing_in_the_journal_leads_to(visit: Visit) -> None:
    backend, steps = visit.bureau.backend, list[int]()
    forged = f"item/{visit.id}/note/0198aaaa-0000-7000-8000-000000000009"
    with backend.begin(ALL_ROLES) as work:
        for statement in (
            "INSERT INTO sync_document (id, scope, kind, ver, pos, deleted, body) SELECT :forged,"
            " scope, kind, 4, pos, deleted, body FROM sync_document WHERE id = :item",
            "INSERT INTO sync_item (document_id, assignment, item, heads, conflict) SELECT :forged,"
            " assignment, 'note/forged', 'x#0', conflict FROM sync_item WHERE document_id = :item",
        ):
            Tampering("", (), statement).apply(work.session, visit)
    held, cursor = visit.pull(visit.lead)
    faults = [(fault.what, fault.where) for fault in verify_journal(backend).faults]
    corrected = rebuild_journal(backend, steps.append)
    told, _ = visit.pull(visit.lead, cursor)

    assert faults == [("projection", forged)]
    assert corrected == 1
    assert sum(steps) == rebuild_size(backend)
    assert verify_journal(backend).faults == ()
    assert set(told) == {forged}
    assert (told[forged].deleted, bytes(told[forged].body)) == (True, b"null")
    assert told[forged].ver == held[forged].ver + 1


def test_a_rebuild_that_breaks_off_changes_nothing(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        change = text("UPDATE sync_document SET body = :x WHERE kind = 'item'")
        work.session.execute(change, {"x": b"x"})
    before = verify_journal(backend).faults

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_journal(backend, stop)

    assert before
    assert verify_journal(backend).faults == before


def test_a_changed_or_lost_file_is_found(opened: Visit) -> None:
    sha256 = opened.day()
    path = opened.bureau.backend.blobs.path(sha256)
    path.write_bytes(b"other")
    changed = verify_journal(opened.bureau.backend)
    path.unlink()
    lost = verify_journal(opened.bureau.backend)

    for report in (changed, lost):
        assert [(fault.what, fault.where) for fault in report.faults] == [("blob", sha256)]


def test_a_photo_whose_link_and_file_are_gone_together_is_found(opened: Visit) -> None:
    sha256 = opened.day()
    backend = opened.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        unguard(work.session, "blob_link")
        work.session.execute(text("DELETE FROM blob_link"))
    backend.blobs.path(sha256).unlink()
    found = {fault.what for fault in verify_journal(backend).faults}
    rebuild_journal(backend)

    assert {"links", "receipt"} <= found
    assert ("blob", sha256) in {(f.what, f.where) for f in verify_journal(backend).faults}


def test_a_task_that_was_closed_and_hidden_is_sound(opened: Visit) -> None:
    backend = opened.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, opened.id)
    shown = verify_journal(backend).faults
    with backend.begin(ALL_ROLES) as work:
        long_ago = "UPDATE inspection SET closed_at = '2025-01-01 00:00:00' WHERE id = :task"
        Tampering("", ("inspection",), long_ago).apply(work.session, opened)
        assert hide_closed_tasks(work) == 1

    assert shown == ()
    assert verify_journal(backend).faults == ()
    assert rebuild_journal(backend) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operation SET value = value",
        "DELETE FROM operation",
        "UPDATE blob_link SET replica_id = 'x'",
        "DELETE FROM blob_link",
        "UPDATE journal_entry SET carrier = 'x'",
        "UPDATE journal_entry SET assignment = NULL",
        "UPDATE replica SET user_id = NULL WHERE NOT is_server",
        "UPDATE replica SET is_server = (1 = 1)",
        "UPDATE replica_scope SET added_pos = 0",
        "DELETE FROM replica_scope",
        "UPDATE sync_head SET pos = pos - 1",
        "DELETE FROM sync_head",
    ],
)
def test_the_database_itself_refuses_to_change_what_never_changes(
    visit: Visit, statement: str
) -> None:
    backend = visit.bureau.backend

    with (
        pytest.raises(DatabaseError, match="append-only"),
        backend.begin(ALL_ROLES) as work,
    ):
        work.session.execute(text(statement))


def test_a_revocation_and_the_guards_hold_again_after_a_rebuild(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.member.id, "手机遗失")
        work.session.execute(text("UPDATE sync_item SET heads = ''"))
    rebuild_journal(backend)

    for statement in ("UPDATE replica SET revoked_at = NULL", "DELETE FROM operation"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            backend.begin(ALL_ROLES) as work,
        ):
            work.session.execute(text(statement))


def _derived(visit: Visit) -> list[list[str]]:
    with visit.bureau.backend.reading() as session:
        return [sorted(map(str, session.execute(text(query)))) for query in DERIVED]
