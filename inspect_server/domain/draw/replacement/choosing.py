"""The only replacement that a request and the witness's value lead to, made and recomputed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inspect_server.domain.draw.entropy import Source, SourceKind, chain_proof
from inspect_server.domain.draw.errors import NobodyLeft, ReplacementNotAllowed
from inspect_server.domain.draw.hashes.tagged import Hash, tag_prefix, tagged, u32be
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.draw.replacement.requests import ENTERPRISE, Reason, Request
from inspect_server.domain.draw.replacement.standing import (
    Ground,
    Standing,
    Team,
    after_leaving,
    candidates_for,
    other_leaves,
    staying,
)

STATE_RESULT = (
    "企业确已注销、关闭或者停产，无法检查的，编制检查方案后，在该次抽取的公示页面"
    "（或者用“disclosure result”）登记无法检查的结果和原因，其他企业照常检查，不必作废本次抽取。"
)
"""A stated result ends one check; a void would end all, those of whom nothing is wrong too."""


@dataclass(frozen=True)
class Replacement:
    """One replacement as the certificate shows it."""

    request: Request
    came_in: str
    source: str
    issue: str
    value: bytes
    proof: str
    seed: bytes
    ticket: bytes
    relaxed: tuple[str, ...]
    team: Team

    def to_json(self) -> dict[str, Any]:
        """Return the object of the certificate's `replacements` list."""
        return {
            "k": self.request.k,
            "kind": self.request.reason.kind,
            "reason": self.request.reason.value,
            "task": self.request.task,
            "dept": self.request.dept,
            "role": self.request.role,
            "out": self.request.out,
            "in": self.came_in,
            "request_leaf": self.request.leaf,
            "source": self.source,
            "issue": self.issue,
            "bytes_hex": self.value.hex(),
            "proof": self.proof,
            "seed": self.seed.hex(),
            "ticket": self.ticket.hex(),
            "relaxed": list(self.relaxed),
            "team": [
                [f"{dept}/{label}", officer] for (dept, label), officer in self.team.places.items()
            ],
        }


def check_request(ground: Ground, standing: Standing, request: Request) -> None:
    """
    Refuse a request that no value could answer; to be asked before it is logged.

    Raises:
        ReplacementNotAllowed: Not the next one, or who should go out does not stand there.
        NobodyLeft: Nobody could come in.
    """
    if request.k != standing.done + 1:
        raise ReplacementNotAllowed(reason=f"下一次替补应为第 {standing.done + 1} 次")
    team = standing.teams.get(request.task)
    if team is None:
        raise ReplacementNotAllowed(reason="该企业不在抽取结果中或已被替补")
    if request.reason.kind == ENTERPRISE:
        if (request.dept, request.role, request.out) != ("", "", request.task):
            raise ReplacementNotAllowed(reason="替补企业时不应写明部门、岗位和人员")
        if not other_leaves(ground, standing, team.cell):
            raise NobodyLeft(what="同一抽取单元", whom="企业", instead=STATE_RESULT)
        return
    ground.rules_of(request.dept)
    if team.places.get((request.dept, request.role)) != request.out:
        raise ReplacementNotAllowed(reason="该人员不在该检查组的这一岗位上")
    _officers_for(ground, after_leaving(standing, request), request)


def replacement(
    ground: Ground, standing: Standing, request: Request, source: Source, value: bytes
) -> Replacement:
    """
    Return the only replacement that the request and the witness's value lead to.

    seed = TH("sjc/rep/1", draw seed ‖ u32be(k) ‖ request leaf ‖ value); the lowest
    H(H("sjc/ticket/1") ‖ seed ‖ x) wins, as in the draw.

    Raises:
        ReplacementNotAllowed: As for the request, or the value is not of a position still unused.
        NobodyLeft: Nobody can come in.
    """
    check_request(ground, standing, request)
    if source.kind is not SourceKind.WITNESS:
        raise ReplacementNotAllowed(reason="替补只用见证方哈希链的值")
    if int(source.issue) < standing.least_position(source.name):
        raise ReplacementNotAllowed(reason=f"见证方哈希链第 {source.issue} 个值已用过")
    proof = chain_proof(ground.h, source, value)
    if proof is None:
        raise ReplacementNotAllowed(reason="见证方的值不能接到已公布的锚值")
    fixed = ground.seed + u32be(request.k) + bytes.fromhex(request.leaf)
    seed = tagged(ground.h, "sjc/rep/1", fixed + value)
    left = after_leaving(standing, request)
    choose = _enterprise if request.reason.kind == ENTERPRISE else _officer
    ticket, came_in, relaxed, team = choose(ground, left, request, seed)
    return Replacement(
        request, came_in, source.name, source.issue, value, proof, seed, ticket, relaxed, team
    )


def after(standing: Standing, made: Replacement) -> Standing:
    """Return what holds after one more replacement."""
    request = made.request
    left = after_leaving(standing, request)
    teams = {c: team for c, team in standing.teams.items() if c != request.task}
    task = made.came_in if request.reason.kind == ENTERPRISE else request.task
    positions = {**standing.positions, made.source: int(made.issue)}
    return replace(
        left, teams={**teams, task: made.team}, positions=positions, done=standing.done + 1
    )


def replayed(ground: Ground, standing: Standing, row: Mapping[str, Any]) -> Standing:
    """
    Recompute one row of a certificate and return what holds after it.

    Raises:
        ReplacementNotAllowed, NobodyLeft: The row is not what its own request leads to.
        ValueError, TypeError, KeyError: It is not readable at all.
    """
    if type(row["k"]) is not int or not is_hash(row["request_leaf"]):
        raise ReplacementNotAllowed(reason="序号或申请记录不可读")
    request = Request(
        k=row["k"],
        reason=Reason(row["reason"]),
        task=row["task"],
        dept=row["dept"],
        role=row["role"],
        out=row["out"],
        leaf=row["request_leaf"],
    )
    source = Source(SourceKind.WITNESS, row["source"], row["issue"])
    source.check()
    value = bytes.fromhex(row["bytes_hex"])
    made = replacement(ground, standing, request, source, value)
    if made.to_json() != dict(row):
        raise ReplacementNotAllowed(reason=f"第 {request.k} 次替补与重新计算的结果不符")
    return after(standing, made)


Choice = tuple[bytes, str, tuple[str, ...], Team]
"""The winner's ticket, the winner, what was relaxed, and the task's team afterwards."""


def _officer(ground: Ground, standing: Standing, request: Request, seed: bytes) -> Choice:
    candidates, relaxed = _officers_for(ground, standing, request)
    ticket, winner = _lowest(ground.h, seed, candidates)
    team = standing.teams[request.task]
    places = {**team.places, (request.dept, request.role): winner}
    return ticket, winner, relaxed, Team(team.cell, places, {**team.relaxed, request.dept: relaxed})


def _officers_for(
    ground: Ground, standing: Standing, request: Request
) -> tuple[set[str], tuple[str, ...]]:
    rules, team = ground.rules_of(request.dept), standing.teams[request.task]
    place = (request.dept, request.role)
    return candidates_for(ground, standing, rules, request.task, team, place)


def _enterprise(ground: Ground, standing: Standing, request: Request, seed: bytes) -> Choice:
    old = standing.teams[request.task]
    ticket, c = _lowest(ground.h, seed, other_leaves(ground, standing, old.cell))
    kept: dict[tuple[str, str], str] = {}
    for rules in ground.rules:
        kept |= staying(ground, standing, rules, c, old)
    team = Team(old.cell, kept, old.relaxed)
    for rules in ground.rules:
        for stage in rules.stages:
            place = (rules.dept, stage.label)
            if place in team.places:
                continue
            candidates, relaxed = candidates_for(ground, standing, rules, c, team, place)
            officer = _lowest(ground.h, seed, candidates)[1]
            team = Team(
                team.cell, {**team.places, place: officer}, {**team.relaxed, rules.dept: relaxed}
            )
    order = [(rules.dept, stage.label) for rules in ground.rules for stage in rules.stages]
    team = replace(team, places={place: team.places[place] for place in order})
    relaxed = tuple(
        f"{rules.dept}/{one}" for rules in ground.rules for one in team.relaxed.get(rules.dept, ())
    )
    return ticket, c, relaxed, team


def _lowest(h: Hash, seed: bytes, candidates: Iterable[str]) -> tuple[bytes, str]:
    prefix = tag_prefix(h, "sjc/ticket/1") + seed
    ticket, winner = min((h(prefix + c), c) for c in map(bytes.fromhex, candidates))
    return ticket, winner.hex()
