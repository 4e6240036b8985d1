"""The tests that stand beside the phone's modules, run in Node: all of them, none left out."""

import json
from pathlib import Path

from tests.phone_build.tools import CLIENT, MODULES, needs_modules, node


@needs_modules
def test_every_test_of_the_phones_modules_passes(tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    ended = node(
        MODULES / "vitest" / "vitest.mjs",
        "run",
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
    assert {Path(file["name"]) for file in files} == set((CLIENT / "tests").rglob("*.test.ts"))
