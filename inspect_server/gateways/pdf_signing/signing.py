"""PAdES B-B and B-T with a key that this server holds."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from inspect_server.gateways.pdf_signing.certificates import SigningKey
from inspect_server.gateways.pdf_signing.preparing import DIGEST, prepare
from inspect_server.gateways.pdf_signing.said import Said

ROOM = 8_192
"""Bytes for the signature: RSA 4096 with a chain of three takes about 6,000."""
ROOM_STAMPED = 24_576
"""The same with a time stamp and the authority's certificates in it."""


class _HeldKey(Signer):
    """A signer that keeps the loaded key: loading it anew checks its primes each time."""

    def __init__(self, key: SigningKey) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([_asn1(one) for one in key.chain])
        super().__init__(signing_cert=_asn1(key.certificate), cert_registry=store)
        self._key = key.private

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the signature value over these bytes."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class OwnSigner:
    """Signs with the configured certificate; one object for as long as the process lasts."""

    def __init__(self, key: SigningKey, timestamps: TimeStamper | None = None) -> None:
        """Keep the key; with an authority for time stamps, signatures are B-T."""
        self._key = key
        self._signer = _HeldKey(key)
        self._timestamps = timestamps
        self.certificate_sha256 = hashlib.sha256(
            key.certificate.public_bytes(Encoding.DER)
        ).hexdigest()

    def sign(self, pdf: bytes, said: Said) -> bytes:
        """
        Return the file with a signature behind it.

        Raises:
            KeyNotUsable: The certificate is not valid at this time.
            NotSigned: The file is no sound PDF, or the time stamp authority gave nothing.
        """
        self._key.check_valid_at(said.at)
        prepared = prepare(pdf, said, ROOM_STAMPED if self._timestamps else ROOM)
        # A thread of its own: in this one an event loop may be running.
        with ThreadPoolExecutor(max_workers=1) as alone:
            signature: Any = alone.submit(asyncio.run, self._signature(prepared.digest)).result()
        return prepared.filled(signature.dump())

    async def _signature(self, digest: bytes) -> Any:
        return await self._signer.async_sign(
            digest, DIGEST, use_pades=True, timestamper=self._timestamps
        )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
