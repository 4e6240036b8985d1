"""What an entry may do: authorisation decides the effect, never the storing."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from sync import values
from sync.entries import Entry
from sync.ids import inspection_scope
from sync.ports import ReplicaInfo, ScopeChange, Standing
from sync.protocol import Reason


def reason_against(entry: Entry | None, replica: ReplicaInfo, standing: Standing | None) -> Reason:
    """
    Return why an entry is not applied; empty when it is.

    Args:
        entry: As parsed; None when it breaks the schema.
        replica: Who signed it, as known now.
        standing: How its inspection stands now; None when no such task was ever assigned.
    """
    if entry is None:
        return "schema"
    if replica.server:
        return _against_server(entry, standing)
    if any(values.TYPES[op.type].server_only for op in entry.ops):
        return "schema"
    if replica.revoked:
        return "revoked"
    if not entry.user or entry.user != replica.user:
        return "wrong_user"
    return _against_task(entry, standing)


def is_readable(entry: Entry | None, replica: ReplicaInfo) -> bool:
    """Whether an entry says something that may apply at all, were it allowed."""
    return reason_against(entry, replica, None) != "schema"


def _against_server(entry: Entry, standing: Standing | None) -> Reason:
    if all(values.TYPES[op.type].server_only for op in entry.ops):
        return ""
    return _against_task(entry, standing)


def _against_task(entry: Entry, standing: Standing | None) -> Reason:
    if standing is None:
        return "not_assigned"
    if entry.user not in standing.team:
        return "reassigned" if entry.user in standing.former else "not_assigned"
    if standing.closed:
        return "closed"
    if entry.form != standing.form:
        return "unknown_form"
    resolves = any(op.type == "conflict.resolve" for op in entry.ops)
    return "not_lead" if resolves and entry.user != standing.lead else ""


def standing_after(entry: Entry, standing: Standing | None) -> Standing | None:
    """Return how the inspection stands after a control entry of the server; None when untouched."""
    before = standing
    for op in entry.ops:
        change = _CHANGES.get(op.type)
        if change:
            standing = change(entry.assignment, bytes(op.value), standing)
    return None if standing is before else standing


def scope_changes(before: Standing | None, after: Standing) -> list[ScopeChange]:
    """Return who gains and who loses sight of an inspection when its team changes."""
    scope = inspection_scope(after.assignment)
    old = before.team if before else frozenset()
    gained = [ScopeChange(user, scope, visible=True) for user in sorted(after.team)]
    lost = [ScopeChange(user, scope, visible=False) for user in sorted(old - after.team)]
    return gained + lost


def _assigned(assignment: str, raw: bytes, standing: Standing | None) -> Standing:
    task = msgspec.json.decode(raw, type=values.TaskValue)
    team = frozenset(member.user for member in task.team)
    lead = next(member.user for member in task.team if member.role == "lead")
    before = (standing.former | standing.team) if standing else frozenset()
    return Standing(assignment, task.form, lead, team, before - team, closed=False)


def _closed(_assignment: str, _raw: bytes, standing: Standing | None) -> Standing | None:
    return replace(standing, closed=True) if standing else None


def _reopened(_assignment: str, _raw: bytes, standing: Standing | None) -> Standing | None:
    return replace(standing, closed=False) if standing else None


_CHANGES: dict[str, Callable[[str, bytes, Standing | None], Standing | None]] = {
    "task.assign": _assigned,
    "task.reassign": _assigned,
    "task.close": _closed,
    "task.reopen": _reopened,
}
