"""What a log may hold of a failure: its kind and where it happened, never its message."""

import traceback


def trace(error: BaseException) -> str:
    """
    Return types and frames of an error and its causes, as a traceback without any message.

    Messages of databases and parsers quote the values that they were given: names, telephones.
    """
    told = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__)).rstrip()
        kind = f"{type(current).__module__}.{type(current).__qualname__}"
        told.append("\n".join(part for part in (kind, frames) if part))
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "\ncaused by ".join(told)
