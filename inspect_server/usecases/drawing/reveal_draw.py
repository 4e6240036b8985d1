"""The reveal of a draw: entropy in, the only possible result out, all of it in one transaction."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.ceremony.typed import source_of
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.eligibility import Eligibility, TeamRules
from inspect_server.domain.draw.entropy import (
    CHAINS,
    KIND_NAMES,
    LONGEST_CHAIN,
    Source,
    SourceKind,
    chain_proof,
    public_bytes,
)
from inspect_server.domain.draw.errors import (
    AlreadyRevealed,
    BadChainValue,
    ChainValueUsed,
    DrawIsVoid,
    EntriesDiffer,
    SamePerson,
    SourcesChanged,
    StoredDrawDamaged,
    TeamsInfeasible,
    TypistMayNot,
)
from inspect_server.domain.draw.hashes.chain import steps_to
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.staffing import Task, failure, staff
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden, InspectError
from inspect_server.domain.identity import CASE_ROLES
from inspect_server.store.drawing import draws, timestamps
from inspect_server.store.models.planning import ChainValue, Draw, DrawState
from inspect_server.usecases.drawing.beforehand.sources import check_exist
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work


@dataclass(frozen=True)
class DoubleEntry:
    """One public value (or dice) as two people typed it, each on their own."""

    first: str
    first_by: Actor
    second: str
    second_by: Actor

    @property
    def source(self) -> str:
        """Name and issue of the agreed value."""
        return source_of(self.first)


@dataclass(frozen=True)
class RevealedDraw:
    """The result, as it stands in the certificate."""

    id: UUID
    draw_no: str
    seed: str
    r: int
    selected: int
    places: int
    relaxed: int  # tasks for which a declared relaxation applied
    certificate: str


def reveal_draw(
    work: Work,
    draw_id: UUID,
    authority_value: str,
    witness_value: str,
    entries: Sequence[DoubleEntry],
    signer: cert.Signer,
) -> RevealedDraw:
    """
    Reveal a committed draw, once.

    The same values give the same result however often an interrupted reveal is started anew.

    Args:
        authority_value: The value of the authority's chain that the commit names, in hex.
        witness_value: That of the witness.
        entries: One for each declared public value and dice.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such draw.
        AlreadyRevealed, DrawIsVoid: There is a result already, or never will be.
        IssueNotYet: A public value cannot exist yet, so whatever was typed is not it.
        BadChainValue, ChainValueUsed: A chain's value is not the one that the commit names.
        EntriesDiffer, SamePerson, TypistMayNot: Not two people of the bureau typed the same.
        SourcesChanged, BadEntropy: A public value cannot be taken.
        StoredDrawDamaged: The stored pool is not the committed one.
        TeamsInfeasible: Some task gets no team; nothing was drawn.
    """
    if Role.SUPERVISOR not in work.actor.roles:
        raise Forbidden(action="揭示抽取结果")
    draw = draws.lock(work.session, draw_id)
    _check_open(work, draw)
    body = checked_body(json.loads(draw.commit_body))
    if body.digest().hex() != draw.commit_hex:
        raise StoredDrawDamaged(draw_no=draw.draw_no, what="承诺")
    check_exist(body.sources, work.now)
    revealed = _entropy(work, draw, body, (authority_value, witness_value), entries)
    leaves, officers = committed(work, draw, body)
    outcome = cert.outcome_of(body, [one.value for one in revealed], leaves, officers)
    if outcome.places is None:
        raise _infeasible(work, draw, body, outcome, officers)
    stamps = timestamps.in_certificate(work.session, draw.id)
    head = draws.last_leaf(work.session)
    unsigned = {**cert.build(body, revealed, outcome, head), "timestamps": stamps}
    text = cert.to_text(cert.sign(body.hash, unsigned, signer))
    _store(work, draw, body, outcome, revealed, entries, text)
    return RevealedDraw(
        id=draw.id,
        draw_no=draw.draw_no,
        seed=outcome.seed.hex(),
        r=outcome.selection.r,
        selected=len(outcome.selection.selected),
        places=len(outcome.places),
        relaxed=len({place.task for place in outcome.places if place.relaxed}),
        certificate=text,
    )


def reveal_and_note(
    backend: Backend,
    actor: Actor,
    draw_id: UUID,
    authority_value: str,
    witness_value: str,
    entries: Sequence[DoubleEntry],
    signer: cert.Signer,
) -> RevealedDraw:
    """
    Reveal in a unit of work of its own; a refusal is noted in the draw log.

    Raises:
        InspectError: As `reveal_draw`.
    """
    return noting_refusals(
        backend,
        actor,
        draw_id,
        lambda work: reveal_draw(work, draw_id, authority_value, witness_value, entries, signer),
    )


def _check_open(work: Work, draw: Draw) -> None:
    if draw.state is DrawState.VOID:
        raise DrawIsVoid(draw_no=draw.draw_no)
    if draw.state is DrawState.REVEALED:
        assert draw.revealed_at is not None
        local = draw.revealed_at.astimezone(work.settings.zone)
        raise AlreadyRevealed(draw_no=draw.draw_no, at=f"{local:%Y-%m-%d %H:%M}")


def _entropy(
    work: Work,
    draw: Draw,
    body: CommitBody,
    chain_values: tuple[str, str],
    entries: Sequence[DoubleEntry],
) -> list[cert.Revealed]:
    given = dict(zip((SourceKind.AUTHORITY, SourceKind.WITNESS), chain_values, strict=True))
    left = list(entries)
    revealed = []
    for source in body.sources:
        if source.kind in CHAINS:
            revealed.append(_chain_value(work, body.hash, source, given[source.kind]))
            continue
        entry = next((one for one in left if _names(one, source)), None)
        if entry is None:
            raise _sources_changed(draw, body)
        left.remove(entry)
        revealed.append(cert.declared(source, public_bytes(source, _agreed(entry)), ""))
    if left:
        raise _sources_changed(draw, body)
    return revealed


def _chain_value(work: Work, h: Hash, source: Source, text: str) -> cert.Revealed:
    try:
        value = bytes.fromhex(text.strip())
    except ValueError:
        raise BadInput(field=KIND_NAMES[source.kind], reason="应为 64 位十六进制") from None
    proof = chain_proof(h, source, value)
    holder, position = KIND_NAMES[source.kind].removesuffix("哈希链"), int(source.issue)
    if proof is None:
        steps = steps_to(h, value, bytes.fromhex(source.name), min(position, LONGEST_CHAIN))
        if steps is not None:
            raise ChainValueUsed(holder=holder, position=steps)
        raise BadChainValue(holder=holder, position=position)
    chain = draws.chain_by_anchor(work.session, source.name)
    if chain is None:
        raise BadChainValue(holder=holder, position=position)
    if draws.is_revealed(work.session, chain.id, position):
        raise ChainValueUsed(holder=holder, position=position)
    return cert.declared(source, value, proof)


def _names(entry: DoubleEntry, source: Source) -> bool:
    start = f"{source.name}/{source.issue}/"
    return entry.first.strip().startswith(start) or entry.second.strip().startswith(start)


def _agreed(entry: DoubleEntry) -> str:
    if entry.first_by.label == entry.second_by.label:
        raise SamePerson
    for which, typist in (("第一名", entry.first_by), ("第二名", entry.second_by)):
        if not CASE_ROLES & typist.roles:
            raise TypistMayNot(which=which)
    if entry.first.strip() != entry.second.strip():
        raise EntriesDiffer
    return entry.first.strip()


def _sources_changed(draw: Draw, body: CommitBody) -> SourcesChanged:
    declared = "、".join(f"{KIND_NAMES[one.kind]} {one.issue}" for one in body.sources)
    return SourcesChanged(draw_no=draw.draw_no, declared=declared)


def committed(
    work: Work, draw: Draw, body: CommitBody
) -> tuple[dict[str, list[bytes]], Eligibility]:
    """
    Return the leaves of each cell and the officers, read from the lines that were committed to.

    Raises:
        StoredDrawDamaged: They are no longer those.
    """
    included, excluded = draws.lines(work.session, draw.id)
    officers = draw.eligibility.split("\n") if draw.eligibility else []
    roots = {
        "抽取池": (pool.lines_root(body.hash, included), "pool_root"),
        "排除清单": (pool.lines_root(body.hash, excluded), "excluded_root"),
        "资格清单": (eligibility.lines_root(body.hash, officers), "eligibility_root"),
    }
    for what, (found, key) in roots.items():
        if found != body.data[key]:
            raise StoredDrawDamaged(draw_no=draw.draw_no, what=what)
    leaves = pool.by_cell(body.cells, pool.parse(included, pool.POOL))
    return leaves, eligibility.parse(officers)


def _infeasible(
    work: Work, draw: Draw, body: CommitBody, outcome: cert.Outcome, officers: Eligibility
) -> InspectError:
    tasks: list[Task] = [(one.cell, one.commitment) for one in outcome.selection.selected]
    given = [TeamRules.from_json(data) for data in body.team_rules]
    h, seed = body.hash, outcome.seed
    rules = next(one for one in given if staff(h, seed, one, tasks, officers) is None)
    short = failure(h, seed, rules, tasks, officers)
    named = draws.codes(work.session, draw.id, [c.hex() for c, _ in short.tasks[:5]])
    return TeamsInfeasible(count=len(short.tasks), rule=short.rule, tasks="、".join(named))


def _store(
    work: Work,
    draw: Draw,
    body: CommitBody,
    outcome: cert.Outcome,
    revealed: Sequence[cert.Revealed],
    entries: Sequence[DoubleEntry],
    text: str,
) -> None:
    draw.state = DrawState.REVEALED
    draw.revealed_at, draw.revealed_by = work.now, work.actor.label
    draw.certificate = text
    _store_chain_values(work, draw, body, revealed)
    selected = [one.commitment.hex() for one in outcome.selection.selected]
    draws.mark_selected(work.session, draw.id, selected)
    officer_ids = {
        row.commitment: row.officer_id for row in draws.drawn_officers(work.session, draw.id)
    }
    places = outcome.places or []
    own = body.team_rules[0]["dept"]  # ours stands first
    rows = [
        (
            place.dept,
            {
                "draw_id": draw.id,
                "task": place.task.hex(),
                "stage": place.label,
                "officer_id": officer_ids[place.officer.hex()],
            },
        )
        for place in places
    ]
    draws.add_teams(work.session, (row for dept, row in rows if dept == own))
    draws.add_partner_teams(
        work.session, ({"dept": dept, **row} for dept, row in rows if dept != own)
    )
    work.session.flush()
    local_day = work.now.astimezone(work.settings.zone).date().isoformat()
    note(
        work,
        "draw.revealed",
        draws.CASE,
        {
            "draw": str(draw.id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "seed": outcome.seed.hex(),
            "selected": len(selected),
            "places": len(places),
            "certificate_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
            "late": local_day > body.data["deadline"],
            "typed": [
                {"source": one.source, "by": [one.first_by.label, one.second_by.label]}
                for one in entries
            ],
        },
    )


def _store_chain_values(
    work: Work, draw: Draw, body: CommitBody, revealed: Sequence[cert.Revealed]
) -> None:
    for source, one in zip(body.sources, revealed, strict=True):
        if source.kind not in CHAINS:
            continue
        chain = draws.chain_by_anchor(work.session, source.name)
        assert chain is not None
        work.session.add(
            ChainValue(
                chain_id=chain.id,
                position=int(source.issue),
                value_hex=one.value.hex(),
                draw_id=draw.id,
                revealed_at=work.now,
            )
        )
