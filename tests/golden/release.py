"""
What released templates print, frozen: `python -m tests.golden.release` with each release.

A file for each kind and version, with facts of its time and the identifier of what was set from
them: of what the file says and shows, before compression. A frozen file is never written again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pdf_templates.catalogue import MODULES, render, render_receipt, template
from pdf_templates.errors import DocumentError
from pdf_templates.examples import example
from pdf_templates.facts import to_json
from tests.golden.unusual import UNUSUAL

FOLDER = Path(__file__).parent / "released"
ID = re.compile(rb"/ID\s*\[\s*<([0-9A-F]{32})>")


def release(kinds: tuple[str, ...] = tuple(MODULES), folder: Path = FOLDER) -> list[Path]:
    """Freeze the newest version of each kind that is not frozen yet; return the new files."""
    folder.mkdir(exist_ok=True)
    written = []
    for kind in kinds:
        version = template(kind).version
        path = folder / f"{kind} {version}.json"
        if not path.exists():
            told = [to_json(one) for one in (example(kind), *UNUSUAL.get(kind, ()))]
            frozen = [{"facts": one, **identifiers(kind, version, one)} for one in told]
            path.write_text(json.dumps(frozen, ensure_ascii=False, indent=1) + "\n", "utf-8")
            written.append(path)
    return written


def identifiers(kind: str, version: str, facts: Any) -> dict[str, str]:
    """Return the identifier of the document and, where it comes on 80 mm paper, of that."""
    found = {"a4": _id_of(render(kind, facts, version=version))}
    if template(kind, version).receipt is not None:
        found["receipt"] = _id_of(render_receipt(kind, facts, version=version))
    return found


def _id_of(pdf: bytes) -> str:
    (found,) = ID.findall(pdf)
    return str(found, "ascii")


def faults(folder: Path = FOLDER) -> Iterator[str]:
    """Yield what a released version prints otherwise than when it was released."""
    for path in sorted(folder.glob("*.json")):
        kind, version = path.stem.split(" ")
        for number, frozen in enumerate(json.loads(path.read_text("utf-8"))):
            facts = frozen.pop("facts")
            try:
                now = identifiers(kind, version, facts)
            except DocumentError as error:
                yield f"{path.stem}: example {number} cannot be set any more: {error}"
                continue
            if now != frozen:
                yield (
                    f"{path.stem}: example {number} is printed otherwise than when it was released;"
                    " raise the template's version and keep the released one in EARLIER"
                )


if __name__ == "__main__":
    release()
