"""docs/sync.md names every field of every document that a phone pulls."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forms.model import Form
from inspect_server.usecases.work import Backend
from sync import engine
from sync.protocol import PullRequest
from tests.conformance_journal import Hand
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import open_bureau, small_form

__all__ = ["small_form"]
TEXT = (Path(__file__).parents[2] / "docs" / "sync.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("## Documents pulled")[2].partition("\n## ")[0]
FREE = {"scheme", "contacts"}
"""What stands in these is as the scheme, or as the registry had it."""


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from () if name in FREE else _names(one)


@pytest.mark.parametrize("kind", ["task", "enterprise", "form", "law", "bureau"])
def test_every_field_of_a_body_is_documented(
    sqlite_backend: Backend, small_form: Form, kind: str
) -> None:
    bureau = open_bureau(sqlite_backend)
    bureau.dispatched()
    world = SqlWorld(sqlite_backend)
    hand = Hand(str(bureau.accounts[bureau.officers[0]]))
    world.enrol(hand.public_key, hand.user)
    with world.begin() as journal:
        docs = engine.pull(journal, hand.id, PullRequest("")).docs
    bodies = [msgspec.json.decode(bytes(one.body)) for one in docs if one.kind == kind]
    (row,) = [
        line for line in SECTION.splitlines() if line.startswith((f"| `{kind}/<", f"| `{kind}` "))
    ]
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", row.partition(" | ")[2]))))

    assert bodies
    assert {name for body in bodies for name in _names(body)} - told == set()
