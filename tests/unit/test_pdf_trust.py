"""Which certificates a trusted root stands behind, and what a time stamp alone is worth."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from inspect_server.gateways.pdf_signing.certificates import SigningKey
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_signing.signing import OwnSigner
from inspect_server.gateways.pdf_verifying.findings import Signature
from inspect_server.gateways.pdf_verifying.reading import look
from pdf_templates.catalogue import render
from pdf_templates.facts import to_json
from tests.golden import example_documents as examples
from tests.signers import certified

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CA_BASIC = x509.BasicConstraints(ca=True, path_length=None)
SIGNING = x509.KeyUsage(True, True, *[False] * 7)
CERTIFYING = x509.KeyUsage(*[False] * 5, True, True, False, False)
CITY, BUREAU = "市", "局"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render("rectification_order", to_json(examples.ORDER))


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(said: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])


def certificate(
    subject: str,
    own: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *extensions: x509.ExtensionType,
    days: tuple[int, int] = (-10, 300),
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
    )
    for extension in extensions:
        critical = not isinstance(extension, x509.ExtendedKeyUsage)
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by, hashes.SHA256())


ROOT_KEY, CITY_KEY, OWN_KEY = key(), key(), key()


def of_root(*extensions: x509.ExtensionType, **more: Any) -> x509.Certificate:
    basic = () if any(isinstance(one, x509.BasicConstraints) for one in extensions) else (CA_BASIC,)
    return certificate("根", ROOT_KEY, "根", ROOT_KEY, *basic, CERTIFYING, *extensions, **more)


def of_city(*extensions: x509.ExtensionType, **more: Any) -> x509.Certificate:
    return certificate(CITY, CITY_KEY, "根", ROOT_KEY, CA_BASIC, CERTIFYING, *extensions, **more)


def distrust(pdf: bytes, root: x509.Certificate, city: x509.Certificate) -> str:
    """Return what is said of a bureau's certificate by a city's by the root."""
    own = certificate(BUREAU, OWN_KEY, CITY, CITY_KEY, SIGNING)
    signed = OwnSigner(SigningKey(OWN_KEY, own, (city,)), None).sign(pdf, Said(NOW))
    (found,) = look(signed, [root], NOW).signatures
    assert found.valid
    assert found.certificate is not None
    return found.certificate.distrust


NO_BUREAU = x509.NameConstraints(None, [x509.DirectoryName(name(BUREAU))])
OTHERS_ONLY = x509.NameConstraints([x509.DirectoryName(name("别的"))], None)
ANY_DNS = x509.NameConstraints([x509.DNSName("example.org")], None)
WEB = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
CLOCKS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])


@pytest.mark.parametrize(
    ("root", "city", "why"),
    [
        (of_root(), of_city(), ""),
        (of_root(x509.BasicConstraints(ca=True, path_length=1)), of_city(), ""),
        (of_root(ANY_DNS), of_city(), ""),
        (of_root(), of_city(MAIL), ""),
        (of_root(), of_city(days=(-100, -5)), "out_of_date"),
        (of_root(), of_city(days=(5, 100)), "out_of_date"),
        (of_root(days=(-100, -5)), of_city(), "out_of_date"),
        (of_root(x509.BasicConstraints(ca=True, path_length=0)), of_city(), "other"),
        (of_root(NO_BUREAU), of_city(), "other"),
        (of_root(OTHERS_ONLY), of_city(), "other"),
        (of_root(x509.BasicConstraints(ca=False, path_length=None)), of_city(), "unknown_issuer"),
        (of_root(CLOCKS), of_city(), "usage"),
        (of_root(), of_city(WEB), "usage"),
        (of_root(), of_city(CLOCKS), "usage"),
    ],
)
def test_roots_and_those_between_are_held_to_what_they_say_of_themselves(
    pdf: bytes, root: x509.Certificate, city: x509.Certificate, why: str
) -> None:
    assert distrust(pdf, root, city) == why


def test_an_outdated_certificate_by_another_key_of_that_name_is_a_false_one(pdf: bytes) -> None:
    false = certificate(CITY, CITY_KEY, "根", key(), CA_BASIC, CERTIFYING, days=(-100, -5))

    assert distrust(pdf, of_root(), false) == "other"


def test_a_time_that_has_not_come_yet_is_told_and_the_chain_is_judged_now(pdf: bytes) -> None:
    held = certified(NOW, days=3_000)
    later = NOW + timedelta(days=300)
    ahead, slow = held.signer().sign(pdf, Said(later)), NOW + timedelta(minutes=4)
    (found,) = look(ahead, [held.root], NOW).signatures
    (then,) = look(ahead, [held.root], later).signatures
    (hardly,) = look(held.signer().sign(pdf, Said(slow)), [held.root], NOW).signatures
    (early,) = look(ahead, [held.root], NOW - timedelta(days=2)).signatures

    assert (found.is_future, then.is_future, hardly.is_future) == (True, False, False)
    assert found.certificate is not None
    assert found.certificate.distrust == ""
    assert early.certificate is not None
    assert early.certificate.distrust == "out_of_date"


def stamped(pdf: bytes, purposes: Sequence[x509.ObjectIdentifier]) -> Signature:
    """Return what is found of a file that nobody signed, and that an authority stamped."""
    usage = x509.ExtendedKeyUsage(purposes)
    clock = rsa.generate_private_key(65537, 2048)  # all that the stamper for tests can use
    own = certificate("国家授时", clock, "根", ROOT_KEY, SIGNING, usage)
    store = SimpleCertificateStore()
    secret = clock.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(own.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(secret),
        certs_to_embed=store,
        fixed_dt=NOW,
    )
    output, update = io.BytesIO(), IncrementalPdfFileWriter(io.BytesIO(pdf))
    PdfTimeStamper(stamper).timestamp_pdf(update, "sha256", output=output)
    (found,) = look(output.getvalue(), [of_root()], NOW).signatures
    return found


@pytest.mark.parametrize(
    ("purpose", "why"),
    [
        (ExtendedKeyUsageOID.TIME_STAMPING, ""),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION, "usage"),
    ],
)
def test_a_stamp_alone_is_no_signature(
    pdf: bytes, purpose: x509.ObjectIdentifier, why: str
) -> None:
    found = stamped(pdf, [purpose])

    assert (found.is_stamp, found.valid, found.is_future) == (True, True, False)
    assert found.certificate is not None
    assert found.certificate.distrust == why
