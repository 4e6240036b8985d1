"""Facts as people end them (with 。 or ； or nothing) never leave two marks beside each other."""

import dataclasses
import re
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from pdf_templates.catalogue import MODULES, template
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from pdf_templates.setting.page import Text
from tests.golden.test_documents import EXAMPLES
from tests.golden.test_every_kind import HERE, NAMES, golden

TWICE = re.compile("[。，；：、](?=[。，；：、？！])|[？！](?=[。，；：、])")
"""Two marks in a row that Chinese does not have (GB/T 15834-2011): only ？ and ！ may stand so."""
MARKS = "。；，！？"
CHINESE = re.compile("[\u4e00-\u9fff]{2}")
SHORT = 6
"""Up to so many characters a text is a name, a post or a unit, which nobody ends with a mark."""


def marked(hint: Any, value: Any, mark: str, form: Any = None) -> Any:
    """Return plain facts in which every sentence ends with a mark, where its form allows that."""
    if isinstance(hint, types.UnionType):
        inner = next(one for one in typing.get_args(hint) if one is not type(None))
        return None if value is None else marked(inner, value, mark)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        return {
            one.name: marked(hints[one.name], value[one.name], mark, _form(one))
            for one in fields(hint)
            if one.name in value
        }
    if typing.get_origin(hint) is tuple:
        return [marked(typing.get_args(hint)[0], one, mark) for one in value]
    if hint is not str or len(value) <= SHORT or not CHINESE.search(value):
        return value
    ended = value.rstrip(MARKS) + mark
    return ended if form is None or form.fits(ended) else value


def _form(one: dataclasses.Field[Any]) -> Any:
    return one.metadata.get("form")


def said(kind: str, plain: dict[str, Any]) -> list[str]:
    """Return what the lines of a document say."""
    form = template(kind)
    pages = form.layout(from_json(form.facts, plain), ())
    return [mark.line.text for page in pages for mark in page.marks if isinstance(mark, Text)]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("kind", MODULES)
def test_a_fact_that_brings_its_own_mark_gets_no_second_one(kind: str, mark: str) -> None:
    try:
        lines = said(kind, marked(template(kind).facts, to_json(example(kind)), mark))
    except BadFacts:
        return

    assert [line for line in lines if TWICE.search(line)] == []


def test_no_golden_text_has_two_marks_in_a_row() -> None:
    paths = [*(HERE / f"{name}.txt" for name in EXAMPLES), *map(golden, NAMES)]

    found = [
        (path.name, line)
        for path in paths
        for line in path.read_text("utf-8").splitlines()
        if TWICE.search(line)
    ]

    assert found == []
