"""The process that acts by the clock: one per database, every job a time and a use case."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from inspect_server.gateways.leader import LeadershipLost, leading
from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases import upkeep
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Actor, Backend
from inspect_server.web.traces import trace

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("inspect_server.jobs")


class _Stopped(BaseException):
    """The process was asked to end; not an Exception, so that no job swallows it."""


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
        for name, when, action in self._table():
            trigger = CronTrigger.from_crontab(when, timezone=backend.settings.zone)
            self.scheduler.add_job(self._run, trigger, args=[name, action], id=name)

    def _table(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        return (
            ("drop_expired", "17 * * * *", self.drop_expired),
            ("verify_files", "30 1 * * *", self.verify_files),
            ("drop_abandoned_uploads", "45 3 * * *", self.drop_abandoned_uploads),
            ("verify_all", "0 4 * * sun", self.verify_all),
        )

    def run(self, announce: Callable[[str], object]) -> None:
        """Run until told to stop."""
        earlier = {name: signal.getsignal(name) for name in SIGNALS}
        self.scheduler.add_job(self._keep_leading, "interval", minutes=1, id="keep_leading")
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

    def drop_expired(self) -> None:
        """Delete sessions and nonces that are over."""
        with self._backend.begin(Actor.system("jobs")) as work:
            upkeep.drop_expired(work)

    def drop_abandoned_uploads(self) -> None:
        """Free the parts of uploads that nobody goes on with."""
        with self._backend.begin(Actor.system("jobs")) as work:
            upkeep.drop_abandoned_uploads(work)

    def verify_files(self) -> None:
        """Read this night's share of the files again."""
        night = self._backend.clock.now().astimezone(self._backend.settings.zone).date()
        self._report("verify_files", upkeep.verify_files(self._backend, night, self._step))

    def verify_all(self) -> None:
        """Check the whole journal and the whole record from their bytes, weekly."""
        journal = verify_journal(self._backend, self._step)
        with self._backend.reading() as session:
            cases = check_cases(session, advance=self._step)
        faults = [f"{fault.what} {fault.where}" for fault in journal.faults]
        faults += [f"{case.case} {fault}" for case in cases for fault in case.faults]
        checked = journal.entries + sum(case.events for case in cases)
        found = upkeep.Verified(checked, tuple(faults))
        self._report("verify_all", upkeep.audit_verified(self._backend, "verify.all", found))

    def _run(self, name: str, action: Callable[[], object]) -> None:
        began = datetime.now(self._backend.settings.zone)
        try:
            action()
        except _Stopped:
            log.warning("%s stopped with the process; it runs again at its next time", name)
        except Exception as error:
            # Without the message, which may quote names and numbers from the database.
            log.error("%s failed; it runs again at its next time: %s", name, trace(error))
        else:
            took = datetime.now(self._backend.settings.zone) - began
            log.info("%s done in %.1f s", name, took.total_seconds())

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
