"""What a team may see of its documents on site: previews, and what was issued."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONEncoder
from threading import BoundedSemaphore, Lock
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.closing import RecordNotPrintable
from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.gateways.blobs import BlobDamaged, BlobMissing
from inspect_server.store import documents, visit_records
from inspect_server.store.journal import scopes
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.documents.facts import plain, said_sha256
from inspect_server.usecases.documents.previewing import (
    CLOSED,
    KINDS,
    OPEN,
    RECEIPT,
    Draft,
    NotPreviewable,
    drafted,
    previewed,
)
from inspect_server.usecases.inspecting.assessing import assess
from inspect_server.usecases.phones.pull_phone import Puller
from inspect_server.usecases.work import Actor, Backend, BlobStore, Work
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.photos import effort, prepare
from pdf_templates.setting.faces import using
from sync.errors import NotInScope, Unavailable
from sync.ids import inspection_scope
from sync.previews import Lacking, PreviewReply, PreviewRequest

AT_ONCE, WAITING, PATIENCE = 1, 1, 10.0
"""
Previews set at the same time in one process, others that wait for their turn, and their seconds.

Whoever waits has one of the few working threads (web/slow_clients.py), which pushes need, too.
"""
MOST_PICTURES = 40
"""Photos shown; decoding one takes a tenth of a second, and a page of two is 0.2 MiB."""
MOST_EFFORT = 300_000_000
"""Of all pictures of a preview, in pixels as `pdf_templates.photos.effort` counts: some 8 s."""
LONGEST = 2_000_000
"""
Characters of the facts that are set; 600 photos or 120 notes of a page have 0.3 million and take
0.3 s, and no one looks through more on a phone.
"""
LARGEST_ORIGINAL = 32 * 1024 * 1024
"""Bytes of a file that is read for a picture: phones' photos have a fifth, videos have more."""
MOST_READ = 512 * 1024 * 1024
"""Bytes of files that are read for the pictures of a preview, shown or not; some 2 s."""

_turns = BoundedSemaphore(AT_ONCE)
_places = BoundedSemaphore(AT_ONCE + WAITING)
_asks = Lock()
_asking: set[UUID] = set()
"""
Users whose preview is being set, or waits. Users and not phones: anybody can enrol as many of
these as there are places.
"""


class NotBegun(InspectError):
    """Nobody arrived yet, as far as phones have delivered: there is nothing to show."""

    code, kind = "preview.not_begun", "conflict"
    message = "该检查尚无到场记录，请检查人员在手机上记录到场并同步后再预览文书。"


@dataclass(frozen=True)
class _Found:
    """What there is of a document: its draft, or the issued one."""

    draft: Draft | None
    issued: IssuedDocument | None
    file_sha256: str
    stage: Literal["open", "closed", "issued"]
    number: str
    lacking: Sequence[InspectError] = ()


def preview_document(backend: Backend, puller: Puller, request: PreviewRequest) -> PreviewReply:
    """
    Return a document of a task as it would be issued now, or as it was; nothing is written.

    Before the record is closed it is made of what phones have delivered so far. Signatures,
    disagreements, photos: whatever keeps the record open is said beside it.

    Raises:
        NotInScope: The task is not on this user's phones, or there is none such.
        NotBegun: Nobody has arrived.
        NothingOrdered: An order is wanted and nothing is left to be rectified.
        NotPreviewable: It cannot be set, or a checklist or the bureau's own names are missing.
        BlobMissing, BlobDamaged: The file of an issued document.
        Unavailable: Another one is being set for this user, or too many for others.
    """
    with _unit(backend) as work:
        _task(work.session, puller.user_id, request.inspection)  # strangers take nobody's turn
    with _turn(puller.user_id):
        with _unit(backend) as work:
            found = _found(work, _task(work.session, puller.user_id, request.inspection), request)
        if found.issued is not None:
            return _issued(backend, found, found.issued, request)
        return _previewed(backend, found, request)


@contextmanager
def _turn(user_id: UUID) -> Iterator[None]:
    """Wait for a turn: setting keeps a core busy, and pushes must not wait for that."""
    if not _places.acquire(blocking=False):
        raise Unavailable
    try:
        with _alone(user_id):
            if not _turns.acquire(timeout=PATIENCE):
                raise Unavailable
            try:
                yield
            finally:
                _turns.release()
    finally:
        _places.release()


@contextmanager
def _alone(user_id: UUID) -> Iterator[None]:
    """Let a user ask for one at a time: who asks again has given up the one before."""
    with _asks:
        if user_id in _asking:
            raise Unavailable
        _asking.add(user_id)
    try:
        yield
    finally:
        with _asks:
            _asking.discard(user_id)


@contextmanager
def _unit(backend: Backend) -> Iterator[Work]:
    """Give what use cases need, on a session that writes nothing."""
    with backend.reading() as session:
        yield Work(
            session,
            backend.clock.now(),
            Actor.system("sync"),
            backend.blobs,
            backend.settings,
            backend.fonts,
        )


def _task(session: Session, user_id: UUID, inspection_id: str) -> Inspection:
    if inspection_scope(inspection_id) not in scopes.visible(session, user_id):
        raise NotInScope
    visit = session.get(Inspection, UUID(inspection_id))
    if visit is None:
        raise NotInScope
    return visit


def _found(work: Work, visit: Inspection, request: PreviewRequest) -> _Found:
    kind = KINDS[request.document]
    title = catalogue.template(kind).title
    if visit.record is not None:
        return _sealed(work, visit, ClosedRecord.from_json(visit.record), request)
    merged = visit_records.load(work.session, visit.id)
    if not merged.merged.of_kind("visit/start/"):
        raise NotBegun
    try:
        require_bureau(work)
        assessed = assess(work, visit, merged)
    except InspectError as error:
        raise NotPreviewable(title=title, reason=str(error)) from error
    draft = drafted(work, assessed.record, request.document, OPEN)
    return _Found(draft, None, "", "open", visit.number, assessed.blockers)


def _sealed(work: Work, visit: Inspection, closed: ClosedRecord, request: PreviewRequest) -> _Found:
    kind = KINDS[request.document]
    for row in documents.of_inspection(work.session, visit.id):
        if row.kind == kind and row.voided_at is None:
            signed = documents.signature_of(work.session, row.id)
            file = signed.signed_sha256 if signed else row.pdf_sha256
            return _Found(None, row, file, "issued", row.doc_no)
    draft = drafted(work, closed, request.document, CLOSED)
    return _Found(draft, None, "", "closed", visit.number)


def _issued(
    backend: Backend, found: _Found, row: IssuedDocument, request: PreviewRequest
) -> PreviewReply:
    """Return the file that leaves the house, or the same facts on receipt paper."""
    title = catalogue.titled(row.kind, row.template_version)
    if request.paper != RECEIPT:
        pdf = backend.blobs.read(found.file_sha256)
    else:
        _check_length(title, row.facts)
        try:
            with using(backend.fonts):
                pdf = catalogue.render_receipt(row.kind, row.facts, version=row.template_version)
        except DocumentError as error:
            raise NotPreviewable(title=title, reason=str(error)) from error
    return _reply(backend, found, title, said_sha256(row.facts), pdf, left_out=0)


def _previewed(backend: Backend, found: _Found, request: PreviewRequest) -> PreviewReply:
    assert found.draft is not None
    _check_length(found.draft.form.title, plain(found.draft.facts))
    wanted = () if request.paper == RECEIPT else found.draft.photos
    pictures, left_out = _pictures(backend.blobs, dict.fromkeys(wanted))
    try:
        made = previewed(found.draft, request.paper, pictures, backend.fonts)
    except NotPreviewable as error:
        raise _with_hint(error, found) from error
    return _reply(backend, found, made.title, made.said_sha256, made.pdf, left_out)


def _check_length(title: str, facts: Mapping[str, Any]) -> None:
    """Refuse what would keep a working thread busy for long."""
    if sum(map(len, JSONEncoder(ensure_ascii=False).iterencode(facts))) > LONGEST:
        reason = "内容过多，服务器不在现场排版；请核对是否有重复的记录，办结后由内勤制作。"
        raise NotPreviewable(title=title, reason=reason)


def _with_hint(error: NotPreviewable, found: _Found) -> NotPreviewable:
    """Return the refusal in the words of what keeps the record open: they say who can mend it."""
    title = error.facts["title"]
    for one in found.lacking:
        if isinstance(one, RecordNotPrintable) and one.facts["title"] == title:
            return NotPreviewable(title=title, reason=one.facts["reason"])
    return error


def _pictures(blobs: BlobStore, wanted: Iterable[str]) -> tuple[Mapping[str, bytes], int]:
    """Return the prints of the first photos that are here, and how many more there would be."""
    prints: dict[str, bytes] = {}
    left_out, spent, read = 0, 0, 0
    for sha256 in wanted:
        if not blobs.has(sha256):
            continue
        size = blobs.path(sha256).stat().st_size
        read += size if size <= LARGEST_ORIGINAL else 0
        if len(prints) == MOST_PICTURES or size > LARGEST_ORIGINAL or read > MOST_READ:
            left_out += 1
            continue
        try:
            content = blobs.read(sha256)
        except (BlobMissing, BlobDamaged):
            continue
        spent += (needed := effort(content))
        if spent > MOST_EFFORT:
            spent -= needed  # a smaller one may still have its place
            left_out += 1
            continue
        picture = prepare(content)
        if picture is not None:
            prints[sha256] = picture
    return prints, left_out


def _reply(
    backend: Backend, found: _Found, title: str, said: str, pdf: bytes, left_out: int
) -> PreviewReply:
    return PreviewReply(
        title=title,
        number=found.number,
        stage=found.stage,
        said_sha256=said,
        lacking=[Lacking(one.code, str(one)) for one in found.lacking],
        pictures_left_out=left_out,
        pdf_b64=pdf,
        server_time=backend.clock.now().isoformat(),
    )
