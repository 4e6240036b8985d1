"""The browser's page: files in, verdicts out, alive meanwhile, on a phone and on plain http."""

import hashlib
import json
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.hashes.tagged import suite
from tests.verifiers.full_draw import full, signed
from tests.verifiers.three import FOLDER, by_browser

LEAVES, LONGEST_MS = 100_000, 3_000
DOC = Path(__file__).parents[2] / "docs" / "draw.md"


def give(page: Page, files: dict[str, str]) -> None:
    page.goto(page.url)
    page.set_input_files(
        "#files",
        [
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
            for name, text in files.items()
        ],
    )


def test_picked_files_are_checked_by_a_worker_under_the_strictest_policy_on_plain_http(
    page: Page,
) -> None:
    made = full()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    give(page, signed(made, made.certificate))

    expect(page.locator("#verdict")).to_contain_text("已核查的部分全部符合。保证等级 L2")
    assert page.evaluate("isSecureContext") is False
    assert len(page.workers) == 1
    assert page.locator("#checks tr.right").count() >= 12
    assert page.locator("#checks tr.wrong").count() == 0
    assert complaints == []


def drag(page: Page, event: str, files: dict[str, str], onto: str = "#drop") -> None:
    held = page.evaluate_handle(
        """(files) => {
          const held = new DataTransfer();
          for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
          return held;
        }""",
        files,
    )
    page.dispatch_event(onto, event, {"dataTransfer": held})


def test_files_that_are_dragged_in_are_checked_and_the_page_stays(page: Page) -> None:
    made = full()
    files = signed(made, made.certificate)
    page.goto(page.url)
    drag(page, "dragover", files)
    expect(page.locator("#drop")).to_have_class(re.compile(r"\bover\b"))
    address = page.url
    drag(page, "drop", files)

    expect(page.locator("#verdict")).to_contain_text("已核查的部分全部符合。保证等级 L2")
    expect(page.locator("#drop")).not_to_have_class(re.compile(r"\bover\b"))
    assert page.url == address


def test_files_that_are_dropped_beside_the_box_are_checked_too(page: Page) -> None:
    made = full()
    page.goto(page.url)
    page.evaluate(
        """() => {
          window.left = [];
          for (const name of ["dragover", "drop"]) {
            window.addEventListener(name, (event) => window.left.push(event.defaultPrevented));
          }
        }"""
    )
    for event in ("dragover", "drop"):
        drag(page, event, signed(made, made.certificate), "#left")

    expect(page.locator("#verdict")).to_contain_text("已核查的部分全部符合。保证等级 L2")
    assert page.evaluate("window.left") == [True, True]


def test_the_page_leads_back_and_names_its_sources_in_words(page: Page) -> None:
    made = full()
    give(page, signed(made, made.certificate))

    expect(page.locator("#back a")).to_be_visible()
    expect(page.locator("#back a")).to_have_attribute("href", "../verify")
    row = page.locator("#checks tbody tr", has_text="随机源")
    for words in (
        "本机关哈希链（锚值",
        "见证方哈希链（锚值",
        "福彩快乐8 2026005：01,05",
        "掷骰 1：1,2,3",
    ):
        expect(row).to_contain_text(words)


def test_a_wrong_line_is_named_and_a_missing_file_is_asked_for(page: Page) -> None:
    made = full()
    files = signed(made, made.certificate)
    lines = files["pool.txt"].splitlines(keepends=True)
    give(page, {**files, "pool.txt": "".join(lines[1:])})
    expect(page.locator("#verdict")).to_contain_text("结论：不符")
    expect(page.locator("#checks tr.wrong").first).to_contain_text("pool.txt 与承诺的根哈希不符")

    give(page, {"certificate.json": files["certificate.json"]})
    expect(page.locator("#verdict")).to_have_text("还缺 pool.txt。")
    give(page, {"other.txt": ""})
    expect(page.locator("#verdict")).to_contain_text("不认识的文件：other.txt")


def test_nothing_runs_over_the_edge_of_a_phone(page: Page) -> None:
    made = full()
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        give(page, signed(made, made.certificate))
        expect(page.locator("#verdict")).to_contain_text("结论")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        page.set_viewport_size({"width": 1000, "height": 844})


@pytest.mark.long
def test_a_hundred_thousand_leaves_take_three_seconds_at_most(page: Page) -> None:
    rng = random.Random(1)
    h = suite("sha256")
    cells = [(f"county.dust_explosion.red.B.c{n}", 50_000) for n in range(10)]
    entries = [(cells[n % 10][0], rng.randbytes(32)) for n in range(LEAVES)]
    lines = pool.lines(entries)
    leaves: dict[str, list[bytes]] = {cell: [] for cell, _ in cells}
    for cell, c in entries:
        leaves[cell].append(c)
    body = compute_body("sha256", pool.lines_root(h, lines), cells)
    outcome = cert.outcome_of(body, [b"x"], leaves, None)
    text = cert.to_text(cert.build(body, [cert.Revealed(cert.GIVEN, "1", b"x", "")], outcome, ""))
    files = {"certificate.json": text, "pool.txt": "".join(f"{line}\n" for line in lines)}

    took = page.evaluate(
        """files => [1, 2, 3].map(() => {
            const start = performance.now();
            return SjcVerify.verify(files).ok ? performance.now() - start : Infinity;
        })""",
        files,
    )
    assert min(took) <= LONGEST_MS, took  # the best of three: other tests run beside this one


def test_the_document_names_the_verifiers_as_they_are_shipped() -> None:
    text = DOC.read_text(encoding="utf-8")
    for path in sorted(FOLDER.iterdir()):
        if path.is_file():
            line = f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
            assert line in text, f"docs/draw.md lacks: {line}"


def test_a_true_certificate_in_another_spelling_is_still_true(page: Page) -> None:
    made = full()
    files = signed(made, made.certificate)
    spaced = json.dumps(json.loads(files["certificate.json"]), ensure_ascii=True, indent=2)

    assert by_browser(page, [{**files, "certificate.json": spaced}])[0]["ok"]


def test_a_zip_is_answered_with_unpacking_it(page: Page) -> None:
    page.goto(page.url)
    page.set_input_files(
        "#files", [{"name": "all.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04"}]
    )

    expect(page.locator("#verdict")).to_contain_text("请先解压")
