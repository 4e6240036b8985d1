"""Who sees which scope since when, and what a pull sends of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.models.journal import ReplicaScope, SyncDocument
from sync.cursor import Cursor
from sync.ports import Document, ScopeChange

CHUNK = 5000
"""Scopes asked for in one statement: seldom is it more than one, which may read a table whole."""
FEW, MANY = 16, 128
"""
The same of a page, at first and at most. What PostgreSQL finds in them it reads and sorts before
it gives the first document.
"""


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


def changed(session: Session, user_id: UUID, cursor: Cursor, limit: int) -> list[Document]:
    """
    Return the next documents of a round in a user's visible scopes (`sync.ports.Journal.changed`).

    The cost follows the page, not what lies behind it.
    """
    found: list[Document] = []
    if cursor.since > cursor.upto:
        return found
    for since in _visible_from(session, user_id, cursor.scope):
        found += _within(session, since, cursor, limit - len(found))
        if len(found) == limit:
            break
    return found


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
    return sorted(session.execute(_VISIBLE, {"user": user_id}).scalars())


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


def present(session: Session, scope: str) -> list[str]:
    """Return the documents of a scope that are not deleted, sorted."""
    return sorted(row.id for row in session.execute(_VERSIONS, {"scopes": [scope]}))


def _visible(user_id: UUID, scope: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ReplicaScope.user_id == user_id,
        ReplicaScope.scope == scope,
        ReplicaScope.removed_pos.is_(None),
    )


def _visible_from(session: Session, user_id: UUID, scope: str) -> Iterator[dict[str, int]]:
    """
    Yield the scopes that a user sees now and since which position, in their order from one on.

    Few at first, then more and more at a time: a page of a snapshot needs few of them, a change is
    looked for in all. Which comes first is up to the database, and always the same.
    """
    size, passed = FEW, 0
    while True:
        part = {"user": user_id, "scope": scope, "size": size, "passed": passed}
        rows = session.execute(_VISIBLE_FROM, part).all()
        if rows:
            yield {row.scope: row.added_pos for row in rows}
        if len(rows) < size:
            return
        scope, passed, size = rows[-1].scope, 1, min(2 * size, MANY)


def _within(
    session: Session, since: Mapping[str, int], cursor: Cursor, limit: int
) -> list[Document]:
    """
    Return the next documents of some scopes, given in their order and since when each is seen.

    Of those seen before the round only what changed in it, of the others all; of the one in which
    the last page ended, what is behind it. They are asked for by scope, not by a join: told how
    many scopes there are, PostgreSQL looks them up instead of reading every document of the
    province.
    """
    alike: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for scope, added in since.items():
        if added <= cursor.upto:
            low = cursor.since if added < cursor.since else 0
            pos, id = (cursor.pos, cursor.id) if scope == cursor.scope else (0, "")
            alike[max(low, pos), pos, id].append(scope)
    found: list[Document] = []
    for (low, pos, id), names in alike.items():
        place = {"low": low, "high": cursor.upto, "pos": pos, "id": id}
        rows = session.execute(_NEXT, {**place, "scopes": names, "enough": limit}).all()
        found += (Document(*row) for row in rows)
    rank = {scope: n for n, scope in enumerate(since)}
    found.sort(key=lambda document: (rank[document.scope], document.pos, document.id))
    return found[:limit]


# Built once, and of the table: putting a statement together, and mapping, cost more than reading.
_DOCUMENT = bulk.table_of(SyncDocument).c
_SCOPE = bulk.table_of(ReplicaScope).c
_SEEN = (_SCOPE.user_id == bindparam("user"), _SCOPE.removed_pos.is_(None))
_VISIBLE = select(_SCOPE.scope).where(*_SEEN)
_VISIBLE_FROM = (
    select(_SCOPE.scope, _SCOPE.added_pos)
    .where(*_SEEN, _SCOPE.scope >= bindparam("scope"))
    .order_by(_SCOPE.scope)
    .limit(bindparam("size", type_=BigInteger))
    .offset(bindparam("passed", type_=BigInteger))
)
_OF_SCOPES = _DOCUMENT.scope.in_(bindparam("scopes", expanding=True))
_VERSIONS: Select[*tuple[Any, ...]] = select(_DOCUMENT.id, _DOCUMENT.ver).where(
    _OF_SCOPES, _DOCUMENT.deleted.is_(False)
)
_NEXT: Select[*tuple[Any, ...]] = (
    select(*(_DOCUMENT[name] for name in Document.__struct_fields__))
    .where(
        _OF_SCOPES,
        _DOCUMENT.pos >= bindparam("low", type_=BigInteger),
        _DOCUMENT.pos <= bindparam("high", type_=BigInteger),
        or_(_DOCUMENT.pos > bindparam("pos", type_=BigInteger), _DOCUMENT.id > bindparam("id")),
    )
    .order_by(_DOCUMENT.scope, _DOCUMENT.pos, _DOCUMENT.id)
    .limit(bindparam("enough", type_=BigInteger))
)
