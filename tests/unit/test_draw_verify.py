"""The verifier recomputes a draw and finds every changed field of its certificate."""

import copy
import json
from typing import Any

import pytest

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import checked_body, compute_body
from inspect_server.domain.draw.errors import BadCertificate, BadCommit
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.verify import Verdict, verify
from tests.unit.draw_example import KEY, example, mutations

EXAMPLE = example()


def verdicts(report: Any) -> dict[str, Verdict]:
    return {check.what: check.verdict for check in report.checks}


@pytest.mark.parametrize("suite_name", ["sha256", "sm3"])
def test_a_true_certificate_is_right_in_every_part(suite_name: str) -> None:
    report = verify(example(suite_name).evidence())

    found = verdicts(report)
    assert {found.pop("记录位置"), found.pop("掷骰登记")} == {Verdict.UNCHECKED}
    assert set(found.values()) == {Verdict.RIGHT}, report.wrong
    assert report.level == 2
    assert EXAMPLE.certificate["selected"]
    assert any(row["relaxed"] for row in EXAMPLE.certificate["teams"])


@pytest.mark.parametrize(
    ("sources", "level"), [((), 0), (("d",), 0), (("w",), 1), (("p",), 0), (("w", "p"), 2)]
)
def test_the_verifier_states_the_level_that_the_sources_carry(sources: Any, level: int) -> None:
    assert verify(example(sources=sources).evidence()).level == level


def test_what_is_not_given_is_unchecked_and_not_called_right() -> None:
    report = verify(EXAMPLE.evidence(excluded=None, eligibility=None, openings={}, keys=None))

    found = verdicts(report)
    assert report.ok
    for what in ("排除清单", "资格清单", "检查人员", "抽中企业身份", "签名"):
        assert found[what] is Verdict.UNCHECKED


def test_every_changed_field_is_found_with_the_key() -> None:
    checked = 0
    for path, changed in mutations(EXAMPLE.certificate):
        report = verify(EXAMPLE.evidence(changed))
        assert not report.ok, path
        assert report.level is None
        checked += 1
    assert checked > 800


def test_every_changed_field_is_found_even_without_the_key() -> None:
    """Only what names a place in the log rests on the signature alone; the rest is recomputed."""
    trusted = {"log_head", "signatures"}
    dice = ("entropy", len(EXAMPLE.certificate["entropy"]) - 1, "proof")
    for path, changed in mutations(EXAMPLE.certificate):
        if path[0] in trusted or path[:3] == dice:
            continue
        assert not verify(EXAMPLE.evidence(changed, keys=None)).ok, path


@pytest.mark.parametrize("part", ["pool", "excluded", "eligibility"])
def test_every_changed_line_is_found(part: str) -> None:
    lines: list[str] = getattr(EXAMPLE, part)
    for n, line in enumerate(lines):
        for changed in (line[:-1] + ("0" if line[-1] != "0" else "1"), line + " ", line.upper()):
            report = verify(EXAMPLE.evidence(**{part: [*lines[:n], changed, *lines[n + 1 :]]}))
            assert not report.ok
        assert not verify(EXAMPLE.evidence(**{part: lines[:n] + lines[n + 1 :]})).ok
    assert not verify(EXAMPLE.evidence(**{part: lines[::-1]})).ok
    assert not verify(EXAMPLE.evidence(**{part: [*lines, "B" * 70]})).ok


def test_every_changed_opening_is_found() -> None:
    for c in EXAMPLE.openings:
        for _, changed in mutations(EXAMPLE.openings[c]):
            assert not verify(EXAMPLE.evidence(openings={**EXAMPLE.openings, c: changed})).ok


def test_a_new_signature_over_changed_content_needs_the_published_key() -> None:
    bare = {**copy.deepcopy(EXAMPLE.certificate), "log_head": "ef" * 32, "signatures": []}
    resigned = cert.sign(suite("sha256"), bare, KEY)
    by_stranger = {**resigned, "signatures": [{**resigned["signatures"][0], "key_id": "00" * 8}]}

    assert verify(EXAMPLE.evidence(resigned)).ok
    assert not verify(EXAMPLE.evidence(by_stranger)).ok
    assert not verify(EXAMPLE.evidence(bare)).ok


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": 1, "a": 2}', '{"a": 1.0}', '{"a": NaN}', "[" * 100_000, b"\xff\xfe{"],
)
def test_what_is_no_certificate_is_one_clear_error(text: str | bytes) -> None:
    with pytest.raises(BadCertificate, match="无法读取"):
        cert.from_text(text)


@pytest.mark.parametrize("value", [None, [], 1, "x", {}, {"v": 1}, [[[]]]])
def test_any_shape_of_a_field_gives_a_verdict_and_no_crash(value: Any) -> None:
    for key in cert.KEYS:
        if EXAMPLE.certificate[key] == value:
            continue
        report = verify(EXAMPLE.evidence({**EXAMPLE.certificate, key: value}, keys=None))
        trusted = key == "signatures" and value == []
        assert report.ok is trusted or key == "log_head", key


def test_a_computation_without_a_ceremony_is_checked_but_has_no_level() -> None:
    body = compute_body(
        "sha256",
        EXAMPLE.certificate["commit_body"]["pool_root"],
        [
            ("county.dust.red.B.never", 300_000),
            ("county.none.red.B.never", 0),
        ],
    )
    made = computed(body)
    report = verify(EXAMPLE.evidence(made, excluded=None, eligibility=None, openings={}))

    assert report.ok, report.wrong
    assert report.level is None
    for path, changed in mutations(made):
        assert not verify(
            EXAMPLE.evidence(changed, excluded=None, eligibility=None, openings={})
        ).ok, path


def computed(body: Any) -> dict[str, Any]:
    leaves = pool.by_cell(body.cells, pool.parse(EXAMPLE.pool, pool.POOL))
    values = [b"\x01\x02", b""]
    revealed = [
        cert.Revealed(cert.GIVEN, str(n), value, "") for n, value in enumerate(values, start=1)
    ]
    outcome = cert.outcome_of(body, values, leaves, None)
    return json.loads(cert.to_text(cert.build(body, revealed, outcome, "")))


@pytest.mark.parametrize(
    "change",
    [
        {"cells": []},
        {"cells": [["A", -1]]},
        {"cells": [["A", 1_000_001]]},
        {"cells": [["A", True]]},
        {"cells": [["A", 1], ["A", 2]]},
        {"cells": [["a b", 1]]},
        {"sources": []},
        {"sources": list(reversed(EXAMPLE.certificate["commit_body"]["sources"]))},
        {"deadline": "soon"},
        {"rules": {"teams": [{}]}},
        {"rules": {"teams": EXAMPLE.certificate["commit_body"]["rules"]["teams"] * 2}},
        {"counts": {"included": -1, "excluded": 0}},
        {"authority": ""},
        {"authority": "e\u0301"},
        {"pool_root": "00"},
    ],
)
def test_a_commit_body_is_exact(change: dict[str, Any]) -> None:
    with pytest.raises(BadCommit, match="有误"):
        checked_body({**EXAMPLE.certificate["commit_body"], **change})
