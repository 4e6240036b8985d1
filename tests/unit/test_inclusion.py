"""An enterprise's own proof: it holds for what was committed, and for nothing else."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspect_server.domain.disclosure import inclusion
from inspect_server.domain.disclosure.inclusion import BadProof
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.pool import commitment, lines, lines_root
from tests.unit.draw_example import example

SALT = bytes(range(32))


def body_over(pool: list[str], excluded: list[str], name: str = "sha256") -> dict[str, Any]:
    h = suite(name)
    body = copy.deepcopy(example().certificate["commit_body"])
    return body | {
        "suite": name,
        "pool_root": lines_root(h, pool),
        "excluded_root": lines_root(h, excluded),
        "counts": {"included": len(pool), "excluded": len(excluded)},
        "cells": [["county.none.red.B.never", 250_000]],
    }


def proof_of(size: int, at: int, which: str = "pool", name: str = "sha256") -> dict[str, Any]:
    h = suite(name)
    label = "county.none.red.B.never" if which == "pool" else "closed"
    records = [{"uscc": f"9132{n:014d}", "name": f"企业{n}"} for n in range(size)]
    leaves = [commitment(h, SALT, record) for record in records]
    listed = lines((label, c) for c in leaves)
    own = f"{label}\t{leaves[at].hex()}"
    pool, excluded = (listed, []) if which == "pool" else ([], listed)
    return inclusion.make(body_over(pool, excluded, name), which, listed, own, SALT, records[at])


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_every_enterprise_of_a_list_gets_a_proof_that_holds(place: tuple[int, int]) -> None:
    proved = inclusion.check(proof_of(*place))

    assert (proved.size, proved.p_ppm) == (place[0], 250_000)
    assert proved.record["name"] == f"企业{place[1]}"


@pytest.mark.parametrize("name", ["sha256", "sm3"])
def test_the_excluded_get_a_proof_with_their_reason(name: str) -> None:
    proved = inclusion.check(proof_of(5, 3, "excluded", name))

    assert (proved.list, proved.label, proved.p_ppm) == ("excluded", "closed", None)


def changes(value: Any) -> list[Any]:
    """What each part of a proof could be replaced by."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int):
        return [value + 1, -1, str(value), True]
    if isinstance(value, str):
        return [value[:-1], value + "0", value.upper() + "x", 0]
    if isinstance(value, list):
        return [value[:-1], [*value, value[0]] if value else ["00" * 32], {}]
    return [{}, []]


def mutations(proof: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for key in proof:
        found.append({name: part for name, part in proof.items() if name != key})
        found += [{**proof, key: other} for other in changes(proof[key])]
    for outer in ("record", "commit_body"):
        for key in proof[outer]:
            found += [
                {**proof, outer: {**proof[outer], key: other}}
                for other in changes(proof[outer][key])
            ]
    for n, step in enumerate(proof["path"]):
        turned = [*proof["path"][:n], step[:-1] + ("0" if step[-1] != "0" else "1")]
        found.append({**proof, "path": [*turned, *proof["path"][n + 1 :]]})
    return [*found, {**proof, "more": 1}]


@pytest.mark.parametrize("which", ["pool", "excluded"])
def test_a_proof_with_anything_changed_does_not_hold(which: str) -> None:
    proof = proof_of(7, 4, which)
    inclusion.check(proof)
    forged = mutations(proof)

    assert len(forged) > 80
    for one in forged:
        with pytest.raises(BadProof):
            inclusion.check(one)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{" * 5_000, b"x" * (1 << 21)])
def test_what_is_no_proof_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(BadProof):
        inclusion.check(inclusion.read(content))
