"""What pyxform refuses is refused here, in the same sheet and row: types, names, groups."""

from pathlib import Path

import pytest

from tests.unit.xlsform_refused import Faulty, cases, refused_alike
from tests.unit.xlsform_samples import CHOICES, problems, survey, tables, write

PLAIN = "type | name | label"
LISTS = CHOICES + "\n"

ALIKE = ("no label", "a name that ", "a name with ")

FAULTY: Faulty = {
    "nothing of an XLSForm": ("题目\nx | y\n表\nx | y", "题目", 0, ""),
    "no survey": ("题目\nx | y\nsettings\nform_id | version\nx | 1", "survey", 0, ""),
    "no type column": (survey("name | label", "a | 甲"), "survey", 1, ""),
    "no name column": (survey("type | label", "text | 甲"), "survey", 2, "name"),
    "no type": (survey(PLAIN, "text | b | 乙", " | a | 甲"), "survey", 3, "type"),
    "no name": (survey(PLAIN, "text | | 甲"), "survey", 2, "name"),
    "no name of the form": (survey(PLAIN, "text | a | 甲", "form_id | |"), "survey", 3, "name"),
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
}


@pytest.mark.parametrize("name", cases(FAULTY, ALIKE))
def test_what_pyxform_refuses_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    refused_alike(tmp_path / "表.xlsx", *FAULTY[name])


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
