"""What a draw costs beside bare hashing, at a size that a test can afford."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SLACK = 2
"""Tests run beside others; the long one, at full size, has none."""
TARGETS = {"select": 1.5, "commit_draw": 12, "verify": 8}
PER_LEAF = 1_000
"""Bytes: 1 GB at 1,000,000."""


def measured(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.draw", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_a_draw_costs_little_beside_the_hashing_that_nobody_can_avoid() -> None:
    few = measured("--size", "10000", "--rounds", "1")
    many = measured("--size", "50000", "--rounds", "2")

    assert {key: many[key] for key in TARGETS if many[key] > SLACK * TARGETS[key]} == {}
    assert many["consistent_sampler"] > 6 / SLACK
    assert many["teams"]["500x89_s"] < SLACK * 0.3
    assert many["teams"]["5000x266"] < SLACK * 2.5
    assert (many["peak_mb"] - few["peak_mb"]) * 1e6 < 40_000 * PER_LEAF


@pytest.mark.long
def test_a_million_enterprises_are_drawn_within_the_published_ratios() -> None:
    full = measured("--size", "1000000")

    assert {key: full[key] for key in TARGETS if full[key] > TARGETS[key]} == {}
    assert full["consistent_sampler"] >= 6
    assert full["teams"]["500x89_s"] <= 0.3
    assert full["teams"]["5000x266"] <= 2.5
    assert full["peak_mb"] <= 1_000
