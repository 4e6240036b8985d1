"""Workbooks with cells mixed up: nothing that pyxform refuses is ever taken, nothing crashes."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.errors import PyXFormError
from pyxform.xls2xform import ConvertResult

from forms.errors import BadWorkbook
from tests.unit.test_xlsform_judge import comparable
from tests.unit.xlsform_samples import asked_by_pyxform, asked_here, judged, read, tables, write
from tests.unit.xlsform_workbooks import WORKBOOKS

BASES = [tables(text) for name, text in WORKBOOKS.items() if name != "unused sheets"]
CELLS = sorted({cell for base in BASES for grid in base.values() for row in grid for cell in row})
ODD = [
    "${b}",
    "${",
    "${ a }",
    "1 + 1",
    "a-b",
    "x y",
    "a:b",
    "yes",
    "begin group",
    "end repeat",
    "select_one yn or_other",
    "select_multiple abc",
    "rank abc",
    "a=1",
    "start=1 end=3",
    "label::fr",
    "hint:fr",
    "disabled",
    "trigger",
    "caption",
    "list_name",
]
Sheets = dict[str, list[list[str]]]


@st.composite
def mixed_up(draw: st.DrawFn) -> Sheets:
    """Draw a sound workbook and change one to three things in its questions or choices."""
    base = draw(st.sampled_from(BASES))
    sheets = {name: [list(row) for row in grid] for name, grid in base.items()}
    names = [name for name in sheets if name != "settings" and sheets[name]]
    for _ in range(draw(st.integers(1, 3))):
        rows = sheets[draw(st.sampled_from(names))]
        how = draw(st.sampled_from(["cell", "cell", "cell", "remove", "repeat", "swap", "column"]))
        _change(draw, rows, how)
    return sheets


def _change(draw: st.DrawFn, rows: list[list[str]], how: str) -> None:
    some = st.integers(1, len(rows) - 1) if len(rows) > 1 else st.just(0)
    cell = st.sampled_from([*CELLS, *ODD, "", "", ""])
    at = draw(some)
    if how == "cell" and rows[at]:
        rows[at][draw(st.integers(0, len(rows[at]) - 1))] = draw(cell)
    elif how == "remove" and at:
        rows.pop(at)
    elif how == "repeat" and at:
        rows.insert(at, list(rows[draw(some)]))
    elif how == "swap":
        other = draw(some)
        rows[at], rows[other] = rows[other], rows[at]
    elif how == "column":
        for row in rows:
            row.append(draw(cell))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mixed_up())
def test_what_is_taken_is_what_pyxform_takes(tmp_path: Path, sheets: Sheets) -> None:
    path = write(tmp_path / "表.xlsx", sheets)
    theirs = _judgement(path)
    try:
        form = read(path).form
    except BadWorkbook:
        return  # whether it had to be refused is held where workbooks are sound

    assert not isinstance(theirs, PyXFormError), theirs
    if theirs is not None:
        ours = [comparable(one) for one in asked_here(form)]
        assert ours == [comparable(one) for one in asked_by_pyxform(theirs, form.language)]


def _judgement(path: Path) -> ConvertResult | PyXFormError | None:
    """Return what pyxform says; None where it says nothing, as a workbook makes it stumble."""
    try:
        return judged(path)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
