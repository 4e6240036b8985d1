"""Who could be sent, as it is committed to, and whether teams can come out of it at all."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw import eligibility
from inspect_server.domain.draw.eligibility import PAIR, TeamRules
from inspect_server.domain.draw.errors import RehearsalFailed, TeamsInfeasible
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash
from inspect_server.domain.draw.selection import select
from inspect_server.domain.draw.staffing import Shortage, Task, failure, shortage, staff
from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import Rules
from inspect_server.store.drawing import draws
from inspect_server.usecases.drawing import officers as draw_officers
from inspect_server.usecases.drawing.beforehand import departments
from inspect_server.usecases.drawing.beforehand.departments import Department
from inspect_server.usecases.drawing.beforehand.recent_pairs import recent_pairs
from inspect_server.usecases.drawing.beforehand.salting import Salted
from inspect_server.usecases.drawing.officers import SaltedOfficer

SHOWN_TASKS = 5


RELAXATIONS = ("specialty/member", "specialty/lead")
"""Specialty gives way before a task stays without a team; the statute asks for none."""


class TeamsSealed(InspectError):
    """Who is under way is not in the pool; so the tasks that get no team tell who is not."""

    code, kind = "draw.teams_sealed", "conflict"
    message = (
        "按现有人员和所填条件，不能保证每家企业都有检查组，没有发布承诺。抽取 {draw_no} 尚未公示，"
        "涉及哪些企业只告知可以查看其抽中企业的人员；请由组织该抽取的机构负责人预演（draw preview）"
        "后调整人员或条件。"
    )


@dataclass(frozen=True)
class Wanted:
    """What a draw asks for in its teams."""

    partners: tuple[Department, ...]  # of a joint check
    known: tuple[Department, ...]  # every partner of the configuration
    experts: int | None  # in each of our teams; None: as the plan says
    relaxations: tuple[str, ...]
    banned_pairs: tuple[tuple[UUID, UUID], ...]  # named for this draw; these never give way


def wanted(
    configured: str,
    *,
    partners: Sequence[str] = (),
    experts: int | None = None,
    relaxations: Sequence[str] = RELAXATIONS,
    banned_pairs: Sequence[tuple[UUID, UUID]] = (),
) -> Wanted:
    """
    Return what a draw asks for, in the words of whoever asks.

    Args:
        configured: The configuration's `partner_departments`.
        partners: Departments of a joint check, each as configured or as `名称=单位`; every one
            sends a team of its own to each enterprise.
        experts: How many experts each of our teams has; as the plan says when None.
        relaxations: specialty/<role>, in the order in which they give way.
        banned_pairs: Officers who must not be in one team, beside those who went together lately.

    Raises:
        BadInput: A partner is unknown or cannot be read.
    """
    known = departments.configured(configured)
    return Wanted(
        departments.chosen(known, partners),
        known,
        experts,
        tuple(relaxations),
        tuple(banned_pairs),
    )


@dataclass(frozen=True)
class Sendable:
    """Officers and rules as they are committed to."""

    rules: tuple[TeamRules, ...]  # our own first
    officers: tuple[SaltedOfficer, ...]
    lines: tuple[str, ...]

    @property
    def available(self) -> int:
        """How many may be sent on the days of the visits."""
        return sum(1 for one in self.officers if not one.absence)

    @property
    def absent(self) -> tuple[tuple[str, int], ...]:
        """What keeps the others away, and how many."""
        counted = Counter(one.absence for one in self.officers if one.absence)
        return tuple(sorted(counted.items()))


def staffed(
    session: Session,
    h: Hash,
    plan_rules: Rules,
    wanted: Wanted,
    days: tuple[date, date],
    salted: Salted,
) -> Sendable:
    """
    Return who could be sent, after everything was tried that needs no seed.

    Args:
        days: First and last local day of the visits.

    Raises:
        TooFewOfficers, NoLead: A department could never make a team.
        BadInput: A partner has nobody, or a banned pair names somebody else.
        TeamsInfeasible: Some enterprise could get no team, whoever else is selected.
    """
    found = sendable(session, h, plan_rules, wanted, days, salted)
    _check_staffable(found, salted.tasks(), salted.codes())
    return found


def sendable(
    session: Session,
    h: Hash,
    plan_rules: Rules,
    wanted: Wanted,
    days: tuple[date, date],
    salted: Salted,
) -> Sendable:
    """
    Return every officer's line, the recusals and the pairs to be kept apart.

    What it refuses depends on officers alone, on no enterprise.

    Raises:
        TooFewOfficers, NoLead, BadInput: As `staffed`.
    """
    commitments = {code: c.hex() for c, code in salted.codes().items()}
    experts = plan_rules.expert_officers if wanted.experts is None else wanted.experts
    rows = departments.divided(draws.officers(session), wanted.known, wanted.partners)
    officers = draw_officers.salted(h, rows, *days, with_experts=experts > 0)
    hidden = {one.id: one.line.officer for one in officers}
    together = {
        (one, other)
        for one, other in recent_pairs(session, plan_rules.recent_pair_draws)
        if one in hidden and other in hidden
    }
    rules = _rules(plan_rules.team_officers, experts, wanted, has_recent=bool(together))
    for number, of_department in enumerate(rules):
        enforcing = [stage for stage in of_department.stages if stage.role != draw_officers.EXPERT]
        draw_officers.check_headcount(officers, len(enforcing), number)
    lines = eligibility.lines(
        (one.line for one in officers),
        (
            (hidden[officer], commitments[uscc])
            for officer, uscc in draws.recusals(session)
            if officer in hidden and uscc in commitments
        ),
        draw_officers.banned_lines(officers, [*wanted.banned_pairs, *sorted(together)]),
    )
    return Sendable(rules, tuple(officers), tuple(lines))


def _rules(size: int, experts: int, wanted: Wanted, *, has_recent: bool) -> tuple[TeamRules, ...]:
    """
    Return each department's rules.

    Recent pairs are the first to give way. Pairs that were named for this draw are there for a
    reason, and one relaxation frees all pairs: with them no pair gives way.
    """
    gives_way = has_recent and not wanted.banned_pairs
    relaxations = (PAIR, *wanted.relaxations) if gives_way else wanted.relaxations
    own = draw_officers.team_rules(departments.OWN, size, relaxations, experts)
    partners = (
        draw_officers.partner_rules(one.name, number, size, relaxations)
        for number, one in enumerate(wanted.partners, start=1)
    )
    return (own, *partners)


def _check_staffable(found: Sendable, tasks: Sequence[Task], codes: Mapping[bytes, str]) -> None:
    lines = eligibility.parse(found.lines)
    for number, rules in enumerate(found.rules):
        absences = draw_officers.absences(_of(found, number))
        short = shortage(rules, tasks, lines, absences)
        if short is not None:
            raise TeamsInfeasible(**_said(short, rules, found, codes))


def rehearse(h: Hash, found: Sendable, salted: Salted) -> None:
    """
    Hold the draw once with a seed that is thrown away, and refuse what gets no teams from it.

    It proves nothing about the real seed: another selection may still fail. But where teams fail
    for most seeds, it says so before the commit is public and a witness's value is spent.

    Raises:
        RehearsalFailed: Names the rule and the tasks of the rehearsal.
    """
    seed = secrets.token_bytes(SIZE)
    chosen = select(h, seed, salted.survey.cells, salted.leaves()).selected
    tasks: list[Task] = [(one.cell, one.commitment) for one in chosen]
    lines = eligibility.parse(found.lines)
    for number, rules in enumerate(found.rules):
        if staff(h, seed, rules, tasks, lines) is not None:
            continue
        absences = draw_officers.absences(_of(found, number))
        short = failure(h, seed, rules, tasks, lines, absences)
        raise RehearsalFailed(**_said(short, rules, found, salted.codes()))


def _of(found: Sendable, number: int) -> list[SaltedOfficer]:
    return [one for one in found.officers if one.dept == number]


def _said(
    short: Shortage, rules: TeamRules, found: Sendable, codes: Mapping[bytes, str]
) -> dict[str, object]:
    return explained(short, rules.dept, codes.__getitem__, is_joint=len(found.rules) > 1)


def explained(
    short: Shortage, dept: str, called: Callable[[bytes], str], *, is_joint: bool
) -> dict[str, object]:
    """
    Return what is said of tasks without a team: how many, which rule starves them, the first few.

    Args:
        dept: The department that has no team for them; named where it is not the only one.
        called: What a task is called in front of whoever reads it.
    """
    named = "、".join(called(c) for c, _ in short.tasks[:SHOWN_TASKS])
    more = " 等" if len(short.tasks) > SHOWN_TASKS else ""
    rule = f"{dept}：{short.rule}" if is_joint else short.rule
    return {"count": len(short.tasks), "rule": rule, "tasks": named + more}
