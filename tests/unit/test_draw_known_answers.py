"""What was published before us, the second suite, and a second writing of the specification."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import commit_of, compute_body
from inspect_server.domain.draw.hashes.sm3 import PlainSm3
from inspect_server.domain.draw.hashes.tagged import Hash, suite
from inspect_server.domain.draw.seed import seed_of
from inspect_server.domain.draw.selection import select
from inspect_server.usecases.drawing.compute_teams import Infeasible, compute_teams, read_case
from tests.conftest import SHARED_VECTORS
from tests.unit import draw_model

PPM = 1_000_000


def vectors(name: str) -> Any:
    return json.loads((SHARED_VECTORS / name).read_text("utf-8"))


def rfc3797(key: str, pool_size: int, count: int) -> list[tuple[str, int, int]]:
    """Return (MD5, divisor, selected) of each step (RFC 3797 section 4, reference code in 7)."""
    left, steps = list(range(1, pool_size + 1)), []
    for step in range(count):
        around = step.to_bytes(2, "big")
        digest = hashlib.md5(around + key.encode("ascii") + around).hexdigest().upper()
        divisor = len(left)
        steps.append((digest, divisor, left.pop(int(digest, 16) % divisor)))
    return steps


def test_rfc_3797_selects_what_it_says() -> None:
    """
    The scheme that ours follows in spirit: what was fixed before the entropy decides everything.

    Its vector shows that we read a published selection scheme as it was meant.
    """
    vector = vectors("rfc3797.json")
    wanted = [(one["md5"], one["divisor"], one["selected"]) for one in vector["steps"]]

    assert rfc3797(vector["key"], vector["pool"], len(wanted)) == wanted


def test_the_model_draws_the_published_enterprises() -> None:
    vector = vectors("draw-enterprises.json")
    cells = [[cell["id"], cell["p_ppm"]] for cell in vector["cells"]]
    entropy = [bytes.fromhex(part) for part in vector["entropy_hex"]]
    drawn = draw_model.draw("sha256", vector["pool"], cells, entropy)

    for key in ("root", "commit", "seed", "r", "selected"):
        assert drawn[key] == vector[key]


@pytest.mark.parametrize("case", vectors("draw-teams.json")["cases"])
def test_the_model_draws_the_published_teams(case: dict[str, Any]) -> None:
    assert draw_model.teams("sha256", case) == case["result"]


SM3 = vectors("draw-sm3.json")


@pytest.mark.parametrize("h", [suite("sm3"), Hash(PlainSm3)], ids=["built in", "plain"])
def test_a_whole_draw_under_sm3_is_that_of_its_vector(h: Hash) -> None:
    cells = [(cell, p) for cell, p in SM3["cells"]]
    body = compute_body("sm3", pool.lines_root(h, SM3["pool"]), cells)
    commit = commit_of(h, body.data)
    seed = seed_of(h, commit, map(bytes.fromhex, SM3["entropy_hex"]))
    found = select(h, seed, cells, pool.by_cell(cells, pool.parse(SM3["pool"], pool.POOL)))

    assert body.data["pool_root"] == SM3["root"]
    assert commit.hex() == SM3["commit"]
    assert seed.hex() == SM3["seed"]
    assert (found.r, list(found.counts)) == (SM3["r"], SM3["counts"])
    assert {
        cell: [one.commitment.hex() for one in found.selected if one.cell == cell]
        for cell, _ in cells
    } == SM3["selected"]


@pytest.mark.parametrize("case", SM3["teams"])
def test_teams_under_sm3_are_those_of_the_vector(case: dict[str, Any]) -> None:
    found = compute_teams(read_case(json.dumps(case)))

    assert (None if isinstance(found, Infeasible) else found) == case["result"]
    assert draw_model.teams("sm3", case) == case["result"]


def names(label: str, count: int) -> list[str]:
    return [hashlib.sha256(f"{label}{n}".encode()).hexdigest() for n in range(count)]


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, int]]]:
    odds = st.sampled_from([0, 1, 333_333, PPM - 1, PPM]) | st.integers(0, PPM)
    ids = draw(st.permutations(["A", "B.c", "a", "z", "~"]))
    cells = [(cell, draw(odds)) for cell in ids[: draw(st.integers(1, 5))]]
    sizes = st.integers(0, 3) | st.integers(0, 120)
    lines = [f"{cell}\t{c}" for cell, _ in cells for c in names(cell, draw(sizes))]
    return draw(st.permutations(lines)), cells


@settings(max_examples=120, deadline=None)
@given(
    pools(),
    st.lists(st.binary(max_size=40), min_size=1, max_size=3),
    st.sampled_from(["sha256", "sm3"]),
)
def test_any_draw_is_that_of_the_model(given_pool: Any, entropy: list[bytes], name: str) -> None:
    """Empty cells, p of 0 and of 1, and lines in any order before they are sorted, among them."""
    mixed, cells = given_pool
    h = suite(name)
    split = [line.split("\t") for line in mixed]
    lines = pool.lines((cell, bytes.fromhex(c)) for cell, c in split)
    body = compute_body(name, pool.lines_root(h, lines), cells)
    leaves = pool.by_cell(cells, pool.parse(lines, pool.POOL))
    outcome = cert.outcome_of(body, entropy, leaves, None)
    wanted = draw_model.draw(name, sorted(mixed), cells, entropy, suite=name, draw_no="compute")

    assert lines == sorted(mixed)
    assert body.digest().hex() == wanted["commit"]
    assert outcome.seed.hex() == wanted["seed"]
    assert list(outcome.selection.counts) == wanted["counts"]
    for cell, p in cells:
        chosen = [one.commitment.hex() for one in outcome.selection.selected if one.cell == cell]
        assert chosen == wanted["selected"][cell]
        assert p not in (0, PPM) or len(chosen) == (len(leaves[cell]) if p else 0)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    tasks = names("task", draw(st.integers(1, 9)))
    officers = names("officer", draw(st.integers(1, 8)))
    some = st.lists(st.sampled_from(officers), unique=True)
    labels = draw(
        st.sampled_from([["lead/0"], ["lead/0", "member/0"], ["lead/0", "member/0", "member/1"]])
    )
    pairs = st.lists(st.tuples(st.sampled_from(officers), st.sampled_from(officers)), max_size=3)
    return {
        "seed": draw(st.binary(min_size=32, max_size=32)).hex(),
        "dept": draw(st.sampled_from(["应急", "fire"])),
        "tasks": tasks,
        "stages": [{"label": label, "role": label.split("/")[0]} for label in labels],
        "officers": [{"officer": one, "load": draw(st.integers(0, 20))} for one in officers],
        "eligible": {role: {task: draw(some) for task in tasks} for role in ("lead", "member")},
        "banned": [list(pair) for pair in draw(pairs) if pair[0] != pair[1]],
    }


@settings(max_examples=200, deadline=None)
@given(cases(), st.sampled_from(["sha256", "sm3"]), st.randoms(use_true_random=False))
def test_any_teams_are_those_of_the_model_in_whatever_order_the_case_is_written(
    case: dict[str, Any], name: str, rng: Any
) -> None:
    found = compute_teams(read_case(json.dumps({**case, "suite": name})))
    mixed = {**case, "suite": name}
    for key in ("tasks", "officers", "banned"):
        mixed[key] = rng.sample(case[key], len(case[key]))
    again = compute_teams(read_case(json.dumps(mixed)))
    wanted = draw_model.teams(name, case)

    assert (None if isinstance(found, Infeasible) else found) == wanted
    assert (None if isinstance(again, Infeasible) else again) == wanted
