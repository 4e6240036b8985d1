"""Officers as salted lines of one draw's eligibility, for the days of its visits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from inspect_server.domain.draw import eligibility
from inspect_server.domain.draw.eligibility import OfficerLine, TeamRules
from inspect_server.domain.draw.errors import NoLead, TooFewOfficers
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, jcs
from inspect_server.domain.draw.staffing import Absence
from inspect_server.domain.draw.teams import Stage
from inspect_server.domain.errors import BadInput
from inspect_server.store.draws import OfficerRow

LEAD, MEMBER = "lead", "member"
CERTIFICATE_RULE = "执法证有效期"
LEAVE_RULE = "休假"


@dataclass(frozen=True)
class SaltedOfficer:
    """One officer with what hides and what shows them."""

    id: UUID
    salt: bytes
    record: str  # JCS
    line: OfficerLine
    absence: str  # the rule that keeps them away on these days, "" when none does


def team_rules(dept: str, size: int, relaxations: Sequence[str]) -> TeamRules:
    """Return one lead and `size` - 1 members, of the task's specialty while that is possible."""
    stages = [Stage("lead/0", LEAD), *(Stage(f"member/{n}", MEMBER) for n in range(size - 1))]
    rules = TeamRules(dept, tuple(stages), (LEAD, MEMBER), tuple(relaxations))
    return TeamRules.from_json(rules.to_json())


def salted(
    h: Hash, officers: Sequence[OfficerRow], visit_from: date, visit_to: date
) -> list[SaltedOfficer]:
    """Give every active officer a salted line; who cannot go on these days has no role in it."""
    made = []
    for officer in officers:
        salt, record = secrets.token_bytes(SIZE), {"cert_no": officer.cert_no}
        absence = _absence(officer, visit_from, visit_to)
        line = OfficerLine(
            officer=eligibility.officer_commitment(h, salt, record).hex(),
            roles=() if absence else _roles(officer),
            tags=tuple(sorted(officer.specialties)),
            load=officer.load,
        )
        made.append(SaltedOfficer(officer.id, salt, jcs(record).decode("utf-8"), line, absence))
    return made


def absences(officers: Sequence[OfficerRow], made: Sequence[SaltedOfficer]) -> list[Absence]:
    """Return who could go but for a dated fact, to explain a shortage."""
    return [
        Absence(
            OfficerLine(one.line.officer, _roles(row), one.line.tags, one.line.load), one.absence
        )
        for row, one in zip(officers, made, strict=True)
        if one.absence
    ]


def check_headcount(made: Sequence[SaltedOfficer], needed: int) -> None:
    """
    Refuse a commit that no team could ever come out of.

    Raises:
        TooFewOfficers: Fewer can be sent than one team needs.
        NoLead: None of them may lead.

    Law: team.min_officers
    """
    present = [one.line for one in made if one.line.roles]
    if len(present) < needed:
        raise TooFewOfficers(count=len(present), needed=needed)
    if not any(LEAD in line.roles for line in present):
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


def _roles(officer: OfficerRow) -> tuple[str, ...]:
    return (LEAD, MEMBER) if officer.may_lead else (MEMBER,)
