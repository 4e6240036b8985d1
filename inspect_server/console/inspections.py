"""The list of tasks and the page of one inspection."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inspect_server.console.asking import page_number, search_text
from inspect_server.console.drawing.next_steps import after_state
from inspect_server.console.pictures import Qr, qr
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import InspectError
from inspect_server.reads import checklists, evidence
from inspect_server.reads import inspections as reads
from inspect_server.reads.phones import photos as pictures
from inspect_server.reads.progress import progress
from inspect_server.usecases.disclosing.identities import note_unvisited
from inspect_server.usecases.documents.citations import unchecked_citations
from inspect_server.usecases.inspecting.open_evidence import note_photo_opened
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.files import jpeg, original
from inspect_server.web.guard import EVERYONE, allow, policy
from inspect_server.web.policies import CASES
from pdf_templates.photos import prepare

PAGE_SIZE = 50
IN_THE_FIELD = frozenset({InspectionState.DISPATCHED, InspectionState.UNDER_WAY})
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
"""What this machine calls itself: to a phone these names mean the phone."""


@dataclass(frozen=True)
class PhoneApp:
    """Where inspectors find the app, and a picture of it for a phone's camera."""

    address: str
    picture: Qr | None


class PhotoNotShown(InspectError):
    """The file is no picture that can be decoded."""

    code, kind = "evidence.photo_not_shown", "invalid"
    message = "该照片无法显示，请在检查任务页面下载原件后用其他软件打开。"


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/", "home", home)
    console.add_url_rule("/inspections/<uuid:inspection_id>", "inspection", inspection)
    console.add_url_rule(
        "/inspections/<uuid:inspection_id>/photos/<string(length=64):sha256>", "photo", photo
    )


@policy(EVERYONE)
def home() -> ResponseReturnValue:
    """Show the tasks that concern the account; an administrator sees none."""
    state, text = request.args.get("state", ""), search_text("q")
    with reading() as session:
        page = reads.listing(
            session,
            actor(),
            state=InspectionState(state) if state in set(InspectionState) else None,
            text=text,
            page=page_number(),
            size=PAGE_SIZE,
        )
    note_unvisited(backend(), actor(), ((row.number, row.state) for row in page.rows))
    return render_template(
        "home.html", page=page, state=state, q=text, phone_app=_phone_app(actor().roles)
    )


def _phone_app(roles: frozenset[Role]) -> PhoneApp | None:
    if Role.INSPECTOR not in roles:
        return None
    # Behind a proxy this server hears of http only.
    scheme = "https" if backend().settings.secure_cookies else None
    address = url_for("phone.start", _external=True, _scheme=scheme)
    is_reachable = urlsplit(address).hostname not in OWN_MACHINE
    return PhoneApp(address, qr(address) if is_reachable else None)


@allow(*CASES)
def inspection(inspection_id: UUID) -> ResponseReturnValue:
    """Show one inspection: the task, what happened, what was found, its documents."""
    with reading() as session:
        page = reads.one(session, actor(), inspection_id)
        conflicts = evidence.conflicts(session, inspection_id)
        settled = evidence.settlements(session, inspection_id)
        unapplied = evidence.unapplied(session, inspection_id)
        photos = pictures.photos(session, inspection_id)
        is_out = page.row.state in IN_THE_FIELD
        under_way = progress(session, inspection_id) if is_out else None
        unchecked = _unchecked(session, page)
        titles = checklists.titles(session, ((form.name, form.version) for form in page.forms))
    note_unvisited(backend(), actor(), [(page.row.number, page.row.state)])
    return render_template(
        "inspection.html",
        page=page,
        next_step=after_state(page.row.state, page.row.number, actor().roles),
        under_way=under_way,
        photos=photos,
        conflicts=conflicts,
        settled=settled,
        unapplied=unapplied,
        unchecked=unchecked,
        titles=titles,
    )


@allow(*CASES)
def photo(inspection_id: UUID, sha256: str) -> Response:
    """Show a photo made ready for the screen; ?original saves the file as the phone sent it."""
    with reading() as session:
        content = pictures.photo_file(
            session,
            actor(),
            backend().settings.authority,
            backend().blobs,
            inspection_id,
            sha256,
        )
    with begin() as work:
        note_photo_opened(work, inspection_id, sha256)
    if "original" in request.args:
        return original(content, sha256)
    shown = prepare(content)
    if shown is None:
        raise PhotoNotShown
    return jpeg(shown)


def _unchecked(session: Session, page: reads.InspectionPage) -> dict[int, list[str]]:
    """Return by a finding's number which of its citations nobody compared with the original."""
    found: dict[int, list[str]] = {}
    for one in unchecked_citations(session, page.record) if page.record else ():
        found.setdefault(one.problem, []).append(one.citation)
    return found
