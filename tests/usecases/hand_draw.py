"""The plan and the draw of the small bureau, with certificate and record as real ones have."""

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.eligibility import OfficerLine, officer_commitment
from inspect_server.domain.draw.hashes.tagged import jcs, suite
from inspect_server.domain.record import canonical
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import (
    Draw,
    DrawLeaf,
    DrawOfficer,
    DrawState,
    DrawTeam,
    Plan,
    PlanState,
)
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

if TYPE_CHECKING:
    from tests.usecases.bureau import Bureau

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 31)
H, SALT = suite("sha256"), b"s" * 32
COMMIT, DEPARTMENT = "c" * 64, "应急"
BODY = {"rules": {"teams": [{"dept": DEPARTMENT}]}}
STAGES = (("lead/0", 0), ("member/0", 1))


def draw_by_hand(work: Work, bureau: "Bureau") -> None:
    """Every enterprise is drawn, always for the first two officers."""
    plan = _plan(work)
    officers = [_officer(work, work.session.get_one(Officer, id)) for id in bureau.officers]
    tasks = [_task(work, work.session.get_one(Enterprise, id)) for id in bureau.enterprises]
    draw = Draw(
        id=bureau.draw_id,
        draw_no="2026-D01",
        plan_id=plan.id,
        authority="云湾区应急管理局",
        unit="一科",
        state=DrawState.REVEALED,
        visit_from=FIRST,
        visit_to=LAST,
        commit_body=canonical(BODY),
        commit_hex=COMMIT,
        eligibility="\n".join(row.line for row in officers),
        committed_at=work.now,
        committed_by=work.actor.label,
        revealed_at=work.now,
        revealed_by=work.actor.label,
    )
    _note(work, draw, officers, tasks)
    work.session.add(draw)
    work.session.flush()
    for row in (*officers, *tasks):
        row.draw_id = draw.id
        work.session.add(row)
    for task in tasks:
        for stage, index in STAGES:
            work.session.add(
                DrawTeam(
                    draw_id=draw.id,
                    task=task.commitment,
                    stage=stage,
                    officer_id=officers[index].officer_id,
                )
            )
    work.session.flush()


def _plan(work: Work) -> Plan:
    plan = Plan(
        id=uuid4(),
        year=2026,
        state=PlanState.APPROVED,
        body={},
        created_at=work.now,
        created_by=work.actor.label,
        approved_at=work.now,
        approved_by=work.actor.label,
    )
    work.session.add(plan)
    work.session.flush()
    sha256 = hashlib.sha256(canonical(plan.body).encode()).hexdigest()
    note(work, "plan.made", "plan/2026", {"plan": str(plan.id), "sha256": sha256})
    note(work, "plan.approved", "plan/2026", {"plan": str(plan.id), "superseded": []})
    return plan


def _officer(work: Work, officer: Officer) -> DrawOfficer:
    record = {"cert_no": officer.cert_no}
    c = officer_commitment(H, SALT, record).hex()
    return DrawOfficer(
        commitment=c,
        officer_id=officer.id,
        salt=SALT,
        record=jcs(record).decode(),
        line=OfficerLine(c, ("lead", "member"), (), 0).text(),
    )


def _task(work: Work, enterprise: Enterprise) -> DrawLeaf:
    record = pool.record_of(enterprise.uscc, enterprise.name)
    return DrawLeaf(
        commitment=pool.commitment(H, SALT, record).hex(),
        enterprise_id=enterprise.id,
        salt=SALT,
        record=jcs(record).decode(),
        label="cell",
        included=True,
        selected=True,
    )


def _note(work: Work, draw: Draw, officers: list[DrawOfficer], tasks: list[DrawLeaf]) -> None:
    named: dict[str, Any] = {"draw": str(draw.id), "draw_no": draw.draw_no, "commit": COMMIT}
    dates = {"visit_from": FIRST.isoformat(), "visit_to": LAST.isoformat()}
    note(
        work,
        "draw.committed",
        draws.CASE,
        {**named, **dates, "plan": str(draw.plan_id), "authority": draw.authority},
    )
    draw.certificate = cert.to_text(
        {
            "suite": "sha256",
            "commit": COMMIT,
            "commit_body": BODY,
            "entropy": [],
            "seed": "",
            "r": 0,
            "counts": [],
            "selected": [{"cell": "cell", "c": task.commitment, "ticket": ""} for task in tasks],
            "teams": [
                {
                    "task": task.commitment,
                    "dept": DEPARTMENT,
                    "role": stage,
                    "officer": officers[index].commitment,
                }
                for task in tasks
                for stage, index in STAGES
            ],
            "replacements": [],
            "log_head": draws.last_leaf(work.session),
        }
    )
    sha256 = hashlib.sha256(draw.certificate.encode()).hexdigest()
    note(work, "draw.revealed", draws.CASE, {**named, "certificate_sha256": sha256})
