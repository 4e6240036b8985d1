"""In which order the values of a checklist follow from each other."""

from collections.abc import Iterator, Sequence, Set
from graphlib import CycleError, TopologicalSorter

from forms.expressions.parsing import references
from forms.model import Condition, Item, Kind, Section, placed

Member = Item | Section
DECIDING = ("relevant", "calculation", "count")
"""Conditions from which a value, or that there is one, follows; others only judge it."""
OF_ITEMS = (
    *DECIDING,
    "required",
    "read_only",
    "constraint",
    "default",
    "choice_filter",
    "fails_if",
)


class Circle(Exception):
    """
    Values that need each other.

    `names` are the items, as conditions cite them; `field` of `member`, one of them or a section
    around it or a part of its rows, is a condition by which they do.
    """

    def __init__(self, member: Member, field: str, names: Sequence[str]) -> None:
        super().__init__(*names)
        self.member = member
        self.field = field
        self.names = names


def members_of(members: Sequence[Member]) -> Iterator[Member]:
    """Yield sections and items, those of sections and tables behind them, in paper order."""
    for member in members:
        yield member
        yield from members_of(member.items if isinstance(member, Section) else member.columns)


def conditions_of(member: Member) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions that an item or section carries itself, each under its field."""
    for field in ("relevant",) if isinstance(member, Section) else OF_ITEMS:
        condition = getattr(member, field)
        if condition is not None:
            yield field, condition


def in_order(members: Sequence[Member]) -> tuple[tuple[Item, tuple[Section, ...]], ...]:
    """
    Return the items of one level so that each follows what it needs, with the sections around it.

    A table is one item here: what its rows need, it needs.

    Raises:
        Circle: Some need each other.
    """
    places = list(placed(members))
    owner = {item.cited_as: spot for spot, (item, _) in enumerate(places)}
    for spot, (item, _) in enumerate(places):
        inside = (one for one in members_of(item.columns) if isinstance(one, Item))
        owner.update({column.cited_as: spot for column in inside})
    graph = {}
    for spot, (item, around) in enumerate(places):
        needs = {owner[name] for name in _needed(item, around) if name in owner}
        asking = {owner.get(name) for name in _asking(item, around)}
        is_of_rows = item.columns and spot not in asking  # rows may need each other's values
        graph[spot] = needs - {spot} if is_of_rows else needs
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        *spots, _ = error.args[1]  # each needs the one before it; the first comes again as the last
        needed = {name for name, spot in owner.items() if spot == spots[-1]}
        member, field = _needing(needed, *places[spots[0]])
        raise Circle(member, field, [places[spot][0].cited_as for spot in spots]) from None
    return tuple(places[spot] for spot in order)


def _is_hidden(member: Member) -> bool:
    """Return whether the member's default is its value; else it is only proposed to a person."""
    return isinstance(member, Item) and member.kind is Kind.HIDDEN


def _asking(item: Item, around: Sequence[Section]) -> set[str]:
    """Return the names of what decides whether an item is there: of a table before its rows are."""
    members: tuple[Member, ...] = (item, *around)
    conditions = [one.relevant for one in members if one.relevant is not None]
    return {name for condition in conditions for name in references(condition.tree)}


def _needed(item: Item, around: Sequence[Section]) -> set[str]:
    """Return the names of what decides the value of an item."""
    deciding = _deciding(item, around)
    return {name for _, _, condition in deciding for name in references(condition.tree)}


def _needing(names: Set[str], item: Item, around: Sequence[Section]) -> tuple[Member, str]:
    """Return by which condition one of the names decides the value of an item, and whose it is."""
    return next(
        (member, field)
        for member, field, condition in _deciding(item, around)
        if not names.isdisjoint(references(condition.tree))
    )


def _deciding(item: Item, around: Sequence[Section]) -> Iterator[tuple[Member, str, Condition]]:
    """Yield each condition that decides the value of an item, with its owner and its field."""
    for member in (item, *around, *members_of(item.columns)):
        for field, condition in conditions_of(member):
            if field in DECIDING or (field == "default" and _is_hidden(member)):
                yield member, field, condition
