"""When the server's own jobs are due: a row a moment, marked once what was due has been done."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from inspect_server.store.models.jobs import JobDeadline


def oldest_unfired(session: Session, job: str) -> datetime | None:
    """Return the oldest moment of a job that nobody acted on yet."""
    return session.scalar(
        select(func.min(JobDeadline.due_at)).where(
            JobDeadline.job == job, JobDeadline.fired_at.is_(None)
        )
    )


def add(session: Session, job: str, due_at: datetime) -> None:
    """Insert the next moment of a job."""
    session.add(JobDeadline(job=job, due_at=due_at))
    session.flush()


def mark_fired(session: Session, job: str, due_at: datetime, now: datetime) -> bool:
    """Mark a moment as acted on; False when somebody else had done so."""
    done = session.execute(
        update(JobDeadline)
        .where(
            JobDeadline.job == job,
            JobDeadline.due_at == due_at,
            JobDeadline.fired_at.is_(None),
        )
        .values(fired_at=now)
        .returning(JobDeadline.job)
    )
    return done.first() is not None
