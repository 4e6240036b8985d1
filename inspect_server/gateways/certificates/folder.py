"""
The folder (0700) of a private root: the root, and the servers' certificates that it signed.

A root is written once and never replaced. NAME.crt and NAME.key lead through one link to a folder
with both, and another link takes its place when they are made anew: whatever breaks off in between,
certificate and key are a pair.

    NAME.crt -> .NAME.pair/server.crt      .NAME.pair -> .NAME.<random>/
    NAME.key -> .NAME.pair/server.key
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspect_server.domain.certificates import (
    NameOfRoot,
    PassphraseRefused,
    RootExists,
    RootHalf,
    RootMissing,
    RootUnusable,
)
from inspect_server.gateways.blobs import sync_folder
from inspect_server.gateways.certificates.making import (
    Certificate,
    Key,
    certificate_bytes,
    key_bytes,
    secret_bytes,
)
from inspect_server.gateways.certificates.pairs import Pair

ROOT, ROOT_KEY = "root.crt", "root.key"
INSIDE, INSIDE_KEY = "server.crt", "server.key"
PUBLIC, SECRET = 0o644, 0o600

Ask = Callable[[], str]
"""Asks the root's keeper for the passphrase of its key."""


class RootFolder:
    """A root and what it certified, as PEM files."""

    def __init__(self, folder: Path) -> None:
        self.path = folder

    def keep_root(self, root: Certificate, key: Key, passphrase: str) -> None:
        """
        Write a new root; the key first, so that a certificate never stands without one.

        Raises:
            RootExists: It is there; nothing was changed.
            RootHalf: Its key alone is.
        """
        for folder in reversed((self.path, *self.path.parents)):
            # With parents=True those above would be open to all, the data folder among them.
            folder.mkdir(exist_ok=True, mode=0o700)
        try:
            _create(self.path / ROOT_KEY, key_bytes(key, passphrase), SECRET)
            try:
                _create(self.path / ROOT, certificate_bytes(root), PUBLIC)
            except BaseException:
                (self.path / ROOT_KEY).unlink()
                raise
        except FileExistsError:
            self._check_whole()
            raise RootExists(folder=self.path) from None
        sync_folder(self.path)

    def root(self) -> Certificate:
        """
        Return the root's certificate.

        Raises:
            RootMissing: There is none.
            RootHalf: Its key alone is there.
            RootUnusable: The file is damaged, or no root that was made here.
        """
        try:
            found = x509.load_pem_x509_certificate((self.path / ROOT).read_bytes())
            for needed in (x509.NameConstraints, x509.SubjectKeyIdentifier):
                found.extensions.get_extension_for_class(needed)
        except FileNotFoundError:
            self._check_whole()
            raise RootMissing(folder=self.path) from None
        except (ValueError, x509.ExtensionNotFound):
            raise RootUnusable(folder=self.path, reason=f"{ROOT} 不是本系统建立的根证书") from None
        return found

    def _check_whole(self) -> None:
        if (self.path / ROOT_KEY).exists() and not (self.path / ROOT).exists():
            raise RootHalf(folder=self.path)

    def root_key(self, ask: Ask) -> Key:
        """
        Return the root's key.

        Args:
            ask: Asked only where the key has a passphrase.

        Raises:
            RootMissing: Only its certificate is here: it was taken elsewhere.
            RootUnusable: The file is damaged, or another root's.
            PassphraseRefused: A wrong passphrase, or none.
        """
        try:
            content = (self.path / ROOT_KEY).read_bytes()
        except FileNotFoundError:
            raise RootMissing(folder=f"{self.path}（缺 {ROOT_KEY}）") from None
        found = _opened(content, ask) if b"ENCRYPTED" in content else self._plain(content)
        if not isinstance(found, ec.EllipticCurvePrivateKey) or (
            found.public_key() != self.root().public_key()
        ):
            raise RootUnusable(folder=self.path, reason=f"{ROOT_KEY} 不是 {ROOT} 的密钥")
        return found

    def _plain(self, content: bytes) -> object:
        try:
            return load_pem_private_key(content, None)
        except (ValueError, TypeError):
            raise RootUnusable(folder=self.path, reason=f"{ROOT_KEY} 已损坏") from None

    def pair_for(self, name: str) -> Pair:
        """
        Return where the certificate and key of a server of this name stand.

        Raises:
            NameOfRoot: The root's own stand there.
        """
        stem = name.replace(":", "_")  # of an IPv6 address
        pair = Pair(self.path / f"{stem}.crt", self.path / f"{stem}.key")
        if {pair.certificate.name, pair.key.name} & {ROOT, ROOT_KEY}:
            raise NameOfRoot(name=name)
        return pair

    def keep_pair(self, name: str, certificate: Certificate, key: Key) -> Pair:
        """
        Write a server's certificate and key, in place of those before: both or neither.

        Raises:
            NameOfRoot: The root's own stand there.
        """
        pair = self.pair_for(name)
        made = _pair_folder(pair, certificate_bytes(certificate), key_bytes(key))
        link = _link(pair)
        if not all(_leads(path, to) for path, to in _ways(pair)):
            self._lead_through(link, pair, made)
        before = link.parent / os.readlink(link)
        _point(link, made.name)
        sync_folder(self.path)
        if before != made and before.parent == self.path:
            shutil.rmtree(before, ignore_errors=True)
        return pair

    def _lead_through(self, link: Path, pair: Pair, made: Path) -> None:
        """Let both names lead through the link, to what they were: files of another hand."""
        first = made
        if pair.certificate.is_file() and pair.key.is_file():
            first = _pair_folder(pair, pair.certificate.read_bytes(), pair.key.read_bytes())
        _point(link, first.name)
        sync_folder(self.path)
        for path, to in _ways(pair):
            _point(path, to)

    def issued(self) -> Iterator[tuple[Pair, Certificate]]:
        """
        Yield the servers' certificates here that the root signed, by file name.

        Raises:
            RootMissing: There is no root.
            RootUnusable: Its file is damaged.
        """
        root = self.root()
        for path in sorted(self.path.glob("*.crt")):
            if path.name == ROOT:
                continue
            with suppress(ValueError, TypeError, InvalidSignature):  # somebody else's file
                found = x509.load_pem_x509_certificate(path.read_bytes())
                found.verify_directly_issued_by(root)
                yield Pair(path, path.with_suffix(".key")), found


def _opened(content: bytes, ask: Ask) -> object:
    passphrase = ask()
    if not passphrase:
        raise PassphraseRefused(reason="没有输入口令")
    try:
        return load_pem_private_key(content, secret_bytes(passphrase))
    except ValueError:
        raise PassphraseRefused(reason="口令不对") from None


def _create(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there yet, whole or not at all."""
    part = _part(path, content, mode)
    try:
        os.link(part, path)
    finally:
        part.unlink()


def _link(pair: Pair) -> Path:
    """Return the link of a pair; no host begins with a dot, so no other name is this one."""
    return pair.key.with_name(f".{pair.key.stem}.pair")


def _ways(pair: Pair) -> tuple[tuple[Path, str], ...]:
    """Return where the names of a pair should lead."""
    link = _link(pair).name
    return (pair.key, f"{link}/{INSIDE_KEY}"), (pair.certificate, f"{link}/{INSIDE}")


def _leads(path: Path, to: str) -> bool:
    return path.is_symlink() and os.readlink(path) == to


def _pair_folder(pair: Pair, certificate: bytes, key: bytes) -> Path:
    """Write a certificate and its key into a folder of their own, for good."""
    made = pair.key.with_name(f".{pair.key.stem}.{secrets.token_hex(8)}")
    made.mkdir(mode=0o700)
    try:
        _create(made / INSIDE, certificate, PUBLIC)
        _create(made / INSIDE_KEY, key, SECRET)
        sync_folder(made)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return made


def _point(path: Path, target: str) -> None:
    """Make a path a link to a target beside it, in place of what it was."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    part.symlink_to(target)
    try:
        part.replace(path)
    except BaseException:
        part.unlink()
        raise


def _part(path: Path, content: bytes, mode: int) -> Path:
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)  # whatever the umask: the root is for everybody to read
            file.write(content)
            file.flush()
            os.fsync(handle)
    except BaseException:
        part.unlink()
        raise
    return part
