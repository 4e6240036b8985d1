"""The sheet of the whole checklist: its name, its days, whom it is for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.errors import Problem
from forms.model import Basis, Law
from forms.workbook.assembling import Place, Said
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong, shown
from forms.workbook.office.citing import Citations
from forms.workbook.office.grid import Line
from forms.workbook.office.items import basis_json
from forms.workbook.words import FORM_ROWS

LONG_AGO = date(2000, 1, 1)

_READERS: Mapping[str, Callable[[str], Any]] = {
    "name": cells.form_name,
    "version": cells.counted(),
    "effective_from": cells.day,
    "retired_on": cells.day,
    "sectors": cells.sectors,
    "on_request": cells.flag,
    "instead_of": cells.form_names,
}
_STAND_INS: Mapping[str, Any] = {
    "title": "—",
    "name": "x",
    "version": 1,
    "effective_from": LONG_AGO,
}
"""What must be said, and what takes its place while the rest of the workbook is looked at."""

_LEFT_OUT: Mapping[str, Any] = {"retired_on": None, "device_clause": None, "sectors": []}


@dataclass(frozen=True)
class Whole:
    """What is said of a checklist as a whole: read cells by field, and the row of each."""

    fields: Mapping[str, Any]
    places: Mapping[str, Place]


def read_whole(lines: Sequence[Line], sheet: str, problems: list[Problem], said: Said) -> Whole:
    """
    Return what the sheet says; where something is wrong, with something else in its place.

    Args:
        lines: Its rows.
        sheet: Its name.
        problems: Takes every error.
        said: What goes before it; nobody has to write it here.
    """
    rows = _by_field(lines, problems)
    needed = _STAND_INS.keys() - said.fields.keys()
    for field in _STAND_INS:
        if field in needed and field not in rows:
            reason = f"缺少“{FORM_ROWS.word(field)}”一行，请补上"
            problems.append(Problem(sheet, 0, "", reason))
    fields: dict[str, Any] = {}
    for field, line in rows.items():
        if field in said.fields:
            continue  # whatever stands here is not read
        text = line.texts.get("content", "")
        try:
            if text:
                fields[field] = _READERS.get(field, _one_line)(text)
            elif field in needed:
                raise Wrong(f"请填写{FORM_ROWS.word(field)}")
        except Wrong as wrong:
            problems.append(line.place.problem("content", str(wrong)))
    fields |= said.fields
    begins = fields.get("effective_from", date.min)
    if "retired_on" in fields and fields["retired_on"] <= begins:
        reason = "停用日期应晚于启用日期，请核对这两个日期"
        problems.append(rows["retired_on"].place.problem("content", reason))
        del fields["retired_on"]
    places = {field: line.place for field, line in rows.items()}
    return Whole({**_LEFT_OUT, **_STAND_INS, **fields}, places)


def device_clause(whole: Whole, citations: Citations, problems: list[Problem]) -> Any:
    """Return the basis that makes failed devices major as a plain table, None where none is."""
    text = whole.fields["device_clause"]
    if text is None:
        return None
    try:
        return basis_json(citations.basis(text))
    except Wrong as wrong:
        problems.append(whole.places["device_clause"].problem("content", str(wrong)))
    law = Law("x", "—", "", LONG_AGO, None, verified=False, source="—")
    return basis_json(Basis(law, "", verified=False))


def _by_field(lines: Sequence[Line], problems: list[Problem]) -> dict[str, Line]:
    rows: dict[str, Line] = {}
    for line in lines:
        named = line.texts.get("item", "")
        field = FORM_ROWS.value(named)
        if not named and "content" not in line.texts:
            continue
        if not named:
            problems.append(line.place.problem("item", "这一行没有写项目，请补上，或者清除这一行"))
        elif field is None:
            known = "、".join(FORM_ROWS.written)
            reason = f"没有“{shown(named)}”这一项，可以填写的有{known}"
            problems.append(line.place.problem("item", reason))
        elif field in rows:
            reason = f"“{named}”与第{rows[field].place.row}行重复，请只留一行"
            problems.append(line.place.problem("item", reason))
        else:
            rows[field] = line
    return rows


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise Wrong("不能有换行、全角空格或控制字符，请删去")
    return text
