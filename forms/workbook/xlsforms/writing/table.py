"""A sheet that is being written: columns are found by what they mean."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from forms.model import Kept
from forms.workbook.xlsforms import headers
from forms.workbook.xlsforms.headers import Grammar, Tokens

Rows = Sequence[Sequence[str]]
"""The rows of a sheet, its headers first."""

Key = tuple[Tokens, str]
"""What a column means, and its language."""

_NEEDED = frozenset({"type", "name", "label", "list_name"})
"""Columns that are there whether or not they are filled in."""


class Table:
    """Rows whose columns are found by what they mean; a kept column stands under its own header."""

    def __init__(self, grammar: Grammar, usual: Mapping[str, Tokens], language: str) -> None:
        """
        Begin a sheet.

        Args:
            grammar: The headers that such a sheet knows.
            usual: Its columns in their order: the header that we write, and what it means.
            language: The language of its texts, "" for none.
        """
        self._grammar = grammar
        self._usual = usual
        self._language = language
        self._rows: list[dict[str, str]] = []
        self._own: dict[str, None] = {}
        self._kept: dict[str, dict[str, None]] = {}  # with those before it

    def add(self, said: Mapping[str, str], own: Mapping[str, str], *kept: Kept) -> None:
        """Add a row: cells by usual header, by a header of the bureau's, and kept ones."""
        self._own.update(dict.fromkeys(header for header, text in own.items() if text))
        for columns in kept:
            names = [header for header, _ in columns]
            for name, before in zip(names, [None, *names], strict=False):
                self._kept.setdefault(name, {}).update({before: None} if before else {})
        cells = {f"\n{header}": text for columns in kept for header, text in columns}
        self._rows.append({**said, **own, **cells})

    def rows(self) -> Rows:
        """Return the rows, with the headers that are in use before them."""
        columns = self._columns()
        return [
            [header for header, _ in columns],
            *(
                [next((row[one] for one in sources if row.get(one)), "") for _, sources in columns]
                for row in self._rows
            ),
        ]

    def _columns(self) -> list[tuple[str, Sequence[str]]]:
        """Return the headers in order, each with the keys under which its cells may be."""
        mark = ":" if self._has_single_colons() else "::"
        kept = self._kept_in_order()
        usual: list[tuple[str, Sequence[str]]] = []
        sources: dict[str, Sequence[str]] = {header: (f"\n{header}",) for header in kept}
        by_key = {self._key(header): header for header in kept}
        front = 0
        for name, tokens in self._usual.items():
            header, key = self._header(name, tokens, mark)
            if theirs := by_key.get(key):
                sources[theirs] = (f"\n{theirs}", name)
            elif name in _NEEDED or any(row.get(name) for row in self._rows):
                usual.append((header, (name,)))
            if key[1] and (plain := by_key.get((tokens, ""))):
                front = max(front, kept.index(plain) + 1)
        # A text without a language stands before that in ours: read the other way round by other
        # tools, it would take the place of all languages.
        placed = [(header, sources[header]) for header in kept]
        own = [(header, (header,)) for header in self._own]
        return [*usual[:2], *placed[:front], *usual[2:], *own, *placed[front:]]

    def _kept_in_order(self) -> list[str]:
        """Return the kept headers so that each row has its own in its own order."""
        try:
            return list(TopologicalSorter(self._kept).static_order())
        except CycleError:
            return list(self._kept)  # no sheet has them so: reading it back tells

    def _header(self, usual: str, tokens: Tokens, mark: str) -> tuple[str, Key]:
        if tokens in headers.TRANSLATED and self._language:
            return f"{usual}{mark}{self._language}", (tokens, self._language)
        return usual, (tokens, "")

    def _key(self, header: str) -> Key:
        double = not self._has_single_colons()
        one = headers.column(0, header, self._grammar, double=double)
        return one.tokens, one.language

    def _has_single_colons(self) -> bool:
        """Whether the workbook that the kept columns come from parted its headers so."""
        if headers.has_double_colon(self._kept):
            return False
        return any(
            headers.column(0, header, self._grammar, double=False).language for header in self._kept
        )
