"""替补 of one draw: asked for with a second person, decided by the witness's value."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.console.drawing.voiding import sent_file
from inspect_server.domain.draw.replacement.requests import ENTERPRISE, GIVEN, OFFICER, Reason
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import inspections
from inspect_server.reads import replacements as reads
from inspect_server.usecases.accounts import authenticate
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.disclosing.owners import DrawOfAnotherUnit, may_decide
from inspect_server.usecases.drawing.afterwards.follow_cases import Followed, follow, open_steps
from inspect_server.usecases.drawing.afterwards.replace_drawn import (
    APPROVES,
    Wanted,
    can_follow,
    complete_replacement,
    request_replacement,
)
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.web.begin import actor, backend, begin
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow

MOST = 200
"""Inspections of one draw whose state is looked up."""
KINDS = ((OFFICER, "人员退出"), (ENTERPRISE, "企业退出"))
CASES = {"draft": "编制检查方案", "end": "终止检查任务", "reassign": "改派检查人员"}


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    address = "/draws/<uuid:draw_id>/replacements"
    console.add_url_rule(address, "replacements", page)
    console.add_url_rule(address, "request_replacement", ask, methods=["POST"])
    console.add_url_rule(f"{address}/complete", "complete_replacement", complete, methods=["POST"])


@allow(*APPROVES)
def page(draw_id: UUID) -> ResponseReturnValue:
    """Show the replacements and the request that waits; the forms to whoever asks for one."""
    return _page(draw_id)


@allow(Role.SUPERVISOR)
def ask(draw_id: UUID) -> ResponseReturnValue:
    """Log a request that somebody else approves by their own password."""
    form = request.form
    try:
        wanted, content = (
            _wanted(form.get("reason", ""), form.get("out", "")),
            sent_file("evidence"),
        )
        approver = authenticate(
            backend(), form.get("approver", ""), form.get("password", ""), form.get("code", "")
        ).actor
        noting_refusals(
            backend(),
            actor(),
            draw_id,
            lambda work: request_replacement(work, draw_id, wanted, content, approver),
        )
    except InspectError as refused:
        return _page(draw_id, error=str(refused)), STATUS[refused.kind]
    return redirect(url_for("console.replacements", draw_id=draw_id), 303)


@allow(Role.SUPERVISOR)
def complete(draw_id: UUID) -> ResponseReturnValue:
    """Let the witness's value decide, and bring the cases in line; without one, only the cases."""
    value = request.form.get("witness", "").strip()
    try:
        if value:
            signer = LocalKeys(backend().settings.data_dir / "keys").receipts()
            noting_refusals(
                backend(),
                actor(),
                draw_id,
                lambda work: complete_replacement(work, draw_id, value, signer),
            )
        followed = follow(backend(), actor(), draw_id)
    except InspectError as refused:
        return _page(draw_id, error=str(refused)), STATUS[refused.kind]
    return _page(draw_id, followed=followed)


def _page(draw_id: UUID, *, error: str = "", followed: Followed | None = None) -> str:
    with begin() as work:
        session = work.session
        found = draw_reads.draw_page(session, draw_id)
        if not may_decide(session, actor(), draw_id, APPROVES):
            raise DrawOfAnotherUnit(draw_no=found.line.draw_no, action="替补")
        open_drawn(work, draw_id, "replacements")
        lines = reads.replacements(session, draw_id)
        left = open_steps(session, draw_id)
        acts = may_decide(session, actor(), draw_id)
        tasks = draw_reads.tasks(session, draw_id) if found.line.state == "revealed" else ()
        visits = inspections.listing(session, actor(), draw_no=found.line.draw_no, size=MOST).rows
    states = {visit.enterprise_id: visit.state for visit in visits}
    return render_template(
        "replacements.html",
        line=found.line,
        lines=lines,
        waiting=next((one for one in lines if one.completed_at is None), None),
        forms=[
            (
                kind,
                title,
                {one: name for one, name in GIVEN.items() if one.kind == kind},
                [
                    task
                    for task in tasks
                    if task.enterprise_id not in states
                    or can_follow(states[task.enterprise_id], kind)
                ],
            )
            for kind, title in KINDS
        ],
        left=left,
        acts=acts,
        followed=followed,
        cases=CASES,
        error=error,
        given=request.form,
    )


def _wanted(reason: str, out: str) -> Wanted:
    """Read who goes out: a 统一社会信用代码, or one and an officer's id behind a slash."""
    uscc, _, officer = out.partition("/")
    if reason not in set(Reason) or not uscc:
        raise BadInput(field="原因", reason="请选择原因和退出的企业或者人员")
    try:
        return Wanted(Reason(reason), uscc, UUID(officer) if officer else None)
    except ValueError:
        raise BadInput(field="退出人员", reason="请从名单中选择") from None
