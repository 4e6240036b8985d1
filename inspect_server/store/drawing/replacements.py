"""Replacements and voids of draws, the certificates issued for them, and who stands in the end."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from inspect_server.domain.draw.replacement.void import VoidReason, ends_chain
from inspect_server.store.models.planning import (
    Draw,
    DrawLeaf,
    DrawOfficer,
    DrawPartnerTeam,
    DrawState,
    DrawTeam,
    HashChain,
)
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise
from inspect_server.store.models.replacing import DrawCertificate, DrawReplacement, DrawVoid

ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class Issued:
    """One version of a draw's certificate."""

    version: int
    text: str
    issued_at: datetime
    issued_by: str


@dataclass(frozen=True)
class StandingTask:
    """An enterprise that is to be visited for a draw, with its team by stage."""

    commitment: str
    enterprise: Enterprise
    team: tuple[tuple[str, UUID], ...]  # ("lead/0", officer), ("member/0", officer) …
    partners: tuple[tuple[str, tuple[tuple[str, UUID], ...]], ...] = ()  # by department


def lock_chains(session: Session) -> None:
    """Let nobody name a chain's position meanwhile; a commit takes the same lock."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE hash_chain IN SHARE ROW EXCLUSIVE MODE"))


def of_draw(session: Session, draw_id: UUID) -> Sequence[DrawReplacement]:
    """Return all replacements of a draw in order, a pending one last."""
    return session.scalars(
        select(DrawReplacement)
        .where(DrawReplacement.draw_id == draw_id)
        .order_by(DrawReplacement.k)
        .execution_options(populate_existing=True)
    ).all()


def pending(session: Session, draw_id: UUID) -> DrawReplacement | None:
    """Return the request that waits for its witness value."""
    return session.scalar(
        select(DrawReplacement).where(
            DrawReplacement.draw_id == draw_id, DrawReplacement.completed_at.is_(None)
        )
    )


def named_positions(session: Session, chain_id: UUID) -> list[int]:
    """Return the positions of a chain that requests have named, completed or not."""
    return list(
        session.scalars(
            select(DrawReplacement.position).where(DrawReplacement.chain_id == chain_id)
        )
    )


def open_positions(session: Session, anchor: str) -> list[tuple[str, int]]:
    """Return draw number and position of a chain for every commit that waits for its reveal."""
    found = session.execute(
        select(Draw.draw_no, Draw.commit_body)
        .where(Draw.state == DrawState.COMMITTED)
        .order_by(Draw.draw_no)
    )
    return [
        (number, int(source["issue"]))
        for number, body in found
        for source in json.loads(body)["sources"]
        if source["name"] == anchor
    ]


def given_up_anchors(session: Session) -> set[str]:
    """Return every anchor that a void gave up: the draw, or one of its replacements, named it."""
    done = session.scalars(select(DrawVoid).where(DrawVoid.voided_at.is_not(None)))
    voided = [
        row.draw_id
        for row in done
        if ends_chain(VoidReason(row.reason), on_paper=scan_of(row) is not None)
    ]
    bodies = session.scalars(select(Draw.commit_body).where(Draw.id.in_(voided)))
    replacing = select(DrawReplacement.chain_id).where(DrawReplacement.draw_id.in_(voided))
    later = session.scalars(select(HashChain.anchor_hex).where(HashChain.id.in_(replacing)))
    return {source["name"] for body in bodies for source in json.loads(body)["sources"]} | {*later}


def commitment_of_enterprise(session: Session, draw_id: UUID, uscc: str) -> str | None:
    """Return the commitment under which a draw knows the enterprise of this code."""
    return session.scalar(
        select(DrawLeaf.commitment)
        .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(DrawLeaf.draw_id == draw_id, Enterprise.uscc == uscc)
    )


def commitment_of_officer(session: Session, draw_id: UUID, officer_id: UUID) -> str | None:
    """Return the commitment under which a draw knows this officer."""
    return session.scalar(
        select(DrawOfficer.commitment).where(
            DrawOfficer.draw_id == draw_id, DrawOfficer.officer_id == officer_id
        )
    )


def officers_of(session: Session, draw_id: UUID) -> dict[str, UUID]:
    """Return whom each officer's commitment stands for."""
    rows = session.execute(
        select(DrawOfficer.commitment, DrawOfficer.officer_id).where(DrawOfficer.draw_id == draw_id)
    )
    return {row.commitment: row.officer_id for row in rows}


def standing_teams(session: Session, draw_id: UUID) -> dict[str, list[tuple[str, UUID]]]:
    """Return stage and officer of every team after all replacements, by the task's commitment."""
    teams: dict[str, list[tuple[str, UUID]]] = {}
    drawn = select(DrawTeam).where(DrawTeam.draw_id == draw_id).order_by(DrawTeam.stage)
    for place in session.scalars(drawn):
        teams.setdefault(place.task, []).append((place.stage, place.officer_id))
    for out, task, own, places in _replaced(session, draw_id):
        teams.pop(out, None)
        teams[task] = sorted((stage, officer) for dept, stage, officer in places if dept == own)
    return teams


def standing_partners(
    session: Session, draw_id: UUID
) -> dict[str, dict[str, list[tuple[str, UUID]]]]:
    """Return the same of the partner departments of a joint check, by task and department."""
    teams: dict[str, dict[str, list[tuple[str, UUID]]]] = {}
    drawn = select(DrawPartnerTeam).where(DrawPartnerTeam.draw_id == draw_id)
    for place in session.scalars(drawn.order_by(DrawPartnerTeam.dept, DrawPartnerTeam.stage)):
        of_task = teams.setdefault(place.task, {})
        of_task.setdefault(place.dept, []).append((place.stage, place.officer_id))
    for out, task, own, places in _replaced(session, draw_id):
        teams.pop(out, None)
        for dept, stage, officer in places:
            if dept != own:
                teams.setdefault(task, {}).setdefault(dept, []).append((stage, officer))
    return teams


def _replaced(
    session: Session, draw_id: UUID
) -> Iterator[tuple[str, str, str, list[tuple[str, str, UUID]]]]:
    """Yield task before and after, our own department, and every place of each replacement."""
    made = [row for row in of_draw(session, draw_id) if row.entry is not None]
    if not made:
        return
    officers = officers_of(session, draw_id)
    rules = json.loads(session.get_one(Draw, draw_id).commit_body)["rules"]
    own = rules["teams"][0]["dept"]  # ours stands first
    for row in made:
        entry = json.loads(row.entry or "{}")
        task = entry["in"] if row.kind == ENTERPRISE else row.task
        named = [(*place.split("/", 1), officers[officer]) for place, officer in entry["team"]]
        yield row.task, task, own, [(dept, stage, officer) for dept, stage, officer in named]


def was_chosen() -> ColumnElement[bool]:
    """Return as a condition on `DrawLeaf` that its enterprise was drawn, or came in later."""
    return or_(DrawLeaf.selected, _replaced_as(DrawReplacement.came_in))


def stands(draw_id: UUID | None = None) -> ColumnElement[bool]:
    """Return as a condition on `DrawLeaf` that its enterprise was drawn, or came in, and stays."""
    held = and_(was_chosen(), ~_replaced_as(DrawReplacement.went_out))
    return held if draw_id is None else and_(DrawLeaf.draw_id == draw_id, held)


def _replaced_as(side: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return as a condition on `DrawLeaf` that it is on this side of a completed replacement."""
    return exists().where(
        DrawReplacement.draw_id == DrawLeaf.draw_id,
        DrawReplacement.kind == ENTERPRISE,
        DrawReplacement.completed_at.is_not(None),
        side == DrawLeaf.commitment,
    )


def is_standing(session: Session, draw_id: UUID, commitment: str) -> bool:
    """Return whether this enterprise is to be visited for the draw."""
    query = select(DrawLeaf.commitment).where(stands(draw_id), DrawLeaf.commitment == commitment)
    return session.scalar(query) is not None


def standing_tasks(session: Session, draw_id: UUID) -> list[StandingTask]:
    """Return every task that stands, by 统一社会信用代码 so that numbers follow no hidden order."""
    teams, partners = standing_teams(session, draw_id), standing_partners(session, draw_id)
    found = session.execute(
        select(DrawLeaf.commitment, Enterprise)
        .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(stands(draw_id))
        .order_by(Enterprise.uscc)
    )
    return [
        StandingTask(
            c,
            enterprise,
            tuple(teams.get(c, ())),
            tuple((dept, tuple(team)) for dept, team in partners.get(c, {}).items()),
        )
        for c, enterprise in found
    ]


def enterprise_of(session: Session, draw_id: UUID, commitment: str) -> UUID | None:
    """Return the enterprise behind a commitment."""
    return session.scalar(
        select(DrawLeaf.enterprise_id).where(
            DrawLeaf.draw_id == draw_id, DrawLeaf.commitment == commitment
        )
    )


def issued(session: Session, draw: Draw) -> list[Issued]:
    """Return every version of a draw's certificate, the newest last."""
    versions = []
    if draw.certificate is not None:
        versions.append(Issued(1, draw.certificate, *_first_issued(session, draw)))
    rows = session.scalars(
        select(DrawCertificate)
        .where(DrawCertificate.draw_id == draw.id)
        .order_by(DrawCertificate.version)
    )
    versions += [Issued(row.version, row.certificate, row.issued_at, row.issued_by) for row in rows]
    return versions


def _first_issued(session: Session, draw: Draw) -> tuple[datetime, str]:
    if draw.revealed_at is not None:
        return draw.revealed_at, draw.revealed_by or ""
    void = next(row for row in voids(session, draw.id) if row.voided_at is not None)
    return void.voided_at or void.requested_at, void.voided_by or ""


def certificate(session: Session, draw: Draw) -> str | None:
    """Return the text of the certificate in force, None before there is one."""
    newest = session.scalar(
        select(DrawCertificate.certificate)
        .where(DrawCertificate.draw_id == draw.id)
        .order_by(DrawCertificate.version.desc())
        .limit(1)
    )
    return newest or draw.certificate


def add_certificate(session: Session, draw_id: UUID, text: str, at: datetime, by: str) -> int:
    """Keep a certificate issued anew and return its version; call under the draw's lock."""
    last = session.scalar(
        select(func.max(DrawCertificate.version)).where(DrawCertificate.draw_id == draw_id)
    )
    version = (last or 1) + 1
    session.add(
        DrawCertificate(
            draw_id=draw_id, version=version, certificate=text, issued_at=at, issued_by=by
        )
    )
    session.flush()
    return version


def public_keys(session: Session, draw_id: UUID, anchors: Collection[str]) -> list[bytes]:
    """Return the witnesses' raw keys of these anchors and of the chains of a draw's requests."""
    requested = select(DrawReplacement.chain_id).where(DrawReplacement.draw_id == draw_id)
    found = session.scalars(
        select(HashChain.public_key_hex).where(
            HashChain.public_key_hex.is_not(None),
            or_(HashChain.anchor_hex.in_(anchors), HashChain.id.in_(requested)),
        )
    )
    return [bytes.fromhex(key) for key in found if key]


def evidence_of(session: Session, draw_id: UUID) -> set[str]:
    """Return the hashes of the files that proved a draw's replacements and voids, scans too."""
    requests = voids(session, draw_id)
    scans = {scan for row in requests if (scan := scan_of(row))}
    files = {row.evidence_sha256 for row in of_draw(session, draw_id)}
    return files | {row.evidence_sha256 for row in requests} | scans


def scan_of(row: DrawVoid) -> str | None:
    """Return the hash of what the witness signed by hand, None when they did not, or not yet."""
    found: str | None = json.loads(row.cosigned or "{}").get("paper_sha256")
    return found


def voids(session: Session, draw_id: UUID) -> Sequence[DrawVoid]:
    """Return the requests to void a draw as they stand in the draw log, the newest last."""
    return session.scalars(
        select(DrawVoid)
        .outerjoin(RecordLeaf, RecordLeaf.leaf == DrawVoid.request_leaf)
        .where(DrawVoid.draw_id == draw_id)
        .order_by(RecordLeaf.case_seq)
    ).all()
