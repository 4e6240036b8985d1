"""Which chains of certificates a reader's trusted roots stand behind, and why they do not."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import (
    CertTrustAnchor,
    TrustedServiceType,
    derive_quals_from_cert,
)
from pyhanko_certvalidator.errors import ExpiredError, NotYetValidError
from pyhanko_certvalidator.name_trees import default_permitted_subtrees
from pyhanko_certvalidator.policy_decl import PKIXValidationParams
from pyhanko_certvalidator.validate import async_validate_path

from inspect_server.gateways.pdf_signing.certificates import is_for_documents
from inspect_server.gateways.pdf_verifying.findings import Distrust

SLOW_CLOCK = timedelta(minutes=5)
"""By how much a signer's clock may be ahead of ours."""
FOR_STAMPS = {"1.3.6.1.5.5.7.3.8", "2.5.29.37.0"}
WHY = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Distrust.UNKNOWN_ISSUER,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Distrust.OUT_OF_DATE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Distrust.OUT_OF_DATE,
    AdESIndeterminate.EXPIRED: Distrust.OUT_OF_DATE,
    AdESIndeterminate.NOT_YET_VALID: Distrust.OUT_OF_DATE,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Distrust.USAGE,
}


class Trust:
    """The certificates that a reader trusts, asked now."""

    def __init__(self, roots: Sequence[x509.Certificate], now: datetime) -> None:
        self._now = now
        self._anchors = [_anchor(one.public_bytes(Encoding.DER)) for one in roots]

    def is_future(self, *moments: datetime | None) -> bool:
        """Return whether any moment has not come yet."""
        return any(one is not None and one > self._now + SLOW_CLOCK for one in moments)

    def at(self, moment: datetime | None) -> ValidationContext:
        """Return what chains are judged by at a moment, at the latest now."""
        judged = self._now if moment is None or self.is_future(moment) else moment
        return ValidationContext(
            trust_roots=list(self._anchors), moment=judged, allow_fetching=False
        )

    def why_not(self, status: Any, moment: datetime | None, *, stamps: bool) -> str:
        """Return the Distrust of a chain that pyHanko judged at a moment; "" where it holds."""
        if status.trusted:
            return "" if _may(status.validation_path.iter_certs(True), stamps) else Distrust.USAGE
        if not self._anchors:
            return Distrust.NO_ROOTS
        why = WHY.get(status.trust_problem_indic, Distrust.OTHER)
        if why is Distrust.OTHER and self._is_out_of_date(status, moment):
            return Distrust.OUT_OF_DATE
        return why

    def _is_out_of_date(self, status: Any, moment: datetime | None) -> bool:
        """Return whether a date is what fails: pyHanko tells so of the last certificate only."""
        if status.validation_path is None:
            return False
        try:
            done(async_validate_path(self.at(moment), status.validation_path))
        except (ExpiredError, NotYetValidError):
            return True
        except Exception:  # whatever else is wrong with a made-up chain
            return False
        return False


def done(asked: Coroutine[Any, Any, Any]) -> Any:
    """Return what it comes to, in a thread of its own: in this one an event loop may be running."""
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(asyncio.run, asked).result()


def _anchor(der: bytes) -> CertTrustAnchor:
    """
    Return a root with what it says of itself: dates, length of chains, names, whether it is a CA.

    Its certificate policies are left out: they are what it works by, not what it demands of others.
    """
    certificate = asn1_x509.Certificate.load(der)
    said = derive_quals_from_cert(certificate)
    names = said.standard_parameters
    is_old = certificate["tbs_certificate"]["version"].native == "v1"  # it cannot say what it is
    return CertTrustAnchor(
        certificate,
        replace(
            said,
            max_aa_path_length=said.max_path_length,  # else the library counts down from None
            standard_parameters=names
            and PKIXValidationParams(
                initial_permitted_subtrees=default_permitted_subtrees()
                | (names.initial_permitted_subtrees or {}),
                initial_excluded_subtrees=names.initial_excluded_subtrees,
            ),
            trusted_service_type=TrustedServiceType.UNSPECIFIED
            if is_old
            else said.trusted_service_type,
        ),
    )


def _may(chain: Iterable[asn1_x509.Certificate], stamps: bool) -> bool:
    """Return whether each certificate that says what it, or what it issues, is for says this."""
    for certificate in chain:
        if certificate.extended_key_usage_value is not None:
            said = {one.dotted for one in certificate.extended_key_usage_value}
            if not (said & FOR_STAMPS if stamps else is_for_documents(said)):
                return False
    return True
