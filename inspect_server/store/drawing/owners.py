"""Whose a draw is."""

from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.store.models.identity import User
from inspect_server.store.models.planning import Draw

USER = "user:"


def unit_of(session: Session, draw: Draw) -> str:
    """Return the unit of the account that committed to a draw; "" where it is not known."""
    user = session.get(User, UUID(draw.committed_by.removeprefix(USER)))
    return user.unit if user else ""
