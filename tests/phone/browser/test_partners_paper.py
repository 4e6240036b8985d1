"""The lead's paper, made with no network and no server, has the photo that the partner took."""

import hashlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageStat

from inspect_server.usecases.print_pack import NAME
from inspect_server.usecases.print_pack.packing import write_pack
from tests.browser_rendering.test_pyodide import PYODIDE
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site, text_of
from tests.phone.browser.test_documents import HEAD, built, paper, to_documents

__all__ = ["built"]

FOUND = "除尘器泄爆口被杂物堵塞"
COLOURS = ("#d02020", "#20a030", "#2040d0", "#e0c020")
"""Of the quarters of the photo, from the left and from above: no other picture has them so."""
ALIKE = 24
"""Of 255, how far a channel may be off after the photo was made small for the paper."""


@pytest.fixture
def quartered(tmp_path: Path) -> Path:
    """A photo that one knows again."""
    picture = Image.new("RGB", (1200, 900))
    for at, colour in enumerate(COLOURS):
        picture.paste(
            colour, (at % 2 * 600, at // 2 * 450, at % 2 * 600 + 600, at // 2 * 450 + 450)
        )
    path = tmp_path / "泄爆口.jpg"
    picture.save(path, quality=90)
    return path


def pictures_of(pdf: bytes) -> list[Image.Image]:
    """Return every picture on its pages."""
    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    return [
        one.get_bitmap().to_pil().convert("RGB")
        for page in pypdfium2.PdfDocument(pdf)
        for one in page.get_objects(filter=kinds, max_depth=5)
    ]


def shows(picture: Image.Image, photo: Image.Image) -> bool:
    """Whether a picture is the photo, made smaller."""
    small = picture.resize((40, 30))
    for at in range(4):
        corner = (at % 2 * 20 + 5, at // 2 * 15 + 4)
        box = (*corner, corner[0] + 10, corner[1] + 7)
        said, meant = (
            ImageStat.Stat(one.resize((40, 30)).crop(box)).mean for one in (small, photo)
        )
        if any(abs(a - b) > ALIKE for a, b in zip(said, meant, strict=True)):
            return False
    return True


def ready_to_print(site: Site, lead: Handset) -> None:
    """The lead's phone has the print pack, and has arrived."""
    backend = site.backend
    write_pack(backend.settings.data_dir / NAME, PYODIDE, backend.settings, backend.fonts)
    lead.enrol("officer0")
    lead.begin()
    to_documents(lead)
    lead.press("下载")
    lead.press("仍要下载", lead.sheet("请确认已连接 Wi-Fi"))
    lead.see("离线打印包已下载并核对")


def printed(lead: Handset) -> bytes:
    """Return the record as this phone sets it by itself."""
    to_documents(lead)
    lead.see("没有网络，以下由本机离线打印包排版，版式和内容与服务器一致。")
    return paper(lead, "检查记录")[1]


@pytest.mark.skipif(
    not PYODIDE.is_dir(),
    reason="Pyodide is not installed: `make test` fetches it from the npm registry",
)
def test_the_partners_photo_is_on_the_paper_that_the_lead_prints_without_a_network(
    site: Site, new_phone: NewPhone, quartered: Path, tmp_path: Path
) -> None:
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    ready_to_print(site, lead)
    site.stop()
    for phone in (lead, member):
        phone.context.set_offline(True)
    member.fail("A3", FOUND, "一号除尘器", quartered)
    given = member.hand_over(tmp_path)
    before = printed(lead)
    lead.go_to("任务")
    lead.open_task()
    lead.enter()
    lead.take_in(given, "收下照片录像 1 个，已逐个核对摘要")
    lead.step("检查表")
    lead.answer("A1")
    lead.answer("A2")
    lead.sign_papers(HEAD)
    after = printed(lead)
    photo = Image.open(quartered).convert("RGB")
    name = hashlib.sha256(quartered.read_bytes()).hexdigest()

    assert not any(shows(one, photo) for one in pictures_of(before))
    assert FOUND not in text_of(before)
    assert [shows(one, photo) for one in pictures_of(after)].count(True) == 1
    assert all(word in text_of(after) for word in (FOUND, name, "现场拍摄照片1张", HEAD))
    assert not site.backend.blobs.path(name).exists()  # no server had a part in it
    site.start()
    for phone in (lead, member):
        phone.context.set_offline(False)
        phone.sync()
    site.has_all(lead, member)
    assert site.backend.blobs.read(name) == quartered.read_bytes()
