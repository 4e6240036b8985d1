"""
What lay in the folder when the demo ended: the hash of every file, and of every table of facts.

The manifest's own hash is the last event of the record. Files and rows that change when somebody
only logs in and looks around are left out, and so is the record, which proves itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from inspect_server.demo.folder import Folder
from inspect_server.store.models import Base
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

CASE, SEALED = "demo", "demo.sealed"
RECORD = frozenset({"counted", "record_case", "record_leaf"})
LIVING = frozenset(
    {"audit_event", "enrol_nonce", "job_deadline", "login_session", "recovery_code"}
    | {"second_factor"}
)
"""Tables that change when somebody logs in, or by the clock."""
LIVING_COLUMNS = frozenset({"failed_attempts", "locked_until", "password_hash"})


@dataclass(frozen=True)
class Manifest:
    """Hashes by path from the folder, and by table."""

    files: Mapping[str, str]
    tables: Mapping[str, str]

    @staticmethod
    def of(session: Session, folder: Folder) -> "Manifest":
        """Compute it from what is there."""
        files = {name: file_hash(path) for name, path in folder.files().items()}
        tables = {
            name: _table_hash(session, name)
            for name in sorted(Base.metadata.tables)
            if name not in RECORD | LIVING
        }
        return Manifest(files, tables)

    @staticmethod
    def from_text(text: str) -> "Manifest":
        """Read what `text` gave; anything else raises ValueError or TypeError."""
        return Manifest(**json.loads(text))

    def text(self) -> str:
        """Return it as JSON, one hash a line."""
        both = {"files": dict(self.files), "tables": dict(self.tables)}
        return json.dumps(both, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def seal(work: Work, folder: Folder) -> None:
    """Write the manifest of a finished demo and its hash into the record."""
    content = Manifest.of(work.session, folder).text().encode("utf-8")
    folder.manifest.write_bytes(content)
    note(work, SEALED, CASE, {"manifest_sha256": hashlib.sha256(content).hexdigest()})


def manifest_faults(session: Session, folder: Folder) -> tuple[int, list[str]]:
    """Return how many hashes were compared, and what is not as it was when the demo ended."""
    content = folder.manifest.read_bytes()
    if _sealed(session) != [hashlib.sha256(content).hexdigest()]:
        return 1, ["清单 manifest.json：与全过程记录中登记的哈希不符"]
    then, now = Manifest.from_text(content.decode("utf-8")), Manifest.of(session, folder)
    faults = [
        f"文件 {name}：缺失或与演示结束时不符"
        for name, sha256 in then.files.items()
        if now.files.get(name) != sha256
    ]
    data = f"{folder.data.name}/"  # the server may have put down more there since
    more = [name for name in now.files if name not in then.files and not name.startswith(data)]
    faults += [f"文件 {name}：演示结束时没有" for name in more]
    faults += [
        f"数据表 {name}：与演示结束时不符"
        for name, sha256 in then.tables.items()
        if now.tables.get(name) != sha256
    ]
    return len(then.files) + len(then.tables), faults


def database_faults(session: Session) -> list[str]:
    """Return what SQLite itself finds wrong with its pages, indexes and references."""
    found = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check"))]
    broken = session.execute(text("PRAGMA foreign_key_check")).first()
    faults = [] if found == ["ok"] else [f"数据库文件 inspect.db：结构损坏（{found[0]}）"]
    return faults if broken is None else [*faults, f"数据表 {broken[0]}：引用的行不存在"]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sealed(session: Session) -> Sequence[str]:
    leaves = session.scalars(select(RecordLeaf.content).where(RecordLeaf.type == SEALED))
    return [json.loads(content)["body"]["manifest_sha256"] for content in leaves]


def _table_hash(session: Session, name: str) -> str:
    """Return the hash of a table's rows as the database has them, whatever their order."""
    table = Base.metadata.tables[name]
    columns = [f'"{column.name}"' for column in table.columns if column.name not in LIVING_COLUMNS]
    connection = session.connection()
    rows = connection.exec_driver_sql(f'SELECT {", ".join(columns)} FROM "{name}"')  # noqa: S608
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode("utf-8")).hexdigest()
