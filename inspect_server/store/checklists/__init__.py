"""The checklists of this bureau: packaged and published, as they are and as they are handed out."""

from inspect_server.store.checklists.confirmations import confirmed, rows_of, standing
from inspect_server.store.checklists.libraries import (
    PublishedUnreadable,
    library,
    published,
    retirements,
)

__all__ = [
    "PublishedUnreadable",
    "confirmed",
    "library",
    "published",
    "retirements",
    "rows_of",
    "standing",
]
