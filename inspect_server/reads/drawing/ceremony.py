"""What the room sees while a draw is revealed: nothing by which an enterprise could be known."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.ceremony.dice import dice_among, faces_of, roll_before, too_late
from inspect_server.domain.draw.ceremony.lateness import expected_from, is_late, roll_until
from inspect_server.domain.draw.ceremony.words import (
    count_available,
    source_brings,
    source_title,
    source_value,
    stage_name,
)
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.entropy import CHAINS, PUBLISHED, Source, SourceKind, Written
from inspect_server.domain.errors import NotFound
from inspect_server.domain.plan import Figures, figures, in_rows
from inspect_server.store import planning
from inspect_server.store.drawing import dice, papers, replacements
from inspect_server.store.drawing import draws as store
from inspect_server.store.models.planning import Draw, DrawState


@dataclass(frozen=True)
class Awaited:
    """One declared source; `value` is "" until it is revealed."""

    kind: SourceKind
    name: str
    issue: str
    title: str
    what: str
    brings: str
    written: Written | None  # how its value is typed; None for a chain
    holder: str
    value: str

    @property
    def is_chain(self) -> bool:
        """Whether its value comes from a hash chain rather than from people at keys."""
        return self.kind in CHAINS


@dataclass(frozen=True)
class Dice:
    """The dice of a draw: awaited until `before`, then logged or missed."""

    faces: tuple[str, ...]  # none while they are not logged
    leaf: str
    until: datetime  # until when people are told to roll
    before: datetime  # from when on they would prove nothing
    missed: bool


@dataclass(frozen=True)
class Place:
    """One place of a team, by the officer's commitment."""

    stage: str
    officer: str


@dataclass(frozen=True)
class Team:
    """The team of one department; its name is "" where ours is the only one."""

    dept: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class ChosenLine:
    """One selected enterprise, by its commitment."""

    cell: str  # or the row of small cells
    commitment: str
    teams: tuple[Team, ...]  # ours first, then the partners'


@dataclass(frozen=True)
class Outcome:
    """The result as the room may see it."""

    seed: str
    r: int
    chosen: tuple[ChosenLine, ...]
    certificate_sha256: str
    replaced: int  # how often; each time the certificate was issued anew


@dataclass(frozen=True)
class Ceremony:
    """One draw in front of witnesses."""

    id: UUID
    draw_no: str
    authority: str
    state: DrawState
    year: int
    commit: str
    included: int
    excluded: int
    officers: int
    deadline: str
    late: bool  # revealed after the deadline
    expected_from: datetime | None  # by the closures on file; None without a public value
    sources: tuple[Awaited, ...]
    cells: tuple[Figures, ...]  # small ones as one: the room may know who is alone in a cell
    dice: Dice | None  # None where the commit names none
    outcome: Outcome | None

    @property
    def cell_count(self) -> int:
        """How many cells the commit has."""
        return sum(len(row.cells) for row in self.cells)

    @property
    def has_sums(self) -> bool:
        """Whether small cells are shown as one."""
        return self.cell_count > len(self.cells)

    @property
    def undrawn(self) -> int:
        """How many cells are in rows of which nobody was drawn."""
        return sum(len(row.cells) for row in self.cells if not row.drawn)

    @property
    def typed(self) -> tuple[Awaited, ...]:
        """The sources whose values people type now: the dice, then all others at the reveal."""
        rolls = self.dice is not None and not self.dice.faces
        return tuple(
            one
            for one in self.sources
            if not one.is_chain and (one.kind is SourceKind.DICE) is rolls
        )


def ceremony(session: Session, draw_id: UUID, now: datetime) -> Ceremony:
    """
    Return what is fixed, what is awaited, and the result once there is one.

    Raises:
        NotFound: No such draw.
    """
    row = session.get(Draw, draw_id)
    if row is None:
        raise NotFound(what="该次抽取")
    body = checked_body(json.loads(row.commit_body))
    text = replacements.certificate(session, row) if row.revealed_at else None
    certificate = json.loads(text) if text else {}
    cells = figures(
        body.cells,
        papers.cell_sizes(session, row.id),
        certificate.get("counts"),
        planning.smallest_cell(session, row.plan_id),
    )
    return Ceremony(
        id=row.id,
        draw_no=row.draw_no,
        authority=row.authority,
        state=row.state,
        year=row.visit_from.year,
        commit=row.commit_hex,
        included=body.data["counts"]["included"],
        excluded=body.data["counts"]["excluded"],
        officers=count_available(row.eligibility),
        deadline=body.data["deadline"],
        late=is_late(row.revealed_at, body.data["deadline"]),
        expected_from=expected_from(body.sources),
        sources=_sources(session, body, certificate),
        cells=cells,
        dice=_dice(session, row, body, now),
        outcome=_outcome(text, certificate, cells) if text else None,
    )


def _sources(
    session: Session, body: CommitBody, certificate: Mapping[str, Any]
) -> tuple[Awaited, ...]:
    values = [one["bytes_hex"] for one in certificate.get("entropy", [])]
    values += [""] * (len(body.sources) - len(values))
    return tuple(
        _awaited(session, source, body, value)
        for source, value in zip(body.sources, values, strict=True)
    )


def _dice(session: Session, row: Draw, body: CommitBody, now: datetime) -> Dice | None:
    if dice_among(body.sources) is None:
        return None
    rolled = dice.of_draw(session, row.id)
    faces = tuple(faces_of(rolled.value).split(",")) if rolled else ()
    return Dice(
        faces=faces,
        leaf=rolled.leaf if rolled else "",
        until=roll_until(body.sources, body.data["deadline"]),
        before=roll_before(body.sources),
        missed=not faces and too_late(body.sources, now),
    )


def _awaited(session: Session, source: Source, body: CommitBody, value: str) -> Awaited:
    chain = store.chain_by_anchor(session, source.name) if source.kind in CHAINS else None
    is_text = source.kind not in CHAINS
    return Awaited(
        kind=source.kind,
        name=source.name,
        issue=source.issue,
        title=source_title(source),
        what=source_value(source),
        brings=source_brings(source, body.sources, body.data["deadline"]),
        written=PUBLISHED.get(source.name),
        holder=chain.holder if chain else "",
        value=bytes.fromhex(value).decode("ascii") if is_text else value,
    )


def _outcome(text: str, certificate: Mapping[str, Any], cells: Sequence[Figures]) -> Outcome:
    teams: dict[str, dict[str, list[Place]]] = {}
    for place in certificate["teams"]:
        one = Place(stage_name(place["role"]), place["officer"])
        teams.setdefault(place["task"], {}).setdefault(place["dept"], []).append(one)
    return Outcome(
        seed=certificate["seed"],
        r=certificate["r"],
        chosen=tuple(
            ChosenLine(name, one["c"], _teams(teams.get(one["c"], {})))
            for name, one in in_rows(
                certificate["selected"], cells, itemgetter("cell"), itemgetter("c")
            )
        ),
        certificate_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        replaced=len(certificate["replacements"]),
    )


def _teams(by_dept: Mapping[str, Sequence[Place]]) -> tuple[Team, ...]:
    joint = len(by_dept) > 1
    return tuple(Team(dept if joint else "", tuple(places)) for dept, places in by_dept.items())
