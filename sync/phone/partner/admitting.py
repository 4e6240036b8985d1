"""
What a partner's file may bring: anybody can make a key and sign with it under any name.

So only entries of those count who work on a task that is on this phone, and of what only some may
do, theirs. What the server applied and this phone pulled needs no further judgement.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync import values
from sync.entries import Entry
from sync.merge import RESOLVE
from sync.phone.errors import RefusedFile
from sync.phone.local import LocalStore

SERVER_ONLY = "其中有只能由服务器作出的操作，请核对来源"
NO_TASK = "其中有本机没有的任务的记录，请先联网同步"
STRANGER = "其中有检查组以外人员的记录，请核对来源；人员刚有调整的，请先联网同步"
OWN_NAME = "其中有以本人名义在其他手机上作出的记录，请核对来源；是本人原来手机的，请先联网同步"
NOT_LEAD = "其中有并非主办人员作出的确认，请核对来源；主办人员刚有调整的，请先联网同步"


@dataclass
class _Task:
    """A task as last pulled."""

    people: frozenset[str]
    lead: str
    applied: set[str] = field(default_factory=set)  # entries, by hash
    replicas: set[tuple[str, str]] = field(default_factory=set)  # with whose they are


def check(store: LocalStore, brought: Sequence[tuple[str, Entry]]) -> None:
    """
    Check the entries of other phones, each with its hash, before any is taken in.

    Of a task that is not here only that comes which precedes, in its replica's chain and by the
    same user, something of a task that is.

    Raises:
        RefusedFile: One of them cannot come from whom it names.
    """
    tasks = {id: _task(store, id) for id in {entry.assignment for _, entry in brought}}
    known = [(hash, entry, tasks[entry.assignment]) for hash, entry in brought]
    vouched = {
        (entry.replica, entry.user)
        for hash, entry, task in known
        if task and (hash in task.applied or (entry.replica, entry.user) in task.replicas)
    }
    last: dict[tuple[str, str], int] = defaultdict(int)
    for hash, entry, task in known:
        place = entry.replica, entry.user
        if any(values.TYPES[op.type].server_only for op in entry.ops):
            raise RefusedFile(reason=SERVER_ONLY)
        if task is None:
            continue
        last[place] = max(last[place], entry.seq)
        if hash in task.applied:
            continue
        if entry.user not in task.people:
            raise RefusedFile(reason=STRANGER)
        if entry.user == store.get("user") and place not in vouched:
            raise RefusedFile(reason=OWN_NAME)
        if entry.user != task.lead and any(op.type == RESOLVE for op in entry.ops):
            raise RefusedFile(reason=NOT_LEAD)
    if any(entry.seq > last[entry.replica, entry.user] for _, entry, task in known if not task):
        raise RefusedFile(reason=NO_TASK)


def _task(store: LocalStore, id: str) -> _Task | None:
    document = store.document(f"task/{id}")
    if document is None:
        return None
    body: dict[str, Any] = msgspec.json.decode(document.body)
    team = body.get("team", [])
    people = frozenset(one["user_id"] for one in (*team, *body.get("others", [])))
    lead = next((one["user_id"] for one in team if one.get("role") == "lead"), "")
    task = _Task(people, lead)
    for item in store.documents("item"):
        if not item.id.startswith(f"item/{id}/"):
            continue
        pulled: dict[str, Any] = msgspec.json.decode(item.body)
        heads = pulled["heads"]
        ids = [*(head["id"] for head in heads), *pulled["gone"]]
        task.applied.update(id.partition("#")[0] for id in ids)
        task.replicas.update((head["replica"], head["user"]) for head in heads)
    return task
