"""The pages: all batches, one batch, the rules of a year, and how the draw works."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.disclosure.answers import page, stored_file
from inspect_server.disclosure.words import MIMES
from inspect_server.reads.disclosure import published
from inspect_server.web.begin import reading
from inspect_server.web.guard import PUBLIC, policy

LAST_PAGE = 10_000


def register(blueprint: Blueprint) -> None:
    """Add the pages to the face."""
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/draws/<string(maxlength=60):draw_no>", "draw", draw)
    blueprint.add_url_rule(
        "/draws/<string(maxlength=60):draw_no>/<int(max=9999):revision>/<string(maxlength=60):name>",
        "file",
        file,
    )
    blueprint.add_url_rule("/rules/<int(max=9999):year>", "rules", rules)
    blueprint.add_url_rule("/explained", "explained", explained)


@policy(PUBLIC)
def index() -> ResponseReturnValue:
    """List every draw that was committed to, and the years' rules."""

    def render() -> str:
        with reading() as session:
            found = published.index(session)
        return render_template("disclosure/index.html", found=found)

    return page("index", render)


@policy(PUBLIC)
def draw(draw_no: str) -> ResponseReturnValue:
    """Show what is public of one draw."""
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)

    def render() -> str:
        with reading() as session:
            found = published.draw(session, draw_no, number)
        return render_template("disclosure/draw.html", found=found)

    return page(f"draw/{number}/{draw_no}", render)


@policy(PUBLIC)
def file(draw_no: str, revision: int, name: str) -> ResponseReturnValue:
    """Send one file of a published batch."""
    with reading() as session:
        found = published.file(session, draw_no, revision, name)
    return stored_file(found, MIMES.get(name, "application/octet-stream"), f"{draw_no}-{name}")


@policy(PUBLIC)
def rules(year: int) -> ResponseReturnValue:
    """Show the rules and anchors of a year."""

    def render() -> str:
        with reading() as session:
            found = published.year(session, year)
        return render_template("disclosure/rules.html", found=found)

    return page(f"rules/{year}", render)


@policy(PUBLIC)
def explained() -> ResponseReturnValue:
    """Explain the draw to a citizen, on one page."""
    return page("explained", lambda: render_template("disclosure/explained.html"))
