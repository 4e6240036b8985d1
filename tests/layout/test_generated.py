"""What the layout is tried on differs from the examples: in nearly all fields, nearly always."""

import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from random import Random
from typing import Any

import pytest

from pdf_templates.catalogue import MODULES, template
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from tests.layout.generated import facts_of

DRAWS, MOST_BARE = 20, 2
"""Draws of each kind, and how many of them may be the bare example."""
FROZEN = ("（日期）", "（RFC 3339，当地时差）", "SHA-256", "十六进制")
"""What the Chinese names of fields end with or say whose texts stay the example's."""
NEVER = {"latitude", "longitude", "accuracy_m", "signer", "public_key", "mode", "paid", "born"}
NEVER |= {"refer_to"}
"""What phones and programs write, codes each of which an example has, what a unit never has, and
what only one measure has."""


@cache
def drawn(kind: str) -> list[dict[str, Any]]:
    plain = to_json(example(kind))
    return [facts_of(template(kind).facts, plain, Random(seed)) for seed in range(DRAWS)]


def said_in(kind: type, plain: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every field that people write."""
    hints = typing.get_type_hints(kind)
    for field in fields(kind):
        inner = (hints[field.name], *typing.get_args(hints[field.name]))
        part = next((one for one in inner if isinstance(one, type) and is_dataclass(one)), None)
        value = plain.get(field.name, [])  # what came later is absent where nothing is said
        values = value if isinstance(value, list) else [value]
        doc = field.metadata.get("doc", "")
        for value in values:
            if part is not None and value is not None:
                yield from said_in(part, value)
            elif isinstance(value, str) and not any(mark in doc for mark in FROZEN):
                yield field.name, value


@pytest.mark.parametrize("kind", MODULES)
def test_generated_facts_are_accepted_and_seldom_the_bare_example(kind: str) -> None:
    made = drawn(kind)

    for plain in made:
        from_json(template(kind).facts, plain)
    assert sum(plain == to_json(example(kind)) for plain in made) <= MOST_BARE


def test_every_text_that_people_write_becomes_another_and_long() -> None:
    shown: dict[str, set[str]] = {}
    given: dict[str, set[str]] = {}
    for kind in MODULES:
        facts = template(kind).facts
        for name, value in said_in(facts, to_json(example(kind))):
            given.setdefault(name, set()).add(value)
        for plain in drawn(kind):
            for name, value in said_in(facts, plain):
                shown.setdefault(name, set()).add(value)

    assert {name for name, values in given.items() if shown[name] <= values} <= NEVER
    longest = Counter({name: max(map(len, values)) for name, values in shown.items()})
    assert longest["name"] >= 40
    assert longest["authority"] >= 40
    assert longest["doc_no"] >= 40
    assert longest["cert_no"] >= 20
    assert longest["copies_note"] >= 200
