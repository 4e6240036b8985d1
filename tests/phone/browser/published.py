"""A bureau whose checklist was published, as those of real ones are, and more tasks than one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import update

from forms import load
from forms.model import Form, Penalty, Section
from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.enums import Role
from inspect_server.store.models.identity import User
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.inspecting.direct_check import Directed, direct_check
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.phone.field import PASSWORD, Built
from tests.usecases.bureau import FORM, LIBRARY, USCC, Bureau, open_bureau

OTHER_ENTERPRISE = "云湾区第2机械厂"
TASKS = (
    (DirectedReason.HAZARD, "反映除尘器长期不清灰", "举报2026-017", 2, 3),
    (DirectedReason.SUPERIOR, "开展有限空间作业专项检查", "督办2026-004", 16, 20),
)
"""Checks of the other enterprise beside the draw: one is overdue by then, one has not begun."""


def published() -> Form:
    """The small checklist with a penalty for each of its items: no published one lacks them."""
    (section,) = FORM.sections
    law = replace(FORM.sections[0].items[0].basis[0].law, code="t")
    penalty = Penalty("P1", law, "第三十四条", "", "三万元以下", "", "", True, "测试")
    items = tuple(
        replace(one, basis=(replace(one.basis[0], law=law),), penalties=(penalty,))
        for one in section.items
    )
    return replace(FORM, name="published", sections=(Section(section.title, items),))


def build_published(folder: Path, migrated: Path) -> Built:
    """Make a bureau whose inspections have this checklist."""
    folder.mkdir(mode=0o700)
    shutil.copy(migrated, folder / "inspect.db")
    with _opened(folder) as backend:
        bureau = open_bureau(backend)
        with backend.begin(ALL_ROLES) as work:
            publish_checklist(work, published())
            retire_checklist(work, FORM.name, FORM.version, work.now.date())
            cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
            work.session.execute(update(User).values(password_hash=cheap))
        task = str(bureau.dispatched()[0])
    return Built(folder, bureau, task)


def build_busy(folder: Path, migrated: Path) -> Built:
    """Make the same with more tasks for the same officers."""
    built = build_published(folder, migrated)
    with _opened(folder) as backend:
        bureau = replace(built.bureau, backend=backend)
        with backend.begin(ALL_ROLES) as work:
            work.session.add(_approver(bureau, work.now))
        for reason, text, reference, first, last in TASKS:
            days = date(2026, 3, first), date(2026, 3, last)
            _send(bureau, reason, (text, reference), days)
    return built


def _approver(bureau: Bureau, now: datetime) -> User:
    return User(
        id=UUID(bureau.approver.label.removeprefix("user:")),
        login="approver",
        name="吴批准",
        unit="局领导",
        roles=[Role.APPROVER.value],
        password_hash="",
        failed_attempts=0,
        created_at=now,
    )


def _send(
    bureau: Bureau, reason: DirectedReason, words: tuple[str, str], days: tuple[date, date]
) -> None:
    lead, member, *_ = bureau.officers
    wanted = Directed(reason, *words, USCC[1], lead, (member,), *days)
    with bureau.backend.begin(bureau.author) as work:
        made = direct_check(work, wanted).inspection_id
    with bureau.backend.begin(bureau.approver) as work:
        approve_scheme(work, made)
    with bureau.backend.begin(bureau.author) as work:
        dispatch(work, made)


@contextmanager
def _opened(folder: Path) -> Iterator[Backend]:
    packaged = load.packaged
    load.packaged = lambda: LIBRARY
    backend = make_backend(Settings(data_dir=folder, **BUREAU), FixedClock())
    try:
        prepare(backend.settings)
        yield backend
    finally:
        backend.engine.dispose()
        load.packaged = packaged
