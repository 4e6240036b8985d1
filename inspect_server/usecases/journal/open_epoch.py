"""After a restore: tell every phone that the server may have lost what it once acknowledged."""

from uuid import UUID

from inspect_server.store.journal import head as sync_head
from inspect_server.usecases import record
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.work import Work

RESTORED = "journal.epoch"
"""The event that says that a backup was put back."""


def open_epoch(work: Work) -> UUID:
    """
    Open a new epoch; the restore calls it once, before the server answers anybody.

    Phones then get 409 for a push and 410 for a pull, ask for their state, deliver again from what
    the server still has, and download anew. Nothing is deleted on either side.
    """
    epoch = sync_head.open_epoch(work.session)
    body = {"epoch": str(epoch), "pos": sync_head.position(work.session)}
    record.note(work, RESTORED, JOURNAL, body)
    return epoch
