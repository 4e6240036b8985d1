"""A sheet that is being written: columns are found by what they mean."""

from collections.abc import Mapping, Sequence

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
        self._kept: dict[str, None] = {}

    def add(self, said: Mapping[str, str], own: Mapping[str, str], kept: Kept) -> None:
        """Add a row: cells by usual header, by a header of the bureau's, and kept ones."""
        self._own.update(dict.fromkeys(header for header, text in own.items() if text))
        self._kept.update(dict.fromkeys(header for header, _ in kept))
        self._rows.append({**said, **own, **{f"\n{header}": text for header, text in kept}})

    def rows(self) -> Rows:
        """Return the rows, with the headers that are in use before them."""
        mark = ":" if self._has_single_colons() else "::"
        kept = {self._key(header): header for header in self._kept}
        columns: list[tuple[str, tuple[str, ...]]] = []  # header, where its cells are found
        for usual, tokens in self._usual.items():
            header, key = self._header(usual, tokens, mark)
            if key[1] and (plain := kept.pop((tokens, ""), "")):
                # Other tools read the later column last, which would replace all languages.
                columns.append((plain, (f"\n{plain}",)))
            theirs = kept.pop(key, "")
            sources = (f"\n{theirs}", usual) if theirs else (usual,)
            if theirs or usual in _NEEDED or any(row.get(usual) for row in self._rows):
                columns.append((theirs or header, sources))
        columns += [(header, (header,)) for header in self._own]
        columns += [(header, (f"\n{header}",)) for header in kept.values()]
        return [
            [header for header, _ in columns],
            *(
                [next((row[one] for one in sources if row.get(one)), "") for _, sources in columns]
                for row in self._rows
            ),
        ]

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
