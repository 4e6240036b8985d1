"""
Forms that no honest draw has, each perfect in every hash and signature.

Whoever may write one thing in two ways can name it twice, and whoever may leave a number out of
its range can choose among results. Some are left to two verifiers by the single file
(docs/decisions/0035-one-page-of-verifier.md).
"""

import copy
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.entropy import SourceKind
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import jcs, tagged
from inspect_server.domain.draw.pool import commitment
from inspect_server.domain.draw.replacement.requests import Reason
from tests.verifiers.forger import Body, forged, value_of
from tests.verifiers.full_draw import KEYS, KL8, full, identity, signed, voided
from tests.verifiers.redrawn import Draft, foreign_key, redrawn, rooted
from tests.verifiers.redrawn import signed as resigned
from tests.verifiers.three import Text, by_browser, by_package, by_single_file

MADE = full(replaced=False)
PLAIN = forged(MADE)
Files = dict[str, str]


def with_value(kind: SourceKind, value: bytes) -> Files:
    at, _ = value_of(MADE, kind)
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    return forged(MADE, values=[*values[:at], value, *values[at + 1 :]])


def with_body(**change: Any) -> Files:
    return forged(MADE, lambda body: body.update(change))


def with_source(at: int, **change: Any) -> Files:
    return forged(MADE, lambda body: body["sources"][at].update(change))


def with_batch(batch: Any) -> Files:
    def edit(body: Body) -> None:
        body["rules"] = {**body["rules"], "batch": batch}

    return forged(MADE, edit)


def anchor_as_value() -> Files:
    at, _ = value_of(MADE, SourceKind.WITNESS)
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    values[at] = bytes.fromhex(MADE.body.sources[at].name)
    return forged(MADE, lambda body: body["sources"][at].update(issue="0"), values)


def with_rules(**change: Any) -> Files:
    return forged(MADE, lambda body: body["rules"].update(change))


def with_draw_no(number: str) -> Files:
    return with_body(draw_no=number)


def with_stage(stage: Any) -> Files:
    """Add a stage to the rules of a draw void before its reveal: no team is computed from it."""
    draft = Draft(dict(MADE.files), voided(MADE, revealed=False))
    first, *others = draft.body["rules"]["teams"]
    teams = [{**first, "stages": [*first["stages"], stage]}, *others]
    body = {**draft.body, "rules": {**draft.body["rules"], "teams": teams}}
    return resigned(redrawn(Draft(draft.files, {**draft.certificate, "commit_body": body})))


def one_chain_as_both(shift: int) -> Files:
    """Name the authority's own chain as the witness's: its second value, or its third."""
    own = MADE.h(b"own0")
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    values[1] = chain.value_at(MADE.h, own, 5, 2 + shift)
    anchor = chain.value_at(MADE.h, own, 5, shift).hex()
    return forged(MADE, lambda body: body["sources"][1].update(name=anchor, issue="2"), values)


def known_value() -> Files:
    """Replace by the value that the draw itself revealed, called the second of another chain."""
    made = full(reasons=[Reason.CLOSED])
    draft = Draft(dict(made.files), copy.deepcopy(made.certificate))
    _, value = value_of(made, SourceKind.WITNESS)
    anchor = chain.value_at(made.h, made.h(b"other0"), 30, 1).hex()
    draft.certificate["replacements"][0] |= {
        "source": anchor,
        "issue": "2",
        "bytes_hex": value.hex(),
    }
    found = redrawn(draft)
    assert found.certificate["replacements"][0]["source"] == anchor
    return resigned(found)


def kind_in_a_list() -> Files:
    """A script reads a list of one text as that text where it names a key."""
    made = full(reasons=[Reason.CLOSED])
    certificate = copy.deepcopy(made.certificate)
    certificate["replacements"][0]["kind"] = ["enterprise"]
    return signed(made, certificate)


def beside_key(raw: bytes) -> str:
    return json.dumps({**json.loads(PLAIN["keys.json"]), **foreign_key(raw)})


def opened_pool(twice: bool = False, more: dict[str, str] | None = None) -> Files:
    """Open a draw of a pool that holds one enterprise under two salts, or says more of it."""
    draft = Draft(dict(MADE.files), copy.deepcopy(MADE.certificate))
    record = {"uscc": "91320000MA1WXXXX0X", "name": "企业", **(more or {})}
    told = {}
    for n in range(2 if twice else 1):
        salt = MADE.h(b"twice%d" % n)
        c = tagged(MADE.h, "sjc/id/1", salt + jcs(record)).hex()
        told[c] = {"salt": salt.hex(), "record": record}
    rows = "".join(f"sure\t{c}\n" for c in sorted(told))
    draft.files["pool.txt"] = rows + MADE.files["pool.txt"]
    body = {**draft.body, "cells": [["sure", 1_000_000], *draft.body["cells"]]}
    drawn = redrawn(rooted(Draft(draft.files, {**draft.certificate, "commit_body": body})))
    return {**resigned(drawn), "openings.json": json.dumps(told)}


def with_public(issue: str, numbers: str = "", **body: Any) -> Files:
    """Name another issue of the lottery, or of the close where numbers are given."""
    name = "sse.000001" if numbers else "cwl.kl8"
    at, _ = value_of(MADE, SourceKind.PUBLIC)
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    values[at] = f"{name}/{issue}/{numbers or ','.join(NUMBERS)}".encode()

    def edit(data: Body) -> None:
        data.update(body)
        data["sources"][at].update(name=name, issue=issue)

    return forged(MADE, edit, values)


NUMBERS = KL8.rpartition("/")[2].split(",")
LOTTERY = KL8.rpartition("/")[0]
NOT_BETWEEN = "不可能在批次的上一年度至最迟揭示日之间产生"
UNTIMELY = {
    "a lottery after the deadline": (lambda: with_public("2026010"), NOT_BETWEEN),
    "a lottery of a later year": (lambda: with_public("2027001"), NOT_BETWEEN),
    "a lottery of two years before": (lambda: with_public("2024366"), NOT_BETWEEN),
    "a close after the deadline": (lambda: with_public("2026-01-12", "3456.78"), NOT_BETWEEN),
    "a close of long ago": (lambda: with_public("2001-01-04", "2123.89"), NOT_BETWEEN),
    "a deadline after the visits": (lambda: with_body(deadline="2026-01-21"), "最迟揭示日"),
    "a deadline of long ago": (lambda: with_body(deadline="2024-12-31"), "最迟揭示日"),
    "teams of no department": (lambda: with_rules(teams=[]), "至少一个部门"),
}
"""The batch is January 2026, the deadline its ninth day, the visits end on the twentieth."""
FORMS = {
    "anchor as value": anchor_as_value,
    "chain position with a zero": lambda: with_source(1, issue="03"),
    "chain position with a sign": lambda: with_source(0, issue="+2"),
    "chain position as a number": lambda: with_source(1, issue=3),
    "lottery reversed": lambda: with_value(
        SourceKind.PUBLIC, f"{LOTTERY}/{','.join(NUMBERS[::-1])}".encode()
    ),
    "lottery without values": lambda: with_value(SourceKind.PUBLIC, f"{LOTTERY}/,".encode()),
    "lottery beyond its range": lambda: with_value(
        SourceKind.PUBLIC, f"{LOTTERY}/{','.join([*NUMBERS[:-1], '99'])}".encode()
    ),
    "lottery number twice": lambda: with_value(
        SourceKind.PUBLIC, f"{LOTTERY}/{','.join([NUMBERS[0], *NUMBERS[:-1]])}".encode()
    ),
    "dice of one comma": lambda: with_value(SourceKind.DICE, b"dice.d6/1/,"),
    "nine dice": lambda: with_value(SourceKind.DICE, b"dice.d6/1/1,2,3,4,5,6,1,2,3"),
    "cell twice": lambda: forged(MADE, lambda body: body["cells"].append(body["cells"][-1])),
    "more included": lambda: with_body(counts={"included": 99, "excluded": 4}),
    "unknown field": lambda: with_body(more=1),
    "no deadline": lambda: forged(MADE, lambda body: body.pop("deadline")),
    "hash in a list": lambda: with_body(snapshot_sha256=["ab" * 32]),
    "cell of a number": lambda: forged(MADE, lambda body: body["cells"].append([5, 1])),
    "no batch": lambda: forged(MADE, lambda body: body["rules"].pop("batch")),
    "batch of words": lambda: with_batch({"year": 2026, "number": "1", "of": 12}),
    "batch of a year's fifth": lambda: with_batch({"year": 2026, "number": 1, "of": 5}),
    "thirteenth batch": lambda: with_batch({"year": 2026, "number": 13, "of": 12}),
    "batch of truth": lambda: with_batch({"year": 2026, "number": True, "of": 12}),
    "authority with a blank after": lambda: with_body(authority="云湾区应急管理局 "),
    "authority with a mark nobody sees": lambda: with_body(authority="云湾区\u200b应急管理局"),
    "number with a blank": lambda: with_draw_no("2026-00 "),
    "deadline of no calendar": lambda: with_body(deadline="2026-02-30"),
    "rules of more": lambda: with_rules(more="1"),
    "rules without visits": lambda: forged(MADE, lambda body: body["rules"].pop("visits")),
    "visits of another month": lambda: with_rules(visits=["2026-02-09", "2026-02-20"]),
    "visits that end before they begin": lambda: with_rules(visits=["2026-01-20", "2026-01-09"]),
    "pairs of words": lambda: with_rules(pairs={"recent_draws": "1"}),
    "law of truth": lambda: with_rules(law=[True]),
    "one chain as both": lambda: one_chain_as_both(0),
    "one chain as both, under another anchor": lambda: one_chain_as_both(1),
    "one chain as both, from behind the drawn value": lambda: one_chain_as_both(3),
    "stage as a word of two letters": lambda: with_stage("ab"),
    "stage as an object": lambda: with_stage({"lead/0": 1, "lead": 1}),
    "stage twice": lambda: with_stage(["lead/0", "lead"]),
    "key of small order": lambda: {**PLAIN, "keys.json": beside_key(bytes(32))},
    "key written in another way": lambda: {
        **PLAIN,
        "keys.json": beside_key((2**255 - 19 + 3).to_bytes(32, "little")),
    },
    "timestamp twice": lambda: signed(
        MADE, {**MADE.certificate, "timestamps": MADE.certificate["timestamps"] * 2}
    ),
    "value of a replacement known before": known_value,
    "kind of a replacement in a list": kind_in_a_list,
    "enterprise twice in the pool": lambda: opened_pool(twice=True),
    "identity of more": lambda: opened_pool(more={"alias": "1"}),
}


@pytest.mark.parametrize("name", UNTIMELY)
def test_what_cannot_be_between_plan_and_reveal_is_refused(name: str, page: Page) -> None:
    make, why = UNTIMELY[name]
    report, (browser,) = by_package(make()), by_browser(page, [make()])

    assert report is not None
    assert [check.what for check in report.wrong] == ["证书结构"]
    assert why in report.wrong[0].detail
    assert [one["what"] for one in browser["checks"]] == ["证书结构"]


@pytest.mark.parametrize(
    ("issue", "numbers", "deadline"),
    [
        ("2026009", "", "2026-01-09"),
        ("2026020", "", "2026-01-20"),
        ("2025001", "", "2026-01-09"),
        ("2025366", "", "2026-01-09"),
        ("2026-01-09", "3456.78", "2026-01-09"),
        ("2025-01-02", "3456.78", "2025-12-31"),
    ],
)
def test_what_can_be_is_right(issue: str, numbers: str, deadline: str, page: Page) -> None:
    for n in range(20):  # from some seeds the model's officers make no teams
        files = with_public(issue, numbers, deadline=deadline, prev_leaf=f"{n:064x}")
        if json.loads(files["certificate.json"])["teams"]:
            break

    assert both(page, files) == (True, True)


def both(page: Page, files: Files) -> tuple[bool, bool]:
    report, (browser,) = by_package(files), by_browser(page, [files])
    return report is not None and report.ok, browser["ok"]


def test_what_the_forger_makes_of_an_honest_body_is_right(page: Page, single: ModuleType) -> None:
    assert both(page, PLAIN) == (True, True)
    assert by_single_file(single, PLAIN)


@pytest.mark.parametrize("name", list(FORMS)[:14])
def test_the_single_file_refuses_them_as_well(name: str, single: ModuleType) -> None:
    assert not by_single_file(single, FORMS[name]())


def test_the_single_file_states_a_level_only_of_what_was_not_replaced(single: ModuleType) -> None:
    def level(files: Files) -> str:
        parts = single.verify({name: Text(text) for name, text in files.items()}, {})
        return str(dict(parts)["保证等级"])

    assert level(PLAIN) == "L2"
    assert level(signed(MADE, voided(MADE))) == ""
    replaced = full(reasons=[Reason.CLOSED])
    assert level(signed(replaced, replaced.certificate)) == ""


def computed(values: list[bytes]) -> Files:
    """Return a computation from the plain pool, as anybody can sign off without a ceremony."""
    cells = json.loads(PLAIN["certificate.json"])["commit_body"]["cells"]
    lines = PLAIN["pool.txt"].split("\n")[:-1]
    body = compute_body("sha256", pool.lines_root(MADE.h, lines), cells)
    leaves = pool.by_cell(body.cells, pool.parse(lines, pool.POOL))
    outcome = cert.outcome_of(body, values, leaves, None)
    given = [cert.Revealed(cert.GIVEN, str(n), value, "") for n, value in enumerate(values, 1)]
    made = cert.build(body, given, outcome, "")
    return {"pool.txt": PLAIN["pool.txt"], "certificate.json": cert.to_text(made)}


def respelt(part: str, wrong: str) -> Files:
    """Return the plain draw committed to a number spelt in another way, signed."""
    draft = Draft(dict(MADE.files), copy.deepcopy(MADE.certificate))
    draft.certificate["timestamps"] = []
    body = {**draft.body, "counts": {**draft.body["counts"], part: float(wrong)}}
    return resigned(redrawn(Draft(draft.files, {**draft.certificate, "commit_body": body})))


OF_THREE: dict[str, Callable[[], Files]] = {
    "one chain as both": lambda: one_chain_as_both(0),
    "one chain as both, under another anchor": lambda: one_chain_as_both(1),
    "a source that says more": lambda: with_source(1, more="1"),
    "a close on a Saturday": lambda: with_public("2026-01-03", "3456.78"),
    "a lottery of a later year": UNTIMELY["a lottery of a later year"][0],
    "a lottery of two years before": UNTIMELY["a lottery of two years before"][0],
    "a close of long ago": UNTIMELY["a close of long ago"][0],
    "a computation from nothing": lambda: computed([]),
    "a float for who is in": lambda: respelt("included", "44.0"),
    "a float for who is out": lambda: respelt("excluded", "4.0"),
}


@pytest.mark.parametrize("name", OF_THREE)
def test_all_three_refuse(name: str, page: Page, single: ModuleType) -> None:
    files = OF_THREE[name]()

    assert both(page, files) == (False, False)
    assert not by_single_file(single, files)


def test_all_three_accept_the_honest_counterparts(page: Page, single: ModuleType) -> None:
    for files in (computed([b"1"]), with_public("2026-01-02", "3456.78")):
        assert both(page, files) == (True, True)
        assert by_single_file(single, files)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_no_honest_draw_has_is_refused(name: str, page: Page) -> None:
    assert both(page, FORMS[name]()) == (False, False)


@pytest.mark.parametrize("name", ["certificate.json", "openings.json", "keys.json"])
def test_a_repeated_key_is_refused_in_every_file(name: str, page: Page, single: ModuleType) -> None:
    files = {"openings.json": "{}", **PLAIN}
    start = '{"v":1,"v":1,' if name == "certificate.json" else '{"a":1,"a":1,'
    content = files[name].removeprefix("{").lstrip()
    twice = {**files, name: start + content if content != "}" else '{"a":1,"a":1}'}

    assert both(page, twice) == (False, False)
    assert not by_single_file(single, twice)


def test_an_identity_of_somebody_not_chosen_is_refused(page: Page, single: ModuleType) -> None:
    certificate = json.loads(PLAIN["certificate.json"])
    chosen = {one["c"] for one in certificate["selected"]}
    told = {}
    for n in range(44):
        salt, record = identity(MADE.h, 0, n)
        opening = {"salt": salt.hex(), "record": record}
        told[commitment(MADE.h, salt, record).hex()] = opening
    honest = {c: opening for c, opening in told.items() if c in chosen}
    foreign = {c: opening for c, opening in told.items() if c not in chosen}
    void = signed(MADE, voided(MADE, revealed=False))
    for openings, ok in ((honest, True), (foreign, False), ({**honest, **foreign}, False)):
        files = {**PLAIN, "openings.json": json.dumps(openings)}
        assert both(page, files) == (ok, ok)
        assert by_single_file(single, files) is ok
    for wrong in ("[]", "null", json.dumps(honest)):
        assert both(page, {**void, "openings.json": wrong}) == (False, False)


def test_a_key_under_an_id_not_its_own_is_refused(page: Page) -> None:
    first, other = KEYS
    foreign = json.dumps({first.kid: other.public_bytes.hex()})
    beside = json.dumps({**json.loads(PLAIN["keys.json"]), "ff" * 8: "ff" * 32})
    for keys in (foreign, beside, "[]"):
        assert both(page, {**PLAIN, "keys.json": keys}) == (False, False)
    assert both(page, {**PLAIN, "witness-keys.json": foreign}) == (False, False)


def test_the_honest_counterparts_of_these_forms_are_right(page: Page) -> None:
    """So each of them is refused for its form and for nothing else."""
    draft = Draft(dict(MADE.files), voided(MADE, revealed=False))
    honest = [
        opened_pool(),
        resigned(redrawn(draft)),
        with_rules(visits=["2026-01-31", "2026-02-03"]),
        {**PLAIN, "keys.json": beside_key(KEYS[1].public_bytes)},
    ]
    for files in honest:
        assert both(page, files) == (True, True)


def test_the_single_file_needs_sources_in_their_order(single: ModuleType) -> None:
    def turned(body: Body) -> None:
        body["sources"].reverse()

    def without(body: Body) -> None:
        body["sources"] = []

    assert not by_single_file(single, forged(MADE, without, []))
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    assert not by_single_file(single, forged(MADE, turned, values[::-1]))


def test_without_sm3_the_single_file_accuses_nobody(
    single: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    sm3 = forged(full("sm3", replaced=False))

    with pytest.raises(OSError, match="哈希算法"):
        list(single.verify({name: Text(text) for name, text in sm3.items()}, {}))
