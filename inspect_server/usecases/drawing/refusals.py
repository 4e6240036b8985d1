"""Steps of the ceremony whose refusals stay in the draw log."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from inspect_server.domain.errors import InspectError
from inspect_server.store import draws
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
    try:
        with backend.begin(actor) as work:
            return step(work)
    except InspectError as error:
        if error.kind != "missing":
            with backend.begin(actor) as work:
                note(work, "draw.refused", draws.CASE, {"draw": str(draw_id), "code": error.code})
        raise
