"""From dispatch to a settled record: what sync does to the procedure, and what it leaves alone."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from forms.model import Form
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.reads.phones import inbox as inbox_reads
from inspect_server.reads.phones import journal as reads
from inspect_server.store.engine import sqlite_module
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import scopes
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import SyncDocument, SyncItem
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.journal.inbox import accept_entry, decline_entry, revoke_replica
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal, rebuild_size
from inspect_server.usecases.journal.settle_conflict import NoConflict, NotTheLead, settle_conflict
from inspect_server.usecases.journal.verify_journal import (
    journal_size,
    verify_journal,
)
from inspect_server.usecases.phones.issue_receipt import issue_receipt
from inspect_server.usecases.phones.publish_task import close_task, publish_task
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Actor, Backend
from sync import entries, protocol
from sync.cursor import Cursor
from sync.protocol import PushedEntry, PushReply, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import NOW, Hand, photo
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import Bureau, open_bureau, small_form

__all__ = ["small_form"]
ITEM = "answer/small/A1"
STORED = "SELECT hash, effect, reason, flags FROM journal_entry ORDER BY pos"


@dataclass
class Visit:
    """One dispatched inspection with both phones enrolled."""

    bureau: Bureau
    id: UUID
    lead: Hand
    member: Hand

    def push(self, hand: Hand, *sent: PushedEntry) -> PushReply:
        with SqlWorld(self.bureau.backend).begin() as journal:
            epoch = journal.epoch()
        request = PushRequest(hand.id, epoch, NOW.isoformat(), list(sent))
        return push_entries(self.bureau.backend, request)

    def save(self, hand: Hand, *ops: entries.Op) -> PushedEntry:
        return hand.save(str(self.id), *ops, form="small@1")

    def answers(self, hand: Hand, result: str) -> PushReply:
        value = {"result": result, "reason": "", "note": ""}
        return self.push(hand, self.save(hand, entries.make_op("answer.set", ITEM, value)))

    def start(self, hand: Hand) -> PushReply:
        value = {
            "latitude": "",
            "longitude": "",
            "accuracy_m": "",
            "datum": "",
            "badge_shown": True,
            "rights_told": True,
            "recording": "执法记录仪",
            "place": "生产车间",
        }
        op = entries.make_op("visit.start", f"visit/start/{hand.id}", value)
        return self.push(hand, self.save(hand, op))

    def state(self) -> InspectionState:
        with self.bureau.backend.reading() as session:
            return session.get_one(Inspection, self.id).state

    def events(self, type: str) -> list[RecordLeaf]:
        with self.bureau.backend.reading() as session:
            return list(session.scalars(select(RecordLeaf).where(RecordLeaf.type == type)))


@pytest.fixture
def visit(sqlite_backend: Backend, small_form: Form) -> Visit:
    bureau = open_bureau(sqlite_backend)
    id = bureau.dispatched()[0]
    hands = [Hand(str(bureau.accounts[officer])) for officer in bureau.officers[:2]]
    for hand in hands:
        SqlWorld(sqlite_backend).enrol(hand.public_key, hand.user)
    return Visit(bureau, id, *hands)


def test_a_dispatched_task_brings_all_that_it_needs_to_its_team_only(visit: Visit) -> None:
    stranger, everything = visit.bureau.accounts[visit.bureau.officers[4]], Cursor(upto=2**40)
    with visit.bureau.backend.reading() as session:
        told = scopes.changed(session, UUID(visit.lead.user), everything, 1000)
        assert scopes.changed(session, stranger, everything, 1000) == []

    assert {document.kind for document in told} == {"task", "enterprise", "form", "law"}


def test_publishing_again_changes_nothing(visit: Visit) -> None:
    backend = visit.bureau.backend
    with SqlWorld(backend).begin() as journal:
        before = journal.position()
    with backend.begin(ALL_ROLES) as work:
        publish_task(work, visit.id)

    with SqlWorld(backend).begin() as journal:
        assert journal.position() == before


def test_the_first_visit_start_moves_the_inspection_and_the_second_does_not(visit: Visit) -> None:
    before = visit.state()
    visit.start(visit.lead)
    visit.start(visit.member)

    assert (before, visit.state()) == (InspectionState.DISPATCHED, InspectionState.UNDER_WAY)
    assert len(visit.events("visit.started")) == 2
    with visit.bureau.backend.reading() as session:
        task = session.get_one(SyncDocument, f"task/{visit.id}")
        assert b'"state":"under_way"' in task.body


def test_every_step_that_phones_bring_stands_in_the_case_of_its_inspection(visit: Visit) -> None:
    value = {
        "signer": "enterprise",
        "name": "钱大",
        "officer_id": "",
        "view": "0" * 64,
        "strokes": [[[0, 0], [9, 9]]],
        "refused": False,
        "refusal_reason": "",
    }
    number = "018f0000-0000-7000-8000-000000000001"
    visit.start(visit.lead)
    signed = visit.save(
        visit.lead, entries.make_op("signature.add", f"signature/{number}", value, [])
    )
    done = visit.save(
        visit.lead, entries.make_op("visit.complete", f"visit/complete/{visit.lead.id}", {})
    )
    visit.push(visit.lead, done)  # waits for the one before it
    early = len(visit.events("visit.completed"))
    visit.push(visit.lead, signed, done)
    visit.push(visit.lead, signed, done)

    assert early == 0
    assert _bodies(visit, "record.signed") == [
        {"entry": entries.entry_hash(signed.bytes_b64), "signer": "enterprise"}
    ]
    assert _bodies(visit, "visit.completed") == [{"entry": entries.entry_hash(done.bytes_b64)}]
    assert {leaf.case_name for leaf in visit.events("record.signed")} == {"inspection/2026-0001"}


def test_what_is_kept_but_not_applied_stands_in_the_case_and_so_does_its_later_acceptance(
    visit: Visit,
) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, visit.id)
    late = visit.start(visit.member).results[0]
    before = _bodies(visit, "visit.started")
    with backend.begin(ALL_ROLES) as work:
        accept_entry(work, late.hash, "网络中断导致迟到，内容属实")

    assert _bodies(visit, "entries.quarantined") == [
        {"count": 1, "reason": "closed", "entries": [late.hash]}
    ]
    assert before == []
    assert _bodies(visit, "visit.started") == [{"entry": late.hash}]


def test_the_lead_settles_a_conflict_with_a_reason(visit: Visit) -> None:
    visit.answers(visit.lead, "pass")
    visit.answers(visit.member, "fail")
    backend, lead, member = visit.bureau.backend, visit.bureau.inspector(0), _member(visit)
    with backend.reading() as session:
        disputed = reads.merged(session, visit.id).items[ITEM]
    fail = next(head.id for head in disputed.heads if head.plain()["result"] == "fail")
    with pytest.raises(NotTheLead), backend.begin(member) as work:
        settle_conflict(work, visit.id, ITEM, fail, "现场复核")
    with pytest.raises(BadInput), backend.begin(lead) as work:
        settle_conflict(work, visit.id, ITEM, fail, " ")
    with backend.begin(lead) as work:
        settled = settle_conflict(work, visit.id, ITEM, fail, "现场复核确有问题")
    with pytest.raises(NoConflict), backend.begin(lead) as work:
        settle_conflict(work, visit.id, ITEM, fail, "现场复核")

    with backend.reading() as session:
        record = reads.merged(session, visit.id)
    assert record.conflicts == ()
    assert record.items[ITEM].value["result"] == "fail"
    assert record.items[ITEM].heads[0].id.startswith(settled.entry_hash)
    assert _bodies(visit, "conflict.resolved") == [{"entry": settled.entry_hash, "item": ITEM}]


def test_what_comes_after_closing_is_kept_and_shown_and_may_be_accepted(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, visit.id)
        close_task(work, visit.id)
    late = visit.answers(visit.member, "pass").results[0]
    with backend.reading() as session:
        inbox = inbox_reads.listed(session)
    supervisor = Actor("user:x", frozenset({Role.SUPERVISOR}), unit=backend.settings.authority)
    with pytest.raises(Forbidden), backend.begin(_member(visit)) as work:
        accept_entry(work, late.hash, "补录")
    with backend.begin(supervisor) as work:
        accept_entry(work, late.hash, "网络中断导致迟到，内容属实")

    assert (late.effect, late.reason) == ("quarantined", "closed")
    said = [
        (row.hash, row.reason, [(op.type, op.item) for op in row.operations]) for row in inbox.rows
    ]
    assert said == [(late.hash, "closed", [("answer.set", ITEM)])]
    with backend.reading() as session:
        assert inbox_reads.listed(session).total == 0
        assert ITEM in reads.merged(session, visit.id).items


def test_a_declined_entry_stays_in_the_inbox_as_looked_at(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.member.id, "手机遗失")
    late = visit.answers(visit.member, "pass").results[0]
    with backend.begin(ALL_ROLES) as work:
        decline_entry(work, late.hash, "手机遗失后产生的数据")

    with backend.reading() as session:
        rows = inbox_reads.listed(session).rows
        phones = {row.id: row for row in reads.replica_states(session)}
    assert [(row.reason, row.declined) for row in rows] == [("revoked", True)]
    assert phones[visit.member.id].revoked_at is not None
    assert (phones[visit.member.id].quarantined, phones[visit.lead.id].quarantined) == (1, 0)


def test_a_sound_journal_verifies_and_its_projection_rebuilds_to_itself(visit: Visit) -> None:
    _day(visit)
    backend, steps = visit.bureau.backend, list[int]()

    report = verify_journal(backend, steps.append)

    assert report.faults == ()
    assert (report.blobs, report.receipts, report.items) == (1, 1, 2)
    assert sum(steps) == journal_size(backend)
    assert rebuild_journal(backend) == 0


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE operation SET value = replace(value, 'pass', 'fail')", "operations"),
        ("UPDATE sync_document SET body = replace(body, 'pass', 'fail')", "projection"),
        ("UPDATE sync_item SET heads = ''", "projection"),
        ("DELETE FROM sync_item", "projection"),
        ("DROP TRIGGER receipt_no_update; "
         "UPDATE receipt SET body = replace(body, 'v', 'w')", "receipt"),
        ("DROP TRIGGER journal_entry_no_update; UPDATE journal_entry SET content = "
         "CAST(replace(content, 'pass', 'fail') AS BLOB)", "signature"),
        ("DROP TRIGGER journal_entry_no_update; UPDATE journal_entry SET seq = seq + 7 "
         "WHERE seq = 2", "columns"),
        ("DROP TRIGGER journal_entry_no_delete; DELETE FROM "
         "journal_entry WHERE hash = (SELECT head_hash FROM replica WHERE is_server = 0 LIMIT 1)",
         "record"),
    ],
)  # fmt: skip
def test_a_changed_byte_in_the_database_is_found(visit: Visit, statement: str, found: str) -> None:
    _day(visit)
    backend = visit.bureau.backend
    database = sqlite_module().connect(backend.settings.data_dir / "inspect.db")
    database.executescript(statement)
    database.close()

    assert found in {fault.what for fault in verify_journal(backend).faults}


@pytest.mark.parametrize(
    ("late", "statement"),
    [
        (False, "UPDATE journal_entry SET effect = 'quarantined', reason = 'schema' WHERE seq = 1"),
        (False, "UPDATE journal_entry SET effect = 'held' WHERE seq = 2"),
        (True, "UPDATE journal_entry SET effect = 'applied', reason = NULL WHERE true"),
    ],
)
def test_evidence_that_was_hidden_or_let_in_is_found_and_a_rebuild_undoes_it(
    visit: Visit, late: bool, statement: str
) -> None:
    backend = visit.bureau.backend
    if late:
        with backend.begin(ALL_ROLES) as work:
            close_task(work, visit.id)
    _day(visit)
    sound = verify_journal(backend).faults
    with backend.begin(ALL_ROLES) as work:
        phones = "replica_id IN (SELECT id FROM replica WHERE is_server = 0)"
        before = work.session.execute(text(STORED)).all()
        work.session.execute(text(f"{statement} AND {phones}"))
    found = {fault.what for fault in verify_journal(backend).faults}
    corrected = rebuild_journal(backend)

    assert sound == ()
    assert "effect" in found
    assert corrected >= 1
    assert verify_journal(backend).faults == ()
    with backend.reading() as session:
        assert session.execute(text(STORED)).all() == before
    assert _bodies(visit, "journal.rebuilt") == [{"count": corrected}]


def test_a_rebuild_takes_back_what_nothing_in_the_journal_leads_to(visit: Visit) -> None:
    _day(visit)
    backend, steps = visit.bureau.backend, list[int]()
    forged = f"item/{visit.id}/note/0198aaaa-0000-7000-8000-000000000009"
    with backend.begin(ALL_ROLES) as work:
        known = sync_documents.by_id(work.session, [f"item/{visit.id}/{ITEM}"]).popitem()[1]
        sync_documents.replace(work.session, [replace(known, id=forged)])
        work.session.add(
            SyncItem(
                document_id=forged,
                assignment=visit.id,
                item="note/forged",
                heads="x#0",
                conflict=False,
            )
        )
        work.session.execute(text("UPDATE sync_standing SET closed = true"))
        work.session.execute(text("UPDATE replica SET upto_seq = 0, head_hash = ''"))
    faults = [fault.what for fault in verify_journal(backend).faults]
    corrected = rebuild_journal(backend, steps.append)

    assert set(faults) == {"projection", "standing", "head"}
    assert corrected == len(faults)
    assert sum(steps) == rebuild_size(backend)
    assert verify_journal(backend).sound
    with backend.reading() as session:
        gone = sync_documents.by_id(session, [forged])[forged]
    assert (gone.deleted, gone.body, gone.ver) == (True, b"null", known.ver + 1)
    assert gone.pos > known.pos


def test_a_rebuild_that_breaks_off_changes_nothing(visit: Visit) -> None:
    _day(visit)
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        work.session.execute(text("UPDATE sync_document SET body = 'x' WHERE kind = 'item'"))
    before = verify_journal(backend).faults

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_journal(backend, stop)

    assert before
    assert verify_journal(backend).faults == before


def test_a_changed_or_lost_file_is_found(visit: Visit) -> None:
    sha256 = _day(visit)
    path = visit.bureau.backend.blobs.path(sha256)
    path.write_bytes(b"other")
    changed = verify_journal(visit.bureau.backend)
    path.unlink()
    lost = verify_journal(visit.bureau.backend)

    for report in (changed, lost):
        assert [(fault.what, fault.where) for fault in report.faults] == [("blob", sha256)]


def test_a_rebuild_repairs_what_phones_pull_and_tells_them(visit: Visit) -> None:
    _day(visit)
    backend = visit.bureau.backend
    id = f"item/{visit.id}/{ITEM}"
    with backend.begin(ALL_ROLES) as work:
        wanted = sync_documents.by_id(work.session, [id])[id]
        work.session.execute(text("UPDATE sync_document SET body = 'x' WHERE kind = 'item'"))

    assert rebuild_journal(backend) == 2
    assert verify_journal(backend).sound
    with backend.reading() as session:
        again = sync_documents.by_id(session, [id])[id]
        assert again.body == wanted.body
        assert again.pos > wanted.pos


def _day(visit: Visit) -> str:
    """An answer, a photo, its file and a receipt; return the file's hash."""
    content = b"\xff\xd8\xff" + b"photo"
    sha256 = hashlib.sha256(content).hexdigest()
    visit.answers(visit.lead, "pass")
    visit.push(visit.lead, visit.save(visit.lead, photo(content)))
    SqlWorld(visit.bureau.backend).store_blob(content)
    root = entries.blob_root([sha256])
    request = protocol.ReceiptRequest(visit.lead.id, 2, visit.lead.prev, root)
    issue_receipt(visit.bureau.backend, request)
    return sha256


def _bodies(visit: Visit, type: str) -> list[dict[str, object]]:
    return [json.loads(leaf.content)["body"] for leaf in visit.events(type)]


def _member(visit: Visit) -> Actor:
    return visit.bureau.inspector(1)
