"""一公开 of one draw: what would be published and by when, publishing it, and what is public."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.domain.disclosure import FILE_NAMES
from inspect_server.domain.disclosure import RESULT_NAMES as DISCLOSED_NAMES
from inspect_server.domain.draw.replacement.requests import REASON_NAMES
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import inspections
from inspect_server.reads.disclosure import published
from inspect_server.usecases.disclosing.batches import LONGEST_REASON, preview_batch, publish_batch
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow

MOST = 200
"""Rows of one table."""


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    address = "/draws/<uuid:draw_id>/disclosure"
    console.add_url_rule(address, "publication", publication)
    console.add_url_rule(address, "publish", publish, methods=["POST"])


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


def _page(draw_id: UUID, *, error: str = "", reason: str = "") -> str:
    with begin() as work:
        found = preview_batch(work, draw_id)
    settled = {row.uscc for row in found.results}
    with reading() as session:
        tasks = draw_reads.tasks(session, draw_id) if found.open_checks else ()
        visits = inspections.listing(session, actor(), draw_no=found.draw_no, size=MOST).rows
        public = published.draw(session, found.draw_no, page=1, size=MOST)
    return render_template(
        "publication.html",
        found=found,
        waiting=[task for task in tasks if task.uscc not in settled][:MOST],
        visits={visit.enterprise_id: visit for visit in visits},
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
