"""What a page was asked for, made harmless."""

from flask import request

LONGEST = 100
LAST_PAGE = 1_000_000


def search_text(name: str) -> str:
    """Return what was typed into a search field: printable, on one line, not too long."""
    typed = request.args.get(name, "")
    return "".join(char for char in typed if char.isprintable())[:LONGEST].strip()


def page_number() -> int:
    """Return which page was asked for, from 1; nonsense is the first page."""
    asked = request.args.get("page", 1, type=int)
    return min(max(asked, 1), LAST_PAGE)
