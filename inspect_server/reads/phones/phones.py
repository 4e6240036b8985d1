"""Phones and their inbox, each only for those who look after them."""

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true
from sqlalchemy.orm import Session

from inspect_server.domain.identity import reach_of_phones
from inspect_server.reads.paging import Page
from inspect_server.reads.phones import inbox as set_aside
from inspect_server.reads.phones import journal
from inspect_server.reads.phones.inbox import InboxRow, UnverifiedRow
from inspect_server.reads.phones.journal import ReplicaRow
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.journal.replicas import looked_after
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import JournalEntry, Operation, Replica


def phones(session: Session, viewer: Viewer, bureau: str) -> tuple[ReplicaRow, ...]:
    """
    Return the phones that somebody looks after, and how far each is.

    Args:
        viewer: A supervisor gets those of the own unit; one whose unit is the bureau gets all.
        bureau: The bureau's name.
    """
    query = select(Replica.id).outerjoin(User, User.id == Replica.user_id)
    known = set(session.scalars(query.where(looked_after(reach_of_phones(viewer, bureau)))))
    return tuple(row for row in journal.replica_states(session) if row.id in known)


def inbox(
    session: Session, viewer: Viewer, bureau: str, page: int = 1, size: int = 50, after: str = ""
) -> Page[InboxRow]:
    """Return what was set aside, or applied with a doubt, and somebody may see, newest first."""
    return set_aside.listed(session, page, size, concerns(viewer, bureau), after)


def unverified(session: Session, viewer: Viewer, bureau: str) -> tuple[UnverifiedRow, ...]:
    """Return the raw bytes without a valid signature that the viewer's phones delivered."""
    return set_aside.unverified(session, looked_after(reach_of_phones(viewer, bureau)))


def concerns(viewer: Viewer, bureau: str) -> ColumnElement[bool]:
    """
    Return which entries somebody may see: of inspections that they may.

    One of no inspection known here is for those above the units; what a restore lost of a phone,
    also for those who look after it.
    """
    of_nobody = and_(Inspection.id.is_(None), true() if viewer.unit == bureau else false())
    phones = (
        select(literal("replica/") + Replica.id)
        .outerjoin(User, User.id == Replica.user_id)
        .where(looked_after(reach_of_phones(viewer, bureau)))
        .correlate(None)
    )
    losses = select(Operation.entry_hash).where(
        Operation.assignment.is_(None),
        Operation.type == "replica.lost",
        Operation.item.in_(phones),
    )
    return or_(visible(viewer), of_nobody, JournalEntry.hash.in_(losses))
