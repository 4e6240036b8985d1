"""An import costs little beside its bare parts, and no more memory for more rows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks import registry_rows
from benchmarks.importing import CHANGED_EVERY, SPEED, is_met
from inspect_server.store.engine import open_engine
from inspect_server.store.registry import CACHE_KIB
from inspect_server.store.schema import upgrade
from inspect_server.usecases.registry.import_registry import import_enterprises
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES

ROOT = Path(__file__).parents[2]

FLOOR = 0.2
"""
Of `cpu_speed` at 5,000 rows, where what an import costs at any size weighs most: half of the 0.37
that was measured, for machines that do other work. The target is measured at full size.
"""

FLAT_MB = 12
"""15,000 rows more, kept in any form, would be 20 MB and more; their codes alone are 2."""


def _run(code: str, *about: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", code, *about], check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


@pytest.mark.long
def test_an_import_costs_little_beside_its_bare_parts() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing", "--rows", "5000", "--only", "csv/sqlite"],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )

    result = json.loads(done.stdout)
    measured = result["csv/sqlite"]
    assert measured["cpu_speed"] > FLOOR
    assert {"speed", "again_speed", "changed_speed", "peak_mb"} <= measured.keys()
    assert (result["rows"], result["target_speed"]) == (5000, SPEED)


@pytest.mark.parametrize("slow", ["speed", "again_speed", "changed_speed"])
def test_the_target_is_met_only_when_the_first_import_and_both_others_meet_it(slow: str) -> None:
    good = {"speed": SPEED, "again_speed": SPEED, "changed_speed": SPEED, "peak_mb": 300}

    assert is_met(good)
    assert not is_met({**good, slow: SPEED - 0.01})
    assert not is_met({**good, "peak_mb": 301})


_IMPORT_IN_SMALL_SLICES = """
import json, sys
from benchmarks.importing import import_step
from inspect_server.gateways.registry_files import xlsx_parts
from inspect_server.store import registry

xlsx_parts.SLICE = 1 << 20  # 1,500 rows, so that few rows are already many slices
registry.CACHE_KIB = 1 << 10  # and fill what has a fixed size
print(json.dumps(import_step(*sys.argv[1:])))
"""


@pytest.mark.long
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_more_rows_take_no_more_memory(tmp_path: Path, kind: str) -> None:
    write = {"xlsx": registry_rows.write_xlsx, "csv": registry_rows.write_csv}[kind]
    peaks = []
    for rows in (5_000, 20_000):
        url, file = f"sqlite:///{tmp_path / str(rows)}.db", tmp_path / f"{rows}.{kind}"
        upgrade(open_engine(url))
        write(file, rows)
        peaks.append(_run(_IMPORT_IN_SMALL_SLICES, url, str(file))["peak_mb"])

    assert peaks[1] - peaks[0] < FLAT_MB


def test_a_changed_file_differs_in_every_twentieth_row() -> None:
    before = list(registry_rows.rows(100))
    after = list(registry_rows.rows(100, CHANGED_EVERY))

    changed = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert changed == [0, 20, 40, 60, 80]


def test_sqlite_keeps_the_indexes_of_an_import_in_memory(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    registry_rows.write_csv(file, 1)

    with sqlite_backend.begin(ALL_ROLES) as work:
        import_enterprises(work, file)
        kibibytes = -work.session.scalar(text("PRAGMA cache_size"))

    assert kibibytes == CACHE_KIB
