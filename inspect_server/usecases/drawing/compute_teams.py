"""`draw teams`: the teams of one written-down case, for whoever has no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw.errors import BadTeamCase
from inspect_server.domain.draw.hashes.tagged import Hash, NotStrict, read_json, suite
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.draw.teams import (
    Problem,
    Stage,
    Teams,
    bottleneck,
    draw_teams,
    lacking,
    starving,
)
from inspect_server.domain.record import MAX_INTEGER

KEYS = {"seed", "dept", "tasks", "stages", "officers", "eligible", "banned"}
PASSED_OVER = {"covers", "result"}
"""What published vectors say of a case beside the case itself."""
MAX_STAGES = 50


@dataclass(frozen=True)
class Case:
    """One department's tasks and officers, with the seed that decides."""

    h: Hash
    seed: bytes
    problem: Problem


@dataclass(frozen=True)
class Infeasible:
    """Why there are no teams."""

    tasks: tuple[tuple[str, str], ...]  # task in hex, what it lacks
    alone: bool  # whether these tasks could not be staffed even with all officers to themselves


def read_case(text: str) -> Case:
    """
    Read a case as the published vectors write it, `suite` sha256 when it is left out.

    Raises:
        BadTeamCase: Says what is wrong.
        BadSuite: Unknown suite.
    """
    try:
        data = read_json(text)
    except NotStrict as error:
        raise BadTeamCase(reason=str(error)) from None
    if not isinstance(data, dict) or not KEYS <= set(data) <= KEYS | PASSED_OVER | {"suite"}:
        raise BadTeamCase(reason=f"应恰有 {'、'.join(sorted(KEYS))}，可另有 suite")
    tasks = _each(data["tasks"], "tasks", "64 位小写十六进制", is_hash)
    officers = _officers(data["officers"])
    stages = _stages(data["stages"])
    bit = {officer: 1 << place for place, officer in enumerate(officers)}
    problem = Problem(
        dept=_word(data["dept"], "dept"),
        tasks=tuple(map(bytes.fromhex, tasks)),
        stages=stages,
        officers=tuple(map(bytes.fromhex, officers)),
        loads=tuple(officers.values()),
        eligible=_eligible(data["eligible"], stages, tasks, bit),
        banned=_banned(data["banned"], bit),
    )
    if not is_hash(data["seed"]):
        raise BadTeamCase(reason="seed 应为 64 位小写十六进制")
    return Case(suite(str(data.get("suite", "sha256"))), bytes.fromhex(data["seed"]), problem)


def compute_teams(case: Case) -> dict[str, Any] | Infeasible:
    """Return `{"attempt", "teams", "load"}` as the published vectors write it, or why not."""
    problem = case.problem
    found = draw_teams(case.h, case.seed, problem)
    if found is None:
        return _infeasible(case)
    return _as_json(problem, found)


def _as_json(problem: Problem, found: Teams) -> dict[str, Any]:
    name = [officer.hex() for officer in problem.officers]
    return {
        "attempt": found.attempt,
        "teams": {
            task.hex(): [name[officer] for officer in team]
            for task, team in zip(problem.tasks, found.teams, strict=True)
        },
        "load": dict(zip(name, found.load, strict=True)),
    }


def _infeasible(case: Case) -> Infeasible:
    problem = case.problem
    if alone := starving(problem):
        reasons = [(task, _lack(problem, task)) for task in alone]
    else:
        reasons = [
            (task, f"{role} 的人选总被先前的阶段占用")
            for task, role in bottleneck(case.h, case.seed, problem)
        ]
    return Infeasible(
        tuple((problem.tasks[task].hex(), reason) for task, reason in reasons), bool(alone)
    )


def _lack(problem: Problem, task: int) -> str:
    roles = lacking(problem, task)
    if roles:
        return f"没有人可任 {'、'.join(roles)}"
    without_bans = Problem(
        problem.dept,
        problem.tasks[task : task + 1],
        problem.stages,
        problem.officers,
        problem.loads,
        {role: masks[task : task + 1] for role, masks in problem.eligible.items()},
        (0,) * len(problem.officers),
    )
    return "人选不足各阶段分派" if starving(without_bans) else "人选都在 banned 所列的组合中"


def _word(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadTeamCase(reason=f"{what} 应为非空文字")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise BadTeamCase(reason=f"{what} 含有不成对的代理字符") from None
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadTeamCase(reason=f"{what} 应为数组")
    return value


def _each(value: Any, what: str, form: str, good: Callable[[Any], bool]) -> list[Any]:
    """Return a list of which every element is good and none stands twice."""
    found = _list(value, what)
    for number, one in enumerate(found, start=1):
        if not good(one):
            raise BadTeamCase(reason=f"{what} 第 {number} 个应为{form}")
    if len(set(found)) != len(found):
        raise BadTeamCase(reason=f"{what} 中有重复")
    return found


def _officers(value: Any) -> dict[str, int]:
    officers: dict[str, int] = {}
    for number, one in enumerate(_list(value, "officers"), start=1):
        where = f"officers 第 {number} 个"
        if not isinstance(one, dict) or set(one) != {"officer", "load"}:
            raise BadTeamCase(reason=f"{where}应恰有 officer 和 load")
        officer, load = one["officer"], one["load"]
        if not is_hash(officer) or officer in officers:
            raise BadTeamCase(reason=f"{where}的 officer 应为 64 位小写十六进制且不重复")
        if not isinstance(load, int) or isinstance(load, bool) or not 0 <= load < MAX_INTEGER:
            raise BadTeamCase(reason=f"{where}的 load 应为非负整数")
        officers[officer] = load
    return officers


def _stages(value: Any) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    for number, one in enumerate(_list(value, "stages"), start=1):
        if not isinstance(one, dict) or set(one) != {"label", "role"}:
            raise BadTeamCase(reason=f"stages 第 {number} 个应恰有 label 和 role")
        label, role = (
            _word(one[key], f"stages 第 {number} 个的 {key}") for key in ("label", "role")
        )
        stages.append(Stage(label, role))
    if not 1 <= len({stage.label for stage in stages}) == len(stages) <= MAX_STAGES:
        raise BadTeamCase(reason=f"stages 应有 1 至 {MAX_STAGES} 个，label 不重复")
    return tuple(stages)


def _eligible(
    value: Any, stages: Sequence[Stage], tasks: Sequence[str], bit: dict[str, int]
) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, dict):
        raise BadTeamCase(reason="eligible 应为对象：角色到任务，任务到人员")

    def known(officer: Any) -> bool:
        return isinstance(officer, str) and officer in bit

    masks = {stage.role: (0,) * len(tasks) for stage in stages}  # who is not named may not go
    for role, rows in value.items():
        if not isinstance(rows, dict) or not set(rows) <= set(tasks):
            raise BadTeamCase(reason=f"eligible 的 {role} 应为对象，键为 tasks 所列的任务")
        of = {
            task: sum(
                bit[officer]
                for officer in _each(
                    listed, f"eligible 的 {role} 中 {task[:8]}…", "officers 所列的人员", known
                )
            )
            for task, listed in rows.items()
        }
        masks[role] = tuple(of.get(task, 0) for task in tasks)
    return masks


def _banned(value: Any, bit: dict[str, int]) -> tuple[int, ...]:
    banned = dict.fromkeys(bit, 0)
    for number, pair in enumerate(_list(value, "banned"), start=1):
        known = isinstance(pair, list) and all(isinstance(o, str) and o in bit for o in pair)
        if not known or (len(pair), len(set(pair))) != (2, 2):
            raise BadTeamCase(reason=f"banned 第 {number} 个应为两名不同的所列人员")
        one, other = pair
        banned[one] |= bit[other]
        banned[other] |= bit[one]
    return tuple(banned.values())
