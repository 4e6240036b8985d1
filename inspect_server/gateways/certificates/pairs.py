"""A server's certificate and key as files, made by whomever, read before anything is served."""

import ssl
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from inspect_server.domain.certificates import CertificateNotUsable, ServerCertificate
from inspect_server.gateways.certificates.making import names_in

LARGEST = 1_000_000
"""Bytes of such a file; a real one has a few thousand."""


@dataclass(frozen=True)
class Pair:
    """A certificate file and a key file that belong together."""

    certificate: Path
    key: Path

    def read(self) -> ServerCertificate:
        """
        Return what the certificate says, once both files are known to be a pair.

        Raises:
            CertificateNotUsable: A file is not there, may not be read, is none of its kind, the key
                has a passphrase, or they do not belong together.
        """
        own = _certificate(self.certificate)
        if _public(_private(self.key).public_key()) != _public(own.public_key()):
            raise CertificateNotUsable(
                reason=f"{self.certificate} 与 {self.key} 不是一对（密钥不是该证书的）"
            )
        return ServerCertificate(
            tuple(names_in(own)), own.not_valid_before_utc, own.not_valid_after_utc, _purposes(own)
        )

    def load_into(self, context: ssl.SSLContext) -> None:
        """
        Let a TLS context show the certificate.

        Raises:
            CertificateNotUsable: The TLS library refuses it, e.g. for a key that is too short.
        """
        try:
            # Without the argument it would ask on the terminal for a passphrase.
            context.load_cert_chain(self.certificate, self.key, password=lambda: b"")
        except (ssl.SSLError, OSError) as error:
            told = getattr(error, "reason", None) or type(error).__name__
            raise CertificateNotUsable(reason=f"加密库不接受（{told}）") from None

    def is_exposed(self) -> bool:
        """Return whether accounts other than its owner and group may read the key."""
        return bool(stat.S_IMODE(self.key.stat().st_mode) & 0o027)

    def stamp(self) -> tuple[object, ...]:
        """Return what changes whenever one of the files is written or replaced."""
        return tuple(_stamp(path) for path in (self.certificate, self.key))


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError as error:
        return error.errno
    return found.st_ino, found.st_size, found.st_mtime_ns


def _certificate(path: Path) -> x509.Certificate:
    content = _read(path, "证书")
    try:
        found = x509.load_pem_x509_certificates(content)
        # What is wrong inside shows only when it is looked at.
        _ = found[0].extensions, found[0].public_key()
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise CertificateNotUsable(reason=f"{path} 不是 PEM 格式的证书") from None
    return found[0]


def _private(path: Path) -> PrivateKeyTypes:
    content = _read(path, "密钥")
    try:
        return load_pem_private_key(content, None)
    except TypeError:
        raise CertificateNotUsable(
            reason=f"密钥 {path} 设有口令，服务无人值守时不能输入，应为不设口令、权限 600 的文件"
        ) from None
    except ValueError:
        raise CertificateNotUsable(reason=f"{path} 不是 PEM 格式的密钥") from None


def _read(path: Path, what: str) -> bytes:
    try:
        # Opening a pipe would wait for whoever writes into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise CertificateNotUsable(reason=f"{path} 不是普通文件，不能作为{what}")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise CertificateNotUsable(reason=f"找不到{what}文件 {path}") from None
    except PermissionError:
        raise CertificateNotUsable(reason=f"没有权限读取{what}文件 {path}") from None
    except OSError:
        raise CertificateNotUsable(reason=f"读不到{what}文件 {path}") from None
    if len(content) > LARGEST:
        raise CertificateNotUsable(reason=f"{path} 过大，不是{what}文件")
    return content


def _purposes(certificate: x509.Certificate) -> tuple[str, ...] | None:
    try:
        said = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return tuple(one.dotted_string for one in said)


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
