"""What pyxform accepts and is in our subset imports with the same questions, groups and choices."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.utils import default_is_dynamic
from pyxform.xls2xform import ConvertResult

from forms.model import Kind
from forms.workbook.xlsforms.defaults import is_dynamic
from forms.workbook.xlsforms.reading.choices import RESULTS
from tests.unit.xlsform_samples import (
    CHOICES,
    MADE_LABELS,
    Asked,
    asked_by_pyxform,
    asked_here,
    judged,
    read,
    survey,
    tables,
    write,
)
from tests.unit.xlsform_workbooks import WORKBOOKS


def comparable(asked: Asked) -> Asked:
    """Return a question without what each side puts into its own words."""
    if asked.label in MADE_LABELS:
        asked = replace(asked, label="")
    if asked.kind == Kind.CHECK:
        return replace(asked, kind="select_one", choices=())
    is_check = {name for name, _ in asked.choices} == set(RESULTS)
    return replace(asked, choices=()) if is_check else asked


def same(path: Path) -> None:
    """Hold an import against pyxform's tree."""
    result = judged(path)
    assert isinstance(result, ConvertResult), result
    form = read(path).form

    theirs = [comparable(one) for one in asked_by_pyxform(result, form.language)]
    assert [comparable(one) for one in asked_here(form)] == theirs


@pytest.mark.parametrize("name", WORKBOOKS)
def test_an_accepted_workbook_asks_the_same(name: str, tmp_path: Path) -> None:
    same(write(tmp_path / "表.xlsx", tables(WORKBOOKS[name])))


def test_the_workbooks_are_as_many_as_promised() -> None:
    assert len(WORKBOOKS) >= 40


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f", "甲", "乙1", "x_1", "y-2", "z.3"])
CONDITIONS = ["", "${%s} != ''", "${%s} > 1 or ${%s} = 'x'", "not(selected(${%s}, 'a'))"]
TYPES = [
    "text",
    "integer",
    "decimal",
    "date",
    "select_one abc",
    "select_multiple abc",
    "select_one yn or_other",
    "note",
    "image",
    "range",
    "calculate",
    "geopoint",
]


@st.composite
def surveys(draw: st.DrawFn) -> str:
    """Draw a survey of questions in groups and repeats, with conditions on earlier questions."""
    rows: list[str] = []
    names: list[str] = []
    opened: list[str] = []
    for number in range(draw(st.integers(1, 14))):
        step = draw(st.sampled_from(["ask"] * 6 + ["group", "repeat", "close"]))
        if step == "close" and opened and not rows[-1].startswith("begin"):
            rows.append(f"end {opened.pop()} | |")
            continue
        name = f"{draw(NAMES)}_{number}"
        condition = draw(st.sampled_from(CONDITIONS)) if names else ""
        condition = condition.replace("%s", draw(st.sampled_from(names)) if names else "")
        if step in ("group", "repeat"):
            opened.append(step)
            rows.append(f"begin {step} | {name} | 组{number} | {condition}")
            continue
        kind = draw(st.sampled_from(TYPES))
        calculation = "1 + 1" if kind == "calculate" else ""
        label = draw(st.sampled_from(["问题", "“引”  号", "a\\nb", "1"]))
        required = draw(st.sampled_from(["", "yes", "false()"]))
        rows.append(f"{kind} | {name} | {label} | {condition} | {required} | {calculation}")
        names.append(name)
    rows += [f"end {kind} | |" for kind in reversed(opened)]
    if not names:
        rows.append("text | last | 末")
    return CHOICES + survey("type | name | label | relevant | required | calculation", *rows)


def of_some(surveys_of_one_run: int) -> settings:
    """Return how many surveys are drawn; one path takes them one after the other."""
    checks = [HealthCheck.function_scoped_fixture]
    return settings(max_examples=surveys_of_one_run, deadline=None, suppress_health_check=checks)


@of_some(20)
@given(surveys())
def test_any_accepted_survey_asks_the_same(tmp_path: Path, text: str) -> None:
    same(write(tmp_path / "表.xlsx", tables(text)))


@pytest.mark.long
@of_some(200)
@given(surveys())
def test_many_accepted_surveys_ask_the_same(tmp_path: Path, text: str) -> None:
    same(write(tmp_path / "表.xlsx", tables(text)))


DEFAULTS = st.lists(
    st.sampled_from(
        [
            *"ab5+-*|()'\"._:/[]=<, \n“’甲（",
            *("${a}", "${", "}", "2026-01-01", "12:30:00", " mod ", " div ", "f(", "last-saved#"),
        ]
    ),
    max_size=9,
).map("".join)


@of_some(150)
@given(DEFAULTS)
def test_a_default_is_an_expression_where_pyxform_says_so(text: str) -> None:
    says_the_same_of_a_default(text)


@pytest.mark.long
@of_some(1000)
@given(DEFAULTS)
def test_many_defaults_are_expressions_where_pyxform_says_so(text: str) -> None:
    says_the_same_of_a_default(text)


def says_the_same_of_a_default(text: str) -> None:
    """Hold what a default is against what pyxform takes it for."""
    straight = text.translate({0x201C: '"', 0x2019: "'"})
    for kind, name in ((Kind.TEXT, "text"), (Kind.DATE, "date"), (Kind.LOCATION, "geopoint")):
        assert is_dynamic(text, kind) == default_is_dynamic(straight, name)
