"""
When the server's own jobs are due: rows, so that nothing missed is forgotten.

What a job does and the mark that it was done share a transaction: both happen, or neither.
"""

from dataclasses import dataclass
from datetime import datetime

from inspect_server.domain.errors import InspectError
from inspect_server.store import due_jobs
from inspect_server.usecases.work import Work


class AlreadyFired(InspectError):
    """Another process did what was due; this one's effect is taken back."""

    code, kind = "jobs.already_fired", "conflict"
    message = "定时任务 {job} 已由另一进程执行，本次不重复执行，请检查是否重复启动了定时任务进程。"


@dataclass(frozen=True)
class Deadline:
    """A moment at which a job is, or was, due and that nobody fired yet."""

    job: str
    due_at: datetime


def awaited(work: Work, job: str, first: datetime) -> Deadline:
    """Return the oldest deadline of a job that was not fired; a job without one gets `first`."""
    due_at = due_jobs.oldest_unfired(work.session, job)
    if due_at is None:
        due_at = first
        due_jobs.add(work.session, job, first)
    return Deadline(job, due_at)


def fire(work: Work, deadline: Deadline, following: datetime) -> None:
    """
    Mark a deadline in the transaction of its effect and set the next one.

    Moments missed between the two are not made up for one by one: once is enough.

    Args:
        work: The transaction in which the job has its effect.
        deadline: What was awaited.
        following: The job's next moment, later than now.

    Raises:
        AlreadyFired: Somebody did it meanwhile.
    """
    if not due_jobs.mark_fired(work.session, deadline.job, deadline.due_at, work.now):
        raise AlreadyFired(job=deadline.job)
    due_jobs.add(work.session, deadline.job, following)
