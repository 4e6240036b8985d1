"""The unit of work: one transaction, one moment, one actor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from inspect_server.config import Settings
from inspect_server.domain.enums import SYSTEM, Role
from pdf_templates.setting.faces import STANDARD, Fonts


class BlobStore(Protocol):
    """Files under their SHA-256, created once, re-read and re-hashed when written."""

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hex SHA-256; the same bytes again change nothing."""

    def adopt(self, path: Path, sha256: str, hashed: str = "") -> None:
        """Move a finished file of this hash in; it is re-hashed first, unless `hashed` says it."""

    def path(self, sha256: str) -> Path:
        """Return where the bytes of this hash lie, whether or not they are there."""

    def has(self, sha256: str) -> bool:
        """Return whether the bytes of this hash are stored."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes, re-hashed; a mismatch raises BlobDamaged."""

    def is_sound(self, sha256: str) -> bool:
        """Return whether the bytes are there and still have their hash."""

    def make_durable(self, sha256: str) -> None:
        """Flush a stored file and its name: whoever moved it in may have died before doing so."""

    def set_aside(self, sha256: str) -> None:
        """Move damaged bytes to a name of their own, so that whole ones can come in."""

    def lying(self, prefix: str) -> Iterator[Path]:
        """Yield every file that lies among those whose hashes begin with these two characters."""

    def drop_left_copies(self, before: float) -> int:
        """Remove half-written files that nobody wrote to since, and return how many."""


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


MACHINE_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR})


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, or a part of the system. `label` is what records may carry."""

    label: str  # user:<uuid> | system:<part>
    roles: frozenset[Role] = frozenset()
    user_id: UUID | None = None
    officer_id: UUID | None = None
    unit: str = ""

    @staticmethod
    def system(part: str) -> "Actor":
        """
        Return the actor for a command or job that runs on the server itself.

        It administers and reads, as whoever holds the machine can anyway, and takes no step in any
        case: a court asks which person did.
        """
        return Actor(label=f"{SYSTEM}{part}", roles=MACHINE_ROLES)


@dataclass(frozen=True)
class Work:
    """What a use case gets: the open transaction, one moment for all of it, and who acts."""

    session: Session
    now: datetime
    actor: Actor
    blobs: BlobStore
    settings: Settings
    fonts: Fonts


@dataclass(frozen=True)
class Backend:
    """Everything that outlives a request; made once by the composition root."""

    engine: Engine
    blobs: BlobStore
    settings: Settings
    clock: Clock
    fonts: Fonts = STANDARD

    def today(self) -> date:
        """Return the bureau's local day."""
        return self.clock.now().astimezone(self.settings.zone).date()

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Work]:
        """Open a writing unit of work; it commits at the end, or leaves nothing behind."""
        with Session(self.engine.execution_options(writing=True)) as session, session.begin():
            yield Work(session, self.clock.now(), actor, self.blobs, self.settings, self.fonts)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one moment and writes nothing."""
        with Session(self.engine) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
