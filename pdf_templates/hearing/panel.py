"""Who holds a hearing, and who may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Before, Constraint
from pdf_templates.fields import part
from pdf_templates.parts.people import Attendee, attendees
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Stationery


def _one_seat(name: str, presiding: str, members: Sequence[str]) -> str:
    return "不能同时担任两项职务" if name in (presiding, *members) else ""


def _uninvolved(name: str, investigators: Sequence[str]) -> str:
    return "是本案调查人员，不能主持听证或者担任听证员" if name in investigators else ""


@dataclass(frozen=True)
class Panel:
    """Who presides, who hears with them, and who writes."""

    presiding: Attendee = part("听证主持人")
    members: tuple[Attendee, ...] = part("听证员，没有则为空列表")
    clerk: Attendee = part("书记员")

    CONSTRAINTS = (
        Constraint("members[].name", ("presiding.name", Before("members[].name")), _one_seat),
        Constraint("clerk.name", ("presiding.name", "members[].name"), _one_seat),
    )


UNINVOLVED = tuple(
    Constraint(seat, ("investigators[].name",), _uninvolved)
    for seat in ("panel.presiding.name", "panel.members[].name")
)
"""Of a document that names the panel and the investigators: nobody hears their own case."""


def panel_fields(on: Stationery, panel: Panel) -> list[Strip]:
    """Return the panel as labelled fields."""
    return [
        *on.fields(Cell("听证主持人", attendees([panel.presiding]))),
        *on.fields(Cell("听证员", attendees(panel.members) or "无")),
        *on.fields(Cell("书记员", attendees([panel.clerk]))),
    ]
