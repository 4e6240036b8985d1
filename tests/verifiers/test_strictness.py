"""Forgeries in which all else fits, each of which all three verifiers refuse for one reason."""

import copy
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.entropy import LONGEST_CHAIN, SourceKind
from inspect_server.domain.draw.hashes import chain
from tests.verifiers.forger import forged, value_of
from tests.verifiers.full_draw import full, signed
from tests.verifiers.redrawn import Draft, foreign_key, redrawn, rooted
from tests.verifiers.redrawn import signed as resigned
from tests.verifiers.three import Text, by_browser, by_package, by_single_file

MADE = full(replaced=False)
PLAIN = forged(MADE)
OWN = MADE.h(b"own0")
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
"""The field and the order of Ed25519."""
Files = dict[str, str]


def with_witness(name: str, issue: int, value: bytes, at: int = 2) -> Files:
    """Draw from any value of a witness, while the authority reveals the `at`th of its chain."""
    values = [bytes.fromhex(one["bytes_hex"]) for one in MADE.certificate["entropy"]]
    values[:2] = [chain.value_at(MADE.h, OWN, 5, at), value]

    def edit(body: dict[str, Any]) -> None:
        body["sources"][0]["issue"] = str(at)
        body["sources"][1].update(name=name, issue=str(issue))

    return forged(MADE, edit, values)


def of_own_chain(at: int, anchor: int, position: int) -> Files:
    """Call a value of the authority's chain the witness's anchor."""
    value = chain.value_at(MADE.h, OWN, 5, anchor + position)
    return with_witness(chain.value_at(MADE.h, OWN, 5, anchor).hex(), position, value, at)


def too_long() -> Files:
    secret = MADE.h(b"long")
    return with_witness(chain.value_at(MADE.h, secret, 100_001, 1).hex(), 100_001, secret)


def with_lines(name: str, more: Callable[[list[str]], str]) -> Files:
    """Commit to a list with one more line, and draw from it."""
    draft = Draft(dict(MADE.files), copy.deepcopy(MADE.certificate))
    draft.certificate["timestamps"] = []
    lines = sorted([*draft.lines(name), more(draft.lines("pool.txt"))])
    draft.files[name] = "".join(f"{line}\n" for line in lines)
    return resigned(redrawn(rooted(draft)))


def other_excluded() -> Files:
    """Hand out another list of exclusions than was committed to: as many, and as well formed."""
    lines = MADE.files["excluded.txt"].split("\n")[:-1]
    rows = sorted([*lines[1:], f"closed\t{MADE.h(b'nobody').hex()}"])
    return {**PLAIN, "excluded.txt": "".join(f"{row}\n" for row in rows)}


def dice_logged_as(leaf: object) -> Files:
    certificate = {**copy.deepcopy(MADE.certificate), "timestamps": []}
    at, _ = value_of(MADE, SourceKind.DICE)
    certificate["entropy"][at]["proof"] = leaf
    return signed(MADE, certificate)


def with_larger_s() -> Files:
    """Add the order of the group to the number in a signature: it would hold as well."""
    certificate = json.loads(PLAIN["certificate.json"])
    one = certificate["signatures"][0]
    raw = bytes.fromhex(one["ed25519_hex"])
    s = int.from_bytes(raw[32:], "little") + Q
    one["ed25519_hex"] = (raw[:32] + s.to_bytes(32, "little")).hex()
    return {**PLAIN, "certificate.json": json.dumps(certificate, ensure_ascii=False)}


def with_key_beyond_the_field() -> Files:
    """Publish the neutral point in its other spelling: one signature holds for every text."""
    keys = foreign_key((P + 1).to_bytes(32, "little"))
    certificate = json.loads(PLAIN["certificate.json"])
    one = {"key_id": next(iter(keys)), "ed25519_hex": "01" + 63 * "00"}
    told = json.dumps({**certificate, "signatures": [one]}, ensure_ascii=False)
    return {**PLAIN, "certificate.json": told, "keys.json": json.dumps(keys)}


FORGED: dict[str, tuple[Callable[[], Files], str]] = {
    "a witness that begins where the authority ends": (lambda: of_own_chain(2, 2, 3), "两条链"),
    "a witness that begins where it ends, later": (lambda: of_own_chain(3, 3, 2), "两条链"),
    "a position beyond the longest chain": (too_long, "链值"),
    "a value that is its own anchor": (lambda: with_witness("ab" * 31, 1, b"\xab" * 31), "链值"),
    "somebody in both lists": (
        lambda: with_lines("excluded.txt", lambda pool: "closed\t" + pool[0].split("\t")[1]),
        "同一承诺值",
    ),
    "somebody in two cells": (
        lambda: with_lines("pool.txt", lambda pool: "empty\t" + pool[0].split("\t")[1]),
        "同一承诺值",
    ),
    "another list of exclusions": (other_excluded, "excluded.txt 与承诺的根哈希不符"),
    "dice logged nowhere": (lambda: dice_logged_as("x"), "抽取日志"),
    "dice logged as a number": (lambda: dice_logged_as(5), "抽取日志"),
    "dice logged as a list": (lambda: dice_logged_as(["ab" * 32]), "抽取日志"),
    "dice logged in a leaf and a half": (lambda: dice_logged_as("ab" * 48), "抽取日志"),
    "a signature with a larger number": (with_larger_s, "签名"),
    "a key beyond the field": (with_key_beyond_the_field, "签名"),
}


@pytest.mark.parametrize("name", FORGED)
def test_all_three_refuse_it(name: str, page: Page, single: ModuleType) -> None:
    make, why = FORGED[name]
    files = make()
    report, (browser,) = by_package(files), by_browser(page, [files])

    assert report is not None
    assert (report.ok, browser["ok"]) == (False, False)
    with pytest.raises(ValueError, match=why):
        list(single.verify({part: Text(text) for part, text in files.items()}, {}))


def test_all_three_accept_what_these_were_made_from(page: Page, single: ModuleType) -> None:
    other = MADE.h(b"other0")
    name = chain.value_at(MADE.h, other, LONGEST_CHAIN, 0).hex()
    for files in (
        PLAIN,
        with_lines("excluded.txt", lambda _: f"closed\t{MADE.h(b'nobody').hex()}"),
        with_lines("pool.txt", lambda _: f"empty\t{MADE.h(b'somebody').hex()}"),
        with_witness(name, LONGEST_CHAIN, other),
    ):
        report, (browser,) = by_package(files), by_browser(page, [files])
        assert report is not None
        assert report.ok, report.wrong
        assert browser["ok"], browser["checks"]
        assert by_single_file(single, files)
