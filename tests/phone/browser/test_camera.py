"""The camera: taking, drawing, filming, and one phone reading the codes that another shows."""

import hashlib
import io
import json
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from inspect_server.store.models.journal import Operation
from tests.phone.browser.conftest import NewCamera, NewPhone
from tests.phone.browser.film import in_view, record
from tests.phone.browser.phone_page import ENTERPRISE, PATIENCE_MS, Handset
from tests.phone.browser.site import Site

LEFT = "没有保存的照片、录像"
SHOWN = "() => document.querySelector('dialog .photos img')?.naturalWidth > 0"
"""What was not saved is shown."""
SMALL = "() => document.querySelector('.finding .photos img')?.naturalWidth === 288"
"""A list shows a small picture of a photo of 1200 × 900, and not the photo."""
ALLOWED = ("geolocation", "camera", "microphone")


def test_photos_are_taken_drawn_on_and_filmed_and_the_originals_stay(
    site: Site, with_camera: Browser, new_phone: NewPhone
) -> None:
    phone = new_phone(browser=with_camera, permissions=ALLOWED)
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.step("问题")
    phone.press("添加检查表以外的问题")
    phone.fill("问题描述", "配电箱门未关闭")
    phone.press("保存并拍照")
    camera = phone.sheet("拍照")
    for count in (1, 2):
        phone.press("拍摄", camera)
        phone.see(camera.get_by_role("button", name=f"保存 {count}", exact=True))
    phone.press("查看所拍内容 1", camera)
    phone.press("标注", camera)
    draw(phone, (0.2, 0.2), (0.7, 0.6))
    phone.press("圆圈", camera)
    camera.get_by_role("radio", name="黄色").click()
    draw(phone, (0.4, 0.4), (0.8, 0.8))
    phone.press("画笔", camera)
    draw(phone, (0.1, 0.9), (0.3, 0.9))
    phone.press("撤销", camera)
    phone.press("完成", camera)
    phone.press("保留", camera)
    phone.press("录像", camera)
    camera = phone.sheet("录像")
    phone.press("开始录像", camera)
    phone.see(camera.get_by_role("timer").filter(has_text=re.compile(r"[1-9]\d* / 30 秒")))
    phone.press("停止录像", camera)
    phone.press("保存 3", camera)
    phone.gone(camera)
    phone.see("照片 3，录像 1")
    phone.context.set_offline(False)
    phone.sync()

    values = photo_values(site)
    (copy,) = (value for value in values if value["caption"])
    original = next(one for one in values if one["sha256"] in copy["caption"])
    kept = site.backend.blobs.path(copy["sha256"]).read_bytes()
    said = Image.open(io.BytesIO(kept)).info["comment"].decode()
    layer = re.fullmatch(r"marked/1 sha256:([0-9a-f]{64}) (\[.*\])", said)
    assert layer is not None
    assert layer[1] == original["sha256"]
    assert [mark["kind"] for mark in json.loads(layer[2])] == ["arrow", "circle"]
    assert copy["caption"] == f"标注图，原照片 SHA-256：{original['sha256']}"
    assert {key: copy[key] for key in PLACED} == {key: original[key] for key in PLACED}
    assert sorted(value["mime"].split("/")[0] for value in values) == ["image"] * 3 + ["video"]
    assert {value["latitude"] for value in values} == {"34.600000"}
    for value in values:
        content = site.backend.blobs.path(value["sha256"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == value["sha256"]
    assert b"marked/1" not in site.backend.blobs.path(original["sha256"]).read_bytes()


def test_a_partners_codes_are_read_without_a_network(
    new_camera: NewCamera, new_phone: NewPhone, tmp_path: Path
) -> None:
    member = new_phone()
    member.enrol("officer1")
    member.context.set_offline(True)
    member.begin()
    member.answer("A1")
    member.note("企业对检查情况无异议。")
    member.exchange()
    member.page.get_by_role("button", name=re.compile("^显示二维码")).click()
    codes = member.sheet("二维码")
    member.press("暂停", codes)
    count = int(re.findall(r"\d+", codes.get_by_text(re.compile("^第 .* 张$")).inner_text())[1])
    pictures: dict[str, bytes] = {}
    while len(pictures) < count:
        image = codes.get_by_role("img")
        name = image.get_attribute("aria-label") or ""
        pictures[name] = image.screenshot()
        member.press("下一张", codes)
        expect(image).not_to_have_attribute("aria-label", name, timeout=PATIENCE_MS)
    film = tmp_path / "codes.y4m"
    shots = [Image.open(io.BytesIO(pictures[name])) for name in sorted(pictures, reverse=True)]
    record(film, [in_view(shot.resize((640, 640))) for shot in shots])

    lead = new_phone(browser=new_camera(film))
    lead.enrol("officer0")
    lead.context.set_offline(True)
    lead.open_task()
    lead.enter()
    lead.exchange()
    lead.press("扫同伴的二维码")
    lead.press("核对一致，接收", lead.sheet("核对同伴手机"))
    told = lead.page.get_by_role("status").filter(has_text="已接收")
    lead.see(told.filter(has_text="钱检查：3 条"))
    lead.follow("返回签名")
    lead.step("反馈")
    lead.see("企业对检查情况无异议。")

    assert count > 1
    assert {row["hash"] for row in lead.held()} == {row["hash"] for row in member.held()}


PLACED = ("taken_wall", "latitude", "longitude", "accuracy_m", "device", "finding")


def draw(phone: Handset, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw on the picture with one finger."""
    box = phone.page.locator(".glass").bounding_box()
    assert box is not None
    hand = phone.page.mouse
    hand.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    hand.down()
    hand.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    hand.up()


def photo_values(site: Site) -> list[dict[str, str]]:
    """What the server holds of the phones' photos."""
    with site.backend.reading() as session:
        found = session.scalars(select(Operation.value).where(Operation.type == "photo.add"))
        return [json.loads(value) for value in found]


def test_a_photo_that_was_not_saved_is_seen_kept_saved_and_let_go_from_the_accounts_page(
    site: Site, new_phone: NewPhone, photo: Path, tmp_path: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.fail("A1", "积尘严重", "一号池")
    not_saved(phone, photo)
    phone.see(re.compile(f"^有 1 张照片或录像拍摄后没有保存：{ENTERPRISE} A1。"))
    phone.go_to("我的")
    left = phone.page.get_by_role("button", name=re.compile(f"^{ENTERPRISE}.*A1 "))
    left.click()
    sheet = phone.sheet(LEFT)
    phone.page.wait_for_function(SHOWN, timeout=PATIENCE_MS)
    with phone.page.expect_download() as download:
        phone.press("存到手机", sheet)
    kept = tmp_path / "kept.jpg"
    download.value.save_as(kept)
    phone.press("打开相机", sheet)
    phone.press("保存 1", phone.sheet("拍照"))
    phone.gone(left)
    to_checklist(phone)
    phone.page.wait_for_function(SMALL, timeout=PATIENCE_MS)
    not_saved(phone, photo)
    to_checklist(phone)
    phone.page.wait_for_function(SMALL, timeout=PATIENCE_MS)
    phone.go_to("我的")
    left.click()
    phone.press("删除", phone.sheet(LEFT))
    phone.press("删除", phone.sheet("删除这 1 个照片、录像？"))
    phone.gone(phone.heading(LEFT))
    phone.sync()

    (value,) = photo_values(site)
    assert kept.read_bytes() == photo.read_bytes()
    assert value["answer_item"] == "answer/small/A1"


def not_saved(phone: Handset, photo: Path) -> None:
    """Take a photo of what failed; the system ends the page before it is saved."""
    phone.press("拍照", phone.card("A1").locator(".finding"))
    phone.sheet("拍照").get_by_label("相册", exact=True).set_input_files(photo)
    phone.put_aside("shot:")
    phone.page.reload()
    phone.unlock()


def to_checklist(phone: Handset) -> None:
    """From anywhere to the checklist of the visit."""
    phone.open_task()
    phone.enter()
    phone.step("检查表")
