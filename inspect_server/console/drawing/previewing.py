"""A draw before its commit (预演): the pool in figures, and the enterprises behind each of them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inspect_server.console.asking import page_number, search_text
from inspect_server.console.drawing import asked
from inspect_server.console.drawing.asked import MOST_EXPERTS, MOST_PAIRS, MOST_PUBLIC, Asked
from inspect_server.domain.draw.entropy import CEREMONY, PUBLISHED
from inspect_server.domain.draw.publications.issues import ISSUES
from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import EXCLUSIONS, cell_name
from inspect_server.reads import draws as reads
from inspect_server.reads.paging import Page, bounds
from inspect_server.reads.registry import officers
from inspect_server.usecases.disclosing.identities import open_pool, unseen_draws
from inspect_server.usecases.drawing.beforehand.departments import configured
from inspect_server.usecases.drawing.beforehand.preview import (
    DrawPreview,
    preview_draw,
    preview_list,
)
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
    """Ask for the options of a commit, and show what a commit with them would contain."""
    if "from" not in request.args:
        return _page()
    try:
        wanted = asked.read(request.args)
        found = outlook(wanted)
    except InspectError as refused:
        return _page(error=str(refused)), STATUS[refused.kind]
    return _page(wanted=wanted, found=found)


@allow(*BUREAU)
def listed() -> ResponseReturnValue:
    """List who stays out and why, or the enterprises of one cell or of one reason."""
    wanted, label = asked.read(request.args), search_text("label")
    open_pool(backend(), actor())
    with reading() as session:
        plan_id = _plan(session, wanted)
        rows = preview_list(session, plan_id, wanted.first, wanted.last, label)
    size, offset = bounds(page_number(), PAGE_SIZE)
    return render_template(
        "draw_preview_list.html",
        page=Page(rows[offset : offset + size], len(rows), page_number(), size),
        wanted=wanted,
        label=label,
        title=EXCLUSIONS.get(label, cell_name(label)) if label else "不列入抽取的企业",
    )


def outlook(wanted: Asked) -> DrawPreview:
    """
    Return what a commit made now with these options would contain, and why it would be refused.

    Whoever may not know who is under way is told of no enterprise; the others' look is noted.

    Raises:
        InspectError: There is no plan, no pool, or an option cannot be read.
    """
    held = backend()
    unseen = unseen_draws(held, actor(), "preview")
    with reading() as session:
        return preview_draw(
            session,
            _plan(session, wanted),
            wanted.first,
            wanted.last,
            today=held.today(),
            teams=wanted.teams(session, held.settings.partner_departments),
            public=wanted.sources(),
            now=held.clock.now(),
            deadline=wanted.deadline,
            unseen=unseen,
        )


def _plan(session: Session, wanted: Asked) -> UUID:
    return reads.plan_in_force(session, wanted.first.year)


def _page(**shown: Any) -> str:
    """Return the page with its form, filled in as it was sent."""
    given = request.args
    known = [one.name for one in configured(backend().settings.partner_departments)]
    numbers = [one.strip() for one in given.getlist("apart")]
    pairs = [pair for pair in zip(numbers[::2], numbers[1::2], strict=False) if any(pair)]
    public = [one for one in given.getlist("public") if one.strip()]
    with reading() as session:
        people = officers(session, active_only=True)
    now = backend().clock.now()
    return render_template(
        "draw_preview.html",
        **shown,
        given=given,
        public=[*public, ""][:MOST_PUBLIC],
        pairs=[*pairs, ("", "")][:MOST_PAIRS],
        known=known,
        others=[one for one in given.getlist("department") if one.strip() and one not in known],
        officers=people,
        issues=[
            (f"{name}/{one.next_after(now)}", PUBLISHED[name].title) for name, one in ISSUES.items()
        ],
        most_experts=MOST_EXPERTS,
        ceremony_number=CEREMONY,
        exclusions=EXCLUSIONS,
    )
