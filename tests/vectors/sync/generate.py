"""
Writes the vectors of the sync protocol, without importing the code that they test.

    python -m tests.vectors.sync.generate

Everything is computed from docs/sync.md with json, hashlib and cryptography; what a merge, a fold
or a delivery must give is written down by hand. A second implementation uses the files alone.
"""

import json
from pathlib import Path
from typing import Any

from tests.vectors.sync.digest_cases import digests
from tests.vectors.sync.entry_cases import entries
from tests.vectors.sync.judging_cases import deliveries
from tests.vectors.sync.merge_cases import merges
from tests.vectors.sync.partner.file_cases import partner_files
from tests.vectors.sync.partner.list_cases import partner_lists
from tests.vectors.sync.view_cases import views

FOLDER = Path(__file__).parent


def files() -> dict[str, str]:
    """Return what each file must contain."""
    made: dict[str, Any] = {
        "entries.json": entries(),
        "merges.json": merges(),
        "views.json": views(),
        "deliveries.json": deliveries(),
        "digests.json": digests(),
        "partner_files.json": partner_files(),
        "partner_lists.json": partner_lists(),
    }
    return {
        name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in made.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
