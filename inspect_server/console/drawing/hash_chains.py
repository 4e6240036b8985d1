"""哈希链: the year's anchors and what their values were for; publishing one, and its notice."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from inspect_server.domain.draw.ceremony.holders import LONGEST_HOLDER
from inspect_server.domain.draw.entropy import LONGEST_CHAIN
from inspect_server.domain.draw.errors import ChainExists
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways import chains
from inspect_server.reads.drawing.chains import ChainView, chain_views
from inspect_server.usecases.drawing.chains import AUTHORITY, KINDS, WITNESS, publish_anchor
from inspect_server.usecases.drawing.papers import print_anchors
from inspect_server.web.begin import backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.files import pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU, PRINTS

YEARS = range(2000, 2201)
USED_UP = "服务器上的哈希链已经公布并用完，由系统管理员移走其文件后另行生成（draw chain new）。"


@dataclass(frozen=True)
class Anchor:
    """What is to be published of a chain."""

    kind: str
    year: int
    holder: str
    anchor: str
    length: int
    suite: str
    key: str


@dataclass(frozen=True)
class OwnFile:
    """The bureau's own chain of a year as its file on the server says, or why it is no use."""

    year: int
    anchor: Anchor | None
    reason: str


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/hash-chains", "hash_chains", page)
    console.add_url_rule("/hash-chains", "publish_anchor", publish, methods=["POST"])
    console.add_url_rule("/hash-chains/notices", "anchor_notice", notice, methods=["POST"])


@allow(*BUREAU)
def page() -> ResponseReturnValue:
    """Show the published anchors with what their values were for, and what may be published."""
    return _page()


@allow(Role.SUPERVISOR)
def publish() -> ResponseReturnValue:
    """Publish an anchor: the bureau's own from its file, the witness's as they gave it."""
    try:
        wanted = _wanted(request.form)
        with begin() as work:
            publish_anchor(
                work,
                kind=wanted.kind,
                holder=wanted.holder,
                year=wanted.year,
                anchor_hex=wanted.anchor,
                length=wanted.length,
                suite_name=wanted.suite,
                public_key_hex=wanted.key,
            )
    except ChainExists as refused:
        if not _is_published(wanted):  # else the form was sent twice
            return _page(error=str(refused)), STATUS[refused.kind]
    except InspectError as refused:
        return _page(error=str(refused)), STATUS[refused.kind]
    return redirect(url_for("console.hash_chains"), 303)


@allow(*PRINTS)
def notice() -> Response:
    """Print the notice of a year's anchors."""
    year = request.form.get("year", type=int)
    if year is None:
        raise BadInput(field="year", reason="应为年度")
    with begin() as work:
        made = print_anchors(work, year)
    return pdf(made.pdf, made.file_name, inline=True)


def _page(error: str = "") -> str:
    with reading() as session:
        rows = chain_views(session)
    this = backend().today().year
    taken = {(row.kind, row.year): row for row in rows if row.is_in_use}
    return render_template(
        "hash_chains.html",
        rows=rows,
        years=sorted({row.year for row in rows}, reverse=True),
        own=[_own(rows, year) for year in (this, this + 1) if (AUTHORITY, year) not in taken],
        witness_years=[year for year in (this, this + 1) if (WITNESS, year) not in taken],
        kinds=KINDS,
        suites=chains.SUITES,
        longest_chain=LONGEST_CHAIN,
        longest_holder=LONGEST_HOLDER,
        given=request.form,
        error=error,
    )


def _own(rows: tuple[ChainView, ...], year: int) -> OwnFile:
    """Return what the server's file of a year would publish."""
    try:
        anchor = _of_own_file(year)
    except InspectError as refused:
        return OwnFile(year, None, str(refused))
    if any(row.anchor == anchor.anchor for row in rows):
        return OwnFile(year, None, USED_UP)
    return OwnFile(year, anchor, "")


def _of_own_file(year: int) -> Anchor:
    own = chains.header(chains.authority_file(backend().settings.data_dir, year))
    return Anchor(AUTHORITY, year, own.holder, own.anchor_hex, own.length, own.suite, "")


def _wanted(form: MultiDict[str, str]) -> Anchor:
    """
    Read what is to be published.

    Raises:
        BadInput: A field of a witness's anchor is missing, or is no number.
        ChainFileMissing: The bureau has not made a chain for the year.
    """
    kind, year = form.get("kind", ""), form.get("year", 0, type=int)
    if kind not in KINDS or year not in YEARS:
        raise BadInput(field="哈希链", reason="应写明种类和年度")
    if kind == AUTHORITY:
        return _of_own_file(year)
    holder, anchor, length = (form.get(one, "").strip() for one in ("holder", "anchor", "length"))
    if not (holder and anchor and length.isascii() and length.isdigit() and len(length) < 7):
        raise BadInput(field="持有单位、锚值、链长", reason="见证方的锚值应全部写明，链长为数字")
    return Anchor(
        kind, year, holder, _hex(anchor), int(length), form.get("suite", ""),
        _hex(form.get("key", "")),
    )  # fmt: skip


def _hex(text: str) -> str:
    """Return hex as it is published: the blanks between groups are for reading."""
    return "".join(text.split()).lower()


def _is_published(wanted: Anchor) -> bool:
    with reading() as session:
        return any(
            Anchor(
                row.kind, row.year, row.holder, row.anchor, row.length, row.suite, row.key
            ) == wanted
            for row in chain_views(session)
        )  # fmt: skip
