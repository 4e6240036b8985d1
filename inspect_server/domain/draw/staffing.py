"""Drawing a department's teams under its declared relaxations, and why it cannot be done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from inspect_server.domain.draw.ceremony.words import STAGE_NAMES
from inspect_server.domain.draw.eligibility import (
    PAIR,
    SPECIALTY,
    Eligibility,
    OfficerLine,
    TeamRules,
    problem_of,
    sector_of,
)
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.teams import (
    Problem,
    Teams,
    bottleneck,
    draw_teams,
    lacking,
    starving,
)
from inspect_server.domain.plan.words import SECTOR_NAMES

Task = tuple[str, bytes]
"""A selected enterprise: its cell and its commitment."""

SPECIALTY_RULE = "专业"
RECUSAL_RULE = "回避"
PAIR_RULE = "人员组合限制"
HEADCOUNT_RULE = "可派出人数"


@dataclass(frozen=True)
class Place:
    """One officer in one team."""

    task: bytes
    dept: str
    label: str
    officer: bytes
    attempt: int
    relaxed: tuple[str, ...]


@dataclass(frozen=True)
class Shortage:
    """Tasks that cannot get a team, each with the rule that starves it."""

    tasks: tuple[tuple[bytes, str], ...]
    scarce: tuple[tuple[str, str], ...] = ()
    """Of which sector's specialty too few may go in which role, where that starves a task."""

    @property
    def rule(self) -> str:
        """
        The rule that starves the most tasks; ties go to the name's order.

        Of the specialty it says which and in which role: “专业，粉尘涉爆专业的主办、协办人员不够”.
        """
        counted = Counter(rule for _, rule in self.tasks)
        first = min(counted, key=lambda rule: (-counted[rule], rule))
        if SPECIALTY_RULE not in first or not self.scarce:
            return first
        roles: dict[str, list[str]] = {}
        for sector, role in self.scarce:
            roles.setdefault(sector, []).append(STAGE_NAMES.get(role, role))
        said = (
            f"{SECTOR_NAMES.get(sector, sector)}专业的{'、'.join(named)}"
            for sector, named in roles.items()
        )
        return f"{first}，{'，'.join(said)}人员不够"


@dataclass(frozen=True)
class Absence:
    """An officer who could go but for a dated fact, with the roles that they would have."""

    line: OfficerLine
    rule: str  # e.g. 休假, 执法证不能覆盖检查时段


def staff(
    h: Hash, seed: bytes, rules: TeamRules, tasks: Sequence[Task], eligibility: Eligibility
) -> list[Place] | None:
    """
    Return every place of every team, in the order of the tasks and of the stages.

    A task gets the fewest declared relaxations under which a team exists for it at all. When all
    64 attempts fail all the same, every task gives way by one more relaxation and the attempts
    begin anew. Everything here follows from committed lines and the seed. None: infeasible.
    """
    levels = least_relaxations(rules, tasks, eligibility)
    if levels is None:
        return None
    while True:
        found = draw_teams(h, seed, problem_of(rules, tasks, eligibility, levels))
        if found is not None:
            return _places(found, rules, tasks, eligibility, levels)
        if all(level == len(rules.relaxations) for level in levels):
            return None
        levels = [min(level + 1, len(rules.relaxations)) for level in levels]


def least_relaxations(
    rules: TeamRules, tasks: Sequence[Task], eligibility: Eligibility
) -> list[int] | None:
    """Return per task how many relaxations a team of its own needs, or None when none suffices."""
    levels = [0] * len(tasks)
    for _ in range(len(rules.relaxations) + 1):
        short = starving(problem_of(rules, tasks, eligibility, levels))
        if not short:
            return levels
        for task in short:
            levels[task] += 1
        if max(levels) > len(rules.relaxations):
            return None
    return None


def shortage(
    rules: TeamRules,
    tasks: Sequence[Task],
    eligibility: Eligibility,
    absences: Sequence[Absence] = (),
) -> Shortage | None:
    """
    Name the tasks for which no team exists after every relaxation, and the rule that starves each.

    A rule starves a task when the task could be staffed if that rule alone did not hold. Where no
    single rule does, the fewest that do together are named ("回避＋专业"); where not even all of
    them do, there are too few officers.
    """
    relaxed = _relaxed(rules, tasks, eligibility)
    short = starving(relaxed)
    if not short:
        return None
    left = [tasks[n] for n in short]
    named: dict[bytes, str] = {}
    for rule, looser_rules, looser in _what_ifs(rules, eligibility, absences):
        unnamed = [task for task in left if task[1] not in named]
        if not unnamed:
            break
        still = set(starving(_relaxed(looser_rules, unnamed, looser)))
        named |= {c: rule for n, (_, c) in enumerate(unnamed) if n not in still}
    scarce = (
        (sector_of(cell), role)
        for n, (cell, c) in zip(short, left, strict=True)
        if SPECIALTY_RULE in named.get(c, HEADCOUNT_RULE)
        for role in _special(rules, lacking(relaxed, n)) or _special(rules, rules.specialty)
    )
    return Shortage(
        tuple((c, named.get(c, HEADCOUNT_RULE)) for _, c in left), tuple(dict.fromkeys(scarce))
    )


def failure(
    h: Hash,
    seed: bytes,
    rules: TeamRules,
    tasks: Sequence[Task],
    eligibility: Eligibility,
    absences: Sequence[Absence] = (),
) -> Shortage:
    """
    Explain why `staff` found no teams from this seed.

    When every task has a team of its own and the attempts failed all the same, a few tasks are
    named of which at least one failed in each attempt, with the rule without which one attempt
    would have stood.
    """
    short = shortage(rules, tasks, eligibility, absences)
    if short is not None:
        return short
    stuck = bottleneck(h, seed, _relaxed(rules, tasks, eligibility))
    enough = (
        name
        for name, looser_rules, looser in _what_ifs(rules, eligibility, absences)
        if draw_teams(h, seed, _relaxed(looser_rules, tasks, looser)) is not None
    )
    rule = next(enough, HEADCOUNT_RULE)
    scarce = ((sector_of(tasks[n][0]), role) for n, role in stuck if _special(rules, [role]))
    return Shortage(tuple((tasks[n][1], rule) for n, _ in stuck), tuple(dict.fromkeys(scarce)))


def _special(rules: TeamRules, roles: Iterable[str]) -> list[str]:
    """Return the roles that need the task's specialty after every relaxation."""
    strict = {role for role in rules.specialty if SPECIALTY + role not in rules.relaxations}
    return [role for role in roles if role in strict]


def _relaxed(rules: TeamRules, tasks: Sequence[Task], eligibility: Eligibility) -> Problem:
    """Return the problem with every relaxation applied to every task."""
    return problem_of(rules, tasks, eligibility, [len(rules.relaxations)] * len(tasks))


def _what_ifs(
    rules: TeamRules, eligibility: Eligibility, absences: Sequence[Absence]
) -> Iterator[tuple[str, TeamRules, Eligibility]]:
    """Yield (names, what would hold without these rules): each alone, then each two, …."""
    dated = sorted({absence.rule for absence in absences})
    names = (SPECIALTY_RULE, RECUSAL_RULE, PAIR_RULE, *dated)
    for size in range(1, len(names) + 1):
        for lifted in combinations(names, size):
            back = [absence.line for absence in absences if absence.rule in lifted]
            yield "＋".join(lifted), *_without(lifted, rules, eligibility, back)


def _without(
    lifted: Sequence[str],
    rules: TeamRules,
    eligibility: Eligibility,
    back: Sequence[OfficerLine],
) -> tuple[TeamRules, Eligibility]:
    if SPECIALTY_RULE in lifted:
        pair = tuple(one for one in rules.relaxations if one == PAIR)
        rules = replace(rules, specialty=(), relaxations=pair)
    if RECUSAL_RULE in lifted:
        eligibility = replace(eligibility, recusals=frozenset())
    if PAIR_RULE in lifted:
        eligibility = replace(eligibility, banned=frozenset())
    officers = {line.officer: line for line in (*eligibility.officers, *back)}
    return rules, replace(eligibility, officers=tuple(officers.values()))


def _places(
    found: Teams,
    rules: TeamRules,
    tasks: Sequence[Task],
    eligibility: Eligibility,
    levels: Sequence[int],
) -> list[Place]:
    officers = [bytes.fromhex(line.officer) for line in eligibility.officers]
    return [
        Place(
            task=c,
            dept=rules.dept,
            label=stage.label,
            officer=officers[officer],
            attempt=found.attempt,
            relaxed=rules.relaxations[:level],
        )
        for (_, c), team, level in zip(tasks, found.teams, levels, strict=True)
        for stage, officer in zip(rules.stages, team, strict=True)
    ]
