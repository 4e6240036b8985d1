"""Which items a task's pulled checklists have."""

from collections.abc import Iterator
from typing import Any

import msgspec

from sync.phone.errors import UnknownItem
from sync.phone.local import LocalStore


class Checklists:
    """
    Reads the pulled documents of kind `form`.

    Their `sections` hold `items`: sections again, or items, each with a `code`; a table is one.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = store

    def check(self, task: str, item: str) -> None:
        """
        Refuse an item that the task's checklists do not have.

        A finding may name no item. While a checklist is not on the phone nothing can be said.

        Raises:
            UnknownItem: None of them has it.
        """
        if not item:
            return
        document = self._store.document(f"task/{task}")
        if document is None:
            return
        forms = str(msgspec.json.decode(document.body)["form_set"])
        known: set[str] = set()
        for ref in forms.split("+"):
            items = self._items(ref)
            if items is None:
                return
            known |= items
        if item not in known:
            raise UnknownItem(forms=forms.replace("+", "、"), item=item)

    def _items(self, ref: str) -> set[str] | None:
        document = self._store.document(f"form/{ref}")
        if document is None:
            return None
        body = msgspec.json.decode(document.body)
        name = ref.partition("@")[0]
        return {f"answer/{name}/{code}" for code in _codes(body["sections"])}


def _codes(members: list[dict[str, Any]]) -> Iterator[str]:
    for member in members:
        if "code" in member:
            yield member["code"]
        else:
            yield from _codes(member["items"])
