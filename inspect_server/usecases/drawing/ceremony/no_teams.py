"""A reveal that finds no teams: why, in words for the room, and the only way on."""

import json
from collections import defaultdict
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.eligibility import Eligibility, TeamRules
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.replacement.void import VOID_NAMES, VoidReason
from inspect_server.domain.draw.staffing import Absence, Task, failure, staff
from inspect_server.domain.errors import InspectError
from inspect_server.store import record
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.drawing import officers as draw_officers
from inspect_server.usecases.drawing.beforehand.staffing import explained

REFUSED = "draw.refused"
SHOWN, GROUP = 8, 2
"""Bytes of a commitment that are shown, and in each group, as on the screen of a result."""


class NoTeams(InspectError):
    """
    What was committed to and the values give enterprises for which no teams exist.

    It is said in front of a room, so it names no enterprise: the tasks stand by their commitments.
    """

    code, kind = "draw.no_teams", "conflict"
    message = (
        "无法为 {count} 个任务配齐检查人员（主要原因：{rule}；任务的承诺值：{tasks}），"
        "没有产生结果，用同样的值再次揭示也是如此。"
        f"请以“{VOID_NAMES[VoidReason.TEAMS_INFEASIBLE]}”申请作废，"
        "经另一人批准、见证方同意后，补充可用执法人员或者调整检查时段，重新承诺。"
    )


def no_teams(
    session: Session,
    draw: Draw,
    body: CommitBody,
    seed: bytes,
    tasks: list[Task],
    lines: Eligibility,
) -> NoTeams:
    """
    Explain why the selected enterprises get no teams, as a commit explains it.

    Args:
        tasks: What this seed selects.
        lines: The officers that were committed to.
    """
    rules = [TeamRules.from_json(one) for one in body.team_rules]
    h: Hash = body.hash
    number, short_of = next(
        (n, one) for n, one in enumerate(rules) if staff(h, seed, one, tasks, lines) is None
    )
    away = _absences(session, draw, lines, number, has_experts=_has_experts(rules))
    short = failure(h, seed, short_of, tasks, lines, away)
    return NoTeams(**explained(short, short_of.dept, _shown, is_joint=len(rules) > 1))


def found_no_teams(session: Session, draw_id: UUID) -> bool:
    """Return whether the draw log says that a reveal of this draw found no teams."""
    refused = (json.loads(leaf.content)["body"] for leaf in record.leaves_of_type(session, REFUSED))
    return any(one.get("draw") == str(draw_id) and one["code"] == NoTeams.code for one in refused)


def _shown(commitment: bytes) -> str:
    return " ".join(commitment[at : at + GROUP].hex() for at in range(0, SHOWN, GROUP))


def _has_experts(rules: list[TeamRules]) -> bool:
    return any(stage.role == draw_officers.EXPERT for stage in rules[0].stages)


def _absences(
    session: Session, draw: Draw, lines: Eligibility, number: int, *, has_experts: bool
) -> list[Absence]:
    """
    Return who of a department could go but for leave or certificate, as the registry has it now.

    Their committed lines have no role, so to which department they belong is told by their
    colleagues: a unit is that of a partner if somebody of it has a role of that partner's.
    """
    line_of = {line.officer: line for line in lines.officers}
    committed = {
        row.officer_id: line_of[row.commitment] for row in draws.drawn_officers(session, draw.id)
    }
    officers = [one for one in draws.officers(session) if one.id in committed]
    departments: dict[str, int] = defaultdict(int)
    for one in officers:
        for role in committed[one.id].roles:
            departments[one.unit] = draw_officers.department_of(role)
    return [
        absence
        for one in officers
        if departments[one.unit] == number
        and (
            absence := draw_officers.absence_of(
                one,
                committed[one.id],
                number,
                (draw.visit_from, draw.visit_to),
                with_experts=has_experts,
            )
        )
    ]
