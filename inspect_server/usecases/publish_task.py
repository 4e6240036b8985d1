"""Making a task visible to the phones of its team, and hiding it from who left."""

from collections.abc import Collection
from uuid import UUID

from inspect_server.domain.errors import NotFound
from inspect_server.store import sync_documents, sync_tasks
from inspect_server.usecases.task_documents import LAW_SCOPE, drafts, form_scope
from inspect_server.usecases.work import Work


def scope_of(inspection_id: UUID) -> str:
    """Return the name under which phones see one inspection."""
    return f"inspection/{inspection_id}"


def publish_task(work: Work, inspection_id: UUID) -> None:
    """
    Bring what phones see of one inspection up to date and show it to its active team.

    Call it under the inspection's lock, after dispatch, a change of team or a change of state;
    calling it again changes nothing. Checklists and law values are public texts: they stay
    visible to a user who leaves, so that what they captured can still be shown.

    Raises:
        NotFound: No such inspection.
    """
    work.session.flush()
    rows = sync_tasks.load(work.session, inspection_id)
    if rows is None:
        raise NotFound(what="该检查任务")
    users = {member.user_id for member in rows.members if member.user_id is not None}
    scope = scope_of(inspection_id)
    sync_documents.put(work.session, drafts(rows, scope, work.now.astimezone(work.settings.zone)))
    for name in (scope, LAW_SCOPE, *(form_scope(form.name, form.version) for form in rows.forms)):
        sync_documents.grant(work.session, users, name)


def withdraw_task(work: Work, inspection_id: UUID, user_ids: Collection[UUID]) -> None:
    """
    Hide one inspection from users who left its team.

    Their phones hide it at the next sync and keep everything captured; what they still deliver is
    kept and shown to a supervisor. Call `publish_task` for those who stay or join.
    """
    sync_documents.withdraw(work.session, user_ids, scope_of(inspection_id))
