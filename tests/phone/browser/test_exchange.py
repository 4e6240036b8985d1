"""From phone to phone without a network: photos in the file, and codes of what lacks."""

import hashlib
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from inspect_server.store.models.journal import Operation
from tests.phone.browser.conftest import NewCamera, NewPhone
from tests.phone.browser.film import in_view, record
from tests.phone.browser.phone_page import PATIENCE_MS, Handset
from tests.phone.browser.site import Site

FOUND = "除尘器泄爆口被杂物堵塞"
HEAD = "钱大"
STRIP = "() => document.querySelector('.photos img')?.naturalWidth > 0"
"""A small picture is shown, and not only the place where it would be."""
WHOLE = "() => document.querySelector('dialog .viewer-stage img')?.naturalWidth === 1200"
"""The photo is shown in full."""


def begun_offline(site: Site, *phones: Handset) -> None:
    """Both officers have arrived, and nobody has a network any more."""
    for number, phone in enumerate(phones):
        phone.enrol(f"officer{number}")
    site.stop()
    for phone in phones:
        phone.context.set_offline(True)
        phone.open()
        phone.unlock()
        phone.open_task()
        phone.enter()
        phone.arrive()
        phone.step("检查表")


def whole_gift(phone: Handset, folder: Path) -> Path:
    """Give away what this phone has with its photos; the page says before how large that is."""
    phone.exchange()
    phone.see(re.compile(r"^照片录像：1 张照片，共 \d+ KB。$"))
    phone.see(
        phone.page.get_by_role("button", name=re.compile(r"^发送文件\s*\d+ KB，.*\.inspect$"))
    )
    phone.follow("返回签名")
    return phone.hand_over(folder)


def shows_the_partners_photo(phone: Handset, code: str) -> None:
    """In the strip, and in full, with where its file is."""
    phone.step("检查表")
    card = phone.card(code)
    phone.see(card.get_by_text("照片 1").first)
    phone.page.wait_for_function(STRIP, timeout=PATIENCE_MS)
    phone.gone(card.get_by_text("不在本机"))
    card.get_by_role("button", name=re.compile("^查看")).click()
    viewer = phone.sheet("照片")
    phone.page.wait_for_function(WHOLE, timeout=PATIENCE_MS)
    phone.see(viewer.get_by_text("同伴手机传来，由拍摄的手机送达服务器"))
    phone.press("关闭", viewer)


def test_a_partners_photo_is_seen_before_anybody_signs_and_delivered_once(
    site: Site, new_phone: NewPhone, photo: Path, tmp_path: Path
) -> None:
    lead, member = new_phone(), new_phone()
    begun_offline(site, lead, member)
    taken = photo.read_bytes()
    name = hashlib.sha256(taken).hexdigest()
    lead.answer("A1")
    lead.answer("A2")
    member.fail("A3", FOUND, "一号除尘器", photo)
    given = whole_gift(member, tmp_path)
    damaged = tmp_path / "坏.inspect"
    damaged.write_bytes(given.read_bytes()[:-1] + b"\0")
    lead.exchange()
    lead.pick(damaged)
    told = lead.page.get_by_role("alert").filter(has_text="照片与记录的摘要不一致")
    lead.see(told.filter(has_text="本机的记录没有任何变化"))
    lead.follow("返回签名")
    alone = {row["replica"] for row in lead.held()}
    lead.take_in(given, "收下照片录像 1 个，已逐个核对摘要")
    shows_the_partners_photo(lead, "A3")
    lead.waits(len(lead.held()))  # the entries that it carries, and no photo
    lead.meet(HEAD)
    lead.step("签名")
    lead.page.wait_for_function(STRIP, timeout=PATIENCE_MS)  # among what is signed
    lead.sign_all(HEAD)
    lead.choose_paper("责令整改")
    lead.see(FOUND)
    lead.sign_all(HEAD)
    lead.complete()
    member.complete()
    before = {row["hash"] for row in lead.held() + member.held()}

    site.start()
    for phone in (lead, member):
        phone.context.set_offline(False)
    lead.sync()
    is_brought = site.backend.blobs.path(name).exists()  # the member's phone may be lost by now
    for phone in (member, lead):
        phone.sync()
    papers = site.papers()

    assert given.name == "2026-0001-钱检查.inspect"
    assert taken in given.read_bytes()
    assert len(alone) == 1  # of the damaged file nothing was taken in
    assert is_brought
    site.has_all(lead, member)
    assert before == set(site.stored())
    assert set(site.stored().values()) == {"applied"}
    assert site.backend.blobs.read(name) == taken
    with site.backend.reading() as session:
        added = session.query(Operation).where(Operation.type == "photo.add").count()
    assert added == 1
    assert FOUND in papers["inspection_record"]


def test_a_file_without_photos_goes_where_one_with_them_is_too_large(
    site: Site, new_phone: NewPhone, photo: Path, tmp_path: Path
) -> None:
    lead, member = new_phone(), new_phone()
    begun_offline(site, lead, member)
    member.fail("A3", FOUND, "一号除尘器", photo)
    member.exchange()
    member.choose("文件内容", "不含照片录像")
    member.see("同伴先看到照片的时间、地点和摘要")
    with member.page.expect_download() as download:
        member.page.get_by_role("button", name=re.compile("^发送文件")).click()
    given = tmp_path / download.value.suggested_filename
    download.value.save_as(given)
    lead.take_in(given, "其中 1 个照片或者录像文件不在本机")

    assert given.name == "2026-0001-钱检查.inspect.gz"
    assert given.stat().st_size < 10_000


def code_of(sheet_of: Handset, title: str) -> Image.Image:
    """The one code that a sheet shows."""
    sheet = sheet_of.sheet(title)
    shown = sheet.get_by_role("img")
    expect(shown.locator("path")).to_have_count(1, timeout=PATIENCE_MS)
    picture = Image.open(io.BytesIO(shown.screenshot()))
    sheet_of.press("关闭", sheet)
    return picture.resize((640, 640))


def series_of(phone: Handset) -> list[Image.Image]:
    """Every code of a series that is shown."""
    codes = phone.sheet("二维码")
    position = codes.get_by_text(re.compile("^第 .* 张$")).inner_text()
    count = int(re.findall(r"\d+", position)[1])
    if count > 1:
        phone.press("暂停", codes)
    pictures: dict[str, Image.Image] = {}
    while len(pictures) < count:
        image = codes.get_by_role("img")
        name = image.get_attribute("aria-label") or ""
        pictures[name] = Image.open(io.BytesIO(image.screenshot())).resize((640, 640))
        if len(pictures) < count:
            phone.press("下一张", codes)
            expect(image).not_to_have_attribute("aria-label", name, timeout=PATIENCE_MS)
    phone.press("关闭", codes)
    return list(pictures.values())


def test_after_a_list_was_read_the_codes_carry_only_what_lacks(
    site: Site, new_camera: NewCamera, new_phone: NewPhone, tmp_path: Path
) -> None:
    sees = {name: tmp_path / f"{name}.y4m" for name in ("lead", "member")}
    for film in sees.values():
        record(film, [in_view(Image.new("RGB", (640, 640), "#ffffff"))])
    lead, member = (new_phone(browser=new_camera(sees[name])) for name in ("lead", "member"))
    begun_offline(site, lead, member)
    for number in range(12):
        member.note(f"第{number}次说明：企业对检查情况无异议，已当场告知负责人。")
    lead.take_in(member.hand_over(tmp_path), "钱检查：13 条")
    member.step("检查表")
    member.answer("A3")
    member.answer("A2", "不适用")
    lead.exchange()
    lead.page.get_by_role("button", name=re.compile("^出示清单")).click()
    record(sees["member"], [in_view(code_of(lead, "本机已有记录的清单"))])
    member.exchange()
    in_all = member.page.get_by_role("button", name=re.compile(r"^显示二维码\s*\d+ 张"))
    codes_in_all = int(re.findall(r"\d+", in_all.inner_text())[0])
    member.page.get_by_role("button", name=re.compile("^扫同伴清单")).click()
    told = member.see(re.compile(r"^2 条，\d+ 张码，一轮约 \d+ 秒。$"))
    expect(told).to_be_in_viewport(timeout=PATIENCE_MS)
    codes = int(re.findall(r"\d+", told.inner_text())[1])
    lacking = member.page.locator(".told").filter(has=told)
    member.press("显示二维码", lacking)
    record(sees["lead"], [in_view(one) for one in series_of(member)])
    lead.press("扫同伴的二维码")
    brought = lead.page.get_by_role("status").filter(has_text="已接收")
    lead.see(brought.filter(has_text="钱检查：2 条"))  # its key is known: nothing is compared again
    lead.page.get_by_role("button", name=re.compile("^出示清单")).click()
    record(sees["member"], [in_view(code_of(lead, "本机已有记录的清单"))])
    member.page.get_by_role("button", name=re.compile("^扫同伴清单")).click()
    member.see("同伴已有本机全部记录，不用再传。")

    assert codes < codes_in_all
    assert {row["hash"] for row in member.held()} < {row["hash"] for row in lead.held()}
