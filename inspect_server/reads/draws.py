"""What lists, pages and exported files show of draws."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.draw.ceremony.dice import dice_among, faces_of
from inspect_server.domain.draw.ceremony.lateness import is_late, roll_until
from inspect_server.domain.draw.certificate import key_id
from inspect_server.domain.draw.entropy import Source
from inspect_server.domain.errors import NotFound
from inspect_server.domain.plan import Figures, figures
from inspect_server.domain.record import GENESIS
from inspect_server.store import planning
from inspect_server.store.drawing import dice, papers, replacements
from inspect_server.store.drawing import draws as store
from inspect_server.store.models.planning import Draw, DrawLeaf, DrawState, HashChain
from inspect_server.store.models.record import RecordCase
from inspect_server.store.models.registry import Officer


@dataclass(frozen=True)
class DrawLine:
    """One draw in a list."""

    id: UUID
    draw_no: str
    state: DrawState
    visit_from: date
    visit_to: date
    commit: str
    included: int
    excluded: int
    committed_at: datetime
    committed_by: str
    revealed_at: datetime | None
    selected: int


Team = tuple[tuple[str, UUID, str], ...]
"""Stage, officer, name."""


@dataclass(frozen=True)
class TeamOfTask:
    """One selected enterprise with each department's team, in the order of its stages."""

    commitment: str
    cell: str
    enterprise_id: UUID
    uscc: str
    name: str
    teams: tuple[tuple[str, Team], ...]  # by department, ours first, then the partners'

    @property
    def officers(self) -> Team:
        """Our own team."""
        return self.teams[0][1]


@dataclass(frozen=True)
class SourceLine:
    """A declared source as people read it."""

    kind: str
    name: str
    issue: str


@dataclass(frozen=True)
class DrawPage:
    """One draw with its rules, sources and result."""

    line: DrawLine
    cells: tuple[Figures, ...]  # of the pool, as people read them
    sources: tuple[SourceLine, ...]
    deadline: str
    late: bool  # revealed after the deadline
    dice: str  # the faces, "" until they are logged
    dice_before: datetime | None  # until when they can be; None where the commit names none
    seed: str  # "" until it is revealed, and without the cells: it says how many each gave
    tasks: tuple[TeamOfTask, ...]


@dataclass(frozen=True)
class ChainLine:
    """A published chain and how far it is used."""

    id: UUID
    kind: str
    holder: str
    year: int
    suite: str
    anchor: str
    length: int


@dataclass(frozen=True)
class Bundle:
    """The files from which anybody can check a draw."""

    draw_no: str
    certificate: str
    pool: tuple[str, ...]
    excluded: tuple[str, ...]
    eligibility: tuple[str, ...]
    openings: dict[str, dict[str, Any]]  # c -> salt, record; of the selected and who came in
    witness_keys: dict[str, str]  # key id -> raw Ed25519 public key in hex


def draw_id_of(session: Session, draw_no: str) -> UUID:
    """
    Return the id of the draw of this number.

    Raises:
        NotFound: No such number.
    """
    return store.id_of(session, draw_no)


def plan_in_force(session: Session, year: int) -> UUID:
    """
    Return the id of the approved plan of a year.

    Raises:
        NotFound: The year has none.
    """
    found = planning.approved(session, year)
    if found is None:
        raise NotFound(what=f" {year} 年已批准的检查计划")
    return found[0]


def next_number(session: Session, year: int) -> str:
    """Return the number that the next commit of a year would get."""
    return store.next_number(session, year)


def last_leaf(session: Session) -> str:
    """Return the last leaf of the draw log, which the next commit would name; nothing is locked."""
    head = session.scalar(select(RecordCase.last_leaf).where(RecordCase.name == store.CASE))
    return GENESIS if head is None else head


def count_enterprises(session: Session) -> int:
    """Return how many enterprises a commit will read."""
    return planning.count_enterprises(session)


def draws(session: Session) -> tuple[DrawLine, ...]:
    """Return all draws, the newest first."""
    rows = session.scalars(select(Draw).order_by(Draw.committed_at.desc(), Draw.draw_no.desc()))
    return tuple(_line(session, row) for row in rows)


def draw_page(
    session: Session, draw_id: UUID, *, is_open: bool = False, has_cells: bool = False
) -> DrawPage:
    """
    Return one draw.

    Args:
        is_open: With whom it chose; the caller has checked that they may be shown.
        has_cells: With every cell by itself and the seed, on the same condition; else small ones
            as one.

    Raises:
        NotFound: No such draw.
    """
    row = _row(session, draw_id)
    body = json.loads(row.commit_body)
    certificate = json.loads(replacements.certificate(session, row) or "{}")
    sources = [Source.from_json(one) for one in body["sources"]]
    return DrawPage(
        line=_line(session, row),
        cells=figures(
            [(cell, p) for cell, p in body["cells"]],
            papers.cell_sizes(session, draw_id),
            None,
            0 if has_cells else planning.smallest_cell(session, row.plan_id),
        ),
        sources=tuple(SourceLine(one.kind.value, one.name, one.issue) for one in sources),
        deadline=body["deadline"],
        late=is_late(row.revealed_at, body["deadline"]),
        dice=faces_of(rolled.value) if (rolled := dice.of_draw(session, draw_id)) else "",
        dice_before=roll_until(sources, body["deadline"]) if dice_among(sources) else None,
        seed=certificate.get("seed", "") if has_cells else "",
        tasks=tasks(session, draw_id) if is_open else (),
    )


def tasks(session: Session, draw_id: UUID) -> tuple[TeamOfTask, ...]:
    """Return the enterprises that stand, with their teams as they stand, by 统一社会信用代码."""
    names = {row.id: row.name for row in session.execute(select(Officer.id, Officer.name))}
    rules = json.loads(_row(session, draw_id).commit_body)["rules"]["teams"]
    own, *partners = (one["dept"] for one in rules)
    stands = select(DrawLeaf.commitment, DrawLeaf.label).where(replacements.stands(draw_id))
    cells = {row.commitment: row.label for row in session.execute(stands)}
    return tuple(
        TeamOfTask(
            commitment=task.commitment,
            cell=cells[task.commitment],
            enterprise_id=task.enterprise.id,
            uscc=task.enterprise.uscc,
            name=task.enterprise.name,
            teams=tuple(
                (dept, tuple((stage, officer, names[officer]) for stage, officer in team))
                for dept, team in ((own, task.team), *_in_order(task.partners, partners))
            ),
        )
        for task in replacements.standing_tasks(session, draw_id)
    )


def _in_order(
    teams: Sequence[tuple[str, Sequence[tuple[str, UUID]]]], departments: Sequence[str]
) -> list[tuple[str, Sequence[tuple[str, UUID]]]]:
    """Return the partners' teams in the order in which the commit names their departments."""
    return sorted(teams, key=lambda team: departments.index(team[0]))


def chains(session: Session) -> tuple[ChainLine, ...]:
    """Return the published chains by year and kind."""
    rows = session.scalars(
        select(HashChain).order_by(HashChain.year, HashChain.kind, HashChain.created_at)
    )
    return tuple(
        ChainLine(row.id, row.kind, row.holder, row.year, row.suite, row.anchor_hex, row.length)
        for row in rows
    )


def bundle(session: Session, draw_id: UUID) -> Bundle:
    """
    Return the certificate, all lines, and the openings of the chosen.

    Raises:
        NotFound: No such draw, or it has no result yet.
    """
    row = _row(session, draw_id)
    certificate = replacements.certificate(session, row)
    if certificate is None:
        raise NotFound(what=f"抽取 {row.draw_no} 的证书（尚未揭示）")
    included, excluded = store.lines(session, draw_id)
    named = {source["name"] for source in json.loads(row.commit_body)["sources"]}
    witnesses = replacements.public_keys(session, draw_id, named)
    opened = session.execute(
        select(DrawLeaf.commitment, DrawLeaf.salt, DrawLeaf.record).where(
            DrawLeaf.draw_id == draw_id, replacements.was_chosen()
        )
    )
    return Bundle(
        draw_no=row.draw_no,
        certificate=certificate,
        pool=tuple(included),
        excluded=tuple(excluded),
        eligibility=tuple(row.eligibility.split("\n")) if row.eligibility else (),
        openings={
            c: {"salt": salt.hex(), "record": json.loads(record)} for c, salt, record in opened
        },
        witness_keys={key_id(key): key.hex() for key in witnesses},
    )


def _row(session: Session, draw_id: UUID) -> Draw:
    row = session.get(Draw, draw_id)
    if row is None:
        raise NotFound(what="该次抽取")
    return row


def _line(session: Session, row: Draw) -> DrawLine:
    body = json.loads(row.commit_body)
    selected = session.scalar(
        select(func.count())
        .select_from(DrawLeaf)
        .where(DrawLeaf.draw_id == row.id, DrawLeaf.selected)
    )
    return DrawLine(
        id=row.id,
        draw_no=row.draw_no,
        state=row.state,
        visit_from=row.visit_from,
        visit_to=row.visit_to,
        commit=row.commit_hex,
        included=body["counts"]["included"],
        excluded=body["counts"]["excluded"],
        committed_at=row.committed_at,
        committed_by=row.committed_by,
        revealed_at=row.revealed_at,
        selected=selected or 0,
    )
