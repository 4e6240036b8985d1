"""Where the parts of a checklist stand, and which section of one version is which of another."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.evaluation.ordering import Member, members_of
from forms.model import Form, Item, Section

HALF = 0.5
"""Sections that share at least this part of their items are one section under two names."""


@dataclass(frozen=True)
class Place:
    """
    A section or an item and where it stands.

    `within` is the number of the place around it, None at the top; `behind` is the member of the
    same place right before it.
    """

    number: int
    member: Member
    within: int | None
    behind: Member | None
    depth: int


def places_of(form: Form) -> tuple[Place, ...]:
    """Return every section and item, those in tables too, in paper order; numbers count from 0."""
    found: list[Place] = []

    def walk(members: Sequence[Member], within: int | None, depth: int) -> None:
        behind: Member | None = None
        for member in members:
            number = len(found)
            found.append(Place(number, member, within, behind, depth))
            inner = member.items if isinstance(member, Section) else member.columns
            walk(inner, number, depth + 1)
            behind = member

    walk(form.sections, None, 0)
    return tuple(found)


def items_by_code(places: Iterable[Place]) -> Mapping[str, tuple[Place, Item]]:
    """Return the items and where they stand by their code, in paper order."""
    return {
        place.member.code: (place, place.member)
        for place in places
        if isinstance(place.member, Item)
    }


def same_sections(old: Sequence[Place], new: Sequence[Place]) -> Mapping[int, int]:
    """
    Return the numbers of new sections with those of the old ones that they were.

    A section is the same under the same name; else under the same title; else where at least half
    of the items are the same. Of several, the one that shares most items is.
    """
    befores, afters = [*_sections(old)], [*_sections(new)]
    likely = sorted(
        (
            (_likeness(before, after), -abs(before.number - after.number), before, after)
            for before in befores
            for after in afters
        ),
        key=lambda pair: pair[:2],
        reverse=True,
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for likeness, _, before, after in likely:
        if likeness > NOT_ALIKE and before.number not in taken and after.number not in found:
            found[after.number] = before.number
            taken.add(before.number)
    return found


@dataclass(frozen=True)
class _Known:
    number: int
    depth: int
    name: str
    title: str
    codes: frozenset[str]


Likeness = tuple[int, float, int]
NOT_ALIKE: Likeness = (0, 1.0, 1)


def _sections(places: Sequence[Place]) -> Iterator[_Known]:
    for place in places:
        if isinstance(place.member, Section):
            inside = members_of(place.member.items)
            codes = frozenset(one.code for one in inside if isinstance(one, Item))
            section = place.member
            yield _Known(place.number, place.depth, section.name, section.title, codes)


def _likeness(before: _Known, after: _Known) -> Likeness:
    shared = len(before.codes & after.codes) / max(len(before.codes), len(after.codes), 1)
    same_depth = int(before.depth == after.depth)
    if before.name and before.name == after.name:
        return 3, shared, same_depth
    if before.title == after.title and (before.title or shared):
        return 2, shared, same_depth
    return int(shared >= HALF), shared, same_depth


def relocated(
    old: Sequence[Place], new: Sequence[Place], same: Mapping[int, int]
) -> frozenset[int]:
    """
    Return the numbers of those new places that stand elsewhere than the same part stood before.

    Where only the order of a place is another, the fewest that explain it.

    Args:
        same: What `same_sections` returned.
    """
    stood = {_identity(place, None): _around(place, old, None) for place in old}
    kept = [place for place in new if _identity(place, same) in stood]
    elsewhere = {
        place.number for place in kept if stood[_identity(place, same)] != _around(place, new, same)
    }
    stayed = [place for place in kept if place.number not in elsewhere]
    order = {identity: spot for spot, identity in enumerate(stood)}
    for around in dict.fromkeys(_around(place, new, same) for place in stayed):
        there = [place for place in stayed if _around(place, new, same) == around]
        numbers = {_identity(place, same): place.number for place in there}
        before = sorted(numbers, key=order.__getitem__)
        elsewhere |= {numbers[identity] for identity in moved(before, [*numbers])}
    return frozenset(elsewhere)


Identity = tuple[str, int | str]
"""What two versions call one part: a section by its old number, an item by its code."""


def _identity(place: Place, same: Mapping[int, int] | None) -> Identity:
    if isinstance(place.member, Item):
        return "item", place.member.code
    if same is None:
        return "section", place.number
    return ("section", same[place.number]) if place.number in same else ("new", place.number)


def _around(
    place: Place, places: Sequence[Place], same: Mapping[int, int] | None
) -> Identity | None:
    return None if place.within is None else _identity(places[place.within], same)


def moved(before: Sequence[Any], after: Sequence[Any]) -> frozenset[Any]:
    """
    Return the fewest members whose moving explains another order.

    Args:
        before: Members in their old order, each once.
        after: The same members in their new order.
    """
    spots = {member: spot for spot, member in enumerate(before)}
    ends: list[int] = []  # the lowest spot on which a rising row of each length ends
    tails: list[Any] = []
    earlier: dict[Any, Any] = {}
    for member in after:
        length = bisect_left(ends, spots[member])
        earlier[member] = tails[length - 1] if length else None
        ends[length : length + 1] = [spots[member]]
        tails[length : length + 1] = [member]
    stayed = set()
    member = tails[-1] if tails else None
    while member is not None:
        stayed.add(member)
        member = earlier[member]
    return frozenset(after) - stayed
