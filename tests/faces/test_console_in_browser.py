"""The pages of a draw in a real browser: by keyboard, at every width, under the CSP."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD, connect
from tests.usecases import draw_world
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import FROM, SUPERVISOR, TO, World

WIDTHS = (390, 1366, 1920)
ASKED = f"from={FROM}&to={TO}&public=cwl.kl8/2026051&apart=JS00000000&apart=JS00000001"


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.fixture
def page(world: World, chromium: Browser) -> Iterator[Page]:
    """A supervisor's browser; what its console complains of (a blocked script or style) fails."""
    app = create_app(world.backend)
    connect(world.backend, app, "zhang", Role.SUPERVISOR, unit=world.backend.settings.authority)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text))
    try:
        opened.goto("/login?next=/draws")
        opened.fill("[name=login]", "zhang")
        opened.fill("[name=password]", PASSWORD)
        opened.keyboard.press("Enter")
        expect(opened.locator("h1")).to_have_text("双随机抽取")
        yield opened
    finally:
        context.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert complaints == []


def too_wide(page: Page, *paths: str) -> list[tuple[str, int]]:
    """Which pages can be scrolled sideways, at which width."""
    found = []
    for path in paths:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            root = "document.documentElement"
            if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
                found.append((path, width))
    return found


def numbers(world: World) -> list[str]:
    with world.backend.reading() as session:
        return list(session.scalars(select(Draw.draw_no)))


def test_a_draw_is_rehearsed_and_committed_once_by_keyboard_alone(world: World, page: Page) -> None:
    wide = too_wide(page, f"/draws/preview?{ASKED}", f"/draws/commit?{ASKED}", "/hash-chains")
    page.goto(f"/draws/preview?{ASKED}")
    page.locator("#no").focus()
    page.keyboard.type("2026-键")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="核对内容，发布承诺").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("抽取承诺 2026-键")
    page.get_by_role("button", name="发布承诺").dblclick()
    expect(page.locator("h1")).to_contain_text("双随机抽取 2026-键")

    assert wide == []
    assert numbers(world) == ["2026-键"]
    expect(page.get_by_role("button", name="印制承诺书")).to_be_enabled()


def test_a_draw_is_audited_and_an_enterprise_gets_its_proof(world: World, page: Page) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id))
    with world.backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw_id)
        uscc = work.session.scalars(select(Enterprise.uscc).order_by(Enterprise.uscc)).first()
    at = f"/draws/{draw_id}"
    wide = too_wide(page, f"{at}/audit", f"{at}/proofs", "/inspections/directed")
    page.goto(at)
    page.get_by_role("link", name="为企业出具包含证明").click()
    page.get_by_label("统一社会信用代码").fill(str(uscc))
    page.keyboard.press("Enter")
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存证明文件").click()
    proof = json.loads(Path(saving.value.path()).read_text("utf-8"))

    assert wide == []
    assert saving.value.suggested_filename == f"2026-01-{uscc}.json"
    assert proof["record"]["uscc"] == uscc
