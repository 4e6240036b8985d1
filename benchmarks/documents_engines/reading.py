"""Reads back what an engine set."""

from collections import Counter
from pathlib import Path

import pypdfium2

from benchmarks.documents_engines.content import CaseFile, Notice, plain_text


def read(file: Path) -> tuple[int, str]:
    """Return the number of pages and all text."""
    with pypdfium2.PdfDocument(file) as document:
        return len(document), "".join(page.get_textpage().get_text_range() for page in document)


def has_all(text: str, content: Notice | CaseFile) -> bool:
    """
    Return whether every character of the content is in the text as often as it has to be.

    Tables may be read in another order, and heads come again on further pages; so it is counted.
    """
    wanted = Counter("".join(plain_text(content).split()))
    return not wanted - Counter("".join(text.split()))
