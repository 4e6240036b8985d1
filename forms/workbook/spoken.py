"""
Words without quotes in conditions that are what people read of an answer: 不符合 for 'fail'.

To put them into quotes would be the next mistake, so the author is told the code at once.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from forms.definition.possible import CHECKED, Names
from forms.errors import Problem
from forms.expressions.tree import NAME
from forms.model import CHOICES, Kind
from forms.workbook.assembling import Part
from forms.workbook.sheets import Sheet

_BARE = re.compile(r"第(?P<at>\d+)个字符：“(?P<word>[^”]*)”的写法不对，引用其他检查项请写 .*")
_SUBJECT = rf"(\$\{{{NAME}\}}|\.)"
_BEFORE = re.compile(rf"{_SUBJECT}\s*!?=\s*\Z|selected\s*\(\s*{_SUBJECT}\s*,\s*\Z")
_BEHIND = re.compile(rf"\s*!?=\s*{_SUBJECT}")


class Spoken:
    """
    Which codes are meant by words.

    Args:
        sections: All items, before anything was refused of them.
        lists: Their choice lists.
        sheets: Where the conditions stand.
    """

    def __init__(
        self, sections: Iterable[Part], lists: Iterable[Part], sheets: Iterable[Sheet]
    ) -> None:
        """Note what each answer is called."""
        items = [part for section in sections for part in section.all() if "code" in part.fields]
        self._lists = {
            one.fields["name"]: Names(
                {part.fields["name"]: part.fields.get("label", "") for part in one.parts}, ""
            )
            for one in lists
        }
        self._named = {part.fields.get("name") or part.fields["code"]: part for part in items}
        self._at = {(part.place.sheet, part.place.row): part for part in items}
        self._sheets = {sheet.name: sheet for sheet in sheets}
        self._rows = {
            (sheet.name, row.number): row for sheet in self._sheets.values() for row in sheet.rows
        }

    def worded(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the problems, those about such a word with the code that is meant."""
        for one in problems:
            found = _BARE.fullmatch(one.reason)
            meant = self._meant(one, found["word"], int(found["at"])) if found else ""
            yield replace(one, reason=meant) if meant else one

    def _meant(self, problem: Problem, word: str, at: int) -> str:
        """Return what to write for a word at a character, "" where nobody knows."""
        text = self._text(problem)
        before, behind = text[: at - 1], text[at - 1 :].removeprefix(word)
        found = _BEFORE.search(before) or _BEHIND.match(behind)
        if found is None or not text[at - 1 :].startswith(word):
            return ""
        subject = next(filter(None, found.groups()))
        if subject == ".":
            item, called = self._at.get((problem.sheet, problem.row)), "本条目"
        else:
            item, called = self._named.get(subject[2:-1]), f"“{subject[2:-1]}”"
        code = self._answers(item).meant(word) if item else ""
        if not code:
            return ""
        return f"第{at}个字符：“{word}”是{called}的答案显示的文字，条件中请写代码 '{code}'"

    def _answers(self, item: Part) -> Names:
        kind = item.fields.get("kind", Kind.CHECK)
        if kind == Kind.CHECK:
            return CHECKED
        known = self._lists.get(item.fields.get("choices", "")) if kind in CHOICES else None
        return known or Names({}, "")

    def _text(self, problem: Problem) -> str:
        """Return what stands in the cell that a problem is about."""
        row = self._rows.get((problem.sheet, problem.row))
        headers = self._sheets[problem.sheet].headers if row else ()
        named = (spot for spot, header in enumerate(headers) if header == problem.column)
        spot = next(named, None)
        return row[spot] if row and spot is not None else ""
