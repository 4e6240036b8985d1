"""What goes with a transferred case: a list of materials, counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.fields import count, text
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery
from pdf_templates.wording import unended

COPIES = ("存档联", "移送联")
"""Of a letter to another authority."""


@dataclass(frozen=True)
class Enclosure:
    """One of the materials that are handed over."""

    name: str = text("材料名称")
    copies: int = count("份数", least=1)
    pages: int = count("页数，物品为 0")


def counted(enclosures: Sequence[Enclosure]) -> str:
    """Return 共6份38页."""
    copies = sum(one.copies for one in enclosures)
    pages = sum(one.pages for one in enclosures)
    return f"共{copies}份{pages}页"


def listed_materials(on: Stationery, enclosures: Sequence[Enclosure]) -> list[Strip]:
    """Return the list of materials with their total."""
    rows = on.prose(f"附：移送材料目录（{counted(enclosures)}）", keep=True)
    said = (
        f"{unended(one.name)}，{one.copies}份" + (f"{one.pages}页" if one.pages else "")
        for one in enclosures
    )
    return [*rows, *on.items(said, "移送材料")]
