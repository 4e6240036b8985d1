"""
The phone's own file: one SQLite database that survives kill -9 and a pulled battery.

Rollback journal (`DELETE`) and `synchronous=EXTRA`, since many systems link a SQLite whose WAL
mode can corrupt a file; every change is one `BEGIN IMMEDIATE` transaction. Entries and blobs are
only ever added, but for a partner's entries, which can be dropped until a server has them. The
private keys lie in this file as PKCS#8 without a passphrase and the file is readable by its owner
only: whoever holds the file is the phone.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sync import entries
from sync.phone.errors import PhoneStorageFull

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS replica (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, private_key BLOB NOT NULL,
    upto_seq INTEGER NOT NULL, head_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, replica TEXT NOT NULL,
    seq INTEGER NOT NULL, content BLOB NOT NULL, signature BLOB NOT NULL,
    acked_epoch TEXT NOT NULL DEFAULT '', effect TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS entry_place ON entry (replica, seq);
CREATE TABLE IF NOT EXISTS foreign_key_of (replica TEXT PRIMARY KEY, public_key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS blob (
    sha256 TEXT PRIMARY KEY, content BLOB NOT NULL, replica TEXT NOT NULL,
    upload TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS part (
    sha256 TEXT NOT NULL, start INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (sha256, start));
CREATE TABLE IF NOT EXISTS document (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, kind TEXT NOT NULL, ver INTEGER NOT NULL,
    pos INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS staged (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, kind TEXT NOT NULL, ver INTEGER NOT NULL,
    pos INTEGER NOT NULL, deleted INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS staged_leave (scope TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS receipt (
    replica TEXT NOT NULL, epoch TEXT NOT NULL, upto_seq INTEGER NOT NULL,
    head_hash TEXT NOT NULL, log_pos INTEGER NOT NULL, content BLOB NOT NULL,
    signature BLOB NOT NULL, kid TEXT NOT NULL, PRIMARY KEY (replica, epoch, upto_seq));
"""


@dataclass(frozen=True, slots=True)
class LocalReplica:
    """One of the phone's own replicas; the one with the highest number is in use."""

    id: str
    key: EllipticCurvePrivateKey
    upto_seq: int
    head_hash: str


@dataclass(frozen=True, slots=True)
class LocalEntry:
    """An entry on the phone, its own or its partner's, and what the server made of it."""

    hash: str
    replica: str
    seq: int
    content: bytes
    signature: bytes
    acked_epoch: str  # empty until a server acknowledged it
    effect: str
    reason: str


@dataclass(frozen=True, slots=True)
class LocalDocument:
    """A pulled document."""

    id: str
    scope: str
    kind: str
    ver: int
    pos: int
    body: bytes


class LocalStore:
    """Typed access to the file; no rules."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {pragma}").close()
        with self.transaction():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """
        Make everything inside durable at once, or nothing of it.

        Raises:
            PhoneStorageFull: The disk is full; nothing was changed.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                raise PhoneStorageFull from error
            raise

    def version(self) -> int:
        """Return a number that is another one after somebody else changed the file."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def get(self, key: str) -> str:
        """Return a setting, empty when unset."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def put(self, **values: str) -> None:
        """Set settings; call it inside `transaction`."""
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def add_replica(self, key: EllipticCurvePrivateKey) -> None:
        """Add a replica and use it from now on; call it inside `transaction`."""
        raw = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        id = entries.replica_id(entries.raw_public_key(key))
        self._db.execute(
            "INSERT INTO replica SELECT ?, COALESCE(MAX(number), 0) + 1, ?, 0, '' FROM replica",
            (id, raw),
        )

    def replicas(self) -> list[LocalReplica]:
        """Return the phone's own replicas; the last is in use."""
        rows = self._db.execute(
            "SELECT id, private_key, upto_seq, head_hash FROM replica ORDER BY number"
        )
        return [LocalReplica(id, _key(raw), seq, head) for id, raw, seq, head in rows.fetchall()]

    def add_own(self, replica: str, seq: int, content: bytes, signature: bytes) -> str:
        """Add an own entry and move the chain's head; call it inside `transaction`."""
        hash = entries.entry_hash(content)
        self._insert(hash, replica, seq, content, signature)
        self._db.execute(
            "UPDATE replica SET upto_seq = ?, head_hash = ? WHERE id = ? AND upto_seq = ?",
            (seq, hash, replica, seq - 1),
        )
        if self._db.execute("SELECT changes()").fetchone()[0] != 1:
            raise sqlite3.IntegrityError("another writer moved the head of the chain")
        return hash

    def add_partner(self, entry: LocalEntry) -> bool:
        """Add a partner's entry; False when it is here already; call it inside `transaction`."""
        if self._db.execute("SELECT 1 FROM entry WHERE hash = ?", (entry.hash,)).fetchone():
            return False
        self._insert(entry.hash, entry.replica, entry.seq, entry.content, entry.signature)
        return True

    def drop_partner(self, replica: str) -> int:
        """
        Forget what no server has of another phone's entries; of an own replica nothing.

        Its key goes with the last of them. Call it inside `transaction`.
        """
        if self._db.execute("SELECT 1 FROM replica WHERE id = ?", (replica,)).fetchone():
            return 0
        dropped = self._db.execute(
            "DELETE FROM entry WHERE replica = ? AND acked_epoch = ''", (replica,)
        ).rowcount
        self._db.execute(
            "DELETE FROM foreign_key_of WHERE replica = ?"
            " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.replica = foreign_key_of.replica)",
            (replica,),
        )
        return dropped

    def entries(self) -> list[LocalEntry]:
        """Return every entry that is whole, in the order in which they came to the phone."""
        return [row for row in self._rows() if _is_whole(row)]

    def damaged(self) -> list[LocalEntry]:
        """Return the entries whose bytes are no longer those that were signed."""
        return [row for row in self._rows() if not _is_whole(row)]

    def _rows(self) -> list[LocalEntry]:
        rows = self._db.execute(
            "SELECT hash, replica, seq, CAST(content AS BLOB), CAST(signature AS BLOB),"
            " acked_epoch, effect, reason FROM entry ORDER BY number"
        )
        return [LocalEntry(*row) for row in rows.fetchall()]

    def hash_at(self, replica: str, seq: int) -> str:
        """Return the hash of an entry by its place, empty when it is not here."""
        row = self._db.execute(
            "SELECT hash FROM entry WHERE replica = ? AND seq = ?", (replica, seq)
        ).fetchone()
        return str(row[0]) if row else ""

    def removed_upto(self, replica: str) -> int:
        """Return the seq before the first own entry that is still here; 0 when none was removed."""
        row = self._db.execute(
            "SELECT COALESCE((SELECT MIN(seq) - 1 FROM entry WHERE replica = id), upto_seq)"
            " FROM replica WHERE id = ?",
            (replica,),
        ).fetchone()
        return int(row[0])

    def acknowledge(self, epoch: str, results: Iterable[tuple[str, str, str]]) -> None:
        """Note (hash, effect, reason) as acknowledged in this epoch; inside `transaction`."""
        self._db.executemany(
            "UPDATE entry SET acked_epoch = ?, effect = ?, reason = ? WHERE hash = ?",
            [(epoch, effect, reason, hash) for hash, effect, reason in results],
        )

    def add_key(self, replica: str, public_key: bytes) -> None:
        """Remember a partner's key; call it inside `transaction`."""
        self._db.execute(
            "INSERT OR IGNORE INTO foreign_key_of VALUES (?, ?)", (replica, public_key)
        )

    def keys(self) -> dict[str, bytes]:
        """Return the raw public key of every replica whose entries are here."""
        known = {r.id: entries.raw_public_key(r.key) for r in self.replicas()}
        rows = self._db.execute("SELECT replica, public_key FROM foreign_key_of").fetchall()
        return {**dict(rows), **known}

    def add_blob(self, content: bytes, replica: str) -> str:
        """Add a file, read it back and re-hash it; call it inside `transaction`."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._db.execute(
            "INSERT OR IGNORE INTO blob (sha256, content, replica) VALUES (?, ?, ?)",
            (sha256, content, replica),
        )
        if hashlib.sha256(self.blob(sha256)).hexdigest() != sha256:
            raise sqlite3.IntegrityError("a file came back changed")
        return sha256

    def blob(self, sha256: str) -> bytes:
        """Return a file, empty when it is not here."""
        row = self._db.execute("SELECT content FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
        return bytes(row[0]) if row else b""

    def brought(self) -> list[str]:
        """Return the files that other phones took and gave to this one."""
        rows = self._db.execute(
            "SELECT sha256 FROM blob WHERE replica NOT IN (SELECT id FROM replica)"
        )
        return [name for (name,) in rows]

    def forget_brought(self, names: Iterable[str]) -> None:
        """Forget files that another phone gave to this one; call it inside `transaction`."""
        gone = sorted({*names}.intersection(self.brought()))
        self._db.executemany("DELETE FROM blob WHERE sha256 = ?", [(name,) for name in gone])

    def parts(self, sha256: str) -> bytes:
        """Return what came so far of a file that is being fetched."""
        rows = self._db.execute(
            "SELECT content FROM part WHERE sha256 = ? ORDER BY start", (sha256,)
        )
        return b"".join(content for (content,) in rows)

    def add_part(self, sha256: str, start: int, content: bytes) -> None:
        """Keep the next bytes of a file that is being fetched; call it inside `transaction`."""
        self._db.execute("INSERT OR IGNORE INTO part VALUES (?, ?, ?)", (sha256, start, content))

    def forget_parts(self, sha256: str) -> None:
        """Forget what came of a file that is whole, or not it; call it inside `transaction`."""
        self._db.execute("DELETE FROM part WHERE sha256 = ?", (sha256,))

    def uploads(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return those of these files that are here, with the tus address under way, or empty."""
        rows = self._db.execute("SELECT sha256, upload FROM blob").fetchall()
        wanted = set(hashes)
        return {sha256: upload for sha256, upload in rows if sha256 in wanted}

    def set_upload(self, sha256: str, address: str) -> None:
        """Remember where a file is being uploaded to."""
        with self.transaction():
            self._db.execute("UPDATE blob SET upload = ? WHERE sha256 = ?", (address, sha256))

    def documents(self, kind: str) -> list[LocalDocument]:
        """Return the pulled documents of a kind, sorted by id."""
        rows = self._db.execute(
            "SELECT id, scope, kind, ver, pos, body FROM document WHERE kind = ? ORDER BY id",
            (kind,),
        )
        return [LocalDocument(*row) for row in rows.fetchall()]

    def document(self, id: str) -> LocalDocument | None:
        """Return one pulled document."""
        row = self._db.execute(
            "SELECT id, scope, kind, ver, pos, body FROM document WHERE id = ?", (id,)
        ).fetchone()
        return LocalDocument(*row) if row else None

    def clear_staging(self) -> None:
        """Forget pages of a pull that never came to its end; call it inside `transaction`."""
        self._db.execute("DELETE FROM staged")
        self._db.execute("DELETE FROM staged_leave")

    def stage(self, documents: Iterable[tuple[LocalDocument, bool]], leave: Iterable[str]) -> None:
        """Put a page aside, leaves first; call it inside `transaction`."""
        for scope in leave:
            self._db.execute("INSERT OR IGNORE INTO staged_leave VALUES (?)", (scope,))
            self._db.execute("DELETE FROM staged WHERE scope = ?", (scope,))
        self._db.executemany(
            "INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(d.id, d.scope, d.kind, d.ver, d.pos, gone, d.body) for d, gone in documents],
        )

    def flip(self, *, fresh: bool) -> None:
        """Make what is staged the view, all of it when `fresh`; call it inside `transaction`."""
        if fresh:
            self._db.execute("DELETE FROM document")
        self._db.execute("DELETE FROM document WHERE scope IN (SELECT scope FROM staged_leave)")
        self._db.execute("DELETE FROM document WHERE id IN (SELECT id FROM staged)")
        self._db.execute(
            "INSERT INTO document SELECT id, scope, kind, ver, pos, body FROM staged"
            " WHERE NOT deleted"
        )
        self.clear_staging()

    def versions(self) -> list[tuple[str, int]]:
        """Return (id, ver) of every document in view."""
        return [(id, ver) for id, ver in self._db.execute("SELECT id, ver FROM document")]

    def add_receipt(self, values: Mapping[str, object]) -> None:
        """Keep a verified receipt."""
        with self.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO receipt VALUES (:replica, :epoch, :upto_seq, :head_hash,"
                " :log_pos, :content, :signature, :kid)",
                values,
            )

    def receipt_pos(self, replica: str, epoch: str, head_hash: str) -> int:
        """Return the log position of the receipt for exactly this head, -1 when there is none."""
        row = self._db.execute(
            "SELECT log_pos FROM receipt WHERE replica = ? AND epoch = ? AND head_hash = ?",
            (replica, epoch, head_hash),
        ).fetchone()
        return int(row[0]) if row else -1

    def receipt_at(self, replica: str, upto_seq: int) -> tuple[bytes, bytes, str] | None:
        """Return the newest receipt up to exactly this entry: bytes, signature and kid."""
        row = self._db.execute(
            "SELECT content, signature, kid FROM receipt WHERE replica = ? AND upto_seq = ?"
            " ORDER BY rowid DESC LIMIT 1",
            (replica, upto_seq),
        ).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def receipts(self) -> list[tuple[bytes, bytes, str]]:
        """Return every receipt's bytes, signature and kid, oldest first."""
        rows = self._db.execute("SELECT content, signature, kid FROM receipt ORDER BY rowid")
        return [(content, signature, kid) for content, signature, kid in rows.fetchall()]

    def _insert(self, hash: str, replica: str, seq: int, content: bytes, signature: bytes) -> None:
        self._db.execute(
            "INSERT INTO entry (hash, replica, seq, content, signature) VALUES (?, ?, ?, ?, ?)",
            (hash, replica, seq, content, signature),
        )


def _is_whole(row: LocalEntry) -> bool:
    return entries.entry_hash(row.content) == row.hash


@lru_cache(maxsize=64)
def _key(raw: bytes) -> EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(raw, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key
