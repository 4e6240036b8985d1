"""Evenings in which somebody changes what follows from the journal, and a rebuild mends it."""

from hypothesis.stateful import rule
from sqlalchemy import text

from inspect_server.usecases.journal.rebuild_journal import rebuild_journal
from inspect_server.usecases.journal.verify_journal import verify_journal
from tests.actors import ALL_ROLES
from tests.sync_model.evening import Evening, small
from tests.sync_model.sql_bureau import SqlBureau


class RepairedEvening(Evening):
    """An evening on a database, which somebody with its password writes to as well."""

    server: SqlBureau

    @rule(number=small)
    def spoil_and_rebuild(self, number: int) -> None:
        """One item shows something else, until the journal says again what it has to show."""
        backend = self.server.backend
        with self.server.begin() as journal:
            shown = sorted(item.document.id for item in journal.all_items())
        if not shown:
            return
        spoiled = shown[number % len(shown)]
        with backend.begin(ALL_ROLES) as work:
            statement = text("UPDATE sync_document SET body = :body WHERE id = :id")
            work.session.execute(statement, {"body": b'{"heads":[]}', "id": spoiled})
        found = {(fault.what, fault.where) for fault in verify_journal(backend).faults}

        assert ("projection", spoiled) in found
        assert rebuild_journal(backend) >= 1
        assert rebuild_journal(backend) == 0
        self.server.repaired.add(spoiled)
        self.tally["repaired"] += 1
