"""Phones and their inbox, each only for those who look after them."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import WHOLE_BUREAU
from inspect_server.reads.paging import Page
from inspect_server.reads.phones import journal
from inspect_server.reads.phones.journal import QuarantinedRow, ReplicaRow
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import JournalEntry, Replica

DEVICE_KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
"""They look after devices and see no case: phones yes, what phones brought no."""


def phones(session: Session, viewer: Viewer, bureau: str) -> tuple[ReplicaRow, ...]:
    """
    Return the phones that somebody looks after, and how far each is.

    Args:
        viewer: A supervisor gets those of the own unit; one whose unit is the bureau gets all.
        bureau: The bureau's name.
    """
    query = select(Replica.id).outerjoin(User, User.id == Replica.user_id)
    known = set(session.scalars(query.where(_looked_after(viewer, bureau))))
    return tuple(row for row in journal.replica_states(session) if row.id in known)


def inbox(
    session: Session, viewer: Viewer, bureau: str, page: int = 1, size: int = 50
) -> Page[QuarantinedRow]:
    """Return the entries in quarantine that somebody may see, the newest first."""
    return journal.quarantined(session, page, size, _concerns(viewer, bureau))


def check_may_decide(session: Session, viewer: Viewer, bureau: str, entry_hash: str) -> None:
    """
    Refuse an entry of an inspection that somebody may not see.

    Raises:
        NotFound: No such entry, or not theirs to see.
    """
    query = (
        select(JournalEntry.hash)
        .outerjoin(Inspection, JournalEntry.assignment == Inspection.id)
        .where(JournalEntry.hash == entry_hash, _concerns(viewer, bureau))
    )
    if session.scalar(query) is None:
        raise NotFound(what="该条待处理记录")


def check_looked_after(session: Session, viewer: Viewer, bureau: str, replica_id: str) -> None:
    """
    Refuse a phone that is none of those that `phones` gives somebody.

    Raises:
        NotFound: No such phone, or not theirs to look after.
    """
    query = (
        select(Replica.id)
        .outerjoin(User, User.id == Replica.user_id)
        .where(Replica.id == replica_id, _looked_after(viewer, bureau))
    )
    if session.scalar(query) is None:
        raise NotFound(what="该手机")


def _concerns(viewer: Viewer, bureau: str) -> ColumnElement[bool]:
    """An entry that belongs to no inspection known here is for those above the units."""
    of_nobody = and_(Inspection.id.is_(None), true() if viewer.unit == bureau else false())
    return or_(visible(viewer), of_nobody)


def _looked_after(viewer: Viewer, bureau: str) -> ColumnElement[bool]:
    if viewer.roles & (WHOLE_BUREAU | DEVICE_KEEPERS):
        return true()
    if Role.SUPERVISOR not in viewer.roles or not viewer.unit:
        return false()
    return true() if viewer.unit == bureau else User.unit == viewer.unit
