"""How citations stand beside each other: a law is named once for all of its articles in a row."""

import re
from collections.abc import Iterable

CITATION = re.compile(
    r"(?P<law>《[^》]+》(?:（[^）]*）)?)(?P<article>第[^条]+条)(?P<part>.*)", re.DOTALL
)


def join_citations(citations: Iterable[str]) -> str:
    """
    Return citations as one text: 《甲法》第一条、第三条第一款、第二款；《乙法》第五条.

    Args:
        citations: Each a law and what of it is cited; what is no such text stays as it is.
    """
    return "；".join(by_law(citations))


def by_law(citations: Iterable[str]) -> tuple[str, ...]:
    """Return one text for each law and its articles in a row; a repeated citation counts once."""
    said: list[str] = []
    law_before = article_before = ""
    for citation in dict.fromkeys(citations):
        match = CITATION.fullmatch(citation)
        law, article, part = match.group("law", "article", "part") if match else ("", "", "")
        if not law or law != law_before:
            said.append(citation)
        else:
            is_same = article == article_before and part
            said[-1] += f"、{part}" if is_same else f"、{article}{part}"
        law_before, article_before = law, article
    return tuple(said)
