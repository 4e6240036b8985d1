"""
Choosing the teams: the committed eligibility and the seed leave exactly one assignment.

Sets of officers are integers used as bit masks (bit i: officer i), because most of the work is
"who is left of the candidates", and one such question is one operation on the whole set.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from inspect_server.domain.draw.hashes.tagged import Hash, lp, tag_prefix, u8
from inspect_server.domain.errors import InspectError

ATTEMPTS = 64
TRIES = 20_000
"""
How many officers are tried at most before it is known whether one task can have a team at all.

With banned pairs the question can take exponentially long, and a certificate is written by whoever
made it. Teams that anybody sends need some dozens of tries.
"""


class TooManyWays(InspectError):
    """Whether a team exists cannot be told within `TRIES`: no verifier goes on."""

    code, kind = "draw.too_many_ways", "invalid"
    message = (
        "部门“{dept}”为一家企业排组试到 {tries} 人次仍无结论，"
        "本系统和各验证程序都到此为止，请减少岗位、专业要求或者人员组合限制。"
    )


@dataclass(frozen=True)
class Stage:
    """One place in every team, filled for all tasks before the next place."""

    label: str  # lead/0, member/0, …, expert/0
    role: str


@dataclass(frozen=True)
class Problem:
    """One department's tasks and officers. Masks hold bit i for `officers[i]`."""

    dept: str
    tasks: tuple[bytes, ...]
    stages: tuple[Stage, ...]
    officers: tuple[bytes, ...]
    loads: tuple[int, ...]
    eligible: Mapping[str, tuple[int, ...]]  # role -> one mask per task
    banned: tuple[int, ...]  # per officer, who may not be in a team with them
    pairs_free: frozenset[int] = frozenset()  # tasks for which banned pairs were relaxed


@dataclass(frozen=True)
class Teams:
    """The standing attempt. Officers are indices into the problem's officers."""

    attempt: int
    teams: tuple[tuple[int, ...], ...]  # per task, one officer per stage
    load: tuple[int, ...]


@dataclass(frozen=True)
class Dry:
    """An attempt that failed: the tasks for which nobody was left at one stage."""

    stage: int
    tasks: tuple[int, ...]


def draw_teams(h: Hash, seed: bytes, problem: Problem) -> Teams | None:
    """
    Return the first attempt that stands, or None when all 64 fail.

    Attempts are recomputable from the seed, so a later one is no redraw.
    """
    if starving(problem):
        return None  # every attempt would fail: no team exists for such a task at all
    return next((made for made in _attempts(h, seed, problem) if isinstance(made, Teams)), None)


def bottleneck(h: Hash, seed: bytes, problem: Problem) -> list[tuple[int, str]]:
    """
    Return a few tasks of which at least one failed in every attempt, each with the role it lacked.

    For a problem that no attempt solves although every task has a team of its own: earlier places
    took the only officers that a later place of the same task could have had.
    """
    failed = [made for made in _attempts(h, seed, problem) if isinstance(made, Dry)]
    found: list[tuple[int, str]] = []
    while failed:
        counted = Counter((task, made.stage) for made in failed for task in made.tasks)
        task, stage = min(counted, key=lambda one: (-counted[one], one))
        found.append((task, problem.stages[stage].role))
        failed = [made for made in failed if task not in made.tasks]
    return sorted(found)


def starving(problem: Problem) -> list[int]:
    """
    Return the tasks for which no team exists even when they have all officers to themselves.

    Raises:
        TooManyWays: Of some task that is not found out within `TRIES`.
    """
    stages = [problem.eligible[stage.role] for stage in problem.stages]

    @cache
    def has_team(masks: tuple[int, ...], pairs_free: bool) -> bool:
        search = _Search(None if pairs_free else problem.banned)
        try:
            return search.has_team(masks)
        except OverflowError:
            raise TooManyWays(dept=problem.dept, tries=TRIES) from None

    return [
        task
        for task in range(len(problem.tasks))
        if not has_team(tuple(masks[task] for masks in stages), task in problem.pairs_free)
    ]


def lacking(problem: Problem, task: int) -> list[str]:
    """Return the roles of a task for which nobody is eligible at all."""
    roles = dict.fromkeys(stage.role for stage in problem.stages)
    return [role for role in roles if not problem.eligible[role][task]]


def bits(mask: int) -> list[int]:
    """Return the set bits of a mask, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


class _Search:
    """
    Whether one task can have a team.

    The tries are counted, so every verifier goes the same way: the place with the fewest candidates
    first (of several the earliest stage), its candidates in the order of the lines.
    """

    def __init__(self, banned: Sequence[int] | None) -> None:
        self.banned, self.tries = banned, 0

    def has_team(self, masks: tuple[int, ...]) -> bool:
        """Return whether every place can be filled. OverflowError: not within `TRIES`."""
        if not all(masks):
            return False
        if not masks:
            return True
        place = min(range(len(masks)), key=lambda n: masks[n].bit_count())
        rest = masks[:place] + masks[place + 1 :]
        left = masks[place]
        while left:
            self.tries += 1
            if self.tries > TRIES:
                raise OverflowError
            low = left & -left
            left ^= low
            gone = low | (self.banned[low.bit_length() - 1] if self.banned else 0)
            if self.has_team(tuple([mask & ~gone for mask in rest])):
                return True
        return False


def _attempts(h: Hash, seed: bytes, problem: Problem) -> Iterator[Teams | Dry]:
    return (_attempt(h, seed, problem, number) for number in range(ATTEMPTS))


def _attempt(h: Hash, seed: bytes, problem: Problem, number: int) -> Teams | Dry:
    opening = seed + u8(number) + lp(problem.dept.encode("utf-8"))
    order = _task_order(h, opening, problem.tasks)
    load = list(problem.loads)
    teams: list[list[int]] = [[] for _ in problem.tasks]
    barred = [0] * len(problem.tasks)
    for place, stage in enumerate(problem.stages):
        masks = [
            mask & ~gone for mask, gone in zip(problem.eligible[stage.role], barred, strict=True)
        ]
        if not all(masks):
            return Dry(place, tuple(task for task, mask in enumerate(masks) if not mask))
        prefix = tag_prefix(h, "sjc/pref/1") + opening + lp(stage.label.encode("utf-8"))
        placed = _Placing(order, _preferences(h, prefix, problem, masks), masks, load).run()
        for task, officer in enumerate(placed):
            teams[task].append(officer)
            barred[task] |= 1 << officer
            if task not in problem.pairs_free:
                barred[task] |= problem.banned[officer]
    return Teams(number, tuple(map(tuple, teams)), tuple(load))


def _task_order(h: Hash, opening: bytes, tasks: Sequence[bytes]) -> list[int]:
    prefix = tag_prefix(h, "sjc/task/1") + opening
    return sorted(range(len(tasks)), key=lambda task: h(prefix + tasks[task]))


def _preferences(h: Hash, prefix: bytes, problem: Problem, masks: Sequence[int]) -> list[list[int]]:
    new, officers = h.new, problem.officers
    members: dict[int, tuple[list[int], list[bytes]]] = {}  # many tasks have the same candidates
    ranked = []
    for task, mask in zip(problem.tasks, masks, strict=True):
        if mask not in members:
            candidates = bits(mask)
            members[mask] = candidates, [officers[officer] for officer in candidates]
        candidates, names = members[mask]
        start = prefix + task
        keys = [new(start + name).digest() for name in names]
        of = dict(zip(keys, candidates, strict=True))
        keys.sort()
        ranked.append([of[key] for key in keys])
    return ranked


class _Placing:
    """
    One stage: raising the cap by one, it gives every task an officer with the least spread of load.

    Each search is a breadth-first augmenting path; the officers that a failed search reached
    cannot help any other search under the same cap.
    """

    def __init__(
        self,
        order: Sequence[int],
        preferences: Sequence[Sequence[int]],
        masks: Sequence[int],
        load: list[int],
    ) -> None:
        self.order, self.preferences, self.masks, self.load = order, preferences, masks, load
        self.holder: list[int] = [-1] * len(order)  # task -> officer
        self.held: list[list[int]] = [[] for _ in load]  # officer -> tasks, as they came

    def run(self) -> list[int]:
        """
        Return one officer per task; `load` is brought up to date.

        Every task has a candidate, and under the greatest cap every officer could take all tasks,
        so none is left over.
        """
        if not self.order:
            return []
        waiting: Sequence[int] = self.order
        cap = min(self.load)
        while waiting:
            cap += 1
            still = self._under(cap, waiting)
            if len(still) == len(waiting):
                cap = min(n for n in self.load if n >= cap)  # until then it would fail again
            waiting = still
        return self.holder

    def _under(self, cap: int, waiting: Sequence[int]) -> list[int]:
        load, masks = self.load, self.masks
        free = sum(1 << officer for officer, n in enumerate(load) if n < cap)
        alive = (1 << len(load)) - 1
        still: list[int] = []
        for position, task in enumerate(waiting):
            if not free & alive:  # no search can end any more under this cap
                still += waiting[position:]
                break
            if not masks[task] & alive:  # the search would reach nobody
                still.append(task)
                continue
            reached, came_from, end = self._search(task, alive, free)
            if end < 0:
                alive &= ~reached
                still.append(task)
                continue
            self._turn_back(task, end, came_from)
            load[end] += 1
            if load[end] >= cap:
                free &= ~(1 << end)
        return still

    def _search(self, task: int, alive: int, free: int) -> tuple[int, dict[int, int], int]:
        masks, preferences, held = self.masks, self.preferences, self.held
        unseen, came_from = alive, {}
        queue = [task]
        for current in queue:
            new = masks[current] & unseen
            if not new:
                continue
            unseen &= ~new
            for officer in preferences[current]:
                bit = 1 << officer
                if not new & bit:
                    continue
                came_from[officer] = current
                if free & bit:
                    return 0, came_from, officer
                queue += held[officer]
        return alive & ~unseen, came_from, -1

    def _turn_back(self, start: int, end: int, came_from: Mapping[int, int]) -> None:
        officer = end
        while True:
            task = came_from[officer]
            before = self.holder[task]
            self.holder[task] = officer
            self.held[officer].append(task)
            if task == start:
                return
            self.held[before].remove(task)
            officer = before
