"""The tests that stand beside the phone's modules, run in Node: all of them, none left out."""

import json
from pathlib import Path

import pytest

from tests.phone_build.tools import CLIENT, MODULES, needs_modules, node

TESTS = CLIENT / "tests"
ROOMS = sorted(found.name for found in TESTS.iterdir() if any(found.rglob("*.test.ts")))


def in_room(room: str) -> set[str]:
    return {found.relative_to(CLIENT).as_posix() for found in (TESTS / room).rglob("*.test.ts")}


def test_every_test_belongs_to_a_room() -> None:
    found = {found.relative_to(CLIENT).as_posix() for found in TESTS.rglob("*.test.ts")}

    assert found
    assert found == set().union(*map(in_room, ROOMS))


@needs_modules
@pytest.mark.parametrize("room", ROOMS)
def test_every_test_of_the_phones_modules_passes(tmp_path: Path, room: str) -> None:
    report = tmp_path / "report.json"

    ended = node(
        MODULES / "vitest" / "vitest.mjs",
        "run",
        f"tests/{room}/",
        "--configLoader=native",
        "--reporter=json",
        f"--outputFile={report}",
    )
    assert report.is_file(), ended.stdout + ended.stderr
    files = json.loads(report.read_text("utf-8"))["testResults"]
    cases = [case for file in files for case in file["assertionResults"]]
    wrong = [
        f"{case['fullName']}: {' '.join(case['failureMessages'])[:400] or case['status']}"
        for case in cases
        if case["status"] != "passed"
    ]
    broken = [file["message"] for file in files if file["message"]]

    assert (wrong, broken) == ([], [])
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert cases
    assert {Path(file["name"]).relative_to(CLIENT).as_posix() for file in files} == in_room(room)
