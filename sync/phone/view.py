"""What the phone shows: pulled items merged with the entries that the server does not know yet."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import msgspec

from sync import entries, merge, values
from sync.entries import Operation
from sync.errors import BadEntry
from sync.ids import Hlc, document_id
from sync.phone.local import LocalStore

ItemKey = tuple[str, str]


@dataclass
class _Pulled:
    """One item as the server folded it."""

    heads: list[Operation] = field(default_factory=list)
    gone: frozenset[str] = frozenset()


class View:
    """The local operations in memory, folded with pulled documents on demand."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._local: dict[ItemKey, dict[str, Operation]] = defaultdict(dict)
        self._drafts: dict[ItemKey, dict[str, Operation]] = defaultdict(dict)
        self._forms: dict[str, str] = {}
        self.reload()

    def reload(self) -> None:
        """Read all local entries again, without those that the server set aside."""
        self._seen = self._store.version()
        self._local.clear()
        for row in self._store.entries():
            with suppress(BadEntry):  # a file of another program: it must not close the phone
                self.add(row.content, row.hash, shown=row.effect != "quarantined")

    def add(self, content: bytes, hash: str, *, shown: bool = True) -> None:
        """Take in one entry."""
        entry = entries.parse(content)
        self._forms.setdefault(entry.assignment, entry.form)
        if shown:
            for op in entries.operations(entry, hash):
                self._local[op.assignment, op.item][op.id] = op

    def draft(self, op: Operation) -> None:
        """Show an operation of the open group, under the id by which its own entry cites it."""
        self._drafts[op.assignment, op.item][op.id] = op

    def forget_drafts(self) -> None:
        """The group was saved or given up."""
        self._drafts.clear()

    def form(self, task: str) -> str:
        """Return the form set that entries of this task carry, empty when there is none."""
        self._keep_up()
        return self._forms.get(task, "")

    def last_reading(self, task: str, most_ms: int) -> str:
        """Return the last reading of the task's operations up to a moment, empty without any."""
        self._keep_up()
        heads = (head for one in self._pulled(task).values() for head in one.heads)
        local = (op for (of, _), ops in self._local.items() if of == task for op in ops.values())
        readings = (op.hlc for op in chain(heads, local))
        return max((one for one in readings if Hlc.parse(one).unix_ms <= most_ms), default="")

    def item(self, task: str, item: str) -> merge.Item | None:
        """Return one item, None when nothing is known of it."""
        self._keep_up()
        document = self._store.document(document_id(task, item))
        pulled = _read(document.body, task) if document else _Pulled()
        return _folded(pulled, self._captured((task, item)))

    def record(self, task: str) -> merge.MergedRecord:
        """Return the whole task."""
        self._keep_up()
        pulled = self._pulled(task)
        keys = {*self._local, *self._drafts}
        local = {item: self._captured((of, item)) for of, item in keys if of == task}
        known: dict[str, Operation] = {}
        items = []
        for id in sorted({*pulled, *local}):
            of_item = pulled.get(id, _Pulled())
            known.update({op.id: op for op in of_item.heads})
            known.update(local.get(id, {}))
            folded = _folded(of_item, local.get(id, {}))
            if folded is not None:
                items.append(folded)
        return merge.assemble(task, items, known)

    def _keep_up(self) -> None:
        """Show what another process changed in the file, before anything is shown or cited."""
        if self._store.version() != self._seen:
            self.reload()

    def _pulled(self, task: str) -> dict[str, _Pulled]:
        prefix = f"item/{task}/"
        return {
            document.id.removeprefix(prefix): _read(document.body, task)
            for document in self._store.documents("item")
            if document.id.startswith(prefix)
        }

    def _captured(self, key: ItemKey) -> dict[str, Operation]:
        return {**self._local.get(key, {}), **self._drafts.get(key, {})}


def _folded(pulled: _Pulled, local: dict[str, Operation]) -> merge.Item | None:
    together = {**local, **{op.id: op for op in pulled.heads}}
    if not together:
        return None
    judged = {op.id for op in pulled.heads} | pulled.gone
    return merge.fold_item(together.values(), pulled.gone, judged)


def _read(body: bytes, task: str) -> _Pulled:
    data = msgspec.json.decode(body)
    return _Pulled(list(_heads(data, task)), frozenset(data["gone"]))


def _heads(data: dict[str, Any], task: str) -> Iterator[Operation]:
    for head in data["heads"]:
        value: Any = head["value"]
        if head["type"] == merge.RESOLVE:
            value = {"chosen": value, "reason": head["settled_reason"]}
        elif value is None:
            value = {"reason": ""}
        yield Operation(
            id=head["id"],
            assignment=task,
            item=data["item"],
            type=head["type"],
            parents=tuple(head["parents"]),
            value=values.canonical(value),
            blob=head["blob"],
            replica=head["replica"],
            seq=head["seq"],
            user=head["user"],
            wall=head["wall"],
            hlc=head["hlc"],
        )
