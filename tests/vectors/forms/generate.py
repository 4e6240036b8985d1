"""
Writes the vectors of expressions, without importing the code that they test.

    python -m tests.vectors.forms.generate

Trees and places of mistakes are written down by hand. Values come by hand or from a small
evaluator of its own (`oracle`). A second implementation uses the file alone.
"""

import json
from pathlib import Path
from typing import Any

from tests.vectors.forms import reading_cases
from tests.vectors.forms.value_cases import NOTHING, evaluations, said

FILE = Path(__file__).parent / "expressions.json"


def expressions() -> dict[str, Any]:
    """Return what the file must contain."""
    return {
        "about": "docs/forms.md says what each part means. Numbers in results are text.",
        "left_out": NOTHING,
        "parsing": [
            *({"expression": text, "tree": tree} for text, tree in reading_cases.TREES),
            *({"filter": text, "tree": tree} for text, tree in reading_cases.FILTERS),
            *({"expression": text, "position": at} for text, at in reading_cases.ERRORS),
            *({"filter": text, "position": at} for text, at in reading_cases.FILTER_ERRORS),
        ],
        "evaluations": [
            {"tree": tree, **_given(scope), "result": said(value)}
            for tree, scope, value in evaluations()
        ],
    }


def _given(scope: dict[str, Any]) -> dict[str, Any]:
    """Return what a scope has beyond the one with nothing in it, which is told once."""
    return {name: value for name, value in scope.items() if value != NOTHING[name]}


def content() -> str:
    """Return the bytes of the file as text: one case a line."""
    made = expressions()
    lines = [f'"{part}": {json.dumps(made[part])}' for part in ("about", "left_out")]
    for part in ("parsing", "evaluations"):
        cases = ",\n".join(json.dumps(case, ensure_ascii=False) for case in made[part])
        lines.append(f'"{part}": [\n{cases}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
