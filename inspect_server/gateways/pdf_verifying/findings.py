"""What a look at a PDF file found: plain values, so that a child process can hand them over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Unreadable(StrEnum):
    """Why nothing could be found out."""

    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"
    CUT = "cut"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_DEEP = "too_deep"
    TOO_COSTLY = "too_costly"  # memory, time, or revisions beyond the limits


class Distrust(StrEnum):
    """Why a certificate is not trusted."""

    NO_ROOTS = "no_roots"  # the reader trusts nobody yet
    UNKNOWN_ISSUER = "unknown_issuer"
    OUT_OF_DATE = "out_of_date"  # it or one above it, at the time of signing
    USAGE = "usage"
    OTHER = "other"


class Later(StrEnum):
    """What stands behind the bytes that a signature covers."""

    NOTHING = ""
    ADDED = "added"  # further signatures or filled fields, and nothing else
    CHANGED = "changed"


@dataclass(frozen=True)
class Certificate:
    """Whose signature it is, by the certificate that came with it."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    valid_from: str  # ISO 8601, as all moments here
    valid_to: str
    distrust: str  # a Distrust; "" where a trusted root stands behind it


@dataclass(frozen=True)
class Stamp:
    """A time stamp in a signature."""

    at: str
    holds: bool
    certificate: Certificate


@dataclass(frozen=True)
class Signature:
    """One signature and what its bytes prove."""

    field: str
    is_checked: bool  # False: by an algorithm, or of a form, that this program cannot check
    intact: bool  # its bytes are those that were signed, as far as their digest can be made
    valid: bool  # the signature value is by the certificate's key
    whole: bool  # nothing before its end is left out but the signature itself
    length: int  # bytes from the beginning to its end
    later: str  # a Later
    claimed_at: str
    certificate: Certificate | None
    stamp: Stamp | None
    is_stamp: bool = False  # nobody signed: an authority stamped the file itself with the time
    is_future: bool = False  # the time that it or its stamp says has not come yet


@dataclass(frozen=True)
class Findings:
    """Everything about one file that follows from the file and the trusted roots."""

    length: int
    sha256: str
    unreadable: str = ""  # an Unreadable
    signatures: tuple[Signature, ...] = ()
    empty_fields: tuple[str, ...] = ()
    stripped: tuple[str, ...] = ()  # fields whose signature an earlier revision still has
    drawn: tuple[str, ...] = ()  # fields that have a picture on a page
    altered: bool = False  # since the first revision, by more than signatures and form fields
    facts: str = ""  # facts.json as it stands inside; "" where there is none
    case: str = ""  # case.json of a bound case file, likewise
    facts_damaged: bool = False
    facts_changed: bool = False  # between the first revision and the last


def to_plain(findings: Findings) -> dict[str, Any]:
    """Return findings as JSON can carry them."""
    return asdict(findings)


def from_plain(plain: Mapping[str, Any]) -> Findings:
    """Return findings that `to_plain` made."""
    lists = {name: tuple(plain[name]) for name in ("empty_fields", "stripped", "drawn")}
    signatures = tuple(_signature(one) for one in plain["signatures"])
    return Findings(**{**plain, **lists, "signatures": signatures})


def _signature(plain: Mapping[str, Any]) -> Signature:
    own, stamp = plain["certificate"], plain["stamp"]
    certificate = Certificate(**own) if own else None
    if stamp:
        stamp = Stamp(**{**stamp, "certificate": Certificate(**stamp["certificate"])})
    return Signature(**{**plain, "certificate": certificate, "stamp": stamp})
