"""Checklists of a given length, made of the questions that the program comes with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle
from typing import Any

from forms import load
from forms.model import Form, Item, Kind, Major, Section

ITEMS_A_SECTION = 10


def checklist(length: int) -> Form:
    """
    Return a checklist of so many check items, without conditions among them.

    After the last question the first is asked again. What conditions cost is measured by
    `benchmarks.forms`.
    """
    questions = cycle(_items())
    asked = [_alone(next(questions), f"Q{n:03}") for n in range(1, length + 1)]
    sections = tuple(
        Section(f"第{start // ITEMS_A_SECTION + 1}部分", tuple(asked[start:][:ITEMS_A_SECTION]))
        for start in range(0, length, ITEMS_A_SECTION)
    )
    return Form(
        name=f"length-{length}",
        version=1,
        title=f"{length} 项检查表",
        effective_from=date(2026, 1, 1),
        retired_on=None,
        sectors=(),
        device_clause=None,
        sections=sections,
    )


def plainly(form: Form) -> list[dict[str, Any]]:
    """Return what of a checklist is on the screen before anybody answers."""
    return [
        {
            "title": section.title,
            "items": [
                {
                    "code": item.code,
                    "mark": {Major.YES: "★", Major.POSSIBLE: "☆"}.get(item.major, ""),
                    "focus": item.focus,
                    "question": item.question,
                    "hint": item.hint,
                }
                for item in section.items
                if isinstance(item, Item)
            ],
        }
        for section in form.sections
    ]


def _items() -> Iterator[Item]:
    for form in load.packaged():
        yield from (item for item in form.items if item.kind is Kind.CHECK)


def _alone(item: Item, code: str) -> Item:
    return replace(
        item,
        code=code,
        name="",
        major_needs=(),
        relevant=None,
        required=None,
        read_only=None,
        constraint=None,
    )
