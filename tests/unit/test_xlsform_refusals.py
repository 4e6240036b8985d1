"""What pyxform refuses is refused here, in the same sheet and row."""

import re
from pathlib import Path

import pytest
from pyxform.errors import PyXFormError

from tests.unit.xlsform_samples import CHOICES, judged, problems, survey, tables, write

PLAIN = "type | name | label"
LISTS = CHOICES + "\n"


def one(header: str, cell: str, kind: str = "text") -> str:
    """Return a survey whose one question, in row 2, has this cell in a further column."""
    return survey(f"type | name | label | {header}", f"{kind} | a | 甲 | {cell}")


FAULTY: dict[str, tuple[str, str, int, str]] = {
    # name: workbook, and where we say the fault is: sheet, row, column
    "no survey": ("题目\nx | y\n表\nx | y", "survey", 0, ""),
    "no type column": (survey("name | label", "a | 甲"), "survey", 1, ""),
    "no name column": (survey("type | label", "text | 甲"), "survey", 2, "name"),
    "no type": (survey(PLAIN, "text | b | 乙", " | a | 甲"), "survey", 3, "type"),
    "no name": (survey(PLAIN, "text | | 甲"), "survey", 2, "name"),
    "no label": (survey(PLAIN, "text | a |"), "survey", 2, "label"),
    "no label of a select": (LISTS + survey(PLAIN, "select_one yn | a |"), "survey", 2, "label"),
    "no label of a note": (survey(PLAIN, "note | a |"), "survey", 2, "label"),
    "no label of a slider": (survey(PLAIN, "range | a |"), "survey", 2, "label"),
    "no label but guidance": (
        survey("type | name | guidance_hint", "text | a | 说明"),
        "survey",
        2,
        "label",
    ),
    "an unknown type": (survey(PLAIN, "words | a | 甲"), "survey", 2, "type"),
    "a type in capitals": (survey(PLAIN, "Text | a | 甲"), "survey", 2, "type"),
    "a type in Chinese": (survey(PLAIN, "文字 | a | 甲"), "survey", 2, "type"),
    "a select without a list": (LISTS + survey(PLAIN, "select_one | a | 甲"), "survey", 2, "type"),
    "a select from nowhere": (
        LISTS + survey(PLAIN, "select multiple from yn | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a select with words behind it": (
        LISTS + survey(PLAIN, "select_one yn other words | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a list that is not there": (
        LISTS + survey(PLAIN, "text | b | 乙", "select_one no | a | 甲"),
        "survey",
        3,
        "type",
    ),
    "no choices at all": (survey(PLAIN, "select_one yn | a | 甲"), "survey", 2, "type"),
    "an external list without its sheet": (
        survey(PLAIN, "select_one_external yn | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a file of choices without an ending": (
        survey(PLAIN, "select_one_from_file towns | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a loop without a list": (
        survey(PLAIN, "begin loop | a | 甲", "text | b | 乙", "end loop | |"),
        "survey",
        2,
        "type",
    ),
    "a location in the background": (
        survey(PLAIN, "background-geopoint | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a name twice": (survey(PLAIN, "text | a | 甲", "text | a | 乙"), "survey", 3, "name"),
    "a name twice in a group": (
        survey(PLAIN, "begin group | g | 组", "text | a | 甲", "note | a | 乙", "end group | |"),
        "survey",
        4,
        "name",
    ),
    "a group and a question of one name": (
        survey(PLAIN, "text | g | 甲", "begin group | g | 组", "text | a | 甲", "end group | |"),
        "survey",
        3,
        "name",
    ),
    "a name that begins with a digit": (survey(PLAIN, "text | 1a | 甲"), "survey", 2, "name"),
    "a name with a blank": (survey(PLAIN, "text | a b | 甲"), "survey", 2, "name"),
    "a name with a sign": (survey(PLAIN, "text | a? | 甲"), "survey", 2, "name"),
    "a name with a full-width blank": (survey(PLAIN, "text | 甲　乙 | 甲"), "survey", 2, "name"),
    "a name with a dollar": (survey(PLAIN, "text | ${a} | 甲"), "survey", 2, "name"),
    "a group whose name has a blank": (
        survey(PLAIN, "begin group | g h | 组", "text | a | 甲", "end group | |"),
        "survey",
        2,
        "name",
    ),
    "a group without a name": (
        survey(PLAIN, "begin group | | 组", "text | a | 甲", "end group | |"),
        "survey",
        2,
        "name",
    ),
    "the reserved name": (survey(PLAIN, "text | meta | 甲"), "survey", 2, "name"),
    "a repeat of the form's name": (
        survey(PLAIN, "begin repeat | data | 表", "text | a | 甲", "end repeat | |"),
        "survey",
        2,
        "name",
    ),
    "a repeat of the name in the settings": (
        "settings\nname | form_title\nroot | 标题\n"
        + survey(PLAIN, "begin repeat | root | 表", "text | a | 甲", "end repeat | |"),
        "survey",
        2,
        "name",
    ),
    "two repeats of one name": (
        survey(
            PLAIN,
            "begin repeat | r | 表",
            "text | a | 甲",
            "end repeat | |",
            "begin group | g | 组",
            "begin repeat | r | 表",
            "text | b | 甲",
            "end repeat | |",
            "end group | |",
        ),
        "survey",
        6,
        "name",
    ),
    "a count that takes a name": (
        survey(
            "type | name | label | repeat_count",
            "begin repeat | r | 表 | 1 + 2",
            "text | a | 甲 |",
            "end repeat | | |",
            "text | r_count | 乙 |",
        ),
        "survey",
        2,
        "name",
    ),
    "a group that does not end": (
        survey(PLAIN, "text | b | 乙", "begin group | g | 组", "text | a | 甲"),
        "survey",
        3,
        "type",
    ),
    "a repeat that does not end": (
        survey(PLAIN, "begin repeat | g | 组", "text | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "an end without a beginning": (
        survey(PLAIN, "text | a | 甲", "end group | |"),
        "survey",
        3,
        "type",
    ),
    "a group that ends as a repeat": (
        survey(PLAIN, "begin group | g | 组", "text | a | 甲", "end repeat | |", "end group | |"),
        "survey",
        4,
        "type",
    ),
    "a reference to nothing in relevant": (one("relevant", "${b} = 1"), "survey", 2, "relevant"),
    "a reference to nothing in a constraint": (
        one("constraint", ". > ${b}"),
        "survey",
        2,
        "constraint",
    ),
    "a reference to nothing in a calculation": (
        one("calculation", "${b} + 1", "calculate"),
        "survey",
        2,
        "calculation",
    ),
    "a reference to nothing in required": (one("required", "${b} = 1"), "survey", 2, "required"),
    "a reference to nothing in readonly": (one("readonly", "${b} = 1"), "survey", 2, "readonly"),
    "a reference to nothing in a default": (one("default", "${b}"), "survey", 2, "default"),
    "a reference to nothing in a label": (survey(PLAIN, "text | a | 甲${b}"), "survey", 2, "label"),
    "a reference to nothing in a hint": (one("hint", "见${b}"), "survey", 2, "hint"),
    "a reference to nothing in a translation": (
        one("label::English (en)", "see ${b}"),
        "survey",
        2,
        "label::English (en)",
    ),
    "a reference to nothing in the author's own column": (
        one("remark", "${b}"),
        "survey",
        2,
        "remark",
    ),
    "a reference to nothing in a disabled row": (
        survey("type | name | label | disabled", "text | a | 甲 |", "text | b | ${c} | yes"),
        "survey",
        3,
        "label",
    ),
    "a reference to nothing in a count": (
        survey(
            "type | name | label | repeat_count",
            "begin repeat | r | 表 | ${n}",
            "text | a | 甲 |",
            "end repeat | | |",
        ),
        "survey",
        2,
        "repeat_count",
    ),
    "a reference to nothing in a filter": (
        LISTS + one("choice_filter", "name = ${b}", "select_one yn"),
        "survey",
        2,
        "choice_filter",
    ),
    "a reference to nothing in a choice": (
        LISTS.replace("是", "${b}") + survey(PLAIN, "select_one yn | a | 甲"),
        "choices",
        2,
        "label",
    ),
    "a reference to nothing in the settings": (
        survey(PLAIN, "text | a | 甲") + "\nsettings\ninstance_name | form_title\n${b} | 标题",
        "settings",
        2,
        "instance_name",
    ),
    "a reference to one of two": (
        survey(
            PLAIN,
            "begin group | g | 组",
            "text | a | 甲",
            "end group | |",
            "text | a | 乙",
            "note | n | ${a}",
        ),
        "survey",
        6,
        "label",
    ),
    "a condition on one of two": (
        survey(
            "type | name | label | relevant",
            "begin group | g | 组 |",
            "text | a | 甲 |",
            "end group | | |",
            "text | a | 乙 |",
            "note | n | 丙 | ${a} = 1",
        ),
        "survey",
        6,
        "relevant",
    ),
    "a reference to what is added for other": (
        LISTS + survey(PLAIN, "select_one yn or_other | a | 甲", "note | n | ${a_other}"),
        "survey",
        3,
        "label",
    ),
    "a reference without its end": (survey(PLAIN, "text | a | 甲${a"), "survey", 2, "label"),
    "a condition without the end of a reference": (
        one("relevant", "${a = 1"),
        "survey",
        2,
        "relevant",
    ),
    "a reference with blanks": (survey(PLAIN, "text | a | ${ a }"), "survey", 2, "label"),
    "a condition on a reference with blanks": (
        one("relevant", "${ a } = 1"),
        "survey",
        2,
        "relevant",
    ),
    "a filter that is none with a reference with blanks": (
        one("choice_filter", "${ a } = 1"),
        "survey",
        2,
        "choice_filter",
    ),
    "a reference to nothing in choices without labels": (
        "choices\nlist_name | name | place\nyn | y | ${b}\n"
        + survey(PLAIN, "select_one yn | a | 甲"),
        "choices",
        2,
        "place",
    ),
    "a trigger without reference": (one("trigger", "a"), "survey", 2, "trigger"),
    "a trigger on nothing": (one("trigger", "${b}"), "survey", 2, "trigger"),
    "a calculation that lacks": (survey(PLAIN, "calculate | a | 甲"), "survey", 2, "calculation"),
    "parameters that are no pairs": (one("parameters", "rows"), "survey", 2, "parameters"),
    "parameters with a lone value": (one("parameters", "rows=5 6"), "survey", 2, "parameters"),
    "parameters nobody knows": (one("parameters", "lines=5"), "survey", 2, "parameters"),
    "rows that are no number": (one("parameters", "rows=x"), "survey", 2, "parameters"),
    "a slider from a word": (one("parameters", "start=x", "range"), "survey", 2, "parameters"),
    "a slider to infinity": (one("parameters", "end=inf", "range"), "survey", 2, "parameters"),
    "a slider that stands still": (one("parameters", "step=0", "range"), "survey", 2, "parameters"),
    "a slider with too long a step": (
        one("parameters", "start=0 end=1 step=2", "range"),
        "survey",
        2,
        "parameters",
    ),
    "a slider with an unknown parameter": (
        one("parameters", "begin=0", "range"),
        "survey",
        2,
        "parameters",
    ),
    "pixels that are no number": (
        one("parameters", "max-pixels=big", "image"),
        "survey",
        2,
        "parameters",
    ),
    "an app without a package": (one("parameters", "app=x", "image"), "survey", 2, "parameters"),
    "a quality nobody knows": (one("parameters", "quality=x", "audio"), "survey", 2, "parameters"),
    "an accuracy that is no number": (
        one("parameters", "capture-accuracy=x", "geopoint"),
        "survey",
        2,
        "parameters",
    ),
    "choices in maybe random order": (
        LISTS + one("parameters", "randomize=maybe", "select_one yn"),
        "survey",
        2,
        "parameters",
    ),
    "a seed without random order": (
        LISTS + one("parameters", "seed=1", "select_one yn"),
        "survey",
        2,
        "parameters",
    ),
    "an audit with a name": (survey(PLAIN, "audit | log |", "text | a | 甲"), "survey", 2, "name"),
    "an audit of maybe": (
        survey(
            "type | name | label | parameters", "audit | | | identify-user=x", "text | a | 甲 |"
        ),
        "survey",
        2,
        "parameters",
    ),
    "an audit of half a place": (
        survey(
            "type | name | label | parameters", "audit | | | location-max-age=5", "text | a | 甲 |"
        ),
        "survey",
        2,
        "parameters",
    ),
    "other and a filter": (
        LISTS + one("choice_filter", "name = 'y'", "select_one yn or_other"),
        "survey",
        2,
        "choice_filter",
    ),
    "other of a name that is taken": (
        LISTS + survey(PLAIN, "select_one yn or_other | a | 甲", "text | a_other | 乙"),
        "survey",
        2,
        "name",
    ),
    "a table-list of two lists": (
        LISTS
        + survey(
            "type | name | label | appearance",
            "begin group | g | 组 | table-list",
            "select_one yn | a | 甲 |",
            "select_one abc | b | 乙 |",
            "end group | | |",
        ),
        "survey",
        4,
        "type",
    ),
    "a table-list with a filter": (
        LISTS
        + survey(
            "type | name | label | appearance | choice_filter",
            "begin group | g | 组 | table-list |",
            "select_one yn | a | 甲 | | name = 'y'",
            "end group | | | |",
        ),
        "survey",
        3,
        "choice_filter",
    ),
    "a medium nobody knows": (one("media::smell", "a.smell"), "survey", 2, "media::smell"),
    "a big picture alone": (one("big-image", "a.png"), "survey", 2, "label"),
    "an entity that is not declared": (one("save_to", "tree"), "survey", 2, "save_to"),
    "two headers for one column": (one("Label", "乙"), "survey", 1, "Label"),
    "two headers for one condition": (
        survey("type | name | label | relevant | relevance", "text | a | 甲 | |"),
        "survey",
        1,
        "relevance",
    ),
    "one header twice": (one("label", "乙"), "survey", 1, "label"),
    "choices without a name column": (
        "choices\nlist_name | label\nyn | 是\n" + survey(PLAIN, "text | a | 甲"),
        "choices",
        1,
        "",
    ),
    "a choice without a name": (
        "choices\nlist_name | name | label\nyn | y | 是\nyn | | 否\n"
        + survey(PLAIN, "select_one yn | a | 甲"),
        "choices",
        3,
        "name",
    ),
    "a choice twice": (
        "choices\nlist_name | name | label\nyn | y | 是\nab | y | 是\nyn | y | 否\n"
        + survey(PLAIN, "select_one yn | a | 甲"),
        "choices",
        4,
        "name",
    ),
    "a choice twice in a list that nobody offers": (
        "choices\nlist_name | name | label\nyn | y | 是\nyn | y | 否\n"
        + survey(PLAIN, "text | a | 甲"),
        "choices",
        3,
        "name",
    ),
    "a blank in the name of a choice among many": (
        LISTS.replace("y | 是", "y y | 是") + survey(PLAIN, "select_multiple yn | a | 甲"),
        "survey",
        2,
        "type",
    ),
    "a name of the form with a blank": (
        survey(PLAIN, "text | a | 甲") + "\nsettings\nname | form_title\na b | 标题",
        "settings",
        2,
        "name",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_pyxform_refuses_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    text, sheet, row, column = FAULTY[name]
    path = write(tmp_path / "表.xlsx", tables(text))
    refusal = judged(path)
    found = problems(path)

    assert isinstance(refusal, PyXFormError), "pyxform accepts it: it belongs to another table"
    assert (sheet, row, column) in found
    assert not _named_row(str(refusal)) or _named_row(str(refusal)) in {row for _, row, _ in found}
    assert _named_sheet(str(refusal), sheet) == sheet


def test_the_faults_are_as_many_as_promised() -> None:
    assert len(FAULTY) >= 60


def test_every_faulty_row_is_told_at_once(tmp_path: Path) -> None:
    text = CHOICES.replace("abc | c | 丙", "abc | a | 丙") + survey(
        "type | name | label | relevant | constraint | parameters",
        "text | 1 | 甲 | | |",
        "words | b | 乙 | | |",
        "text | c | 丙 | ${zz} = 1 | |",
        "text | d | 丁 | 1 + | . > | rows=x",
        "select_one no | e | 戊 | | |",
        "text | f | | | |",
        "text | g | ${no} | ${c} = 1 | |",
        "begin group | h | 组 | ${yy} | |",
        "text | i | 己 | | |",
    )
    found = problems(write(tmp_path / "表.xlsx", tables(text)))

    assert {row for sheet, row, _ in found if sheet == "survey"} == set(range(2, 10))
    assert [(sheet, row) for sheet, row, _ in found if sheet == "choices"] == [("choices", 6)]
    assert found == sorted(found)


def _named_row(message: str) -> int:
    """Return the row that pyxform names, 0 where none; of the headers it counts one less."""
    found = re.search(r"\[row : (\d+)\]", message)
    row = int(found[1]) if found else 0
    return 2 if row == 1 and "'settings' sheet" in message else row


def _named_sheet(message: str, ours: str) -> str:
    found = re.search(r"(?:On the|for sheet:) '(\w+)'", message)
    return found[1] if found else ours
