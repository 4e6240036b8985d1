"""A private root and server certificates for tests, and clients that trust it."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from inspect_server.gateways.certificates.making import certificate_bytes, key_bytes
from inspect_server.gateways.certificates.pairs import Pair
from inspect_server.usecases.certificates import issue, make_root

LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Trusted:
    """A root below a folder, and a certificate of it for this machine."""

    folder: Path
    pair: Pair

    def context(self) -> ssl.SSLContext:
        """Return what a phone that installed the root verifies with."""
        return ssl.create_default_context(cafile=str(self.folder / "root.crt"))

    def client(self, port: int, **options: float) -> httpx.Client:
        """Return a client of the server on this machine that trusts the root."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            verify=self.context(),
            trust_env=False,
            **{"timeout": 20, **options},  # type: ignore[arg-type]
        )

    def renewed(self) -> Pair:
        """Replace the certificate and its key."""
        return issue(self.folder, LOCAL, str, datetime.now(UTC)).pair


def trusted(folder: Path) -> Trusted:
    """Make both."""
    now = datetime.now(UTC)
    make_root(folder, ("localhost",), "测试", "", now)
    return Trusted(folder, issue(folder, LOCAL, str, now).pair)


def odd_pair(
    folder: Path,
    *,
    names: tuple[str, ...] = ("inspect.lan",),
    days: tuple[float, float] = (-1, 30),
    purpose: str | None = "1.3.6.1.5.5.7.3.1",
) -> Pair:
    """Make a certificate by itself, as other tools make them, with a key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "inspect.lan")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )
    if names:
        hosts = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        made = made.add_extension(hosts, critical=False)
    if purpose:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)])
        made = made.add_extension(usage, critical=False)
    pair = Pair(folder / "odd.crt", folder / "odd.key")
    pair.certificate.write_bytes(certificate_bytes(made.sign(key, hashes.SHA256())))
    pair.key.write_bytes(key_bytes(key))
    pair.key.chmod(0o600)
    return pair
