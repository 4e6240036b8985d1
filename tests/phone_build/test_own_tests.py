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
    told = json.loads(report.read_text("utf-8")) if report.exists() else {"testResults": []}
    cases = [case for file in told["testResults"] for case in file["assertionResults"]]
    failed = [
        f"{case['fullName']}: {' '.join(case['failureMessages'])[:400]}"
        for case in cases
        if case["status"] != "passed"
    ]
    files = {Path(file["name"]).relative_to(CLIENT) for file in told["testResults"]}

    assert failed == []
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert cases
    assert files == {found.relative_to(CLIENT) for found in CLIENT.glob("tests/**/*.test.ts")}
