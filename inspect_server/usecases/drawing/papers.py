"""Issuing the papers of a draw: made from what is stored, noted in the draw log with their hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from operator import itemgetter
from typing import Any
from uuid import UUID

from inspect_server.domain.draw.ceremony.checklist import checklist
from inspect_server.domain.draw.ceremony.lateness import is_late
from inspect_server.domain.draw.ceremony.words import (
    count_available,
    place_name,
    rules_in_words,
    source_brings,
    source_title,
    source_value,
)
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.eligibility import TeamRules
from inspect_server.domain.draw.entropy import CHAINS, Source, SourceKind
from inspect_server.domain.draw.replacement.requests import REASON_NAMES
from inspect_server.domain.draw.replacement.void import VOID_NAMES
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, InspectError, NotFound
from inspect_server.domain.plan import Figures, cell_name, figures, in_rows
from inspect_server.store import planning, record
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.drawing import papers as store
from inspect_server.store.models.planning import Draw, HashChain
from inspect_server.usecases.disclosing.identities import check_may_see_drawn
from inspect_server.usecases.drawing.afterwards.request_paper import request_facts
from inspect_server.usecases.drawing.ceremony.printing import IssuedPaper, issue_paper
from inspect_server.usecases.work import Work
from pdf_templates.draw.anchors import Anchor, AnchorNotice
from pdf_templates.draw.checklist import Checklist, Part
from pdf_templates.draw.commitment import Commitment
from pdf_templates.draw.commitment import Source as Declared
from pdf_templates.draw.parts import Signer
from pdf_templates.draw.result import Chosen, Counted, Entered, Result, Sent

MAY_PRINT = (Role.SUPERVISOR, Role.OFFICE)
VERIFIER = ("inspect_server", "disclosure", "verifiers", "sjc_verify.py")
WITNESS_TOOL = ("inspect_server", "cli", "draw", "chains", "witness_chain.py")
"""Single files that this version ships; read as files, never imported."""
OWN = "本机关链文件"
SHOWN = 16
"""Hex digits of a commitment in a remark."""


class Paper(StrEnum):
    """Which paper of a draw."""

    COMMITMENT = "commitment"
    RESULT = "result"  # for witnesses, without names
    INTERNAL = "result-internal"
    CHECKLIST = "checklist"
    REQUEST = "replacement-request"  # of the newest replacement, for the witness


KINDS = {
    Paper.COMMITMENT: "draw_commitment",
    Paper.RESULT: "draw_result",
    Paper.INTERNAL: "draw_result",
    Paper.CHECKLIST: "draw_checklist",
    Paper.REQUEST: "draw_replacement_request",
}


class NoResultYet(InspectError):
    """A result is printed once there is one."""

    code, kind = "draw.no_result_yet", "conflict"
    message = "抽取 {draw_no} 尚未揭示，没有结果可印，请先揭示；承诺书可以先印。"


def print_paper(work: Work, draw_id: UUID, what: Paper) -> IssuedPaper:
    """
    Make one paper of a draw; that it was made stands in the draw log, with its hash.

    Raises:
        Forbidden: The actor is neither supervisor nor office.
        IdentitiesSealed: The copy with names, before the batch is public, is not for this actor.
        NotFound: No such draw.
        NoResultYet, NoRequestYet: A result or a request is wanted and there is none.
        PaperNotMade: A text cannot be set.
    """
    _check_may_print(work)
    draw = draws.lock(work.session, draw_id)
    if what is Paper.INTERNAL:
        check_may_see_drawn(work.session, work.actor, draw)
    noted = {"draw": str(draw.id), "what": what.value}
    return issue_paper(work, KINDS[what], draw.committed_at, _facts(work, draw, what), noted)


def _facts(work: Work, draw: Draw, what: Paper) -> Any:
    if what is Paper.COMMITMENT:
        return _commitment(work, draw)
    if what is Paper.REQUEST:
        return request_facts(work, draw)
    return _checklist(work, draw) if what is Paper.CHECKLIST else _result(work, draw, what)


def print_anchors(work: Work, year: int) -> IssuedPaper:
    """
    Make the notice of a year's anchors.

    Raises:
        Forbidden: The actor is neither supervisor nor office.
        NotFound: No anchor of the year is published.
        PaperNotMade: A text cannot be set.
    """
    _check_may_print(work)
    chains = store.chains_of(work.session, year)
    if not chains:
        raise NotFound(what=f" {year} 年已公布的哈希链锚值")
    facts = AnchorNotice(
        doc_no=f"{year}年度",
        authority=work.settings.authority,
        made_at=_local(work, work.now),
        anchors=tuple(_anchor(work, chain) for chain in chains),
        verifier=VERIFIER[-1],
        verifier_sha256=_sha256(VERIFIER),
        witness_tool=WITNESS_TOOL[-1],
        witness_tool_sha256=_sha256(WITNESS_TOOL),
        signers=(Signer("承办机构负责人", work.settings.authority),),
    )
    began = max(chain.created_at for chain in chains)
    return issue_paper(work, "draw_anchors", began, facts, {"what": "anchors", "year": year})


def shipped(parts: Sequence[str]) -> bytes:
    """Return a single file that this version ships: `VERIFIER` or `WITNESS_TOOL`."""
    package, *path = parts
    return files(package).joinpath(*path).read_bytes()


def _sha256(parts: Sequence[str]) -> str:
    return hashlib.sha256(shipped(parts)).hexdigest()


def _check_may_print(work: Work) -> None:
    if not set(MAY_PRINT) & work.actor.roles:
        raise Forbidden(action="印制抽取文书")


def _local(work: Work, at: Any) -> str:
    return at.astimezone(work.settings.zone).isoformat(timespec="seconds") if at else ""


def _signers(draw: Draw, witness: HashChain | None) -> tuple[Signer, ...]:
    holder = witness.holder if witness else ""
    return Signer("承办机构负责人", draw.authority), Signer("见证人", holder), Signer("见证人", "")


def _chains(work: Work, body: CommitBody) -> dict[SourceKind, HashChain | None]:
    return {
        source.kind: draws.chain_by_anchor(work.session, source.name)
        for source in body.sources
        if source.kind in CHAINS
    }


def _commitment(work: Work, draw: Draw) -> Commitment:
    body = checked_body(json.loads(draw.commit_body))
    chains = _chains(work, body)
    rules = [TeamRules.from_json(one) for one in body.team_rules]
    return Commitment(
        doc_no=draw.draw_no,
        authority=draw.authority,
        made_at=_local(work, work.now),
        committed_at=_local(work, draw.committed_at),
        committed_by=store.account_names(work.session, [draw.committed_by])[draw.committed_by],
        year=draw.visit_from.year,
        commit=draw.commit_hex,
        suite=body.data["suite"],
        included=body.data["counts"]["included"],
        excluded=body.data["counts"]["excluded"],
        officers=count_available(draw.eligibility),
        cells=len(body.cells),
        rules=rules_in_words(rules),
        sources=tuple(_declared(source, body, chains.get(source.kind)) for source in body.sources),
        deadline=body.data["deadline"],
        verifier=VERIFIER[-1],
        verifier_sha256=_sha256(VERIFIER),
        signers=_signers(draw, chains[SourceKind.WITNESS]),
    )


def _checklist(work: Work, draw: Draw) -> Checklist:
    body = checked_body(json.loads(draw.commit_body))
    chains = _chains(work, body)
    holders = {kind: chain.holder for kind, chain in chains.items() if chain}
    sections = checklist(body.sources, holders, body.data["deadline"])
    return Checklist(
        doc_no=draw.draw_no,
        authority=draw.authority,
        made_at=_local(work, work.now),
        parts=tuple(Part(title, items) for title, items in sections),
        signers=(Signer("承办机构负责人", draw.authority),),
    )


def _declared(source: Source, body: CommitBody, chain: HashChain | None) -> Declared:
    holder = f"（{chain.holder}）" if chain else ""
    brings = source_brings(source, body.sources, body.data["deadline"])
    return Declared(source_title(source) + holder, source_value(source), brings)


def _result(work: Work, draw: Draw, what: Paper) -> Result:
    text = replacements.certificate(work.session, draw)
    if text is None:
        raise NoResultYet(draw_no=draw.draw_no)
    certificate = json.loads(text)
    body = checked_body(json.loads(draw.commit_body))
    chains = _chains(work, body)
    revealed_by = draw.revealed_by or ""
    names = store.account_names(work.session, [revealed_by])
    internal = what is Paper.INTERNAL
    known = _names(work, draw, certificate) if internal else {}
    # What a cell of few gave is on no paper that leaves the bureau, as on no screen.
    smallest = planning.smallest_cell(work.session, draw.plan_id)
    cells, rows = (_figures(work, draw, body, certificate, least) for least in (0, smallest))
    return Result(
        doc_no=draw.draw_no,
        authority=draw.authority,
        made_at=_local(work, work.now),
        internal=internal,
        visit_from=draw.visit_from.isoformat(),
        visit_to=draw.visit_to.isoformat(),
        committed_at=_local(work, draw.committed_at),
        revealed_at=_local(work, draw.revealed_at),
        revealed_by=names[revealed_by],
        deadline=body.data["deadline"],
        late=is_late(draw.revealed_at, body.data["deadline"]),
        commit=draw.commit_hex,
        entered=_entered(work, draw, body, chains, certificate),
        seed=certificate["seed"],
        r=certificate["r"],
        counted=tuple(map(_counted, cells if internal else rows)),
        chosen=_chosen(certificate, known, rows),
        remarks=tuple(_remarks(certificate, known)),
        certificate_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        signers=_signers(draw, chains[SourceKind.WITNESS]),
    )


def _entered(
    work: Work,
    draw: Draw,
    body: CommitBody,
    chains: Mapping[SourceKind, HashChain | None],
    certificate: Mapping[str, Any],
) -> tuple[Entered, ...]:
    typed = _typed(work, draw)
    rows = []
    for source, one in zip(body.sources, certificate["entropy"], strict=False):
        title = f"{source_title(source)} {source_value(source).partition('（')[0]}"
        value = one["bytes_hex"]
        if source.kind in CHAINS:
            chain = chains[source.kind]
            is_own = source.kind is SourceKind.AUTHORITY
            rows.append(Entered(title, value, OWN if is_own else chain.holder if chain else ""))
            continue
        by = typed.get(f"{source.name}/{source.issue}", [])
        said = f"{'、'.join(by)}各录一次" if by else "两人各录一次"
        rows.append(Entered(title, bytes.fromhex(value).decode("ascii"), said))
    return tuple(rows)


def _typed(work: Work, draw: Draw) -> dict[str, list[str]]:
    """Return the names of who typed each public value and the dice, as the draw log has them."""
    typed = [
        one
        for type in ("draw.dice_rolled", "draw.revealed")
        for leaf in record.leaves_of_type(work.session, type)
        if (body := json.loads(leaf.content)["body"])["draw"] == str(draw.id)
        for one in body.get("typed", [])
    ]
    names = store.account_names(work.session, {label for one in typed for label in one["by"]})
    return {one["source"]: [names[label] for label in one["by"]] for one in typed}


def _figures(
    work: Work, draw: Draw, body: CommitBody, certificate: Mapping[str, Any], smallest: int
) -> tuple[Figures, ...]:
    sizes = store.cell_sizes(work.session, draw.id)
    counts: Sequence[int] = certificate["counts"] or [0] * len(body.cells)
    return figures(body.cells, sizes, counts, smallest)


def _counted(row: Figures) -> Counted:
    return Counted(row.name, len(row.cells), row.enterprises, row.p_ppm, row.drawn or 0)


def _names(work: Work, draw: Draw, certificate: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return name and code behind the commitments of everybody whom the certificate names."""
    enterprises = {one["c"] for one in certificate["selected"]}
    for one in certificate["replacements"]:
        if one["kind"] != "officer":
            enterprises |= {one["out"], one["in"]}
    return store.enterprises(work.session, draw.id, sorted(enterprises)) | store.officers(
        work.session, draw.id
    )


def _chosen(
    certificate: Mapping[str, Any],
    known: Mapping[str, tuple[str, str]],
    rows: Sequence[Figures],
) -> tuple[Chosen, ...]:
    teams: dict[str, list[Sent]] = {}
    joint = len({place["dept"] for place in certificate["teams"]}) > 1
    for place in certificate["teams"]:
        called = place_name(place["dept"], place["role"], joint=joint)
        sent = Sent(called, place["officer"], *known.get(place["officer"], ("", "")))
        teams.setdefault(place["task"], []).append(sent)
    return tuple(
        Chosen(
            cell_name(one["cell"]) if known else row,
            one["c"],
            *known.get(one["c"], ("", "")),
            team=tuple(teams.get(one["c"], ())),
        )
        for row, one in in_rows(certificate["selected"], rows, itemgetter("cell"), itemgetter("c"))
    )


def _remarks(certificate: Mapping[str, Any], known: Mapping[str, tuple[str, str]]) -> Iterable[str]:
    """Yield what happened after the result, with the names that are known; it stays as it was."""
    if void := certificate.get("void"):
        yield f"本次抽取已作废，原因：{VOID_NAMES[void['reason']]}。"
    for one in certificate["replacements"]:
        who = "检查人员" if one["kind"] == "officer" else "企业"
        out, into = (_called(one[key], known) for key in ("out", "in"))
        yield (
            f"第{one['k']}次替补（{REASON_NAMES[one['reason']]}）："
            f"任务 {one['task'][:SHOWN]} 的{who}{out}由{into}替补，下表为替补前的抽取结果。"
        )


def _called(commitment: str, known: Mapping[str, tuple[str, str]]) -> str:
    name, code = known.get(commitment, ("", ""))
    return f"{name}（{code}）" if name else f" {commitment[:SHOWN]} "


def _anchor(work: Work, chain: HashChain) -> Anchor:
    title = "本机关哈希链" if chain.kind == "authority" else "见证方哈希链"
    return Anchor(
        title=title,
        holder=chain.holder,
        suite=chain.suite,
        length=chain.length,
        anchor=chain.anchor_hex,
        published_at=_local(work, chain.created_at),
        public_key=chain.public_key_hex or "",
    )
