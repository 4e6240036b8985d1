"""Saving on a phone: one operation, or a group of them, becomes one signed entry at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync import entries, values
from sync.entries import Entry, Op, Operation
from sync.errors import BadEntry
from sync.ids import AHEAD_MS, Hlc
from sync.merge import Item
from sync.phone.clock import PhoneClock
from sync.phone.errors import (
    NotEnrolled,
    OneGroupAtATime,
    SignedAlone,
    TooMuchAtOnce,
    UnknownTask,
)
from sync.phone.local import LocalReplica, LocalStore
from sync.phone.seen import Seen, citable
from sync.phone.view import View


@dataclass
class _Group:
    """What will be one entry: its operations, and the files that they cite."""

    task: str
    form: str
    ops: list[Op] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)


class Saving:
    """
    Turns operations into entries.

    While a group is open, its operations show in the view under the ids `#0`, `#1` … by which
    later ones of the same entry cite them; nothing of it is in the file yet.
    """

    def __init__(self, store: LocalStore, clock: PhoneClock, view: View) -> None:
        self._store = store
        self._clock = clock
        self._view = view
        self._open: _Group | None = None

    @property
    def replica(self) -> LocalReplica:
        """The replica in use."""
        return self._store.replicas()[-1]

    @contextmanager
    def together(self, task: str) -> Iterator[None]:
        """
        Save everything that is captured inside as one entry, when the block ends; all or nothing.

        Raises:
            OneGroupAtATime: A group is open already.
            TooMuchAtOnce: It does not fit into one entry; nothing was saved.
            UnknownTask: The task is not on this phone.
        """
        if self._open is not None:
            raise OneGroupAtATime
        self._open = group = self._group(task)
        try:
            yield
        finally:
            self._open = None
            self._view.forget_drafts()
        if group.ops:
            self._write(group)

    def add(
        self,
        task: str,
        type: str,
        item: str,
        value: Any,
        parents: Sequence[str] | None = None,
        content: bytes = b"",
        seen: Seen | Item | None = None,
    ) -> str:
        """
        Save one operation, at once or with the open group; return its item.

        Args:
            task: The inspection.
            type: The operation's type.
            item: Its item.
            value: Its value, plain JSON data.
            parents: What it cites; None for what a new value replaces: what was seen, in a
                conflict only the user's own.
            content: The file that it cites.
            seen: What was on the screen when this was begun; None: what is shown now.

        Raises:
            NotEnrolled: The phone has no user yet.
            OneGroupAtATime: The open group is of another task.
            SignedAlone: A signature cites what is saved, so it cannot be part of a group.
            BadEntry: The operation breaks its schema; an open group stays as it was.
            TooMuchAtOnce: It does not fit into an entry.
            UnknownTask: The task is not on this phone.
        """
        group = self._open or self._group(task)
        if group.task != task:
            raise OneGroupAtATime
        if self._open and type == "signature.add":
            raise SignedAlone
        kind = values.TYPES.get(type)
        blob = entries.entry_hash(content) if kind and kind.blob else None
        cited = self._replaced(task, item, seen) if parents is None else parents
        op = entries.make_op(type, item, value, cited, blob)
        entries.check_operation(op, len(group.ops), self.replica.id, task)
        group.ops.append(op)
        group.files += [content] if blob else []
        if self._open is None:
            self._write(group)
        else:
            self._view.draft(self._drafted(group))
        return item

    def _group(self, task: str) -> _Group:
        if not self._store.get("user"):
            raise NotEnrolled
        return _Group(task, self._form(task))

    def _replaced(self, task: str, item: str, seen: Seen | Item | None) -> list[str]:
        user = self._store.get("user")
        heads, conflict = citable(self._view.item(task, item), seen, self.replica.id)
        return [head.id for head in heads if not conflict or head.user == user]

    def _drafted(self, group: _Group) -> Operation:
        """Return the newest operation of a group as the view shows it until it is saved."""
        return entries.operations(self._entry(self.replica, group), "")[-1]

    def _write(self, group: _Group) -> None:
        with self._store.transaction():
            replica = self.replica
            entry = self._entry(replica, group)
            content = _built(entry)
            for file in group.files:
                self._store.add_blob(file, replica.id)
            signature = entries.sign(replica.key, content)
            hash = self._store.add_own(replica.id, replica.upto_seq + 1, content, signature)
            self._store.put(hlc=entry.hlc)
        self._view.add(content, hash)

    def _entry(self, replica: LocalReplica, group: _Group) -> Entry:
        wall = self._clock.wall()
        wall_ms = int(wall.timestamp() * 1000)
        known = self._view.last_reading(group.task, wall_ms + AHEAD_MS)
        last = max(self._store.get("hlc"), known)
        before = Hlc.parse(last) if last else Hlc(0, 0, replica.id)
        return Entry(
            v=1,
            replica=replica.id,
            seq=replica.upto_seq + 1,
            prev=replica.head_hash,
            device=self._store.get("device"),
            user=self._store.get("user"),
            assignment=group.task,
            form=group.form,
            hlc=str(before.next(wall_ms, replica.id)),
            wall=wall.isoformat(timespec="milliseconds"),
            tz=self._clock.tz,
            mono=self._clock.mono_ms(),
            boot=self._clock.boot,
            last_server_time=self._store.get("server_time"),
            ops=group.ops,
        )

    def _form(self, task: str) -> str:
        """Return the task's pinned form versions, also after the task was hidden."""
        document = self._store.document(f"task/{task}")
        if document is not None:
            return str(msgspec.json.decode(document.body)["form_set"])
        known = self._view.form(task)
        if not known:
            raise UnknownTask(task=task)
        return known


def _built(entry: Entry) -> bytes:
    if len(entry.ops) > entries.MAX_OPERATIONS:
        raise TooMuchAtOnce(limit=f"{entries.MAX_OPERATIONS} 项")
    try:
        return entries.build(entry)
    except BadEntry:
        if entries.size(entry) > entries.MAX_ENTRY_BYTES:
            raise TooMuchAtOnce(limit=f"{entries.MAX_ENTRY_BYTES // 1024} KiB") from None
        raise
