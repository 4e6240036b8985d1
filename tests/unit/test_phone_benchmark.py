"""The benchmark of the phone app runs and says what it should; its figures are measured by hand."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from benchmarks.phone import judging
from benchmarks.phone.__main__ import BUDGETS, LEAST_SCORE, LENGTHS, judged
from benchmarks.phone.checklists import checklist, plainly
from benchmarks.phone.code import app_kb, plain_kb
from benchmarks.phone.plain_site import PAGE
from inspect_server.phone import STATIC, register_phone

ROOT = Path(__file__).parents[2]
BOTH = {"cold_ms", "tap_ms", *(f"{what}_{n}_ms" for what in ("open", "screen") for n in LENGTHS)}


@pytest.mark.parametrize("length", LENGTHS)
def test_both_pages_get_the_same_questions(length: int) -> None:
    form = checklist(length)
    shown = [item for section in plainly(form) for item in section["items"]]

    assert [(one["code"], one["question"]) for one in shown] == [
        (item.code, item.question) for item in form.items
    ]
    assert len({item.code for item in form.items}) == length


def test_a_figure_keeps_its_budget_up_to_the_very_value() -> None:
    just = judged(dict(BUDGETS))
    over = judged({name: most + 0.1 for name, most in BUDGETS.items()})

    assert all(one["kept"] for one in just.values())
    assert not any(one["kept"] for one in over.values())


def test_the_plain_page_is_small_and_the_app_is_counted_as_it_is_sent() -> None:
    assert plain_kb(PAGE) < 3
    assert plain_kb(PAGE) < app_kb(STATIC) <= BUDGETS["code_kb"]


@pytest.mark.long
def test_the_app_is_measured_in_a_browser_beside_the_plain_page() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.phone", "--rounds", "1"],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    found = json.loads(done.stdout)

    assert done.stdout.count(b"\n") == 1
    assert found["budgets"].keys() == BUDGETS.keys()
    assert all(found[name] > 0 for name in (*BUDGETS, "cold_list_ms", "pin_ms"))
    assert all(found["plain"][name] > 0 for name in BOTH)
    assert found["ratio"].keys() > BOTH
    assert (found["lighthouse"] is not None) == judging.is_installed()


@pytest.mark.long
@pytest.mark.skipif(
    not judging.is_installed(),
    reason="Lighthouse is not installed: `make test-long` fetches it from the npm registry",
)
def test_lighthouse_finds_the_first_page_open_to_everybody_and_built_as_it_should_be() -> None:
    """How fast it finds it depends on what else the machine does: the benchmark says that."""
    app = Flask("face", static_folder=None)
    register_phone(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        found = judging.scores(f"http://127.0.0.1:{server.server_port}/phone/")
    finally:
        server.shutdown()
        server.server_close()

    assert found["accessibility"] >= LEAST_SCORE
    assert found["best-practices"] >= LEAST_SCORE
    assert found["performance"] > 0
