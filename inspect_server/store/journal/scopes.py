"""Who sees which scope since when, and what a pull sends of it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import ReplicaScope, SyncDocument
from sync.ports import ScopeChange

Key = tuple[int, str]
"""Effective position and id of a document: the order of a pull's pages."""
CHUNK = 500
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
    after, upto = (after_pos, after_id), None
    enough = PAGES_READ * limit + LEAST_READ
    while True:
        found = sorted(_some(session, user_id, after, upto, enough))
        if len(found) < enough:
            return found[:limit]
        upto = found[limit - 1]


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
    """
    Yield id and version of every document that a user sees and that is not deleted.

    Scopes first: told how many they are, PostgreSQL looks them up instead of reading every
    document of the province.
    """
    names = visible(session, user_id)
    for start in range(0, len(names), CHUNK):
        yield from session.execute(_VERSIONS, {"scopes": names[start : start + CHUNK]})


def _visible(user_id: UUID, scope: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ReplicaScope.user_id == user_id,
        ReplicaScope.scope == scope,
        ReplicaScope.removed_pos.is_(None),
    )


def _some(
    session: Session, user_id: UUID, after: Key, upto: Key | None, limit: int
) -> Iterator[Key]:
    """
    Yield keys after one and up to another, in any order, and no more than the limit.

    Two ranges of one index instead of an OR: documents that changed since, and every document of
    the scopes that came into sight since.
    """
    query = _UPTO if upto else _ALL
    bounds = {"upto_pos": upto[0], "upto_id": upto[1]} if upto else {}
    place = {"user": user_id, "pos": after[0], "id": after[1], "enough": limit}
    for row in session.execute(query, {**place, **bounds}):
        yield row.effective, row.id


def _keys(*, bounded: bool) -> Select[*tuple[Any, ...]]:
    pos, id = bindparam("pos", type_=BigInteger), bindparam("id", type_=String)
    upto_pos, upto_id = bindparam("upto_pos", type_=BigInteger), bindparam("upto_id", type_=String)
    added, changed_at = ReplicaScope.added_pos, SyncDocument.pos
    within = [changed_at <= upto_pos, added <= upto_pos] if bounded else []
    user = ReplicaScope.user_id == bindparam("user", type_=ReplicaScope.user_id.type)
    part = (
        select(
            case((changed_at > added, changed_at), else_=added).label("effective"), SyncDocument.id
        )
        .join(ReplicaScope, ReplicaScope.scope == SyncDocument.scope)
        .where(user, ReplicaScope.removed_pos.is_(None), *within)
    )
    since = union_all(
        part.where(added < pos, changed_at >= pos), part.where(added >= pos)
    ).subquery()
    key = tuple_(since.c.effective, since.c.id)
    query = select(since).where(key > tuple_(pos, id))
    if bounded:
        query = query.where(key <= tuple_(upto_pos, upto_id))
    return query.limit(bindparam("enough", type_=BigInteger))


# Built once: putting a statement together costs more than running it.
_ALL, _UPTO = _keys(bounded=False), _keys(bounded=True)
_VERSIONS = select(SyncDocument.id, SyncDocument.ver).where(
    SyncDocument.scope.in_(bindparam("scopes", expanding=True)), SyncDocument.deleted.is_(False)
)
