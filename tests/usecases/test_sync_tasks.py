"""From dispatch to a settled record: what sync does to the procedure, and what it leaves alone."""

from uuid import UUID

import pytest

from forms.model import Form
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.reads.phones import inbox as inbox_reads
from inspect_server.reads.phones import journal as reads
from inspect_server.store.journal import scopes
from inspect_server.store.models.journal import SyncDocument
from inspect_server.usecases.journal.inbox import accept_entry, decline_entry, revoke_replica
from inspect_server.usecases.journal.settle_conflict import NoConflict, NotTheLead, settle_conflict
from inspect_server.usecases.phones.publish_task import close_task, publish_task
from inspect_server.usecases.work import Actor, Backend
from sync import entries
from sync.cursor import Cursor
from tests.actors import ALL_ROLES
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import small_form
from tests.usecases.synced_visit import ITEM, Visit, open_visit

__all__ = ["small_form"]


@pytest.fixture
def visit(sqlite_backend: Backend, small_form: Form) -> Visit:
    return open_visit(sqlite_backend)


def test_a_dispatched_task_brings_all_that_it_needs_to_its_team_only(visit: Visit) -> None:
    stranger, everything = visit.bureau.accounts[visit.bureau.officers[4]], Cursor(upto=2**40)
    with visit.bureau.backend.reading() as session:
        told = scopes.changed(session, UUID(visit.lead.user), everything, 1000)
        assert scopes.changed(session, stranger, everything, 1000) == []

    assert {document.kind for document in told} == {
        *("task", "enterprise", "form", "law", "bureau")
    }


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
    assert visit.bodies("record.signed") == [
        {"entry": entries.entry_hash(signed.bytes_b64), "signer": "enterprise"}
    ]
    assert visit.bodies("visit.completed") == [{"entry": entries.entry_hash(done.bytes_b64)}]
    assert {leaf.case_name for leaf in visit.events("record.signed")} == {"inspection/2026-0001"}


def test_what_is_kept_but_not_applied_stands_in_the_case_and_so_does_its_later_acceptance(
    visit: Visit,
) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, visit.id)
    late = visit.start(visit.member).results[0]
    before = visit.bodies("visit.started")
    with backend.begin(ALL_ROLES) as work:
        accept_entry(work, late.hash, "网络中断导致迟到，内容属实")

    assert visit.bodies("entries.quarantined") == [
        {"count": 1, "reason": "closed", "entries": [late.hash]}
    ]
    assert before == []
    assert visit.bodies("visit.started") == [{"entry": late.hash}]


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
    assert visit.bodies("conflict.resolved") == [{"entry": settled.entry_hash, "item": ITEM}]


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


def _member(visit: Visit) -> Actor:
    return visit.bureau.inspector(1)
