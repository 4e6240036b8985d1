"""
The process that acts by the clock: one per database, every job a time and a use case.

When a job is due stands in the database. What was missed while the machine was off runs once, at
the next start; APScheduler only wakes this process up.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from inspect_server.gateways.leader import LeadershipLost, leading
from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases import due_jobs, upkeep
from inspect_server.usecases.disclosing.batches import publish_due
from inspect_server.usecases.drawing.auditing.check_draws import check_draws
from inspect_server.usecases.drawing.pool import drop_left_snapshots
from inspect_server.usecases.due_jobs import Deadline
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.phones.publish_task import hide_closed_tasks, show_today
from inspect_server.usecases.work import Actor, Backend, Work
from inspect_server.web.traces import trace

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("inspect_server.jobs")

Fire = Callable[[Work], None]
"""Marks the deadline in the transaction of the job's effect."""


class _Stopped(BaseException):
    """The process was asked to end; not an Exception, so that no job swallows it."""


@dataclass(frozen=True)
class Job:
    """Something to do at certain moments of the local clock."""

    name: str
    when: CronTrigger
    action: Callable[[Deadline, Fire], None]

    def after(self, moment: datetime) -> datetime:
        """Return the job's first moment later than this one, in UTC."""
        found: datetime = self.when.get_next_fire_time(None, moment + timedelta(microseconds=1))
        return found.astimezone(UTC)


def run_jobs(backend: Backend, announce: Callable[[str], object] = lambda _: None) -> None:
    """
    Run all jobs by the local clock until SIGTERM or Ctrl+C; what runs then is let finish or stop.

    Raises:
        AlreadyRunning: This database has its process already.
        LeadershipLost: The database was lost; start again once it is back.
    """
    with leading(backend.engine) as check:
        Jobs(backend, check).run(announce)


class Jobs:
    """The jobs of one server and their times."""

    def __init__(self, backend: Backend, check_leading: Callable[[], None]) -> None:
        self._backend = backend
        self._check_leading = check_leading
        self._stopping = threading.Event()
        self._lost: LeadershipLost | None = None
        self.scheduler = BlockingScheduler(
            timezone=backend.settings.zone,
            # One at a time: the jobs share a database that has one writer.
            executors={"default": ThreadPoolExecutor(1)},
            # A machine that slept runs each missed job once, however late.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self.jobs = tuple(
            Job(name, CronTrigger.from_crontab(when, timezone=backend.settings.zone), action)
            for name, when, action in self._table()
        )

    def _table(self) -> tuple[tuple[str, str, Callable[[Deadline, Fire], None]], ...]:
        return (
            ("drop_expired", "17 * * * *", self.drop_expired),
            ("show_law_values", "5 0 * * *", self.show_law_values),
            ("verify_files", "30 1 * * *", self.verify_files),
            ("drop_abandoned_uploads", "45 3 * * *", self.drop_abandoned_uploads),
            ("hide_closed_tasks", "50 3 * * *", self.hide_closed_tasks),
            ("verify_all", "0 4 * * sun", self.verify_all),
            ("publish_due", "20 6 * * *", self.publish_due),
        )

    def run(self, announce: Callable[[str], object]) -> None:
        """Run until told to stop."""
        earlier = {name: signal.getsignal(name) for name in SIGNALS}
        self.scheduler.add_job(self._keep_leading, "interval", minutes=1, id="keep_leading")
        for job in self.jobs:
            self._wait_for(job)
        try:
            for name in SIGNALS:
                signal.signal(name, _stop)
            announce("定时任务已启动（按 Ctrl+C 停止）")
            self.scheduler.start()
        except _Stopped:
            log.info("stopping")
        finally:
            self._stopping.set()
            for name, handler in earlier.items():
                signal.signal(name, handler)
            if self.scheduler.running:
                self.scheduler.shutdown(wait=True)
        if self._lost is not None:
            raise self._lost
        announce("定时任务已停止")

    def drop_expired(self, _: Deadline, fire: Fire) -> None:
        """Delete sessions and nonces that are over."""
        with self._backend.begin(Actor.system("jobs")) as work:
            upkeep.drop_expired(work)
            fire(work)

    def drop_abandoned_uploads(self, _: Deadline, fire: Fire) -> None:
        """Finish what came in whole, free what nobody goes on with and what killed steps left."""
        upkeep.finish_left_uploads(self._backend)
        with self._backend.begin(Actor.system("jobs")) as work:
            drop_left_snapshots(work.session, work.settings.data_dir)
            upkeep.drop_abandoned_uploads(work)
            upkeep.drop_left_parts(work)
            fire(work)

    def show_law_values(self, _: Deadline, fire: Fire) -> None:
        """Bring the law values of the new day to the phones, and what else is told anew."""
        with self._backend.begin(Actor.system("jobs")) as work:
            show_today(work)
            fire(work)

    def hide_closed_tasks(self, _: Deadline, fire: Fire) -> None:
        """Take the tasks closed a month ago off the phones."""
        with self._backend.begin(Actor.system("jobs")) as work:
            hide_closed_tasks(work)
            fire(work)

    def publish_due(self, _: Deadline, fire: Fire) -> None:
        """Make public what has to be public by today (一公开)."""
        with self._backend.begin(Actor.system("jobs")) as work:
            found = publish_due(work)
            fire(work)
        for draw_no in found.waiting:
            log.warning("publish_due: batch %s has results due and open checks", draw_no)

    def verify_files(self, deadline: Deadline, fire: Fire) -> None:
        """Read the files of this night, and of the nights missed before it, again."""
        zone = self._backend.settings.zone
        first = deadline.due_at.astimezone(zone).date()
        missed = (self._backend.clock.now().astimezone(zone).date() - first).days
        nights = [first + timedelta(days=n) for n in range(missed + 1)]
        found = upkeep.verify_files(self._backend, nights, self._step, fire)
        self._report("verify_files", found)

    def verify_all(self, _: Deadline, fire: Fire) -> None:
        """Check the whole journal and the whole record from their bytes, weekly."""
        journal = verify_journal(self._backend, self._step)
        with self._backend.reading() as session:
            cases = check_cases(session, advance=self._step)
            drawn = check_draws(self._backend, session, self._step)
        faults = [f"{fault.what} {fault.where}" for fault in journal.faults]
        faults += [f"{case.case} {fault}" for case in cases for fault in case.faults]
        faults += [f"draw {one.draw_no} {fault}" for one in drawn for fault in one.faults]
        checked = journal.entries + len(drawn) + sum(case.events for case in cases)
        found = upkeep.Verified(checked, tuple(faults))
        upkeep.audit_verified(self._backend, "verify.all", found, fire)
        self._report("verify_all", found)

    def _wait_for(self, job: Job, *, failed: bool = False) -> None:
        """Let the scheduler wake this process when a job is due; at once if that is over."""
        now = self._backend.clock.now()
        with self._backend.begin(Actor.system("jobs")) as work:
            due_at = due_jobs.awaited(work, job.name, job.after(now)).due_at
        if failed:
            due_at = max(due_at, job.after(now))
        run_date = datetime.now(UTC) + (due_at - now)
        self.scheduler.add_job(self.run_one, "date", run_date=run_date, args=[job], id=job.name)

    def run_one(self, job: Job) -> None:
        """Do one job that is due and wait for its next moment; a failure is logged and waits."""
        began = datetime.now(UTC)
        try:
            self._do(job)
        except _Stopped:
            log.warning("%s stopped with the process; it runs at the next start", job.name)
            return
        except Exception as error:
            # Without the message, which may quote names and numbers from the database.
            log.error("%s failed; it runs again at its next time: %s", job.name, trace(error))
            failed = True
        else:
            log.info("%s done in %.1f s", job.name, (datetime.now(UTC) - began).total_seconds())
            failed = False
        self._wait_for(job, failed=failed)

    def _do(self, job: Job) -> None:
        now = self._backend.clock.now()
        with self._backend.begin(Actor.system("jobs")) as work:
            deadline = due_jobs.awaited(work, job.name, job.after(now))
        if deadline.due_at <= now:
            job.action(deadline, lambda work: due_jobs.fire(work, deadline, job.after(work.now)))

    def _step(self, _: int) -> None:
        if self._stopping.is_set():
            raise _Stopped

    def _report(self, name: str, found: upkeep.Verified) -> None:
        for fault in found.faults:
            log.error("%s: does not hold: %s", name, fault)

    def _keep_leading(self) -> None:
        try:
            self._check_leading()
        except LeadershipLost as lost:
            self._lost = lost
            self._stopping.set()
            self.scheduler.shutdown(wait=False)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Stopped
