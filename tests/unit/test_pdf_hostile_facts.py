"""Facts of every wrong kind are refused by name: none ends in a fault of the program."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest

from pdf_templates import catalogue
from pdf_templates.errors import BadFacts, DocumentError, DocumentTooLong
from pdf_templates.examples import example
from pdf_templates.facts import to_json
from tests.sampling import one_in

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**400,
    10**5000,
    float("nan"),
    "",
    "\ud800",
    "\0",
    "2026-02-30",
    "0000-01-01",
    "2026-03-02T09:05:00+25:00",
    "2026-03-02T09:05:00+08:00:01",
    "0001-01-01T00:00:00+08:00",
    "٢٠٢٦-٠٣-٠٢",
    [],
    [[]],
    [None],
    {},
)
RECORD = "inspection_record"
KINDS = (
    RECORD,
    "rectification_order",
    "draw_commitment",
    "supply_cut_decision",
)


def leaves(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the facts; of each list its first entry."""
    yield path
    inner = plain.items() if isinstance(plain, dict) else ()
    inner = enumerate(plain[:1]) if isinstance(plain, list) else inner
    for name, value in inner:
        yield from leaves(value, (*path, name))


def put(plain: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = deepcopy(plain)
    at = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return changed


@pytest.mark.parametrize("kind", one_in(3, reversed(KINDS)))
def test_a_wrong_value_anywhere_in_the_facts_is_set_or_refused_by_name(kind: str) -> None:
    for number, path in enumerate(places(kind)):
        tried(kind, path, WRONG[number % 3 :: 3])


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_every_wrong_value_anywhere_in_the_facts_is_set_or_refused_by_name(kind: str) -> None:
    for path in places(kind):
        tried(kind, path, WRONG)


def places(kind: str) -> Iterator[tuple[Any, ...]]:
    return filter(None, leaves(to_json(example(kind))))


def tried(kind: str, path: tuple[Any, ...], values: Sequence[Any]) -> None:
    plain = to_json(example(kind))
    for value in values:
        with suppress(DocumentError):
            catalogue.render(kind, put(plain, path, value))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("made_at",), "2026-03-02T09:05:00", "made_at"),
        (("started_at",), "2026-02-30T09:05:00+08:00", "started_at"),
        (("problems", 0, "deadline"), "2026-02-30", "problems[1].deadline"),
        (("problems", 0, "measure"), "", "须写明处理措施"),
        (("checklists", 0, "passed"), 2**53, "checklists[1].passed"),
        (("place",), "一\ud800", "不成对的代理码位"),
    ],
)
def test_what_canonical_json_or_the_calendar_lacks_is_refused(
    path: tuple[Any, ...], value: Any, said: str
) -> None:
    with pytest.raises(BadFacts, match=said.replace("[", r"\[")):
        catalogue.render("inspection_record", put(to_json(example(RECORD)), path, value))


def test_a_control_character_is_refused_and_a_new_line_in_a_number_is_not() -> None:
    plain = to_json(example("seizure_list"))
    with pytest.raises(BadFacts, match=r"doc_no.*U\+0000"):
        catalogue.render("seizure_list", {**plain, "doc_no": "一\0"})
    assert catalogue.render("seizure_list", {**plain, "doc_no": "一\n号"})


def test_a_document_of_thousands_of_pages_is_refused_before_its_pages_are_filled() -> None:
    plain = to_json(example(RECORD))
    begun = time.process_time()
    with pytest.raises(DocumentTooLong, match="2000 页"):
        catalogue.render(RECORD, {**plain, "notes": ["一"] * 100_000})
    assert time.process_time() - begun < 30
