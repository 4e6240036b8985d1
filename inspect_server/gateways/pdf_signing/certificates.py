"""The configured key with its certificates, loaded once and judged before it is used."""

import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from inspect_server.gateways.pdf_signing.errors import KeyExposed, KeyNotUsable

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
LARGEST = 1_000_000
"""Bytes of a key or certificate file; a real one has a few thousand."""
LEAST_RSA = 2_048
CURVES = ("secp256r1", "secp384r1", "secp521r1")
PURPOSES = (
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.5.5.7.3.4",
    "1.2.840.113583.1.1.5",
    "1.3.6.1.4.1.311.10.3.12",
    "2.5.29.37.0",
)
"""
Extended key usages of certificates that sign documents: document signing (RFC 9336), mail, Adobe's
and Microsoft's for documents, any (RFC 5280, 4.2.1.12).
"""
OF_PEOPLE, OF_SERVERS = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
"""
Client authentication is all that many authorities write for people, so it will do; but web servers
have it beside server authentication, and then it says nothing of documents.
"""


def is_for_documents(purposes: Collection[str]) -> bool:
    """Return whether a certificate with these extended key usages may sign documents."""
    if any(one in PURPOSES for one in purposes):
        return True
    return OF_PEOPLE in purposes and OF_SERVERS not in purposes


@dataclass(frozen=True)
class SigningKey:
    """A private key, its own certificate, and those that lead from it towards a root."""

    private: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def check_valid_at(self, moment: datetime) -> None:
        """
        Refuse a certificate that is not valid at a moment.

        Raises:
            KeyNotUsable: Not yet, or no longer.
        """
        if moment < self.certificate.not_valid_before_utc:
            day = self.certificate.not_valid_before_utc.date()
            raise KeyNotUsable(reason=f"证书自 {day} 起才有效")
        if moment > self.certificate.not_valid_after_utc:
            day = self.certificate.not_valid_after_utc.date()
            raise KeyNotUsable(reason=f"证书已于 {day} 过期")


def load_key(key: Path, certificates: Path | None, passphrase: str) -> SigningKey:
    """
    Load a PKCS#12 file, or a PEM key with a PEM file of certificates.

    Args:
        certificates: PEM, in any order; None where the PKCS#12 file has them.
        passphrase: Empty where the key has none.

    Raises:
        KeyExposed: Somebody else may read the key file.
        KeyNotUsable: Files, passphrase, kind of key, or a certificate that is not the key's.
    """
    content = private_bytes(key)
    secret = passphrase.encode() if passphrase else None
    if b"-----BEGIN" in content:
        private = _from_pem(key, content, secret)
        if certificates is None:
            raise KeyNotUsable(reason="PEM 密钥须另以 signature_certificate 指明证书文件")
        known = load_certificates(certificates)
    else:
        private, known = _from_pkcs12(key, content, secret)
        if certificates is not None:
            known = [*known, *load_certificates(certificates)]
    return _matched(private, known)


def private_bytes(path: Path) -> bytes:
    """
    Return what a file of secrets holds.

    Raises:
        KeyExposed: Group or others have any right to it.
        KeyNotUsable: It cannot be read.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyExposed(path=path)
        return _read(path)
    except OSError:
        raise KeyNotUsable(reason=f"读不到 {path}") from None


def load_certificates(path: Path) -> list[x509.Certificate]:
    """
    Return the certificates of a PEM file.

    Raises:
        KeyNotUsable: There are none, or they cannot be read.
    """
    try:
        return x509.load_pem_x509_certificates(_read(path))
    except OSError:
        raise KeyNotUsable(reason=f"读不到 {path}") from None
    except ValueError:
        raise KeyNotUsable(reason=f"{path} 不是 PEM 格式的证书") from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise KeyNotUsable(reason=f"{path} 过大，不是密钥或证书文件")
    return content


def _from_pem(path: Path, content: bytes, secret: bytes | None) -> object:
    try:
        return load_pem_private_key(content, secret)
    except TypeError:
        told = "不需要口令，请删去口令" if secret else "需要口令，请配置口令"
        raise KeyNotUsable(reason=f"{path} {told}") from None
    except ValueError:
        raise KeyNotUsable(reason=f"{path} 口令不对，或不是密钥文件") from None


def _from_pkcs12(
    path: Path, content: bytes, secret: bytes | None
) -> tuple[object, list[x509.Certificate]]:
    try:
        private, own, others = pkcs12.load_key_and_certificates(content, secret)
    except ValueError:
        raise KeyNotUsable(reason=f"{path} 口令不对，或不是 PKCS#12 文件") from None
    return private, [*([own] if own else []), *others]


def _matched(private: object, known: Sequence[x509.Certificate]) -> SigningKey:
    if isinstance(private, rsa.RSAPrivateKey):
        if private.key_size < LEAST_RSA:
            raise KeyNotUsable(reason=f"RSA 密钥不足 {LEAST_RSA} 位")
    elif not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name not in CURVES:
        raise KeyNotUsable(
            reason="只支持 RSA 和 ECDSA（P-256、P-384、P-521）；SM2 请用外部签章程序"
        )
    own = [one for one in known if _raw(one.public_key()) == _raw(private.public_key())]
    if not own:
        raise KeyNotUsable(reason="证书与密钥不是一对")
    if not _may_sign(own[0]):
        raise KeyNotUsable(reason="证书的用途不含签名")
    chain = tuple(one for one in known if one not in own)
    return SigningKey(private, own[0], chain)


def _may_sign(certificate: x509.Certificate) -> bool:
    said = {type(one.value): one.value for one in certificate.extensions}
    usage, purposes = said.get(x509.KeyUsage), said.get(x509.ExtendedKeyUsage)
    if isinstance(usage, x509.KeyUsage) and not (
        usage.digital_signature or usage.content_commitment
    ):
        return False
    return not isinstance(purposes, x509.ExtendedKeyUsage) or is_for_documents(
        [one.dotted_string for one in purposes]
    )


def _raw(public: object) -> bytes:
    raw: bytes = public.public_bytes(  # type: ignore[attr-defined]  # every public key has it
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return raw
