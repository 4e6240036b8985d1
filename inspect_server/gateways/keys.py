"""The server's own keys: one signs receipts, one signs its entries in the journal."""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from inspect_server.domain.draw.certificate import key_id
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.blobs import sync_folder

_Key = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

RECEIPTS = "receipt-ed25519.pem"
REPLICA = "replica-p256.pem"
SECRETS = ("uploads", "second-factor")
"""What else is made once: it signs upload tokens, and hides second factors in the database."""


class KeyUnusable(InspectError):
    """A key file is there but is not what its name says."""

    code, kind = "keys.unusable", "broken"
    message = "密钥文件 {name} 无法使用，请从备份恢复该文件后重启服务。"


@dataclass(frozen=True)
class ReceiptKey:
    """An Ed25519 key and the short id under which receipts name it."""

    private: ed25519.Ed25519PrivateKey

    @property
    def public_bytes(self) -> bytes:
        """The raw 32-byte public key."""
        return self.private.public_key().public_bytes_raw()

    @property
    def kid(self) -> str:
        """The first 16 hex digits of the SHA-256 of the raw public key."""
        return key_id(self.public_bytes)

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature over the exact bytes."""
        return self.private.sign(content)

    def published(self) -> dict[str, str]:
        """Return what phones store to check receipts."""
        return {
            "kid": self.kid,
            "alg": "ed25519",
            "public_key": base64.b64encode(self.public_bytes).decode("ascii"),
        }


class LocalKeys:
    """
    Keys below one folder (0700), each file 0600 and made at first use.

    A key is created complete and under its final name in one step, so that of several processes
    starting at once all end up with the same key, and no crash leaves half a key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receipts(self) -> ReceiptKey:
        """
        Return the key that signs receipts.

        Raises:
            KeyUnusable: The file is damaged.
        """
        found = self._load_or_make(RECEIPTS, ed25519.Ed25519PrivateKey.generate)
        if not isinstance(found, ed25519.Ed25519PrivateKey):
            raise KeyUnusable(name=RECEIPTS)
        return ReceiptKey(found)

    def replica(self) -> ec.EllipticCurvePrivateKey:
        """
        Return the P-256 key under which the server writes entries of its own.

        Raises:
            KeyUnusable: The file is damaged.
        """
        found = self._load_or_make(REPLICA, lambda: ec.generate_private_key(ec.SECP256R1()))
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(name=REPLICA)
        return found

    def secret(self, name: str) -> bytes:
        """Return 32 random bytes that stay the same on this server, e.g. to sign upload tokens."""
        path = self._folder / f"{name}.secret"
        if not path.is_file():
            self._create(path, secrets.token_bytes(32))
        content = path.read_bytes()
        if len(content) != 32:
            raise KeyUnusable(name=path.name)
        return content

    def make_all(self) -> dict[str, str]:
        """
        Make every key that is not there yet and return the fingerprints of all.

        Raises:
            KeyUnusable: A file is damaged.
        """
        self.receipts()
        self.replica()
        for name in SECRETS:
            self.secret(name)
        return self.fingerprints()

    def fingerprints(self) -> dict[str, str]:
        """
        Return the SHA-256 of each key file that is there, by its name; none is made.

        It may be published: nobody finds 256 random bits by their hash.
        """
        names = (RECEIPTS, REPLICA, *(f"{name}.secret" for name in SECRETS))
        paths = (self._folder / name for name in names)
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
            if path.is_file()
        }

    def _load_or_make(self, name: str, generate: Callable[[], _Key]) -> object:
        path = self._folder / name
        if not path.is_file():
            self._create(path, _pem(generate()))
        try:
            return serialization.load_pem_private_key(path.read_bytes(), password=None)
        except ValueError:
            raise KeyUnusable(name=name) from None

    def _create(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._folder / f".{path.name}.{secrets.token_hex(8)}"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(part, path)
        except FileExistsError:
            return  # another process was first: its key is the key
        finally:
            part.unlink(missing_ok=True)
        for folder in (self._folder, self._folder.parent):
            sync_folder(folder)


def _pem(key: _Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
