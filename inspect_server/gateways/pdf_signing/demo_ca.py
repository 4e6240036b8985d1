"""Certificates for showing and trying, never for real use: their own names say so (演示用)."""

import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

ROOT_NAME = "演示用根证书（不得用于实际执法）"
MARK = "（演示用）"
LONGEST_BUREAU = 64 - len(MARK.encode())
"""Bytes of UTF-8 that the library lets a common name have beside the mark."""
KEY_BITS = 3_072
DAYS = 365
KEY_FILE, SECRET_FILE, ROOT_FILE = "demo-signer.p12", "demo-passphrase.txt", "demo-root.pem"


@dataclass(frozen=True)
class DemoAuthority:
    """The files that were made."""

    key: Path
    passphrase: Path
    root: Path


def make_demo_authority(
    folder: Path, bureau: str, now: datetime, days: int = DAYS
) -> DemoAuthority:
    """
    Make a root, and a signing key with its certificate for a bureau.

    The root's own key is thrown away: with these files nobody can make further certificates.

    Args:
        folder: Made (0700) where it is not there.
        bureau: Its name, of at most `LONGEST_BUREAU` bytes, stands in the certificate, with 演示用
            behind it.
        days: How long the certificates are valid.

    Raises:
        FileExistsError: One of the files is already there; none is overwritten.
        OSError: Rights or space; none of the files stays.
    """
    made = DemoAuthority(folder / KEY_FILE, folder / SECRET_FILE, folder / ROOT_FILE)
    root_key = rsa.generate_private_key(65_537, KEY_BITS)
    root_name = _name(ROOT_NAME)
    root = (
        _builder(root_name, root_name, root_key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    key = rsa.generate_private_key(65_537, KEY_BITS)
    certificate = (
        _builder(_name(bureau + MARK), root_name, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    passphrase = secrets.token_urlsafe(18)
    sealed = BestAvailableEncryption(passphrase.encode())
    bundle = pkcs12.serialize_key_and_certificates(MARK.encode(), key, certificate, [root], sealed)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as undone:  # a part of them would be of no use, and in the way
        for path, content, mode in (
            (made.passphrase, passphrase.encode() + b"\n", 0o600),
            (made.key, bundle, 0o600),
            (made.root, root.public_bytes(Encoding.PEM), 0o644),
        ):
            _create(path, content, mode, undone)
        undone.pop_all()
    return made


def _name(common: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    signs_documents = not signs_certificates
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _create(path: Path, content: bytes, mode: int, undone: ExitStack) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    undone.callback(path.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
