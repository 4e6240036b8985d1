"""一公开 of one draw: results that no record shows, publishing, and what is public."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.domain.disclosure import FILE_NAMES, STATED, Result
from inspect_server.domain.disclosure import RESULT_NAMES as DISCLOSED_NAMES
from inspect_server.domain.draw.replacement.requests import REASON_NAMES
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.inspection import UNANNOUNCED
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import inspections
from inspect_server.reads.disclosure import published
from inspect_server.reads.inspections.lists import InspectionRow
from inspect_server.usecases.disclosing.batches import (
    LONGEST_REASON,
    BatchPreview,
    preview_batch,
    publish_batch,
)
from inspect_server.usecases.disclosing.owners import may_decide
from inspect_server.usecases.disclosing.results import state_result
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow

MOST = 200
"""Rows of one table."""
NOT_VISITED = UNANNOUNCED | {InspectionState.ENDED}
"""States of an inspection of which a supervisor may say why there was no check."""


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    address = "/draws/<uuid:draw_id>/disclosure"
    console.add_url_rule(address, "publication", publication)
    console.add_url_rule(address, "publish", publish, methods=["POST"])
    console.add_url_rule("/draws/<uuid:draw_id>/results", "state", state, methods=["POST"])


@allow(Role.SUPERVISOR, Role.AUDITOR)
def publication(draw_id: UUID) -> ResponseReturnValue:
    """Show what publishing now would show, why it cannot be yet, and what is public already."""
    return _page(draw_id)


@allow(Role.SUPERVISOR)
def publish(draw_id: UUID) -> ResponseReturnValue:
    """Publish the batch, or its correction with the reason."""
    reason = request.form.get("reason", "")
    try:
        with begin() as work:
            publish_batch(work, draw_id, reason)
    except InspectError as refused:
        return _page(draw_id, error=str(refused), reason=reason), STATUS[refused.kind]
    return redirect(url_for("console.publication", draw_id=draw_id), 303)


@allow(Role.SUPERVISOR)
def state(draw_id: UUID) -> ResponseReturnValue:
    """Say why a check could not be made; its inspection ends with it."""
    given = {name: request.form.get(name, "").strip() for name in ("uscc", "result", "reason")}
    try:
        if given["result"] not in set(Result):
            raise BadInput(field="结果", reason="请选择一种")
        with begin() as work:
            state_result(work, draw_id, given["uscc"], Result(given["result"]), given["reason"])
    except InspectError as refused:
        return _page(draw_id, error=str(refused), given=given), STATUS[refused.kind]
    return redirect(url_for("console.publication", draw_id=draw_id), 303)


def _page(
    draw_id: UUID, *, error: str = "", reason: str = "", given: Mapping[str, str] | None = None
) -> str:
    with begin() as work:
        found = preview_batch(work, draw_id)
    settled = {row.uscc for row in found.results}
    with reading() as session:
        tasks = draw_reads.tasks(session, draw_id) if found.open_checks else ()
        visits = inspections.listing(session, actor(), draw_no=found.draw_no, size=MOST).rows
        public = published.draw(session, found.draw_no, page=1, size=MOST)
        decides = may_decide(session, actor(), draw_id)
    return render_template(
        "publication.html",
        found=found,
        decides=decides,
        waiting=[task for task in tasks if task.uscc not in settled][:MOST],
        visits={visit.enterprise_id: visit for visit in visits},
        statable=_statable(found, visits, {row.uscc for row in public.results.rows}),
        stated=[(one.value, DISCLOSED_NAMES[one]) for one in STATED],
        given=given or {},
        public=public,
        is_late=found.due is not None
        and not found.revision
        and backend().today() > found.due.last_day,
        most=MOST,
        file_names=FILE_NAMES,
        disclosed=DISCLOSED_NAMES,
        replaced=REASON_NAMES,
        longest=LONGEST_REASON,
        error=error,
        reason=reason,
    )


def _statable(
    found: BatchPreview, visits: Sequence[InspectionRow], public: set[str]
) -> list[InspectionRow]:
    """Return the inspections, of the account's own units, of which a result may be stated."""
    settled = {row.uscc: row.result for row in found.results}
    return [
        visit
        for visit in visits
        if (visit.uscc not in settled and visit.state in NOT_VISITED)
        or (settled.get(visit.uscc) is Result.CLEAR and visit.uscc not in public)
    ]
