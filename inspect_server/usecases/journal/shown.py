"""What phones are shown beside the journal: texts of tasks, and who sees them, from the tables."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from forms.body import content_sha256, from_json
from forms.errors import FormError
from inspect_server.config import Settings
from inspect_server.domain import law
from inspect_server.store import checklists
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import enterprises, repairs
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import tasks as sync_tasks
from inspect_server.store.journal.documents import CHUNK, Draft
from inspect_server.store.journal.repairs import Sight
from inspect_server.store.journal.tasks import TaskRows
from inspect_server.store.models.inspection import InspectionForm
from inspect_server.usecases.journal.derived import Progress
from inspect_server.usecases.phones.enterprise_documents import enterprise_draft
from inspect_server.usecases.phones.task_documents import (
    BUREAU,
    LAW_SCOPE,
    form_draft,
    form_scope,
    public_drafts,
    task_draft,
)
from sync.ids import inspection_scope
from sync.ports import Document

TASKS = inspection_scope("")
READ, COMPARED = 15, 35
"""Steps of one task: it takes about as long as so many entries of the journal."""
Stored = Mapping[str, Document]


@dataclass(frozen=True)
class Unlike:
    """What phones should be shown, where something else is stored."""

    documents: Mapping[str, Draft | None]  # None: a checklist that is not installed here any more
    extra: Mapping[str, Document]  # as stored, though no task leads to them
    seen: Mapping[tuple[str, str], bool]  # by user and scope; True also where since when is wrong

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each with what kind it is (`verify_journal.FAULT_NAMES`) and what it concerns."""
        yield from (("document", id) for id in sorted({*self.documents, *self.extra}))
        yield from (("scope", " ".join(key)) for key in sorted(self.seen))


def steps(session: Session) -> int:
    """Return how many steps `compare` reports."""
    return (READ + COMPARED) * len(_tasks(repairs.sights(session)))


def compare(
    session: Session, settings: Settings, on: date, progress: Progress = lambda _: None
) -> Unlike:
    """
    Return where phones are shown something else than the tables say.

    Only what somebody sees now: the rest is brought up to date when a task shows it again. What the
    bureau says of itself stands in no table: whoever configured it anew since damaged nothing.

    Args:
        session: Who sees which inspection follows from the journal (`derived.compare`).
        settings: What the bureau says of itself.
        on: The local day, which decides which law values apply.
        progress: Called with the number of steps done since the last call.
    """
    sights = repairs.sights(session)
    shown = {one.scope for one in sights}
    tasks = {}
    for scope in _tasks(sights):
        rows = sync_tasks.load(session, UUID(scope.removeprefix(TASKS)))
        if rows:
            tasks[scope] = rows
        progress(READ if rows else READ + COMPARED)
    stored = {one.id: one for one in repairs.told(session)}
    wanted = dict(_wanted(session, list(tasks.values()), stored, progress))
    if tasks:
        public = (_as_configured(one, stored.get(one.id)) for one in public_drafts(settings, on))
        wanted.update((draft.id, draft) for draft in public)
    last = sync_head.position(session)
    return Unlike(
        documents={
            id: draft
            for id, draft in wanted.items()
            if draft is None or not _is_shown(draft, stored.get(id), last)
        },
        extra={
            id: one
            for id, one in stored.items()
            if one.scope in shown and id not in wanted and not one.deleted and not _is_past(one)
        },
        seen=_seen(sights, tasks, last),
    )


def correct(session: Session, unlike: Unlike) -> None:
    """Store what should be shown, at new positions and with later versions."""
    drafts = [draft for draft in unlike.documents.values() if draft is not None]
    drafts += [
        Draft(one.id, one.scope, one.kind, b"null", deleted=True) for one in unlike.extra.values()
    ]
    known = sync_documents.by_id(session, [draft.id for draft in drafts])
    first = sync_head.take_positions(session, len(drafts))
    sync_documents.replace(
        session,
        [
            Document(
                id=draft.id,
                scope=draft.scope,
                kind=draft.kind,
                ver=known[draft.id].ver + 1 if draft.id in known else 1,
                pos=pos,
                deleted=draft.deleted,
                body=draft.body,
            )
            for pos, draft in enumerate(drafts, start=first)
        ],
    )


def _tasks(sights: Sequence[Sight]) -> list[str]:
    return sorted({one.scope for one in sights if one.scope.startswith(TASKS)})


def _wanted(
    session: Session, tasks: Sequence[TaskRows], stored: Stored, progress: Progress
) -> Iterator[tuple[str, Draft | None]]:
    pinned: dict[str, InspectionForm] = {}
    for rows in tasks:
        draft = task_draft(rows)
        yield draft.id, draft
        pinned.update({form_scope(form.name, form.version): form for form in rows.forms})
    for id, form in pinned.items():
        yield id, _checklist(session, form, stored.get(id))
    tasks_of = Counter(rows.inspection.enterprise_id for rows in tasks)
    ids = sorted(tasks_of)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for found in enterprises.load(session, part):
            draft = enterprise_draft(found)
            yield draft.id, draft
        progress(COMPARED * sum(tasks_of[id] for id in part))


def _checklist(session: Session, pinned: InspectionForm, stored: Document | None) -> Draft | None:
    """Return a checklist as it is stored, if that is the text which was pinned, else as it was."""
    id = form_scope(pinned.name, pinned.version)
    try:
        if stored and content_sha256(from_json(json.loads(stored.body))) == pinned.content_sha256:
            return Draft(id, id, "form", stored.body)
    except (FormError, ValueError, TypeError, AttributeError):
        pass  # no checklist at all
    try:
        return form_draft(pinned, checklists.published(session))
    except FormError:
        return None


def _is_shown(draft: Draft, stored: Document | None, last: int) -> bool:
    if stored is None or stored.pos > last:
        return False
    said = (stored.scope, stored.kind, stored.body, stored.deleted)
    return said == (draft.scope, draft.kind, draft.body, draft.deleted)


def _as_configured(draft: Draft, stored: Document | None) -> Draft:
    """Return a draft with the values that phones were told, where a configuration gives them."""
    if draft.kind != BUREAU or stored is None or _names(stored.body) != _names(draft.body):
        return draft
    return replace(draft, body=stored.body)


def _names(body: bytes) -> list[str] | None:
    try:
        read = json.loads(body)
    except ValueError:
        return None
    is_told = isinstance(read, dict) and all(isinstance(value, str) for value in read.values())
    return sorted(read) if is_told else None


def _is_past(stored: Document) -> bool:
    """Whether it was shown by a task that is over: a public text that stays."""
    if stored.kind == "law":
        return stored.id.removeprefix("law/") in law.book().ids
    return stored.id == {"form": stored.scope, BUREAU: BUREAU}.get(stored.kind)


def _seen(
    sights: Sequence[Sight], tasks: Mapping[str, TaskRows], last: int
) -> dict[tuple[str, str], bool]:
    """Compare who sees what belongs to tasks; checklists and law values are public and stay."""
    stored = {(one.user, one.scope): one.since for one in sights}
    wanted = {
        (one.user, scope)
        for one in sights
        if (rows := tasks.get(one.scope))
        for scope in (
            LAW_SCOPE,
            enterprises.scope(rows.inspection.enterprise_id),
            *(form_scope(form.name, form.version) for form in rows.forms),
        )
    }
    found = {key: True for key in wanted if not 0 < stored.get(key, 0) <= last}
    hidden = (key for key in stored if key[1].startswith(enterprises.PREFIX) and key not in wanted)
    return found | dict.fromkeys(hidden, False)
