"""What a certificate says became of one enterprise."""

from typing import Any

import pytest

from inspect_server.domain.disclosure.outcome import VOID, VOID_EARLY, Outcome

REPLACED = {"kind": "enterprise", "out": "gone", "in": "new"}
OFFICER = {"kind": "officer", "out": "other", "in": "drawn"}
DRAWN: dict[str, Any] = {
    "seed": "5e",
    "selected": [{"c": "gone"}, {"c": "drawn"}],
    "replacements": [REPLACED, OFFICER],
}


@pytest.mark.parametrize(
    ("c", "said"),
    [("drawn", "抽中"), ("gone", "抽中，后按程序替换"), ("new", "由替补抽中"), ("other", "未抽中")],
)
def test_who_was_drawn_replaced_and_came_in_is_said_also_when_it_is_void(c: str, said: str) -> None:
    assert Outcome.of(DRAWN).said_of(c) == said
    assert Outcome.of(DRAWN | {"void": {}}).said_of(c) == said + VOID


def test_a_draw_given_up_before_its_seed_has_selected_nobody() -> None:
    early = {"seed": "", "selected": [], "replacements": [], "void": {}}

    assert Outcome.of(early).said_of("drawn") == VOID_EARLY
