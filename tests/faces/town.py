"""One town for the faces: a real plan and draw, inspections in every state, an account per role."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.config import Settings
from inspect_server.domain.enums import Role, TeamRole
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.chains import ChainSecret
from inspect_server.store.engine import open_engine
from inspect_server.store.models.identity import SecondFactor, User
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.schema import upgrade
from inspect_server.usecases.accounts import SignedIn, add_user, start_session
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch, make_schemes
from inspect_server.usecases.make_plan import make_plan
from inspect_server.usecases.registry.import_registry import import_enterprises
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from sync.ids import uuid7
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.usecases import draw_world
from tests.usecases.bureau import Bureau
from tests.usecases.phones import Visit
from tests.usecases.test_documents import picture

UNIT, ELSEWHERE = "执法大队", "二科"
PASSWORD = "correct horse battery 7"
TYPISTS = ("typist0", "typist1")
"""Two accounts with a password, which type in public values."""
APPROVING = "approving"
"""An account with a password, which approves replacements."""
TEST = ALL_ROLES


@dataclass
class Signed:
    """A browser or program that is signed in."""

    client: FlaskClient
    csrf: str = ""

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request with the CSRF token, as a page or a program of this site would."""
        headers = {"X-CSRF-Token": self.csrf} | options.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, buffered=True, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.send("POST", path, **options)


@dataclass
class Town:
    """Ids of everything in it."""

    backend: Backend
    app: Flask
    clock: FixedClock
    draw_id: UUID = field(default_factory=uuid4)
    plan_id: UUID = field(default_factory=uuid4)
    draft_plan: UUID = field(default_factory=uuid4)
    enterprise: UUID = field(default_factory=uuid4)
    import_id: UUID = field(default_factory=uuid4)  # a dry run: only its report is there
    own: "Case" = field(init=False)
    other: "Case" = field(init=False)
    witness: ChainSecret = field(init=False)
    total: int = 0  # inspections of the draw: how many it selected is chance
    fresh: list[UUID] = field(default_factory=list)  # schemes that nobody approved yet
    accounts: dict[str, SignedIn] = field(default_factory=dict)

    def sign_in(self, name: str) -> Signed:
        """Open a session without the cost of a password."""
        if name == "nobody":
            return Signed(self.app.test_client())
        with self.backend.begin(TEST) as work:
            opened = start_session(work, self.accounts[name])
        client = self.app.test_client()
        client.set_cookie("inspect", opened.token)
        return Signed(client, opened.csrf)

    def drawn(self, inspection: UUID) -> list[str]:
        """Return the officers whom the scheme of an inspection names, the lead first."""
        with self.backend.reading() as session:
            scheme = session.get_one(Inspection, inspection).scheme
            return [officer["officer_id"] for officer in scheme["officers"]]

    def is_on_team(self, name: str, inspection: UUID) -> bool:
        """Return whether an account's officer is on the team of an inspection now."""
        with self.backend.reading() as session:
            found = session.scalars(
                select(InspectionMember.officer_id).where(
                    InspectionMember.inspection_id == inspection,
                    InspectionMember.left_at.is_(None),
                )
            )
            return self.accounts[name].officer_id in set(found)

    def leads(self, name: str, inspection: UUID) -> bool:
        """Return whether an account's officer leads the team of an inspection now."""
        with self.backend.reading() as session:
            lead = session.scalar(
                select(InspectionMember.officer_id).where(
                    InspectionMember.inspection_id == inspection,
                    InspectionMember.role == TeamRole.LEAD,
                    InspectionMember.left_at.is_(None),
                )
            )
            return lead is not None and self.accounts[name].officer_id == lead

    def add_account(
        self, name: str, *roles: Role, unit: str = UNIT, officer: UUID | None = None
    ) -> SignedIn:
        """Open an account that needs no password."""
        made = SignedIn(uuid4(), name, f"姓名{len(self.accounts)}", unit, frozenset(roles), officer)
        with self.backend.begin(TEST) as work:
            work.session.add(
                User(
                    id=made.user_id,
                    login=name,
                    name=made.name,
                    unit=unit,
                    roles=sorted(roles),
                    password_hash="",
                    officer_id=officer,
                    failed_attempts=0,
                    created_at=work.now,
                )
            )
            # As if enrolled: no administrator comes in without a second factor.
            work.session.flush()
            work.session.add(
                SecondFactor(
                    user_id=made.user_id,
                    sealed_secret="",
                    begun_at=work.now,
                    confirmed_at=work.now,
                    last_step=0,
                )
            )
        self.accounts[name] = made
        return made


@dataclass(frozen=True)
class Case:
    """One closed inspection with its documents, and what its phones left in quarantine."""

    inspection: UUID
    document: UUID
    phone: str
    photo: str  # its SHA-256
    waiting_photo: str  # that of one in quarantine
    entries: dict[str, str]  # what will be done with it -> entry


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """Build the town in an empty folder; the small checklist must be the installed one."""
    settings = Settings(data_dir=folder, **BUREAU)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    clock = FixedClock()
    backend = Backend(engine, LocalBlobs(folder / "blobs"), settings, clock)
    town = Town(backend, create_app(backend), clock)
    _draw(town, folder)
    _import(town, folder)
    _accounts(town)
    _inspections(town)
    yield town
    engine.dispose()


def _draw(town: Town, folder: Path) -> None:
    world = draw_world.build(town.backend, folder)
    town.plan_id, town.witness = world.plan_id, world.witness
    drawn = world.reveal(world.commit(replace(draw_world.SUPERVISOR, unit=UNIT)))
    town.draw_id = drawn.id
    with town.backend.begin(TEST) as work:
        work.session.execute(update(Enterprise).values(sectors=["confined_space"]))
        town.draft_plan = make_plan(work, 2026, draw_world.RATES).id


def _import(town: Town, folder: Path) -> None:
    file = folder / "enterprises.csv"
    file.write_text("企业名称,统一社会信用代码\n云湾铸造厂,91320799MA1WXXXX00\n", "utf-8")
    with town.backend.begin(TEST) as work:
        town.import_id = import_enterprises(work, file, dry_run=True).import_id


def _accounts(town: Town) -> None:
    with town.backend.reading() as session:
        officers = list(session.scalars(select(Officer.id).order_by(Officer.cert_no)))
        found = session.scalars(select(Enterprise.id).order_by(Enterprise.uscc)).first()
    assert found is not None
    town.enterprise = found
    for n, officer in enumerate(officers):
        town.add_account(f"officer{n}", Role.INSPECTOR, officer=officer)
    for role in Role:
        if role is not Role.INSPECTOR:
            town.add_account(role.value, role)
    town.add_account("author", Role.SUPERVISOR, unit=town.backend.settings.authority)
    town.add_account("victim")
    with town.backend.begin(TEST) as work:
        for login in TYPISTS:
            add_user(work, login, "录入人员", UNIT, [Role.OFFICE], PASSWORD)
        add_user(work, APPROVING, "批准人员", UNIT, [Role.APPROVER], PASSWORD)


def _inspections(town: Town) -> None:
    town.clock.moment = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    with town.backend.begin(town.accounts["author"].actor) as work:
        made = [step.inspection_id for step in make_schemes(work, town.draw_id).schemes]
    town.total = len(made)
    own = send(town, made[0])
    mine = {officer for officer, _ in own}
    for one in made[1:-1]:  # the last stays a draft whatever the draw gave
        theirs = send(town, one)
        if not mine & {officer for officer, _ in theirs}:
            break
    else:
        raise AssertionError("the draw gave no two teams without a common officer")
    town.fresh = made[made.index(one) + 1 :]
    town.own = _walk(town, made[0], own)
    town.other = _walk(town, one, theirs)
    with town.backend.begin(TEST) as work:
        work.session.get_one(Inspection, one).unit = ELSEWHERE
        for officer, _ in theirs:
            work.session.execute(
                update(User).where(User.officer_id == officer).values(unit=ELSEWHERE)
            )
    names = {user.officer_id: name for name, user in town.accounts.items()}
    town.accounts["inspector"] = town.accounts[names[own[0][0]]]
    town.accounts["beside"] = next(
        user
        for user in town.accounts.values()
        if user.officer_id and user.officer_id not in mine | {officer for officer, _ in theirs}
    )


def send(town: Town, inspection: UUID) -> list[tuple[UUID, TeamRole]]:
    """Approve and dispatch one inspection and return its team, the lead first."""
    with town.backend.begin(town.accounts["approver"].actor) as work:
        approve_scheme(work, inspection)
        dispatch(work, inspection)
    with town.backend.reading() as session:
        rows = session.execute(
            select(InspectionMember.officer_id, InspectionMember.role)
            .where(InspectionMember.inspection_id == inspection)
            .order_by(InspectionMember.role)
        )
        return [(officer, role) for officer, role in rows]


def _walk(town: Town, inspection: UUID, team: list[tuple[UUID, TeamRole]]) -> Case:
    bureau = Bureau(town.backend, officers=[officer for officer, _ in team])
    users = {user.officer_id: user.user_id for user in town.accounts.values()}
    bureau.accounts = {officer: users[officer] for officer, _ in team}
    visit = Visit(bureau, inspection, at=town.clock.now())
    visit.start(0, 1)
    lead = visit.phone(0)
    visit.answer_all()
    lead.answer("A1", "fail", [lead.operations[-3].id])
    taken = picture() + inspection.bytes
    lead.photograph(finding=lead.find("A1"), content=taken)
    visit.sign_all()
    with town.backend.begin(bureau.inspector(0)) as work:
        close_record(work, inspection)
        issued = issue_documents(work, inspection)
    left = {name: _late(visit) for name in ("accept", "decline")}
    waiting = lead.photograph(content=picture() + b"late" + inspection.bytes, effect="quarantined")
    left["photo"] = lead.prev
    photo = hashlib.sha256(taken).hexdigest()
    return Case(inspection, issued.documents[0].id, lead.replica, photo, waiting, left)


def _late(visit: Visit) -> str:
    op = make_op(
        "note.add", f"note/{uuid7(int(visit.at.timestamp() * 1000))}", {"text": "迟到的记录"}
    )
    return visit.phone(0).save(op, effect="quarantined")[0].partition("#")[0]
