"""The record of an inspection is read in Chinese: no event is shown by its code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import inspect_server.usecases as usecases
from inspect_server.reads.inspections.timeline import EVENT_NAMES
from inspect_server.reads.record_checks.events import COMMITTED, EVENTS
from inspect_server.usecases.journal.visit_steps import STEPS

ELSEWHERE = frozenset(
    {
        "account",
        "chain",
        "checklist",
        "citation",
        "disclosure",
        "draw",
        "import",
        "journal",
        "plan",
        "replica",
        "sector",
    }
)
"""Families of events that stand in cases of their own, never in that of an inspection."""


def noted() -> Iterator[str]:
    """Yield the events that the use cases name where they note them."""
    for path in Path(usecases.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note":
                yield from (
                    one.value
                    for one in ast.walk(node.args[1])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_event_of_an_inspection_has_chinese_words() -> None:
    known = {*noted(), *EVENTS, *COMMITTED, *STEPS.values()}
    of_inspections = {one for one in known if one.partition(".")[0] not in ELSEWHERE}

    assert "inspection.directed" in of_inspections
    assert of_inspections - set(EVENT_NAMES) == set()
    assert not [name for name in EVENT_NAMES.values() if name.isascii()]
