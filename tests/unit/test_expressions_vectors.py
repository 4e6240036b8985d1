"""The vectors of expressions hold for this implementation, and the generator gives them."""

import json
from typing import Any

import pytest

from forms.expressions.evaluating import Scope, compile_condition, compile_tree
from forms.expressions.parsing import BadExpression, from_json, parse, parse_filter, to_json
from forms.expressions.values import Value, to_bool, to_text
from tests.conftest import SHARED_VECTORS
from tests.vectors.forms import generate, oracle, value_cases

VECTORS = json.loads((SHARED_VECTORS / "forms" / "expressions.json").read_text(encoding="utf-8"))


def _read(case: dict[str, Any]) -> Any:
    return parse_filter(case["filter"]) if "filter" in case else parse(case["expression"])


def _scope(case: dict[str, Any]) -> Scope:
    given = VECTORS["left_out"] | case
    return Scope(given["values"], given["self"], given["position"], given["today"])


def _said(value: Value) -> dict[str, Any]:
    if isinstance(value, float):
        return {"type": "number", "value": to_text(value)}
    kinds = {bool: "boolean", str: "text", list: "list"}
    return {"type": kinds[type(value)], "value": value}


def test_the_generator_gives_exactly_the_stored_vectors() -> None:
    assert generate.content() == generate.FILE.read_text(encoding="utf-8")


def test_the_oracle_gives_the_results_that_were_written_by_hand() -> None:
    wrong = [
        (tree, scope, known)
        for tree, scope, known in value_cases.KNOWN
        if value_cases.said(oracle.evaluate(tree, scope)) != value_cases.said(known)
    ]

    assert wrong == []


@pytest.mark.parametrize("case", [c for c in VECTORS["parsing"] if "tree" in c], ids=str)
def test_an_expression_becomes_its_tree(case: dict[str, Any]) -> None:
    tree = _read(case)

    assert to_json(tree) == case["tree"]
    assert from_json(case["tree"]) == tree


@pytest.mark.parametrize("case", [c for c in VECTORS["parsing"] if "position" in c], ids=str)
def test_a_mistake_is_told_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(BadExpression) as refused:
        _read(case)

    assert refused.value.position == case["position"]


def test_every_evaluation_gives_its_result() -> None:
    wrong = [
        (case, got)
        for case in VECTORS["evaluations"]
        if (got := _said(compile_tree(from_json(case["tree"]))(_scope(case)))) != case["result"]
    ]

    assert len(VECTORS["evaluations"]) > 500
    assert wrong == []


def test_a_condition_holds_where_its_value_counts_as_true() -> None:
    wrong = []
    for case in VECTORS["evaluations"]:
        tree, scope = from_json(case["tree"]), _scope(case)
        if compile_condition(tree)(scope) is not to_bool(compile_tree(tree)(scope)):
            wrong.append(case)

    assert wrong == []
