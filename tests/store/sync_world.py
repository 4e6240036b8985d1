"""The surroundings that the journal's suite needs, on a real database."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

from inspect_server.domain.enums import Role
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import replicas
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.work import Backend
from sync.entries import Op, make_op, replica_id
from tests.actors import ALL_ROLES
from tests.conformance_journal import lost_op

ACTOR = ALL_ROLES


class OpenBlobs:
    """Blobs that open a session of their own for each question."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def missing(self, hashes: Collection[str]) -> Collection[str]:
        with self._backend.reading() as session:
            return SqlBlobs(session).missing(hashes)


class SqlWorld:
    """`tests.conformance_journal.World` over a backend."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.blobs = OpenBlobs(backend)
        self._assigned: set[str] = set()

    @contextmanager
    def begin(self) -> Iterator[SqlJournal]:
        with self.backend.begin(ACTOR) as work:
            yield SqlJournal(work.session, work.now)

    def user(self) -> str:
        id = uuid4()
        with self.backend.begin(ACTOR) as work:
            work.session.add(
                User(
                    id=id,
                    login=f"u{id.hex[:12]}",
                    name="检查员",
                    unit="一科",
                    roles=[Role.INSPECTOR.value],
                    password_hash="",
                    officer_id=None,
                    failed_attempts=0,
                    locked_until=None,
                    disabled_at=None,
                    created_at=work.now,
                )
            )
        return str(id)

    def enrol(self, public_key: bytes, user: str) -> str:
        with self.backend.begin(ACTOR) as work:
            row = replicas.enrol(
                work.session,
                replica_id=replica_id(public_key),
                public_key=public_key,
                at=work.now,
                user_id=UUID(user),
                device_id=None,
                label="手机",
                storage={},
                pull_token_sha256=None,
            )
            return row.id

    def assign(self, assignment: str, form: str, lead: str, members: Sequence[str]) -> None:
        team = [{"user": lead, "role": "lead"}]
        team += [{"user": user, "role": "member"} for user in members]
        kind = "task.reassign" if assignment in self._assigned else "task.assign"
        self._assigned.add(assignment)
        op = make_op(kind, f"task/{assignment}", {"form": form, "team": team})
        self._write(op, assignment, form)

    def close(self, assignment: str) -> None:
        self._write(make_op("task.close", f"task/{assignment}", {}), assignment)

    def claim(self, replica: str, user: str) -> None:
        self._write(make_op("replica.enrol", f"replica/{replica}", {"user": user}))

    def lose(self, replica: str, upto_seq: int, head_hash: str) -> None:
        self._write(lost_op(replica, upto_seq, head_hash))

    def revoke(self, replica: str) -> None:
        self._write(make_op("replica.revoke", f"replica/{replica}", {"reason": "手机遗失"}))

    def accept(self, entry_hash: str) -> None:
        self._write(make_op("inbox.accept", f"entry/{entry_hash}", {"reason": "核实无误"}))

    def decline(self, entry_hash: str) -> None:
        self._write(make_op("inbox.decline", f"entry/{entry_hash}", {"reason": "无法核实"}))

    def store_blob(self, content: bytes) -> str:
        sha256 = self.backend.blobs.put(content)
        with self.backend.begin(ACTOR) as work:
            sync_blobs.add(work.session, sha256, len(content), "image/jpeg", work.now)
        return sha256

    def _write(self, op: Op, assignment: str = "", form: str = "") -> None:
        with self.backend.begin(ACTOR) as work:
            id = UUID(assignment) if assignment else None
            write(work, [op], assignment=id, form=form, user=None)
