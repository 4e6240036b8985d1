"""What holds of any expression, any text and any values."""

import math
import re
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from forms.expressions.evaluating import Scope, compile_condition, compile_tree
from forms.expressions.matching import Matcher
from forms.expressions.parsing import (
    BadExpression,
    columns_of,
    from_json,
    parse,
    parse_filter,
    references,
    to_json,
    uses_self,
)
from forms.expressions.patterns import BadPattern, matcher, portable
from forms.expressions.tree import MAX_ARGUMENTS, MAX_DEPTH, BadTree, Tree
from forms.expressions.values import to_bool, to_number, to_text
from tests.unit.expression_trees import scopes, trees, written
from tests.vectors.forms import oracle, value_cases

PIECES = [
    "${a}", "${", "}", "$", "'", '"', "‘", "”", "(", ")", ",", ".", "..", "1", ".5", "1.", " ",
    "-", "+", "*", "/", "=", "!=", "!", "<", "<=", "and", "or", "div", "mod", "not(", "selected(",
    "if(", "regex(", "today()", "count(", "position(", "now()", "x", "合格", "（", "，", "\u3000",
    "\n", "[", "]", "{2}", "|", "\\d", "\\", "?", "^", "𠮷", "\x00", "\ud800",
]  # fmt: skip
anything = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
SIGNS = [
    "a", "b", "1", ".", "\\d", "\\w", "\\s", "\\S", "\\.", "[ab]", "[^a]", "[\\d-]", "(", "(?:",
    ")", "|", "*", "+", "?", "{2}", "{1,2}", "^", "$", "合",
]  # fmt: skip
patterns = st.lists(st.sampled_from(SIGNS), max_size=8).map("".join)
subjects = st.text(alphabet="ab1. \n-合\u2028", max_size=6)


def _above(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    times = st.sampled_from(("?", "*", "+", "{2}", "{0,3}", "{1,2}", "{2,}", "{3,5}"))
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, times).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


large_patterns = st.recursive(
    st.sampled_from(("a", "b", "合", "[ab]", "[^a]")), _above, max_leaves=8
).filter(lambda pattern: len(pattern) <= 100)


def _scope(given: dict[str, Any]) -> Scope:
    return Scope(given["values"], given["self"], given["position"], given["today"])


@given(trees)
def test_a_tree_written_out_is_read_as_itself(tree: Tree) -> None:
    assert parse(written(tree)) == tree


@given(trees)
def test_a_tree_survives_json(tree: Tree) -> None:
    assert from_json(to_json(tree)) == tree


@given(anything)
@example("(" * 5000)
@example("-" * 5000 + "1")
@example("1" + "+1" * 5000)
@example("not(" * 5000)
@example("regex(., '" + "(" * 400 + "')")
def test_any_text_is_an_expression_or_told_to_be_none(text: str) -> None:
    for read in (parse, parse_filter):
        refused = _refusal(read, text)

        if refused is None:
            assert from_json(to_json(read(text))) == read(text)
        else:
            assert 1 <= refused.position <= len(text) + 1
            assert refused.reason


def _refusal(read: Callable[[str], Tree], text: str) -> BadExpression | None:
    try:
        read(text)
    except BadExpression as refused:
        return refused
    return None


@given(trees, scopes)
def test_an_expression_gives_what_the_oracle_gives(tree: Tree, given: dict[str, Any]) -> None:
    expected = oracle.evaluate(to_json(tree), given)

    got = compile_tree(tree)(_scope(given))

    # NaN is no value that equals itself, and -0 equals 0: so their texts, except in lists.
    assert repr(got) == repr(expected) if isinstance(got, list) else _same(got, expected)
    assert compile_condition(tree)(_scope(given)) is to_bool(got)


def _same(got: object, expected: object) -> bool:
    return value_cases.said(got) == value_cases.said(expected)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_text_is_plain_and_reads_back(number: float) -> None:
    text = to_text(number)

    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)
    assert to_number(text) == number


@given(st.dates())
def test_days_are_as_far_apart_as_their_numbers(day: Any) -> None:
    assert to_number(day.isoformat()) == day.toordinal() - 719163


@given(trees)
def test_names_and_self_are_found_wherever_they_stand(tree: Tree) -> None:
    text = written(tree)

    assert references(tree) == set(re.findall(r"\$\{([^}]+)\}", text))
    assert uses_self(tree) == ("('self',)" in repr(tree))
    assert columns_of(tree) == frozenset()


def test_only_a_filter_knows_columns() -> None:
    tree = parse_filter("county = ${a} and 区 = name")

    assert columns_of(tree) == {"county", "区", "name"}
    assert references(tree) == {"a"}
    with pytest.raises(BadExpression):
        parse("county = ${a}")


@given(patterns, subjects)
def test_a_portable_pattern_matches_what_its_author_meant(pattern: str, subject: str) -> None:
    try:
        made = portable(pattern)
    except BadPattern:
        reject()
    # For Python as for the author, but $ must not let a newline pass.
    meant = re.compile(pattern.replace("$", r"\Z"), re.ASCII)

    assert portable(made) == made
    assert bool(re.fullmatch(made, subject)) == bool(meant.fullmatch(subject))
    assert matcher(made)(subject) == bool(meant.fullmatch(subject))


@given(large_patterns, st.text(alphabet="ab合", max_size=7))
def test_a_large_pattern_matches_as_python_has_it(pattern: str, subject: str) -> None:
    try:
        made = portable(pattern)
    except BadPattern:
        reject()

    assert matcher(made)(subject) == bool(re.fullmatch(pattern, subject))


SLOW_IF_TRIED = (
    "[a-c]+[a-c][ab]+b+a", "[a-c]+[a-c][ab]+b{1,60}a{3,9}", "(a|a)*b", "(.*)*x", "(aa|aa)*c",
    r"(\w+\s?)+#", "[ab]*a([ab]{3}c?){240}", "(a?b?){400}c",
)  # fmt: skip


def test_a_text_made_against_a_pattern_takes_a_step_a_character(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []
    step = Matcher._step

    def counted(self: Matcher, state: int, character: str) -> int:
        taken.append(character)
        return step(self, state, character)

    monkeypatch.setattr(Matcher, "_step", counted)
    for pattern in SLOW_IF_TRIED:
        for text in ("a" * 2000 + "b" * 1999 + "!", "ab" * 1999 + "!!"):
            taken.clear()
            began = process_time()

            assert not matcher(portable(pattern))(text)
            assert len(taken) <= len(text)
            assert process_time() - began < 3  # generous: a hundred times what it takes


def test_a_tree_of_the_greatest_depth_evaluates_and_one_more_is_refused() -> None:
    deepest = "1" + "+1" * (MAX_DEPTH - 1)

    assert compile_tree(from_json(to_json(parse(deepest))))(Scope({})) == MAX_DEPTH
    with pytest.raises(BadExpression, match=str(MAX_DEPTH)):
        parse(deepest + "+1")
    with pytest.raises(BadTree):
        from_json(["+", to_json(parse(deepest)), ["number", "1"]])


@pytest.mark.parametrize(
    "value",
    [
        None, "x", 1, [], {}, [1], [["text", "x"]], ["text"], ["text", 1], ["text", "x", "y"],
        ["text", "\x00"], ["text", "\ud800"], ["number"], ["number", 1], ["number", "01"],
        ["number", "1.0"], ["number", "-1"], ["number", ".5"], ["number", "1e3"], ["number", "１"],
        ["ref"], ["ref", ""], ["ref", "a b"], ["ref", "1a"], ["ref", ["self"]], ["column", "a b"],
        ["self", "x"], ["position", ["self"]], ["neg"], ["neg", ["self"], ["self"]], ["neg", "x"],
        ["and", ["self"]], ["and", ["self"], ["self"], ["self"]], ["now"], ["true", ["self"]],
        ["if", ["self"], ["self"]], ["concat"], ["sum", ["self"]], ["count", ["text", "x"]],
        ["regex", ["self"], ["ref", "a"]], ["regex", ["self"], ["text", "(a+)+"]],
        ["regex", ["self"], ["text", "\\d"]], ["regex", ["self"], ["text", "(a"]],
        ["not", ["and", ["self"], ["nothing"]]], ["not", ("self",)],
    ],
    ids=repr,
)  # fmt: skip
def test_json_that_no_expression_becomes_is_refused(value: object) -> None:
    with pytest.raises(BadTree):
        from_json(value)


def test_a_function_takes_no_more_than_so_many_arguments() -> None:
    most = ["concat", *[["self"]] * MAX_ARGUMENTS]

    assert to_json(from_json(most)) == most
    with pytest.raises(BadTree):
        from_json([*most, ["self"]])


def test_the_sign_of_zero_never_shows_in_text() -> None:
    assert to_text(-0.0) == "0"
    assert math.copysign(1, to_number("-0")) == -1
