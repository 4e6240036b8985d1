"""Failures of items that other answers leave out afterwards: none goes without a word."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.evaluation.filling import Filling, LeftOut
from forms.expressions.parsing import parse
from forms.model import Condition, Form, Item, Kind, Major, Section

TODAY = "2026-11-23"
FAILURE, PERHAPS = (LeftOut("B01", True),), (LeftOut("B01", False),)
NOT_APPLICABLE = {"result": "not_applicable"}


def when(text: str) -> Condition:
    return Condition(text, parse(text))


def measured(relevant: str, fails_if: str, constraint: str = "true()") -> Form:
    item = Item(
        "B01",
        Kind.DECIMAL,
        "浓度",
        name="浓度",
        major=Major.YES,
        relevant=when(relevant),
        fails_if=when(fails_if),
        constraint=when(constraint),
    )
    sel, off = (Item(code, Kind.TEXT, code) for code in ("SEL", "OFF"))
    items = (sel, off, replace(sel, code="LIM", kind=Kind.DECIMAL), item)
    return Form("x", 1, "x", date(2026, 1, 1), None, (), None, (Section("", items),))


def left_out(form: Form, *answers: tuple[str, Any]) -> tuple[LeftOut, ...]:
    filling = Filling(form, TODAY)
    for code, said in answers:
        filling.answer(code, said if isinstance(said, dict) else {"result": "given", "given": said})
    return filling.failures_left_out()


GATE = "${SEL} = 'a'"
FIRST = (("SEL", "a"), ("LIM", "5"), ("B01", "50"))
GONE = ("SEL", "b")


@pytest.mark.parametrize(
    ("form", "last", "told"),
    [
        (measured(GATE, ". > 5"), GONE, FAILURE),
        (measured(GATE, ". > 5", constraint=GATE), GONE, FAILURE),
        (measured(GATE, ". > 5", constraint=". < 20"), GONE, FAILURE),
        (measured(GATE, "${浓度} > 5"), GONE, FAILURE),
        (measured(GATE, ". > 60"), GONE, ()),
        (measured(GATE, ". > ${LIM}"), GONE, FAILURE),
        (measured("${LIM} != ''", ". > ${LIM}"), ("LIM", NOT_APPLICABLE), PERHAPS),
        (measured("${LIM} < 50", ". > ${LIM}"), ("LIM", "100"), PERHAPS),
        (measured(GATE, f". > 5 and {GATE}"), GONE, PERHAPS),
    ],
)
def test_what_left_an_item_out_does_not_hide_its_failure(
    form: Form, last: tuple[str, Any], told: tuple[LeftOut, ...]
) -> None:
    assert (left_out(form, *FIRST), left_out(form, *FIRST, last)) == ((), told)
    assert left_out(form, *FIRST, last, ("B01", NOT_APPLICABLE)) == ()


def test_what_cannot_be_read_may_have_been_a_failure() -> None:
    form = measured(GATE, ". > 5")

    assert left_out(form, *FIRST, ("B01", "5e1"), GONE) == PERHAPS
    assert left_out(form, GONE, ("B01", None)) == left_out(form, GONE) == ()


HELD = st.sampled_from([GATE, "${LIM} < 5", "${LIM} != ''", "${OFF} = ''"])
FAILS = st.one_of(st.sampled_from([". > 5", ". > ${LIM}"]), HELD.map(". > 5 and {}".format))
OTHERS = st.tuples(st.sampled_from(["SEL", "LIM", "OFF"]), st.sampled_from(["", "a", "b", "9"]))


@given(relevant=HELD, fails_if=FAILS, constraint=HELD, answers=st.lists(OTHERS, max_size=4))
def test_whoever_fails_an_item_once_is_told_when_it_is_left_out(
    relevant: str, fails_if: str, constraint: str, answers: list[tuple[str, str]]
) -> None:
    filling = Filling(measured(relevant, fails_if, constraint), TODAY)
    has_failed = False
    for code, said in (("SEL", "a"), ("LIM", "1"), ("B01", "9"), *answers):
        filling.answer(code, {"result": "given", "given": said})
        state = filling.state()
        has_failed = has_failed or "B01" in state.failed
        if has_failed and "B01" not in state.visible:
            assert filling.failures_left_out()


def still_asked(fails_if: str, *members: Item | Section) -> Form:
    """Return a checklist whose item B01 is always asked, with members to be left out."""
    b01, sel = (
        Item("B01", Kind.DECIMAL, "浓度", fails_if=when(fails_if)),
        Item("SEL", Kind.TEXT, ""),
    )
    sections = (Section("", (sel, *members, b01)),)
    return Form("x", 1, "x", date(2026, 1, 1), None, (), None, sections)


def test_what_a_failure_was_judged_by_takes_it_along_only_when_told() -> None:
    limit = Item("LIM", Kind.DECIMAL, "限值", relevant=when(GATE))
    twice = Item("TWO", Kind.DECIMAL, "", calculation=when("${LIM} * 2"))
    gate = Section("", (replace(limit, relevant=None), twice), relevant=when(GATE))
    column = Item("Q9", Kind.DECIMAL, "数量", relevant=when(GATE))
    table = Item("B01", Kind.TABLE, "表", columns=(column,), fails_if=when("sum(${Q9}) > 10"))
    rows = replace(
        still_asked("true()"), sections=(Section("", (Item("SEL", Kind.TEXT, ""), table)),)
    )
    is_over = (("SEL", "a"), ("LIM", "10"), ("B01", "50"))
    cases: tuple[tuple[Form, tuple[tuple[str, Any], ...], tuple[LeftOut, ...]], ...] = (
        (still_asked(". > ${LIM}", limit), is_over, FAILURE),
        (still_asked(". > ${LIM}", limit), (*is_over, ("B01", "9")), ()),
        (still_asked(". > ${LIM}", limit), (is_over[0], is_over[2]), ()),
        (still_asked(". > ${TWO}", gate), is_over, FAILURE),
        (still_asked(". > ${TWO}", limit, twice), is_over, FAILURE),
        (still_asked(". > ${TWO}", limit, twice), (*is_over, ("B01", "15")), ()),
        (rows, (("SEL", "a"), ("B01", [{"Q9": "50"}])), FAILURE),
        (rows, (("SEL", "a"), ("B01", [{"Q9": "5"}])), ()),
    )
    for form, answers, told in cases:
        assert (left_out(form, *answers), left_out(form, *answers, GONE)) == ((), told)
