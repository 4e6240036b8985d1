"""In which order the values of a checklist follow from each other."""

from collections.abc import Iterator, Mapping, Sequence, Set
from graphlib import CycleError, TopologicalSorter

from forms.expressions.parsing import references
from forms.model import Condition, Item, Kind, Section, placed

Member = Item | Section
Place = tuple[Item, tuple[Section, ...]]
"""An item, and the sections around it on its level."""

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
    places, _, graph = _needs(members)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        raise next(circles(members)) from None
    return tuple(places[spot] for spot in order)


def circles(members: Sequence[Member]) -> Iterator[Circle]:
    """Yield circles of one level that share no item, one at least of all that hang together."""
    places, owner, graph = _needs(members)
    names: dict[int, set[str]] = {spot: set() for spot in graph}
    for name, spot in owner.items():
        names[spot].add(name)
    for spots in _cycles(graph):
        member, field = _needing(names[spots[-1]], *places[spots[0]])
        yield Circle(member, field, [places[spot][0].cited_as for spot in spots])


def _needs(members: Sequence[Member]) -> tuple[list[Place], dict[str, int], dict[int, set[int]]]:
    """Return the items of one level, by every name where it stands, and whom each one needs."""
    places = list(placed(members))
    owner = {item.cited_as: spot for spot, (item, _) in enumerate(places)}
    for spot, (item, _) in enumerate(places):
        inside = (one for one in members_of(item.columns) if isinstance(one, Item))
        owner.update({column.cited_as: spot for column in inside})
    graph: dict[int, set[int]] = {}
    for spot, (item, around) in enumerate(places):
        needs = {owner[name] for name in _needed(item, around) if name in owner}
        asking = {owner.get(name) for name in _asking(item, around)}
        is_of_rows = item.columns and spot not in asking  # rows may need each other's values
        graph[spot] = needs - {spot} if is_of_rows else needs
    return places, owner, graph


def _cycles(graph: Mapping[int, Set[int]]) -> Iterator[list[int]]:
    """Yield paths on which each needs the one before it, and the first the last."""
    needed_by: dict[int, list[int]] = {spot: [] for spot in graph}
    for spot, needs in graph.items():
        for need in needs:
            needed_by[need].append(spot)
    seen: set[int] = set()
    told: set[int] = set()
    for start in graph:
        path: list[int] = []
        depth: dict[int, int] = {}
        ways: list[Iterator[int]] = [iter((start,))]
        while ways:
            reached = next(ways[-1], None)
            if reached is None:
                ways.pop()
                if path:
                    del depth[path.pop()]
            elif reached in depth:
                cycle = path[depth[reached] :]
                if told.isdisjoint(cycle):
                    told.update(cycle)
                    yield cycle
            elif reached not in seen:
                seen.add(reached)
                depth[reached] = len(path)
                path.append(reached)
                ways.append(iter(needed_by[reached]))


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
