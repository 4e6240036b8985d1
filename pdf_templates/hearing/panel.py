"""Who holds a hearing, and who may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.fields import part
from pdf_templates.parts.people import Attendee, Officer, attendees
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Stationery


@dataclass(frozen=True)
class Panel:
    """Who presides, who hears with them, and who writes."""

    presiding: Attendee = part("听证主持人")
    members: tuple[Attendee, ...] = part("听证员，没有则为空列表")
    clerk: Attendee = part("书记员")

    def contradiction(self) -> str:
        """Return what is wrong where somebody has two seats, or ""."""
        names = [one.name for one in (self.presiding, *self.members, self.clerk)]
        twice = [name for name in names if names.count(name) > 1]
        return f"{twice[0]}不能同时担任两项职务" if twice else ""

    def among(self, investigators: Sequence[Officer]) -> str:
        """Return who hears a case that they investigated, which they may not, or ""."""
        theirs = {one.name for one in investigators}
        both = [one.name for one in (self.presiding, *self.members) if one.name in theirs]
        return both[0] if both else ""


def panel_fields(on: Stationery, panel: Panel) -> list[Strip]:
    """Return the panel as labelled fields."""
    return [
        *on.fields(Cell("听证主持人", attendees([panel.presiding]))),
        *on.fields(Cell("听证员", attendees(panel.members) or "无")),
        *on.fields(Cell("书记员", attendees([panel.clerk]))),
    ]
