"""The vectors of expressions and of filled checklists hold for both evaluators."""

import json
from functools import cache

import pytest

from tests.conftest import SHARED_VECTORS
from tests.faces.phone_core.both import Json, differences, here, in_node, read
from tests.vectors.forms import filling_generate
from tests.vectors.forms.filling_cases import KNOWN, case
from tests.vectors.forms.filling_oracle import filled

OUTCOME = ("state", "suggestions", "entries")


@cache
def vectors(name: str) -> Json:
    return json.loads((SHARED_VECTORS / "forms" / name).read_text(encoding="utf-8"))


@cache
def outcomes() -> list[Json]:
    return [{part: one[part] for part in OUTCOME} for one in vectors("fillings.json")["fillings"]]


@pytest.fixture(scope="module")
def phones() -> tuple[list[Json], list[Json]]:
    """What the phone's evaluator makes of both files, in one process."""
    expressions, fillings = vectors("expressions.json"), vectors("fillings.json")
    bodies = {body["name"]: body for body in fillings["forms"]}
    return in_node(
        evaluations=[expressions["left_out"] | one for one in expressions["evaluations"]],
        fillings=[one | {"form": bodies[one["form"]]} for one in fillings["fillings"]],
    )


def test_the_generator_gives_exactly_the_stored_vectors() -> None:
    assert filling_generate.content() == filling_generate.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("form", "answers", "known"), KNOWN, ids=lambda part: str(part)[:30])
def test_the_oracle_gives_the_results_that_were_written_by_hand(
    form: Json, answers: Json, known: Json
) -> None:
    made = filled(case(form, answers), form)

    assert {part: made["state"][part] for part in known} == known


def test_the_server_fills_in_checklists_as_the_vectors_have_it() -> None:
    forms = {body["name"]: read(body) for body in vectors("fillings.json")["forms"]}
    cases = vectors("fillings.json")["fillings"]

    assert differences(cases, outcomes(), [here(one, forms[one["form"]]) for one in cases]) == []


def test_the_phone_fills_in_checklists_as_the_vectors_have_it(
    phones: tuple[list[Json], list[Json]],
) -> None:
    assert differences(vectors("fillings.json")["fillings"], outcomes(), phones[1]) == []


def test_the_phone_evaluates_expressions_as_the_vectors_have_it(
    phones: tuple[list[Json], list[Json]],
) -> None:
    cases = vectors("expressions.json")["evaluations"]

    assert len(cases) > 2000
    assert differences(cases, [one["result"] for one in cases], phones[0]) == []
