"""Headers with one colon beside others with two: other tools pass over them, here nothing is."""

from pathlib import Path

import pytest
from pyxform.xls2xform import ConvertResult

from forms.errors import BadWorkbook
from tests.unit.xlsform_samples import judged, problems, read, survey, tables, write

DEFAULT = "\nsettings\nform_title | default_language\n标题 | 中文 (zh)"

LOST = {
    "bind:constraint": survey(
        "type | name | label | bind::required | bind:constraint", "text | a | 甲 | yes | . != 'x'"
    ),
    "bind:relevant": survey(
        "type | name | label::zh | hint::zh | bind:relevant", "text | a | 甲 | | 1 = 1"
    ),
    "bind : jr:constraintMsg": survey(
        "type | name | label | hint::zh | bind : jr:constraintMsg", "text | a | 甲 | | 长一点"
    ),
    "body:appearance": survey(
        "type | name | label | hint::zh | body:appearance", "text | a | 甲 | | multiline"
    ),
    "hint:中文 (zh)": survey(
        "type | name | label::中文 (zh) | hint:中文 (zh)", "text | a | 甲 | 看"
    ),
    "label:zh": survey("type | name | label::en | label:zh", "text | a | A | 甲"),
    "label:中文": survey(
        "type | name | label:中文 | hint::中文 (zh)", "text | a | 甲 | 看", "text | b | 乙 | 听"
    )
    + DEFAULT,
}
"""By the header, which alone is to be blamed."""


def test_a_column_that_means_something_is_not_lost_by_a_missing_colon(tmp_path: Path) -> None:
    for header, text in LOST.items():
        path = write(tmp_path / "表.xlsx", tables(text))

        assert isinstance(judged(path), ConvertResult), "pyxform drops the column"
        assert problems(path) == [("survey", 1, header)]


def test_rows_without_a_title_are_told_once_at_the_header(tmp_path: Path) -> None:
    text = survey(
        "type | name | label:中文 | hint::中文 (zh)", "text | a | 甲 |", "text | b | 乙 |"
    )
    path = write(tmp_path / "表.xlsx", tables(text + DEFAULT))

    assert problems(path) == [("survey", 1, "label:中文")]


def test_in_choices_likewise(tmp_path: Path) -> None:
    lists = "choices\nlist_name | name | label:zh | image::zh\nyn | y | 是 | a.png\n"
    text = lists + survey("type | name | label::zh", "select_one yn | a | 甲")

    assert problems(write(tmp_path / "表.xlsx", tables(text))) == [("choices", 1, "label:zh")]


def test_a_further_language_is_kept_and_what_is_blank_passed_over(tmp_path: Path) -> None:
    text = survey(
        "type | name | label::zh | label:en | bind:relevant | 备注:甲", "text | a | 甲 | A | | x"
    )
    imported = read(write(tmp_path / "表.xlsx", tables(text)))

    assert imported.notices == ("保留但不使用的列：survey.label:en、survey.备注:甲",)
    assert imported.form.items[0].question == "甲"


def test_a_text_without_a_language_does_not_silently_cover_others(tmp_path: Path) -> None:
    lists = "choices\nlist_name | name | label::zh | Label\nyn | y | 是 |\nyn | n | 否 | 没有\n"
    text = lists + survey("type | name | label | label::zh", "select_one yn | a | A | 甲")
    path = write(tmp_path / "表.xlsx", tables(text))

    assert isinstance(judged(path), ConvertResult), "pyxform takes the last"
    assert problems(path) == [("choices", 3, "Label")]


def test_messages_and_media_without_a_language_stand_beside_those_with_one(tmp_path: Path) -> None:
    lists = "choices\nlist_name | name | label | media::image::en | image\nyn | y | 是 | e0 | d0\n"
    messages = "required_message::en | required_message | constraint_message::en"
    asked = "type | name | label"
    text = lists + survey(
        f"{messages} | constraint_message | media::image::en | image | required | {asked}",
        "e1 | d1 | e2 | d2 | e3 | d3 | yes | select_one yn | a | 甲",
    )
    path = write(tmp_path / "表.xlsx", tables(text))
    theirs = judged(path)

    assert isinstance(theirs, ConvertResult)
    for one in ("e0", "d0", "e1", "d1", "e2", "d2", "e3", "d3"):
        assert f"{one}</value>" in theirs.xform, "pyxform keeps both"
    (item,) = read(path).form.items
    assert (item.required_message, item.constraint_message) == ("d1", "d2")


def test_a_remark_with_a_colon_is_not_advised_to_become_a_condition(tmp_path: Path) -> None:
    for header in ("relevant: 说明", "name: old"):
        text = survey(f"type | name | label::zh | {header}", "text | a | 甲 | 仅供参考")
        with pytest.raises(BadWorkbook) as bad:
            read(write(tmp_path / "表.xlsx", tables(text)))

        assert [str(one) for one in bad.value.problems] == [
            f"工作表“survey”第1行“{header}”列：这一列不分语言，"
            "要起作用的请去掉列名中冒号以后的部分，不需要的列请删去"
        ]
