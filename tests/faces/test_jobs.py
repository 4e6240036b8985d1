"""The process that acts by the clock: alone on its database, true in what it does, quick to end."""

import os
import signal
import threading
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from inspect_server.domain.enums import Role
from inspect_server.gateways.leader import AlreadyRunning, LeadershipLost, leading
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.jobs import Jobs, run_jobs
from inspect_server.store.engine import open_engine
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import AuditEvent, LoginSession
from inspect_server.store.models.journal import Replica, Upload
from inspect_server.usecases import upkeep
from inspect_server.usecases.accounts import add_user, start_session
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.faces.town import Town

TEST = ALL_ROLES


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


def test_jobs_run_late_rather_than_never_and_once_rather_than_often(
    sqlite_backend: Backend,
) -> None:
    jobs = Jobs(sqlite_backend, lambda: None).scheduler
    defaults = jobs._job_defaults

    assert defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    assert {job.id for job in jobs.get_jobs()} == {
        "drop_expired",
        "verify_files",
        "drop_abandoned_uploads",
        "verify_all",
    }
    assert all(str(job.trigger.timezone) == "Asia/Shanghai" for job in jobs.get_jobs())


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
    Jobs(sqlite_backend, lambda: None).drop_expired()
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
        Jobs(sqlite_backend, lambda: None).drop_abandoned_uploads()
    with sqlite_backend.reading() as session:
        left = set(session.scalars(select(Upload.id)))

    assert left == {ids["slow"], ids["young"], ids["writing"]}
    assert not uploads.path(ids["abandoned"]).exists()
    assert outcomes(sqlite_backend, "upkeep.uploads") == ["dropped 2"]


def test_every_file_is_read_again_within_the_cycle_and_damage_is_audited(
    sqlite_backend: Backend,
) -> None:
    hashes = _store(sqlite_backend, [bytes([n]) * 50 for n in range(90)])
    damaged, gone = hashes[3], hashes[40]
    sqlite_backend.blobs.path(damaged).write_bytes(b"changed")
    sqlite_backend.blobs.path(gone).unlink()
    first = date(2026, 3, 1)

    nights = [
        upkeep.verify_files(sqlite_backend, first + timedelta(days=n)) for n in range(upkeep.NIGHTS)
    ]

    assert sum(night.checked for night in nights) == 90
    assert max(night.checked for night in nights) < 20
    assert {fault for night in nights for fault in night.faults} == {
        f"blob {damaged}",
        f"blob {gone}",
    }
    assert any(said.startswith("damaged") for said in outcomes(sqlite_backend, "verify.files"))


def test_the_weekly_check_finds_a_changed_byte_of_a_leaf(town: Town) -> None:
    jobs = Jobs(town.backend, lambda: None)
    jobs.verify_all()
    with town.backend.begin(TEST) as work:
        _untriggered(
            work.session,
            "UPDATE record_leaf SET content = replace(content, 'scheme', 'schema') "
            "WHERE type = 'scheme.made' AND case_seq = 1",
        )
    jobs.verify_all()
    before, after = outcomes(town.backend, "verify.all")

    assert before.startswith("sound")
    assert after.startswith("damaged")


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
    jobs._stopping.set()

    jobs._run("verify_files", jobs.verify_files)

    assert outcomes(sqlite_backend, "verify.files") == []


def test_a_job_that_fails_does_not_end_the_others(
    sqlite_backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    name = "李" + "建国"

    def fail() -> None:
        raise RuntimeError(f"Key (name)=({name}) already exists.")

    Jobs(sqlite_backend, lambda: None)._run("fail", fail)

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


def _untriggered(session: Any, statement: str) -> None:
    """Change a row as somebody with the database file could: the triggers are in the way."""
    names = session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'record_leaf'")
    ).all()
    for name in names:
        session.execute(text(f'DROP TRIGGER "{name}"'))
    changed = session.execute(text(statement)).rowcount
    assert changed > 0
