"""Who sees which scope since when, and what a pull sends of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    bindparam,
    select,
    update,
)
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.models.journal import ReplicaScope, SyncDocument
from sync.ports import ScopeChange

Key = tuple[int, str]
"""Effective position and id of a document: the order of a pull's pages."""
CHUNK = 500
LAST = 2**63 - 1
"""Behind every position."""
PAGES_READ, LEAST_READ = 4, 1000
"""Keys read at a time: so many pages, and so many more. What is left for a phone seldom is more."""


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


def next_keys(
    session: Session, user_id: UUID, after_pos: int, after_id: str, limit: int
) -> list[Key]:
    """
    Return effective position and id of the next documents of a user's visible scopes.

    The cost follows the page, not what lies behind it: of more rows than enough, read in any
    order, the smallest ones bound where the page ends, and nothing beyond that is read again.
    """
    since = _since(session, user_id)
    upto, enough = LAST, PAGES_READ * limit + LEAST_READ
    while True:
        rows = _some(session, since, after_pos, upto, enough)
        keys = [(max(pos, since[scope]), id) for id, scope, pos in rows]
        found = sorted(key for key in keys if key > (after_pos, after_id))
        if len(rows) < enough:
            return found[:limit]
        bound = found[limit - 1][0] if len(found) >= limit else upto
        if bound == upto:  # more of them at one position than were to be read
            enough *= 2
        upto = bound


def left(session: Session, user_id: UUID, after_pos: int) -> list[str]:
    """Return the scopes hidden after a position and not visible now, sorted."""
    gone = set(
        session.scalars(
            select(ReplicaScope.scope).where(
                ReplicaScope.user_id == user_id, ReplicaScope.removed_pos > after_pos
            )
        )
    )
    return sorted(gone.difference(visible(session, user_id))) if gone else []


def visible(session: Session, user_id: UUID) -> list[str]:
    """Return the scopes that a user sees now, sorted."""
    return sorted(_since(session, user_id))


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
    names = visible(session, user_id)
    for start in range(0, len(names), CHUNK):
        yield from session.execute(_VERSIONS, {"scopes": names[start : start + CHUNK]}).all()


def _visible(user_id: UUID, scope: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ReplicaScope.user_id == user_id,
        ReplicaScope.scope == scope,
        ReplicaScope.removed_pos.is_(None),
    )


def _since(session: Session, user_id: UUID) -> dict[str, int]:
    """
    Return the scopes that a user sees now, and since which position.

    Documents are then asked for by scope, not by a join: told how many scopes there are,
    PostgreSQL looks them up instead of reading every document of the province.
    """
    rows = session.execute(
        select(ReplicaScope.scope, ReplicaScope.added_pos).where(
            ReplicaScope.user_id == user_id, ReplicaScope.removed_pos.is_(None)
        )
    )
    return {row.scope: row.added_pos for row in rows}


def _some(
    session: Session, since: Mapping[str, int], pos: int, upto: int, limit: int
) -> list[Row[*tuple[Any, ...]]]:
    """
    Return id, scope and position of documents at effective positions in this range.

    In any order, and no more than the limit. Of the scopes seen before only what changed since, of
    those that came into sight since all.
    """
    older = [scope for scope, added in since.items() if added < pos]
    newer = [scope for scope, added in since.items() if pos <= added <= upto]
    rows: list[Row[*tuple[Any, ...]]] = []
    for scopes, low in ((older, pos), (newer, 0)):
        for start in range(0, len(scopes), CHUNK):
            part = {"scopes": scopes[start : start + CHUNK], "low": low, "high": upto}
            rows += session.execute(_WITHIN, {**part, "enough": limit - len(rows)}).all()
            if len(rows) == limit:
                return rows
    return rows


# Built once, and of the table: putting a statement together, and mapping, cost more than reading.
_DOCUMENT = bulk.table_of(SyncDocument).c
_OF_SCOPES = _DOCUMENT.scope.in_(bindparam("scopes", expanding=True))
_WITHIN: Select[*tuple[Any, ...]] = (
    select(_DOCUMENT.id, _DOCUMENT.scope, _DOCUMENT.pos)
    .where(
        _OF_SCOPES,
        _DOCUMENT.pos >= bindparam("low", type_=BigInteger),
        _DOCUMENT.pos <= bindparam("high", type_=BigInteger),
    )
    .limit(bindparam("enough", type_=BigInteger))
)
_VERSIONS: Select[*tuple[Any, ...]] = select(_DOCUMENT.id, _DOCUMENT.ver).where(
    _OF_SCOPES, _DOCUMENT.deleted.is_(False)
)
