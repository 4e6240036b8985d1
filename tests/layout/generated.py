"""
Facts of any kind, made from its dataclass: by type hints, the forms of its fields, and a story.

A text may have any length, a list any number of entries; what must have a form (a date, a code, a
hash) and what must fit other fields is taken from the kind's example.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from random import Random
from typing import Any

from pdf_templates.errors import BadFacts
from pdf_templates.facts import from_json
from tests.layout.standard import ENDS_NONE
from tests.unit.varied_text import varied

RARE = "喆堃玥珺翀祎赟旻瑄㛃䶮𫖯𫍯𬭚𬬭𨱏"
"""Characters of names; the last are of the extensions of the 8105 table beyond the BMP."""
SURNAMES = "赵钱孙李周吴郑王阿卜杜买"
LATIN = (
    "SIEMENS SIMATIC S7-1200 PLC",
    "Donaudampfschifffahrtsgesellschaftskapitaensmuetze",
    "HONGKONG-ZHUHAI-MACAO-BRIDGE-AUTHORITY/LTD",
    "e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2",
    "https://www.yunwan.gov.cn/inspect/verify?case=3f2a9c&lang=zh-CN",
)
FIXED = frozenset({"doc_no", "authority", "made_at", "copies_note", "public_key"})
"""What the system itself sets, not people."""
LONGEST_NAME = 24
LONGEST = 2000
SHORT, LONGEST_LABEL = 14, 60
"""Characters of a label, a unit or a place in the example, and what it may grow to."""
OPENING = " " + "".join(ENDS_NONE)
"""What no text ends with."""
CHANGED = 0.35
"""The part of the texts of an example that become others."""


@dataclass(frozen=True)
class Freedom:
    """What may differ from the example: the number of entries and yes or no, or texts only."""

    counts: bool
    flags: bool


FREEDOMS = (Freedom(True, True), Freedom(True, False), Freedom(False, False))


def facts_of(kind: type, example: Any, random: Random) -> dict[str, Any]:
    """Return facts of a kind as plain JSON that its dataclass accepts."""
    seed = random.getrandbits(32)
    for freedom in FREEDOMS:
        made = _Maker(Random(seed), freedom).object(kind, example)
        try:
            from_json(kind, made)
        except BadFacts:
            continue
        return made
    return typing.cast("dict[str, Any]", example)


class _Maker:
    def __init__(self, random: Random, freedom: Freedom) -> None:
        self._random, self._freedom = random, freedom

    def object(self, kind: type, example: dict[str, Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(kind)
        return {
            field.name: self._value(hints[field.name], field, example[field.name])
            for field in fields(kind)
        }

    def _value(self, hint: Any, field: dataclasses.Field[Any], example: Any) -> Any:
        if isinstance(hint, types.UnionType):
            inner = next(one for one in typing.get_args(hint) if one is not type(None))
            return None if example is None else self._value(inner, field, example)
        if is_dataclass(hint) and isinstance(hint, type):
            return self.object(hint, example)
        if typing.get_origin(hint) is tuple:
            return self._list(typing.get_args(hint), field, example)
        if field.name in FIXED or _is_made_by_machine(field, example):
            return example
        if self._random.random() > CHANGED:
            return example
        if hint is bool and self._freedom.flags:
            return self._random.random() < 0.5
        return self._fitting(field, example) if hint is str else example

    def _list(self, hints: tuple[Any, ...], field: dataclasses.Field[Any], example: Any) -> Any:
        inner = hints[0]
        if not (inner is str or is_dataclass(inner)) or len(hints) != 2:
            return example
        entries = [self._value(inner, field, one) for one in example]
        if not entries or not self._freedom.counts:
            return entries
        count = self._random.choice((0, 1, len(entries), 3, 12))
        many = [self._value(inner, field, self._random.choice(example)) for _ in range(count)]
        form = field.metadata.get("form")
        return many if form is None or form.fits(tuple(many)) else entries

    def _fitting(self, field: dataclasses.Field[Any], example: str) -> str:
        """Return another text for a field, or the example's where it must have a form."""
        form = field.metadata.get("form")
        text = self._text(bool(field.metadata.get("personal")), len(example) <= SHORT)
        return text if form is None or form.fits(text) else example

    def _text(self, is_name: bool, is_short: bool) -> str:
        random = self._random
        if random.random() < 0.12:
            return ""
        if is_name:
            return self._name()
        how = random.random()
        if how < 0.15:
            return self._name()
        if how < 0.25:
            return random.choice(LATIN)
        text = varied(random.getrandbits(30), 1, 40)
        longest = LONGEST_LABEL if is_short else LONGEST
        lengths = (6, 20, 45, 90, 300, LONGEST)
        return text[: min(random.choice(lengths), longest)].rstrip(OPENING)

    def _name(self) -> str:
        random = self._random
        length = random.choice((1, 2, 2, 3, 8, LONGEST_NAME))
        said = "".join(random.choice(RARE) for _ in range(length))
        return random.choice(SURNAMES) + said


def _is_made_by_machine(field: dataclasses.Field[Any], example: Any) -> bool:
    """Whether a text is a number, a date, a code or a hash: what people write is no ASCII alone."""
    if not isinstance(example, str):
        return False
    said = str(field.metadata.get("doc", ""))
    if said.endswith("号"):
        return True
    return example.isascii() and (bool(example) or "日期" in said or "时间" in said)
