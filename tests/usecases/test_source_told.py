"""What a paper that the enterprise gets says of where the check comes from."""

from dataclasses import replace

import pytest

from inspect_server.usecases.documents.facts import Numbering, record_facts
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import close, record_of, signed_visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("draw", "双随机抽查"),
        ("recheck", "整改复查"),
        ("complaint", "个案检查安排"),
        ("assigned", "个案检查安排"),
    ],
)
def test_that_somebody_reported_is_not_told_to_who_was_reported(
    sqlite_backend: Backend, source: str, told: str
) -> None:
    visit = signed_visit(sqlite_backend)
    close(visit)
    closed = replace(record_of(visit), source=source)
    with sqlite_backend.begin(ALL_ROLES) as work:
        facts = record_facts(work, closed, Numbering("1", "1", "", ""))

    assert facts.source == told
    assert "举报" not in str(facts)
