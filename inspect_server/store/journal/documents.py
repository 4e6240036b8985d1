"""Documents that phones pull: one row each, at its latest position."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.journal import scopes
from inspect_server.store.journal.head import take_positions
from inspect_server.store.models.journal import SyncDocument
from sync.ports import Document, ScopeChange

CHUNK = 500
"""Rows looked up in one statement: below every engine's limit on parameters."""


@dataclass(frozen=True)
class Draft:
    """A document as it should be now; `body` is the exact JSON that phones get."""

    id: str
    scope: str
    kind: str
    body: bytes
    deleted: bool = False


def put(session: Session, drafts: Sequence[Draft]) -> int:
    """
    Store documents at new positions and return how many changed; an equal one keeps its position.

    Takes the position lock before it reads, so two writers of a shared document (a checklist, the
    law values) cannot both insert it.
    """
    take_positions(session, 0)
    stored = by_id(session, [draft.id for draft in drafts])
    changed = [draft for draft in drafts if _differs(draft, stored.get(draft.id))]
    first = take_positions(session, len(changed))
    replace(
        session,
        [
            Document(
                id=draft.id,
                scope=draft.scope,
                kind=draft.kind,
                ver=stored[draft.id].ver + 1 if draft.id in stored else 1,
                pos=pos,
                deleted=draft.deleted,
                body=draft.body,
            )
            for pos, draft in enumerate(changed, start=first)
        ],
    )
    return len(changed)


def replace(session: Session, documents: Sequence[Document]) -> None:
    """Insert or replace documents by id, versions and positions as given."""
    bulk.put(session, SyncDocument, rows_of(documents), key="id")


def rows_of(documents: Sequence[Document]) -> list[dict[str, object]]:
    """Return the columns of documents."""
    names = Document.__struct_fields__
    return [{name: getattr(document, name) for name in names} for document in documents]


def by_id(session: Session, ids: Collection[str]) -> dict[str, Document]:
    """Return the documents stored under these ids."""
    wanted = sorted(set(ids))
    found: dict[str, Document] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(_BY_ID, {"ids": wanted[start : start + CHUNK]}).all()
        found.update((row[0], Document(*row)) for row in rows)
    return found


def grant(session: Session, user_ids: Collection[UUID], scope: str) -> None:
    """Let these users see a scope from now on; who sees it already keeps their position."""
    take_positions(session, 0)
    joining = scopes.unseen_by(session, user_ids, scope)
    if joining:
        pos = take_positions(session, 1)
        scopes.change(session, [ScopeChange(str(user), scope, True) for user in joining], pos)


def withdraw(session: Session, user_ids: Collection[UUID], scope: str) -> None:
    """Hide a scope from these users from now on; their phones keep what they captured."""
    pos = take_positions(session, 1)
    leaving = sorted(set(user_ids))
    scopes.change(session, [ScopeChange(str(user), scope, False) for user in leaving], pos)


_TABLE = bulk.table_of(SyncDocument)
# Built once, and of the table: putting a statement together, and mapping, cost more than reading.
_BY_ID: Select[*tuple[Any, ...]] = select(
    *(_TABLE.c[name] for name in Document.__struct_fields__)
).where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))


def _differs(draft: Draft, stored: Document | None) -> bool:
    if stored is None:
        return True
    return (stored.body, stored.deleted, stored.scope) != (draft.body, draft.deleted, draft.scope)
