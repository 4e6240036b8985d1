"""Writing anew what is stored of a journal beside its bytes."""

from collections.abc import Mapping
from contextlib import closing
from functools import cache, partial

from msgspec.structs import replace

from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import repairs, replicas, standings
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.journal.repairs import Repair
from inspect_server.usecases import record
from inspect_server.usecases.journal import derived, shown
from inspect_server.usecases.journal.derived import LAST, Progress
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.work import Actor, Backend, Work
from sync import replay
from sync.ports import Document, EffectChange, ItemProjection, StoredEntry

NEVER = Repair(0, 0)


def rebuild_size(backend: Backend) -> int:
    """Return how many steps `rebuild_journal` will report."""
    with backend.reading() as session:
        return derived.steps(session) + shown.steps(session) + LAST


def rebuild_journal(backend: Backend, progress: Progress = lambda _: None) -> int:
    """
    Make everything derived from the journal what follows from its bytes; return how much differed.

    That is: the operations and files of every entry, which entries are applied, every item that
    phones pull, who works on which inspection and sees it, which phones are revoked, how far each
    replica is; and, from the tables, the texts of the tasks that phones are shown. In one
    transaction, in which nobody else writes: all of it or nothing. Documents that differ get a new
    position and a later version, so that phones fetch them; those that nothing leads to are taken
    back from the phones. Noted in the record, with a hash of all that was ever corrected.

    Args:
        backend: Where to.
        progress: Called with the number of steps done since the last call; the last one comes
            when all is written.
    """
    with backend.begin(Actor.system("journal")) as work:
        journal = SqlJournal(work.session, work.now)
        journal.take_positions(0)
        with closing(journal.all_entries()) as rows:
            info = cache(partial(replicas.info, work.session))
            again = replay.replay(rows, info, progress)
        found = derived.compare(work.session, journal, again, work.now, progress)
        with repairs.rebuilding(work.session):
            _correct(work, journal, found)
        on = work.now.astimezone(work.settings.zone).date()
        unlike = shown.compare(work.session, work.settings, on, progress)
        shown.correct(work.session, unlike)
        _show(work, unlike.seen, journal)
        count = len([*found.faults(), *unlike.faults()])
        if count:
            fixed = derived.digest(repairs.repairs(work.session))
            record.note(work, derived.REBUILT, JOURNAL, {"count": count, "repairs": fixed})
    progress(LAST)
    return count


def _correct(work: Work, journal: SqlJournal, found: derived.Differences) -> None:
    session = work.session
    journal.take_positions(found.beyond)
    unlike = {**found.operations, **found.links}
    repairs.rewrite(session, unlike, [op for signed in unlike.values() for op in signed])
    rows = journal.find(found.verdicts)
    journal.set_effects([_change(rows[hash], to) for hash, to in found.verdicts.items()])
    for id, standing in found.standings.items():
        if standing is None:
            standings.forget(session, id)
        else:
            standings.put(session, standing)
    for id, (seq, hash) in found.heads.items():
        replicas.set_prefix(session, id, seq, hash)
    for id, at in found.revoked.items():
        repairs.set_revoked(session, id, at)
    _show(work, found.seen, journal)
    _put_items(work, journal, found)


def _show(work: Work, seen: Mapping[derived.Sighting, bool], journal: SqlJournal) -> None:
    if seen:
        repairs.set_sights(work.session, seen, journal.take_positions(1))


def _put_items(work: Work, journal: SqlJournal, found: derived.Differences) -> None:
    known = sync_documents.by_id(work.session, found.items)
    fixed = repairs.repairs(work.session)
    first = journal.take_positions(len(found.items) + len(found.extra))
    journal.repair_items(
        [
            _repaired(item, pos, known.get(id), fixed.get(id, NEVER))
            for pos, (id, item) in enumerate(found.items.items(), start=first)
        ]
    )
    gone = enumerate(found.extra.values(), start=first + len(found.items))
    journal.drop_items([_taken_back(document, pos) for pos, document in gone])


def _change(row: StoredEntry, to: replay.Verdict) -> EffectChange:
    effect, reason, flags = to
    return EffectChange(row.hash, effect, reason, flags)


def _repaired(
    item: ItemProjection, pos: int, stored: Document | None, fixed: Repair
) -> tuple[ItemProjection, int]:
    """Return an item at a new place with a version later than any before, and what that adds."""
    wanted = item.document.ver
    ver = max(wanted, stored.ver if stored else 0) + 1
    document = replace(item.document, pos=pos, ver=ver)
    return replace(item, document=document), fixed.lift + ver - wanted


def _taken_back(stored: Document, pos: int) -> Document:
    return replace(
        stored, kind=repairs.ITEM, pos=pos, ver=stored.ver + 1, deleted=True, body=b"null"
    )
