"""What the law sets stands in the examples as it was in force on their day."""

from datetime import date
from typing import Any

import pytest

from inspect_server.domain import law
from pdf_templates.examples import example

FIELDS = {
    "penalty_notice.statement_days": "deadline.statement_working_days",
    "penalty_notice.statement_basis": "document.statement_basis",
}
"""kind.field to the id of the law value."""


@pytest.mark.parametrize("field", FIELDS)
def test_an_example_says_what_the_law_said_on_its_day(field: str) -> None:
    kind, *path = field.split(".")
    facts: Any = example(kind)
    said = facts
    for name in path:
        said = getattr(said, name)

    said = list(said) if isinstance(said, tuple) else said
    assert said == law.value(FIELDS[field], date.fromisoformat(facts.made_at[:10]))
