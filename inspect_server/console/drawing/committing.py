"""抽取承诺: what would be fixed, on one page, and the confirmation that fixes it once."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.console.drawing import asked
from inspect_server.console.drawing.asked import Asked
from inspect_server.console.drawing.previewing import outlook
from inspect_server.domain.draw.ceremony.dice import roll_before
from inspect_server.domain.draw.ceremony.words import rules_in_words
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import EXCLUSIONS
from inspect_server.reads import draws as reads
from inspect_server.reads.registry import officers
from inspect_server.usecases.drawing.beforehand.confirm import confirmed
from inspect_server.usecases.drawing.chains import chain_sources
from inspect_server.usecases.drawing.commit_draw import CommittedDraw, commit_draw
from inspect_server.usecases.drawing.refusals import noting_refused_commits
from inspect_server.usecases.work import Work
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/draws/commit", "commit", page)
    console.add_url_rule("/draws/commit", "make_commit", make, methods=["POST"])


@allow(Role.SUPERVISOR)
def page() -> ResponseReturnValue:
    """Show everything that a commit with these options would fix."""
    return _page(asked.read(request.args))


@allow(Role.SUPERVISOR)
def make() -> ResponseReturnValue:
    """Publish the commit that was shown; the same confirmation again leads to the same draw."""
    wanted, held = asked.read(request.form), backend()
    days = wanted.first, wanted.last
    try:
        with reading() as session:
            plan_id = reads.plan_in_force(session, wanted.first.year)
            teams = wanted.teams(session, held.settings.partner_departments)
        sources = wanted.sources()

        def commit(work: Work) -> CommittedDraw:
            return commit_draw(
                work,
                plan_id,
                *days,
                sources,
                draw_no=wanted.draw_no,
                deadline=wanted.deadline,
                teams=teams,
            )

        shown = request.form.get("shown_leaf", "")
        draw_id = noting_refused_commits(
            held, actor(), days, lambda work: confirmed(work, shown, days, sources, commit)
        )
    except InspectError as refused:
        return _page(wanted, error=str(refused)), STATUS[refused.kind]
    return redirect(url_for("console.draw", draw_id=draw_id), 303)


def _page(wanted: Asked, error: str = "") -> str:
    found = outlook(wanted)
    with reading() as session:
        year = wanted.first.year
        can = bool(wanted.public) and not found.obstacles
        chains = chain_sources(session, year)[1] if can else []
        return render_template(
            "draw_commit.html",
            wanted=wanted,
            found=found,
            can=can,
            sources=[*chains, *wanted.sources()],
            roll_before=roll_before(wanted.sources()) if can and wanted.dice else None,
            draw_no=wanted.draw_no or reads.next_number(session, year),
            sentences=rules_in_words(found.staff.rules) if found.staff else (),
            shown_leaf=reads.last_leaf(session),
            exclusions=EXCLUSIONS,
            names={one.cert_no: one.name for one in officers(session, active_only=False)},
            error=error,
        )
