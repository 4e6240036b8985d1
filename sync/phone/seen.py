"""
What an officer saw of an item when its form opened: a save replaces that and nothing else.

What came in meanwhile, by a sync or from the partner, stays beside it, and the difference shows as
a conflict.
"""

from dataclasses import dataclass

from sync.merge import Head, Item


@dataclass(frozen=True)
class Seen:
    """An item as far as it counts what was seen of it: ids of its heads, whether they disagreed."""

    heads: tuple[str, ...]
    conflict: bool


NOTHING_SEEN = Seen((), conflict=False)
"""Nobody had said anything of it."""


def seen_of(item: Seen | Item | None) -> Seen:
    """Return what is kept of what a form showed."""
    if item is None:
        return NOTHING_SEEN
    if isinstance(item, Seen):
        return item
    return Seen(tuple(head.id for head in item.heads), item.conflict)


def citable(
    now: Item | None, seen: Seen | Item | None, replica: str
) -> tuple[tuple[Head, ...], bool]:
    """
    Return the heads that stand now and were seen, or were saved on this phone since, and whether
    they disagree, or did when they were seen.

    Args:
        now: The item as it stands.
        seen: None: everything that stands.
        replica: The one in use.
    """
    standing = now.heads if now else ()
    before = seen_of(now if seen is None else seen)
    heads = tuple(one for one in standing if one.id in before.heads or one.replica == replica)
    differ = len({one.value for one in heads}) > 1
    return heads, differ or (seen is not None and before.conflict)


def is_newer(now: Item | None, seen: Seen | Item | None, user: str) -> bool:
    """Return whether others have said something of an item since it was seen."""
    known = seen_of(seen).heads
    return any(one.id not in known and one.user != user for one in (now.heads if now else ()))
