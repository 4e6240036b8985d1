"""A root and servers' certificates as bytes: ECDSA P-256, which every phone in use verifies."""

import unicodedata
from datetime import datetime
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspect_server.domain.certificates import NO_HOST, Address, Names, Network, Scope

Key = ec.EllipticCurvePrivateKey
Certificate = x509.Certificate
COMMON_NAME, SERVER_NAME = "执法检查系统根证书", "执法检查系统服务器"
LONGEST_COMMON_NAME = 64


def new_key() -> Key:
    """Return a fresh key."""
    return ec.generate_private_key(ec.SECP256R1())


def make_root(key: Key, unit: str, scope: Scope, period: tuple[datetime, datetime]) -> Certificate:
    """
    Certify a key by itself, as a root that may certify servers within a scope and nothing else.

    Args:
        unit: Whose it is, shown by phones; may be empty.
        period: From when until when it is valid.
    """
    # The month tells two roots apart in a phone's list, should the first one ever be lost.
    name = _name(f"{COMMON_NAME} {period[0]:%Y-%m}", unit)
    public = key.public_key()
    permitted = [
        *map(x509.DNSName, scope.hosts),
        *map(x509.IPAddress, scope.networks),
        # A kind of name of which none is permitted is free: mail and addresses of pages are for
        # no host. `otherName` is left out: verifiers refuse or ignore it, some cannot read it.
        x509.RFC822Name(NO_HOST),
        x509.UniformResourceIdentifier(NO_HOST),
    ]
    return (
        _builder(name, name, public, period)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def certify(
    root: Certificate, root_key: Key, key: Key, names: Names, period: tuple[datetime, datetime]
) -> Certificate:
    """Certify a server's key for its names by a root."""
    # An address as the common name would be taken for a host, which the root may not certify.
    common = next((host for host in names.hosts if len(host) <= LONGEST_COMMON_NAME), SERVER_NAME)
    units = root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    unit = str(units[0].value) if units else ""
    subject = _name(common, unit)
    issuer_id = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    alternatives = [*map(x509.DNSName, names.hosts), *map(x509.IPAddress, names.addresses)]
    return (
        _builder(subject, root.subject, key.public_key(), period)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )


def scope_of(root: Certificate) -> Scope:
    """Return what a root that was made here may certify, as it says itself."""
    said = root.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = said.permitted_subtrees or []
    return Scope(
        tuple(one.value for one in permitted if isinstance(one, x509.DNSName)),
        tuple(cast(Network, one.value) for one in permitted if isinstance(one, x509.IPAddress)),
    )


def names_in(certificate: Certificate) -> Names:
    """Return the hosts and addresses in subjectAltName; none where it has none."""
    try:
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Names((), ())
    return Names(
        tuple(said.get_values_for_type(x509.DNSName)),
        tuple(cast(Address, one) for one in said.get_values_for_type(x509.IPAddress)),
    )


def certificate_bytes(certificate: Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def secret_bytes(passphrase: str) -> bytes:
    """Return the bytes of a passphrase, the same ones on every keyboard."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def key_bytes(key: Key, passphrase: str = "") -> bytes:
    """Return a key as PEM, encrypted where there is a passphrase."""
    sealed: KeySerializationEncryption = NoEncryption()
    if passphrase:
        sealed = BestAvailableEncryption(secret_bytes(passphrase))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


def _name(common: str, unit: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, unit),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts if value])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    period: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period[0])
        .not_valid_after(period[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
