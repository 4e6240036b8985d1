"""A draw in front of witnesses: its papers and the page for the projector."""

from collections.abc import Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways import chains
from inspect_server.reads.drawing.ceremony import Ceremony, ChosenLine
from inspect_server.reads.drawing.ceremony import ceremony as read_ceremony
from inspect_server.usecases.drawing.papers import Paper, print_paper
from inspect_server.web.begin import backend, begin, reading
from inspect_server.web.files import pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import PRINTS

ROWS = 8
"""Of a table on one screen: what is read from ten metres."""
PAIRED = 12
"""Rows of each of two tables side by side, in smaller type, where one screen would not hold all."""
PLACES = 2
"""Of a team on one line."""

EXPECTED = (
    "按已公布的休市安排，公开随机值 {}（北京时间）起才可能产生；"
    "在此之前录入的，请先与公布机构的数据核对。"
)
T = TypeVar("T")


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/draws/<uuid:draw_id>/ceremony", "ceremony", ceremony)
    console.add_url_rule("/draws/<uuid:draw_id>/papers", "draw_paper", paper, methods=["POST"])


@allow(Role.SUPERVISOR)
def ceremony(draw_id: UUID) -> ResponseReturnValue:
    """Show what is fixed and take the values in, or show the result, screen by screen."""
    with reading() as session:
        page = read_ceremony(session, draw_id, backend().clock.now())
    chosen = page.outcome.chosen if page.outcome else ()
    drawn = [cell for cell in page.cells if cell.drawn]
    lines = max((_lines(one) for one in chosen), default=1) or 1
    return render_template(
        "ceremony.html",
        page=page,
        cell_screens=_paired(drawn if page.outcome else page.cells),
        chosen_screens=_screens(chosen, max(ROWS // lines, 1)),
        own_chain=_own_chain(page),
        roll_until=told(page.dice.until) if page.dice else "",
        roll_before=told(page.dice.before) if page.dice else "",
        expected=EXPECTED.format(told(page.expected_from)) if page.expected_from else "",
    )


@allow(*PRINTS)
def paper(draw_id: UUID) -> Response:
    """Print one paper; the browser shows it, and the draw log has its hash."""
    what = request.form.get("what", "")
    if what not in set(Paper):
        raise BadInput(field="what", reason="应为承诺书或结果表之一")
    with begin() as work:
        made = print_paper(work, draw_id, Paper(what))
    return pdf(made.pdf, made.file_name, inline=True)


def _paired(rows: Sequence[T]) -> list[list[list[T]]]:
    """Return the rows in screens of one table, or of two side by side where they are many."""
    if len(rows) <= ROWS:
        return [[list(rows)]] if rows else []
    return [_screens(screen, -(-len(screen) // 2)) for screen in _screens(rows, 2 * PAIRED)]


def _lines(chosen: ChosenLine) -> int:
    """Return how many lines the teams of an enterprise take, each department's from a new one."""
    return sum(-(-len(team.places) // PLACES) for team in chosen.teams)


def _screens(rows: Sequence[T], size: int) -> list[list[T]]:
    """Return the rows in screens that are filled evenly, so that no last one has a single row."""
    if not rows:
        return []
    count = -(-len(rows) // size)
    base, more = divmod(len(rows), count)
    left = iter(rows)
    return [list(islice(left, base + (number < more))) for number in range(count)]


def _own_chain(page: Ceremony) -> str:
    """Return whether the bureau's own value is at hand: ready, sealed (asks for it) or missing."""
    try:
        own = chains.header(chains.authority_file(backend().settings.data_dir, page.year))
    except InspectError:
        return "missing"
    return "sealed" if own.is_sealed else "ready"
