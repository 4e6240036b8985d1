"""Every kind in the catalogue, with facts of every length, gives pages without a fault."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdf_templates.catalogue import MODULES, render, template
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from tests.layout.checker import area_of, faults_of
from tests.layout.faults import Fault
from tests.layout.generated import facts_of
from tests.layout.paging import UNUSUAL, USUAL, White
from tests.layout.specimen import photo
from tests.sampling import one_in

FEW, MANY = 3, 60


def faults_with(kind: str, plain: dict[str, Any], white: White = USUAL) -> list[Fault]:
    """Return what is wrong with a document of these facts."""
    form = template(kind)
    facts = from_json(form.facts, plain)
    pictures = {key: photo() for key in form.photos(facts)}
    pages = form.layout(facts, pictures.keys())
    areas = [area_of(page) for page in pages]
    return faults_of(render(kind, plain, pictures), areas, white=white)


def held(kind: str, random: Random) -> None:
    plain = facts_of(template(kind).facts, to_json(example(kind)), random)

    assert faults_with(kind, plain, UNUSUAL) == []


@pytest.mark.parametrize("kind", MODULES)
def test_the_example_of_every_kind_has_no_fault(kind: str) -> None:
    assert faults_with(kind, to_json(example(kind))) == []


@pytest.mark.parametrize("kind", one_in(2, MODULES))
@settings(max_examples=FEW, deadline=None, derandomize=True, database=None)
@given(random=st.randoms(use_true_random=False))
def test_any_facts_of_every_kind_have_no_fault(kind: str, random: Random) -> None:
    held(kind, random)


@pytest.mark.long
@pytest.mark.parametrize("kind", MODULES)
@settings(
    max_examples=MANY,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=False))
def test_many_facts_of_every_kind_have_no_fault(kind: str, random: Random) -> None:
    held(kind, random)
