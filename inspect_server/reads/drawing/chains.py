"""The published hash chains as supervisors and auditors read them: what each value was for."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.drawing.replacements import given_up_anchors
from inspect_server.store.models.planning import ChainValue, Draw, HashChain
from inspect_server.store.models.replacing import DrawReplacement

WITNESS = "witness"


@dataclass(frozen=True)
class Use:
    """One position of a chain that a commit or a replacement named; it serves nothing else."""

    position: int
    draw_id: UUID
    draw_no: str
    k: int | None  # of the replacement; None for the draw itself
    is_known: bool  # its value was revealed


@dataclass(frozen=True)
class ChainView:
    """One published chain and how far it is used."""

    id: UUID
    kind: str  # authority | witness
    holder: str
    year: int
    suite: str
    anchor: str
    length: int
    key: str  # a witness's public key in hex, "" when none was published
    published_at: datetime
    uses: tuple[Use, ...]  # by position
    is_given_up: bool  # with a draw that is void on paper, or for its lost file

    @property
    def left(self) -> int:
        """How many positions nobody has named, counted from the last that was."""
        return self.length - max((one.position for one in self.uses), default=0)

    @property
    def is_in_use(self) -> bool:
        """Whether it has values for draws to come; another of its kind is refused meanwhile."""
        return self.left > 0 and not self.is_given_up


def chain_views(session: Session) -> tuple[ChainView, ...]:
    """Return all published chains, the newest year first, the bureau's own before the witness's."""
    rows = session.scalars(
        select(HashChain).order_by(HashChain.year.desc(), HashChain.kind, HashChain.created_at)
    ).all()
    uses = _uses(session, {row.anchor_hex: row.id for row in rows})
    given_up = given_up_anchors(session)
    return tuple(
        ChainView(
            id=row.id,
            kind=row.kind,
            holder=row.holder,
            year=row.year,
            suite=row.suite,
            anchor=row.anchor_hex,
            length=row.length,
            key=row.public_key_hex or "",
            published_at=row.created_at,
            uses=tuple(sorted(uses[row.id], key=lambda one: one.position)),
            is_given_up=row.kind == WITNESS and row.anchor_hex in given_up,
        )
        for row in rows
    )


def _uses(session: Session, chains: dict[str, UUID]) -> defaultdict[UUID, list[Use]]:
    known = {(one.chain_id, one.position) for one in session.scalars(select(ChainValue))}
    found: defaultdict[UUID, list[Use]] = defaultdict(list)
    numbers: dict[UUID, str] = {}
    for draw_id, draw_no, body in session.execute(select(Draw.id, Draw.draw_no, Draw.commit_body)):
        numbers[draw_id] = draw_no
        for source in json.loads(body)["sources"]:
            chain = chains.get(source["name"])
            if chain is not None:
                at = int(source["issue"])
                found[chain].append(Use(at, draw_id, draw_no, None, (chain, at) in known))
    for row in session.scalars(select(DrawReplacement)):
        is_known = (row.chain_id, row.position) in known
        number = numbers[row.draw_id]
        found[row.chain_id].append(Use(row.position, row.draw_id, number, row.k, is_known))
    return found
