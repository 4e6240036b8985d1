"""Documents on site: as the server sets them, as the phone itself does, and as they were issued."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from inspect_server.demo.season import ZONE
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.phones.preview_document import preview_document
from inspect_server.usecases.phones.pull_phone import Puller
from inspect_server.usecases.print_pack import NAME
from inspect_server.usecases.print_pack.packing import write_pack
from sync.previews import PreviewRequest
from tests.browser_rendering.conftest import SAME_ZLIB
from tests.browser_rendering.test_pyodide import PYODIDE
from tests.conftest import FixedClock
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.published import build_published
from tests.phone.browser.site import Site, text_of
from tests.phone.field import Built

FOUND, HEAD, NUMBER = "未设置警示标志", "钱大", "2026-0001"
KINDS = {"检查记录": "inspection_record", "责令整改": "rectification_order"}
A4, NARROW = "A4 纸", "80 毫米小票"
WIDTHS_MM = {A4: 210, NARROW: 80}
PAPERS = [(kind, size) for kind in KINDS for size in WIDTHS_MM]
WITHOUT_PHOTOS = PAPERS[1:]
"""Of what has photos a browser makes other small copies than the server."""
ASKED: dict[str, Any] = {"检查记录": "record", "责令整改": "order", A4: "a4", NARROW: "80mm"}
SET_AT = re.compile(rb"/ModDate \(D:(\d{14})\+08'00'\)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    return build_published(tmp_path_factory.mktemp("documents") / "data", migrated_file)


def signed(new_phone: NewPhone, photo: Path) -> Handset:
    """The lead's phone, with a visit that both officers and the enterprise signed, delivered."""
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    lead.enrol("officer0")
    lead.begin()
    lead.fail("A1", FOUND, "一号池", photo)
    lead.answer("A2")
    lead.answer("A3")
    lead.sign_papers(HEAD, "责令整改")
    lead.sync()
    return lead


def to_documents(phone: Handset, group: str = "今日") -> None:
    """Turn to the documents, from wherever the phone is."""
    phone.open_task(group)
    phone.enter()
    phone.step("签名")
    phone.follow(re.compile("^查看文书"))
    phone.see(phone.heading("文书"))


def paper(phone: Handset, kind: str, size: str = A4) -> tuple[str, bytes]:
    """Choose a document; return the digest that is shown, and the file that a printer gets."""
    phone.choose("文书种类", kind)
    phone.choose("纸张", size)
    phone.see(phone.page.get_by_role("img", name=re.compile("^第 1 页，共")))
    digest = phone.see(re.compile(r"^\s*[0-9a-f]{64}\s*$")).inner_text()
    with phone.page.expect_download() as download:
        phone.press("分享、打印")
    pdf = download.value.path().read_bytes()
    width, _ = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert round(width * 25.4 / 72) == WIDTHS_MM[size]
    return digest, pdf


def previewed(phone: Handset) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Each document on each paper before it is closed, wherever it comes from now."""
    seen = {}
    for kind, size in PAPERS:
        seen[kind, size] = paper(phone, kind, size)
        phone.see("预览，尚未办结")
        numbered(phone, "临时编号", NUMBER)
        said = text_of(seen[kind, size][1])
        assert all(word in said for word in ("预览", NUMBER, FOUND, "赵检查", "钱检查", HEAD))
    return seen


def same_bytes(
    site: Site, by_phone: dict[tuple[str, str], tuple[str, bytes]], which: tuple[str, str]
) -> bool:
    """What the phone set is what the server sets in the same second, byte by byte."""
    _, pdf = by_phone[which]
    found = SET_AT.search(pdf)
    assert found
    second = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=ZONE)
    then = replace(site.backend, clock=FixedClock(second))
    user = site.bureau.accounts[site.bureau.officers[0]]
    kind, size = which
    asked = PreviewRequest(site.task, ASKED[kind], ASKED[size])
    return preview_document(then, Puller("0" * 64, user), asked).pdf_b64 == pdf


def numbered(phone: Handset, what: str, number: str) -> None:
    """The page shows this number, as what it is."""
    term = phone.page.get_by_role("term").filter(has_text=re.compile(f"^{what}$"))
    phone.see(term)
    expect(term.locator("+ dd")).to_have_text(number, timeout=PATIENCE_MS)


def shows_what_was_issued(site: Site, phone: Handset, seen: dict[str, str]) -> None:
    """The office closes and issues: the phone shows its files, and that they say what was seen."""
    site.papers()
    with site.backend.reading() as session:
        issued = {one.kind: one for one in session.scalars(select(IssuedDocument))}
    phone.sync()
    to_documents(phone, "已完成")
    for kind, name in KINDS.items():
        digest, pdf = paper(phone, kind)
        phone.see("正式文书")
        numbered(phone, "文号", issued[name].doc_no)
        phone.see(phone.page.get_by_text("内容一致", exact=True))
        assert digest == seen[kind]
        assert pdf == site.backend.blobs.read(issued[name].pdf_sha256)


def takes_in_no_more(phone: Handset) -> None:
    """The visit is shown as closed, and none of its pages lets anything be added."""
    phone.open_task("已完成")
    phone.enter()
    phone.step("检查表")
    phone.see("记录已办结，文书已制作")
    phone.shows_answer("A2", "符合")
    for button in phone.answers("A2").get_by_role("button").all():
        expect(button).to_be_disabled()
    phone.step("问题")
    phone.see(FOUND)
    phone.gone(phone.page.get_by_role("button", name="添加检查表以外的问题"))
    phone.step("反馈")
    phone.gone(phone.page.get_by_role("textbox"))
    phone.step("签名")
    phone.see(phone.signer("被检查单位").get_by_text("已签", exact=True))
    phone.gone(phone.page.get_by_role("button", name=re.compile("签名$|^结束检查$")))
    phone.gone(phone.page.get_by_text("由承办机构办结检查记录"))
    phone.step("到场")
    phone.see("记录已办结，文书已制作")
    for button in phone.page.get_by_role("main").get_by_role("button").all():
        expect(button).to_be_disabled()


def test_what_was_read_and_signed_on_site_is_what_the_office_issued(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    phone = signed(new_phone, photo)
    to_documents(phone)
    seen = previewed(phone)

    shows_what_was_issued(site, phone, {kind: seen[kind, A4][0] for kind in KINDS})
    takes_in_no_more(phone)


@pytest.mark.skipif(
    not PYODIDE.is_dir(),
    reason="Pyodide is not installed: `make test` fetches it from the npm registry",
)
def test_a_phone_without_a_network_sets_what_the_server_does_and_the_office_issues_later(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    backend = site.backend
    write_pack(backend.settings.data_dir / NAME, PYODIDE, backend.settings, backend.fonts)
    phone = signed(new_phone, photo)
    to_documents(phone)
    by_server = previewed(phone)
    phone.press("下载")
    phone.press("仍要下载", phone.sheet("请确认已连接 Wi-Fi"))
    phone.see("离线打印包已下载并核对")
    phone.context.set_offline(True)
    site.stop()
    phone.choose("文书种类", "检查记录")
    phone.see("没有网络，以下由本机离线打印包排版，版式和内容与服务器一致。")
    by_phone = previewed(phone)
    phone.see("没有网络，以下由本机离线打印包排版，版式和内容与服务器一致。")
    site.start()
    phone.context.set_offline(False)

    assert {which: digest for which, (digest, _) in by_phone.items()} == {
        which: digest for which, (digest, _) in by_server.items()
    }
    assert {which: text_of(pdf) for which, (_, pdf) in by_phone.items()} == {
        which: text_of(pdf) for which, (_, pdf) in by_server.items()
    }
    if SAME_ZLIB:
        assert [which for which in WITHOUT_PHOTOS if not same_bytes(site, by_phone, which)] == []
    shows_what_was_issued(site, phone, {kind: by_phone[kind, A4][0] for kind in KINDS})
