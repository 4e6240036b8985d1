"""What pyxform refuses is refused here, in the same sheet and row: references and other cells."""

from pathlib import Path

import pytest

from tests.unit.test_xlsform_refusals import FAULTY as OTHERS
from tests.unit.xlsform_refused import Faulty, cases, one, refused_alike
from tests.unit.xlsform_samples import CHOICES, survey

PLAIN = "type | name | label"
LISTS = CHOICES + "\n"

ALIKE = ("a reference to nothing in ", "a reference with", "a slider ", "an audit ", "parameters ")

FAULTY: Faulty = {
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
    "a reference to nothing in a picture of a choice": (
        "choices\nlist_name | name | label | image\nyn | y | 是 | ${b}\n"
        + survey(PLAIN, "select_one yn | a | 甲"),
        "choices",
        2,
        "image",
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
    "a slider beyond all numbers": (
        one("parameters", "end=1e9999999", "range"),
        "survey",
        2,
        "parameters",
    ),
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
    "a big picture alone": (one("big-image", "a.png"), "survey", 2, "big-image"),
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


@pytest.mark.parametrize("name", cases(FAULTY, ALIKE))
def test_what_pyxform_refuses_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    refused_alike(tmp_path / "表.xlsx", *FAULTY[name])


def test_the_faults_are_as_many_as_promised() -> None:
    assert len(FAULTY) + len(OTHERS) >= 60
