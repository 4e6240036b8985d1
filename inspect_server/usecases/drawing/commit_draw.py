"""The commit of a draw: pool, officers, rules and sources are fixed before any entropy exists."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.entropy import CHAINS, Source, SourceKind
from inspect_server.domain.draw.errors import (
    BadCommit,
    OpenCommitExists,
    RehearsalFailed,
    TeamsInfeasible,
)
from inspect_server.domain.draw.hashes.tagged import Hash, jcs, suite
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.domain.plan import Rules
from inspect_server.store import registry as registry_store
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.disclosing.identities import hidden_draw
from inspect_server.usecases.disclosing.notices import publish_commit
from inspect_server.usecases.drawing.beforehand.batches import check_not_drawn
from inspect_server.usecases.drawing.beforehand.salting import Salted, salted
from inspect_server.usecases.drawing.beforehand.sources import check_to_come, check_unused
from inspect_server.usecases.drawing.beforehand.staffing import (
    Sendable,
    TeamsSealed,
    Wanted,
    rehearse,
    staffed,
    wanted,
)
from inspect_server.usecases.drawing.chains import chain_sources
from inspect_server.usecases.drawing.officers import SaltedOfficer
from inspect_server.usecases.drawing.pool import (
    Advance,
    Snapshot,
    plan_in_force,
    snapshot_file,
    survey,
)
from inspect_server.usecases.law_used import law_used
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work


@dataclass(frozen=True)
class CommittedDraw:
    """What is published at the commit: digest and totals, and which values are awaited."""

    id: UUID
    draw_no: str
    commit: str
    included: int
    excluded: int
    officers: int  # all who have a line
    available: int  # of them, who may be sent on the days of the visits
    absent: tuple[tuple[str, int], ...]  # what keeps the others away, and how many
    departments: tuple[str, ...]  # ours first, then the partners of a joint check
    cells: tuple[tuple[str, int], ...]
    sources: tuple[Source, ...]
    deadline: str


def commit_draw(
    work: Work,
    plan_id: UUID,
    visit_from: date,
    visit_to: date,
    sources: Sequence[Source],
    *,
    draw_no: str = "",
    deadline: date | None = None,
    teams: Wanted | None = None,
    advance: Advance = lambda _: None,
) -> CommittedDraw:
    """
    Commit to a draw; nothing can be chosen any more once this is published.

    Args:
        plan_id: The approved plan whose odds hold on `visit_from`.
        visit_from: First local day on which visits may take place; `visit_to` is the last.
        sources: At least one public value to come, dice beside it. Both hash chains are added by
            themselves.
        draw_no: The next free number of the year when empty.
        deadline: Day by which the draw should be revealed; the first day of the visits by default.
        teams: Partners, experts and pairs to be split; our own teams as the plan says when None.
        advance: Called with how many enterprises were read since the last call.

    Raises:
        Forbidden: The actor is no supervisor.
        OpenCommitExists: A commit is not revealed yet.
        BatchDrawnAlready: A draw stands for these months; only its void makes room for another.
        ChainMissing: A hash chain's anchor is not published for the year.
        EmptyPool, NothingToDraw, PlanNotInForce, BadInput, NotFound: As for a preview.
        TooFewOfficers, NoLead, TeamsInfeasible: Some selected enterprise might get no team.
        RehearsalFailed: Teams failed from a seed that was thrown away.
        TeamsSealed: One of both, for whoever may not know whom an earlier draw chose.
        BadCommit, BadEntropy: A source or rule cannot be declared.
        IssueKnown: The value of a public source was fixed before this moment.
        IssueTooLate: It is not to come by the deadline.
        IssueUsed: Another commit names this issue of a public value.
    """
    if Role.SUPERVISOR not in work.actor.roles:
        raise Forbidden(action="发布抽取承诺")
    if draw_no and (fault := pool.fault_of_number(draw_no)):
        raise BadInput(field="抽取编号", reason=fault)
    _check_to_come(work, (visit_from, visit_to), deadline)
    _check_sources(sources, work.now, deadline or visit_from)
    draws.lock_log(work.session)
    registry_store.lock(work.session)  # the registry stands still while it is divided
    require_bureau(work)
    if (found := draws.open_commit(work.session)) is not None:
        raise OpenCommitExists(draw_no=found.draw_no)
    plan = plan_in_force(work.session, plan_id, visit_from, visit_to)
    batch = plan.batch_on(visit_from)
    check_not_drawn(work.session, batch)
    if draws.has_number(work.session, draw_no):
        raise BadInput(field="抽取编号", reason=f"{draw_no} 已有抽取使用，请另编，或者留空顺编")
    suite_name, declared = chain_sources(work.session, visit_from.year)
    h = suite(suite_name)
    whole = [*declared, *sources]
    check_unused(work.session, sources)
    with snapshot_file(work.settings.data_dir) as file:
        try:
            snapshot = Snapshot(file, advance)
            leaves = salted(h, survey(work.session, plan, visit_from, snapshot.add))
            snapshot_sha256 = snapshot.finish()
            staff = _staff(work, h, plan.rules, teams, (visit_from, visit_to), leaves)
            body = _body(
                h,
                leaves,
                staff.lines,
                suite=suite_name,
                draw_no=draw_no or draws.next_number(work.session, visit_from.year),
                authority=work.settings.authority,
                rules={
                    "plan": str(plan_id),
                    "law": list(plan.rules.refs),
                    "batch": batch.to_json(),
                    "visits": [visit_from.isoformat(), visit_to.isoformat()],
                    "pairs": {"recent_draws": plan.rules.recent_pair_draws},
                    "teams": [rules.to_json() for rules in staff.rules],
                },
                snapshot_sha256=snapshot_sha256,
                sources=[source.to_json() for source in whole],
                deadline=(deadline or visit_from).isoformat(),
                prev_leaf=draws.last_leaf(work.session),
            )
            work.blobs.adopt(Path(file.name), snapshot_sha256)
        finally:
            _forget(Path(file.name))
    draw = _store(work, body, staff.lines, plan_id, (visit_from, visit_to))
    _store_leaves(work, draw.id, leaves)
    _store_officers(work, draw.id, staff.officers)
    noted = _noted(draw, body, len(staff.officers), snapshot_sha256)
    note(work, "draw.committed", draws.CASE, noted | {"law_sha256": law_used(work)})
    publish_commit(work, draw)
    return CommittedDraw(
        id=draw.id,
        draw_no=draw.draw_no,
        commit=draw.commit_hex,
        included=body.data["counts"]["included"],
        excluded=body.data["counts"]["excluded"],
        officers=len(staff.officers),
        available=staff.available,
        absent=staff.absent,
        departments=tuple(rules.dept for rules in staff.rules),
        cells=tuple(body.cells),
        sources=tuple(whole),
        deadline=body.data["deadline"],
    )


def _staff(
    work: Work,
    h: Hash,
    rules: Rules,
    teams: Wanted | None,
    days: tuple[date, date],
    leaves: Salted,
) -> Sendable:
    """Return who could be sent; who may not know who is under way is told of no enterprise."""
    asked = teams or wanted(work.settings.partner_departments)
    try:
        staff = staffed(work.session, h, rules, asked, days, leaves)
        rehearse(h, staff, leaves)
    except (TeamsInfeasible, RehearsalFailed):
        if hidden := hidden_draw(work.session, work.actor):
            raise TeamsSealed(draw_no=hidden) from None
        raise
    return staff


def _check_to_come(work: Work, visits: tuple[date, date], deadline: date | None) -> None:
    """Refuse days that are over, and a draw that comes when its checks are over."""
    today, (visit_from, visit_to) = work.now.astimezone(work.settings.zone).date(), visits
    if visit_from < today:
        raise BadInput(field="检查时段", reason=f"开始日期 {visit_from} 已过")
    if deadline is not None and deadline > visit_to:
        raise BadInput(field="最迟揭示日", reason=f"{deadline} 晚于检查末日 {visit_to}")
    if deadline is not None and deadline < today:
        raise BadInput(field="最迟揭示日", reason=f"{deadline} 已过")


def _check_sources(sources: Sequence[Source], now: datetime, deadline: date) -> None:
    """Refuse sources of which none is public, two are dice, or one may be known or is too late."""
    kinds = {source.kind for source in sources}
    if SourceKind.PUBLIC not in kinds or kinds & CHAINS:
        raise BadCommit(reason="除两条哈希链外，还应声明至少一个公开随机值，现场掷骰不能代替")
    if sum(source.kind is SourceKind.DICE for source in sources) > 1:
        raise BadCommit(reason="现场掷骰只声明一次")
    for source in sources:
        check_to_come(source, now, deadline)


def _body(h: Hash, salted: Salted, lines: Sequence[str], **fixed: Any) -> CommitBody:
    entries = list(zip(salted.survey.entries, salted.commitments, strict=True))
    included = pool.lines((entry.label, c) for entry, c in entries if entry.included)
    excluded = pool.lines((entry.label, c) for entry, c in entries if not entry.included)
    return checked_body(
        {
            "v": 1,
            "cells": [[cell, p] for cell, p in salted.survey.cells],
            "pool_root": pool.lines_root(h, included),
            "excluded_root": pool.lines_root(h, excluded),
            "counts": {"included": len(included), "excluded": len(excluded)},
            "eligibility_root": eligibility.lines_root(h, lines),
            **fixed,
        }
    )


def _store(
    work: Work, body: CommitBody, lines: Sequence[str], plan_id: UUID, days: tuple[date, date]
) -> Draw:
    draw = Draw(
        id=uuid4(),
        draw_no=body.data["draw_no"],
        plan_id=plan_id,
        authority=body.data["authority"],
        unit=work.actor.unit,
        state=DrawState.COMMITTED,
        visit_from=days[0],
        visit_to=days[1],
        commit_body=jcs(dict(body.data)).decode("utf-8"),
        commit_hex=body.digest().hex(),
        eligibility="\n".join(lines),
        committed_at=work.now,
        committed_by=work.actor.label,
    )
    work.session.add(draw)
    work.session.flush()
    return draw


def _store_leaves(work: Work, draw_id: UUID, salted: Salted) -> None:
    draws.add_leaves(
        work.session,
        (
            {
                "draw_id": draw_id,
                "commitment": c.hex(),
                "enterprise_id": entry.enterprise_id,
                "salt": salt,
                "record": record.decode("utf-8"),
                "label": entry.label,
                "included": entry.included,
                "selected": False,
            }
            for entry, salt, record, c in zip(
                salted.survey.entries, salted.salts, salted.records, salted.commitments, strict=True
            )
        ),
    )


def _store_officers(work: Work, draw_id: UUID, officers: Sequence[SaltedOfficer]) -> None:
    draws.add_officers(
        work.session,
        (
            {
                "draw_id": draw_id,
                "commitment": one.line.officer,
                "officer_id": one.id,
                "salt": one.salt,
                "record": one.record,
                "line": one.line.text(),
            }
            for one in officers
        ),
    )


def _noted(draw: Draw, body: CommitBody, officers: int, snapshot_sha256: str) -> dict[str, Any]:
    return {
        "draw": str(draw.id),
        "draw_no": draw.draw_no,
        "commit": draw.commit_hex,
        "included": body.data["counts"]["included"],
        "excluded": body.data["counts"]["excluded"],
        "officers": officers,
        "plan": str(draw.plan_id),
        "authority": draw.authority,
        "unit": draw.unit,
        "visit_from": draw.visit_from.isoformat(),
        "visit_to": draw.visit_to.isoformat(),
        "snapshot_sha256": snapshot_sha256,
        "sources": [source.to_json() for source in body.sources],
    }


def _forget(path: Path) -> None:
    if path.exists():
        os.unlink(path)
