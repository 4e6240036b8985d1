"""Officers as salted lines of one draw's eligibility, for the days of its visits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from inspect_server.domain.draw import eligibility
from inspect_server.domain.draw.eligibility import PAIR, OfficerLine, TeamRules
from inspect_server.domain.draw.errors import NoLead, TooFewOfficers
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, jcs
from inspect_server.domain.draw.staffing import Absence
from inspect_server.domain.draw.teams import Stage
from inspect_server.domain.errors import BadInput
from inspect_server.store.drawing.draws import OfficerRow

LEAD, MEMBER, EXPERT = "lead", "member", "expert"
CERTIFICATE_RULE = "执法证不能覆盖检查时段"
LEAVE_RULE = "休假"


@dataclass(frozen=True)
class SaltedOfficer:
    """One officer with what hides and what shows them."""

    id: UUID
    salt: bytes
    record: str  # JCS
    line: OfficerLine
    absence: str  # the rule that keeps them away on these days, "" when none does
    could: OfficerLine  # the line as it were without that absence
    dept: int  # 0: our own


def team_rules(dept: str, size: int, relaxations: Sequence[str], experts: int = 0) -> TeamRules:
    """
    Return our own stages: one lead, `size` - 1 members, then the experts.

    Lead and members are of the task's specialty while that is possible, experts always.
    """
    stages = [Stage("lead/0", LEAD), *(Stage(f"member/{n}", MEMBER) for n in range(size - 1))]
    stages += [Stage(f"expert/{n}", EXPERT) for n in range(experts)]
    specialty = (LEAD, MEMBER, EXPERT) if experts else (LEAD, MEMBER)
    rules = TeamRules(dept, tuple(stages), specialty, tuple(relaxations))
    return TeamRules.from_json(rules.to_json())


def partner_rules(dept: str, number: int, size: int, relaxations: Sequence[str]) -> TeamRules:
    """
    Return a partner department's stages, `number` from 1.

    Its roles are its own (`lead/2`), so that nobody goes for another department. Our sectors are no
    specialties of theirs.
    """
    lead, member = _role(LEAD, number), _role(MEMBER, number)
    stages = [Stage("lead/0", lead), *(Stage(f"member/{n}", member) for n in range(size - 1))]
    return TeamRules(dept, tuple(stages), (), tuple(one for one in relaxations if one == PAIR))


def salted(
    h: Hash,
    officers: Sequence[tuple[OfficerRow, int]],
    visit_from: date,
    visit_to: date,
    *,
    with_experts: bool = False,
) -> list[SaltedOfficer]:
    """
    Give every active officer a salted line; who cannot go on these days has no role in it.

    Args:
        officers: With the number of their department in this draw.
        with_experts: Whether whoever has a specialty may also go as an expert.
    """
    made = []
    for officer, dept in officers:
        salt, record = secrets.token_bytes(SIZE), {"cert_no": officer.cert_no}
        absence = _absence(officer, visit_from, visit_to)
        roles = _roles(officer, dept, with_experts=with_experts)
        line = OfficerLine(
            officer=eligibility.officer_commitment(h, salt, record).hex(),
            roles=() if absence else roles,
            tags=tuple(sorted(officer.specialties)),
            load=officer.load,
        )
        could = replace(line, roles=roles)
        text = jcs(record).decode("utf-8")
        made.append(SaltedOfficer(officer.id, salt, text, line, absence, could, dept))
    return made


def absences(made: Sequence[SaltedOfficer]) -> list[Absence]:
    """Return who could go but for a dated fact, to explain a shortage."""
    return [Absence(one.could, one.absence) for one in made if one.absence]


def absence_of(
    officer: OfficerRow,
    committed: OfficerLine,
    dept: int,
    days: tuple[date, date],
    *,
    with_experts: bool,
) -> Absence | None:
    """Return what keeps away an officer whose committed line has no role, None for others."""
    rule = "" if committed.roles else _absence(officer, *days)
    roles = _roles(officer, dept, with_experts=with_experts)
    return Absence(replace(committed, roles=roles), rule) if rule else None


def department_of(role: str) -> int:
    """Return the number of the department that a role is of: 0 is our own."""
    return int(role.partition("/")[2] or 1) - 1


def check_headcount(made: Sequence[SaltedOfficer], needed: int, dept: int = 0) -> None:
    """
    Refuse a commit that no team of a department could ever come out of.

    Raises:
        TooFewOfficers: Fewer can be sent than one team needs.
        NoLead: None of them may lead.

    Law: team.min_officers
    """
    present = [one.line for one in made if one.line.roles and one.dept == dept]
    if len(present) < needed:
        raise TooFewOfficers(count=len(present), needed=needed)
    if not any(_role(LEAD, dept) in line.roles for line in present):
        raise NoLead


def banned_lines(
    made: Sequence[SaltedOfficer], pairs: Sequence[tuple[UUID, UUID]]
) -> list[tuple[str, str]]:
    """
    Return banned pairs as commitments.

    Raises:
        BadInput: A pair names somebody who is not an active officer, or one person twice.
    """
    known = {one.id: one.line.officer for one in made}
    for one, other in pairs:
        if one == other or one not in known or other not in known:
            raise BadInput(field="不得同组的人员", reason="应为两名不同的在册执法人员")
    return [(known[one], known[other]) for one, other in pairs]


def _absence(officer: OfficerRow, visit_from: date, visit_to: date) -> str:
    if officer.cert_from > visit_from or officer.cert_to < visit_to:
        return CERTIFICATE_RULE
    # Any day of leave keeps an officer out: the teams choose their day only after the draw.
    away = any(first <= visit_to and last >= visit_from for first, last in officer.leaves)
    return LEAVE_RULE if away else ""


def _roles(officer: OfficerRow, dept: int, *, with_experts: bool) -> tuple[str, ...]:
    lead = (_role(LEAD, dept),) if officer.may_lead else ()
    expert = (EXPERT,) if with_experts and officer.specialties and dept == 0 else ()
    return (*expert, *lead, _role(MEMBER, dept))


def _role(name: str, dept: int) -> str:
    return f"{name}/{dept + 1}" if dept else name
