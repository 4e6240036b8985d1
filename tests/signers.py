"""Keys and certificates for signatures in tests: elliptic curves, because they are made at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from inspect_server.gateways.pdf_signing.certificates import SigningKey
from inspect_server.gateways.pdf_signing.signing import OwnSigner
from inspect_server.gateways.pdf_signing.stamping import NetworkTimestamps

BUREAU, ROOT = "云湾区应急管理局", "测试根证书"


@dataclass(frozen=True)
class Certified:
    """A root, and a key with a certificate by it."""

    root: x509.Certificate
    key: SigningKey

    def signer(self, timestamps: NetworkTimestamps | None = None) -> OwnSigner:
        return OwnSigner(self.key, timestamps)


def certified(
    now: datetime,
    *,
    days: int = 365,
    usage: bool = True,
    purposes: Sequence[ObjectIdentifier] = (),
    root_name: str = ROOT,
) -> Certified:
    """Make both, valid from a day before now; `usage`: may it sign? `purposes`: what, if said."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = (
        _builder(root_name, root_name, root_key, now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    marks = [usage, usage, not usage, False, False, False, False, False, False]
    own = (
        _builder(BUREAU, root_name, key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(*marks), critical=True)
    )
    if purposes:
        own = own.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Certified(root, SigningKey(key, own.sign(root_key, hashes.SHA256()), (root,)))


def _builder(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )
