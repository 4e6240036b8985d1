"""What holds of a draw after its result and the replacements so far, and who may come in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.eligibility import PAIR, Eligibility, TeamRules, problem_of
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import NobodyLeft, ReplacementNotAllowed
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.replacement.requests import AWAY, ENTERPRISE, Request
from inspect_server.domain.draw.selection import Selection
from inspect_server.domain.draw.staffing import Place
from inspect_server.domain.draw.teams import bits

LAST_WAY = "请核对承诺的规则；确需停止的，按程序作废本次抽取。"


@dataclass(frozen=True)
class Ground:
    """What no replacement changes: the draw's seed, the committed lines and rules."""

    h: Hash
    seed: bytes
    leaves: Mapping[str, Sequence[bytes]]  # cell -> commitments
    rules: tuple[TeamRules, ...]
    eligibility: Eligibility

    def rules_of(self, dept: str) -> TeamRules:
        """Return a department's rules, or raise ReplacementNotAllowed."""
        for rules in self.rules:
            if rules.dept == dept:
                return rules
        raise ReplacementNotAllowed(reason=f"本次抽取没有部门“{dept}”的检查组")


@dataclass(frozen=True)
class Team:
    """Who goes to one task, and which relaxations its departments needed for that."""

    cell: str
    places: Mapping[tuple[str, str], str]  # (dept, stage's label) -> officer
    relaxed: Mapping[str, tuple[str, ...]]  # dept -> the first of its declared relaxations

    def of(self, dept: str) -> set[str]:
        """Return the officers of one department."""
        return {officer for (place, _), officer in self.places.items() if place == dept}


@dataclass(frozen=True)
class Standing:
    """What holds after the draw and the replacements so far."""

    teams: Mapping[str, Team]  # task -> team, every task that is still to be visited
    closed: frozenset[str] = frozenset()  # enterprises that went out
    away: frozenset[str] = frozenset()  # officers on leave or ill
    recused: frozenset[tuple[str, str]] = frozenset()  # officer, enterprise
    positions: Mapping[str, int] = field(default_factory=dict)  # anchor -> highest one named
    done: int = 0

    def least_position(self, anchor: str) -> int:
        """Return the first position of a witness's chain that may still be used."""
        return self.positions.get(anchor, 0) + 1


def witness_of(body: CommitBody) -> Source | None:
    """Return the witness's chain that a commit declared."""
    return next((one for one in body.sources if one.kind is SourceKind.WITNESS), None)


def ground_of(
    body: CommitBody, seed: bytes, leaves: Mapping[str, Sequence[bytes]], eligibility: Eligibility
) -> Ground:
    """Return what the replacements of a draw stand on."""
    rules = tuple(TeamRules.from_json(data) for data in body.team_rules)
    return Ground(body.hash, seed, leaves, rules, eligibility)


def as_drawn(
    selection: Selection, places: Iterable[Place], rules: Sequence[TeamRules], source: Source | None
) -> Standing:
    """
    Return what the draw itself left standing.

    Args:
        source: The witness's chain that the commit declared, None when it declared none.
    """
    officers: dict[str, dict[tuple[str, str], str]] = {}
    relaxed: dict[str, dict[str, tuple[str, ...]]] = {}
    for place in places:
        task = place.task.hex()
        officers.setdefault(task, {})[place.dept, place.label] = place.officer.hex()
        relaxed.setdefault(task, {})[place.dept] = place.relaxed
    teams = {}
    for one in selection.selected:
        c = one.commitment.hex()
        drawn = officers.get(c, {})
        order = {(part.dept, stage.label) for part in rules for stage in part.stages}
        if drawn and set(drawn) != order:
            raise ReplacementNotAllowed(reason="检查组不完整")
        teams[c] = Team(one.cell, drawn, relaxed.get(c, {}))
    return Standing(teams, positions={source.name: int(source.issue)} if source else {})


def after_leaving(standing: Standing, request: Request) -> Standing:
    """Return the standing in which whoever goes out is out, and their task still as it was."""
    if request.reason.kind == ENTERPRISE:
        return replace(standing, closed=standing.closed | {request.out})
    if request.reason in AWAY:
        return replace(standing, away=standing.away | {request.out})
    return replace(standing, recused=standing.recused | {(request.out, request.task)})


def other_leaves(ground: Ground, standing: Standing, cell: str) -> set[str]:
    """Return the leaves of the cell that neither stand nor ever went out."""
    return {c.hex() for c in ground.leaves[cell]} - set(standing.teams) - standing.closed


def staying(
    ground: Ground, standing: Standing, rules: TeamRules, c: str, old: Team
) -> dict[tuple[str, str], str]:
    """Return whom of the replaced task's team the new task keeps, stage by stage."""
    relaxed = old.relaxed[rules.dept]
    kept: dict[tuple[str, str], str] = {}
    for stage in rules.stages:
        officer = old.places[rules.dept, stage.label]
        fit = _fit(ground, standing, rules, stage.role, (old.cell, c), relaxed)
        apart = PAIR not in relaxed and _banned(ground, officer, kept.values())
        if officer in fit and not apart:
            kept[rules.dept, stage.label] = officer
    return kept


def candidates_for(
    ground: Ground,
    standing: Standing,
    rules: TeamRules,
    c: str,
    team: Team,
    place: tuple[str, str],
) -> tuple[set[str], tuple[str, ...]]:
    """Return who may take a place, under the fewest relaxations that leave anybody."""
    role = next((stage.role for stage in rules.stages if stage.label == place[1]), "")
    beside = {other for at, other in team.places.items() if at != place and at[0] == rules.dept}
    taken = set(team.places.values())
    for count in range(len(team.relaxed.get(rules.dept, ())), len(rules.relaxations) + 1):
        relaxed = rules.relaxations[:count]
        found = _fit(ground, standing, rules, role, (team.cell, c), relaxed) - taken
        if PAIR not in relaxed:
            found = {officer for officer in found if not _banned(ground, officer, beside)}
        if found:
            return found, relaxed
    raise NobodyLeft(what=f"{rules.dept}的岗位 {place[1]} ", whom="执法人员", instead=LAST_WAY)


def _fit(
    ground: Ground,
    standing: Standing,
    rules: TeamRules,
    role: str,
    task: tuple[str, str],
    relaxed: Sequence[str],
) -> set[str]:
    """Return who may go to this task in this role, by the committed matrix and who is out since."""
    committed = ground.eligibility
    present = replace(
        committed,
        officers=tuple(one for one in committed.officers if one.officer not in standing.away),
        recusals=committed.recusals | standing.recused,
    )
    cell, c = task
    problem = problem_of(rules, [(cell, bytes.fromhex(c))], present, [len(relaxed)])
    return {problem.officers[bit].hex() for bit in bits(problem.eligible[role][0])}


def _banned(ground: Ground, officer: str, others: Collection[str]) -> bool:
    return any((officer, other) in ground.eligibility.banned for other in others)
