"""By how much a phone's clock was ahead of the server's: to be seen, and of no consequence."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, cast

from inspect_server.store.models.journal import JournalEntry
from sync import entries
from sync.errors import BadEntry

FUTURE_CLOCK = "future_clock"


def is_ahead() -> ColumnElement[bool]:
    """Return the condition that an entry has the flag."""
    return cast(JournalEntry.flags, String).like(f'%"{FUTURE_CLOCK}"%')


def minutes_ahead(entry: JournalEntry) -> int:
    """
    Return by how many minutes at least the phone's clock was ahead, 0 without the flag.

    At least: nobody knows how long the entry was on its way.
    """
    if FUTURE_CLOCK not in entry.flags:
        return 0
    try:
        wall = datetime.fromisoformat(entries.parse(entry.content).wall)
    except BadEntry:
        return 0  # somebody changed the row, as `journal verify` says
    return int((wall - entry.received_at).total_seconds()) // 60
