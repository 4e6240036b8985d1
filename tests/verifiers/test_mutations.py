"""
Every field of whole certificates, changed, removed, added or reordered, is found by all three.

Each certificate has something in every list. The single file recomputes the enterprises and rests
on the signatures for the rest; the others recompute teams and replacements as well, so without
keys they still find everything that is not merely stated.
"""

import copy
import json
import random
from datetime import datetime, time
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.publications.issues import CHINA, ISSUES, Closes
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.usecases.work import Backend
from tests.sampling import one_in
from tests.unit.draw_example import fields, mutations
from tests.usecases.draw_world import build
from tests.usecases.test_draw_staffing import FIRE, add_partner
from tests.usecases.test_replacement import agree, ask_void
from tests.verifiers.full_draw import KEYS, WITNESS, Made, full, signed, voided
from tests.verifiers.three import by_browser, by_package, by_single_file

WHOLE = full(batch={"year": 2026, "number": 3, "of": 12})
KINDS = ["revealed", "void before", "void", "void on paper", "sm3"]
FIRST = one_in(len(KINDS), KINDS)
LONG_BUT_ONE = [
    "void before",
    *(pytest.param(kind, marks=pytest.mark.long) for kind in KINDS if kind != "void before"),
]
STATED = {"log_head", "signatures", "timestamps", "void"}
"""Parts that no computation can lead to; with the keys they are held by the signatures."""
DICE_ENTRY = ("entropy", 3, "proof")
"""Where the draw log has the dice is stated as well."""
THIRDS = 3
each_third = pytest.mark.parametrize("third", one_in(THIRDS, range(THIRDS)))
"""Every third change, from the first, the second or the third on; the first in each run."""


Changed = tuple[tuple[Any, ...], dict[str, str]]
"""Where a certificate was changed, and the files with it."""


@cache
def of_kind(kind: str) -> tuple[Made, dict[str, str]]:
    if kind == "sm3":
        made = full("sm3", seed=2, batch={"year": 2026, "number": 4, "of": 12})
        return made, signed(made, made.certificate)
    certificate = {
        "revealed": WHOLE.certificate,
        "void": voided(WHOLE),
        "void before": voided(WHOLE, revealed=False),
        "void on paper": voided(WHOLE, paper=True),
    }[kind]
    return WHOLE, signed(WHOLE, certificate)


def changed_files(files: dict[str, str]) -> list[Changed]:
    certificate = json.loads(files["certificate.json"])
    return [
        (path, {**files, "certificate.json": json.dumps(changed, ensure_ascii=False)})
        for path, changed in mutations(certificate)
    ]


def accepted_by_browser(page: Page, files: dict[str, str], many: list[Changed]) -> list[Any]:
    """Return where the browser finds nothing wrong; the files are those but for certificates."""
    accepted = []
    for start in range(0, len(many), 200):
        part = many[start : start + 200]
        oks = page.evaluate(
            """([files, many]) => many.map(
                (one) => SjcVerify.verify({...files, "certificate.json": one}).ok)""",
            [files, [one["certificate.json"] for _, one in part]],
        )
        accepted += [path for (path, _), ok in zip(part, oks, strict=True) if ok is not False]
    return accepted


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "void before"])
def test_every_list_of_a_whole_certificate_holds_something(kind: str) -> None:
    found = json.loads(of_kind(kind)[1]["certificate.json"])

    assert [path for path, filled in fields(found).items() if not filled] == []
    assert {row["kind"] for row in found["replacements"]} == {"officer", "enterprise"}
    assert {row["dept"] for row in found["teams"]} == {"应急", "消防"}
    assert all("opening" in one for one in found["selected"])


def test_the_mutations_touch_every_field() -> None:
    found = json.loads(of_kind("void")[1]["certificate.json"])
    touched = {
        "".join(f".{'*' if isinstance(part, int) else part}" for part in path[:-1])
        for path, _ in mutations(found)
    }

    assert touched == set(fields(found))


def test_no_field_of_a_real_certificate_is_missing_from_the_whole_ones(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    add_partner(world)
    drawn = world.commit(partners=[f"消防={FIRE}"])
    revealed = json.loads(world.reveal(drawn).certificate)
    ask_void(world, drawn.id, VoidReason.POOL_WRONG, PaperReason.LOST)
    made_void = json.loads(agree(world, drawn.id, paper=b"scan").certificate)
    whole = {
        path for kind in KINDS for path in fields(json.loads(of_kind(kind)[1]["certificate.json"]))
    }

    assert {*fields(revealed), *fields(made_void)} - whole == set()
    assert len(revealed["commit_body"]["rules"]["teams"]) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_all_three_accept_the_true_certificate(kind: str, page: Page, single: ModuleType) -> None:
    _, files = of_kind(kind)
    report, (browser,) = by_package(files), by_browser(page, [files])

    assert report is not None
    assert report.ok, report.wrong
    assert browser["ok"], browser["checks"]
    assert by_single_file(single, files)
    assert report.level == browser["level"] == (None if "void" in kind else 2)
    found = {(check.what, check.verdict.value) for check in report.checks}
    names = {"符合": "right", "未查": "unchecked"}
    assert {(one["what"], names[one["verdict"]]) for one in browser["checks"]} == found


@each_third
@pytest.mark.parametrize("kind", FIRST)
def test_the_browser_finds_every_changed_field(kind: str, third: int, page: Page) -> None:
    files = of_kind(kind)[1]
    many = changed_files(files)
    assert len(many) > (200 if kind == "void before" else 1_500)

    assert accepted_by_browser(page, files, many[third::THIRDS]) == []


@pytest.mark.parametrize("kind", LONG_BUT_ONE)
def test_the_single_file_finds_every_changed_field(kind: str, single: ModuleType) -> None:
    for path, files in changed_files(of_kind(kind)[1]):
        assert not by_single_file(single, files), path


@each_third
def test_the_single_file_finds_every_changed_field_by_signatures_of_a_library(
    third: int, single: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own arithmetic takes nine tenths of the time; that is held by the test below."""
    monkeypatch.setattr(single, "signed", ed25519_holds)
    assert by_single_file(single, of_kind("revealed")[1])

    for path, files in changed_files(of_kind("revealed")[1])[third::THIRDS]:
        assert not by_single_file(single, files), path


def test_the_single_file_checks_signatures_as_a_library_does(single: ModuleType) -> None:
    dice = random.Random(8)
    for size in (0, 1, 32, 500):
        content = dice.randbytes(size)
        key, signature = WITNESS.public_bytes, WITNESS.sign(content)
        assert single.signed(key, signature, content)
        assert ed25519_holds(key, signature, content)
        for at in range(0, 64, 3):
            spoilt = bytes(
                byte ^ (n == at) << dice.randrange(8) for n, byte in enumerate(signature)
            )
            assert not single.signed(key, spoilt, content), (size, at)
        order = (single.Q + int.from_bytes(signature[32:], "little")).to_bytes(32, "little")
        for other in (content + b"x", content[1:] or b"x"):
            assert not single.signed(key, signature, other), (size, other)
        assert not single.signed(key, signature[:32] + order, content)
        assert not single.signed(KEYS[0].public_bytes, signature, content)


@each_third
@pytest.mark.parametrize("kind", FIRST)
def test_the_package_finds_every_changed_field(kind: str, third: int) -> None:
    for path, files in changed_files(of_kind(kind)[1])[third::THIRDS]:
        report = by_package(files)
        assert report is None or not report.ok, path


@each_third
@pytest.mark.parametrize("kind", one_in(2, ["revealed", "void before"]))
def test_package_and_browser_find_what_can_be_computed_without_keys(
    kind: str, third: int, page: Page
) -> None:
    files = copy.copy(of_kind(kind)[1])
    del files["keys.json"]
    last = len(json.loads(files["certificate.json"])["replacements"]) - 1
    many = [
        (path, one)
        for path, one in changed_files(files)
        if path[0] not in STATED
        and path[:3] != DICE_ENTRY
        # Without them it is the certificate as it was before: true, and older.
        and path not in (("replacements", last, "gone"), ("replacements", "emptied"))
        and path[-2:] != ("opening", "gone")
    ][third::THIRDS]
    assert accepted_by_browser(page, files, many) == []
    for path, one in many:
        report = by_package(one)
        assert report is None or not report.ok, path


@pytest.mark.parametrize("seed", one_in(3, range(3, 15)))
def test_teams_and_replacements_of_random_draws_are_the_same_by_both(seed: int, page: Page) -> None:
    made = full("sm3" if seed % 4 == 0 else "sha256", seed)
    files = signed(made, made.certificate)
    report, (browser,) = by_package(files), by_browser(page, [files])

    assert report is not None
    assert report.ok, report.wrong
    assert browser["ok"], browser["checks"]


def test_of_two_signatures_each_stands_by_itself(page: Page, single: ModuleType) -> None:
    """Nobody can see that a second one was there; so what is left is right, as it should be."""
    files = signed(WHOLE, WHOLE.certificate, keys=2)
    certificate = json.loads(files["certificate.json"])
    one, other = certificate["signatures"]
    tried = [
        ([one, other], True),
        ([other], True),
        ([], False),
        ([one, one], False),
        ([one, {**other, "ed25519_hex": one["ed25519_hex"]}], False),
    ]
    for signatures, ok in tried:
        text = json.dumps({**certificate, "signatures": signatures}, ensure_ascii=False)
        changed = {**files, "certificate.json": text}
        report = by_package(changed)
        assert report is not None
        assert (report.ok, by_single_file(single, changed)) == (ok, ok)
        assert by_browser(page, [changed])[0]["ok"] is ok


@pytest.mark.parametrize("issue", ["abc", "1999301", "202630l"])
def test_an_issue_outside_its_grammar_is_found_by_all_three(
    issue: str, page: Page, single: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made by an authority whose own program takes any issue; everything else is right."""

    class Anything(Closes):
        def fits(self, issue: str) -> bool:
            return True

        def earliest(self, issue: str) -> datetime:
            return datetime(2026, 1, 5, tzinfo=CHINA)

    with monkeypatch.context() as theirs:
        theirs.setitem(ISSUES, "cwl.kl8", Anything(time(15)))
        made = full(issue=issue)
        files = signed(made, made.certificate)
    report = by_package(files)

    assert report is None or not report.ok
    assert not by_single_file(single, files)
    assert not by_browser(page, [files])[0]["ok"]


def test_a_signature_without_its_key_is_found_by_all_three(page: Page, single: ModuleType) -> None:
    files = signed(WHOLE, WHOLE.certificate, keys=2)
    (one, key), (other, other_key) = json.loads(files["keys.json"]).items()
    stranger = {WITNESS.kid: WITNESS.public_bytes.hex()}
    tried: list[tuple[dict[str, str], bool]] = [
        ({one: key, other: other_key}, True),
        ({**stranger, one: key, other: other_key}, True),
        ({}, False),
        ({one: key}, False),
        ({other: other_key}, False),
        ({one: other_key, other: key}, False),
        ({one: key, other: other_key[:-2]}, False),
        ({one: key, "ff" * 8: other_key}, False),
    ]
    for keys, ok in tried:
        changed = {**files, "keys.json": json.dumps(keys)}
        report = by_package(changed)
        assert (report is not None and report.ok, by_single_file(single, changed)) == (ok, ok), keys
        assert by_browser(page, [changed])[0]["ok"] is ok, keys


def test_no_keys_and_no_signature_are_no_proof_to_any(page: Page, single: ModuleType) -> None:
    certificate = {**json.loads(of_kind("revealed")[1]["certificate.json"]), "signatures": []}
    files = {**WHOLE.files, "certificate.json": json.dumps(certificate, ensure_ascii=False)}
    for keys in ("{}", files["keys.json"]):
        changed = {**files, "keys.json": keys}
        report = by_package(changed)
        assert report is not None
        assert not report.ok
        assert not by_single_file(single, changed)
        assert not by_browser(page, [changed])[0]["ok"]


def test_identities_beside_the_certificate_are_held_to_its_leaves_by_all_three(
    page: Page, single: ModuleType
) -> None:
    bare = copy.deepcopy(WHOLE.certificate)
    told = {one["c"]: one.pop("opening") for one in bare["selected"]}
    files = signed(WHOLE, bare)
    (first, opening), (second, another) = list(told.items())[:2]
    tried: list[tuple[dict[str, Any], bool]] = [
        (told, True),
        ({first: another, second: opening}, False),
        ({first: {**opening, "salt": "00" * 32}}, False),
        ({first: {**opening, "record": {**opening["record"], "name": "别家"}}}, False),
        ({first: {"record": opening["record"]}}, False),
        ({first: {**opening, "more": "1"}}, False),
    ]
    for openings, ok in tried:
        changed = {**files, "openings.json": json.dumps(openings, ensure_ascii=False)}
        report = by_package(changed)
        assert report is not None
        assert (report.ok, by_single_file(single, changed)) == (ok, ok), openings
        assert by_browser(page, [changed])[0]["ok"] is ok, openings


def test_a_void_agreed_on_paper_is_left_to_the_reader(page: Page, single: ModuleType) -> None:
    files = signed(WHOLE, voided(WHOLE, paper=True))
    report, (browser,) = by_package(files), by_browser(page, [files])

    assert report is not None
    assert report.ok
    assert browser["ok"]
    assert by_single_file(single, files)
    assert {"作废", "时间戳", "记录位置", "掷骰登记"} == {
        one["what"] for one in browser["checks"] if one["verdict"] == "未查"
    }
    said = "见证方书面签署（见证方的签名密钥遗失或者损坏），需对照原件"
    assert [one["detail"] for one in browser["checks"] if one["what"] == "作废"] == [said]
    assert [one.detail for one in report.checks if one.what == "作废"] == [said]


def test_paper_in_place_of_a_published_key_needs_a_reason(page: Page) -> None:
    certificate = voided(WHOLE, paper=True)
    del certificate["void"]["cosigned"]["because"]
    files = signed(WHOLE, certificate)
    keyless = {**files, "witness-keys.json": "{}"}
    found = [by_package(files), by_package(keyless)]

    assert [one is not None and one.ok for one in found] == [False, True]
    assert [one["ok"] for one in by_browser(page, [files, keyless])] == [False, True]
