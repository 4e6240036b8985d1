"""The list of documents is whole: titles, codes, numbers, copies, and what each is asked for."""

import dataclasses
import re
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pdf_templates.catalogue import MODULES, template
from pdf_templates.examples import example
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Officer
from pdf_templates.template import ONE_COPY, Composed
from tests.golden.reference.asked import asked
from tests.golden.reference.table import DOCS, table

LIST = tomllib.loads((Path(__file__).parent / "list.toml").read_text("utf-8"))
DOCUMENTS: list[dict[str, Any]] = LIST["documents"]
OWN: list[dict[str, Any]] = LIST["own"]
AFTER_1 = {"inspection_notice", "result_notice", "crime_transfer_letter", "legal_review_opinion"}
"""Beside the fifty of the list: three that 2025 and the courts ask for, and the legal review."""
IDS = [one["kind"] for one in DOCUMENTS]


def test_all_fifty_and_the_four_beside_them_are_there() -> None:
    assert [one["no"] for one in DOCUMENTS] == list(range(1, 55))
    assert {one["kind"] for one in DOCUMENTS if one["no"] > 50} == AFTER_1
    assert {*IDS, *(one["kind"] for one in OWN)} == set(MODULES)
    assert len({*IDS}) == 54


def test_each_of_them_is_asked_for_its_fields() -> None:
    assert set(asked()) == {*IDS}


def test_the_catalogue_keeps_the_order_of_the_list() -> None:
    fifty = [one["kind"] for one in DOCUMENTS if one["no"] <= 50]

    assert list(MODULES)[:50] == fifty


@pytest.mark.parametrize("one", DOCUMENTS, ids=IDS)
def test_title_and_code_are_those_of_the_list(one: dict[str, Any]) -> None:
    form = template(one["kind"])
    plain = re.sub("（(单位|个人)）$", "", one["title"])

    assert form.title in (plain, f"安全生产违法案件{plain}")
    assert form.mark == one["mark"]


@pytest.mark.parametrize("one", DOCUMENTS, ids=IDS)
def test_a_number_stands_where_there_is_a_code_and_nowhere_else(one: dict[str, Any]) -> None:
    number = example(one["kind"]).doc_no

    if one["mark"]:
        assert re.fullmatch(f"（苏·云）应急{one['mark']}〔2026〕[1-9][0-9]*号", number)
    else:
        assert number == ""


@pytest.mark.parametrize("one", DOCUMENTS, ids=IDS)
def test_what_goes_out_has_two_copies_and_says_who_gets_which(one: dict[str, Any]) -> None:
    layout, facts = template(one["kind"]).layout, example(one["kind"])
    assert isinstance(layout, Composed)

    if one["use"] != "outer":
        assert layout.copies == ONE_COPY
        assert not hasattr(facts, "copies_note")
        return
    assert len(layout.copies) == 2
    assert layout.copies[0] == "存档联"
    if "recipient" in one:
        said = f"一份由应急管理部门备案，一份交{one['recipient']}。"
        assert facts.copies_note == f"本文书一式两份：{said}"


def test_the_table_of_all_documents_is_up_to_date() -> None:
    """After a change: `python -m tests.golden.reference.table`."""
    assert table() in DOCS.read_text("utf-8")


@pytest.mark.parametrize("one", OWN, ids=[one["kind"] for one in OWN])
def test_papers_of_our_own_have_no_number_of_the_bureau(one: dict[str, Any]) -> None:
    assert template(one["kind"]).title == one["title"]
    assert "应急" not in getattr(example(one["kind"]), "doc_no", "")


def officers_of(kind: type) -> Iterator[dataclasses.Field[Any]]:
    """Yield the fields of facts that hold officers who act together."""
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        (inner, *_) = typing.get_args(hints[field.name]) or (hints[field.name],)
        if hints[field.name] == tuple[Officer, ...]:
            yield field
        elif dataclasses.is_dataclass(inner) and isinstance(inner, type) and inner is not Said:
            yield from officers_of(inner)


@pytest.mark.parametrize("one", DOCUMENTS, ids=IDS)
def test_one_officer_alone_is_refused(one: dict[str, Any]) -> None:
    """行政处罚法 42, 行政强制法 18: not fewer than two act, and show their certificates."""
    alone = example("inspection_scheme").officers[:1]

    for field in officers_of(template(one["kind"]).facts):
        form = field.metadata["form"]
        assert form is not None, field.name
        assert not form.fits(alone), field.name
