"""What is found out of a paper that is made of the record and not registered as a document."""

from dataclasses import dataclass, field
from typing import Any

LONGEST = 80
"""Characters of a number or hash; real ones have fewer."""


@dataclass
class PaperMatch:
    """What a paper is, and in sentences what of it agrees, what does not, what was not compared."""

    title: str
    agreed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)  # it was so, and is no longer in force


def plain(said: Any) -> str:
    """Return what a file says, fit for a terminal and a query."""
    text = str(said)
    return text if text.isprintable() and len(text) <= LONGEST else "（不可显示）"
