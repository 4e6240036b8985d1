"""A private root for a bureau's phones, and the server certificates that it signs; no database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import category

from inspect_server.domain.certificates import (
    LONGEST_UNIT,
    SHORTEST_PASSPHRASE,
    Names,
    NamesOutsideRoot,
    PassphraseRefused,
    is_due,
    leaf_period,
    names_of,
    root_period,
    scope_for,
)
from inspect_server.domain.errors import BadInput
from inspect_server.gateways.certificates import making, profile
from inspect_server.gateways.certificates.folder import Ask, RootFolder
from inspect_server.gateways.certificates.pairs import Pair


@dataclass(frozen=True)
class Root:
    """A root as it is shown to people and given to phones: nothing of it is secret."""

    name: str
    unit: str
    begins: datetime
    ends: datetime
    permits: str
    fingerprint: bytes  # SHA-256
    der: bytes  # application/x-x509-ca-cert
    mobileconfig: bytes  # application/x-apple-aspen-config


@dataclass(frozen=True)
class Issued:
    """A server's certificate that a root signed."""

    pair: Pair
    names: Names
    ends: datetime


def default_folder(data_dir: Path) -> Path:
    """Return where a server keeps a root: with its keys, so that every backup holds it."""
    return data_dir / "keys" / "tls"


def make_root(
    folder: Path, words: tuple[str, ...], unit: str, passphrase: str, now: datetime
) -> Root:
    """
    Make a root that may certify some hosts and any private address, for ten years.

    Args:
        words: Names under which phones reach servers, now or later.
        unit: Whose it is; may be empty.
        passphrase: Of its key; "" for none.

    Raises:
        RootExists: A root is never replaced.
        RootHalf: A key stands there without its certificate.
        BadServerName: A word is neither host nor address.
        PassphraseRefused: Too short.
        BadInput: The unit's name is too long, or has signs that are none of writing.
    """
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseRefused(reason=f"口令少于 {SHORTEST_PASSPHRASE} 个字符")
    if len(unit) > LONGEST_UNIT:
        raise BadInput(field="单位名称", reason=f"超过 {LONGEST_UNIT} 个字符")
    if any(category(sign).startswith("C") for sign in unit):
        raise BadInput(field="单位名称", reason="含有换行等控制字符")
    scope = scope_for(names_of(words))
    key = making.new_key()
    made = making.make_root(key, unit, scope, root_period(now))
    shown = _shown(made)  # what phones could not be given is not written either
    RootFolder(folder).keep_root(made, key, passphrase)
    return shown


def root_in(folder: Path) -> Root:
    """
    Return the root of a folder.

    Raises:
        RootMissing: There is none.
        RootHalf: Its key alone is there.
        RootUnusable: Its file is damaged.
    """
    return _shown(RootFolder(folder).root())


def issue(folder: Path, words: tuple[str, ...], ask: Ask, now: datetime) -> Issued:
    """
    Certify a server for its names, with a new key; what it had under the first name is replaced.

    Args:
        words: Hosts and addresses, at least one.
        ask: Asks for the passphrase of the root's key, where it has one.

    Raises:
        BadServerName: A word is neither host nor address.
        NamesOutsideRoot: The root may not certify all of them.
        NameOfRoot: The first one is what the root's own files are called.
        RootMissing: There is no root, or only its certificate.
        RootUnusable: Its files are damaged.
        RootExpired: Its time is over.
        PassphraseRefused: The passphrase does not open its key.
    """
    return _issue(RootFolder(folder), names_of(words), ask, now)


def renew(folder: Path, ask: Ask, now: datetime) -> tuple[Issued, ...]:
    """
    Certify every server of a root again whose certificate is due; return those.

    Raises:
        RootMissing: There is no root, or only its certificate.
        RootUnusable: Its files are damaged.
        RootExpired: Its time is over.
        PassphraseRefused: The passphrase does not open its key.
    """
    held = RootFolder(folder)
    held.root()
    due = [one for one in issued(folder) if is_due(one.ends, now)]
    if not due:
        return ()
    key = held.root_key(ask)
    return tuple(_signed(held, key, one.names, now) for one in due)


def issued(folder: Path) -> tuple[Issued, ...]:
    """Return the servers' certificates of a folder."""
    return tuple(
        Issued(pair, making.names_in(found), found.not_valid_after_utc)
        for pair, found in RootFolder(folder).issued()
    )


def _issue(held: RootFolder, names: Names, ask: Ask, now: datetime) -> Issued:
    scope = making.scope_of(held.root())
    if outside := scope.outside(names):
        raise NamesOutsideRoot(names="、".join(outside), permitted=scope.told())
    held.pair_for(next(iter(names)))  # refused before a passphrase is asked for
    return _signed(held, held.root_key(ask), names, now)


def _signed(held: RootFolder, root_key: making.Key, names: Names, now: datetime) -> Issued:
    root = held.root()
    period = leaf_period(now, root.not_valid_after_utc)
    key = making.new_key()
    made = making.certify(root, root_key, key, names, period)
    pair = held.keep_pair(next(iter(names)), made, key)
    return Issued(pair, names, period[1])


def _shown(root: making.Certificate) -> Root:
    name, unit = profile.said_by(root)
    return Root(
        name=name,
        unit=unit,
        begins=root.not_valid_before_utc,
        ends=root.not_valid_after_utc,
        permits=making.scope_of(root).told(),
        fingerprint=profile.fingerprint(root),
        der=profile.der(root),
        mobileconfig=profile.mobileconfig(root),
    )
