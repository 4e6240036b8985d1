"""Receipts of any facts: nothing beyond the 72 mm that are printed, nothing overlaps."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdf_templates.catalogue import MODULES, render_receipt, template
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from tests.layout.checker import area_of, faults_of
from tests.layout.faults import Fault
from tests.layout.generated import facts_of

FEW = 3
LEFT_ON_SITE = [kind for kind in MODULES if template(kind).receipt]


def faults_with(kind: str, plain: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a receipt of these facts."""
    form = template(kind)
    assert form.receipt is not None
    pages = form.receipt(from_json(form.facts, plain), ())
    return faults_of(render_receipt(kind, plain), [area_of(page) for page in pages])


def test_documents_left_on_site_have_receipts() -> None:
    assert len(LEFT_ON_SITE) >= 5


@pytest.mark.parametrize("kind", LEFT_ON_SITE)
def test_the_receipt_of_an_example_has_no_fault(kind: str) -> None:
    assert faults_with(kind, to_json(example(kind))) == []


@pytest.mark.parametrize("kind", LEFT_ON_SITE)
@settings(max_examples=FEW, deadline=None, derandomize=True, database=None)
@given(random=st.randoms(use_true_random=False))
def test_a_receipt_of_any_facts_has_no_fault(kind: str, random: Random) -> None:
    assert faults_with(kind, facts_of(template(kind).facts, to_json(example(kind)), random)) == []
