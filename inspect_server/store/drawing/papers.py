"""What the papers of a draw print: names behind labels and commitments, and sizes of cells."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.store.models.identity import User
from inspect_server.store.models.planning import DrawLeaf, DrawOfficer, HashChain
from inspect_server.store.models.registry import Enterprise, Officer

_AT_ONCE = 500
SYSTEM_NAME = "系统"


def chains_of(session: Session, year: int) -> Sequence[HashChain]:
    """Return every published chain of a year, the authority's first."""
    return session.scalars(
        select(HashChain)
        .where(HashChain.year == year)
        .order_by(HashChain.kind, HashChain.created_at, HashChain.id)
    ).all()


def cell_sizes(session: Session, draw_id: UUID) -> dict[str, int]:
    """Return how many enterprises of the pool are in each cell."""
    rows = session.execute(
        select(DrawLeaf.label, func.count())
        .where(DrawLeaf.draw_id == draw_id, DrawLeaf.included)
        .group_by(DrawLeaf.label)
    )
    return {row[0]: row[1] for row in rows}


def enterprises(
    session: Session, draw_id: UUID, commitments: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return name and 统一社会信用代码 behind these commitments."""
    found: dict[str, tuple[str, str]] = {}
    for part in _parts(commitments):
        rows = session.execute(
            select(DrawLeaf.commitment, Enterprise.name, Enterprise.uscc)
            .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
            .where(DrawLeaf.draw_id == draw_id, DrawLeaf.commitment.in_(part))
        )
        found |= {c: (name, uscc) for c, name, uscc in rows}
    return found


def officers(session: Session, draw_id: UUID) -> dict[str, tuple[str, str]]:
    """Return name and 执法证号 of every officer of a draw, by commitment."""
    rows = session.execute(
        select(DrawOfficer.commitment, Officer.name, Officer.cert_no)
        .join(Officer, Officer.id == DrawOfficer.officer_id)
        .where(DrawOfficer.draw_id == draw_id)
    )
    return {c: (name, cert_no) for c, name, cert_no in rows}


def account_names(session: Session, labels: Collection[str]) -> dict[str, str]:
    """Return the account's name for each actor label; what is no account keeps its label."""
    ids = {label: _account(label) for label in labels}
    wanted = [id for id in ids.values() if id is not None]
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    known = {row[0]: row[1] for row in rows}
    return {
        label: SYSTEM_NAME if label.startswith("system:") else known.get(id, label) if id else label
        for label, id in ids.items()
    }


def _account(label: str) -> UUID | None:
    try:
        return UUID(label.removeprefix("user:"))
    except ValueError:
        return None


def _parts(items: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(items[at : at + _AT_ONCE]) for at in range(0, len(items), _AT_ONCE)]
