"""What stands in a survey into the sections of a checklist, each item under a code of its own."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from forms.workbook.assembling import Part


def named_apart(parts: Sequence[Part], coded: Container[int]) -> tuple[Part, ...]:
    """
    Return the parts so that no two items have one code: groups tell those of one name apart.

    Args:
        parts: All items and sections.
        coded: Rows whose author gave the code: that one stays.
    """
    every = [one for part in parts for one in part.all() if "code" in one.fields]
    codes = Counter(one.fields["code"] for one in every)

    def renamed(part: Part, around: tuple[str, ...]) -> Part:
        code, name = part.fields.get("code", ""), part.fields.get("name", "")
        inside = (*around, code or name)
        part = replace(part, parts=tuple(renamed(one, inside) for one in part.parts))
        if codes[code] < 2 or not around or part.place.row in coded:
            return part
        fields = {**part.fields, "code": "·".join((*filter(None, around), code))}
        return replace(part, fields={"name": code, **fields})

    return tuple(renamed(part, ()) for part in parts)


def in_sections(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the sections of the top level; items in a row outside of groups make one."""
    loose: list[Part] = []
    for part in parts:
        if "code" in part.fields:
            loose.append(part)
            continue
        yield from _untitled(loose)
        loose = []
        yield part
    yield from _untitled(loose)


def _untitled(items: Sequence[Part]) -> Iterator[Part]:
    if items:
        fields: dict[str, Any] = {"title": ""}
        yield Part(fields, items[0].place, tuple(items), "items")
