"""A commit that a person confirms on a page: one, however often the answer is lost."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from inspect_server.domain.draw.entropy import CHAINS, Source
from inspect_server.domain.errors import InspectError
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.work import Work


class LogMovedOn(InspectError):
    """Something was logged after the page was shown: a commit, an anchor, a refusal, a paper."""

    code, kind = "draw.log_moved_on", "conflict"
    message = "本页打开之后抽取日志又有记载，没有发布承诺；请核对现在的内容后再次确认。"


def confirmed(
    work: Work,
    shown_leaf: str,
    days: tuple[date, date],
    sources: Sequence[Source],
    commit: Callable[[Work], CommittedDraw],
) -> UUID:
    """
    Commit to what somebody was shown, or return the draw that the same confirmation made before.

    A commit's body names the leaf that it follows in the draw log. So the leaf that a page showed
    can be followed by one commit only, and that one is known by it.

    Args:
        shown_leaf: The last leaf of the draw log when the page was shown.
        days: First and last day of the visits; with `sources` it tells a confirmation sent twice
            from another one.
        sources: What the commit would name beside the chains.
        commit: Makes the commit.

    Raises:
        LogMovedOn: The page is older than the last leaf.
        InspectError: As the commit does.
    """
    draws.lock_log(work.session)
    if (made := _made_from(work, shown_leaf, days, sources)) is not None:
        return made
    if draws.last_leaf(work.session) != shown_leaf:
        raise LogMovedOn
    return commit(work).id


def _made_from(
    work: Work, shown_leaf: str, days: tuple[date, date], sources: Sequence[Source]
) -> UUID | None:
    """Return the draw that this account committed from the same page with the same options."""
    chains = {kind.value for kind in CHAINS}
    for body in map(json.loads, draws.commit_bodies(work.session)):
        if body["prev_leaf"] != shown_leaf:
            continue
        draw = work.session.get_one(Draw, draws.id_of(work.session, body["draw_no"]))
        named = [one for one in body["sources"] if one["kind"] not in chains]
        is_same = (draw.visit_from, draw.visit_to) == days and named == [
            one.to_json() for one in sources
        ]
        return draw.id if is_same and draw.committed_by == work.actor.label else None
    return None
