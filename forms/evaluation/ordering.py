"""In which order the values of a checklist follow from each other."""

from collections.abc import Iterator, Sequence
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
    """Values that need each other; `field` is the condition of `member` by which it takes part."""

    def __init__(self, member: Item, names: Sequence[str]) -> None:
        super().__init__(*names)
        self.member = member
        self.names = names
        self.field = next(
            (
                field
                for field, condition in conditions_of(member)
                if not references(condition.tree).isdisjoint(names)
            ),
            "relevant",  # that of a section around it
        )


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
    graph = {
        spot: {owner[name] for name in _needed(item, around) if name in owner} - _own(item, spot)
        for spot, (item, around) in enumerate(places)
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        spots = error.args[1][:-1]  # the first comes again as the last
        names = [places[spot][0].cited_as for spot in spots]
        raise Circle(places[spots[0]][0], names) from None
    return tuple(places[spot] for spot in order)


def _is_hidden(member: Member) -> bool:
    """Return whether the member's default is its value; else it is only proposed to a person."""
    return isinstance(member, Item) and member.kind is Kind.HIDDEN


def _own(item: Item, spot: int) -> set[int]:
    """Return the item's own place if it is a table, whose rows may need each other's values."""
    return {spot} if item.columns else set()


def _needed(item: Item, around: Sequence[Section]) -> set[str]:
    """Return the names of what decides the value of an item."""
    within = list(members_of(item.columns))
    deciding = [
        condition
        for member in (*around, item, *within)
        for field, condition in conditions_of(member)
        if field in DECIDING or (field == "default" and _is_hidden(member))
    ]
    return {name for condition in deciding for name in references(condition.tree)}
