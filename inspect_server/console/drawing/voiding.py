"""作废 of one draw: asked for with a second person, completed with the witness's consent."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.domain.draw.replacement.void import (
    PAPER_NAMES,
    VOID_NAMES,
    PaperReason,
    VoidReason,
)
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import replacements as reads
from inspect_server.usecases.accounts import authenticate
from inspect_server.usecases.disclosing.owners import DrawOfAnotherUnit, may_decide
from inspect_server.usecases.drawing.afterwards.open_evidence import OPENS, open_evidence
from inspect_server.usecases.drawing.afterwards.replace_drawn import APPROVES
from inspect_server.usecases.drawing.afterwards.void_draw import (
    reasons_left,
    request_void,
    void_draw,
)
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.files import original
from inspect_server.web.guard import allow

KEPT = ("reason", "paper_because", "approver")
"""What is filled in again after a refusal; no password and no file is."""


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    address = "/draws/<uuid:draw_id>/voids"
    console.add_url_rule(address, "draw_void", page)
    console.add_url_rule(address, "request_void", ask, methods=["POST"])
    console.add_url_rule(f"{address}/complete", "complete_void", complete, methods=["POST"])
    console.add_url_rule(
        "/draws/<uuid:draw_id>/evidence/<string(length=64):sha256>", "draw_evidence", evidence
    )


@allow(*APPROVES)
def page(draw_id: UUID) -> ResponseReturnValue:
    """Show what a void means and the request that waits; the forms to whoever asks for one."""
    return _page(draw_id)


@allow(Role.SUPERVISOR)
def ask(draw_id: UUID) -> ResponseReturnValue:
    """Log a request that somebody else approves by their own password."""
    form = request.form
    try:
        reason, because = _reasons(form.get("reason", ""), form.get("paper_because", ""))
        content = sent_file("evidence")
        approver = authenticate(
            backend(), form.get("approver", ""), form.get("password", ""), form.get("code", "")
        ).actor
        noting_refusals(
            backend(),
            actor(),
            draw_id,
            lambda work: request_void(
                work, draw_id, reason, content, approver, paper_because=because
            ),
        )
    except InspectError as refused:
        given = {name: form.get(name, "") for name in KEPT}
        return _page(draw_id, error=str(refused), given=given), STATUS[refused.kind]
    return redirect(url_for("console.draw_void", draw_id=draw_id), 303)


@allow(Role.SUPERVISOR)
def complete(draw_id: UUID) -> ResponseReturnValue:
    """Make the draw void with the witness's signature, or the scan of it."""
    signer = LocalKeys(backend().settings.data_dir / "keys").receipts()
    signature, paper = request.form.get("signature", "").strip(), sent_file("paper")
    try:
        noting_refusals(
            backend(),
            actor(),
            draw_id,
            lambda work: void_draw(
                work, draw_id, signer, ed25519_holds, signature_hex=signature, paper=paper
            ),
        )
    except InspectError as refused:
        return _page(draw_id, error=str(refused)), STATUS[refused.kind]
    return redirect(url_for("console.draw", draw_id=draw_id), 303)


@allow(*OPENS)
def evidence(draw_id: UUID, sha256: str) -> Response:
    """Save a file that proved a replacement or a void; the audit notes who opened it."""
    with begin() as work:
        content = open_evidence(work, draw_id, sha256)
    return original(content, f"evidence-{sha256[:16]}")


def _page(draw_id: UUID, *, error: str = "", given: dict[str, Any] | None = None) -> str:
    with reading() as session:
        found = draw_reads.draw_page(session, draw_id)
        voids = reads.voids(session, draw_id)
        is_void = found.line.state == "void"
        left = () if is_void else reasons_left(session, draw_id)
        acts = may_decide(session, actor(), draw_id)
        has_key = reads.witness_has_key(session, draw_id)
        if not may_decide(session, actor(), draw_id, APPROVES):
            raise DrawOfAnotherUnit(draw_no=found.line.draw_no, action="作废抽取")
    waiting = voids[-1] if voids and not any(one.voided_at for one in voids) else None
    return render_template(
        "draw_void.html",
        line=found.line,
        waiting=waiting,
        acts=acts,
        has_key=has_key,
        reasons={one: VOID_NAMES[one] for one in left},
        lost=VOID_NAMES[VoidReason.WITNESS_LOST],
        paper_reasons=PAPER_NAMES,
        error=error,
        given=given or {},
    )


def _reasons(reason: str, because: str) -> tuple[VoidReason, PaperReason | None]:
    if reason not in set(VoidReason):
        raise BadInput(field="理由", reason="应从所列理由中选择")
    if because and because not in set(PaperReason):
        raise BadInput(field="书面签署的原因", reason="应从所列原因中选择")
    return VoidReason(reason), PaperReason(because) if because else None


def sent_file(name: str) -> bytes:
    """Return the bytes of a file that a form sent; none are empty."""
    sent = request.files.get(name)
    return sent.read() if sent else b""
