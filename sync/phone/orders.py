"""What a phone shows to those who sign: the record, or the order to rectify."""

from typing import Literal

import msgspec

from sync.merge import MergedRecord
from sync.merging import order_views
from sync.merging.order_views import is_ordered
from sync.phone.errors import NothingOrdered, UnknownTask
from sync.phone.local import LocalStore


def cited(
    store: LocalStore, record: MergedRecord, task: str, document: Literal["record", "order"]
) -> tuple[str, tuple[str, ...]]:
    """
    Return what a signature to a document cites: the digest of what is shown, and its operations.

    Raises:
        NothingOrdered, UnknownTask: See `order_view`.
    """
    if document == "record":
        return record.view, record.live
    return order_view(store, record, task), record.ordered


def order_view(store: LocalStore, record: MergedRecord, task: str) -> str:
    """
    Return the digest of the order as this phone shows it, under the inspection's number.

    Raises:
        NothingOrdered: No finding on this phone is left to be rectified.
        UnknownTask: The task, or its enterprise, is not on this phone.
    """
    pulled = store.document(f"task/{task}")
    if pulled is None:
        raise UnknownTask(task=task)
    found = [
        item.value
        for item in record.of_kind("finding/")
        if item.value is not None and is_ordered(item.value)
    ]
    if not found:
        raise NothingOrdered
    body = msgspec.json.decode(pulled.body)
    enterprise = store.document(f"enterprise/{body['enterprise_id']}")
    if enterprise is None:
        raise UnknownTask(task=task)
    return order_views.order_view(body["number"], msgspec.json.decode(enterprise.body), found)
