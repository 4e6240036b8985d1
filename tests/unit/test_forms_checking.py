"""All authoring errors of a definition file are told at once, and none that is not there."""

from pathlib import Path

import pytest

from forms.checking import faults
from forms.errors import BadDefinition, UnreadableDefinition
from forms.load import DEFINITIONS, load, read_tables
from tests.unit.forms_examples import FORM, LAWS, PENALTIES, item


def found(folder: Path, text: str) -> list[str]:
    """Return item and field of every error, of a definition with the examples' laws beside it."""
    (folder / "laws.toml").write_text(LAWS, "utf-8")
    (folder / "penalties.toml").write_text(PENALTIES, "utf-8")
    path = folder / "sample@1.toml"
    path.write_text(text, "utf-8")
    return [
        f"{one.facts['item']} {one.facts['field']}" for one in faults(path, read_tables(folder))
    ]


@pytest.mark.parametrize("path", sorted(DEFINITIONS.glob("*@*.toml")), ids=lambda path: path.stem)
def test_a_checklist_without_error_has_none(path: Path) -> None:
    assert faults(path) == ()


UNKNOWN_LAW = '[{ law = "nowhere", article = "第一条", verified = true }]'
BAD_ROWS = """
[[laws]]
code = "own-law"
title = "本市条例"
effective_from = 2020-01-01
verified = "yes"
source = "测试"

[[penalties]]
code = "P8"
law = "own-law"
article = "第五条"
verified = true
source = "测试"
"""
LACKING = ("name", "version", "title", "effective_from", "sections")
BAD_LIST = """
[[choice_lists]]
name = "yes_no"
choices = []
"""
TABLE = """
[[sections.items]]
code = "T1"
kind = "repeat"
question = "清单"
columns = [{ code = "数量", kind = "number", question = "数量" }, { code = "备注", kind = "text", \
question = "备注", relevant = "${没有} = 1" }]
"""


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            FORM + item("A02", basis=UNKNOWN_LAW) + item("A01") + item("A03", rectify='"x"'),
            ["条目 A02 basis", "条目 A03 rectify", "条目 A01 code"],
        ),
        (
            FORM.replace("version = 1", "version = 0").replace('"示例检查表"', '""')
            + item("A02", major='"maybe"'),
            ["检查表 version", "检查表 title", "条目 A02 major"],
        ),
        (FORM.replace("version = 1\n", "") + "\ncolour = 1", ["检查表 version", "条目 A01 colour"]),
        (FORM.replace("law = ", "laws = ", 1), ["检查表 law"]),
        (
            FORM + BAD_ROWS + item("A02", penalties='[{ code = "P8" }]', rectify="0"),
            ["法规 own-law verified", "罚则 P8 unit_range", "条目 A02 rectify"],
        ),
        (
            FORM + item("A02", relevant="'${X} = 1'") + BAD_LIST,
            ["选项表“yes_no” choices", "条目 A02 relevant"],
        ),
        (
            FORM.replace("2026-01-01", "2026-08-01")
            + item("A02", basis='[{ law = "old-law", article = "第一条", verified = true }]')
            + item("A03", rectify="0"),
            ["条目 A03 rectify", "条目 A02 basis"],
        ),
        (FORM + TABLE, ["条目 数量 kind", "条目 备注 relevant"]),
        (FORM + '\n[[sections]]\ntitle = "二"\nitems = []', ["章节“二” items"]),
        (
            'name = "坏 名"',
            [*(f"检查表 {one}" for one in LACKING)],
        ),
    ],
    ids=[
        "items",
        "the whole",
        "missing",
        "clause",
        "laws",
        "list",
        "lapsed",
        "table",
        "section",
        "little",
    ],
)
def test_no_error_hides_another(tmp_path: Path, text: str, places: list[str]) -> None:
    assert found(tmp_path, text) == places


def test_what_is_told_first_is_what_stops_loading_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "sample@1.toml"
    path.write_text(FORM + item("A02", rectify="0") + LAWS + PENALTIES, "utf-8")

    with pytest.raises(BadDefinition) as refused:
        load(path)
    assert [str(one) for one in faults(path)] == [str(refused.value)]


def test_a_file_that_is_no_toml_is_told_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "sample@1.toml"
    path.write_text("name = 1\nnot toml", "utf-8")

    with pytest.raises(UnreadableDefinition, match="TOML 格式有误，在第2行第5个字符附近"):
        faults(path)
