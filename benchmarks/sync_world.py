"""
A bureau at its evening, for the benchmarks of sync: accounts, tasks sent out, phones enrolled.

Rows go where the office's own steps would have put them; the tasks themselves are sent out by the
server's own use case, so that the journal, the scopes and the documents are the real ones. Phones
are enrolled in the store: a login costs what argon2 is made to cost, and that is not measured here.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric import ec

from forms import load
from forms.body import content_sha256
from forms.library import form_set
from forms.model import Form
from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    InspectionState,
    Risk,
    Role,
    Standardisation,
    TeamRole,
)
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store.journal import head, replicas
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection, InspectionForm, InspectionMember
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from inspect_server.usecases.phones.publish_task import publish_task
from inspect_server.usecases.work import Actor, Backend, Work
from sync import entries

FORMS = ("dust-explosion", "general-safety")
PASSWORD = "a phone of the benchmark"
OFFICE = Actor("system:benchmark", frozenset({Role.SUPERVISOR}))
DAY = date(2026, 9, 1)
TOGETHER = 50
"""Tasks sent out in one transaction."""


@dataclass(frozen=True)
class Seat:
    """One inspector's phone as enrolled; the key as its secret number, so that it can be sent."""

    secret: int
    replica: str
    device: str
    user: str
    login: str
    token: str
    role: str
    tasks: tuple[str, ...]

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The phone's key."""
        return ec.derive_private_key(self.secret, ec.SECP256R1())


@dataclass(frozen=True)
class World:
    """What the phones of the benchmark know of the server."""

    epoch: str
    form_set: str
    items: tuple[str, ...]  # answer items of the checklists, in their order
    receipt_keys: dict[str, bytes]
    seats: tuple[Seat, ...]  # lead and member of a team in turn


@dataclass(frozen=True)
class _Person:
    officer: UUID
    user: UUID
    login: str
    unit: str


def make_world(
    folder: Path,
    teams: int,
    tasks_each: int,
    *,
    day: date = DAY,
    pinned: Sequence[Sequence[Form]] = (),
) -> World:
    """
    Fill an empty folder with a server's data: `teams` pairs of phones, each with its tasks.

    No connection to the database stays open.

    Args:
        folder: Where it goes.
        teams: How many pairs.
        tasks_each: How many tasks each pair has.
        day: On which they are to be done.
        pinned: The checklists of the tasks, in turn; published before. By default those of FORMS.
    """
    backend = make_backend(prepare(Settings(data_dir=folder)))
    sets = pinned or (tuple(load.packaged().get(name, 1) for name in sorted(FORMS)),)
    password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with backend.begin(OFFICE) as work:
        people = [_person(work, n, password) for n in range(2 * teams)]
        for form in chain.from_iterable(pinned):
            publish_checklist(work, form)
    sent = _send_out(backend, sets, day, people, tasks_each)
    with backend.begin(OFFICE) as work:
        seats = [
            _enrol(work, person, "member" if n % 2 else "lead", sent[n // 2])
            for n, person in enumerate(people)
        ]
        epoch = str(head.ensure(work.session))
    key = LocalKeys(folder / "keys").receipts()
    backend.engine.dispose()
    return World(
        epoch=epoch,
        form_set=form_set(sets[0]),
        items=tuple(_items(sets[0])),
        receipt_keys={key.kid: key.private.public_key().public_bytes_raw()},
        seats=tuple(seats),
    )


def _items(forms: Sequence[Form]) -> Iterator[str]:
    for form in forms:
        yield from (f"answer/{form.name}/{item.code}" for item in form.items)


def _person(work: Work, n: int, password: str) -> _Person:
    officer = Officer(
        id=uuid4(),
        cert_no=f"32{n:09}",
        cert_valid_from=date(2024, 1, 1),
        cert_valid_to=date(2028, 12, 31),
        name=f"检查员{n}",
        unit=f"执法{n // 20}科",
        specialties=[],
        may_lead=True,
        active=True,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(officer)
    work.session.flush()
    user = User(
        id=uuid4(),
        login=f"officer{n}",
        name=officer.name,
        unit=officer.unit,
        roles=[Role.INSPECTOR.value],
        password_hash=password,
        officer_id=officer.id,
        failed_attempts=0,
        created_at=work.now,
    )
    work.session.add(user)
    return _Person(officer.id, user.id, user.login, user.unit)


def _send_out(
    backend: Backend,
    sets: Sequence[Sequence[Form]],
    day: date,
    people: Sequence[_Person],
    tasks_each: int,
) -> list[tuple[str, ...]]:
    """Return the tasks of every team."""
    teams = [people[n : n + 2] for n in range(0, len(people), 2)]
    wanted = [team for team in teams for _ in range(tasks_each)]
    made: list[str] = []
    for start in range(0, len(wanted), TOGETHER):
        with backend.begin(OFFICE) as work:
            some = enumerate(wanted[start : start + TOGETHER], start)
            new = [_task(work, n, sets[n % len(sets)], day, team) for n, team in some]
            for task in new:
                publish_task(work, task)
            made += map(str, new)
    return [tuple(made[start : start + tasks_each]) for start in range(0, len(made), tasks_each)]


def _task(work: Work, n: int, forms: Sequence[Form], day: date, team: Sequence[_Person]) -> UUID:
    enterprise = Enterprise(
        id=uuid4(),
        uscc=f"91320799{n:010}",
        name=f"云湾区第{n}机械制造有限公司",
        legal_person="钱大",
        address=f"云湾区港前路{n}号",
        division="320799",
        industry_code="C33",
        sectors=[],
        risk=Risk.YELLOW,
        credit=Credit.B,
        standardisation=Standardisation.FIRST,
        is_key=False,
        status=EnterpriseStatus.OPERATING,
        contacts=[{"name": "孙联系", "position": "安全员", "phone": "13900000000"}],
        created_at=work.now,
        updated_at=work.now,
    )
    visit = Inspection(
        id=uuid4(),
        number=f"2026-{n:06}",
        enterprise_id=enterprise.id,
        source="draw",
        unit=team[0].unit,
        authority="云湾区应急管理局",
        state=InspectionState.DISPATCHED,
        visit_from=day,
        visit_to=day,
        scheme={},
        form_set=form_set(forms),
        scheme_made_by=OFFICE.label,
        dispatched_at=work.now,
    )
    work.session.add(enterprise)
    work.session.flush()
    work.session.add(visit)
    work.session.flush()
    work.session.add_all(
        InspectionForm(
            inspection_id=visit.id,
            name=form.name,
            version=form.version,
            content_sha256=content_sha256(form),
        )
        for form in forms
    )
    for person, role in zip(team, (TeamRole.LEAD, TeamRole.MEMBER), strict=True):
        work.session.add(
            InspectionMember(
                id=uuid4(),
                inspection_id=visit.id,
                officer_id=person.officer,
                role=role,
                joined_at=work.now,
            )
        )
    return visit.id


def _enrol(work: Work, person: _Person, role: str, tasks: tuple[str, ...]) -> Seat:
    key, device, token = entries.new_key(), uuid4(), secrets.token_urlsafe(32)
    public = entries.raw_public_key(key)
    replica = entries.replica_id(public)
    replicas.enrol(
        work.session,
        replica_id=replica,
        public_key=public,
        at=work.now,
        user_id=person.user,
        device_id=device,
        label="benchmark",
        storage={},
        pull_token_sha256=hashlib.sha256(token.encode()).hexdigest(),
    )
    secret = key.private_numbers().private_value
    return Seat(secret, replica, str(device), str(person.user), person.login, token, role, tasks)
