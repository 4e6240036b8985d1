"""The reveal of a draw: entropy in, the only possible result out, all of it in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.ceremony.lateness import is_late
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.eligibility import Eligibility
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
    BadChainValue,
    ChainValueUsed,
    SourcesChanged,
    StoredDrawDamaged,
)
from inspect_server.domain.draw.hashes.chain import steps_to
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.store.drawing import draws, timestamps
from inspect_server.store.models.planning import ChainValue, Draw, DrawState
from inspect_server.usecases.drawing.beforehand.sources import check_exist
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.drawing.ceremony.no_teams import no_teams
from inspect_server.usecases.drawing.ceremony.roll_dice import body_of, check_open, logged_dice
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.drawing.stored_result import wrong_list
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work

FROM_LOG = "（取自抽取日志，不再录入）"


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
        entries: One for each declared public value; dice come from the draw log.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such draw.
        AlreadyRevealed, DrawIsVoid: There is a result already, or never will be.
        DiceNotRolled, DiceMissed: The commit names dice and none are logged.
        IssueNotYet: A public value cannot exist yet, so whatever was typed is not it.
        BadChainValue, ChainValueUsed: A chain's value is not the one that the commit names.
        EntriesDiffer, SamePerson, TypistMayNot: Not two people of the bureau typed the same.
        SourcesChanged, BadEntropy: A public value cannot be taken.
        StoredDrawDamaged: The stored pool is not the committed one.
        NoTeams: Some task gets no team; nothing was drawn, and nothing ever will be.
    """
    if Role.SUPERVISOR not in work.actor.roles:
        raise Forbidden(action="揭示抽取结果")
    draw = draws.lock(work.session, draw_id)
    check_open(work, draw)
    body = body_of(draw)
    rolled = logged_dice(work, draw, body)  # first: who waits for the lottery may miss them
    check_exist(body.sources, work.now)
    revealed = _entropy(work, draw, body, (authority_value, witness_value), entries, rolled)
    leaves, officers = committed(work, draw, body)
    outcome = cert.outcome_of(body, [one.value for one in revealed], leaves, officers)
    if outcome.places is None:
        tasks = [(one.cell, one.commitment) for one in outcome.selection.selected]
        raise no_teams(work.session, draw, body, outcome.seed, tasks, officers)
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


def _entropy(
    work: Work,
    draw: Draw,
    body: CommitBody,
    chain_values: tuple[str, str],
    entries: Sequence[DoubleEntry],
    rolled: cert.Revealed | None,
) -> list[cert.Revealed]:
    given = dict(zip((SourceKind.AUTHORITY, SourceKind.WITNESS), chain_values, strict=True))
    left = list(entries)
    revealed = []
    for source in body.sources:
        if source.kind in CHAINS:
            revealed.append(_chain_value(work, body.hash, source, given[source.kind]))
            continue
        if rolled is not None and (rolled.source, rolled.issue) == (source.name, source.issue):
            revealed.append(rolled)
            continue
        entry = next((one for one in left if one.names(source)), None)
        if entry is None or source.kind is SourceKind.DICE:
            raise _sources_changed(draw, body)
        left.remove(entry)
        value = public_bytes(source, entry.agreed(source.kind))
        revealed.append(cert.declared(source, value, ""))
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


def _sources_changed(draw: Draw, body: CommitBody) -> SourcesChanged:
    declared = "、".join(
        f"{KIND_NAMES[one.kind]} {one.issue}{FROM_LOG if one.kind is SourceKind.DICE else ''}"
        for one in body.sources
    )
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
    if what := wrong_list(body, included, excluded, officers):
        raise StoredDrawDamaged(draw_no=draw.draw_no, what=what)
    leaves = pool.by_cell(body.cells, pool.parse(included, pool.POOL))
    return leaves, eligibility.parse(officers)


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
            "late": is_late(work.now, body.data["deadline"]),
            "typed": [one.noted() for one in entries],
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
