"""What a person typed at a draw: one value for each source."""

from collections.abc import Iterable

from inspect_server.domain.draw.errors import TypedTwice


def source_of(text: str) -> str:
    """Return name and issue of a typed value `name/issue/values`."""
    return "/".join(text.strip().split("/")[:2])


def by_source(texts: Iterable[str]) -> dict[str, str]:
    """
    Return what one person typed, by source and in its order.

    Raises:
        TypedTwice: Two of the texts are for one source; which of them was meant, nobody can tell.
    """
    typed: dict[str, str] = {}
    for text in texts:
        if (source := source_of(text)) in typed:
            raise TypedTwice(source=source)
        typed[source] = text
    return typed
