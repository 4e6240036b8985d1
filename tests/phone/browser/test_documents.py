"""Documents on site: as the server sets them before, and as the office issued them."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import expect
from sqlalchemy import select

from inspect_server.store.models.inspection import IssuedDocument
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site, text_of

FOUND, HEAD, NUMBER = "未设置警示标志", "钱大", "2026-0001"
KINDS = {"检查记录": "inspection_record", "责令整改": "rectification_order"}
A4, NARROW = "A4 纸", "80 毫米小票"
WIDTHS_MM = {A4: 210, NARROW: 80}


def signed(new_phone: NewPhone, photo: Path) -> Handset:
    """The lead's phone, with a visit that both officers and the enterprise signed, delivered."""
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    lead.enrol("officer0")
    lead.begin()
    lead.meet(HEAD)
    lead.step("检查表")
    lead.fail("A1", FOUND, "一号池", photo)
    lead.answer("A2")
    lead.answer("A3")
    lead.step("签名")
    lead.sign_all(HEAD)
    lead.choose_paper("责令整改")
    lead.sign_all(HEAD)
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


def test_what_was_read_and_signed_on_site_is_what_the_office_issued(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    phone = signed(new_phone, photo)
    to_documents(phone)
    seen = {}
    for kind in KINDS:
        for size in WIDTHS_MM:
            seen[kind], pdf = paper(phone, kind, size)
            phone.see("预览，尚未办结")
            numbered(phone, "临时编号", NUMBER)
            said = text_of(pdf)
            assert all(word in said for word in ("预览", NUMBER, FOUND, "赵检查", "钱检查", HEAD))

    shows_what_was_issued(site, phone, seen)
