"""
How fast the phone app is, beside a page without a framework, measured in the same run.

`python -m benchmarks.phone` prints one JSON line. Chromium at 390 × 844, its processor slowed 4
times, and where files come by the network 1.6 Mbit/s with 150 ms a request; a real server, and an
officer with a task of 40 items and one of 200. Every round has a browser that holds nothing yet;
the median of the rounds counts. Milliseconds end when the frame was painted.

- `code_kb`: the page, scripts and styles that come before anything is shown, by gzip.
- `cold_ms`: from the address to the form by which a phone is enrolled.
- `cold_list_ms`: on a phone that is enrolled but whose files the system has cleared, from the
  address to the pad for the PIN, and from the tap on 解锁 to the list of tasks.
- `offline_list_ms`: the same with the files kept, loaded anew without a network.
- `open_40_ms`, `open_200_ms`: in a page that was loaded anew and has shown the visit's first step,
  from the tap on 检查表 until every item is there; `screen_…_ms` until the first screen is full.
- `tap_ms`: from the tap on 符合 until the button shows it, of eight items.
- `heap_40_mb`, `heap_200_mb`: what the page holds with the items open; some 0.5 MB of it is what
  drives the browser, in both pages.
- `pin_ms`: 600,000 rounds of PBKDF2 alone, which a PIN is meant to cost. Neither list counts it,
  nor how long somebody types.

`plain` is the page in `benchmarks/phone/plain`: the same questions with the same buttons, nothing
to unlock, no store but for the answers. `ratio` is the app's figure over the plain page's.
`lighthouse` has its scores of the first page, the median of three visits, null where it is not
installed (`make .venv/lighthouse/.stamp`). `budgets` has what the design asks, each {budget, value,
kept}; `load` is what the machine had to do besides when it began. The service worker is not slowed:
the browser gives it a thread of its own.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.phone import code, judging
from benchmarks.phone.checklists import checklist, plainly
from benchmarks.phone.handset import chromium
from benchmarks.phone.plain_site import PAGE, plain_site
from benchmarks.phone.rounds import Figures, app_round, plain_round
from benchmarks.sync_server import serving
from benchmarks.sync_world import make_world
from inspect_server.phone import STATIC

LENGTHS = (40, 200)
BUDGETS = {
    "code_kb": 60.0,
    "cold_ms": 1500.0,
    "offline_list_ms": 500.0,
    "open_40_ms": 250.0,
    "open_200_ms": 600.0,
    "tap_ms": 50.0,
    "heap_40_mb": 5.0,
}
LEAST_SCORE = 95
VISITS = 3
"""Of Lighthouse, or as many as there are rounds."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the phone app in Chromium.")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts")
    parser.add_argument("--bundle", type=Path, default=STATIC, help="folder of the built app")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as name:
        result = measure(Path(name), asked.bundle.resolve(), asked.rounds)
    print(json.dumps({"benchmark": "phone", "load": round(load, 2), **result}))


def measure(folder: Path, bundle: Path, rounds: int) -> dict[str, Any]:
    """Measure everything, with what that needs below an empty folder."""
    forms = [checklist(length) for length in LENGTHS]
    pinned = [[form] for form in forms]
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    world = make_world(folder / "data", 1, len(forms), day=today, pinned=pinned)
    seat = world.seats[0]
    tasks = dict(zip(LENGTHS, seat.tasks, strict=True))
    plain_lists = dict(zip(LENGTHS, map(plainly, forms), strict=True))
    app, plain = list[Figures](), list[Figures]()
    with (
        serving(folder / "data", "benchmarks.phone.server", str(bundle)) as server,
        plain_site(folder / "plain", plain_lists) as plain_url,
        chromium() as browser,
    ):
        version = browser.version
        url = f"http://{server.host}:{server.port}/phone/"
        for _ in range(rounds):
            app.append(app_round(browser, url, seat.login, tasks))
            plain.append(plain_round(browser, plain_url, LENGTHS))
        told = judging.scores(url, min(rounds, VISITS)) if judging.is_installed() else None
    figures = {"code_kb": code.app_kb(bundle), **_medians(app)}
    beside = {"code_kb": code.plain_kb(PAGE), **_medians(plain)}
    budgets = judged(figures)
    return {
        "chromium": version,
        "rounds": rounds,
        **figures,
        "plain": beside,
        "ratio": {name: round(figures[name] / beside[name], 2) for name in beside},
        "lighthouse": told,
        "budgets": budgets,
        "kept": all(one["kept"] for one in budgets.values())
        and all(score >= LEAST_SCORE for score in (told or {}).values()),
    }


def judged(figures: Figures) -> dict[str, dict[str, Any]]:
    """Return each budget with what was measured, and whether that keeps it."""
    return {
        name: {"budget": most, "value": figures[name], "kept": figures[name] <= most}
        for name, most in BUDGETS.items()
    }


def _medians(rounds: Sequence[Figures]) -> Figures:
    return {name: round(median(one[name] for one in rounds), 1) for name in rounds[0]}


if __name__ == "__main__":
    main()
