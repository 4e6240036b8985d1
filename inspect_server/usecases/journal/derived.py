"""What is stored of a journal beside its bytes, against what follows from them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inspect_server.store.journal import replicas, standings
from inspect_server.store.journal.journal import SqlJournal
from sync import replay
from sync.ports import ItemProjection, Standing
from sync.replay import Replayed, Verdict


@dataclass(frozen=True)
class Differences:
    """What follows from the journal, where something else is stored; by hash, id or document id."""

    verdicts: dict[str, Verdict]
    items: dict[str, ItemProjection]
    extra: dict[str, ItemProjection]  # as stored, though nothing in the journal leads to them
    standings: dict[str, Standing | None]  # None: no task was ever sent out
    heads: dict[str, tuple[int, str]]

    @property
    def count(self) -> int:
        """How many things differ."""
        parts = (self.verdicts, self.items, self.extra, self.standings, self.heads)
        return sum(len(part) for part in parts)


def compare(session: Session, journal: SqlJournal, again: Replayed) -> Differences:
    """Return where the tables differ from a replay of the journal."""
    stored = {item.document.id: item for item in journal.all_items()}
    wanted = {item.document.id: item for item in again.items}
    return Differences(
        verdicts={
            row.hash: again.verdicts[row.hash]
            for row in journal.all_entries()
            if row.hash in again.verdicts and again.verdicts[row.hash] != replay.verdict(row)
        },
        items={id: item for id, item in wanted.items() if _differs(item, stored.get(id))},
        extra={id: item for id, item in stored.items() if id not in wanted},
        standings=_standings(session, again),
        heads=_heads(session, again),
    )


def _standings(session: Session, again: Replayed) -> dict[str, Standing | None]:
    stored = standings.everyone(session)
    return {
        id: again.standings.get(id)
        for id in sorted({*stored, *again.standings})
        if stored.get(id) != again.standings.get(id)
    }


def _heads(session: Session, again: Replayed) -> dict[str, tuple[int, str]]:
    return {
        id: wanted
        for id, stored in replicas.heads(session).items()
        if (wanted := again.heads.get(id, (0, ""))) != stored
    }


def _differs(wanted: ItemProjection, stored: ItemProjection | None) -> bool:
    return stored is None or _essence(wanted) != _essence(stored)


def _essence(item: ItemProjection) -> tuple[object, ...]:
    """Everything but the position, which only says when phones were told."""
    document = item.document
    return (item.heads, item.conflict, document.scope, document.body, document.deleted)
