"""A draw in front of witnesses: what the projector shows and never shows, and the papers."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.domain.plan import odds
from inspect_server.gateways import chains, sealing
from inspect_server.store import record
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.work import Backend
from inspect_server.web.icon import ICON
from tests.faces.rest_client import PASSWORD, Program, connect
from tests.usecases import draw_world
from tests.usecases.draw_world import KL8, LOTTERY, World

NUMBERS = KL8.split("/")[2]
STATIC = Path(draw_world.__file__).parents[2] / "inspect_server" / "console" / "static"


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.fixture
def supervisor(world: World) -> Program:
    app = create_app(world.backend)
    for login in ("lisi", "wangwu"):
        connect(world.backend, app, login, Role.OFFICE)
    return connect(world.backend, app, "zhangsan", Role.SUPERVISOR)


def screen(supervisor: Program, draw: CommittedDraw) -> str:
    answer = supervisor.client.get(f"/draws/{draw.id}/ceremony")
    assert answer.status_code == 200
    return answer.text


def grouped(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def committed(world: World, draw: CommittedDraw) -> str:
    with world.backend.reading() as session:
        return session.get_one(Draw, draw.id).commit_body


class Scripts(HTMLParser):
    """What a page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "style") or name.startswith("on"):
                self.found.append((f"{tag}.{name}", value or ""))


def test_before_the_reveal_the_room_sees_what_is_fixed_and_what_is_awaited(
    world: World, supervisor: Program
) -> None:
    draw = world.commit()
    text = screen(supervisor, draw)

    for group in grouped(draw.commit):
        assert f"<span>{group}</span>" in text
    for part in ("福彩快乐8", "第 2026051 期", "见证方哈希链（区纪委）", "县级·粉尘涉爆"):
        assert part in text
    assert f"<dd>{draw.included}<small>" in text
    for p_ppm in {p for _, p in json.loads(committed(world, draw))["cells"]}:
        assert f">{odds(p_ppm)}<" in text  # as the papers and the preview write it
    assert "种子" not in text


def test_after_the_reveal_the_room_sees_the_result_and_no_name(
    world: World, supervisor: Program
) -> None:
    draw = world.commit()
    result = world.reveal(draw)
    text = screen(supervisor, draw)
    certificate = json.loads(result.certificate)

    for group in grouped(result.seed):
        assert f"<span>{group}</span>" in text
    for group in grouped(hashlib.sha256(result.certificate.encode()).hexdigest()):
        assert f"<span>{group}</span>" in text
    assert f">{result.r}<" in text
    for one in certificate["selected"]:
        assert " ".join(grouped(one["c"][:16])) in text
    assert not re.search(r"企业\d|9132\d{6}|JS0\d+|人员\d", text)


def test_the_page_runs_and_fetches_nothing_but_its_own_two_files(
    world: World, supervisor: Program
) -> None:
    reader = Scripts()
    reader.feed(screen(supervisor, world.commit()))
    fetched = [value for name, value in reader.found if name not in ("a.href",)]

    assert sorted(fetched) == ["/assets/ceremony.css", "/assets/ceremony.js", ICON]
    for name in ("ceremony.css", "ceremony.js"):
        assert not re.search(r"https?://|url\(|@import", (STATIC / name).read_text("utf-8"))


@pytest.mark.parametrize("revealed", [False, True])
def test_a_void_draw_shows_neither_entry_nor_result_and_says_whether_there_was_one(
    world: World, supervisor: Program, revealed: bool
) -> None:
    draw = world.commit()
    if revealed:
        world.reveal(draw)
    with world.backend.begin(draw_world.SUPERVISOR) as work:
        work.session.get_one(Draw, draw.id).state = DrawState.VOID
    text = screen(supervisor, draw)

    assert "本次抽取已作废" in text
    assert "data-panel" not in text
    assert ("结果已经揭示，作废后不再用于检查" in text) == revealed
    assert ("不再揭示" in text) == (not revealed)


def test_papers_are_printed_by_form_and_by_rest_and_stand_in_the_log(
    world: World, supervisor: Program
) -> None:
    draw = world.commit()
    form = {"csrf_token": supervisor.csrf, "what": "commitment"}
    shown = supervisor.client.post(f"/draws/{draw.id}/papers", data=form)
    early = supervisor.post(f"/draws/{draw.id}/papers", json={"what": "result"})
    sent = supervisor.post(f"/draws/{draw.id}/papers", json={"what": "commitment"})
    notice = supervisor.post("/hash-chains/notices", json={"year": 2026})
    none = supervisor.post("/hash-chains/notices", json={"year": 2030})
    foreign = supervisor.client.post(f"/draws/{draw.id}/papers", data={"what": "commitment"})
    with world.backend.reading() as session:
        noted = [
            json.loads(leaf.content)["body"]["pdf_sha256"]
            for leaf in record.leaves_of_type(session, "draw.printed")
        ]

    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert "inline" in shown.headers["Content-Disposition"]
    assert (sent.status_code, notice.status_code) == (201, 201)
    assert (early.status_code, early.get_json()["code"]) == (409, "draw.no_result_yet")
    assert (none.status_code, foreign.status_code) == (404, 403)
    hashes = [hashlib.sha256(one.data).hexdigest() for one in (shown, sent, notice)]
    assert noted == hashes


def test_the_anchors_of_a_year_are_shown_in_groups(world: World, supervisor: Program) -> None:
    text = supervisor.client.get("/hash-chains").text

    assert " ".join(grouped(world.authority.anchor_hex)) in text
    assert " ".join(grouped(world.witness.anchor_hex)) in text
    assert "印制公告" in text


def test_an_encrypted_chain_of_the_bureau_asks_its_keeper_for_the_passphrase(
    world: World, supervisor: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "COST", 16)
    path = chains.authority_file(world.backend.settings.data_dir, 2026)
    secret = chains.load(path)
    path.unlink()
    chains.write_new(path, secret, "four words of a keeper")
    draw = world.commit()
    text = screen(supervisor, draw)
    _, witness = world.chain_values(draw)
    typists = [{"login": who, "password": PASSWORD, "values": [KL8]} for who in ("lisi", "wangwu")]
    given = {"witness": witness, "typists": typists}
    at = f"/draws/{draw.id}/reveal"
    without = supervisor.post(at, json=given)
    wrong = supervisor.post(at, json={**given, "authority_passphrase": "another"})
    right = supervisor.post(at, json={**given, "authority_passphrase": "four words of a keeper"})

    assert 'name="authority_passphrase"' in text
    assert (without.status_code, without.get_json()["code"]) == (422, "draw.passphrase_wanted")
    assert (wrong.status_code, wrong.get_json()["code"]) == (403, "draw.passphrase_wrong")
    assert right.status_code == 200


@contextmanager
def projector(browser: Browser, world: World, draw: CommittedDraw) -> Iterator[Page]:
    """Yield the page in a real browser, signed in as the supervisor."""
    app = create_app(world.backend)
    for login, role in (("zhang", Role.SUPERVISOR), ("li", Role.OFFICE), ("wang", Role.OFFICE)):
        connect(world.backend, app, login, role)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{base}/login?next=/draws/{draw.id}/ceremony")
        page.fill("[name=login]", "zhang")
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector(".slide.here")
        yield page
        page.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def to_the_end(page: Page) -> None:
    while page.is_enabled("#forward"):
        page.click("#forward")


def witness_says(page: Page, value: str) -> None:
    page.fill("[name=witness]", " ".join(grouped(value)).upper())
    page.click("[data-panel=witness] button[type=submit]")


def type_in(page: Page, panel: str, login: str, numbers: str) -> None:
    page.fill(f"[data-panel={panel}] [name=login]", login)
    page.fill(f"[data-panel={panel}] [name=password]", PASSWORD)
    page.fill(f"[data-panel={panel}] [data-source]", numbers)
    page.click(f"[data-panel={panel}] button[type=submit]")


def fits(page: Page) -> bool:
    page.wait_for_selector(".slide.here")
    found: bool = page.evaluate(
        "() => { const s = document.querySelector('.slide.here');"
        " return s.scrollHeight <= s.clientHeight && s.scrollWidth <= s.clientWidth; }"
    )
    return found


def test_two_people_type_on_their_own_and_a_refusal_leads_on_to_the_result(
    world: World, chromium: Browser
) -> None:
    draw = world.commit()
    _, witness = world.chain_values(draw)
    with projector(chromium, world, draw) as page:
        to_the_end(page)
        witness_says(page, witness[:-1])
        short = page.inner_text("[data-panel=witness] .problem")
        witness_says(page, witness)
        type_in(page, "first", "li", NUMBERS)
        left_on_screen = page.eval_on_selector_all("input", "all => all.map(one => one.value)")
        masked = page.get_attribute("[data-panel=second] [data-source]", "type")
        type_in(page, "second", "LI", NUMBERS)
        same = page.inner_text("[data-panel=second] .problem")
        type_in(page, "second", "wang", NUMBERS.replace("79", "80"))
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=refused]:not([hidden])")
        refused = page.inner_text("[data-reason]")
        page.click("[data-again=first]")
        type_in(page, "first", "li", NUMBERS.replace(",", " "))
        type_in(page, "second", "wang", NUMBERS.replace(",", "，"))
        page.click("button.reveal")
        page.wait_for_selector("[data-start]")
        seen = []
        while True:
            seen.append(fits(page))
            if not page.is_enabled("#forward"):
                break
            page.click("#forward")
        last = page.inner_text(".slide.here h1")
        page.keyboard.press("Home")
        first = page.inner_text(".slide.here h1")
    with world.backend.reading() as session:
        kinds = [leaf.type for leaf in record.leaves(session, "draw")]

    assert "64 位" in short
    assert NUMBERS not in left_on_screen
    assert PASSWORD not in left_on_screen
    assert masked == "password"
    assert "两名不同人员" in same
    assert "两次录入的公开随机值不一致" in refused
    assert all(seen)
    assert (first, last) == ("抽取之前已经固定", "抽取完成")
    assert kinds[-2:] == ["draw.refused", "draw.revealed"]
    assert world.verify(draw.id).ok


def test_the_page_says_that_a_value_cannot_exist_yet_and_from_when_it_can(
    world: World, chromium: Browser
) -> None:
    draw = world.commit(sources=[replace(LOTTERY, issue="2026062")], deadline=draw_world.TO)
    _, witness = world.chain_values(draw)
    with projector(chromium, world, draw) as page:
        to_the_end(page)
        witness_says(page, witness)
        type_in(page, "first", "li", NUMBERS)
        type_in(page, "second", "wang", NUMBERS)
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=refused]:not([hidden])")
        told = page.inner_text("[data-reason]")
        shown = fits(page)

    assert "2026062 期最早 2026-03-03 21:00（北京时间）产生" in told
    assert shown


def test_the_same_numbers_in_any_spelling_are_equal_and_a_wrong_spelling_is_told_at_once(
    world: World, chromium: Browser
) -> None:
    draw = world.commit()
    _, witness = world.chain_values(draw)
    name, issue, _ = KL8.split("/")
    with projector(chromium, world, draw) as page:
        to_the_end(page)
        witness_says(page, witness)
        told = []
        for wrong in (
            NUMBERS[:-3],
            NUMBERS.replace("79", "81"),
            "05,01" + NUMBERS[5:],
            f"{name}/2026999/{NUMBERS}",
        ):
            type_in(page, "first", "li", wrong)
            told.append(page.inner_text("[data-panel=first] .problem"))
        type_in(page, "first", "li", f"{name}/{issue}/{NUMBERS}")  # as the command line has it
        type_in(page, "second", "wang", NUMBERS.replace("01,05,09", "1 5 9").replace(",", "、"))
        page.click("button.reveal")
        page.wait_for_selector("[data-start]")

    assert all("20 个两位数" in one for one in told[:3])
    assert "核对期号" in told[3]
    assert world.verify(draw.id).ok


def test_an_answer_that_is_lost_is_found_again_by_loading_the_page_anew(
    world: World, chromium: Browser
) -> None:
    draw = world.commit()
    _, witness = world.chain_values(draw)

    def lose(route: Route) -> None:
        route.fetch()  # the server reveals, and nobody hears of it
        route.abort()

    with projector(chromium, world, draw) as page:
        page.route("**/reveal", lose)
        to_the_end(page)
        witness_says(page, witness)
        type_in(page, "first", "li", NUMBERS)
        type_in(page, "second", "wang", NUMBERS)
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=unknown]:not([hidden])")
        told = page.inner_text("[data-panel=unknown]")
        page.click("[data-reload]")
        page.wait_for_selector("[data-start]")
        page.click("#forward")
        shown = "".join(page.inner_text(".slide.here .digest").split())
    with world.backend.reading() as session:
        revealed: list[Any] = [
            json.loads(leaf.content)["body"]
            for leaf in record.leaves_of_type(session, "draw.revealed")
        ]

    assert "重新载入" in told
    assert shown == revealed[0]["seed"]
    assert len(revealed) == 1
