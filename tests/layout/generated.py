"""
Facts of any kind, made from its dataclass: by type hints, the forms of its fields, and a story.

A text, a name, a number may have any length, a list any number of entries; days, amounts, hashes
and places stay those of the kind's example. What contradicts something else falls back to it, field
by field.
"""

import dataclasses
import re
import types
import typing
from dataclasses import fields, is_dataclass
from itertools import combinations
from random import Random
from typing import Any

from pdf_templates.errors import BadFacts
from pdf_templates.facts import from_json
from tests.layout.standard import ENDS_NONE
from tests.unit.varied_text import varied

RARE = "喆堃玥珺翀祎赟旻瑄㛃䶮𫖯𫍯𬭚𬬭𨱏"
"""Characters of names; the last are of the extensions of the 8105 table beyond the BMP."""
SURNAMES = "赵钱孙李周吴郑王阿卜杜买"
FOREIGN = (
    "阿卜杜拉",
    "买买提",
    "伊本",
    "拉希德",
    "亚历山德罗维奇",
    "O'Neill",
    "Müller",
    "热孜万古丽",
)
"""Parts of names with a · between them."""
AUTHORITIES = (
    "云县应急局",
    "江苏省连云港市连云区应急管理局",
    "呼伦贝尔市莫力达瓦达斡尔族自治旗应急管理局",
    "中国（上海）自由贸易试验区临港新片区管理委员会应急管理局",
    "新疆生产建设兵团第十二师高新技术产业开发区管理委员会安全生产监督管理和应急管理综合行政执法局",
)
OFFICES = "苏·云徐圩新区石化产业基地管委会安全生产执法支队第三大队沪自贸临港片区"
"""What the brackets of a 文号 are filled from."""
NUMBERS = (
    "苏应急执法证字第320799260015号",
    "0518-85550012转8023、13800000000（夜间值班）",
    "A20183207990125；（律师执业证）13207201810123456",
    "E12345678（护照）",
    "2026-XZZF-00000017-320799-双随机-0012-永久",
    "第2026-12-1号（续第2026-12号清单）",
    "云应急送确〔2026〕第0012号（2026年3月2日签订）",
    "1",
)
BRACKETED = re.compile("（[^（）]+）(?=[^（）]+〔)")
CODE = re.compile("[：、]([a-z_]+)（")
"""A code among those that the Chinese name of a field lists."""
LATIN = (
    "SIEMENS SIMATIC S7-1200 PLC",
    "Donaudampfschifffahrtsgesellschaftskapitaensmuetze",
    "HONGKONG-ZHUHAI-MACAO-BRIDGE-AUTHORITY/LTD",
    "e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2",
    "https://www.yunwan.gov.cn/inspect/verify?case=3f2a9c&lang=zh-CN",
)
FIXED = frozenset({"latitude", "longitude", "accuracy_m", "signer", "public_key"})
"""What phones and programs write, and as whom somebody signs, which stands with their number."""
LONGEST_NAME = 40
LONGEST = 2000
SHORT, LONGEST_LABEL = 14, 60
"""Characters of a label, a unit or a place in the example, and what it may grow to."""
OPENING = " " + "".join(ENDS_NONE)
"""What no text ends with."""
TRIES = 3
CHANGED = (0.1, 0.3, 0.8)
"""The part of the texts of a group of fields that become others: some must do so together."""


def facts_of(kind: type, example: Any, random: Random) -> dict[str, Any]:
    """Return facts of a kind as plain JSON that its dataclass accepts."""
    maker = _Maker(Random(random.getrandbits(32)))
    made = (maker.object(kind, example) for _ in range(TRIES))
    return next((one for one in made if one != example), typing.cast("dict[str, Any]", example))


def _holds(kind: type, plain: dict[str, Any]) -> bool:
    try:
        from_json(kind, plain)
    except BadFacts:
        return False
    return True


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random, self._changed = random, CHANGED[0]

    def object(self, kind: type, example: dict[str, Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(kind)
        self._changed = self._random.choice(CHANGED)
        made = {
            field.name: self._value(hints[field.name], field, example[field.name])
            for field in fields(kind)
            if field.name in example  # what came later is absent where nothing is said
        }
        return made if _holds(kind, made) else self._agreeing(kind, made, example)

    def _agreeing(
        self, kind: type, made: dict[str, Any], example: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the example with as many of the made fields as agree, also two by two."""
        names = [name for name in made if made[name] != example[name]]
        self._random.shuffle(names)
        known, refused = example, list[str]()
        for name in names:
            tried = {**known, name: made[name]}
            known, refused = (tried, refused) if _holds(kind, tried) else (known, [*refused, name])
        for one, other in combinations(refused, 2):
            tried = {**known, one: made[one], other: made[other]}
            known = tried if _holds(kind, tried) else known
        return known

    def _value(self, hint: Any, field: dataclasses.Field[Any], example: Any) -> Any:
        if isinstance(hint, types.UnionType):
            inner = next(one for one in typing.get_args(hint) if one is not type(None))
            return None if example is None else self._value(inner, field, example)
        if is_dataclass(hint) and isinstance(hint, type):
            return self.object(hint, example)
        if typing.get_origin(hint) is tuple:
            return self._list(typing.get_args(hint), field, example)
        if self._random.random() > self._changed:
            return example
        if hint is bool:
            return self._random.random() < 0.5
        is_hex = "十六进制" in field.metadata.get("doc", "") or "SHA-256" in field.metadata["doc"]
        is_written = hint is str and field.name not in FIXED and not is_hex
        return self._fitting(field, example) if is_written else example

    def _list(self, hints: tuple[Any, ...], field: dataclasses.Field[Any], example: Any) -> Any:
        inner = hints[0]
        if not (inner is str or is_dataclass(inner)) or len(hints) != 2:
            return example
        entries = [self._entry(inner, field, one) for one in example]
        if not entries:
            return entries
        count = self._random.choice((0, 1, len(entries), 3, 12))
        many = [self._entry(inner, field, self._random.choice(example)) for _ in range(count)]
        form = field.metadata.get("form")
        return many if form is None or form.fits(tuple(many)) else entries

    def _entry(self, inner: Any, field: dataclasses.Field[Any], example: Any) -> Any:
        """Return an entry of a list; a text among others says something."""
        return self._value(inner, field, example) or example

    def _fitting(self, field: dataclasses.Field[Any], example: str) -> str:
        """Return another text for a field, or the example's where it must have a form."""
        form = field.metadata.get("form")
        text = self._written(field, example)
        return text if form is None or form.fits(text) else example

    def _written(self, field: dataclasses.Field[Any], example: str) -> str:
        """Return what might be written in a field, by its Chinese name and the example."""
        said = str(field.metadata.get("doc", ""))
        codes: list[str] = CODE.findall(said)
        if codes:
            return self._random.choice(codes)
        if field.name == "authority":
            return self._random.choice(AUTHORITIES)
        if BRACKETED.match(example):
            return self._number(example)
        if said.endswith("号") or (example and example.isascii()):
            return self._random.choice((*NUMBERS, *LATIN))
        is_name = bool(field.metadata.get("personal")) and len(example) <= LONGEST_NAME
        return self._text(is_name, len(example) <= SHORT)

    def _number(self, example: str) -> str:
        """Return a 文号 of another office, however long its name."""
        length = self._random.choice((1, 3, 8, 16, 17, 24, 36))
        office = "".join(self._random.choice(OFFICES) for _ in range(length)).strip("·")
        said = BRACKETED.sub(f"（{office or '云'}）", example)
        return said.replace("号", self._random.choice(("号", "0086号", "-12号")))

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
        if random.random() < 0.25:
            parts = random.choices(FOREIGN, k=random.randint(2, 9))
            return "·".join(parts)[:LONGEST_NAME].rstrip("·")
        length = random.choice((1, 2, 2, 3, 8, 24, LONGEST_NAME - 1))
        said = "".join(random.choice(RARE) for _ in range(length))
        return random.choice(SURNAMES) + said
