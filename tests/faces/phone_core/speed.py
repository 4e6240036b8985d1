"""
What one more answer costs on a phone's engine: the long checklist of `benchmarks.forms`, in Node.

    python -m tests.faces.phone_core.speed

prints one JSON line: milliseconds to make the checklist ready, and from an answer to everything
that follows from it (the median of the best round).
"""

import json
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.forms import answer, long_checklist
from forms.body import to_json
from forms.model import Kind
from tests.faces.phone_core.both import CLIENT, NODE


def measured(items: int = 300) -> str:
    """Return the line."""
    form, chance = long_checklist(items), random.Random(20261123)
    asked = [item for item in form.items if item.kind is not Kind.CALCULATE]
    orders = {
        "client": str(CLIENT),
        "form": to_json(form),
        "turns": [(item.code, answer(item.kind, chance)) for item in asked],
    }
    ended = subprocess.run(
        [*NODE, Path(__file__).with_name("speed.mjs")],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


if __name__ == "__main__":
    sys.stdout.write(measured())
