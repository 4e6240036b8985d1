"""Documents that phones pull, and who sees which scope since when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import ReplicaScope, SyncDocument
from inspect_server.store.sync_head import take_positions

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
    if not drafts:
        return 0
    take_positions(session, 0)
    stored = _by_id(session, [draft.id for draft in drafts])
    changed = [draft for draft in drafts if _differs(draft, stored.get(draft.id))]
    first = take_positions(session, len(changed))
    created = []
    for pos, draft in enumerate(changed, start=first):
        row = stored.get(draft.id)
        if row is None:
            created.append(_values(draft, pos))
            continue
        row.ver, row.pos, row.body = row.ver + 1, pos, draft.body
        row.scope, row.kind, row.deleted = draft.scope, draft.kind, draft.deleted
    if created:
        session.execute(insert(SyncDocument), created)
    session.flush()
    return len(changed)


def grant(session: Session, user_ids: Collection[UUID], scope: str) -> None:
    """Let these users see a scope from now on; who sees it already keeps their position."""
    seeing = set(session.scalars(_active(scope)))
    for user_id in sorted(set(user_ids) - seeing):
        session.add(
            ReplicaScope(
                id=uuid4(),
                user_id=user_id,
                scope=scope,
                added_pos=take_positions(session, 1),
                removed_pos=None,
            )
        )
    session.flush()


def withdraw(session: Session, user_ids: Collection[UUID], scope: str) -> None:
    """Hide a scope from these users; their phones keep what they captured."""
    for user_id in sorted(set(user_ids) & set(session.scalars(_active(scope)))):
        session.execute(
            update(ReplicaScope)
            .where(
                ReplicaScope.user_id == user_id,
                ReplicaScope.scope == scope,
                ReplicaScope.removed_pos.is_(None),
            )
            .values(removed_pos=take_positions(session, 1))
        )


def _active(scope: str) -> Select[UUID]:
    return select(ReplicaScope.user_id).where(
        ReplicaScope.scope == scope, ReplicaScope.removed_pos.is_(None)
    )


def _by_id(session: Session, ids: Sequence[str]) -> dict[str, SyncDocument]:
    found: dict[str, SyncDocument] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = session.scalars(select(SyncDocument).where(SyncDocument.id.in_(part)))
        found.update((row.id, row) for row in rows)
    return found


def _differs(draft: Draft, row: SyncDocument | None) -> bool:
    if row is None:
        return True
    return (row.body, row.deleted, row.scope) != (draft.body, draft.deleted, draft.scope)


def _values(draft: Draft, pos: int) -> dict[str, object]:
    return {
        "id": draft.id,
        "scope": draft.scope,
        "kind": draft.kind,
        "ver": 1,
        "pos": pos,
        "deleted": draft.deleted,
        "body": draft.body,
    }
