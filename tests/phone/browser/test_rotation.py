"""A photo that a camera stored lying: upright wherever it is shown, untouched where it is kept."""

import hashlib
import io
import json
import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from inspect_server.store.models.journal import Operation
from inspect_server.usecases.phones.preview_document import preview_document
from inspect_server.usecases.phones.pull_phone import Puller
from sync.previews import PreviewRequest
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site

ORIENTATION, TURNED_RIGHT = 0x0112, 6
UPRIGHT = (600, 900)
RED, BLUE = (200, 30, 30), (30, 30, 200)
DRAWN = ((0.15, 0.1), (0.35, 0.3))
"""The corners of what is drawn: parts of the width and the height of what is seen."""
FULL = 10_000
"""What a layer counts the width and the height as."""


@pytest.fixture
def lying(tmp_path: Path) -> Path:
    """Red above and blue below, once it is turned as its EXIF says."""
    upright = Image.new("RGB", UPRIGHT, RED)
    ImageDraw.Draw(upright).rectangle((0, UPRIGHT[1] // 2, *UPRIGHT), BLUE)
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    path = tmp_path / "横放.jpg"
    upright.transpose(Image.Transpose.ROTATE_90).save(path, quality=92, exif=exif)
    return path


def is_red_above_blue(picture: Image.Image) -> bool:
    """Whether it is upright: the colours of its upper and lower part."""
    width, height = picture.size
    above, below = (picture.getpixel((width // 2, int(height * at))) for at in (0.3, 0.7))
    return is_like(above, RED) and is_like(below, BLUE)


def is_like(seen: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 60 for one, other in zip(seen[:3], colour, strict=True))


def shown(place: Locator) -> Locator:
    """A small picture, once it is there: it is made when it comes near the screen."""
    place.scroll_into_view_if_needed()
    expect(place.locator("img")).to_have_js_property("complete", True, timeout=PATIENCE_MS)
    expect(place.locator("img")).not_to_have_js_property("naturalWidth", 0, timeout=PATIENCE_MS)
    return place


def shot(place: Locator) -> Image.Image:
    return Image.open(io.BytesIO(place.screenshot())).convert("RGB")


def draw_a_circle(phone: Handset, picture: Locator) -> None:
    """Draw with one finger in the upper left of what is seen."""
    box = picture.bounding_box()
    assert box is not None
    hand = phone.page.mouse
    (left, top), (right, bottom) = DRAWN
    hand.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
    hand.down()
    hand.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=4)
    hand.up()


def inked(picture: Image.Image) -> tuple[float, float]:
    """The middle of what is drawn in yellow, in parts of the width and the height."""
    width, height = picture.size
    pixels = picture.load()
    assert pixels is not None
    found = [
        (x, y)
        for x in range(width)
        for y in range(height)
        if pixels[x, y][0] > 180 and pixels[x, y][1] > 150 and pixels[x, y][2] < 120  # type: ignore[index]
    ]
    assert found
    columns, rows = zip(*found, strict=True)
    return (min(columns) + max(columns)) / 2 / width, (min(rows) + max(rows)) / 2 / height


def cited(site: Site) -> set[str]:
    """The files that the phones' photos are."""
    with site.backend.reading() as session:
        found = session.scalars(select(Operation.value).where(Operation.type == "photo.add"))
        return {json.loads(value)["sha256"] for value in found}


def printed(site: Site) -> list[Image.Image]:
    """The photos on the paper, as they stand there."""
    user = site.bureau.accounts[site.bureau.officers[0]]
    asked = PreviewRequest(site.task, "record", "a4")
    pdf = pypdfium2.PdfDocument(
        preview_document(site.backend, Puller("0" * 64, user), asked).pdf_b64
    )
    found = []
    for page in pdf:
        whole = page.render(scale=2).to_pil().convert("RGB")
        for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
            left, bottom, right, top = (2 * at for at in one.get_bounds())
            found.append(whole.crop((left, whole.height - top, right, whole.height - bottom)))
    return found


def test_a_lying_photo_is_shown_drawn_on_and_printed_upright_and_kept_as_it_came(
    site: Site, new_phone: NewPhone, lying: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.answer("A1", "不符合")
    card = phone.card("A1")
    phone.fill("问题描述", "配电箱门未关闭", card)
    phone.fill("部位", "一号车间", card)
    phone.press("责令限期整改", card)
    phone.press("保存并拍照", card)
    camera = phone.sheet("拍照")
    camera.get_by_label("相册", exact=True).set_input_files(lying)
    phone.press("查看所拍内容 1", camera)
    phone.press("标注", camera)
    phone.press("圆圈", camera)
    camera.get_by_role("radio", name="黄色").click()
    glass = phone.see(camera.locator(".glass"))
    draw_a_circle(phone, glass)
    drawn_on = shot(glass)
    phone.press("完成", camera)
    phone.press("保留", camera)
    phone.press("保存 1", camera)
    phone.gone(camera)
    phone.see(card.get_by_text("照片 2").first)
    small = [shot(shown(one)) for one in card.get_by_role("button", name=re.compile("^查看")).all()]
    phone.sync()

    taken = lying.read_bytes()
    original = hashlib.sha256(taken).hexdigest()
    assert site.backend.blobs.read(original) == taken
    (copy,) = [name for name in cited(site) if name != original]
    marked = Image.open(io.BytesIO(site.backend.blobs.read(copy)))
    layer = re.fullmatch(
        r"marked/1 sha256:([0-9a-f]{64}) (\[.*\])", marked.info["comment"].decode()
    )
    assert layer is not None
    assert layer[1] == original
    assert ORIENTATION not in marked.getexif()
    assert marked.size == UPRIGHT == ImageOps.exif_transpose(Image.open(lying)).size
    assert is_red_above_blue(marked.convert("RGB"))
    assert is_red_above_blue(drawn_on)
    assert all(is_red_above_blue(one) for one in small)
    assert len(small) == 2
    (mark,) = json.loads(layer[2])
    corners = [at / FULL for point in mark["points"] for at in point]
    assert corners == pytest.approx([at for point in DRAWN for at in point], abs=0.02)
    for picture in (marked.convert("RGB"), drawn_on):
        assert inked(picture) == pytest.approx((0.25, 0.2), abs=0.02)
    pictures = printed(site)
    assert len(pictures) == 2
    assert all(is_red_above_blue(one) for one in pictures)
    site.has_all(phone)
