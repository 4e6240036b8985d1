"""
Constraints between fields: declared beside the fields, told at the field that is to be corrected.

    CONSTRAINTS = (Constraint("total_fine_fen", ("violations[].fine_fen",), total_wrong),)

One is judged as soon as the fields that it reads are right by themselves, whatever else is wrong.
Places are written as `documents fields` lists them: `panel.clerk.name`, `violations[].fine_fen`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Before:
    """What stands at a place of the entries before the one that is judged, in the same list."""

    place: str


@dataclass(frozen=True)
class Beside:
    """What stands at a place of the entry that is judged, in the same list."""

    place: str


@dataclass(frozen=True)
class Constraint:
    """
    What a field must be for the sake of others.

    Attributes:
        names: The field that is told when it is wrong, "" for the group itself. In a list every
            entry is judged by itself.
        reads: The other fields; of a list, what all its entries have there.
        wrong: Is given the value of the named field, then those of the others, as they stand in
            the JSON, and returns what is wrong, or "". Of a group it may ask no more than whether
            it is there, of a list how long it is: what is inside has places of its own.
    """

    names: str
    reads: tuple[str | Before | Beside, ...]
    wrong: Callable[..., str]

    def broken(self, sound: Mapping[str, Any], group: str) -> Iterator[tuple[str, str]]:
        """
        Yield the paths that are told, each with what is wrong there.

        Args:
            sound: The values that are right by themselves, by their paths.
            group: The path of the group whose constraint this is.
        """
        for number, path in enumerate(_paths(sound, group, self.names)):
            read = [path, *(_read(sound, group, place, number) for place in self.reads)]
            if not all(one in sound for one in _flat(read)):
                continue
            if wrong := self.wrong(*(_value(sound, one) for one in read)):
                yield path, wrong


def constraints(kind: type) -> list[Constraint]:
    """Return the constraints of a group of facts, with those that it inherits."""
    return [one for base in reversed(kind.__mro__) for one in vars(base).get("CONSTRAINTS", ())]


def _read(
    sound: Mapping[str, Any], group: str, read: str | Before | Beside, number: int
) -> str | Sequence[str]:
    """Return the path of what is read, or several where the place leads through a list."""
    if isinstance(read, Before):
        return _paths(sound, group, read.place)[:number]
    if isinstance(read, Beside):
        return _paths(sound, group, read.place)[number]
    paths = _paths(sound, group, read)
    return paths if "[]" in read else paths[0]


def _flat(read: Sequence[str | Sequence[str]]) -> Iterator[str]:
    for one in read:
        yield from [one] if isinstance(one, str) else one


def _value(sound: Mapping[str, Any], read: str | Sequence[str]) -> Any:
    return sound[read] if isinstance(read, str) else tuple(sound[one] for one in read)


def _paths(sound: Mapping[str, Any], group: str, place: str) -> list[str]:
    """Return the paths of a place; that of a list alone where the list itself is not right."""
    found = [group]
    for name in filter(None, place.split(".")):
        found = [inner for path in found for inner in _inner(sound, path, name)]
    return found


def _inner(sound: Mapping[str, Any], path: str, name: str) -> list[str]:
    field = name.removesuffix("[]")
    inner = f"{path}.{field}" if path else field
    if field == name or inner not in sound:
        return [inner]
    return [f"{inner}[{number}]" for number in range(1, len(sound[inner]) + 1)]
