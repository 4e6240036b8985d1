"""What was kept but not applied: a supervisor accepts or declines it; phones can be revoked."""

from uuid import UUID

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.identity import reach_of_phones, require
from inspect_server.store import inspections
from inspect_server.store.journal import replicas
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.usecases import record
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.journal.server_entries import JOURNAL, write
from inspect_server.usecases.phones.publish_task import show_task
from inspect_server.usecases.work import Work
from sync import engine, entries
from sync.entries import make_op
from sync.errors import BadEntry
from sync.ports import StoredEntry

ACCEPT = "inbox.accept"
ACTION, ENTRY = "处理该事项", "该条待处理记录"


class NotReadable(InspectError):
    """The entry breaks the schema: it is kept as evidence, but says nothing that could apply."""

    code, kind = "inbox.not_readable", "conflict"
    message = "该记录内容不符合格式，无法采用，请标记为不采用；原始记录会继续保留。"


def accept_entry(work: Work, entry_hash: str, reason: str) -> None:
    """
    Apply an entry that stands in quarantine, or waits, from now on, for a stated reason.

    On one that waits for an earlier one of its phone the ruling stands for what is missing: it is
    flagged `gap`, and what waited for it is judged.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such entry set aside, or of an inspection of another unit.
        BadInput: No reason.
        NotReadable: It breaks the schema.
    """
    assignment = _rule(work, ACCEPT, entry_hash, reason)
    if assignment:
        show_task(work, UUID(assignment))  # it names whose entries stand in the record


def decline_entry(work: Work, entry_hash: str, reason: str) -> None:
    """
    Mark an entry set aside as looked at and not to be applied; it stays in the journal.

    One that waits holds nobody up any more: what waited for it is judged.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such entry set aside, or of an inspection of another unit.
        BadInput: No reason.
    """
    _rule(work, "inbox.decline", entry_hash, reason)


def revoke_replica(work: Work, replica_id: str, reason: str) -> None:
    """
    Let a phone download nothing any more; what it still delivers is kept in quarantine.

    Raises:
        Forbidden: The actor is neither supervisor nor system administrator.
        NotFound: No such phone, or of an account of another unit.
        BadInput: No reason.
    """
    require(work.actor.roles, Role.SUPERVISOR, Role.SYSTEM_ADMIN, action="停用手机")
    # Before the server's own replica, as in every push: a phone's row is never waited for later.
    replicas.lock(work.session, [replica_id])
    info = replicas.info(work.session, replica_id)
    within = reach_of_phones(work.actor, work.settings.authority)
    if info is None or info.server or not replicas.is_reached(work.session, within, replica_id):
        raise NotFound(what="该手机")
    _check_reason(reason)
    op = make_op("replica.revoke", f"replica/{replica_id}", {"reason": reason.strip()})
    write(work, [op], assignment=None, form="", user=work.actor.user_id)
    record.note(work, "replica.revoked", JOURNAL, {"replica": replica_id})


def _rule(work: Work, kind: str, entry_hash: str, reason: str) -> str:
    require(work.actor.roles, Role.SUPERVISOR, action=ACTION)
    journal = SqlJournal(work.session, work.now)
    found = _set_aside(journal, entry_hash)
    _check_concerned(work, found.assignment)
    _check_reason(reason)
    if kind == ACCEPT and not _is_readable(journal, found):
        raise NotReadable
    _lock(work, journal, found)
    _set_aside(journal, entry_hash)  # not released in between
    op = make_op(kind, f"entry/{entry_hash}", {"reason": reason.strip()})
    write(work, [op], assignment=None, form="", user=work.actor.user_id)
    record.note(work, kind, JOURNAL, {"entry": entry_hash})
    return found.assignment


def _set_aside(journal: SqlJournal, entry_hash: str) -> StoredEntry:
    found = journal.find([entry_hash]).get(entry_hash)
    if found is None or found.effect not in ("quarantined", "held"):
        raise NotFound(what=ENTRY)
    return found


def _is_readable(journal: SqlJournal, found: StoredEntry) -> bool:
    replica = journal.replica(found.replica)
    assert replica is not None
    try:
        return engine.is_readable(entries.parse(found.content), replica)
    except BadEntry:
        return False


def _lock(work: Work, journal: SqlJournal, found: StoredEntry) -> None:
    """Lock what a ruling may change, as a push does; on what waits it releases what follows."""
    concerned = {found.assignment}
    if found.effect == "held":
        replicas.lock(work.session, [found.replica])
        waiting = [one.hash for one in journal.held([found.replica])]
        concerned |= {row.assignment for row in journal.find(waiting).values()}
    journal.lock([], sorted(concerned))


def _check_concerned(work: Work, assignment: str) -> None:
    """An entry that belongs to no inspection known here is for those above the units."""
    inspection = UUID(assignment) if assignment else None
    if inspection is not None and inspections.exists(work.session, inspection):
        open_case(work, inspection, Role.SUPERVISOR, action=ACTION, what=ENTRY)
    elif work.actor.unit != work.settings.authority:
        raise NotFound(what=ENTRY)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput(field="理由", reason="不能为空")
