"""All tables, imported here once so that the metadata is whole."""

from inspect_server.store.models import (
    blobs,
    checklists,
    disclosure,
    identity,
    inspection,
    jobs,
    journal,
    planning,
    record,
    registry,
    replacing,
)
from inspect_server.store.models.base import Base

__all__ = [
    "Base",
    "blobs",
    "checklists",
    "disclosure",
    "identity",
    "inspection",
    "jobs",
    "journal",
    "planning",
    "record",
    "registry",
    "replacing",
]
