"""Making a task visible to the phones of its team, hiding it from who left, closing it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import standings
from inspect_server.store.journal import tasks as sync_tasks
from inspect_server.store.journal.tasks import TaskRows
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.phones.task_documents import LAW_SCOPE, drafts, form_scope, task_draft
from inspect_server.usecases.work import Work
from sync.entries import Op, make_op
from sync.ids import inspection_scope
from sync.ports import Standing


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
    sync_documents.put(work.session, drafts(rows, work.now.astimezone(work.settings.zone)))
    for name in (LAW_SCOPE, *(form_scope(form.name, form.version) for form in rows.forms)):
        sync_documents.grant(work.session, users, name)


def withdraw_task(work: Work, inspection_id: UUID, user_ids: Collection[UUID]) -> None:
    """
    Hide one inspection from users who left its team; call `publish_task` after it for the others.

    Their phones hide it at the next sync and keep everything captured; what they still deliver is
    kept and shown to a supervisor.
    """
    sync_documents.withdraw(work.session, user_ids, inspection_scope(str(inspection_id)))


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
    sync_documents.put(work.session, [task_draft(rows)])


def show_task(work: Work, inspection_id: UUID) -> None:
    """
    Tell the phones of the team how a task stands that was sent out before; again changes nothing.

    Only the task itself: its checklists and law values stay those that it was sent out with.
    Call it under the inspection's lock, last in its transaction but for notes in the record.

    Raises:
        NotFound: No such inspection.
    """
    rows = _rows(work, inspection_id)
    if _standing(work, inspection_id) is not None:
        sync_documents.put(work.session, [task_draft(rows)])


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
