"""The checklists of this bureau: packaged and published, as they are and as they are handed out."""

from inspect_server.store.checklists.confirmations import confirmed, rows_of, standing
from inspect_server.store.checklists.libraries import (
    PUBLISHED,
    PublishedUnreadable,
    body_sha256,
    case_of,
    library,
    published,
    retirements,
)

__all__ = [
    "PUBLISHED",
    "PublishedUnreadable",
    "body_sha256",
    "case_of",
    "confirmed",
    "library",
    "published",
    "retirements",
    "rows_of",
    "standing",
]
