"""
Whether every list of entities finds a place in the survey, as other XLSForm tools look for it.

Those tools put what a list needs into the survey, a group or a repeat, one list into each: as deep
as what is saved to it and what its row cites, and no higher than the repeat around these.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Path = tuple[tuple[str, str], ...]
"""Names and kinds (survey, group, repeat) of what stands around a row, outermost first."""

SURVEY: Path = (("survey", "survey"),)


@dataclass(frozen=True)
class Use:
    """A row of the survey that is saved to a list, or that the list's row cites by `name`."""

    path: Path
    row: int
    name: str = ""  # "" where it is saved


@dataclass
class Listed:
    """One list of entities: the row that declares it, and its uses by the rows of the survey."""

    name: str
    row: int
    uses: list[Use] = field(default_factory=list)


@dataclass(frozen=True)
class _Request:
    listed: Listed
    scope: Path
    wanted: Path
    saved: Mapping[Path, None]  # in the order of the survey


def scope(path: Path) -> Path:
    """Return the innermost repeat around a row, with all around it; the survey where none is."""
    repeats = [at for at, (_, kind) in enumerate(path) if kind == "repeat"]
    return path[: repeats[-1] + 1] if repeats else path[:1]


def apart(listed: Listed) -> Iterator[Use]:
    """Yield the uses of a list that stand in another repeat than those that say where it goes."""
    deepest = max((scope(one.path) for one in listed.uses), key=_depth, default=SURVEY)
    saved = [scope(one.path) for one in listed.uses if not one.name]
    wanted = max(saved, key=_depth, default=SURVEY)
    for one in listed.uses:
        around = scope(one.path)
        is_elsewhere = not one.name and around != wanted
        if deepest[: len(around)] != around or is_elsewhere:
            yield one


def without_place(lists: Sequence[Listed]) -> Iterator[Listed]:
    """
    Yield the lists for which no place is left.

    Args:
        lists: All lists, in the order of the survey's rows that use them; none with a use `apart`.
    """
    if len(lists) == 1:
        return
    requests: dict[Path, list[_Request]] = {}
    for one in map(_request, lists):
        requests.setdefault(one.scope, []).append(one)
    taken: dict[Path, str] = {}
    for in_one_scope in requests.values():
        for request in sorted(in_one_scope, key=lambda one: one.listed.row):
            if not _take(request, taken):
                yield request.listed


def _take(request: _Request, taken: dict[Path, str]) -> bool:
    """Take the deepest place that is free; False where none is."""
    for depth in range(len(request.wanted), len(request.scope) - 1, -1):
        place = request.wanted[:depth]
        if place in taken:
            if any(taken.get(path) for path in list(request.saved)[:1]):
                return False  # what is saved stands in a place that is another list's
            continue
        taken[place] = request.listed.name
        for path in request.saved:
            for length in range(len(path), len(place) - 1, -1):
                taken[path[:length]] = request.listed.name
        return True
    return len(request.wanted) < len(request.scope)  # then nothing is looked for


def _request(listed: Listed) -> _Request:
    deepest = max((scope(one.path) for one in listed.uses), key=_depth, default=SURVEY)
    saved = dict.fromkeys(one.path for one in listed.uses if not one.name)
    if saved:
        return _Request(listed, deepest, _common(list(saved)), saved)
    cited = (one.path for one in listed.uses if scope(one.path) == deepest)
    return _Request(listed, deepest, max(cited, key=len, default=SURVEY), saved)


def _common(paths: Sequence[Path]) -> Path:
    """Return what is around all paths, as those tools see it: up to the last level that differs."""
    shortest = min(map(len, paths))
    differing = [at for at in range(shortest) if len({path[at] for path in paths}) > 1]
    return paths[0][: differing[-1] if differing else shortest]


def _depth(path: Path) -> int:
    """Return how many repeats are around a row."""
    return sum(kind == "repeat" for _, kind in path)
