"""Replacements and voids as lists show them: with names, for whoever works on the draw."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.draw.replacement.requests import REASON_NAMES, Reason
from inspect_server.domain.draw.replacement.void import (
    PAPER_NAMES,
    VOID_NAMES,
    PaperReason,
    VoidReason,
    ends_chain,
)
from inspect_server.domain.errors import NotFound
from inspect_server.reads.people import names_of
from inspect_server.store.drawing import draws
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import Draw, DrawLeaf, DrawOfficer, HashChain
from inspect_server.store.models.registry import Enterprise, Officer


@dataclass(frozen=True)
class ReplacementLine:
    """One replacement; `came_in` is "" while its witness value is awaited."""

    k: int
    kind: str  # officer | enterprise
    task: str  # by commitment: whose team changes, or which enterprise goes out
    chosen: str  # the commitment of who came in, "" while that is open
    reason: str
    enterprise: str  # of the task as it stood before
    went_out: str
    came_in: str
    position: int
    holder: str
    anchor: str
    request_leaf: str
    evidence_sha256: str
    requested_at: datetime
    requested_by: str
    approved_by: str
    completed_at: datetime | None


@dataclass(frozen=True)
class VoidLine:
    """One request to void a draw; `voided_at` is None while the witness has not agreed."""

    reason: str
    request_leaf: str
    evidence_sha256: str
    requested_at: datetime
    requested_by: str
    approved_by: str  # "" of a request from before somebody had to approve
    on_paper_because: (
        str  # why by hand although a key is published; "" where nothing was to be said
    )
    voided_at: datetime | None
    witness_key: str  # id of the key that signed; "" on paper, or while nobody did
    paper_sha256: str  # of the scan of what the witness signed by hand, else ""
    ends_chain: bool  # whether it gives the witness's chain up, or would


def replacements(session: Session, draw_id: UUID) -> tuple[ReplacementLine, ...]:
    """
    Return the replacements of a draw in order, a pending one last.

    Raises:
        NotFound: No such draw.
    """
    _check_known(session, draw_id)
    rows = store.of_draw(session, draw_id)
    named = {leaf for row in rows for leaf in (row.task, row.came_in) if leaf is not None}
    names = _names(session, draw_id, named)
    chains = {chain.id: chain for chain in session.scalars(select(HashChain))}
    people = names_of(session, {by for row in rows for by in (row.requested_by, row.approved_by)})
    return tuple(
        ReplacementLine(
            k=row.k,
            kind=row.kind,
            task=row.task,
            chosen=row.came_in or "",
            reason=REASON_NAMES[Reason(row.reason)],
            enterprise=names[row.task],
            went_out=names[row.went_out],
            came_in=names[row.came_in] if row.came_in else "",
            position=row.position,
            holder=chains[row.chain_id].holder,
            anchor=chains[row.chain_id].anchor_hex,
            request_leaf=row.request_leaf,
            evidence_sha256=row.evidence_sha256,
            requested_at=row.requested_at,
            requested_by=people[row.requested_by],
            approved_by=people[row.approved_by],
            completed_at=row.completed_at,
        )
        for row in rows
    )


def voids(session: Session, draw_id: UUID) -> tuple[VoidLine, ...]:
    """
    Return the requests to void a draw, the newest last.

    Raises:
        NotFound: No such draw.
    """
    _check_known(session, draw_id)
    rows = store.voids(session, draw_id)
    people = names_of(
        session, {by for row in rows for by in (row.requested_by, row.approved_by) if by}
    )
    consents = [json.loads(row.cosigned or "{}") for row in rows]
    has_key = witness_has_key(session, draw_id)
    return tuple(
        VoidLine(
            reason=VOID_NAMES[VoidReason(row.reason)],
            request_leaf=row.request_leaf,
            evidence_sha256=row.evidence_sha256,
            requested_at=row.requested_at,
            requested_by=people[row.requested_by],
            approved_by=people[row.approved_by] if row.approved_by else "",
            on_paper_because=(
                PAPER_NAMES[PaperReason(row.paper_because)] if row.paper_because else ""
            ),
            voided_at=row.voided_at,
            witness_key=consent.get("key_id", ""),
            paper_sha256=consent.get("paper_sha256", ""),
            ends_chain=ends_chain(
                VoidReason(row.reason),
                on_paper="paper_sha256" in consent or bool(row.paper_because) or not has_key,
            ),
        )
        for row, consent in zip(rows, consents, strict=True)
    )


def witness_has_key(session: Session, draw_id: UUID) -> bool:
    """
    Return whether a witness of this draw published a key with the anchor.

    Raises:
        NotFound: No such draw.
    """
    _check_known(session, draw_id)
    body = json.loads(session.get_one(Draw, draw_id).commit_body)
    named = {source["name"] for source in body["sources"]}
    return bool(store.public_keys(session, draw_id, named))


def _check_known(session: Session, draw_id: UUID) -> None:
    if draws.number_of(session, draw_id) is None:
        raise NotFound(what="该次抽取")


def _names(session: Session, draw_id: UUID, leaves: set[str]) -> dict[str, str]:
    """Return the names behind the commitments of some enterprises and of all officers."""
    companies = session.execute(
        select(DrawLeaf.commitment, Enterprise.name)
        .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(DrawLeaf.draw_id == draw_id, DrawLeaf.commitment.in_(leaves))
    )
    officers = session.execute(
        select(DrawOfficer.commitment, Officer.name)
        .join(Officer, Officer.id == DrawOfficer.officer_id)
        .where(DrawOfficer.draw_id == draw_id)
    )
    return {commitment: name for rows in (companies, officers) for commitment, name in rows}
