"""A draw before its commit (预演): the pool in figures, and the enterprises behind each of them."""

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.console.asking import page_number, search_text
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.plan import EXCLUSIONS, cell_name
from inspect_server.reads import draws as reads
from inspect_server.reads.paging import Page, bounds
from inspect_server.usecases.disclosing.identities import open_pool
from inspect_server.usecases.drawing.beforehand.preview import preview_draw, preview_list
from inspect_server.usecases.drawing.beforehand.sources import public_source
from inspect_server.usecases.drawing.beforehand.staffing import wanted
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

PAGE_SIZE = 50


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/draws/preview", "draw_preview", preview)
    console.add_url_rule("/draws/preview/enterprises", "draw_preview_list", listed)


@allow(*BUREAU)
def preview() -> ResponseReturnValue:
    """Ask for the days of the visits, and show what a commit for them would contain."""
    if "from" not in request.args:
        return render_template("draw_preview.html", found=None)
    try:
        first, last = _day("from"), _day("to")
        held, public = backend(), search_text("public")
        with reading() as session:
            found = preview_draw(
                session,
                _plan(first),
                first,
                last,
                authority=held.settings.authority,
                today=held.today(),
                teams=wanted(held.settings.partner_departments),
                public=[public_source(public)] if public else [],
                now=held.clock.now(),
            )
    except InspectError as refused:
        shown = render_template("draw_preview.html", found=None, error=str(refused))
        return shown, STATUS[refused.kind]
    return render_template(
        "draw_preview.html", found=found, first=first, last=last, exclusions=EXCLUSIONS
    )


@allow(*BUREAU)
def listed() -> ResponseReturnValue:
    """List who stays out and why, or the enterprises of one cell or of one reason."""
    first, last, label = _day("from"), _day("to"), search_text("label")
    open_pool(backend(), actor())
    with reading() as session:
        rows = preview_list(session, _plan(first), first, last, label)
    size, offset = bounds(page_number(), PAGE_SIZE)
    return render_template(
        "draw_preview_list.html",
        page=Page(rows[offset : offset + size], len(rows), page_number(), size),
        first=first,
        last=last,
        label=label,
        title=EXCLUSIONS.get(label, cell_name(label)) if label else "不列入抽取的企业",
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        raise BadInput(field="检查时段", reason="应填写开始和结束日期（年-月-日）") from None


def _plan(on: date) -> UUID:
    with reading() as session:
        return reads.plan_in_force(session, on.year)
