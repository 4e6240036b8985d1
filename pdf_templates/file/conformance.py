"""What a file claims to be, and what follows from the claim for the objects in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Conformance:
    """
    A part and level of ISO 19005.

    Attributes:
        part, level: As the metadata name them.
        version: Of PDF, which the part is built on.
        attachments: Whether files may be inside the file.
        cid_sets: Whether a font's subset must list its glyphs.
    """

    part: int
    level: str
    version: tuple[int, int]
    attachments: bool
    cid_sets: bool


PDFA_3U = Conformance(3, "U", (1, 7), attachments=True, cid_sets=False)
"""What documents are: all text can be read back, and the facts are inside."""
PDFA_1B = Conformance(1, "B", (1, 4), attachments=False, cid_sets=True)
"""
What the same pages can be, without the facts. No document is: the tests set twins of documents
so, because the only free validator at hand (Apache PDFBox preflight) knows this part alone.
"""
