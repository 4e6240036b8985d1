"""
The secret files of hash chains.

The authority's file lies with its keys. The witness makes their own file on their own machine,
keeps it offline and brings only the one value that a commit names. A file is one JSON object;
docs/draw.md lists its keys. What is not known here is kept as it is.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from inspect_server.domain.draw.ceremony.custody import (
    PassphraseWanted,
    PassphraseWeak,
    PassphraseWrong,
    check_next,
)
from inspect_server.domain.draw.ceremony.purposes import Shown, check_purpose, is_purpose
from inspect_server.domain.draw.ceremony.skipping import given_up
from inspect_server.domain.draw.entropy import LONGEST_CHAIN
from inspect_server.domain.draw.errors import (
    BadChainFile,
    ChainFileExists,
    ChainFileMissing,
    NoSuchPosition,
)
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import SIZE, suite
from inspect_server.domain.errors import BadInput
from inspect_server.gateways.sealing import SealBroken, locked, unlocked
from inspect_server.gateways.signatures import ed25519_signed

SUITES = ("sha256", "sm3")
HEADER = ("kind", "holder", "year", "suite", "length", "anchor_hex")
SECRETS = ("secret_hex", "signing_key_hex")
"""What a passphrase encrypts; the rest of a file stays readable."""
SEALED, SHOWN = "sealed", "shown"
SHORTEST_PASSPHRASE = 12
LONGEST_SHOWN_DRAW = 60

Ask = Callable[[], str]
"""Asks whoever keeps the file for its passphrase."""


@dataclass(frozen=True)
class ChainHeader:
    """What a chain's file says to anybody."""

    kind: str  # authority | witness
    holder: str
    year: int
    suite: str
    length: int
    anchor_hex: str
    is_sealed: bool
    shown: tuple[Shown, ...]  # what `show` gave out, in the order in which it did


@dataclass(frozen=True)
class ChainSecret:
    """Everything that yields a chain's values. Never printed, logged or stored in a table."""

    kind: str  # authority | witness
    holder: str
    year: int
    suite: str
    length: int
    secret_hex: str = field(repr=False)
    signing_key_hex: str = field(default="", repr=False)  # Ed25519 seed of a witness, or ""

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


def fresh(
    *, kind: str, holder: str, year: int, length: int, suite_name: str = "sha256"
) -> ChainSecret:
    """Make a chain in memory, from the operating system's random source."""
    signing = secrets.token_bytes(SIZE).hex() if kind == "witness" else ""
    return ChainSecret(
        kind, holder, year, suite_name, length, secrets.token_bytes(SIZE).hex(), signing
    )


def create(
    path: Path,
    *,
    kind: str,
    holder: str,
    year: int,
    length: int,
    suite_name: str = "sha256",
    passphrase: str = "",
) -> ChainSecret:
    """
    Make a new chain and its file (mode 0600, folder 0700).

    Args:
        passphrase: Encrypts the secrets (scrypt, AES-256-GCM); "" leaves them in the clear.

    Raises:
        ChainFileExists: A chain is never replaced, only used up.
        PassphraseWeak: Shorter than 12 characters.
    """
    made = fresh(kind=kind, holder=holder, year=year, length=length, suite_name=suite_name)
    write_new(path, made, passphrase)
    return made


def write_new(path: Path, made: ChainSecret, passphrase: str = "") -> None:
    """
    Write a chain's file where there is none.

    Raises:
        ChainFileExists, PassphraseWeak: As `create`.
    """
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseWeak(shortest=SHORTEST_PASSPHRASE)
    data: dict[str, Any] = {"v": 1, **{name: getattr(made, name) for name in HEADER}}
    held = {name: value for name in SECRETS if (value := getattr(made, name))}
    if passphrase:
        data[SEALED] = locked(passphrase, json.dumps(held).encode(), _owner(data))
    else:
        data |= held
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        _write(path, data)
    except FileExistsError:
        raise ChainFileExists(name=path.name) from None


def header(path: Path) -> ChainHeader:
    """
    Read what a chain's file says without opening its secrets.

    Raises:
        ChainFileMissing, BadChainFile: As `load`.
    """
    data = _read(path)
    anchor = data.get("anchor_hex") or _opened(path, data, None).anchor_hex
    return ChainHeader(
        kind=data["kind"],
        holder=data["holder"],
        year=data["year"],
        suite=data["suite"],
        length=data["length"],
        anchor_hex=anchor,
        is_sealed=SEALED in data,
        shown=_shown(data),
    )


def load(path: Path, ask: Ask | None = None) -> ChainSecret:
    """
    Read a chain's file.

    Args:
        ask: Called for the passphrase of an encrypted file, and only then.

    Raises:
        ChainFileMissing: There is none.
        BadChainFile: Unreadable, or not what `create` writes.
        PassphraseWanted, PassphraseWrong: It is encrypted and was not opened.
    """
    return _opened(path, _read(path), ask)


def show(
    path: Path,
    position: int,
    at: datetime,
    *,
    purpose: str,
    draw_no: str = "",
    void: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ask: Ask | None = None,
) -> bytes:
    """
    Return the one value that a commit or a request names, after the file has noted for which.

    Whoever else takes one meanwhile has noted it before this reads the notes, or waits.

    Args:
        at: The moment, aware.
        purpose: The digits of that commit, or of the request's leaf, from `purposes.purpose_of`.
        draw_no: For which draw, as the keeper was told.
        void: Name of the file -> certificate of a void draw that named positions between.

    Raises:
        BadInput: `draw_no` holds what nobody can read.
        NotGivenUp, VoidEndsChain: A certificate does not show that, or ends the chain.
        NoSuchPosition, PositionTooFar: Beyond the chain, or beyond its next value.
        ValueShownForAnother, ValueExposed: It serves another, or is out already.
        ChainFileMissing, BadChainFile, PassphraseWanted, PassphraseWrong: As `load`.
    """
    if not draw_no.isprintable():
        raise BadInput(field="抽取编号", reason="含有不能识别的字符，请照纸面重新输入")
    path = path.resolve()  # a link is not a second file with notes of its own
    opened = _read(path)
    secret = _opened(path, opened, ask)  # a prompt may stand open while others take values
    value, passed_over = secret.value(position), _given_up(secret, void)
    line = {"position": position, "at": at.isoformat(timespec="seconds"), "for": purpose}
    if draw_no:
        line["draw"] = draw_no[:LONGEST_SHOWN_DRAW]
    with _alone(path):
        data = _read(path)
        if {**data, SHOWN: []} != {**opened, SHOWN: []}:
            raise BadChainFile(name=path.name, reason="输入口令期间文件被换成了另一个")
        shown = _shown(data)
        check_next(position, [line.position for line in shown], passed_over)
        check_purpose(position, purpose, shown)
        _replace(path, {**data, SHOWN: [*data.get(SHOWN, []), line]})
    return value


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else takes a value from this folder; who is killed lets go of it."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _given_up(secret: ChainSecret, void: Mapping[str, Mapping[str, Any]]) -> set[int]:
    key = bytes.fromhex(secret.signing_key_hex)
    sign = partial(ed25519_signed, key) if key else None
    anchor, found = secret.anchor_hex, set[int]()
    for name, certificate in void.items():
        void_draw = given_up(certificate, anchor, name)
        void_draw.check_cosigned(sign)
        found |= void_draw.positions
    return found


def _owner(data: Mapping[str, Any]) -> str:
    """Return what an encrypted part is bound to: nobody lengthens a chain or moves its year."""
    return json.dumps([data[name] for name in HEADER], ensure_ascii=False)


def _replace(path: Path, data: Mapping[str, Any]) -> None:
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)  # of a run that was cut off before it replaced anything
    try:
        _write(beside, data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()  # half a chain would bar the way for a whole one
        raise


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ChainFileMissing(name=path.name) from None
    except (OSError, ValueError, RecursionError):  # the last: brackets in brackets in brackets
        raise BadChainFile(name=path.name, reason="文件无法读取") from None
    if not (isinstance(data, dict) and _usable(data)):
        raise BadChainFile(name=path.name, reason="内容不完整或被改动")
    return data


def _usable(data: Mapping[str, Any]) -> bool:
    texts = all(isinstance(data.get(name), str) for name in ("kind", "holder"))
    length, notes = data.get("length"), data.get(SHOWN, [])
    numbers = type(data.get("year")) is int and _is_place(length, LONGEST_CHAIN)
    has_anchor = isinstance(data.get("anchor_hex"), str) or "secret_hex" in data
    whole = data.get("v") == 1 and data.get("suite") in SUITES and has_anchor
    if not (whole and texts and numbers and isinstance(notes, list)):
        return False
    return all(_is_note(one, length) for one in notes)


def _is_place(value: object, last: int) -> bool:
    return type(value) is int and 1 <= value <= last


def _is_note(line: object, length: Any) -> bool:
    """Whether a line is as `show` writes it: older ones do not say for what."""
    if not isinstance(line, dict) or not _is_place(line.get("position"), length):
        return False
    texts = all(isinstance(line.get(name, ""), str) for name in ("at", "for", "draw"))
    return texts and ("for" not in line or is_purpose(line["for"]))


def _shown(data: Mapping[str, Any]) -> tuple[Shown, ...]:
    return tuple(
        Shown(line["position"], line.get("at", ""), line.get("for", ""))
        for line in data.get(SHOWN, [])
    )


def _opened(path: Path, data: Mapping[str, Any], ask: Ask | None) -> ChainSecret:
    held = _unsealed(path, data, ask) if SEALED in data else data
    try:
        found = ChainSecret(
            **{name: data[name] for name in HEADER if name != "anchor_hex"},
            secret_hex=held["secret_hex"],
            signing_key_hex=held.get("signing_key_hex", ""),
        )
        sizes = {len(bytes.fromhex(getattr(found, name))) for name in SECRETS}
        usable = len(bytes.fromhex(found.secret_hex)) == SIZE and sizes <= {0, SIZE}
    except (KeyError, TypeError, ValueError):
        usable = False
    if not usable or found.anchor_hex != data.get("anchor_hex", found.anchor_hex):
        raise BadChainFile(name=path.name, reason="内容不完整或被改动")
    return found


def _unsealed(path: Path, data: Mapping[str, Any], ask: Ask | None) -> Mapping[str, Any]:
    passphrase = ask() if ask is not None else ""
    if not passphrase:
        raise PassphraseWanted(name=path.name)
    try:
        plain = unlocked(passphrase, data[SEALED], _owner(data))
    except (SealBroken, KeyError):
        raise PassphraseWrong(name=path.name) from None
    held: Mapping[str, Any] = json.loads(plain)
    return held
