"""Reading the tables, and finding in golden texts what they ask for."""

import dataclasses
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdf_templates.examples import example
from pdf_templates.money import in_full, yuan
from tests.golden.example_documents import unusual, unusual_order
from tests.golden.test_documents import HERE as TEXTS
from tests.golden.test_every_kind import golden
from tests.golden.unusual import UNUSUAL
from tests.pdfa.reading_text import CODE, bare, found, spoken

HERE = Path(__file__).parent
OLDER = {"inspection_record": unusual(), "rectification_order": unusual_order()}
"""Unusual examples whose golden texts stand beside those of the kinds."""
FURNITURE = re.compile(
    r"^(.*续页|本页签名　.*|安全生产行政执法文书|（以下空白.*）|(.*号 )?\S{2,5}联"
    r"|检查人员（签名）： 被检查单位现场负责人（签名）：|本文书一式两份：.*|.*共\d+页　第\d+页)$"
)
"""Lines that may stand between two pages, in the middle of a sentence."""


@dataclass(frozen=True)
class Asked:
    """
    What is asked of one kind.

    Attributes:
        folder: Of `pdf_templates`, as the table is called.
        entry: Of the reference.
        fields: Of the official form; each with places of facts, and 「words」 that are printed.
        wording: Sentences in force; … stands for what differs from case to case.
    """

    folder: str
    entry: str
    fields: Mapping[str, Sequence[str]]
    wording: Sequence[str]

    def places(self) -> Iterator[str]:
        """Return the places of all facts."""
        return (one for places in self.fields.values() for one in places if one[0] != "「")

    def words(self) -> Iterator[str]:
        """Return the words of all fields that are no facts: signatures, seals, choices."""
        return (one[1:-1] for places in self.fields.values() for one in places if one[0] == "「")


def asked() -> dict[str, Asked]:
    """Return what is asked, by kind."""
    return {
        kind: Asked(path.stem, one["entry"], {n: _several(p) for n, p in fields}, one["wording"])
        for path in sorted(HERE.glob("*.toml"))
        if path.stem != "list"
        for kind, one in tomllib.loads(path.read_text("utf-8")).items()
        for fields in [one["fields"].items()]
    }


def _several(places: str | Sequence[str]) -> Sequence[str]:
    return [places] if isinstance(places, str) else places


def texts(kind: str) -> list[tuple[Any, str]]:
    """Return the example and the unusual ones of a kind, each with its golden text."""
    told = [(example(kind), golden(kind))]
    told += [(facts, golden(f"{kind}_{n}")) for n, facts in enumerate(UNUSUAL.get(kind, ()), 1)]
    if kind in OLDER:
        told.append((OLDER[kind], TEXTS / f"{kind}_unusual.txt"))
    return [(facts, path.read_text("utf-8")) for facts, path in told]


def flowing(text: str) -> str:
    """Return a golden text without white space and without what stands between two pages."""
    return bare("".join(line for line in text.splitlines() if not FURNITURE.match(line)))


def printed(wording: str, text: str) -> bool:
    """Return whether a sentence stands in a flowing text, with anything in the place of …."""
    pattern = ".*?".join(re.escape(bare(part)) for part in wording.split("…"))
    return re.search(pattern, text) is not None


def exists(kind: type, place: str) -> bool:
    """Return whether facts of a kind have a field at a dotted place."""
    group: Any = kind
    for name in place.split("."):
        hints = typing.get_type_hints(group) if group else {}
        if name not in hints:
            return False
        inner = (hints[name], *typing.get_args(hints[name]))
        group = next((one for one in inner if dataclasses.is_dataclass(one)), None)
    return True


def leaves(facts: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value among facts with its dotted place; of a list, all under one place."""
    if dataclasses.is_dataclass(facts):
        for field in dataclasses.fields(facts):
            inner = f"{place}.{field.name}" if place else field.name
            yield from leaves(getattr(facts, field.name), inner)
    elif isinstance(facts, tuple | list):
        for part in facts:
            yield from leaves(part, place)
    elif facts is not None:
        yield place, facts


def stands(kind: str, place: str) -> bool:
    """
    Return whether what is at a place is printed in an example of the kind.

    A yes or no, or a code of a choice, is said in words that the layout has: it is enough that
    an example has it, and the table names the words beside it.
    """
    return any(
        _said(value, flowing(text), text)
        for facts, text in texts(kind)
        for at, value in leaves(facts)
        if at == place or at.startswith(f"{place}.")
    )


def chosen(kind: str, place: str) -> bool:
    """Return whether what is at a place is a choice, which a page says in words of its own."""
    values = [v for facts, _ in texts(kind) for at, v in leaves(facts) if at == place]
    return bool(values) and all(_is_choice(value) for value in values)


def _is_choice(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and bool(CODE.fullmatch(value)))


def _said(value: Any, flow: str, text: str) -> bool:
    if _is_choice(value):
        return True
    if isinstance(value, int):
        ways = {str(value), in_full(value), yuan(value)}
        return any(bare(way) in flow for way in ways)
    return bool(value.strip()) and any(found(way, flow + bare(text)) for way in spoken(value))
