"""
Forms that no honest draw has, each perfect in every hash and signature.

Whoever may write one thing in two ways can name it twice, and whoever may leave a number out of
its range can choose among results. Some are left to two verifiers by the single file
(docs/decisions/0035-one-page-of-verifier.md).
"""

import json
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.entropy import SourceKind
from inspect_server.domain.draw.pool import commitment
from tests.verifiers.forger import Body, forged, value_of
from tests.verifiers.full_draw import KEYS, KL8, full, identity, signed, voided
from tests.verifiers.three import by_browser, by_package, by_single_file

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


NUMBERS = KL8.rpartition("/")[2].split(",")
LOTTERY = KL8.rpartition("/")[0]
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
}


def both(page: Page, files: Files) -> tuple[bool, bool]:
    report, (browser,) = by_package(files), by_browser(page, [files])
    return report is not None and report.ok, browser["ok"]


def test_what_the_forger_makes_of_an_honest_body_is_right(page: Page, single: ModuleType) -> None:
    assert both(page, PLAIN) == (True, True)
    assert by_single_file(single, PLAIN)


@pytest.mark.parametrize("name", list(FORMS)[:14])
def test_the_single_file_refuses_them_as_well(name: str, single: ModuleType) -> None:
    assert not by_single_file(single, FORMS[name]())


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
