"""Drawing a department's teams under its declared relaxations, and why it cannot be done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspect_server.domain.draw.eligibility import (
    Eligibility,
    OfficerLine,
    TeamRules,
    problem_of,
)
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.teams import Teams, draw_teams, starving, without_pairs

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

    @property
    def rule(self) -> str:
        """The rule that starves the most tasks; ties go to the name's order."""
        counted = Counter(rule for _, rule in self.tasks)
        return min(counted, key=lambda rule: (-counted[rule], rule))


@dataclass(frozen=True)
class Absence:
    """An officer who could go but for a dated fact, with the roles that they would have."""

    line: OfficerLine
    rule: str  # e.g. 休假, 执法证有效期


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

    A rule starves a task when the task could be staffed if that rule alone did not hold; when no
    single rule does, there are too few officers.
    """
    levels = [len(rules.relaxations)] * len(tasks)
    short = starving(problem_of(rules, tasks, eligibility, levels))
    if not short:
        return None
    left = [tasks[n] for n in short]
    named: dict[bytes, str] = {}
    for rule, looser_rules, looser in _what_ifs(rules, eligibility, absences):
        whole = [len(looser_rules.relaxations)] * len(left)
        problem = problem_of(looser_rules, left, looser, whole)
        if rule == PAIR_RULE:
            problem = without_pairs(problem)
        still = set(starving(problem))
        for place, (_, c) in enumerate(left):
            if place not in still:
                named.setdefault(c, rule)
    return Shortage(tuple((c, named.get(c, HEADCOUNT_RULE)) for _, c in left))


def _what_ifs(
    rules: TeamRules, eligibility: Eligibility, absences: Sequence[Absence]
) -> list[tuple[str, TeamRules, Eligibility]]:
    tried = [
        (SPECIALTY_RULE, replace(rules, specialty=(), relaxations=()), eligibility),
        (RECUSAL_RULE, rules, replace(eligibility, recusals=frozenset())),
        (PAIR_RULE, rules, eligibility),
    ]
    for rule in sorted({absence.rule for absence in absences}):
        back = {absence.line.officer: absence.line for absence in absences if absence.rule == rule}
        officers = [line for line in eligibility.officers if line.officer not in back]
        whole = (*officers, *back.values())
        tried.append((rule, rules, replace(eligibility, officers=whole)))
    return tried


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
