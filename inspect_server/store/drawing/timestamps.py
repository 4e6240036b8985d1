"""Trusted timestamps on commits: added one after another, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.draw.checks.timestamps import to_json
from inspect_server.store.models.replacing import DrawTimestamp


def add(session: Session, draw_id: UUID, tsa: str, token: bytes, at: datetime, by: str) -> int:
    """Keep a token and return its number; call under the draw's row lock."""
    taken = select(func.max(DrawTimestamp.number)).where(DrawTimestamp.draw_id == draw_id)
    number = (session.scalar(taken) or 0) + 1
    session.add(
        DrawTimestamp(
            draw_id=draw_id, number=number, tsa=tsa, token=token, stored_at=at, stored_by=by
        )
    )
    session.flush()
    return number


def is_kept(session: Session, draw_id: UUID, token: bytes) -> bool:
    """Return whether a draw has this very token already."""
    kept = select(DrawTimestamp.token).where(DrawTimestamp.draw_id == draw_id)
    return token in set(session.scalars(kept))


def in_certificate(session: Session, draw_id: UUID) -> list[dict[str, str]]:
    """Return a draw's timestamps as its certificate carries them, in order."""
    return [to_json(row.tsa, row.token) for row in of_draw(session, draw_id)]


def of_draw(session: Session, draw_id: UUID) -> Sequence[DrawTimestamp]:
    """Return the timestamps on a draw's commit in order."""
    return session.scalars(
        select(DrawTimestamp).where(DrawTimestamp.draw_id == draw_id).order_by(DrawTimestamp.number)
    ).all()
