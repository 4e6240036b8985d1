"""
Writes the vectors of filled checklists, without importing the code that they test.

    python -m tests.vectors.forms.filling_generate

Checklists and answers are written down by hand (`filling_forms`, `filling_cases`); what comes out
is worked out by a slow evaluator of its own (`filling_oracle`). A second implementation uses the
file alone.
"""

import json
from pathlib import Path
from typing import Any

from tests.vectors.forms.filling_cases import cases
from tests.vectors.forms.filling_forms import FORMS
from tests.vectors.forms.filling_oracle import filled

FILE = Path(__file__).parent / "fillings.json"
ABOUT = (
    "forms: checklists as phones pull them. fillings: what is answered to one of them, in this "
    "order (null takes an answer back), photos taken by item, what the phone knows, and the day of "
    "the visit; then what follows; entries by code and, of columns, the numbers of the rows, what "
    "is false, blank or not there being left out. docs/forms.md says what each part means."
)


def fillings() -> list[dict[str, Any]]:
    """Return every case with what must come out."""
    forms = {form["name"]: form for form in FORMS}
    return [{**case, **filled(case, forms[case["form"]])} for case in cases()]


def content() -> str:
    """Return the bytes of the file as text: one checklist or case a line."""
    lines = [f'"about": {json.dumps(ABOUT)}']
    for part, rows in (("forms", FORMS), ("fillings", fillings())):
        written = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        lines.append(f'"{part}": [\n{written}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
