"""The process that acts by the clock: alone on its database, true in what it does, quick to end."""

import os
import signal
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from inspect_server.domain.enums import Role
from inspect_server.gateways.leader import AlreadyRunning, LeadershipLost, leading
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.jobs import Job, Jobs, run_jobs
from inspect_server.store.engine import open_engine
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import AuditEvent, LoginSession
from inspect_server.store.models.jobs import JobDeadline
from inspect_server.store.models.journal import Replica, Upload
from inspect_server.usecases import due_jobs, upkeep
from inspect_server.usecases.accounts import add_user, start_session
from inspect_server.usecases.due_jobs import AlreadyFired, Deadline
from inspect_server.usecases.work import Backend, Work
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.draw_world import build

__all__ = ["small_form"]

TEST = ALL_ROLES


DUE = Deadline("", datetime(2026, 3, 2, tzinfo=UTC))


def unmarked(_: Work) -> None:
    """What a job does besides, when nobody keeps its deadlines."""


def due(backend: Backend) -> dict[str, list[str]]:
    """Every deadline that nobody fired: job -> local moments."""
    found: dict[str, list[str]] = {}
    with backend.reading() as session:
        rows = session.scalars(select(JobDeadline).where(JobDeadline.fired_at.is_(None)))
        for row in rows:
            local = row.due_at.astimezone(backend.settings.zone)
            found.setdefault(row.job, []).append(f"{local:%m-%d %H:%M}")
    return found


def run_for(backend: Backend, seconds: float) -> None:
    """Run the process and end it after so long."""

    def end_soon(_: str) -> None:
        if not timers:
            timers.append(threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM)))
            timers[0].start()

    timers: list[threading.Timer] = []
    run_jobs(backend, end_soon)


def outcomes(backend: Backend, action: str) -> list[str]:
    with backend.reading() as session:
        found = session.scalars(
            select(AuditEvent.outcome).where(AuditEvent.action == action).order_by(AuditEvent.at)
        )
        return list(found)


def test_a_second_process_is_refused_and_the_lock_ends_with_the_first(backend: Backend) -> None:
    with leading(backend.engine) as check:
        check()
        with pytest.raises(AlreadyRunning), leading(backend.engine):
            pass
    with leading(backend.engine):
        again = True

    assert again


def test_whoever_lost_the_database_does_not_go_on(postgres: str) -> None:
    engine = open_engine(postgres)
    with leading(engine) as check:
        with engine.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        with pytest.raises(LeadershipLost):
            check()
    engine.dispose()


def test_the_scheduler_runs_late_rather_than_never_and_once_rather_than_often(
    sqlite_backend: Backend,
) -> None:
    jobs = Jobs(sqlite_backend, lambda: None)

    assert jobs.scheduler._job_defaults == {
        "misfire_grace_time": None,
        "coalesce": True,
        "max_instances": 1,
    }
    assert all(str(job.when.timezone) == "Asia/Shanghai" for job in jobs.jobs)


def test_the_first_start_only_notes_when_each_job_is_due(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    run_for(sqlite_backend, 0.5)

    assert due(sqlite_backend) == {  # the clock says Monday, 2 March 2026, 09:00 in Shanghai
        "drop_expired": ["03-02 09:17"],
        "show_law_values": ["03-03 00:05"],
        "verify_files": ["03-03 01:30"],
        "drop_abandoned_uploads": ["03-03 03:45"],
        "hide_closed_tasks": ["03-03 03:50"],
        "verify_all": ["03-08 04:00"],
        "publish_due": ["03-03 06:20"],
    }
    assert outcomes(sqlite_backend, "verify.files") == []


def test_what_was_missed_while_the_machine_was_off_runs_once_at_the_next_start(
    backend: Backend, clock: FixedClock
) -> None:
    run_for(backend, 0.5)
    clock.forward(days=3, hours=1)
    run_for(backend, 3)
    after_one_start = outcomes(backend, "verify.files")
    run_for(backend, 0.5)

    assert after_one_start == ["sound 0"]
    assert outcomes(backend, "verify.files") == ["sound 0"]
    assert outcomes(backend, "verify.all") == []  # Sunday is still to come
    assert due(backend)["verify_files"] == ["03-06 01:30"]
    assert due(backend)["drop_expired"] == ["03-05 10:17"]


def test_the_files_of_every_missed_night_are_read_again(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    _store(sqlite_backend, [bytes([n]) * 50 for n in range(60)])
    jobs = Jobs(sqlite_backend, lambda: None)
    deadline = Deadline("verify_files", clock.now())
    clock.forward(days=upkeep.NIGHTS - 1)
    jobs.verify_files(deadline, lambda _: None)

    assert outcomes(sqlite_backend, "verify.files") == ["sound 60"]


def test_a_deadline_is_fired_together_with_its_effect_or_not_at_all(
    backend: Backend, clock: FixedClock
) -> None:
    jobs = Jobs(backend, lambda: None)
    job = next(job for job in jobs.jobs if job.name == "verify_files")
    with backend.begin(TEST) as work:
        deadline = due_jobs.awaited(work, job.name, clock.now())

    def power_cut(work: Work) -> None:
        due_jobs.fire(work, deadline, job.after(work.now))
        raise SystemExit

    with pytest.raises(SystemExit):
        job.action(deadline, power_cut)
    undone = due(backend), outcomes(backend, "verify.files")
    jobs.run_one(job)

    assert undone == ({job.name: ["03-02 09:00"]}, [])
    assert outcomes(backend, "verify.files") == ["sound 0"]
    assert due(backend) == {job.name: ["03-03 01:30"]}


def test_a_deadline_that_another_process_fired_takes_this_effect_back(
    backend: Backend, clock: FixedClock
) -> None:
    job = next(job for job in Jobs(backend, lambda: None).jobs if job.name == "verify_files")
    with backend.begin(TEST) as work:
        deadline = due_jobs.awaited(work, job.name, clock.now())

    def fire(work: Work) -> None:
        due_jobs.fire(work, deadline, job.after(work.now))

    job.action(deadline, fire)
    with pytest.raises(AlreadyFired):
        job.action(deadline, fire)

    assert outcomes(backend, "verify.files") == ["sound 0"]


def test_a_failed_job_stays_due_and_waits_for_its_next_time(
    sqlite_backend: Backend, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(upkeep, "drop_expired", fail)
    run_for(sqlite_backend, 0.5)
    clock.forward(hours=2)
    jobs = Jobs(sqlite_backend, lambda: None)
    jobs.run_one(jobs.jobs[0])
    (waiting,) = jobs.scheduler.get_jobs()
    left = (waiting.trigger.run_date - datetime.now(UTC)).total_seconds()

    assert due(sqlite_backend)["drop_expired"] == ["03-02 09:17"]
    assert 16 * 60 < left < 18 * 60


def test_sessions_that_are_over_go_and_others_stay(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    with sqlite_backend.begin(TEST) as work:
        user = add_user(work, "a", "甲", "一科", [Role.OFFICE], "correct horse battery 7")
        start_session(work, user)
    clock.forward(hours=5)
    with sqlite_backend.begin(TEST) as work:
        start_session(work, user)
    clock.forward(hours=5)
    Jobs(sqlite_backend, lambda: None).drop_expired(DUE, unmarked)
    with sqlite_backend.reading() as session:
        left = session.scalars(select(LoginSession.created_at)).all()

    assert left == [clock.now() - timedelta(hours=5)]


def test_only_uploads_that_nobody_goes_on_with_are_dropped(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    uploads = LocalUploads(sqlite_backend.settings.data_dir / "uploads")
    old = clock.now() - upkeep.ABANDONED_AFTER - timedelta(days=1)
    ids = {name: uuid4() for name in ("abandoned", "slow", "young", "partless", "writing")}
    _replica(sqlite_backend)
    for name, id in ids.items():
        _upload(sqlite_backend, id, clock.now() if name == "young" else old)
        if name != "partless":
            uploads.create(id)
            touched = clock.now() if name in ("slow", "young") else old
            os.utime(uploads.path(id), (touched.timestamp(), touched.timestamp()))

    with uploads.locked(ids["writing"]):
        Jobs(sqlite_backend, lambda: None).drop_abandoned_uploads(DUE, unmarked)
    with sqlite_backend.reading() as session:
        left = set(session.scalars(select(Upload.id)))

    assert left == {ids["slow"], ids["young"], ids["writing"]}
    assert not uploads.path(ids["abandoned"]).exists()
    assert outcomes(sqlite_backend, "upkeep.uploads") == ["dropped 2"]


def test_private_snapshots_that_killed_commits_left_are_deleted_in_the_night(
    backend: Backend,
) -> None:
    folder = backend.settings.data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("snapshot-a", "snapshot-b", "import-of-somebody"):
        (folder / name).write_bytes(b"private")
    Jobs(backend, lambda: None).drop_abandoned_uploads(DUE, unmarked)

    assert [file.name for file in folder.iterdir()] == ["import-of-somebody"]


def test_every_file_is_read_again_within_the_cycle_and_damage_is_audited(
    sqlite_backend: Backend,
) -> None:
    hashes = _store(sqlite_backend, [bytes([n]) * 50 for n in range(90)])
    damaged, gone = hashes[3], hashes[40]
    sqlite_backend.blobs.path(damaged).write_bytes(b"changed")
    sqlite_backend.blobs.path(gone).unlink()
    first = date(2026, 3, 1)

    nights = [
        upkeep.verify_files(sqlite_backend, [first + timedelta(days=n)])
        for n in range(upkeep.NIGHTS)
    ]

    assert sum(night.checked for night in nights) == 90
    assert max(night.checked for night in nights) < 20
    assert {fault for night in nights for fault in night.faults} == {
        f"blob {damaged}",
        f"blob {gone}",
    }
    assert any(said.startswith("damaged") for said in outcomes(sqlite_backend, "verify.files"))


@pytest.mark.usefixtures("small_form")
def test_the_weekly_check_finds_a_changed_byte_of_a_leaf(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_bureau(sqlite_backend).dispatched()
    monkeypatch.setattr("inspect_server.jobs.check_draws", lambda *_: ())  # made by hand
    jobs = Jobs(sqlite_backend, lambda: None)
    jobs.verify_all(DUE, unmarked)
    with sqlite_backend.begin(TEST) as work:
        unguard(work.session, "record_leaf")
        changed = work.session.execute(
            text(
                "UPDATE record_leaf SET content = replace(content, 'scheme', 'schema') "
                "WHERE type = 'scheme.made' AND case_seq = 1"
            )
        )
        assert changed.rowcount > 0
    jobs.verify_all(DUE, unmarked)
    before, after = outcomes(sqlite_backend, "verify.all")

    assert before.startswith("sound")
    assert after.startswith("damaged")


def test_the_weekly_check_finds_a_changed_team_of_a_draw(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path, officers=20)
    world.reveal(world.commit())
    jobs = Jobs(sqlite_backend, lambda: None)
    jobs.verify_all(DUE, unmarked)
    with sqlite_backend.begin(TEST) as work:
        unguard(work.session, "draw_team")
        other = "(SELECT max(id) FROM officer)"
        work.session.execute(text(f"UPDATE draw_team SET officer_id = {other}"))
    jobs.verify_all(DUE, unmarked)
    before, after = outcomes(sqlite_backend, "verify.all")

    assert before.startswith("sound")
    assert after == "damaged 1"


def test_sigterm_ends_the_process_and_frees_the_database(sqlite_backend: Backend) -> None:
    said: list[str] = []

    def announce(line: str) -> None:
        said.append(line)
        if len(said) == 1:
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()

    before = signal.getsignal(signal.SIGTERM)
    run_jobs(sqlite_backend, announce)
    with leading(sqlite_backend.engine):
        freed = True

    assert said == ["定时任务已启动（按 Ctrl+C 停止）", "定时任务已停止"]
    assert freed
    assert signal.getsignal(signal.SIGTERM) is before


def test_long_work_stops_with_the_process(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store(sqlite_backend, [bytes([n]) * 50 for n in range(60)])
    monkeypatch.setattr(upkeep, "NIGHTS", 1)
    jobs = Jobs(sqlite_backend, lambda: None)
    job = next(job for job in jobs.jobs if job.name == "verify_files")
    with sqlite_backend.begin(TEST) as work:
        due_jobs.awaited(work, job.name, work.now)
    jobs._stopping.set()

    jobs.run_one(job)

    assert outcomes(sqlite_backend, "verify.files") == []
    assert due(sqlite_backend) == {"verify_files": ["03-02 09:00"]}


def test_a_job_that_fails_does_not_end_the_others(
    sqlite_backend: Backend, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    name = "李" + "建国"

    def fail(*_: object) -> None:
        raise RuntimeError(f"Key (name)=({name}) already exists.")

    with sqlite_backend.begin(TEST) as work:
        due_jobs.awaited(work, "fail", clock.now())
    jobs = Jobs(sqlite_backend, lambda: None)
    jobs.run_one(Job("fail", jobs.jobs[0].when, fail))

    assert "fail failed" in caplog.text
    assert "builtins.RuntimeError" in caplog.text
    assert "in fail" in caplog.text
    assert name not in caplog.text


def _store(backend: Backend, contents: list[bytes]) -> list[str]:
    hashes = [backend.blobs.put(content) for content in contents]
    with backend.begin(TEST) as work:
        for sha256 in hashes:
            work.session.add(Blob(sha256=sha256, size=50, mime="image/jpeg", created_at=work.now))
    return hashes


def _replica(backend: Backend) -> None:
    with backend.begin(TEST) as work:
        work.session.add(
            Replica(
                id="r" * 64,
                public_key=b"",
                label="手机",
                device_id=uuid4(),
                user_id=None,
                storage={},
                enrolled_at=work.now,
                upto_seq=0,
                head_hash="",
            )
        )


def _upload(backend: Backend, id: UUID, created_at: datetime) -> None:
    with backend.begin(TEST) as work:
        work.session.add(
            Upload(
                id=id,
                replica_id="r" * 64,
                sha256="0" * 64,
                length=10,
                received=0,
                created_at=created_at,
            )
        )
