"""Writing anew what is stored of a journal beside its bytes."""

from collections.abc import Callable
from functools import cache, partial

from msgspec.structs import replace

from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import replicas, standings
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.usecases import record
from inspect_server.usecases.journal import derived
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.work import Actor, Backend, Work
from sync import replay
from sync.ports import Document, EffectChange, ItemProjection, StoredEntry

Progress = Callable[[int], object]


def rebuild_size(backend: Backend) -> int:
    """Return how many steps `rebuild_journal` will report: the entries."""
    with backend.reading() as session:
        return journal_rows.count_entries(session)


def rebuild_journal(backend: Backend, progress: Progress = lambda _: None) -> int:
    """
    Make everything derived from the journal what follows from its bytes; return how much differed.

    That is: which entries are applied, every item that phones pull, who works on which inspection,
    how far each replica is. In one transaction, in which nobody else writes: all of it or nothing.
    Items that differ get a new position and a later version, so that phones fetch them; those that
    nothing in the journal leads to are taken back from the phones. Noted in the record.

    Args:
        backend: Where to.
        progress: Called with the number of entries judged since the last call.
    """
    with backend.begin(Actor.system("journal")) as work:
        journal = SqlJournal(work.session, work.now)
        journal.take_positions(0)
        again = replay.replay(
            journal.all_entries(), cache(partial(replicas.info, work.session)), progress
        )
        found = derived.compare(work.session, journal, again)
        if found.count:
            _correct(work, journal, found)
            record.note(work, "journal.rebuilt", JOURNAL, {"count": found.count})
    return found.count


def _correct(work: Work, journal: SqlJournal, found: derived.Differences) -> None:
    rows = journal.find(found.verdicts)
    journal.set_effects([_change(rows[hash], to) for hash, to in found.verdicts.items()])
    for id, standing in found.standings.items():
        if standing is None:
            standings.forget(work.session, id)
        else:
            standings.put(work.session, standing)
    for id, (seq, hash) in found.heads.items():
        replicas.set_prefix(work.session, id, seq, hash)
    known = sync_documents.by_id(work.session, found.items)
    first = journal.take_positions(len(found.items) + len(found.extra))
    placed = enumerate(found.items.values(), start=first)
    journal.put_items([_at(item, pos, known.get(item.document.id)) for pos, item in placed])
    gone = enumerate(found.extra.values(), start=first + len(found.items))
    journal.drop_items([_taken_back(item.document, pos) for pos, item in gone])


def _change(row: StoredEntry, to: replay.Verdict) -> EffectChange:
    effect, reason, flags = to
    return EffectChange(row.hash, effect, reason, flags)


def _at(item: ItemProjection, pos: int, stored: Document | None) -> ItemProjection:
    ver = max(item.document.ver, stored.ver + 1 if stored else 1)
    return replace(item, document=replace(item.document, pos=pos, ver=ver))


def _taken_back(stored: Document, pos: int) -> Document:
    return replace(stored, pos=pos, ver=stored.ver + 1, deleted=True, body=b"null")
