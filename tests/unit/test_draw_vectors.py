"""SJC-DRAW/1 bit for bit: every hash, tree, selection and team of the published vectors."""

import hashlib
import json
import os
from typing import Any

import pytest

from inspect_server.domain.draw import pool, seed, selection, teams
from inspect_server.domain.draw.commit import commit_of
from inspect_server.domain.draw.hashes import merkle
from inspect_server.domain.draw.hashes.sm3 import PlainSm3
from inspect_server.domain.draw.hashes.tagged import jcs, suite
from tests.conftest import SHARED_VECTORS

H = suite("sha256")


def vectors(name: str) -> Any:
    return json.loads((SHARED_VECTORS / name).read_text("utf-8"))


ENTERPRISES = vectors("draw-enterprises.json")
TEAMS = vectors("draw-teams.json")["cases"]
ROOTS = vectors("rfc6962-roots.json")


def problem(case: dict[str, Any]) -> teams.Problem:
    officers = [row["officer"] for row in case["officers"]]
    bit = {officer: 1 << place for place, officer in enumerate(officers)}
    banned = dict.fromkeys(officers, 0)
    for one, other in case["banned"]:
        banned[one] |= bit[other]
        banned[other] |= bit[one]
    return teams.Problem(
        dept=case["dept"],
        tasks=tuple(map(bytes.fromhex, case["tasks"])),
        stages=tuple(teams.Stage(stage["label"], stage["role"]) for stage in case["stages"]),
        officers=tuple(map(bytes.fromhex, officers)),
        loads=tuple(row["load"] for row in case["officers"]),
        eligible={
            role: tuple(sum(bit[o] for o in rows.get(task, ())) for task in case["tasks"])
            for role, rows in case["eligible"].items()
        },
        banned=tuple(banned.values()),
    )


def as_json(asked: teams.Problem, found: teams.Teams | None) -> dict[str, Any] | None:
    if found is None:
        return None
    name = [officer.hex() for officer in asked.officers]
    return {
        "attempt": found.attempt,
        "teams": {
            task.hex(): [name[officer] for officer in team]
            for task, team in zip(asked.tasks, found.teams, strict=True)
        },
        "load": dict(zip(name, found.load, strict=True)),
    }


@pytest.mark.parametrize("size", range(1, len(ROOTS["roots"]) + 1))
def test_merkle_root_is_that_of_the_rfc_vectors(size: int) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in ROOTS["leaves_hex"][:size]]

    assert merkle.root(H, leaves).hex() == ROOTS["roots"][size - 1]


def test_merkle_hashes_of_the_rfc_reference_tests() -> None:
    assert merkle.root(H, []).hex() == hashlib.sha256(b"").hexdigest()
    assert merkle.leaf(H, b"L123456").hex().startswith("395aa064")
    assert merkle.node(H, b"N123", b"N456").hex().startswith("aa217fe8")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 33])
def test_an_inclusion_proof_leads_to_the_root_and_only_for_its_leaf(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    root = merkle.root(H, leaves)

    for index, data in enumerate(leaves):
        proof = merkle.path(H, leaves, index)
        assert merkle.root_from_path(H, data, index, size, proof) == root
        assert merkle.root_from_path(H, b"other", index, size, proof) != root
        assert merkle.root_from_path(H, data, index, size, [*proof, root]) is None
        if proof:
            assert merkle.root_from_path(H, data, index, size, proof[:-1]) is None
    assert merkle.root_from_path(H, leaves[0], size, size, []) is None


def test_a_leaf_commitment_is_that_of_the_vector() -> None:
    example = ENTERPRISES["leaf_example"]

    made = pool.commitment(H, bytes.fromhex(example["salt_hex"]), example["record"])

    assert made.hex() == example["c"]


def test_enterprises_are_drawn_bit_for_bit_as_in_the_vector() -> None:
    cells = [(cell["id"], cell["p_ppm"]) for cell in ENTERPRISES["cells"]]
    leaves = pool.by_cell(cells, pool.parse(ENTERPRISES["pool"], pool.POOL))
    commit = commit_of(H, ENTERPRISES["commit_body"])
    entropy = [bytes.fromhex(part) for part in ENTERPRISES["entropy_hex"]]
    drawn_seed = seed.seed_of(H, commit, entropy)
    found = selection.select(H, drawn_seed, cells, leaves)

    assert pool.lines_root(H, ENTERPRISES["pool"]) == ENTERPRISES["root"]
    assert commit.hex() == ENTERPRISES["commit"]
    assert drawn_seed.hex() == ENTERPRISES["seed"]
    assert found.r == ENTERPRISES["r"]
    assert {
        cell: [one.commitment.hex() for one in found.selected if one.cell == cell]
        for cell, _ in cells
    } == ENTERPRISES["selected"]
    backwards = [(cell, c) for cell, part in reversed(leaves.items()) for c in reversed(part)]
    assert pool.lines(backwards) == ENTERPRISES["pool"]


@pytest.mark.parametrize("number", range(len(TEAMS)))
def test_teams_are_drawn_bit_for_bit_as_in_the_vectors(number: int) -> None:
    case = TEAMS[number]
    asked = problem(case)

    assert as_json(asked, teams.draw_teams(H, bytes.fromhex(case["seed"]), asked)) == case["result"]


def test_sm3_without_openssl_is_that_of_the_standard() -> None:
    # GB/T 32905-2016, appendix A
    assert PlainSm3(b"abc").digest().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert PlainSm3(b"abcd" * 16).digest().hex() == (
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )
    for size in (0, 55, 56, 63, 64, 65, 200):
        data = os.urandom(size)
        assert PlainSm3(data).digest() == suite("sm3")(data)


def test_canonical_json_sorts_keys_and_refuses_what_has_two_forms() -> None:
    assert jcs({"b": 1, "a": ["é", True, {}]}) == '{"a":["é",true,{}],"b":1}'.encode()
    for ambiguous in (1.5, None, "e\u0301", {"键": 1}, 2**53, "\ud800", {"a": float("nan")}):
        with pytest.raises(ValueError, match=r".*"):
            jcs(ambiguous)
