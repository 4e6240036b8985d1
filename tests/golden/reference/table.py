"""
The table of all documents in docs/documents.md, from the list and the templates.

After a document came or changed its copies: `python -m tests.golden.reference.table`.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from pdf_templates.catalogue import template
from pdf_templates.template import ONE_COPY, Composed

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs/documents.md"
HEADER = """\
| no. | document | kind | 代字 | use | given | made |
|---|---|---|---|---|---|---|
"""
TABLE = re.compile(rf"{re.escape(HEADER)}(?:\|.*\n)*")


def rows() -> list[str]:
    """Return a row for each document, in the order of the list."""
    told = tomllib.loads((HERE / "list.toml").read_text("utf-8"))
    return [_row(one) for one in (*told["documents"], *told["own"])]


def _row(one: dict[str, Any]) -> str:
    form = template(one["kind"])
    copies = form.layout.copies if isinstance(form.layout, Composed) else ONE_COPY
    given = "、".join(copies[1:]) + (" · receipt" if form.receipt else "")
    mark = one.get("mark", "")
    said = (
        one.get("no", ""),
        one["title"],
        f"`{one['kind']}`",
        mark,
        one["use"],
        given.strip(" ·"),
    )
    return f"| {' | '.join(map(str, (*said, one['made'])))} |"


def table() -> str:
    """Return the whole table."""
    return HEADER + "".join(f"{row}\n" for row in rows())


if __name__ == "__main__":
    text = DOCS.read_text("utf-8")
    DOCS.write_text(TABLE.sub(lambda _: table(), text), "utf-8")
