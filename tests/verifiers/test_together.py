"""
Several certificates: two commits that name one value of a chain or one issue are both rejected.

So are two draws of one batch, by those that read the rules. Alone each of them is perfect.
"""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Page, expect

from inspect_server.cli import root
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.replacement.requests import Reason
from tests.verifiers.forger import forged
from tests.verifiers.full_draw import Made, full, signed, voided
from tests.verifiers.three import SINGLE, by_browser, by_package, by_single_file

FIRST = full()
APART = full(seed=1, issue="2026006")
BATCH = {"year": 2026, "number": 1, "of": 12}
CLASHES = {
    "issue": full(seed=1),
    "chain value": full(seed=1, issue="2026006", witness=0, replaced=False),
    "value of a replacement": full(seed=1, issue="2026006", witness=0, position=5, replaced=False),
}
Files = dict[str, str]


def files_of(made: Made) -> Files:
    """Return the files of a draw that nobody stamped: this stamp has no true signature."""
    return signed(made, {**made.certificate, "timestamps": []})


def with_other(files: Files, other: Files) -> dict[str, Any]:
    return {**files, "others": [other["certificate.json"]]}


def written(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, [str(one) for one in arguments])


def alone(*folders: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", SINGLE, *folders], check=False, capture_output=True, text=True
    )


def test_certificates_with_nothing_in_common_pass_together(page: Page, tmp_path: Path) -> None:
    one, other = files_of(FIRST), files_of(APART)
    folders = [written(tmp_path / name, part) for name, part in (("a", one), ("b", other))]
    report = by_package(one, [other, one])
    (browser,) = by_browser(page, [with_other(one, other)])
    told = run("draw", "verify", *folders)
    single = alone(*folders)

    assert report is not None
    assert report.ok, report.wrong
    assert browser["ok"], browser["checks"]
    assert "1 份" in next(one["detail"] for one in browser["checks"] if one["what"] == "其他证书")
    assert told.exit_code == 0, told.output
    assert told.stdout.count("符合　其他证书") == 2
    assert single.returncode == 0, single.stderr
    assert single.stdout.count("的抽取池") == single.stdout.count("未查 保证等级") == 2


@pytest.mark.parametrize("kind", CLASHES)
def test_two_commits_to_one_value_are_both_rejected_by_all_three(
    kind: str, page: Page, single: ModuleType, tmp_path: Path
) -> None:
    one, other = files_of(FIRST), files_of(CLASHES[kind])
    folders = [written(tmp_path / name, part) for name, part in (("a", one), ("b", other))]

    for mine, theirs in ((one, other), (other, one)):
        perfect, report = by_package(mine), by_package(mine, [theirs])
        alone_too, together = by_browser(page, [mine, with_other(mine, theirs)])
        assert perfect is not None
        assert report is not None
        assert perfect.ok, perfect.wrong
        assert [check.what for check in report.wrong] == ["其他证书"]
        assert report.level is None
        assert (alone_too["ok"], together["ok"]) == (True, False)
        assert by_single_file(single, mine)
    for order in (folders, folders[::-1]):
        told, spoilt = run("draw", "verify", *order), alone(*order)
        assert (told.exit_code, spoilt.returncode) == (1, 1)
        assert told.stdout.count("不符　其他证书") == 2
        assert "用了同一个随机值" in spoilt.stderr


def test_a_void_draw_still_uses_up_what_it_named(page: Page, single: ModuleType) -> None:
    void = signed(FIRST, voided(FIRST, revealed=False))
    again = files_of(CLASHES["issue"])
    report, (browser,) = by_package(again, [void]), by_browser(page, [with_other(again, void)])

    assert report is not None
    assert not report.ok
    assert not browser["ok"]


def test_a_batch_is_drawn_once_unless_the_first_draw_is_void(page: Page) -> None:
    first, second = full(batch=BATCH), full(seed=1, issue="2026006", batch=BATCH)
    void, again = signed(first, voided(first)), files_of(second)
    next_batch = files_of(full(seed=1, issue="2026006", batch={**BATCH, "number": 2}))
    tried = [(again, files_of(first), False), (again, void, True), (void, again, True)]
    tried.append((next_batch, files_of(first), True))

    for mine, theirs, ok in tried:
        report, (browser,) = (
            by_package(mine, [theirs]),
            by_browser(page, [with_other(mine, theirs)]),
        )
        assert report is not None
        assert report.ok is ok, report.wrong
        assert browser["ok"] is ok, browser["checks"]


def test_no_batch_is_drawn_again_with_the_chain_that_a_void_on_paper_gave_up(page: Page) -> None:
    first = full(batch=BATCH, replaced=False)
    later = {"seed": 1, "issue": "2026006", "replaced": False}
    again = files_of(full(**later, witness=0, position=5, batch=BATCH))
    other_chain = files_of(full(**later, batch=BATCH))
    next_batch = files_of(full(**later, witness=0, position=5, batch={**BATCH, "number": 2}))

    for revealed in (True, False):
        paper, signature = (signed(first, voided(first, revealed, on)) for on in (True, False))
        assert not agreed(page, again, paper)
        assert not agreed(page, paper, again)
        assert agreed(page, again, signature)
        assert agreed(page, other_chain, paper)
        assert agreed(page, next_batch, paper)


def test_an_authority_that_writes_its_name_anew_is_known_by_its_key(page: Page) -> None:
    first, second = full(batch=BATCH), full(seed=1, issue="2026006", batch=BATCH, replaced=False)
    renamed = forged(second, lambda body: body.update(authority="云湾区应急局"))

    assert agreed(page, renamed)
    assert not agreed(page, files_of(first), renamed)
    assert not agreed(page, renamed, files_of(first))


VOID = voided(FIRST)["void"]
UNREADABLE: list[dict[str, Any]] = [
    {"replacements": "x"},
    {"selected": [{}]},
    {"void": {}},
    {"void": {**VOID, "cosigned": {**VOID["cosigned"], "key_id": "ZZ"}}},
]


@pytest.mark.parametrize("change", UNREADABLE)
def test_another_certificate_that_cannot_be_read_is_not_passed_over(
    change: dict[str, Any], page: Page
) -> None:
    other = json.loads(files_of(APART)["certificate.json"]) | change

    text = json.dumps(other, ensure_ascii=False)
    assert not agreed(page, files_of(FIRST), {"certificate.json": text})


@pytest.mark.parametrize("span", [(1, 6), (1, 4), (1, 1)])
def test_batches_that_share_a_month_are_one_batch(span: tuple[int, int], page: Page) -> None:
    first = files_of(full(batch=BATCH))
    wide = {"year": 2026, "number": span[0], "of": span[1]}
    apart = {"year": 2026, "number": 2, "of": span[1] if span[1] > 1 else 12}
    for batch, ok in ((wide, False), (apart, True), ({**wide, "year": 2027}, True)):
        other = files_of(full(seed=1, issue="2026006", batch=batch))
        for mine, theirs in ((first, other), (other, first)):
            assert agreed(page, mine, theirs) is ok


def test_an_older_version_of_a_void_draw_takes_no_batch(page: Page) -> None:
    first, again = full(batch=BATCH), files_of(full(seed=1, issue="2026006", batch=BATCH))
    old, void = files_of(first), signed(first, voided(first))

    assert not agreed(page, again, old)
    assert agreed(page, again, old, void)
    assert agreed(page, old, again, void)


def test_a_number_is_given_once_by_one_authority(page: Page, tmp_path: Path) -> None:
    first, number = files_of(FIRST), FIRST.body.data["draw_no"]
    again = forged(APART, lambda body: body.update(draw_no=number))
    elsewhere = forged(APART, lambda body: body.update(draw_no=number, authority="别处应急管理局"))
    by_none = {**json.loads(elsewhere["certificate.json"]), "signatures": []}
    apart = {"certificate.json": json.dumps(by_none, ensure_ascii=False)}

    for mine, theirs in ((first, again), (again, first), (first, elsewhere)):
        assert not agreed(page, mine, theirs)
    assert agreed(page, first, apart)
    told = alone(written(tmp_path / "a", first), written(tmp_path / "b", again))
    assert (told.returncode, "编号" in told.stderr) == (1, True)


def test_a_fork_of_the_draw_log_is_found(page: Page, tmp_path: Path) -> None:
    first, leaf = files_of(FIRST), FIRST.body.data["prev_leaf"]
    fork = forged(APART, lambda body: body.update(prev_leaf=leaf))

    for mine, theirs in ((first, fork), (fork, first)):
        assert not agreed(page, mine, theirs)
    told = alone(written(tmp_path / "a", first), written(tmp_path / "b", fork))
    assert (told.returncode, "位置" in told.stderr) == (1, True)


def versions() -> dict[str, tuple[Files, Files, bool]]:
    """Return two certificates of one commit each, and whether both can be honest."""
    dice = [bytes.fromhex(one["bytes_hex"]) for one in FIRST.certificate["entropy"]]
    other_dice = forged(FIRST, values=[*dice[:3], b"dice.d6/1/6,6,6,6,6,6,6,6,6,6"])
    other_number = forged(FIRST, values=[*dice[:2], dice[2].replace(b"79", b"80"), dice[3]])
    whole, bare = files_of(FIRST), files_of(full(replaced=False))
    never = signed(FIRST, voided(FIRST, revealed=False))
    void = signed(FIRST, voided(FIRST))
    paper = signed(FIRST, voided(FIRST, paper=True))
    void_bare = signed(FIRST, {**voided(full(replaced=False))})
    return {
        "other dice": (bare, other_dice, False),
        "other lottery": (bare, other_number, False),
        "replaced since": (bare, whole, True),
        "void since": (whole, void, True),
        "void before and revealed": (never, whole, False),
        "void before and void": (never, void, False),
        "two voids": (void, paper, False),
        "replaced after its void": (void_bare, whole, False),
    }


@pytest.mark.parametrize("name", versions())
def test_versions_of_one_commit_only_ever_add_to_the_end(
    name: str, page: Page, tmp_path: Path
) -> None:
    one, other, ok = versions()[name]
    folders = [written(tmp_path / at, part) for at, part in (("a", one), ("b", other))]

    for order in (folders, folders[::-1]):
        told = alone(*order)
        assert told.returncode == (0 if ok else 1), told.stderr
        assert ok or "同一承诺有两种结果" in told.stderr
    assert agreed(page, one, one)
    assert agreed(page, one, other) is ok
    assert agreed(page, other, one) is ok


def test_a_version_that_writes_false_for_nought_is_another_result(
    page: Page, tmp_path: Path
) -> None:
    first, *others = FIRST.certificate["teams"]
    changed = {**FIRST.certificate, "teams": [{**first, "attempt": False}, *others]}
    one, other = files_of(FIRST), signed(FIRST, {**changed, "timestamps": []})
    told = alone(written(tmp_path / "a", one), written(tmp_path / "b", other))

    assert first["attempt"] == 0
    assert not agreed(page, one, other)
    assert (told.returncode, "同一承诺有两种结果" in told.stderr) == (1, True)


def test_two_lists_of_replacements_of_one_draw_are_refused(page: Page) -> None:
    other = full(reasons=[Reason.CLOSED, Reason.MOVED, Reason.ILLNESS, Reason.RECUSAL])

    assert agreed(page, files_of(other))
    assert not agreed(page, files_of(FIRST), files_of(other))


def test_one_chain_under_two_anchors_is_found_by_its_value(page: Page) -> None:
    """What was an anchor's value may be called an anchor: x₁ and 2 name the same x₃."""
    made = full(seed=1, issue="2026006", witness=0, replaced=False)
    anchor = chain.value_at(made.h, made.h(b"other0"), 30, 1).hex()
    shifted = forged(made, lambda body: body["sources"][1].update(name=anchor, issue="2"))

    assert agreed(page, shifted)
    assert not agreed(page, files_of(FIRST), shifted)


def agreed(page: Page, mine: Files, *others: Files) -> bool:
    """Return whether package and browser find nothing wrong; they say the same."""
    report = by_package(mine, others)
    given = {**mine, "others": [other["certificate.json"] for other in others]}
    (browser,) = by_browser(page, [given])
    assert report is not None
    assert browser["ok"] is report.ok, (report.wrong, browser["checks"])
    assert {check.what for check in report.wrong} <= {"其他证书"}
    return report.ok


def test_another_certificate_that_is_not_its_own_commit_is_said_so(page: Page) -> None:
    one, other = files_of(FIRST), files_of(APART)
    changed = json.loads(other["certificate.json"])
    changed["commit_body"]["sources"][2]["issue"] = "2026009"
    other["certificate.json"] = json.dumps(changed, ensure_ascii=False)
    report, (browser,) = by_package(one, [other]), by_browser(page, [with_other(one, other)])

    assert report is not None
    assert [check.detail for check in report.wrong] == ["抽取 2026-01 的承诺值与其承诺内容不符"]
    assert not browser["ok"]


def test_the_page_remembers_a_draw_when_the_files_of_another_come(page: Page) -> None:
    def give(files: Files, name: str = "certificate.json") -> None:
        parts = {**files, name: files["certificate.json"]}
        if name != "certificate.json":
            parts = {name: files["certificate.json"]}
        page.set_input_files(
            "#files",
            [
                {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
                for name, text in parts.items()
            ],
        )

    page.goto(page.url)
    row = page.locator("#checks tr", has_text="其他证书")
    give(files_of(FIRST))
    expect(page.locator("#verdict")).to_contain_text("已核查的部分全部符合")
    assert row.count() == 0
    give(files_of(APART))
    expect(page.locator("#verdict")).to_contain_text("已核查的部分全部符合")
    expect(row).to_contain_text("1 份，没有共用的随机值")
    give(files_of(CLASHES["chain value"]), "certificate (1).json")
    expect(page.locator("#verdict")).to_contain_text("结论")
    expect(row).to_contain_text("用了同一个随机值")


def test_of_several_draws_each_is_given_as_a_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", files_of(FIRST))
    mixed = run("draw", "verify", folder, folder / "certificate.json")
    listed = run("draw", "verify", folder, folder, "--pool", folder / "pool.txt")

    assert (mixed.exit_code, listed.exit_code) == (1, 1)
    assert "每次抽取应为一个导出的目录" in mixed.stderr
