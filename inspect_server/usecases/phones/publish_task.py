"""Showing tasks and their enterprises to the phones of the teams, hiding them, closing them."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.store import checklists
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import enterprises, scopes, standings
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import tasks as sync_tasks
from inspect_server.store.journal.documents import Draft
from inspect_server.store.journal.tasks import TaskRows
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.phones.enterprise_documents import enterprise_draft
from inspect_server.usecases.phones.task_documents import (
    LAW_SCOPE,
    drafts,
    form_scope,
    public_drafts,
    task_draft,
)
from inspect_server.usecases.work import Work
from sync.entries import Op, make_op
from sync.ids import inspection_scope
from sync.ports import Standing

SHOWN_AFTER_CLOSING = timedelta(days=30)
"""As long as a phone keeps what a receipt covers (docs/sync.md)."""


class TeamCannotSync(InspectError):
    """A member without an account could never receive the task or deliver what they captured."""

    code, kind = "task.member_without_account", "conflict"
    message = "检查组有 {count} 名成员尚未开立账号，请先开立账号后再派发。"


def publish_task(work: Work, inspection_id: UUID) -> None:
    """
    Bring what phones see of one inspection up to date and show it to its active team.

    Call it under the inspection's lock, after dispatch, a change of team or a change of state;
    calling it again changes nothing. Who works on it stands in the journal as an entry of the
    server (`task.assign`, `task.reassign`): from that position on, entries of others are kept but
    not applied. Checklists and law values are public texts: they stay visible to a user who
    leaves, so that what they captured can still be shown.

    Raises:
        NotFound: No such inspection.
        TeamCannotSync: A member has no account.
    """
    rows = _rows(work, inspection_id)
    users = {member.user_id for member in rows.members if member.user_id is not None}
    if missing := len(rows.members) - len(users):
        raise TeamCannotSync(count=missing)
    _assign(work, rows)
    _lock(work)
    rows = _rows(work, inspection_id)
    texts = drafts(rows, checklists.published(work.session))
    sync_documents.put(work.session, [*texts, *_law_values(work)])
    enterprise = rows.inspection.enterprise_id
    _put_enterprises(work, [enterprise])
    pinned = (form_scope(form.name, form.version) for form in rows.forms)
    for name in (LAW_SCOPE, enterprises.scope(enterprise), *pinned):
        sync_documents.grant(work.session, users, name)


def withdraw_task(work: Work, inspection_id: UUID, user_ids: Collection[UUID]) -> None:
    """
    Hide one inspection from users who left its team; call `publish_task` after it for the others.

    Their phones hide it at the next sync and keep everything captured; what they still deliver is
    kept and shown to a supervisor. Its enterprise is hidden with it from who has no other task
    there.

    Raises:
        NotFound: No such inspection.
    """
    session, enterprise = work.session, _rows(work, inspection_id).inspection.enterprise_id
    sync_documents.withdraw(session, user_ids, inspection_scope(str(inspection_id)))
    elsewhere = enterprises.needed_by(session, enterprise, user_ids, inspection_id)
    if leaving := set(user_ids) - elsewhere:
        sync_documents.withdraw(session, leaving, enterprises.scope(enterprise))


def close_task(work: Work, inspection_id: UUID) -> None:
    """
    Note in the journal that the record is closed: later entries are kept, but not applied.

    Call it under the inspection's lock when the record is closed; again changes nothing.

    Raises:
        NotFound: No such inspection.
    """
    rows = _rows(work, inspection_id)
    standing = _standing(work, inspection_id)
    if standing is not None and not standing.closed:
        op = make_op("task.close", f"task/{inspection_id}", {})
        _write(work, rows, [op])
    _put_task(work, inspection_id)
    show_enterprises(work, [rows.inspection.enterprise_id])


def show_task(work: Work, inspection_id: UUID) -> None:
    """
    Tell the phones of the team how a task stands that was sent out before; again changes nothing.

    Only the task itself: its checklists and law values stay those that it was sent out with.
    Call it last in its transaction but for notes in the record.

    Raises:
        NotFound: No such inspection.
    """
    if _standing(work, inspection_id) is not None:
        _put_task(work, inspection_id)


def show_enterprises(work: Work, enterprise_ids: Collection[UUID] | None = None) -> None:
    """
    Tell phones how enterprises stand; whatever changes what they are told calls it afterwards.

    That is: the registry, a check closed, an order issued, voided, or its deadline moved. Only
    those that somebody sees; the others are brought up to date when a task shows them again. Call
    it last in its transaction but for notes in the record; again changes nothing.

    Args:
        enterprise_ids: Which may have changed; None: any of them.
    """
    shown = enterprises.shown(work.session)
    wanted = set(shown if enterprise_ids is None else enterprise_ids)
    _put_enterprises(work, [id for id in shown if id in wanted])


def show_officers(work: Work, import_id: UUID) -> None:
    """Tell the teams of whom an import changed what their officers are called now."""
    for inspection_id in sync_tasks.of_changed_officers(work.session, import_id):
        show_task(work, inspection_id)


def show_today(work: Work) -> None:
    """
    Tell phones all that follows from the day, the configuration and this version of the program.

    Law values begin and end, a telephone number was configured anew, and a newer program tells more
    of tasks and enterprises than the one that sent them out. Again changes nothing.
    """
    if not scopes.shown(work.session, LAW_SCOPE):
        return  # nobody was ever sent anything
    show_law_values(work)
    for scope in scopes.shown(work.session, inspection_scope("")):
        show_task(work, UUID(scope.removeprefix(inspection_scope(""))))
    show_enterprises(work)


def show_law_values(work: Work) -> int:
    """
    Tell phones which law values apply today, and of the bureau; return how many changed.

    One begins, another replaces it, or it is gone: then phones delete it. Nobody sees any before
    the first task is sent out. Again changes nothing.
    """
    if not scopes.shown(work.session, LAW_SCOPE):
        return 0
    _lock(work)
    return sync_documents.put(work.session, _law_values(work))


def hide_closed_tasks(work: Work) -> int:
    """
    Hide the tasks closed more than 30 days ago and return how many; nothing is deleted anywhere.

    By then a phone has delivered what it captured, and no longer needs the names and addresses.
    What it still delivers is kept and shown to a supervisor, as for every closed record.
    """
    closed = sync_tasks.closed_before(work.session, work.now - SHOWN_AFTER_CLOSING)
    for inspection_id in closed:
        withdraw_task(work, inspection_id, sync_tasks.seeing(work.session, inspection_id))
    return len(closed)


def _law_values(work: Work) -> list[Draft]:
    today = work.now.astimezone(work.settings.zone).date()
    wanted = list(public_drafts(work.settings, today))
    gone = set(scopes.present(work.session, LAW_SCOPE)) - {draft.id for draft in wanted}
    return wanted + [Draft(id, LAW_SCOPE, "law", b"null", deleted=True) for id in sorted(gone)]


def _put_task(work: Work, inspection_id: UUID) -> None:
    _lock(work)
    sync_documents.put(work.session, [task_draft(_rows(work, inspection_id))])


def _put_enterprises(work: Work, ids: Sequence[UUID]) -> None:
    _lock(work)
    for start in range(0, len(ids), sync_documents.CHUNK):
        found = enterprises.load(work.session, ids[start : start + sync_documents.CHUNK])
        sync_documents.put(work.session, [enterprise_draft(rows) for rows in found])


def _lock(work: Work) -> None:
    """Take the row of positions, so that what others have just committed is in what is read."""
    work.session.flush()
    sync_head.take_positions(work.session, 0)


def _assign(work: Work, rows: TaskRows) -> None:
    standing = _standing(work, rows.inspection.id)
    team = [{"user": str(member.user_id), "role": member.role} for member in rows.members]
    lead = next((str(m.user_id) for m in rows.members if m.role == "lead"), "")
    wanted = (rows.inspection.form_set, lead, frozenset(member["user"] for member in team))
    if standing is not None and (standing.form, standing.lead, standing.team) == wanted:
        return
    value: dict[str, Any] = {"form": rows.inspection.form_set, "team": team}
    kind = "task.assign" if standing is None else "task.reassign"
    _write(work, rows, [make_op(kind, f"task/{rows.inspection.id}", value)])


def _write(work: Work, rows: TaskRows, ops: list[Op]) -> None:
    visit = rows.inspection
    write(work, ops, assignment=visit.id, form=visit.form_set, user=work.actor.user_id)


def _standing(work: Work, inspection_id: UUID) -> Standing | None:
    return standings.load(work.session, [inspection_id]).get(str(inspection_id))


def _rows(work: Work, inspection_id: UUID) -> TaskRows:
    work.session.flush()
    rows = sync_tasks.load(work.session, inspection_id)
    if rows is None:
        raise NotFound(what="该检查任务")
    return rows
