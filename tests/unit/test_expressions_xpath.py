"""libxml2 as the outside judge of what is plain XPath 1.0 in expressions."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from forms.expressions.evaluating import Scope, compile_tree
from forms.expressions.parsing import BadExpression, parse
from forms.expressions.tree import Tree
from tests.unit.expression_trees import written

TEXTS = {"a": "x", "b": "", "n": "2.5", "m": "-3", "s": " x  y "}
LISTS = {"l": ["1", "2", "0.5"], "k": ["x", ""], "none": []}
ELEMENTS = list(TEXTS.items())
ELEMENTS += [(name, text) for name, texts in LISTS.items() for text in texts]
DOCUMENT = etree.Element("d")
for _name, _text in ELEMENTS:
    etree.SubElement(DOCUMENT, _name).text = _text
SCOPE = Scope({**TEXTS, **LISTS})  # type: ignore[dict-item]  # lists of one kind are lists

single = st.sampled_from(list(TEXTS)).map(lambda name: ("ref", name))
lists = st.sampled_from(list(LISTS)).map(lambda name: ("ref", name))
literal_texts = st.sampled_from(["", "x", "y", "1", " 2 "]).map(lambda text: ("text", text))
literal_numbers = st.sampled_from(["0", "1", "2", "0.5", "3.25"]).map(lambda n: ("number", n))


def _calls(name: str, *arguments: Any) -> Any:
    return st.tuples(st.just(name), *arguments)


def _signs(signs: str, *arguments: Any) -> Any:
    return st.tuples(st.sampled_from(signs.split()), *arguments)


# Numbers never become text: how those look is not what XPath says.
texts: st.SearchStrategy[Tree] = st.deferred(
    lambda: st.one_of(
        single,
        literal_texts,
        lists.map(lambda ref: ("string", ref)),
        truths.map(lambda truth: ("string", truth)),
        _calls("concat", texts, texts),
        _calls("normalize-space", texts),
    )
)
numbers: st.SearchStrategy[Tree] = st.deferred(
    lambda: st.one_of(
        literal_numbers,
        _calls("number", anything),
        _calls("string-length", texts),
        _calls("neg", anything),
        _signs("sum count", lists),
        _signs("+ - * div mod", anything, anything),
    )
)
truths: st.SearchStrategy[Tree] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([("true",), ("false",)]),
        _calls("not", anything),
        _signs("and or", anything, anything),
        _signs("= != < <= > >=", anything, anything),
        _signs("contains starts-with", texts, texts),
    )
)
anything = st.one_of(texts, numbers, truths, lists)


def _judged(text: str) -> object:
    for name in TEXTS:
        text = text.replace(f"${{{name}}}", f"string(/d/{name})")
    for name in LISTS:
        text = text.replace(f"${{{name}}}", f"/d/{name}")
    return etree.ElementTree(DOCUMENT).xpath(text)


def _same(got: object, judged: object) -> bool:
    if isinstance(got, float) and isinstance(judged, float):
        return got == judged or (math.isnan(got) and math.isnan(judged))
    return type(got) is bool and got is judged if isinstance(judged, bool) else got == str(judged)


@given(st.one_of(numbers, truths, texts))
def test_plain_xpath_gives_what_libxml2_gives(tree: Tree) -> None:
    text = written(tree)

    got = compile_tree(parse(text))(SCOPE)

    assert _same(got, _judged(text))


@pytest.mark.parametrize(
    "text",
    [
        "1 -1", "2-1-1", "- 1 * 2", "1 = 2 = 0", "3 > 2 > 1", "1 or 0 and 0", "-2 mod 3",
        "1 div 0", "-1 div 0", "0 div 0", "1 div -0", "--1", "${l} = 2", "${l} != 2", "${l} < 1",
        "${none} = ''", "not(${none})", "${none} = false()", "${k} = true()", "${l} > ${l}",
        "sum(${l}) + count(${l})", "sum(${k})", "number(${l})", "${n}*2", "${n}div 2", "1and 1",
    ],
)  # fmt: skip
def test_what_authors_write_means_what_it_means_to_libxml2(text: str) -> None:
    assert _same(compile_tree(parse(text))(SCOPE), _judged(text))


WORDS = [
    "1", ".5", "'x'", "and", "or", "div", "mod", "(", ")", "-", "+", "*", "=", "!=", "<", ">=",
    "true()", ",", "not(", "contains(",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_what_libxml2_cannot_read_is_refused(text: str) -> None:
    libxml2_reads = _reads(etree.XPath, etree.XPathError, text)

    assert libxml2_reads or not _reads(parse, BadExpression, text)


def _reads(read: Callable[[str], object], refusal: type[Exception], text: str) -> bool:
    try:
        read(text)
    except refusal:
        return False
    return True
