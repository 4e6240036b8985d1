"""The day by which a commit promises its reveal: what lies before it, and what comes after."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from inspect_server.domain.draw.ceremony.dice import roll_before
from inspect_server.domain.draw.entropy import Source
from inspect_server.domain.draw.publications.issues import CHINA


def roll_until(sources: Sequence[Source], deadline: str) -> datetime:
    """
    Return until when people are told to roll dice: while they prove something, by the deadline.

    A commit made before closures counted against its deadline has a public value to come after it.
    """
    ends = datetime.combine(date.fromisoformat(deadline) + timedelta(1), time(), CHINA)
    return min(roll_before(sources), ends)


def expected_from(sources: Sequence[Source]) -> datetime | None:
    """
    Return from when all public values are expected, by the closures on file; None without one.

    A reveal before it is no proof of an invented value: a market that stayed open in spite of its
    notice has drawn earlier. It is a reason to look the value up.
    """
    known = (one.known_from() for one in sources)
    return max((one for one in known if one is not None), default=None)


def is_late(revealed_at: datetime | None, deadline: str) -> bool:
    """Return whether a reveal came after its deadline, an ISO day by the clock of the lotteries."""
    if revealed_at is None:
        return False
    return revealed_at.astimezone(CHINA).date() > date.fromisoformat(deadline)
