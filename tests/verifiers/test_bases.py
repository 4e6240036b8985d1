"""
What is wrong is said once: parts that are computed from it are 未查, the others stay as they are.

Package and browser say the same of every part, in Chinese: no message of a programming language
reaches whoever checks a draw.
"""

import copy
import json
import re
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspect_server.domain.draw.checks.report import Verdict
from tests.sampling import one_in
from tests.verifiers.full_draw import Made, full, signed, voided
from tests.verifiers.test_differential import cases
from tests.verifiers.test_page import give
from tests.verifiers.three import by_browser, by_package

MADE = full()
Files = dict[str, str]
WORDS = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}
ENGINES = re.compile(r"undefined|Cannot|Error|NaN|argument|(is|has|not|must) ")
FOREIGN = re.compile(rf"[A-Za-z']+ [A-Za-z']+ [a-z]+|{ENGINES.pattern}")
"""What engines say, or three words in a row (which a forged certificate may make us quote)."""


def other_digit(text: str) -> str:
    """Return the text with its last digit but one changed."""
    at = len(text.rstrip()) - 1
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def with_certificate(made: Made, **change: Any) -> Files:
    certificate = {**copy.deepcopy(made.certificate), **change}
    return signed(made, certificate)


def with_file(name: str, change: Callable[[str], str]) -> Files:
    files = signed(MADE, MADE.certificate)
    return {**files, name: change(files[name])}


def first_of(key: str, **change: Any) -> Files:
    first, *others = MADE.certificate[key]
    return with_certificate(MADE, **{key: [{**first, **change}, *others]})


ON_POOL = ["各单元抽取数", "抽中企业", "检查人员", "替补"]
ON_VALUES = ["种子", *ON_POOL, "掷骰登记"]
SPOILT: dict[str, tuple[Callable[[], Files], list[str], list[str]]] = {
    "a digit of the pool": (lambda: with_file("pool.txt", other_digit), ["抽取池"], ON_POOL),
    "the pool's last line without its end": (
        lambda: with_file("pool.txt", lambda text: text + "x\n"),
        ["抽取池"],
        ON_POOL,
    ),
    "a digit of the excluded": (
        lambda: with_file("excluded.txt", other_digit),
        ["排除清单"],
        [],
    ),
    "a digit of the officers": (
        lambda: with_file("eligibility.txt", other_digit),
        ["资格清单"],
        ["检查人员", "替补"],
    ),
    "a line of officers that nobody can read": (
        lambda: with_file("eligibility.txt", lambda text: "A\n" + text),
        ["资格清单"],
        ["检查人员", "替补"],
    ),
    "a value of a chain": (lambda: first_of("entropy", bytes_hex="ab" * 32), ["随机源"], ON_VALUES),
    "a value that is no text": (lambda: first_of("entropy", bytes_hex=5), ["随机源"], ON_VALUES),
    "a value of an odd spelling": (
        lambda: first_of("entropy", bytes_hex="abc"),
        ["随机源"],
        ON_VALUES,
    ),
    "no values": (lambda: with_certificate(MADE, entropy=[]), ["随机源"], ON_VALUES),
    "the stated seed": (lambda: with_certificate(MADE, seed="ab" * 32), ["种子"], []),
    "the stated counts": (lambda: with_certificate(MADE, counts=["1"]), ["各单元抽取数"], []),
    "a chosen one": (
        lambda: first_of("selected", cell="empty"),
        ["抽中企业"],
        ["抽中企业身份"],
    ),
    "a chosen one of nothing": (
        lambda: with_certificate(MADE, selected=[{}]),
        ["抽中企业"],
        ["抽中企业身份"],
    ),
    "an officer": (lambda: first_of("teams", officer="ab" * 32), ["检查人员"], ["替补"]),
    "a replacement": (
        lambda: first_of("replacements", relaxed=5),
        ["替补"],
        ["抽中企业身份"],
    ),
    "a replacement of nothing": (
        lambda: with_certificate(MADE, replacements=[{}]),
        ["替补"],
        ["抽中企业身份"],
    ),
    "the commit": (lambda: with_certificate(MADE, commit="ab" * 32), ["承诺值"], []),
    "a row that is no row": (
        lambda: with_certificate(MADE, replacements=[], selected=["x"]),
        ["证书结构"],
        [],
    ),
    "a timestamp that is no base64": (
        lambda: first_of("timestamps", token_b64="中"),
        ["时间戳"],
        [],
    ),
    "a place in the record": (lambda: with_certificate(MADE, log_head=["x"]), ["记录位置"], []),
    "a name that is not NFC": (
        lambda: {
            **signed(MADE, MADE.certificate),
            "openings.json": json.dumps(
                {"ab" * 32: {"salt": "ab" * 32, "record": {"uscc": "e\u0301"}}}
            ),
        },
        ["抽中企业身份"],
        [],
    ),
    "a void of a number": (
        lambda: signed(MADE, {**voided(MADE), "void": {"reason": 5}}),
        ["作废"],
        [],
    ),
}


def parts(page: Page, files: Files) -> tuple[dict[str, str], dict[str, str]]:
    """Return what package and browser say of each part, both without a foreign word."""
    report, (browser,) = by_package(files), by_browser(page, [files])
    assert report is not None
    for detail in [one.detail for one in report.checks] + [
        one["detail"] for one in browser["checks"]
    ]:
        assert not FOREIGN.search(detail), detail
    ours = {one.what: WORDS[one.verdict] for one in report.checks}
    return ours, {one["what"]: one["verdict"] for one in browser["checks"]}


@pytest.mark.parametrize("name", SPOILT)
def test_only_the_part_itself_is_wrong(name: str, page: Page) -> None:
    make, wrong, unsaid = SPOILT[name]
    honest, _ = parts(page, signed(MADE, MADE.certificate))
    ours, browsers = parts(page, make())

    assert ours == browsers
    assert [what for what, verdict in ours.items() if verdict == "不符"] == wrong
    assert [what for what in unsaid if ours[what] != "未查"] == []
    rest = set(ours) - {*wrong, *unsaid, "抽中企业身份", "作废"}
    assert [what for what in rest if ours[what] != honest[what]] == []


def test_the_page_names_the_pool_and_recomputes_the_excluded(page: Page) -> None:
    make, _, unsaid = SPOILT["a digit of the pool"]
    give(page, make())

    expect(page.locator("#verdict")).to_contain_text("结论：不符，共 1 处")
    rows = {
        row.locator("td").nth(1).inner_text(): row for row in page.locator("#checks tbody tr").all()
    }
    for what in unsaid:
        expect(rows[what]).to_have_class("unchecked")
        expect(rows[what]).to_contain_text("抽取池不符，没有推算")
    expect(rows["排除清单"]).to_have_class("right")


@pytest.mark.parametrize("seed", one_in(2, [11, 12]))
def test_both_say_the_same_of_every_part_of_a_forgery(seed: int, page: Page) -> None:
    """Where both can read the certificate: the browser reads no number of any size."""
    many = [files for _, files in islice(cases(seed), 200)]
    for files, browser in zip(many, by_browser(page, many), strict=True):
        others = [{"certificate.json": text} for text in files.get("others", [])]
        report = by_package({key: files[key] for key in files if key != "others"}, others)
        checks = [(one["what"], one["verdict"], one["detail"]) for one in browser["checks"]]
        if report is None or min(len(report.checks), len(checks)) == 1:
            continue
        ours = [(one.what, WORDS[one.verdict], one.detail) for one in report.checks]
        assert [detail for _, _, detail in ours + checks if ENGINES.search(detail)] == []
        assert {one[:2] for one in ours} == {one[:2] for one in checks}
