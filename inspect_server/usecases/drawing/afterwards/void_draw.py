"""Void: a request in the draw log, and then the witness's consent. Nothing is ever deleted."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.errors import (
    BadCosignature,
    DrawIsVoid,
    NoWitnessKey,
    VoidNotAllowed,
    WitnessHasKey,
)
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.replacement.void import (
    BEFORE_REVEAL_ONLY,
    PaperReason,
    Void,
    VoidReason,
    ends_chain,
    never_revealed,
    void_message,
)
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity import check_approver, require, require_approver
from inspect_server.domain.inspection import MOVES, EndReason, Event
from inspect_server.store import inspections
from inspect_server.store.drawing import draws, timestamps
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.store.models.replacing import DrawVoid
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.drawing.afterwards.follow_cases import OVER
from inspect_server.usecases.drawing.afterwards.replace_drawn import APPROVES, keep_evidence
from inspect_server.usecases.drawing.ceremony.no_teams import found_no_teams
from inspect_server.usecases.inspecting.end_inspection import end_visit
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Work

SAME_FILE = "扫描件与申请所附的证明材料是同一个文件，应为见证方签署的书面材料"


@dataclass(frozen=True)
class RequestedVoid:
    """A request that stands in the draw log, and what the witness signs for it."""

    draw_no: str
    commit: str
    suite: str
    reason: VoidReason
    request_leaf: str
    message: bytes
    has_key: bool  # whether a key of the witness is published
    on_paper: bool  # the witness signs by hand: there is no key, or it cannot be used
    ends_chain: bool  # whether the void will give the witness's chain up


@dataclass(frozen=True)
class VoidedDraw:
    """A draw that will never go on."""

    draw_no: str
    reason: VoidReason
    ended: int  # inspections that ended with it
    kept: int  # inspections that had begun and go on
    certificate: str
    ends_chain: bool  # whether the next commit needs another chain of the witness


def request_void(
    work: Work,
    draw_id: UUID,
    reason: VoidReason,
    evidence: bytes,
    approver: Actor,
    *,
    paper_because: PaperReason | None = None,
) -> RequestedVoid:
    """
    Log why a draw should become void. The draw goes on until the witness agreed.

    Args:
        evidence: The file that proves the reason; kept under its hash.
        approver: Somebody else, who showed by their own password that they are there.
        paper_because: Why the witness will sign on paper although their key is published.

    Raises:
        Forbidden, ApproverMayNot: The actor is no supervisor, or the approver may not approve.
        DrawOfAnotherUnit: Either of them is a supervisor of another unit.
        AuthorMayNotApprove: The approver is the requester.
        NotFound: No such draw.
        DrawIsVoid: It is void already.
        VoidNotAllowed: Not for this reason any more.
        BadInput: The evidence is empty, or paper needs no reason.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="申请作废抽取")
    require_approver(approver.roles, *APPROVES, action="批准作废抽取")
    check_approver("作废申请", work.actor.label, approver.label, "申请人")
    if not evidence:
        raise BadInput(field="证明材料", reason="文件为空")
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "申请作废抽取")
    check_decides(approver, draw, "批准作废抽取", APPROVES)
    _check_reason(work, draw, reason)
    has_key = bool(witness_keys(work.session, draw))
    if paper_because and not has_key:
        raise BadInput(field="书面签署的原因", reason="见证方没有公布公钥，无须填写")
    sha256 = keep_evidence(work, evidence)
    leaf = note(
        work,
        "draw.void_requested",
        draws.CASE,
        {
            "draw": str(draw.id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "reason": reason.value,
            "evidence_sha256": sha256,
            "approved_by": approver.label,
            "paper_because": paper_because or "",
        },
    )
    row = DrawVoid(
        request_leaf=leaf,
        draw_id=draw.id,
        reason=reason.value,
        evidence_sha256=sha256,
        requested_at=work.now,
        requested_by=work.actor.label,
        approved_by=approver.label,
        paper_because=paper_because or "",
    )
    work.session.add(row)
    work.session.flush()
    body = checked_body(json.loads(draw.commit_body))
    on_paper = paper_because is not None or not has_key
    return RequestedVoid(
        draw_no=draw.draw_no,
        commit=draw.commit_hex,
        suite=body.data["suite"],
        reason=reason,
        request_leaf=leaf,
        message=_message(body.hash, draw, row),
        has_key=has_key,
        on_paper=on_paper,
        ends_chain=ends_chain(reason, on_paper=on_paper),
    )


def void_draw(
    work: Work,
    draw_id: UUID,
    signer: cert.Signer,
    check_signature: cert.CheckSignature,
    *,
    signature_hex: str = "",
    paper: bytes = b"",
) -> VoidedDraw:
    """
    Make a draw void with the witness's consent to a request; it is still disclosed.

    A signature holds for the request that it names, whatever was requested since. A scan, which
    nobody here can read, is taken for the newest request that lets the witness sign by hand.

    Args:
        signature_hex: By the witness's published Ed25519 key, or "" when they signed on paper.
        paper: The scan of what they signed; kept under its hash.

    Raises:
        Forbidden, DrawOfAnotherUnit: The actor is no supervisor, or none of the draw's unit.
        NotFound: No such draw.
        DrawIsVoid, VoidNotAllowed: It is void already, or nobody asked for it and approved.
        BadInput, BadCosignature: The consent is missing, given twice over, does not hold, or is the
            file that proved the request.
        NoWitnessKey: It is a signature, and no key was published with the anchor.
        WitnessHasKey: It is on paper, a key was published, and the request gives no reason.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="作废抽取")
    if bool(signature_hex) == bool(paper):
        raise BadInput(field="见证方的签署", reason="应为电子签名或书面扫描件之一")
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "作废抽取")
    asked = _requests(work, draw)
    draws.lock_log(work.session)  # before the log's own row, as everybody else takes them
    body = checked_body(json.loads(draw.commit_body))
    if paper:
        row, agreed = _on_paper(work, draw, asked, paper)
    else:
        row, agreed = _signed(work, body.hash, draw, asked, check_signature, signature_hex)
    head = draws.last_leaf(work.session)
    before = store.certificate(work.session, draw)
    unsigned = (
        {
            **never_revealed(body, agreed.to_json(), head),
            "timestamps": timestamps.in_certificate(work.session, draw.id),
        }
        if before is None
        else cert.reissued(cert.from_text(before), head, void=agreed.to_json())
    )
    text = cert.to_text(cert.sign(body.hash, unsigned, signer))
    draw.state = DrawState.VOID
    if before is None:
        draw.certificate = text
    else:
        store.add_certificate(work.session, draw.id, text, work.now, work.actor.label)
    row.cosigned = cert.to_text(agreed.to_json()["cosigned"])
    row.voided_at, row.voided_by = work.now, work.actor.label
    work.session.flush()
    note(
        work,
        "draw.voided",
        draws.CASE,
        {
            "draw": str(draw.id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "reason": row.reason,
            "request_leaf": row.request_leaf,
            "certificate_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        },
    )
    ended, kept = _end_inspections(work, draw)
    return VoidedDraw(draw.draw_no, agreed.reason, ended, kept, text, agreed.ends_chain)


def reasons_left(session: Session, draw_id: UUID) -> tuple[VoidReason, ...]:
    """Return the reasons for which a draw that is not void could be made void now."""
    draw = session.get_one(Draw, draw_id)
    return tuple(reason for reason in VoidReason if not _why_not(session, draw, reason))


def _check_reason(work: Work, draw: Draw, reason: VoidReason) -> None:
    if why := _why_not(work.session, draw, reason):
        raise VoidNotAllowed(draw_no=draw.draw_no, reason=why)


def _why_not(session: Session, draw: Draw, reason: VoidReason) -> str:
    """Return why a draw cannot be made void for this reason, "" when it can."""
    if draw.state is DrawState.VOID:
        raise DrawIsVoid(draw_no=draw.draw_no)
    if draw.state is DrawState.COMMITTED:
        never = reason is VoidReason.TEAMS_INFEASIBLE and not found_no_teams(session, draw.id)
        return "没有因配不齐检查组而被拒绝的揭示" if never else ""
    if reason in BEFORE_REVEAL_ONLY:
        return "结果已揭示，随机值和检查组并未缺失"
    if reason is VoidReason.WITNESS_LOST and store.pending(session, draw.id) is None:
        return "结果已揭示，也没有等待见证方的替补"
    return ""


def _requests(work: Work, draw: Draw) -> list[DrawVoid]:
    """Return what the witness may still consent to, the newest request first."""
    rows = [*reversed(store.voids(work.session, draw.id))]
    if not rows:
        raise VoidNotAllowed(draw_no=draw.draw_no, reason="尚未登记作废申请")
    approved = [row for row in rows if row.approved_by is not None]
    if not approved:  # all from before a second person had to approve
        raise VoidNotAllowed(draw_no=draw.draw_no, reason="该申请未经批准，须重新登记")
    found = [row for row in approved if not _why_not(work.session, draw, VoidReason(row.reason))]
    if not found:
        _check_reason(work, draw, VoidReason(approved[0].reason))
    return found


def _on_paper(
    work: Work, draw: Draw, asked: Sequence[DrawVoid], paper: bytes
) -> tuple[DrawVoid, Void]:
    has_key = bool(witness_keys(work.session, draw))
    row = next((one for one in asked if one.paper_because or not has_key), None)
    if row is None:
        raise WitnessHasKey(draw_no=draw.draw_no)
    if hashlib.sha256(paper).hexdigest() in store.evidence_of(work.session, draw.id):
        raise BadCosignature(reason=SAME_FILE)
    because = PaperReason(row.paper_because) if row.paper_because else None
    scan = keep_evidence(work, paper)
    return row, Void(VoidReason(row.reason), row.request_leaf, paper_sha256=scan, because=because)


def _signed(
    work: Work,
    h: Hash,
    draw: Draw,
    asked: Sequence[DrawVoid],
    check_signature: cert.CheckSignature,
    signature_hex: str,
) -> tuple[DrawVoid, Void]:
    """Return the request that was signed, and the consent to it."""
    to_sign = [row for row in asked if not row.paper_because]
    if not to_sign:
        raise BadInput(field="见证方的签署", reason="申请写明不能使用密钥，应为书面扫描件")
    keys = witness_keys(work.session, draw)
    if not keys:
        raise NoWitnessKey(draw_no=draw.draw_no)
    try:
        signature = bytes.fromhex(signature_hex.strip())
    except ValueError:
        raise BadInput(field="见证方的签名", reason="应为 128 位十六进制") from None
    for row, key in product(to_sign, keys):
        if check_signature(key, signature, _message(h, draw, row)):
            agreed = Void(
                VoidReason(row.reason), row.request_leaf, cert.key_id(key), signature.hex()
            )
            return row, agreed
    raise BadCosignature(reason="与申请内容不符，或不是已随锚值公布的公钥所签")


def witness_keys(session: Session, draw: Draw) -> list[bytes]:
    """Return the published keys of the witnesses whose chains a draw named."""
    named = {source["name"] for source in json.loads(draw.commit_body)["sources"]}
    return store.public_keys(session, draw.id, named)


def _message(h: Hash, draw: Draw, row: DrawVoid) -> bytes:
    return void_message(
        h,
        draw_no=draw.draw_no,
        commit=draw.commit_hex,
        reason=VoidReason(row.reason),
        request_leaf=row.request_leaf,
    )


def _end_inspections(work: Work, draw: Draw) -> tuple[int, int]:
    """End what nobody began; a draw is void as a whole, whoever its single cases concern."""
    ended = kept = 0
    for visit in inspections.of_draw(work.session, draw.id):
        if (visit.state, Event.END) in MOVES:
            end_visit(work, inspections.lock(work.session, visit.id), EndReason.DRAW_VOID)
            ended += 1
        elif visit.state not in OVER:
            kept += 1
    return ended, kept
