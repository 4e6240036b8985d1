"""Replacement: the request is logged first, then the witness's value decides who comes in."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.entropy import Source, SourceKind, chain_proof
from inspect_server.domain.draw.errors import (
    ApproverConcerned,
    BadChainValue,
    ChainExhausted,
    DrawIsVoid,
    NoReplacementPending,
    NotRevealed,
    ReplacementNotAllowed,
    ReplacementPending,
)
from inspect_server.domain.draw.replacement.choosing import check_request, replacement, replayed
from inspect_server.domain.draw.replacement.requests import (
    ENTERPRISE,
    GIVEN,
    OFFICER,
    Reason,
    Request,
)
from inspect_server.domain.draw.replacement.standing import (
    Ground,
    Standing,
    as_drawn,
    ground_of,
    witness_of,
)
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity import check_approver, require, require_approver
from inspect_server.domain.inspection import MOVES, STATE_NAMES, Event
from inspect_server.store import documents, inspections
from inspect_server.store.drawing import draws
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.planning import ChainValue, Draw, DrawState, HashChain
from inspect_server.store.models.replacing import DrawReplacement
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.drawing.chains import (
    KINDS,
    WITNESS,
    chain_in_use,
    check_none_open,
    next_position,
)
from inspect_server.usecases.drawing.reveal_draw import committed
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Work

APPROVES = (Role.SUPERVISOR, Role.APPROVER)
"""Who approves what somebody asks for after a draw."""
PREPARED = frozenset({InspectionState.SCHEME_DRAFT, InspectionState.SCHEME_APPROVED})
NOT_SAID = (
    f"原因会随证书公示，不得写明病情；请用 {Reason.LEAVE}（{GIVEN[Reason.LEAVE]}），"
    "具体事由只留在证明材料中"
)


@dataclass(frozen=True)
class Wanted:
    """Who should go out, and why."""

    reason: Reason
    enterprise: str  # 统一社会信用代码 of the task
    officer_id: UUID | None = None  # None when the enterprise itself goes out


@dataclass(frozen=True)
class RequestedReplacement:
    """A request that stands in the draw log, and the value that it waits for."""

    draw_no: str
    k: int
    reason: Reason
    anchor: str
    position: int
    holder: str
    request_leaf: str


@dataclass(frozen=True)
class CompletedReplacement:
    """Who came in, by commitment, and the version of the certificate that says so."""

    draw_no: str
    k: int
    reason: Reason
    came_in: str
    relaxed: tuple[str, ...]
    version: int
    certificate: str


def request_replacement(
    work: Work, draw_id: UUID, wanted: Wanted, evidence: bytes, approver: Actor
) -> RequestedReplacement:
    """
    Log who should go out and why, before anybody knows the value that will decide.

    Args:
        evidence: The file that proves the reason; kept under its hash.
        approver: Somebody else, who showed by their own password that they are there.

    Raises:
        Forbidden, ApproverMayNot: The actor is no supervisor, or the approver may not approve.
        DrawOfAnotherUnit: Either of them is a supervisor of another unit.
        NotFound: No such draw.
        AuthorMayNotApprove, ApproverConcerned: The approver is the requester or concerned.
        NotRevealed, DrawIsVoid, ReplacementPending: Nothing can be replaced now.
        ReplacementNotAllowed, NobodyLeft: Not like this.
        ChainMissing, ChainGivenUp, ChainExhausted: There is no witness value to decide it.
        CommitOpenOnChain: The value would expose that of a commit that is not revealed yet.
        BadInput: The reason says too much of a person, or the evidence is empty.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="申请替补")
    require_approver(approver.roles, *APPROVES, action="批准替补")
    check_approver("替补申请", work.actor.label, approver.label, "申请人")
    if wanted.reason not in GIVEN:
        raise BadInput(field="原因", reason=NOT_SAID)
    if not evidence:
        raise BadInput(field="证明材料", reason="文件为空")
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "申请替补")
    check_decides(approver, draw, "批准替补", APPROVES)
    ground, standing = standing_of(work, draw)
    if (row := store.pending(work.session, draw_id)) is not None:
        raise ReplacementPending(draw_no=draw.draw_no, k=row.k)
    store.lock_chains(work.session)
    chain, position = _next_value(work, draw)
    request = _asked(work, draw, standing, wanted)
    check_request(ground, standing, request)
    _check_unconcerned(work, draw, standing, request, approver)
    _check_not_begun(work, draw, request)
    sha256 = keep_evidence(work, evidence)
    leaf = note(
        work,
        "draw.replacement_requested",
        draws.CASE,
        {
            **_described(draw, request),
            "source": chain.anchor_hex,
            "issue": str(position),
            "evidence_sha256": sha256,
            "approved_by": approver.label,
        },
    )
    work.session.add(
        DrawReplacement(
            draw_id=draw.id,
            k=request.k,
            kind=request.reason.kind,
            reason=request.reason.value,
            task=request.task,
            dept=request.dept,
            role=request.role,
            went_out=request.out,
            chain_id=chain.id,
            position=position,
            evidence_sha256=sha256,
            request_leaf=leaf,
            requested_at=work.now,
            requested_by=work.actor.label,
            approved_by=approver.label,
        )
    )
    work.session.flush()
    return RequestedReplacement(
        draw.draw_no, request.k, request.reason, chain.anchor_hex, position, chain.holder, leaf
    )


def complete_replacement(
    work: Work, draw_id: UUID, witness_value: str, signer: cert.Signer
) -> CompletedReplacement:
    """
    Let the witness's value decide a logged request, and issue the certificate anew.

    All of it is one transaction: started again after an interruption, the same value leads to the
    same result.

    Raises:
        Forbidden: The actor is no supervisor.
        DrawOfAnotherUnit: The draw is another unit's.
        NotFound: No such draw.
        NotRevealed, DrawIsVoid, NoReplacementPending: There is nothing to complete.
        BadInput, BadChainValue: The value is not the one that the request names.
        NobodyLeft: Nobody can come in; the draw can only be made void.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="完成替补")
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "完成替补")
    ground, standing = standing_of(work, draw)
    row = store.pending(work.session, draw_id)
    if row is None:
        raise NoReplacementPending(draw_no=draw.draw_no)
    source, value = _given(work, ground, row, witness_value)
    made = replacement(ground, standing, request_of(row), source, value)
    before = cert.from_text(store.certificate(work.session, draw) or "")
    unsigned = cert.reissued(
        before,
        draws.last_leaf(work.session),
        replacements=[*before["replacements"], made.to_json()],
    )
    text = cert.to_text(cert.sign(ground.h, unsigned, signer))
    version = store.add_certificate(work.session, draw.id, text, work.now, work.actor.label)
    entry = cert.to_text(made.to_json())
    row.came_in, row.entry = made.came_in, entry
    row.completed_at, row.completed_by = work.now, work.actor.label
    work.session.add(
        ChainValue(
            chain_id=row.chain_id,
            position=row.position,
            value_hex=value.hex(),
            draw_id=draw.id,
            revealed_at=work.now,
        )
    )
    work.session.flush()
    note(
        work,
        "draw.replaced",
        draws.CASE,
        {
            "draw": str(draw.id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "k": row.k,
            "request_leaf": row.request_leaf,
            "entry_sha256": hashlib.sha256(entry.encode("utf-8")).hexdigest(),
            "version": version,
            "certificate_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        },
    )
    return CompletedReplacement(
        draw.draw_no, row.k, made.request.reason, made.came_in, made.relaxed, version, text
    )


def standing_of(work: Work, draw: Draw) -> tuple[Ground, Standing]:
    """
    Return what the next replacement of a draw starts from, recomputed from the committed lines.

    Raises:
        NotRevealed, DrawIsVoid: The draw has no result to replace in.
        StoredDrawDamaged: The stored lines are not the committed ones.
        ReplacementNotAllowed: The stored certificate is not what its replacements lead to.
    """
    if draw.state is DrawState.VOID:
        raise DrawIsVoid(draw_no=draw.draw_no)
    if draw.state is not DrawState.REVEALED:
        raise NotRevealed(draw_no=draw.draw_no)
    body = checked_body(json.loads(draw.commit_body))
    leaves, officers = committed(work, draw, body)
    certificate = cert.from_text(store.certificate(work.session, draw) or "")
    entropy = [bytes.fromhex(part["bytes_hex"]) for part in certificate["entropy"]]
    found = cert.outcome_of(body, entropy, leaves, officers)
    ground = ground_of(body, found.seed, leaves, officers)
    standing = as_drawn(found.selection, found.places or (), ground.rules, witness_of(body))
    for entry in certificate["replacements"]:
        standing = replayed(ground, standing, entry)
    return ground, standing


def keep_evidence(work: Work, content: bytes) -> str:
    """Keep a file that proves a reason and return its hex SHA-256."""
    sha256 = work.blobs.put(content)
    documents.keep_blob(
        work.session,
        Blob(
            sha256=sha256,
            size=len(content),
            mime="application/octet-stream",
            created_at=work.now,
        ),
    )
    return sha256


def request_of(row: DrawReplacement) -> Request:
    """Return a stored request as the rules read it."""
    return Request(
        row.k, Reason(row.reason), row.task, row.dept, row.role, row.went_out, row.request_leaf
    )


def _described(draw: Draw, request: Request) -> dict[str, Any]:
    return {
        "draw": str(draw.id),
        "draw_no": draw.draw_no,
        "commit": draw.commit_hex,
        "k": request.k,
        "kind": request.reason.kind,
        "reason": request.reason.value,
        "task": request.task,
        "dept": request.dept,
        "role": request.role,
        "out": request.out,
    }


def _next_value(work: Work, draw: Draw) -> tuple[HashChain, int]:
    chain = chain_in_use(work.session, WITNESS, draw.visit_from.year)
    if chain.suite != CommitBody(json.loads(draw.commit_body)).data["suite"]:
        raise ReplacementNotAllowed(reason="现用见证链的哈希套件与该次抽取不同")
    check_none_open(work.session, chain)
    position = next_position(work.session, chain)
    if position > chain.length:
        raise ChainExhausted(length=chain.length)
    return chain, position


def _asked(work: Work, draw: Draw, standing: Standing, wanted: Wanted) -> Request:
    """Return the request in commitments; the leaf is not known before it is logged."""
    k, leaf = standing.done + 1, "0" * 64
    task = store.commitment_of_enterprise(work.session, draw.id, wanted.enterprise)
    if task is None or task not in standing.teams:
        raise ReplacementNotAllowed(reason="该企业不在抽取结果中或已被替补")
    if wanted.reason.kind != (ENTERPRISE if wanted.officer_id is None else OFFICER):
        raise ReplacementNotAllowed(reason="替补原因与替补对象不一致")
    if wanted.officer_id is None:
        return Request(k, wanted.reason, task, "", "", task, leaf)
    officer = store.commitment_of_officer(work.session, draw.id, wanted.officer_id)
    places = standing.teams[task].places
    place = next((at for at, held in places.items() if held == officer), None)
    if officer is None or place is None:
        raise ReplacementNotAllowed(reason="该人员不在该企业的检查组中")
    return Request(k, wanted.reason, task, *place, officer, leaf)


def _check_unconcerned(
    work: Work, draw: Draw, standing: Standing, request: Request, approver: Actor
) -> None:
    if approver.officer_id is None:
        return
    own = store.commitment_of_officer(work.session, draw.id, approver.officer_id)
    if own in standing.teams[request.task].places.values():
        raise ApproverConcerned


def _check_not_begun(work: Work, draw: Draw, request: Request) -> None:
    """Refuse what the case could not follow: a visit that has begun, or a result that is stated."""
    enterprise_id = store.enterprise_of(work.session, draw.id, request.task)
    for visit in inspections.of_draw(work.session, draw.id):
        concerned = visit.enterprise_id == enterprise_id
        if not concerned or can_follow(visit.state, request.reason.kind):
            continue
        if visit.state is InspectionState.ENDED:  # with a result that a supervisor stated
            reason = f"检查任务 {visit.number} 已登记结果并终止，结果随批次公示，不再替补"
        else:
            reason = f"检查任务 {visit.number} 当前为“{STATE_NAMES[visit.state]}”"
        raise ReplacementNotAllowed(reason=reason)


def can_follow(state: InspectionState, kind: str) -> bool:
    """Return whether a case in this state can follow a replacement: officer or enterprise."""
    event = Event.REASSIGN if kind == OFFICER else Event.END
    if event is Event.REASSIGN and state in PREPARED:
        return True
    return (state, event) in MOVES


def _given(work: Work, ground: Ground, row: DrawReplacement, text: str) -> tuple[Source, bytes]:
    try:
        value = bytes.fromhex(text.strip())
    except ValueError:
        raise BadInput(field="见证方的值", reason="应为 64 位十六进制") from None
    chain = work.session.get_one(HashChain, row.chain_id)
    source = Source(SourceKind.WITNESS, chain.anchor_hex, str(row.position))
    if chain_proof(ground.h, source, value) is None:
        raise BadChainValue(holder=KINDS[WITNESS], position=row.position)
    return source, value
