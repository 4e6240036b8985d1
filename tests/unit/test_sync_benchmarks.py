"""The benchmarks of sync run and count what they say; their figures are measured by hand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def measured(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_sync_is_measured_beside_what_nobody_can_avoid_and_its_requests_are_few_and_small() -> None:
    found = measured(
        "benchmarks.sync", "--operations", "500", "--rounds", "1", "--files", "1", "--file-mib", "2"
    )

    assert found["push"].keys() >= {"ratio", "cpu_ratio", "operations_per_s", "inserted_per_s"}
    assert found["push"]["verifications_per_s"] > 0
    assert found["pull"]["documents"] >= 500
    assert found["pull"]["documents_per_s"] > 0
    assert found["tus"].keys() >= {"ratio", "mb_per_s", "kept_mb_per_s"}
    assert (found["no_op"]["requests"], found["fifty"]["requests"]) == (1, 1)
    assert found["no_op"]["bytes"] <= 500
    assert found["fifty"]["bytes"] <= 8000


@pytest.mark.long
def test_an_evening_loses_nothing_and_doubles_nothing() -> None:
    found = measured("benchmarks.evening", "--phones", "3", "--photo-bytes", "500", "--resend", "2")

    assert (found["lost"], found["duplicates"], found["unconfirmed"]) == (0, 0, 0)
    assert (found["phones"], found["operations"], found["photos"]) == (3, 180, 18)
    assert found["resent"] == 2
    assert found["conflicts"] == 2  # the whole team answered one item of each task in two ways
    assert found["push_ms"].keys() >= {"p50", "p95", "p99"}
    assert found["server_memory_mb"] > 0
