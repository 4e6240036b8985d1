"""
Our own checker of PDF/A-3u (ISO 19005-3:2012), as far as the house's documents go and beyond.

`check` returns what is wrong. Clauses are those of the standard; where it has none of its own for
what we ask, such as that the Info dictionary says what the metadata say, the nearest is named.
From a shell: `python -m tests.pdfa.checker FILE...`.
"""

import sys
from pathlib import Path

import pikepdf

from tests.pdfa.reading import File, Finding
from tests.pdfa.rules import (
    RULES,
    colour,
    content,
    embedded,
    fonts,
    graphics,
    interaction,
    limits,
    metadata,
    structure,
    syntax,
    unicode_maps,
)

MODULES = (
    syntax,
    limits,
    metadata,
    colour,
    content,
    graphics,
    fonts,
    unicode_maps,
    interaction,
    embedded,
    structure,
)
"""Where rules are; to import them registers them."""


def check(document: bytes) -> list[Finding]:
    """Return the faults of a file, none where it conforms."""
    try:
        file = File(document)
    except pikepdf.PdfError as error:
        return [Finding("6.1.1", "file", f"it cannot be read: {error}", "opening")]
    return [
        Finding(rule.clause, where, said, rule.look.__name__)
        for rule in RULES
        for where, said in rule.look(file)
    ]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for finding in check(Path(name).read_bytes()):
            sys.stdout.write(f"{name}: {finding.clause} {finding.where}: {finding.said}\n")
