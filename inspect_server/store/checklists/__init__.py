"""The checklists of this bureau: packaged and published, as they are and as they are handed out."""

from inspect_server.store.checklists.confirmations import (
    ConfirmationsUnreadable,
    confirmed,
    rows_of,
    standing,
)
from inspect_server.store.checklists.libraries import (
    PUBLISHED,
    PublishedUnreadable,
    body_sha256,
    case_of,
    library,
    lock,
    published,
    retirements,
)

__all__ = [
    "PUBLISHED",
    "ConfirmationsUnreadable",
    "PublishedUnreadable",
    "body_sha256",
    "case_of",
    "confirmed",
    "library",
    "lock",
    "published",
    "retirements",
    "rows_of",
    "standing",
]
