"""How many photos documents are made of: a clear refusal before closing, and again at issuing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from inspect_server.config import Settings
from inspect_server.domain.closing import TooManyPhotos
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.usecases.documents import prints
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.documents.prints import PrintingBusy, TooMuchToPrint, prints_of
from inspect_server.usecases.phones import preview_document as previews
from inspect_server.usecases.work import Backend
from pdf_templates.photos import effort
from sync.entries import make_op
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import answered_visit, close
from tests.usecases.phones import Visit
from tests.usecases.test_documents import OFFICE, change_record, closed_visit, issue, picture

__all__ = ["small_form"]
pytestmark = pytest.mark.usefixtures("small_form")
MOST = 10


def few(backend: Backend) -> Backend:
    """Let documents be made of few photos only."""
    return replace(backend, settings=replace(backend.settings, most_photos=MOST))


def with_photos(visit: Visit, count: int) -> Visit:
    """Let a closed record name so many photos."""
    with visit.backend.reading() as session:
        (one,) = (session.get_one(Inspection, visit.inspection).record or {})["photos"]
    change_record(visit, photos=[one] * count)
    return visit


def test_a_record_with_too_many_photos_stays_open_until_some_are_withdrawn(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(few(sqlite_backend))
    for _ in range(MOST + 1):
        visit.phone(0).photograph()
    last = visit.phone(0).operations[-1]
    visit.sign_all()

    with pytest.raises(TooManyPhotos, match=r"有 11 张，.*收录的 10 张，.*撤回.*most_photos"):
        close(visit)
    visit.phone(0).save(make_op("photo.retract", last.item, {"reason": "重复"}, [last.id]))
    visit.sign_all()
    close(visit)


def test_a_sealed_record_with_too_many_photos_is_refused_without_a_number(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = with_photos(closed_visit(few(sqlite_backend)), MOST + 1)
    monkeypatch.setattr(LocalBlobs, "read", lambda *_: pytest.fail("read"))

    with (
        pytest.raises(TooMuchToPrint, match=r"照片有 11 张，.*most_photos"),
        visit.backend.reading() as session,
    ):
        prints_of(session, visit.backend.blobs, visit.inspection, MOST)
    with pytest.raises(TooMuchToPrint, match="文号未占用"):
        issue(visit)
    with visit.backend.reading() as session:
        assert session.query(IssuedDocument).count() == 0


def test_documents_in_force_are_told_whatever_the_setting_says_later(
    sqlite_backend: Backend,
) -> None:
    visit = closed_visit(sqlite_backend)
    issue(visit)
    later = replace(visit.bureau, backend=few(sqlite_backend))
    with_photos(visit, MOST + 1)

    with later.backend.reading() as session:
        assert prints_of(session, sqlite_backend.blobs, visit.inspection, MOST) == {}
    with later.backend.begin(OFFICE) as work:
        issued = issue_documents(work, visit.inspection)
    assert [one.created for one in issued.documents] == [False, False]


def test_pictures_that_take_too_long_together_are_refused(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    monkeypatch.setattr(prints, "EFFORT_EACH", effort(picture()) - 1)

    with (
        pytest.raises(TooMuchToPrint, match="像素过多"),
        sqlite_backend.reading() as session,
    ):
        prints_of(session, sqlite_backend.blobs, visit.inspection, most=1)


def test_photos_of_few_records_are_made_ready_at_once_and_others_are_told_to_wait(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = closed_visit(sqlite_backend)
    at_it, go_on = Event(), Event()

    def slowly(_: bytes) -> None:
        at_it.set()
        assert go_on.wait(30)

    monkeypatch.setattr(prints, "prepare", slowly)
    monkeypatch.setattr(prints, "_turns", prints.BoundedSemaphore(1))
    monkeypatch.setattr(prints, "PATIENCE", 0.05)

    def ready() -> prints.Prints:
        with sqlite_backend.reading() as session:
            return prints_of(session, sqlite_backend.blobs, visit.inspection)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ready)
        assert at_it.wait(30)
        with pytest.raises(PrintingBusy):
            ready()
        go_on.set()
        assert [*first.result().values()] == [None]
    assert [*ready().values()] == [None]  # the turn was given back


def test_as_many_photos_as_the_setting_says_are_printed(sqlite_backend: Backend) -> None:
    visit = with_photos(closed_visit(few(sqlite_backend)), MOST)
    with visit.backend.reading() as session:
        ready = prints_of(session, visit.backend.blobs, visit.inspection, MOST)
    with visit.backend.begin(OFFICE) as work:
        issued = issue_documents(work, visit.inspection, ready)

    assert issued.documents[0].created
    assert Settings.most_photos == 300  # what docs/documents.md measured


def test_a_preview_reads_no_more_than_so_many_bytes_of_pictures(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = sqlite_backend.blobs
    bad = [blobs.put(bytes([n]) * 1000) for n in range(5)]
    monkeypatch.setattr(previews, "MOST_READ", 2500)

    found, left_out = previews._pictures(blobs, [*bad, blobs.put(picture())])

    assert (found, left_out) == ({}, 4)  # two were read and are none; the others were not
