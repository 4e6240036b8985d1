"""The registry as a draw reads it: every enterprise under a salt and a commitment of its own."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from inspect_server.domain.draw import pool
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, jcs
from inspect_server.domain.draw.staffing import Task
from inspect_server.usecases.drawing.pool import Entry, Survey


@dataclass(frozen=True)
class Salted:
    """The survey with a salt and a commitment for every enterprise."""

    survey: Survey
    salts: tuple[bytes, ...]
    records: tuple[bytes, ...]
    commitments: tuple[bytes, ...]

    def included(self) -> Iterator[tuple[Entry, bytes]]:
        """Yield who is in the pool."""
        every = zip(self.survey.entries, self.commitments, strict=True)
        return ((entry, c) for entry, c in every if entry.included)

    def leaves(self) -> dict[str, list[bytes]]:
        """Return the commitments of each cell, as a draw reads them."""
        found: dict[str, list[bytes]] = {cell: [] for cell, _ in self.survey.cells}
        for entry, c in self.included():
            found[entry.label].append(c)
        return {cell: sorted(members) for cell, members in found.items()}

    def tasks(self) -> list[Task]:
        """Return every enterprise that could be selected."""
        odds = dict(self.survey.cells)
        return [(entry.label, c) for entry, c in self.included() if odds[entry.label]]

    def codes(self) -> dict[bytes, str]:
        """Return the 统一社会信用代码 of each commitment in the pool."""
        return {c: entry.uscc for entry, c in self.included()}


def salted(h: Hash, found: Survey) -> Salted:
    """Give every enterprise a fresh salt."""
    salts = tuple(secrets.token_bytes(SIZE) for _ in found.entries)
    records = tuple(jcs(pool.record_of(entry.uscc, entry.name)) for entry in found.entries)
    return Salted(found, salts, records, tuple(pool.commitments(h, salts, records)))
