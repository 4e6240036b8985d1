"""Writing a 检查方案 from registry, draw and checklists, and judging whether it may go out."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from forms import body
from forms.library import form_set, without_replaced
from inspect_server.domain import law
from inspect_server.domain.assignment import (
    NoChecklist,
    OfficerToSend,
    Scheme,
    SchemeHelper,
    check_cap,
    check_team,
    window,
)
from inspect_server.domain.caps import Caps
from inspect_server.domain.enums import InspectionState, Sector, TeamRole
from inspect_server.domain.registry.values import SECTOR_WORDS
from inspect_server.store import checklists, inspections, record
from inspect_server.store.drawing.replacements import (
    StandingTask,
    commitment_of_enterprise,
    standing_partners,
    standing_teams,
)
from inspect_server.store.models.inspection import Inspection, InspectionForm
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.checklists.requested import requested
from inspect_server.usecases.law_used import law_used
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work

Team = list[tuple[OfficerToSend, TeamRole]]

PREPARED = frozenset({InspectionState.SCHEME_DRAFT, InspectionState.SCHEME_APPROVED})
"""States before dispatch, in which the scheme itself names the team."""


def draft(
    work: Work, draw: Draw, number: str, chosen: StandingTask, asked_for: Collection[str] = ()
) -> Inspection:
    """
    Draft the scheme of one selected enterprise under its number.

    Raises:
        NotOnRequest: A checklist that was asked for is none that may be.
    """
    known = inspections.officers(
        work.session, [officer for _, officer in chosen.team], chosen.enterprise.uscc
    )
    team: Team = [
        (known[officer], TeamRole(stage.partition("/")[0]))
        for stage, officer in chosen.team
        if not stage.startswith("expert/")
    ]
    visit = Inspection(
        id=uuid4(),
        number=number,
        enterprise_id=chosen.enterprise.id,
        plan_id=draw.plan_id,
        draw_id=draw.id,
        source="draw",
        unit=next((one.unit for one, role in team if role is TeamRole.LEAD), ""),
        authority=work.settings.authority,
        state=InspectionState.SCHEME_DRAFT,
        visit_from=draw.visit_from,
        visit_to=draw.visit_to,
        scheme={},
        form_set="",
        scheme_made_by=work.actor.label,
    )
    work.session.add(visit)
    work.session.flush()
    fill(work, visit, chosen.enterprise, team, draw.draw_no, asked_for)
    note_scheme(work, visit, "scheme.made")
    return visit


def fill(
    work: Work,
    visit: Inspection,
    enterprise: Enterprise,
    team: Team,
    draw_no: str,
    asked_for: Collection[str],
) -> None:
    """
    Write scheme and pinned checklists from the registry as it is now.

    Args:
        work: Where and by whom.
        visit: Whose scheme it is; its first day decides which versions are in force.
        enterprise: Whose sector tags decide which checklists are handed out by themselves.
        team: Who goes.
        draw_no: The draw's number, "" where no draw chose it.
        asked_for: Names of checklists that are not handed out by themselves.

    Raises:
        NotOnRequest: One of them may not be asked for on that day.

    Law: scheme.methods, scheme.legal_basis, scheme.category_by_source, scheme.announced_sources
    """
    on = visit.visit_from
    library = checklists.library(work.session)
    by_themselves = library.handed_out(enterprise.sectors, on)
    lists = without_replaced((*by_themselves, *requested(library, asked_for, on)))
    contact: dict[str, Any] = next(iter(enterprise.contacts), {})
    experts, remark = _beside(work, visit, enterprise)
    visit.form_set = form_set(lists)
    visit.scheme = Scheme(
        enterprise=enterprise.name,
        address=enterprise.address or "",
        contact=str(contact.get("name") or enterprise.legal_person or ""),
        contact_phone=str(contact.get("phone") or ""),
        industry=_industry(enterprise),
        visit_from=on.isoformat(),
        visit_to=visit.visit_to.isoformat(),
        officers=tuple(officer.as_scheme(role) for officer, role in team),
        contents=tuple(form.title for form in lists),
        methods=law.items("scheme.methods", on),
        source=visit.source,
        draw_no=draw_no,
        legal_basis=law.items("scheme.legal_basis", on),
        category=str(law.table("scheme.category_by_source", on)[visit.source]),
        checks_this_year=len(inspections.checks_in_year(work.session, enterprise.id, on.year)),
        cap=_cap(enterprise, on),
        announced=visit.source in law.items("scheme.announced_sources", on),
        helpers=experts,
        remark=remark,
        follows=str(visit.scheme.get("follows", "")),
    ).to_json()
    for form in lists:
        work.session.add(
            InspectionForm(
                inspection_id=visit.id,
                name=form.name,
                version=form.version,
                content_sha256=body.content_sha256(form),
            )
        )
    work.session.flush()


def _beside(
    work: Work, visit: Inspection, enterprise: Enterprise
) -> tuple[tuple[SchemeHelper, ...], str]:
    """Return the drawn experts, who only assist, and whom the partners of a joint check send."""
    if visit.draw_id is None:
        return (), str(visit.scheme.get("remark", ""))  # why it is checked outside of the draw
    task = commitment_of_enterprise(work.session, visit.draw_id, enterprise.uscc) or ""
    own = standing_teams(work.session, visit.draw_id).get(task, [])
    partners = standing_partners(work.session, visit.draw_id).get(task, {})
    named = [officer for team in (own, *partners.values()) for _, officer in team]
    known = inspections.officers(work.session, named, enterprise.uscc)
    experts = tuple(
        SchemeHelper(known[officer].name, known[officer].unit, "、".join(_fields(work, officer)))
        for stage, officer in own
        if stage.startswith("expert/")
    )
    said = [
        f"{dept}：" + "、".join(f"{known[one].name}（{known[one].cert_no}）" for _, one in team)
        for dept, team in sorted(partners.items())
    ]
    return experts, f"部门联合检查，{'；'.join(said)}" if said else ""


def _fields(work: Work, officer_id: UUID) -> list[str]:
    officer = work.session.get_one(Officer, officer_id)
    return [SECTOR_WORDS[Sector(tag)][0] for tag in officer.specialties]


def _industry(enterprise: Enterprise) -> str:
    words = [SECTOR_WORDS[Sector(tag)][0] for tag in enterprise.sectors]
    return "；".join(part for part in (enterprise.industry_code, "、".join(words)) if part)


def check_ready(work: Work, visit: Inspection) -> Team:
    """Refuse what must not go out, and return the team that will go."""
    if not visit.form_set:
        raise NoChecklist
    team = team_of(work, visit)
    first, last = window(visit.visit_from, visit.visit_to, today(work))
    check_team(team, first, last, law.integer("team.min_officers", visit.visit_from))
    check_below_cap(work, visit)
    return team


def check_below_cap(work: Work, visit: Inspection) -> None:
    """
    Refuse an inspection, not sent yet, that would exceed its enterprise's annual cap.

    Raises:
        CapReached: Saying what counted and the way out.
    """
    enterprise = inspections.enterprise(work.session, visit.enterprise_id, lock=True)
    if is_exempt(visit):
        return
    year = visit.visit_from.year
    check_cap(
        f"{enterprise.name}（{enterprise.uscc}）",
        inspections.checks_in_year(work.session, enterprise.id, year),
        _cap(enterprise, visit.visit_from),
        year=year,
        is_drawn=visit.draw_id is not None,
    )


def team_of(work: Work, visit: Inspection) -> Team:
    """Return the team: the scheme's before dispatch, the member rows' afterwards."""
    named = named_team(work.session, visit)
    enterprise = inspections.enterprise(work.session, visit.enterprise_id)
    known = inspections.officers(work.session, list(named), enterprise.uscc)
    return [(known[officer], role) for officer, role in named.items()]


def named_team(session: Session, visit: Inspection) -> dict[UUID, TeamRole]:
    """Return who is on the team and in which role, by officer."""
    if visit.state in PREPARED:
        officers = Scheme.from_json(visit.scheme).officers
        return {UUID(one.officer_id): TeamRole(one.role) for one in officers}
    return {row.officer_id: row.role for row in inspections.members(session, visit.id)}


def _cap(enterprise: Enterprise, on: date) -> int:
    return Caps.read(law.book(), on).of(enterprise.sectors, enterprise.standardisation)


def is_exempt(visit: Inspection) -> bool:
    """Return whether the annual cap does not hold this check back. Law: cap.exempt_sources"""
    return visit.source in law.items("cap.exempt_sources", visit.visit_from)


def authors(work: Work, visit: Inspection) -> set[str]:
    """Return the labels of all who wrote or changed the scheme: none of them may approve it."""
    leaves = record.leaves(work.session, case_of(visit))
    events = [json.loads(leaf.content) for leaf in leaves]
    wrote = {event["actor"] for event in events if "scheme" in event["body"]}
    return wrote | {visit.scheme_made_by}


def today(work: Work) -> date:
    """Return the local day of this unit of work."""
    return work.now.astimezone(work.settings.zone).date()


def case_of(visit: Inspection) -> str:
    """Return the inspection's case of the record."""
    return f"inspection/{visit.number}"


def note_scheme(work: Work, visit: Inspection, type: str) -> None:
    """Note that a scheme was made or amended; the leaf only commits to its text."""
    note(
        work,
        type,
        case_of(visit),
        {
            "inspection": str(visit.id),
            "enterprise": str(visit.enterprise_id),
            "draw": str(visit.draw_id or ""),
            "plan": str(visit.plan_id) if visit.plan_id else None,
            "source": visit.source,
            "unit": visit.unit,
            "authority": visit.authority,
            "visit_from": visit.visit_from.isoformat(),
            "visit_to": visit.visit_to.isoformat(),
            "form_set": visit.form_set,
            "law_sha256": law_used(work),
            "scheme": commit_to(work, visit.scheme),
        },
    )
