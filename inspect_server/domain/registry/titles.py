"""What a column's title says, whatever an office hung around it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

_LONGEST = 60
_LONGEST_WITH_REMARKS = 300
_MARKS = dict.fromkeys(map(ord, "*★☆※●○◆◇■□▲△'‘’\"“”\ufeff\u200b\u200c\u200d"))
_NUMBER = re.compile(r"^(?:\d{1,2}[.、)]|\(\d{1,2}\)|[一二三四五六七八九十]{1,3}、)")
_LAST_REMARK = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|<[^<>]*>)$")
_REMARKS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|<[^<>]*>")
_CHOICE = re.compile(r"[/、或]")

T = TypeVar("T")


def plain_title(cell: str) -> str:
    """Return a title without spaces, line breaks, marks of obligation and its number."""
    return next(title_forms(cell), "")


def title_forms(cell: str) -> Iterator[str]:
    """
    Yield what a title may say, the most literal first.

    法定代表人（负责人）* is looked up as it stands, then without the remark at its end, without any
    remark, and at last by the first of several words that 法定代表人/负责人 offers.
    """
    if len(cell) > _LONGEST_WITH_REMARKS:
        return
    whole = "".join(unicodedata.normalize("NFKC", cell).split()).translate(_MARKS).upper()
    whole = _NUMBER.sub("", whole).strip(":、.")
    bare = _REMARKS.sub("", whole).strip(":、.")
    forms = [whole, _LAST_REMARK.sub("", whole).strip(":"), bare, _CHOICE.split(bare)[0]]
    yield from dict.fromkeys(form for form in forms if form and len(form) <= _LONGEST)


class Known(Generic[T]):
    """Titles that mean something, found in any of their forms."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._meanings = {plain_title(title): meaning for title, meaning in meanings.items()}

    def __contains__(self, cell: str) -> bool:
        return self.find(cell) is not None

    def find(self, cell: str) -> tuple[int, T] | None:
        """Return how far the title had to be reduced (0: not at all) and what it means."""
        for steps, form in enumerate(title_forms(cell)):
            if form in self._meanings:
                return steps, self._meanings[form]
        return None


_SAME_WORD: dict[str, tuple[str, ...]] = {
    "姓名": ("",),
    "名字": ("姓名", ""),
    **dict.fromkeys(("手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码"), ("电话",)),
}


def joined_title(
    above: str, below: str, known: Known[T], synonyms: Mapping[str, Sequence[str]]
) -> str:
    """
    Return the one title that two cells above each other make: 联系人 over 电话 is 联系人电话.

    Args:
        above: The title of a group of columns.
        below: The title of one column of it.
        known: What can be recognised.
        synonyms: For a title that is a field itself, all titles of that field.

    Returns:
        A known title where there is one. A group that is a person never lends another person's
        telephone: 法定代表人 over 电话 stays unknown, and both words are kept with · between them.
    """
    group, word = plain_title(above), plain_title(below)
    if not group or group == word:
        return below
    words = (word, *_SAME_WORD.get(word, ()))
    joined = [name + each for name in (group, *synonyms.get(group, ())) for each in words]
    for title in joined:
        if title in known:
            return title
    if above not in known and below in known:
        return below
    return f"{group}·{word}"
