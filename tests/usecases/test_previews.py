"""Documents on site: what a team sees before they are issued is what is issued."""

import io
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import func, select

from inspect_server.domain.closing import together
from inspect_server.domain.errors import InspectError
from inspect_server.store.models.base import Base
from inspect_server.usecases.documents.issue_document import (
    IssuedDocuments,
    issue_documents,
    void_document,
)
from inspect_server.usecases.documents.previewing import NothingOrdered, NotPreviewable
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.phones import preview_document as previews
from inspect_server.usecases.phones.preview_document import NotBegun, preview_document
from inspect_server.usecases.phones.pull_phone import Puller
from inspect_server.usecases.work import Backend
from pdf_templates.photos import prepare
from sync.entries import make_op
from sync.errors import NotInScope, Unavailable
from sync.previews import PreviewReply, PreviewRequest
from tests.scenes import scene
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import (
    answered_visit,
    close,
    dispatched_visit,
    fail,
    fresh_id,
    note,
    signed_visit,
)
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
NUMBER = "2026-0001"
MARK = f"预览·尚未办结　临时编号 {NUMBER}"
COMES_WITH_THE_NUMBER = re.compile(
    "|".join(
        (
            rf"预览·(尚未办结|已办结，文号待编)临时编号{NUMBER}",
            r"（苏·云）应急(检记|责改)〔2026〕[×\d]+号",
            "扫码核对文号和内容摘要内容摘要SHA-256：[0-9a-f]{64}",
            "[0-9a-f]{64}",
            "预览",
        )
    )
)
"""What differs before and after: numbers and what names them, the digest of the sealed record."""
MARKS = 3
"""Lines of a page that are the mark's: what stands behind the text, and for the 文号."""
WIDTH_80_MM = 226.77


def picture() -> bytes:
    """A photo that can be printed."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(out, "JPEG")
    return out.getvalue()


@scene
def found_visit(backend: Backend) -> Visit:
    """A visit at which something was found, photographed and signed by all."""
    visit = answered_visit(backend)
    phone = fail(visit, "A1")
    found = phone.find("A1")
    phone.photograph(finding=found, content=picture())
    phone.save(note("企业正在停产检修"))
    visit.sign_all()
    for signer, officer in (("lead", 0), ("member", 1), ("enterprise", None)):
        phone.sign(signer, officer, document="order")
    return visit


def preview(
    visit: Visit, document: Any = "record", paper: Any = "a4", officer: int = 0
) -> PreviewReply:
    """Ask as one officer's phone does."""
    user = visit.bureau.accounts[visit.bureau.officers[officer]]
    asked = PreviewRequest(str(visit.inspection), document, paper)
    return preview_document(visit.backend, Puller("0" * 64, user), asked)


def issue(visit: Visit) -> IssuedDocuments:
    """Issue what a closed record asks for."""
    with visit.backend.begin(visit.bureau.author) as work:
        return issue_documents(work, visit.inspection)


def pages(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded().splitlines() for page in document]


def said(pdf: bytes) -> str:
    """Return all text, in one."""
    return "".join(line for page in pages(pdf) for line in page)


def settled_text(pdf: bytes) -> list[str]:
    """Return what each page says before and after the issue."""
    found = ["".join("".join(page).split()) for page in pages(pdf)]
    return [COMES_WITH_THE_NUMBER.sub("", page) for page in found]


def places(pdf: bytes) -> list[set[int]]:
    """Return how high the lines of each page stand, in points: the layout without its words."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        found.append({round(text.get_rect(n)[1]) for n in range(text.count_rects())})
    return found


def moved(before: bytes, after: bytes) -> int:
    """Return how many lines of a page at most stand elsewhere."""
    pairs = zip(places(before), places(after), strict=True)
    return max(len(one ^ other) for one, other in pairs)


def rows(backend: Backend) -> dict[str, int]:
    """Return how many rows every table has."""
    with backend.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_a_preview_says_and_is_laid_out_as_what_is_issued_later(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    asked = [("record", "a4"), ("order", "a4"), ("record", "80mm"), ("order", "80mm")]
    before = [preview(visit, *what) for what in asked]
    close(visit)
    between = [preview(visit, *what) for what in asked]
    issued = issue(visit)
    after = [preview(visit, *what) for what in asked]

    for shown, sealed, formal in zip(before, between, after, strict=True):
        assert (shown.stage, sealed.stage, formal.stage) == ("open", "closed", "issued")
        assert {shown.said_sha256, sealed.said_sha256} == {formal.said_sha256}
        assert settled_text(shown.pdf_b64) == settled_text(formal.pdf_b64)
        assert settled_text(sealed.pdf_b64) == settled_text(formal.pdf_b64)
        assert MARK in said(shown.pdf_b64)
        assert f"已办结，文号待编　临时编号 {NUMBER}" in said(sealed.pdf_b64)
        assert "预览" not in said(formal.pdf_b64)
        assert (shown.number, sealed.number) == (NUMBER, NUMBER)
        assert (shown.title, shown.lacking) == (formal.title, [])
    for shown, formal in zip(before[:2], after[:2], strict=True):
        assert moved(shown.pdf_b64, formal.pdf_b64) <= MARKS
    assert [one.number for one in after[:2]] == [one.doc_no for one in issued.documents]
    assert [one.pdf_b64 for one in after[:2]] == [
        sqlite_backend.blobs.read(one.pdf_sha256) for one in issued.documents
    ]


def test_what_changes_afterwards_changes_the_digest(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    before = preview(visit), preview(visit, "order")

    visit.phone(0).save(note("现场已拉警戒线"))
    after = preview(visit), preview(visit, "order")

    assert before[0].said_sha256 != after[0].said_sha256
    assert before[1].said_sha256 == after[1].said_sha256  # the order says nothing of notes


def test_everything_that_keeps_the_record_open_is_said_in_the_words_of_closing(
    sqlite_backend: Backend,
) -> None:
    visit = answered_visit(sqlite_backend)
    phone = fail(visit, "A1")
    phone.photograph(finding=phone.find("A1", deadline=""), arrive=False)

    shown = preview(visit)
    with pytest.raises(InspectError) as refused:
        close(visit)

    assert [one.code for one in shown.lacking] == [
        "record.finding_not_allowed",
        *["record.signature_missing"] * 3,
        "record.photos_not_arrived",
    ]
    told = [_Said(one.detail) for one in shown.lacking]
    assert str(together(told)) == str(refused.value)
    assert "图像无法显示" in said(shown.pdf_b64)


class _Said(InspectError):
    """A sentence as it is."""

    code, kind, message = "said", "conflict", "{said}"

    def __init__(self, said: str) -> None:
        super().__init__(said=said)


def test_while_phones_disagree_the_rest_is_shown(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    visit.phone(1).answer("A3", "not_applicable")

    shown = preview(visit)

    assert [one.code for one in shown.lacking] == ["record.has_conflicts"]
    assert "未设置警示标志" in said(shown.pdf_b64)
    assert "不适用0项" in said(shown.pdf_b64)


@pytest.mark.seldom_on_postgresql
def test_a_preview_writes_nothing(backend: Backend) -> None:
    visit = found_visit(backend)
    before = rows(backend)

    for document in ("record", "order"):
        preview(visit, document)

    assert rows(backend) == before


def test_only_the_team_sees_it(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    member = preview(visit, officer=1)

    with pytest.raises(NotInScope):
        preview(visit, officer=2)
    with pytest.raises(NotInScope):
        preview_document(
            sqlite_backend, Puller("0" * 64, uuid4()), PreviewRequest(str(uuid4()), "record", "a4")
        )
    assert member.title == "现场检查记录"


def test_who_left_the_team_sees_it_no_more(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    bureau = visit.bureau
    with sqlite_backend.begin(bureau.author) as work:
        out, new = bureau.officers[1], bureau.officers[2]
        reassign(work, visit.inspection, officer_out=out, officer_in=new, reason="illness")

    with pytest.raises(NotInScope):
        preview(visit, officer=1)
    assert "协办人员签名" in preview(visit, officer=2).lacking[0].detail


def test_nothing_is_shown_of_a_visit_that_nobody_began(sqlite_backend: Backend) -> None:
    with pytest.raises(NotBegun, match="尚无到场记录"):
        preview(dispatched_visit(sqlite_backend))


def test_no_order_where_nothing_is_left_to_be_rectified(sqlite_backend: Backend) -> None:
    visit = signed_visit(sqlite_backend)
    with pytest.raises(NothingOrdered):
        preview(visit, "order")
    close(visit)
    with pytest.raises(NothingOrdered):
        preview(visit, "order")


def test_what_cannot_be_printed_says_who_mends_it(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    visit.phone(0).save(make_op("note.add", f"note/{fresh_id()}", {"text": "现场👷作业"}))

    with pytest.raises(NotPreviewable, match=r"现场检查记录.*该字符出现在其他情况第 2 项"):
        preview(visit)
    assert preview(visit, "order").stage == "open"


def test_a_voided_document_is_a_preview_again(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    close(visit)
    record, _ = issue(visit).documents
    with sqlite_backend.begin(visit.bureau.author) as work:
        void_document(work, record.id, "文号有误")

    assert (preview(visit).stage, preview(visit, "order").stage) == ("closed", "issued")


def test_many_and_large_photos_are_listed_without_picture(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = found_visit(sqlite_backend)
    visit.phone(0).photograph(content=picture() + b" ")
    visit.phone(0).photograph(content=picture() + b" " * 5000)
    monkeypatch.setattr(previews, "LARGEST_ORIGINAL", 5000)
    large = preview(visit)
    monkeypatch.setattr(previews, "MOST_PICTURES", 1)
    many, narrow = preview(visit), preview(visit, paper="80mm")

    left_out = [one.pictures_left_out for one in (large, many, narrow)]
    assert left_out == [1, 2, 0]  # receipts show none
    assert "照片3" in said(many.pdf_b64)


def test_what_all_pictures_of_a_preview_take_has_an_end(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = found_visit(sqlite_backend)
    out = io.BytesIO()
    Image.new("L", (600, 400)).save(out, "PNG")
    for spaces in range(3):
        visit.phone(0).photograph(content=out.getvalue() + b" " * spaces)
    visit.phone(0).photograph(content=picture() + b" ")
    decoded: list[bytes] = []
    monkeypatch.setattr(previews, "prepare", lambda one: decoded.append(one) or prepare(one))
    monkeypatch.setattr(previews, "MOST_EFFORT", 650_000)  # two of 300,000, and small ones

    shown = preview(visit)

    assert shown.pictures_left_out == 1
    assert len(decoded) == 4
    assert "照片5" in said(shown.pdf_b64)


def test_the_receipt_is_as_narrow_as_its_paper_and_bears_no_code(sqlite_backend: Backend) -> None:
    shown = preview(found_visit(sqlite_backend), "order", "80mm")

    (page,) = pypdfium2.PdfDocument(shown.pdf_b64)
    assert round(page.get_width(), 2) == WIDTH_80_MM
    assert "扫码核对" not in said(shown.pdf_b64)


class Slow:
    """Setting that goes on until it may end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.may_end = threading.Semaphore(0), threading.Event()
        self.most = self._now = 0
        self._set = previews.previewed
        monkeypatch.setattr(previews, "previewed", self)

    def __call__(self, *given: Any) -> Any:
        self._now += 1
        self.most = max(self.most, self._now)
        self.begun.release()
        assert self.may_end.wait(20)
        try:
            return self._set(*given)
        finally:
            self._now -= 1


def asked_by(visit: Visit, replica: str, officer: int = 0) -> PreviewReply:
    user = visit.bureau.accounts[visit.bureau.officers[officer]]
    asked = PreviewRequest(str(visit.inspection), "record", "a4")
    return preview_document(visit.backend, Puller(replica * 64, user), asked)


def test_one_is_set_one_waits_and_others_are_told_at_once_to_come_again(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, slow = found_visit(sqlite_backend), Slow(monkeypatch)
    with ThreadPoolExecutor(3) as phones:
        first = phones.submit(asked_by, visit, "1")
        assert slow.begun.acquire(timeout=20)
        second = phones.submit(asked_by, visit, "2", 1)
        until = time.monotonic() + 20
        while previews._places._value and time.monotonic() < until:
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            asked_by(visit, "3")
        with pytest.raises(NotInScope):  # who may not ask at all learns nothing of the others
            asked_by(visit, "4", officer=2)
        took = time.monotonic() - began
        slow.may_end.set()
        both = [one.result(20).stage for one in (first, second)]

    assert took < previews.PATIENCE / 2
    assert (both, slow.most) == (["open", "open"], 1)
    assert asked_by(visit, "3").stage == "open"


def test_who_waits_waits_so_long_and_no_longer(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, slow = found_visit(sqlite_backend), Slow(monkeypatch)
    monkeypatch.setattr(previews, "PATIENCE", 0.01)
    with ThreadPoolExecutor(1) as phones:
        first = phones.submit(asked_by, visit, "1")
        assert slow.begun.acquire(timeout=20)
        with pytest.raises(Unavailable):
            asked_by(visit, "2", 1)
        slow.may_end.set()

        assert first.result(20).stage == "open"


@pytest.mark.parametrize("phone", ["1", "2"])
def test_an_officer_has_one_preview_at_a_time_on_whichever_phone(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch, phone: str
) -> None:
    visit, slow = found_visit(sqlite_backend), Slow(monkeypatch)
    with ThreadPoolExecutor(1) as phones:
        first = phones.submit(asked_by, visit, "1")
        assert slow.begun.acquire(timeout=20)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            asked_by(visit, phone)
        took = time.monotonic() - began
        slow.may_end.set()

        assert first.result(20).stage == "open"
    assert took < previews.PATIENCE / 2
    assert asked_by(visit, "1").stage == "open"


def test_what_is_too_long_to_be_set_on_site_is_told_on_both_papers(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = found_visit(sqlite_backend)
    monkeypatch.setattr(previews, "LONGEST", 1000)
    for paper in ("a4", "80mm"):
        with pytest.raises(NotPreviewable, match=r"暂不能预览现场检查记录：内容过多.*由内勤制作"):
            preview(visit, paper=paper)
    close(visit)
    issue(visit)

    assert preview(visit).stage == "issued"  # the file that leaves the house needs no setting
    with pytest.raises(NotPreviewable):
        preview(visit, paper="80mm")


def test_a_turn_is_given_back_after_a_refusal(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = found_visit(sqlite_backend)
    refused = NotPreviewable(title="现场检查记录", reason="试验")
    with monkeypatch.context() as patch:
        patch.setattr(previews, "_found", Mock(side_effect=refused))
        for _ in range(previews.AT_ONCE + previews.WAITING + 1):
            with pytest.raises(NotPreviewable):
                preview(visit)

    assert preview(visit).title == "现场检查记录"


def test_a_bureau_without_names_is_told_what_is_missing(sqlite_backend: Backend) -> None:
    visit = found_visit(sqlite_backend)
    settings = replace(sqlite_backend.settings, court="")
    visit.bureau.backend = replace(sqlite_backend, settings=settings)

    with pytest.raises(NotPreviewable, match="行政诉讼管辖法院"):
        preview(visit)
