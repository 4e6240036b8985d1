"""Who sees which scope since when, and what a pull sends of it."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, case, select, tuple_, union_all, update
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import ReplicaScope, SyncDocument
from sync.ports import Document, ScopeChange


def change(session: Session, changes: Sequence[ScopeChange], pos: int) -> None:
    """Show scopes to users from `pos` on, or hide them; what is so already stays untouched."""
    for wanted in changes:
        user_id = UUID(wanted.user)
        seen = session.scalar(select(ReplicaScope.id).where(*_visible(user_id, wanted.scope)))
        if wanted.visible and seen is None:
            session.add(
                ReplicaScope(
                    id=uuid4(),
                    user_id=user_id,
                    scope=wanted.scope,
                    added_pos=pos,
                    removed_pos=None,
                )
            )
        elif not wanted.visible and seen is not None:
            session.execute(
                update(ReplicaScope).where(ReplicaScope.id == seen).values(removed_pos=pos)
            )
        session.flush()


def unseen_by(session: Session, user_ids: Collection[UUID], scope: str) -> list[UUID]:
    """Return which of these users do not see a scope now, sorted."""
    seeing = session.scalars(
        select(ReplicaScope.user_id).where(
            ReplicaScope.scope == scope, ReplicaScope.removed_pos.is_(None)
        )
    )
    return sorted(set(user_ids) - set(seeing))


def changed(
    session: Session, user_id: UUID, after_pos: int, after_id: str, limit: int
) -> list[tuple[int, Document]]:
    """
    Return the next documents of a user's visible scopes with their effective positions.

    Two ranges of one index instead of an OR, so that the cost follows what changed: documents that
    changed since, and every document of the scopes that came into sight since.
    """
    since = union_all(
        _page(user_id, ReplicaScope.added_pos < after_pos, SyncDocument.pos >= after_pos),
        _page(user_id, ReplicaScope.added_pos >= after_pos),
    ).subquery()
    rows = session.execute(
        select(since)
        .where(tuple_(since.c.effective, since.c.id) > tuple_(after_pos, after_id))
        .order_by(since.c.effective, since.c.id)
        .limit(limit)
    )
    return [
        (
            row.effective,
            Document(row.id, row.scope, row.kind, row.ver, row.pos, row.deleted, row.body),
        )
        for row in rows
    ]


def left(session: Session, user_id: UUID, after_pos: int) -> list[str]:
    """Return the scopes hidden after a position and not visible now, sorted."""
    hidden = session.scalars(
        select(ReplicaScope.scope).where(
            ReplicaScope.user_id == user_id, ReplicaScope.removed_pos > after_pos
        )
    )
    return sorted(set(hidden) - set(visible(session, user_id)))


def visible(session: Session, user_id: UUID) -> list[str]:
    """Return the scopes that a user sees now, sorted."""
    return sorted(
        session.scalars(
            select(ReplicaScope.scope).where(
                ReplicaScope.user_id == user_id, ReplicaScope.removed_pos.is_(None)
            )
        )
    )


def shown(session: Session, prefix: str) -> list[str]:
    """Return the scopes with this beginning that somebody sees now, sorted."""
    found = session.scalars(
        select(ReplicaScope.scope)
        .where(ReplicaScope.scope.startswith(prefix), ReplicaScope.removed_pos.is_(None))
        .distinct()
    )
    return sorted(found)


def versions(session: Session, user_id: UUID) -> Iterator[tuple[str, int]]:
    """Yield id and version of every document that a user sees and that is not deleted."""
    rows = session.execute(
        select(SyncDocument.id, SyncDocument.ver)
        .join(ReplicaScope, ReplicaScope.scope == SyncDocument.scope)
        .where(
            ReplicaScope.user_id == user_id,
            ReplicaScope.removed_pos.is_(None),
            SyncDocument.deleted.is_(False),
        )
    )
    for row in rows:
        yield row.id, row.ver


def _visible(user_id: UUID, scope: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ReplicaScope.user_id == user_id,
        ReplicaScope.scope == scope,
        ReplicaScope.removed_pos.is_(None),
    )


def _page(user_id: UUID, *conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    effective = case(
        (SyncDocument.pos > ReplicaScope.added_pos, SyncDocument.pos), else_=ReplicaScope.added_pos
    )
    return (
        select(
            effective.label("effective"),
            SyncDocument.id,
            SyncDocument.scope,
            SyncDocument.kind,
            SyncDocument.ver,
            SyncDocument.pos,
            SyncDocument.deleted,
            SyncDocument.body,
        )
        .join(ReplicaScope, ReplicaScope.scope == SyncDocument.scope)
        .where(ReplicaScope.user_id == user_id, ReplicaScope.removed_pos.is_(None), *conditions)
    )
