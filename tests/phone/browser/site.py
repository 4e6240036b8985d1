"""The bureau's side: the server in a process of its own, in the days of the check."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import pypdfium2
from sqlalchemy import select

from inspect_server.demo.season import ZONE, ShiftedClock, shift_to
from inspect_server.phone import STATIC
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.store.models.journal import JournalEntry, Replica
from inspect_server.usecases.journal.verify_journal import verify_journal
from tests.phone.browser.phone_page import Handset
from tests.phone.field import Built, Field, copied, running

BUNDLE = Path(os.environ.get("PHONE_BUNDLE", STATIC))
"""What is committed; while working on the app, a folder that it was built into."""
SHIFT = shift_to(datetime(2026, 3, 5, 9, 30, tzinfo=ZONE))
"""Browser and server live in the days of the check, whenever the tests run."""


class Site(Field):
    """The server and its one inspection, as the office sees them."""

    def stored(self) -> dict[str, str]:
        """Return what the database holds of phones: each entry's hash, and what became of it."""
        of_phones = (
            select(JournalEntry.hash, JournalEntry.effect)
            .join(Replica, Replica.id == JournalEntry.replica_id)
            .where(Replica.is_server.is_(False))
        )
        with self.backend.reading() as session:
            return {row.hash: row.effect for row in session.execute(of_phones)}

    def papers(self, lead: str = "officer0") -> dict[str, str]:
        """Close the inspection and issue its documents; return the words of each, unspaced."""
        self.command("record", "close", "2026-0001", "--as", lead)
        self.command("documents", "issue", "2026-0001", "--as", lead)
        with self.backend.reading() as session:
            issued = {row.kind: row.pdf_sha256 for row in session.scalars(select(IssuedDocument))}
        return {kind: text_of(self.backend.blobs.read(name)) for kind, name in issued.items()}

    def keeps_its_word(self, *phones: Handset) -> None:
        """All that a phone was told is stored, is."""
        said = {row["hash"] for phone in phones for row in phone.held() if row["acked"]}
        assert said <= set(self.stored())

    def has_all(self, *phones: Handset) -> None:
        """All that the phones captured was acknowledged, and is stored; nothing else is."""
        for phone in phones:
            assert [row for row in phone.held() if not row["acked"]] == []
        self.keeps_its_word(*phones)
        held = {row["hash"] for phone in phones for row in phone.held()}
        assert held == set(self.stored())
        assert verify_journal(self.backend).sound


def text_of(pdf: bytes) -> str:
    """Return all its words, unspaced."""
    document = pypdfium2.PdfDocument(pdf)
    said = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", said)


@contextmanager
def open_site(built: Built, folder: Path) -> Iterator[Site]:
    """A running server over a copy of the bureau."""
    bureau, port = copied(built, folder, ShiftedClock(SHIFT))
    moved = {"shift": SHIFT.total_seconds(), "bundle": BUNDLE}
    made = Site(folder, bureau, built.task, port, ExitStack(), **moved)
    with running(made):
        yield made
