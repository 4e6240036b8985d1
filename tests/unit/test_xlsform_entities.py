"""What pyxform refuses of entities is refused here, in the same sheet and row."""

from pathlib import Path

from pyxform.xls2xform import ConvertResult

from tests.unit.xlsform_refused import one, refused_alike
from tests.unit.xlsform_samples import judged, problems, survey, tables, write

ENTITIES = "\nentities\nlist_name | label\ntrees | ${a}"
HEADERS = "type | name | label | save_to"

SAVED = {
    "a reserved name": (one("save_to", "name"), 2),
    "another in capitals": (one("save_to", "Label"), 2),
    "two underscores": (one("save_to", "__a"), 2),
    "no name": (one("save_to", "1 x"), 2),
    "a list without a property": (one("save_to", "trees#"), 2),
    "a list that is not there": (one("save_to", "bees#p"), 2),
    "two lists": (one("save_to", "trees#p#q"), 2),
    "one property twice": (survey(HEADERS, "text | a | 甲 | p", "text | b | 乙 | trees#p"), 3),
    "a group": (
        survey(HEADERS, "begin group | g | 组 | p", "text | a | 甲 |", "end group | | |"),
        2,
    ),
    "the end of a group": (
        survey(HEADERS, "begin group | g | 组 |", "text | a | 甲 |", "end group | | | p"),
        4,
    ),
}
"""By what is wrong: the survey, and the row of the fault."""

DECLARED = {
    "no list": ("label | repeat\n${a} |", 2, "list_name"),
    "a list without a name": ("list_name | label\n | ${a}", 2, "list_name"),
    "a list with two underscores": ("list_name | label\n__trees | ${a}", 2, "list_name"),
    "a list with a full stop": ("list_name | label\ntr.ees | ${a}", 2, "list_name"),
    "a list with a blank": ("list_name | label\ntr ees | ${a}", 2, "list_name"),
    "one list twice": ("list_name | label\ntrees | ${a}\ntrees | ${a}", 3, "list_name"),
    "a blank row": ("list_name | label\n.\ntrees | ${a}", 2, "list_name"),
    "no label": ("list_name | label\ntrees |", 2, "label"),
    "an update of nothing": ("list_name | update_if\ntrees | 1 = 1", 2, "entity_id"),
    "either without when": ("list_name | entity_id | create_if\nt | ${a} | 1", 2, "update_if"),
    "a reference to nothing": ("list_name | label\ntrees | ${b}", 2, "label"),
    "a column nobody knows": ("list_name | label | remark\ntrees | ${a} | x", 1, "remark"),
    "one column twice": ("list_name | label | list name\ntrees | ${a} | x", 1, "list name"),
}
"""By what is wrong: the sheet of the entities, and the row and column of the fault."""

PLACED = {
    "saved in and outside of a repeat": (
        survey(
            HEADERS,
            "text | a | 甲 | p",
            "begin repeat | r | 表 |",
            "text | b | 乙 | q",
            "end repeat | | |",
        )
        + ENTITIES,
        ("survey", 2, "save_to"),
    ),
    "cited from another repeat": (
        survey(
            HEADERS,
            "begin repeat | s | 表 |",
            "text | a | 甲 |",
            "text | c | 丙 | p",
            "end repeat | | |",
            "begin repeat | r | 表 |",
            "text | b | 乙 |",
            "end repeat | | |",
        )
        + ENTITIES.replace("${a}", "${b}"),
        ("entities", 2, "label"),
    ),
    "two lists in one place": (
        one("save_to", "trees#p") + ENTITIES + "\nbees | 蜂",
        ("entities", 3, "list_name"),
    ),
}
"""By what is wrong: the workbook, and where the fault is."""

TWO = ENTITIES + "\nbees | ${b}"

ACCEPTED = (
    survey(
        HEADERS,
        "begin group | g | 组 |",
        "text | a | 甲 | trees#p",
        "end group | | |",
        "text | b | 乙 | bees#p",
    )
    + TWO,
    survey(
        HEADERS,
        "begin repeat | r | 表 |",
        "text | a | 甲 | trees#p",
        "end repeat | | |",
        "text | b | 乙 |",
    )
    + TWO,
    one("save_to", "p") + ENTITIES,
    one("save_to", "trees#p.q") + ENTITIES.replace("list_name", "List Name"),
    survey(f"{HEADERS} | disabled", "text | a | 甲 | p |", "text | b | 乙 | name | yes") + ENTITIES,
    one("save_to", "p") + "\nentities\nlist_name | entity_id | remark\ntrees | ${a} |",
)


def test_what_pyxform_refuses_of_what_is_saved_is_refused(tmp_path: Path) -> None:
    for text, row in SAVED.values():
        refused_alike(tmp_path / "表.xlsx", text + ENTITIES, "survey", row, "save_to")


def test_what_pyxform_refuses_of_the_declared_lists_is_refused(tmp_path: Path) -> None:
    asked = survey("type | name | label", "text | a | 甲")
    for text, row, column in DECLARED.values():
        whole = f"{asked}\nentities\n{text}"
        refused_alike(tmp_path / "表.xlsx", whole, "entities", row, column)


def test_lists_for_which_pyxform_finds_no_place_are_refused(tmp_path: Path) -> None:
    for text, place in PLACED.values():
        refused_alike(tmp_path / "表.xlsx", text, *place)


def test_sound_entities_are_left_out_and_stop_nothing(tmp_path: Path) -> None:
    for text in ACCEPTED:
        path = write(tmp_path / "表.xlsx", tables(text))

        assert isinstance(judged(path), ConvertResult)
        assert problems(path) == []


def test_a_language_of_what_has_none_is_refused_where_pyxform_breaks(tmp_path: Path) -> None:
    saved = write(tmp_path / "甲.xlsx", tables(one("save_to::zh", "p") + ENTITIES))
    named = one("remark", "p") + ENTITIES.replace("label", "label::zh")

    assert problems(saved) == [("survey", 1, "save_to::zh")]
    assert problems(write(tmp_path / "乙.xlsx", tables(named))) == [("entities", 1, "label::zh")]
