"""
What the rows must say, if the record is right: the events of a case, replayed.

Every event type says once, in `events.EVENTS`, which columns of which rows it sets. Replayed in
order, the events give the rows as they should stand now; `rows` compares them with the tables. What
an older event does not say yet is not compared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, ...]


class Unsaid:
    """The value of a column that no event speaks of."""


UNSAID = Unsaid()


@dataclass(frozen=True)
class Event:
    """One leaf, read."""

    case: str
    seq: int
    leaf: str
    type: str
    at: str
    actor: str
    body: Mapping[str, Any]


@dataclass
class Expected:
    """One row as the events leave it, and the case that speaks of it."""

    case: str
    columns: dict[str, Any] = field(default_factory=dict)


@dataclass
class Facts:
    """All rows that the events speak of: table -> key -> row."""

    tables: dict[str, dict[Key, Expected]] = field(default_factory=dict)

    def set(self, case: str, table: str, key: Key, columns: Mapping[str, Any]) -> None:
        """Let a row say this from now on; what is unsaid leaves it as it was."""
        row = self.tables.setdefault(table, {}).setdefault(key, Expected(case))
        row.columns |= {name: value for name, value in columns.items() if value is not UNSAID}

    def forget(self, table: str, first: str) -> None:
        """Drop the rows of a table whose key begins with this."""
        rows = self.tables.get(table, {})
        for key in [key for key in rows if key[0] == first]:
            del rows[key]

    def of(self, table: str) -> Mapping[Key, Expected]:
        """Return the rows of one table."""
        return self.tables.get(table, {})

    def find(self, table: str, **columns: Any) -> Iterator[tuple[Key, Expected]]:
        """Yield the rows of a table that say this."""
        for key, row in self.of(table).items():
            if all(row.columns.get(name) == value for name, value in columns.items()):
                yield key, row


Source = Callable[[Event], Any]
"""Where the value of a column comes from."""
Change = Callable[[Facts, Event], None]


def at(event: Event) -> str:
    """The moment of the event."""
    return event.at


def actor(event: Event) -> str:
    """Who acted."""
    return event.actor


def leaf(event: Event) -> str:
    """The event's own hash."""
    return event.leaf


def case_name(event: Event) -> str:
    """What the case is called behind its kind: the number of an inspection, the year of a plan."""
    return event.case.partition("/")[2]


def said(name: str) -> Source:
    """What the body says under this name."""
    return lambda event: event.body.get(name, UNSAID)


def number(source: Source) -> Source:
    """The same as a whole number."""
    return lambda event: UNSAID if (value := source(event)) is UNSAID else int(value)


def always(value: Any) -> Source:
    """The same value whatever the event says."""
    return lambda _: value


@dataclass(frozen=True)
class Sets:
    """An event that sets columns of one row, or of one row for each of a list in its body."""

    table: str
    key: tuple[Source, ...]
    columns: Mapping[str, Source]
    only_if: Mapping[str, Any] = field(default_factory=dict)
    """What the row must have said before; otherwise the event changes nothing of it."""

    def __call__(self, facts: Facts, event: Event) -> None:
        """Set them."""
        key = tuple(source(event) for source in self.key)
        if UNSAID in key:
            return
        before = facts.of(self.table).get(key)
        if self.only_if and before is None:
            return
        if any(before.columns.get(name) != value for name, value in self.only_if.items() if before):
            return
        values = {name: source(event) for name, source in self.columns.items()}
        facts.set(event.case, self.table, key, values)


def replay(
    facts: Facts, events: Iterator[Event], changes: Mapping[str, tuple[Change, ...]]
) -> None:
    """Add what these events, of one case and in order, set."""
    for event in events:
        for change in changes.get(event.type, ()):
            change(facts, event)
