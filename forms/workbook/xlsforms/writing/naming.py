"""The names that a checklist's items and sections get in a workbook, where each must be usable."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from forms.expressions.tree import NAME
from forms.model import Item, Kind, Section
from forms.workbook.xlsforms.reading.questions import GENERATED
from forms.workbook.xlsforms.reading.settings import ROOT

_RESERVED = frozenset({"meta", ROOT})
Member = Item | Section


@dataclass(frozen=True)
class Named:
    """The name of a row, and what the bureau's columns say where code or name differ from it."""

    name: str
    code: str = ""
    cited_as: str = ""


class Names:
    """The names of all items and sections, by identity."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Give each its own name where that can be; else one that nobody else has."""
        self._repeats: set[str] = set()
        self._made = 0
        self._cells: dict[int, str] = {}
        self._give(members)
        self._counts = Counter(self._cells.values())

    def of(self, member: Member) -> Named:
        """Return the names of one."""
        name = self._cells[id(member)]
        is_generated = GENERATED.fullmatch(name) is not None
        if isinstance(member, Section):
            return Named(name, cited_as=member.name if is_generated else "")
        code = member.code if member.code != name or self._counts[name] > 1 else ""
        understood = name if code and code != name and not is_generated else ""
        return Named(name, code, member.name if member.name != understood else "")

    def _give(self, members: Sequence[Member]) -> None:
        taken: set[str] = set()
        for member in members:
            name = member.cited_as if isinstance(member, Item) else member.name
            if not self._is_usable(name, member, taken):
                self._made += 1
                what = "item" if isinstance(member, Item) else "section"
                name = f"_{what}_{self._made}"
            taken.add(name)
            self._cells[id(member)] = name
            if isinstance(member, Item) and member.kind is Kind.TABLE:
                self._repeats.add(name)
            self._give(member.items if isinstance(member, Section) else member.columns)

    def _is_usable(self, name: str, member: Member, taken: set[str]) -> bool:
        if not re.fullmatch(NAME, name) or name in _RESERVED | taken or GENERATED.fullmatch(name):
            return False
        is_repeat = isinstance(member, Item) and member.kind is Kind.TABLE
        return not (is_repeat and name in self._repeats)
