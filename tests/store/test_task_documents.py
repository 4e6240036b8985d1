"""A task on both engines: published, started by a phone, pulled, verified, rebuilt."""

from uuid import UUID

from forms.model import Form
from inspect_server.store.journal import scopes
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.phones.publish_task import publish_task
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import engine, entries
from sync.cursor import Cursor
from sync.protocol import PullRequest, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import NOW, Hand
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import open_bureau, small_form

__all__ = ["small_form"]
START = {
    "latitude": "",
    "longitude": "",
    "accuracy_m": "",
    "datum": "",
    "badge_shown": True,
    "rights_told": True,
    "recording": "",
    "place": "生产车间",
}


def test_a_task_reaches_its_team_and_its_start_reaches_the_partner(
    backend: Backend, small_form: Form
) -> None:
    bureau = open_bureau(backend)
    task = bureau.dispatched()[0]
    world = SqlWorld(backend)
    lead, member = (Hand(str(bureau.accounts[officer])) for officer in bureau.officers[:2])
    for hand in (lead, member):
        world.enrol(hand.public_key, hand.user)
    op = entries.make_op("visit.start", f"visit/start/{lead.id}", START)
    entry = lead.save(str(task), op, form="small@1")
    with world.begin() as journal:
        request = PushRequest(lead.id, journal.epoch(), NOW.isoformat(), [entry])
        cursor = engine.pull(journal, member.id, PullRequest("")).cursor
    push_entries(backend, request)
    with backend.begin(ALL_ROLES) as work:
        publish_task(work, task)

    with world.begin() as journal:
        delta = engine.pull(journal, member.id, PullRequest(cursor))
        assert {document.kind for document in delta.docs} == {"task", "item"}
        whole = engine.pull(journal, member.id, PullRequest(""))
        kinds = {document.kind for document in whole.docs}
        assert kinds == {"task", "enterprise", "form", "law", "bureau", "item"}
    report = verify_journal(backend)
    assert (report.faults, report.items) == ((), 1)
    assert rebuild_journal(backend) == 0
    with backend.reading() as session:
        assert scopes.changed(session, UUID(int=1), Cursor(upto=2**40), 10) == []
