"""Steps of the ceremony whose refusals stay in the draw log."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from inspect_server.domain.errors import InspectError
from inspect_server.store.drawing import draws
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work

T = TypeVar("T")


def noting_refusals(backend: Backend, actor: Actor, draw_id: UUID, step: Callable[[Work], T]) -> T:
    """
    Take a step in a unit of work of its own; a refusal is noted in the draw log in another.

    A refused attempt leaves nothing of itself behind, so its note cannot share its transaction.

    Raises:
        InspectError: As the step does.
    """
    return _noting(backend, actor, {"draw": str(draw_id)}, step)


def noting_refused_commits(
    backend: Backend, actor: Actor, visits: tuple[date, date], step: Callable[[Work], T]
) -> T:
    """
    Take the commit of a draw; a refusal is noted by the days of the visits, as it has no draw.

    Its rehearsal ends by chance, so how often somebody tried before it passed has to be seen.

    Raises:
        InspectError: As the step does.
    """
    first, last = visits
    days = {"visit_from": first.isoformat(), "visit_to": last.isoformat()}
    return _noting(backend, actor, days, step)


def _noting(
    backend: Backend, actor: Actor, about: Mapping[str, str], step: Callable[[Work], T]
) -> T:
    try:
        with backend.begin(actor) as work:
            return step(work)
    except InspectError as error:
        if error.kind != "missing":
            with backend.begin(actor) as work:
                note(work, "draw.refused", draws.CASE, {**about, "code": error.code})
        raise
