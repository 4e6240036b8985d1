"""Publishing hash chains, and which of their values a commit names."""

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from inspect_server.domain.draw.ceremony.holders import check_names_nobody, unit_name
from inspect_server.domain.draw.entropy import LONGEST_CHAIN, Source, SourceKind
from inspect_server.domain.draw.errors import (
    BadCommit,
    ChainExhausted,
    ChainExists,
    ChainMissing,
)
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden, InspectError
from inspect_server.store import identity
from inspect_server.store.counting import tally
from inspect_server.store.drawing import draws
from inspect_server.store.drawing.replacements import (
    given_up_anchors,
    named_positions,
    open_positions,
)
from inspect_server.store.models.planning import HashChain
from inspect_server.usecases.disclosing.notices import publish_chain
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

AUTHORITY, WITNESS = "authority", "witness"
KINDS = {AUTHORITY: "本机关", WITNESS: "见证方"}
SOURCE_OF = {AUTHORITY: SourceKind.AUTHORITY, WITNESS: SourceKind.WITNESS}


class ChainGivenUp(InspectError):
    """A draw is void on paper or for a lost file: the chain that it named is used no further."""

    code, kind = "draw.chain_given_up", "missing"
    message = (
        "{year} 年{kind}的哈希链已随抽取作废停用（见证方为书面签署，或者秘密文件遗失），"
        "请由见证方生成新链，再到“双随机抽取”的“哈希链”页面（draw chain anchor）公布其锚值。"
    )


class CommitOpenOnChain(InspectError):
    """A commit has named the witness's next value and waits: a later one would expose it."""

    code, kind = "draw.commit_open_on_chain", "conflict"
    message = (
        "抽取 {draw_no} 的承诺已列出见证方哈希链第 {position} 个值、尚未揭示，"
        "此时为替补取值会使该值提前显现，没有登记申请；"
        "请先揭示（draw reveal {draw_no}）或者作废（draw void {draw_no}）该次抽取，再申请替补。"
    )


@dataclass(frozen=True)
class PublishedChain:
    """An anchor that stands in the record."""

    id: UUID
    kind: str
    year: int
    anchor: str
    length: int


def publish_anchor(
    work: Work,
    *,
    kind: str,
    holder: str,
    year: int,
    anchor_hex: str,
    length: int,
    suite_name: str = "sha256",
    public_key_hex: str = "",
) -> PublishedChain:
    """
    Publish the anchor of a year's chain, before the first draw that uses it.

    A second chain of the same kind is refused while the first has values left, unless a void gave
    that up, on paper or for a lost file: whoever had two could choose between two values.

    Args:
        holder: The unit that keeps the chain; it is public, so it names no person and no number.
        public_key_hex: The witness's raw Ed25519 key, with which they can agree to a void; "" when
            they will do so on paper.

    Raises:
        Forbidden: The actor is no supervisor.
        BadInput: Not an anchor or key, no unit as its holder, or no usable length.
        BadSuite: Unknown suite.
        ChainExists: The year's chain of this kind is not used up.
    """
    if Role.SUPERVISOR not in work.actor.roles:
        raise Forbidden(action="公布哈希链锚值")
    if kind not in KINDS:
        raise BadInput(field="链的种类", reason="应为 authority 或 witness")
    if not is_hash(anchor_hex):
        raise BadInput(field="锚值", reason="应为 64 位小写十六进制")
    if public_key_hex and (kind != WITNESS or not is_hash(public_key_hex)):
        raise BadInput(field="见证方公钥", reason="应为 64 位小写十六进制，且只随见证方的链公布")
    holder = unit_name(holder)
    check_names_nobody(holder, identity.names_of_people(work.session))
    if not 1 <= length <= LONGEST_CHAIN:
        raise BadInput(field="链长", reason=f"应在 1 到 {LONGEST_CHAIN} 之间")
    suite(suite_name)
    draws.lock_log(work.session)
    if draws.chain_by_anchor(work.session, anchor_hex) is not None:
        raise ChainExists(year=year, kind=KINDS[kind])
    for one in draws.chains(work.session, kind, year):
        if not (_is_used_up(work.session, one) or _is_given_up(work.session, one)):
            raise ChainExists(year=year, kind=KINDS[kind])
    chain = HashChain(
        id=uuid4(),
        kind=kind,
        holder=holder,
        suite=suite_name,
        year=year,
        anchor_hex=anchor_hex,
        length=length,
        created_at=work.now,
        public_key_hex=public_key_hex or None,
    )
    work.session.add(chain)
    tally.count_row(work.session, tally.CHAIN, chain)
    work.session.flush()
    note(
        work,
        "draw.anchored",
        draws.CASE,
        {
            "chain": str(chain.id),
            "kind": kind,
            "year": year,
            "suite": suite_name,
            "anchor": anchor_hex,
            "length": length,
            "public_key": public_key_hex,
        },
    )
    publish_chain(work, chain)
    return PublishedChain(chain.id, kind, year, anchor_hex, length)


def chain_sources(session: Session, year: int) -> tuple[str, list[Source]]:
    """
    Return the suite and the two chain sources that the next commit of a year declares.

    Raises:
        ChainMissing, ChainGivenUp: An anchor is not published, or only one that was given up.
        ChainExhausted: A chain has no value left.
        BadCommit: The two chains use different hash functions.
    """
    found = [chain_in_use(session, kind, year) for kind in (AUTHORITY, WITNESS)]
    if found[0].suite != found[1].suite:
        raise BadCommit(reason="本机关链与见证链的哈希套件不同")
    sources = []
    for chain in found:
        position = next_position(session, chain)
        if position > chain.length:
            raise ChainExhausted(length=chain.length)
        sources.append(Source(SOURCE_OF[chain.kind], chain.anchor_hex, str(position)))
    return found[0].suite, sources


def chain_in_use(session: Session, kind: str, year: int) -> HashChain:
    """
    Return the year's chain that is not over; when all are used up, the last of them.

    Raises:
        ChainMissing: None is published.
        ChainGivenUp: All that are published were given up with a void draw.
    """
    chains = draws.chains(session, kind, year)
    if not chains:
        raise ChainMissing(year=year, kind=KINDS[kind])
    left = [one for one in chains if not _is_given_up(session, one)]
    if not left:
        raise ChainGivenUp(year=year, kind=KINDS[kind])
    return next((one for one in left if not _is_used_up(session, one)), left[-1])


def next_position(session: Session, chain: HashChain) -> int:
    """
    Return the first position that no commit has named.

    A position that a commit named, or the request of a replacement, is never named again, revealed
    or not: a verifier rejects two commits that name the same one.
    """
    named = [
        int(source["issue"])
        for body in draws.commit_bodies(session)
        for source in json.loads(body)["sources"]
        if source["name"] == chain.anchor_hex
    ]
    return max([*named, *named_positions(session, chain.id)], default=0) + 1


def check_none_open(session: Session, chain: HashChain) -> None:
    """
    Refuse while a commit that names a value of this chain waits for its reveal.

    A replacement would name the value after it, and whoever shows that shows what stands before.

    Raises:
        CommitOpenOnChain: One waits.
    """
    for draw_no, position in open_positions(session, chain.anchor_hex):
        raise CommitOpenOnChain(draw_no=draw_no, position=position)


def _is_used_up(session: Session, chain: HashChain) -> bool:
    return next_position(session, chain) > chain.length


def _is_given_up(session: Session, chain: HashChain) -> bool:
    """Whether a draw that named it is void on paper, or because its witness lost it."""
    return chain.kind == WITNESS and chain.anchor_hex in given_up_anchors(session)
