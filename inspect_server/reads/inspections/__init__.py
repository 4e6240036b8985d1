"""Inspections as lists and pages show them, each only to whom it concerns."""

from inspect_server.reads.inspections.lists import (
    count_of_draw,
    id_of,
    listing,
    of_draw_by_state,
    unapproved,
)
from inspect_server.reads.inspections.page import InspectionPage, one

__all__ = [
    "InspectionPage",
    "count_of_draw",
    "id_of",
    "listing",
    "of_draw_by_state",
    "one",
    "unapproved",
]
