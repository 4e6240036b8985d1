"""Whose a draw is: nobody but its own unit, and those above the units, decides on it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.domain.identity import decides_on_draw
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.work import Actor


class DrawOfAnotherUnit(InspectError):
    """The draw was made by another unit, public or not."""

    code, kind = "draw.of_another_unit", "forbidden"
    message = (
        "抽取 {draw_no} 不是本账号所在机构组织的，{action}由组织抽取的机构或者本机关的负责人办理。"
    )


def may_decide(
    session: Session, actor: Actor, draw_id: UUID, acting: Collection[Role] = (Role.SUPERVISOR,)
) -> bool:
    """
    Return whether somebody decides on a draw, for pages that offer it to nobody else.

    Args:
        acting: The roles in which they would.
    """
    draw = session.get(Draw, draw_id)
    return draw is not None and decides_on_draw(actor, draw.authority, draw.unit, acting)


def check_decides(
    actor: Actor, draw: Draw, action: str, acting: Collection[Role] = (Role.SUPERVISOR,)
) -> None:
    """
    Refuse whoever decides on no draw of this unit.

    Args:
        acting: The roles that the step allows.

    Raises:
        DrawOfAnotherUnit: Saying who does.
    """
    if not decides_on_draw(actor, draw.authority, draw.unit, acting):
        raise DrawOfAnotherUnit(draw_no=draw.draw_no, action=action)
