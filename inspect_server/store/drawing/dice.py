"""The dice of a draw: kept once, never changed."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.store.models.planning import DrawDice
from inspect_server.store.models.record import RecordLeaf


def of_draw(session: Session, draw_id: UUID) -> DrawDice | None:
    """Return the dice of a draw, None while none are logged."""
    return session.get(DrawDice, draw_id)


def add(session: Session, draw_id: UUID, value: str, leaf: str, at: datetime, by: str) -> DrawDice:
    """Keep the dice and return their row; call under the draw's row lock."""
    row = DrawDice(draw_id=draw_id, value=value, leaf=leaf, rolled_at=at, rolled_by=by)
    session.add(row)
    session.flush()
    return row


def logged(session: Session, row: DrawDice) -> dict[str, Any] | None:
    """Return the event of the draw log that the row names, None when it is not there."""
    leaf = session.get(RecordLeaf, row.leaf)
    if leaf is None:
        return None
    event: dict[str, Any] = json.loads(leaf.content)
    return event
