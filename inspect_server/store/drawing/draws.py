"""Draws: the log's lock, leaves in batches, officers as they stand, chains and their values."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import NotFound
from inspect_server.domain.record import GENESIS
from inspect_server.store.drawing.replacements import standing_teams
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.planning import (
    ChainValue,
    Draw,
    DrawLeaf,
    DrawOfficer,
    DrawPartnerTeam,
    DrawState,
    DrawTeam,
    HashChain,
)
from inspect_server.store.models.record import RecordCase
from inspect_server.store.models.registry import (
    Enterprise,
    Officer,
    OfficerLeave,
    OfficerRecusal,
)
from inspect_server.store.planning import CLOSED

CASE = "draw"
"""All draws share one case of the record: the draw log."""

PREPARED = (InspectionState.SCHEME_DRAFT, InspectionState.SCHEME_APPROVED)
"""Before dispatch the scheme alone names the team."""
_AT_ONCE = 2_000


@dataclass(frozen=True)
class OfficerRow:
    """An active officer with every dated fact that a draw asks for."""

    id: UUID
    cert_no: str
    cert_from: date
    cert_to: date
    specialties: tuple[str, ...]
    may_lead: bool
    leaves: tuple[tuple[date, date], ...]  # both days included
    load: int  # inspections that are open, or drawn and not planned yet
    unit: str = ""


def lock_log(session: Session) -> None:
    """Let one commit or anchor at a time be made; readers go on. SQLite's writer is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE draw, hash_chain IN SHARE ROW EXCLUSIVE MODE"))


def last_leaf(session: Session) -> str:
    """Return the last leaf of the draw log, zeros before the first; nobody appends meanwhile."""
    head = session.scalar(
        select(RecordCase)
        .where(RecordCase.name == CASE)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return GENESIS if head is None else head.last_leaf


def lock(session: Session, draw_id: UUID) -> Draw:
    """
    Return a draw under its row lock, read afresh.

    Raises:
        NotFound: No such draw.
    """
    draw = session.scalar(
        select(Draw)
        .where(Draw.id == draw_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draw is None:
        raise NotFound(what="该次抽取")
    return draw


def id_of(session: Session, draw_no: str) -> UUID:
    """
    Return the id of the draw of this number.

    Raises:
        NotFound: No such number.
    """
    found = session.scalar(select(Draw.id).where(Draw.draw_no == draw_no))
    if found is None:
        raise NotFound(what=f"编号为 {draw_no} 的抽取")
    return found


def has_number(session: Session, draw_no: str) -> bool:
    """Return whether a draw has this number, void ones too."""
    return session.scalar(select(Draw.id).where(Draw.draw_no == draw_no)) is not None


def number_of(session: Session, draw_id: UUID) -> str | None:
    """Return a draw's number, None when there is no such draw; it reads nothing else of the row."""
    return session.scalar(select(Draw.draw_no).where(Draw.id == draw_id))


def numbers(session: Session) -> list[tuple[UUID, str]]:
    """Return id and number of every draw, in the order of the numbers."""
    found = session.execute(select(Draw.id, Draw.draw_no).order_by(Draw.draw_no))
    return [(id, number) for id, number in found]


def is_open(session: Session, draw_id: UUID) -> bool:
    """Return whether a draw is committed and neither revealed nor void."""
    found = select(Draw.id).where(Draw.id == draw_id, Draw.state == DrawState.COMMITTED)
    return session.scalar(found) is not None


def open_commit(session: Session) -> Draw | None:
    """Return the commit that is not revealed yet, if there is one."""
    return session.scalar(
        select(Draw).where(Draw.state == DrawState.COMMITTED).order_by(Draw.draw_no).limit(1)
    )


def not_void(session: Session) -> Sequence[Draw]:
    """
    Return the draws that stand, open or revealed, in the order of their commits.

    A database is one bureau's: its draws are its draws, whatever name it had when it made them.
    """
    return session.scalars(
        select(Draw).where(Draw.state != DrawState.VOID).order_by(Draw.committed_at, Draw.draw_no)
    ).all()


def standing_beside(session: Session, draw_id: UUID) -> list[tuple[str, str]]:
    """Return number and commit body of every other draw that is not void, as they are stored."""
    found = session.execute(
        select(Draw.draw_no, Draw.commit_body)
        .where(Draw.id != draw_id, Draw.state != DrawState.VOID)
        .order_by(Draw.draw_no)
    )
    return [(number, body) for number, body in found]


def next_number(session: Session, year: int) -> str:
    """Return `<year>-<two digits>`, the first that no draw has; call under `lock_log`."""
    taken = set(session.scalars(select(Draw.draw_no).where(Draw.draw_no.startswith(f"{year}-"))))
    serial = len(taken) + 1
    while f"{year}-{serial:02d}" in taken:
        serial += 1
    return f"{year}-{serial:02d}"


def enterprise_names(session: Session) -> dict[str, str]:
    """Return the name of every enterprise, by its id as text."""
    rows = session.execute(
        select(Enterprise.id, Enterprise.name).execution_options(yield_per=_AT_ONCE)
    )
    return {str(id): name for id, name in rows}


def officers(session: Session) -> list[OfficerRow]:
    """Return the active officers by 执法证号."""
    leaves: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for row in session.scalars(select(OfficerLeave)):
        leaves[row.officer_id].append((row.first_day, row.last_day))
    loads = _loads(session)
    return [
        OfficerRow(
            id=officer.id,
            cert_no=officer.cert_no,
            cert_from=officer.cert_valid_from,
            cert_to=officer.cert_valid_to,
            specialties=tuple(officer.specialties),
            may_lead=officer.may_lead,
            leaves=tuple(sorted(leaves[officer.id])),
            load=loads[officer.id],
            unit=officer.unit,
        )
        for officer in session.scalars(
            select(Officer).where(Officer.active).order_by(Officer.cert_no)
        )
    ]


def recusals(session: Session) -> list[tuple[UUID, str]]:
    """Return (officer, 统一社会信用代码) of every recusal."""
    return [
        (officer, uscc)
        for officer, uscc in session.execute(select(OfficerRecusal.officer_id, OfficerRecusal.uscc))
    ]


def _loads(session: Session) -> Counter[UUID]:
    loads: Counter[UUID] = Counter()
    visits = (
        select(InspectionMember.officer_id, func.count())
        .join(Inspection, Inspection.id == InspectionMember.inspection_id)
        .where(InspectionMember.left_at.is_(None), Inspection.state.not_in(CLOSED))
        .group_by(InspectionMember.officer_id)
    )
    for officer, count in session.execute(visits):
        loads[officer] += count
    for scheme in session.scalars(select(Inspection.scheme).where(Inspection.state.in_(PREPARED))):
        loads.update(UUID(one["officer_id"]) for one in scheme["officers"])
    unplanned = select(Draw.id).where(
        Draw.state == DrawState.REVEALED, ~exists().where(Inspection.draw_id == Draw.id)
    )
    for draw_id in session.scalars(unplanned).all():
        for team in standing_teams(session, draw_id).values():
            loads.update(officer for _, officer in team)
    return loads


def add_leaves(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert leaves in batches."""
    for batch in _batches(rows):
        session.execute(insert(DrawLeaf), batch)


def add_officers(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the officers of a draw."""
    for batch in _batches(rows):
        session.execute(insert(DrawOfficer), batch)


def add_teams(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the places of the drawn teams."""
    for batch in _batches(rows):
        session.execute(insert(DrawTeam), batch)


def mark_selected(session: Session, draw_id: UUID, commitments: Iterable[str]) -> None:
    """Mark leaves as selected."""
    for start in _batches(commitments, 500):
        session.execute(
            update(DrawLeaf)
            .where(DrawLeaf.draw_id == draw_id, DrawLeaf.commitment.in_(start))
            .values(selected=True)
            .execution_options(synchronize_session=False)
        )


def lines(session: Session, draw_id: UUID) -> tuple[list[str], list[str]]:
    """Return the public lines of the pool and of the exclusions, each sorted bytewise."""
    found: tuple[list[str], list[str]] = ([], [])
    rows = session.execute(
        select(DrawLeaf.included, DrawLeaf.label, DrawLeaf.commitment)
        .where(DrawLeaf.draw_id == draw_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for included, label, commitment in rows:
        found[0 if included else 1].append(f"{label}\t{commitment}")
    for part in found:
        part.sort()
    return found


class LeafRow(NamedTuple):
    """One enterprise of a draw: what hides it, and whose row it is tied to."""

    commitment: str
    salt: bytes
    record: str
    selected: bool
    uscc: str | None  # None: that row is gone


def leaves(
    session: Session, draw_id: UUID, came_in: Collection[str] | None = None
) -> Iterator[LeafRow]:
    """Yield every leaf of a draw, or only those that were selected or are named here."""
    query = (
        select(
            DrawLeaf.commitment, DrawLeaf.salt, DrawLeaf.record, DrawLeaf.selected, Enterprise.uscc
        )
        .outerjoin(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(DrawLeaf.draw_id == draw_id)
        .order_by(DrawLeaf.commitment)
        .execution_options(yield_per=_AT_ONCE)
    )
    if came_in is not None:
        query = query.where(or_(DrawLeaf.selected, DrawLeaf.commitment.in_(came_in)))
    yield from (LeafRow(*row) for row in session.execute(query))


def certificate_numbers(session: Session, draw_id: UUID) -> dict[str, str]:
    """Return the 执法证号 of whoever each officer's commitment is tied to."""
    rows = session.execute(
        select(DrawOfficer.commitment, Officer.cert_no)
        .join(Officer, Officer.id == DrawOfficer.officer_id)
        .where(DrawOfficer.draw_id == draw_id)
    )
    return {row.commitment: row.cert_no for row in rows}


def drawn_officers(session: Session, draw_id: UUID) -> Sequence[DrawOfficer]:
    """Return the officers of a draw's eligibility, by commitment."""
    return session.scalars(
        select(DrawOfficer).where(DrawOfficer.draw_id == draw_id).order_by(DrawOfficer.commitment)
    ).all()


def teams(session: Session, draw_id: UUID) -> Sequence[DrawTeam]:
    """Return the places of a draw's teams."""
    return session.scalars(select(DrawTeam).where(DrawTeam.draw_id == draw_id)).all()


def chains(session: Session, kind: str, year: int) -> Sequence[HashChain]:
    """Return the published chains of a kind and year, the newest last."""
    return session.scalars(
        select(HashChain)
        .where(HashChain.kind == kind, HashChain.year == year)
        .order_by(HashChain.created_at, HashChain.id)
    ).all()


def chain_by_anchor(session: Session, anchor_hex: str) -> HashChain | None:
    """Return the chain of this anchor."""
    return session.scalar(select(HashChain).where(HashChain.anchor_hex == anchor_hex))


def shown_values(session: Session, draw_id: UUID) -> set[tuple[str, int, str]]:
    """Return (anchor, position, value) of what a draw revealed of chains."""
    rows = session.execute(
        select(HashChain.anchor_hex, ChainValue.position, ChainValue.value_hex)
        .join(HashChain, HashChain.id == ChainValue.chain_id)
        .where(ChainValue.draw_id == draw_id)
    )
    return {(row.anchor_hex, row.position, row.value_hex) for row in rows}


def last_revealed(session: Session, count: int) -> Sequence[UUID]:
    """Return the last draws with a result that stands, the newest first."""
    return session.scalars(
        select(Draw.id)
        .where(Draw.state == DrawState.REVEALED)
        .order_by(Draw.revealed_at.desc(), Draw.draw_no.desc())
        .limit(count)
    ).all()


def add_partner_teams(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the places of partner departments' teams."""
    for batch in _batches(rows):
        session.execute(insert(DrawPartnerTeam), batch)


def partner_teams(session: Session, draw_id: UUID) -> Sequence[DrawPartnerTeam]:
    """Return the places of the partner departments' teams as drawn."""
    return session.scalars(
        select(DrawPartnerTeam)
        .where(DrawPartnerTeam.draw_id == draw_id)
        .order_by(DrawPartnerTeam.task, DrawPartnerTeam.dept, DrawPartnerTeam.stage)
    ).all()


def is_revealed(session: Session, chain_id: UUID, position: int) -> bool:
    """Return whether this position of the chain was revealed by any draw."""
    return session.get(ChainValue, (chain_id, position)) is not None


def commit_bodies(session: Session) -> list[str]:
    """Return the commit body of every draw, revealed or not."""
    return list(session.scalars(select(Draw.commit_body)))


def _batches(rows: Iterable[Any], size: int = _AT_ONCE) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
