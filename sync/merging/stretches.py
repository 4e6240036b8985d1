"""
Numbers as stretches without a gap: `((1, 4), (7, 7))` is 1, 2, 3, 4 and 7.

What an operation replaces is, of every phone, nearly always its first so many operations; so it is
kept in as little room, and joined as fast, as one number. Nobody's work leaves many gaps, but a
forger's might: only the first `MOST` stretches are kept, and forgetting the rest errs on the side
of showing a conflict.
"""

from collections.abc import Sequence

Stretches = tuple[tuple[int, int], ...]
MOST = 16


def joined(parts: Sequence[Stretches]) -> Stretches:
    """Return all the numbers of these together, but no more than the first `MOST` stretches."""
    if len(parts) == 1:
        return parts[0]
    found: list[tuple[int, int]] = []
    for first, last in sorted(stretch for part in parts for stretch in part):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        elif len(found) < MOST:
            found.append((first, last))
        else:
            break
    return tuple(found)


def beginning(stretches: Stretches) -> int:
    """Return up to which number from 1 on there is no gap; 0 when 1 is missing."""
    return stretches[0][1] if stretches and stretches[0][0] == 1 else 0
