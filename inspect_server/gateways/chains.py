"""
The secret files of hash chains.

The authority's file lies with its keys. The witness makes their own file on their own machine,
keeps it offline and brings only the one value that a commit names.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from inspect_server.domain.draw.errors import (
    BadChainFile,
    ChainFileExists,
    ChainFileMissing,
    NoSuchPosition,
)
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import SIZE, suite

SUITES = ("sha256", "sm3")


@dataclass(frozen=True)
class ChainSecret:
    """Everything that yields a chain's values. Never printed, logged or stored in a table."""

    kind: str  # authority | witness
    holder: str
    year: int
    suite: str
    length: int
    secret_hex: str = field(repr=False)

    @property
    def anchor_hex(self) -> str:
        """x₀, which is published at the start of the year."""
        return chain.anchor(suite(self.suite), self._secret, self.length).hex()

    def value(self, position: int) -> bytes:
        """
        Return x of `position`, to be revealed by the draw whose commit names it.

        Raises:
            NoSuchPosition: The chain is shorter than that.
        """
        if not 1 <= position <= self.length:
            raise NoSuchPosition(length=self.length, position=position)
        return chain.value_at(suite(self.suite), self._secret, self.length, position)

    @property
    def _secret(self) -> bytes:
        return bytes.fromhex(self.secret_hex)


def authority_file(data_dir: Path, year: int) -> Path:
    """Return where this server keeps its chain of a year."""
    return data_dir / "keys" / f"draw-chain-{year}.json"


def create(
    path: Path, *, kind: str, holder: str, year: int, length: int, suite_name: str = "sha256"
) -> ChainSecret:
    """
    Make a new chain and its file (mode 0600, folder 0700).

    Raises:
        ChainFileExists: A chain is never replaced, only used up.
    """
    made = ChainSecret(kind, holder, year, suite_name, length, secrets.token_bytes(SIZE).hex())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ChainFileExists(name=path.name) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"v": 1, **asdict(made)}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # half a chain would bar the way for a whole one
        raise
    return made


def load(path: Path) -> ChainSecret:
    """
    Read a chain's file.

    Raises:
        ChainFileMissing: There is none.
        BadChainFile: Unreadable, or not what `create` writes.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ChainFileMissing(name=path.name) from None
    except (OSError, ValueError):
        raise BadChainFile(name=path.name, reason="文件无法读取") from None
    try:
        if data.pop("v") != 1:
            raise ValueError
        found = ChainSecret(**data)
        usable = (
            found.suite in SUITES
            and isinstance(found.length, int)
            and found.length >= 1
            and len(bytes.fromhex(found.secret_hex)) == SIZE
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        usable = False
    if not usable:
        raise BadChainFile(name=path.name, reason="内容不完整或被改动")
    return found
