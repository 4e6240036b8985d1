"""A root as phones take it: DER for Android and HarmonyOS, a configuration profile for iOS."""

import plistlib
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from inspect_server.gateways.certificates.making import Certificate

IDENTIFIER = "inspect-server.root"
ADVICE = "安装后，请在“设置－通用－关于本机－证书信任设置”中对本证书启用完全信任。"


def der(root: Certificate) -> bytes:
    """Return the certificate as DER, which every phone reads under .crt and .cer."""
    return root.public_bytes(Encoding.DER)


def fingerprint(root: Certificate) -> bytes:
    """Return the SHA-256 that phones show beside a certificate."""
    return sha256(der(root)).digest()


def said_by(certificate: Certificate) -> tuple[str, str]:
    """Return the common name and the unit of a certificate, "" for what it does not say."""
    common, unit = (
        next((str(one.value) for one in certificate.subject.get_attributes_for_oid(kind)), "")
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    )
    return common, unit


def mobileconfig(root: Certificate) -> bytes:
    """
    Return an iOS configuration profile that installs the root; the same one for the same root.

    It is not signed: iOS says 未签名, and lets it be installed all the same.
    """
    content, (common, unit) = der(root), said_by(root)
    ids = [str(uuid5(NAMESPACE_OID, f"{sha256(content).hexdigest()}/{n}")).upper() for n in (0, 1)]
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{IDENTIFIER}.{ids[0]}",
        "PayloadUUID": ids[0],
        "PayloadDisplayName": common,
        "PayloadCertificateFileName": "inspect-root.cer",
        "PayloadContent": content,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{IDENTIFIER}.{ids[1]}",
        "PayloadUUID": ids[1],
        "PayloadDisplayName": common,
        "PayloadDescription": ADVICE,
        "PayloadOrganization": unit or common,
        "PayloadContent": [certificate],
    }
    return plistlib.dumps(profile)
