"""核查 of one draw against the registry, and the proof that an enterprise is given of its place."""

import json
from base64 import b64encode
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.errors import InspectError
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.proofs import GIVES, GivenProof, give_proof, why_not_yet
from inspect_server.usecases.drawing.auditing.audit_draw import AUDITS, audit_draw
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow

MOST = 500
"""Differences on one page; `draw audit` lists them all."""
VERDICTS = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}
FIRST = (Verdict.WRONG, Verdict.UNCHECKED, Verdict.RIGHT)
"""What is wrong stands above thirty lines that are right."""


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/draws/<uuid:draw_id>/audit", "audit", audit)
    console.add_url_rule("/draws/<uuid:draw_id>/proofs", "proof", proof)
    console.add_url_rule("/draws/<uuid:draw_id>/proofs", "give_proof", give, methods=["POST"])


@allow(*AUDITS)
def audit(draw_id: UUID) -> ResponseReturnValue:
    """Place every enterprise again, compare, show the report; nothing of the draw is written."""
    held = backend()
    with reading() as session:
        line = reads.draw_page(session, draw_id).line
        found = audit_draw(held, session, actor(), draw_id)
    return render_template(
        "draw_audit.html",
        line=line,
        found=found,
        checks=sorted(found.checks, key=lambda one: FIRST.index(one.verdict)),
        wrong=sum(one.verdict is Verdict.WRONG for one in found.checks),
        differences=found.differences[:MOST],
        verdicts=VERDICTS,
        checked_at=held.clock.now(),
    )


@allow(*GIVES)
def proof(draw_id: UUID) -> ResponseReturnValue:
    """Ask for which enterprise, or say why there is no proof yet."""
    return _page(draw_id)


@allow(*GIVES)
def give(draw_id: UUID) -> ResponseReturnValue:
    """Show one enterprise its place in plain words, and the file that proves it."""
    uscc = request.form.get("uscc", "").strip().upper()
    try:
        with begin() as work:
            made = give_proof(work, draw_id, uscc)
    except InspectError as refused:
        return _page(draw_id, error=str(refused)), STATUS[refused.kind]
    return _page(draw_id, made=made)


def _page(draw_id: UUID, *, made: GivenProof | None = None, error: str = "") -> str:
    with reading() as session:
        line = reads.draw_page(session, draw_id).line
        sealed = why_not_yet(session, draw_id)
    text = json.dumps(made.proof, ensure_ascii=False, sort_keys=True) if made else ""
    return render_template(
        "draw_proof.html",
        line=line,
        sealed=sealed,
        made=made,
        file=b64encode(text.encode("utf-8")).decode("ascii"),
        file_name=f"{line.draw_no}-{made.proof['record']['uscc']}" if made else "",
        explanation=b64encode(made.explanation.encode("utf-8")).decode("ascii") if made else "",
        given=request.form,
        error=error,
    )
