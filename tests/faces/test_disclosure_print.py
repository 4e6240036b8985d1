"""The page that explains the draw to a citizen is one sheet of paper, and fits a telephone."""

import threading
from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from inspect_server.app import create_app
from inspect_server.usecases.work import Backend


@pytest.fixture
def explained(sqlite_backend: Backend) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(sqlite_backend), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/disclosure/explained"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_citizens_page_prints_on_one_sheet(chromium: Browser, explained: str) -> None:
    page = chromium.new_page()
    page.goto(explained)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    count = len(document)
    document.close()

    assert count == 1
    for part in ("第一步", "第四步", "它保证不了什么", "公示依据"):
        assert part in text


def test_the_citizens_page_is_no_wider_than_a_telephone(chromium: Browser, explained: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(explained)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert width <= 390
