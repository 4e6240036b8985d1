"""What the office template has no place for is refused by name, and no file is left behind."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forms.definition.parse import DEEPEST
from forms.errors import UnwritableWorkbook
from forms.load import packaged, packaged_tables
from forms.model import Basis, Choice, ChoiceList, Form, Item, Kept, Kind, Law, Section
from forms.workbook.template import BeyondTemplate, read_template, write_template

KEPT: Kept = (("label::English (en)", "Passage"),)
NOTE = Item("N01", Kind.NOTE, "请先阅读。")
FORM = Form("notes", 1, "说明", date(2026, 1, 1), None, (), None, (Section("现场", (NOTE,)),))


def with_item(item: Item) -> Form:
    return replace(FORM, sections=(Section("现场", (item,)),))


def citing(*laws: Law, article: str = "第三条") -> Form:
    form = packaged().get("general-safety", 1)
    item = next(iter(form.items))
    changed = replace(item, basis=tuple(Basis(law, article, verified=True) for law in laws))
    return replace(form, sections=(Section("现场", (changed,)),))


KNOWN = packaged_tables().laws["dust-rules"]
OWN = Law("own-law", "某市安全条例", "", date(2026, 1, 1), None, verified=True, source="网页")

BEYOND = {
    "settings of another tool": (replace(FORM, kept=KEPT), "检查表等处另有模板没有的内容"),
    "another language of a section": (
        replace(FORM, sections=(Section("现场", (NOTE,), kept=KEPT),)),
        "章节“现场”等处另有模板没有的内容“label::English (en)”",
    ),
    "another language of an item": (
        with_item(replace(NOTE, kept=KEPT)),
        "条目 N01 等处另有模板没有的内容“label::English (en)”",
    ),
    "another language of a choice": (
        replace(FORM, choice_lists=(ChoiceList("表", (Choice("a", "甲", kept=KEPT),)),)),
        "选项“甲”等处另有模板没有的内容",
    ),
    "sections side by side under one title": (
        replace(FORM, sections=(Section("现场", (NOTE,)), Section("现场", (NOTE,)))),
        "相邻的两个章节同名“现场”",
    ),
    "a title with the sign between levels": (
        replace(FORM, sections=(Section("现场／通道", (NOTE,)),)),
        "章节名称“现场／通道”含有“／”",
    ),
    "a title that stands for none": (
        replace(FORM, sections=(Section("（无标题）", (NOTE,)),)),
        "章节",
    ),
    "a blank that a workbook does not keep": (
        with_item(replace(NOTE, hint="甲\u00a0乙")),
        "条目 N01 的“提示”写成表格后会改变",
    ),
    "a choice without a text": (
        replace(FORM, choice_lists=(ChoiceList("表", (Choice("a", ""),)),)),
        "请填写选项",
    ),
    "choice columns in another order than the sheet's": (
        replace(
            FORM,
            choice_lists=(
                ChoiceList(
                    "表",
                    (
                        Choice("a", "甲", (("x", "1"), ("y", "2"))),
                        Choice("b", "乙", (("y", "1"), ("x", "2"))),
                    ),
                ),
            ),
        ),
        "章节、表格、选项或者设置写成表格后会改变",
    ),
    "a law that the program knows otherwise": (
        citing(replace(KNOWN, source="另一来源")),
        "在系统中另有内容",
    ),
    "one code for two laws": (
        citing(OWN, replace(OWN, title="某省安全条例")),
        "代号“own-law”有两种不同的内容",
    ),
    "an article that reads as two citations": (
        with_item(
            replace(next(iter(citing(OWN).items)), basis=(Basis(OWN, "第三条；第四条", True),))
        ),
        "条目 G01 的“依据”写成表格后会改变",
    ),
}


@pytest.mark.parametrize(("form", "reason"), BEYOND.values(), ids=BEYOND)
def test_what_has_no_place_is_refused_by_name(form: Form, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BeyondTemplate) as caught:
        write_template(form, tmp_path / "out.xlsx")

    assert reason in str(caught.value)
    assert str(caught.value).endswith("请改为导出 XLSForm 工作簿。")
    assert list(tmp_path.iterdir()) == []


def test_a_refused_checklist_leaves_the_file_before_it_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_template(FORM, path)
    before = path.read_bytes()

    with pytest.raises(BeyondTemplate):
        write_template(replace(FORM, kept=KEPT), path)

    assert path.read_bytes() == before


def test_a_text_that_no_cell_holds_is_refused_by_the_name_of_the_file(tmp_path: Path) -> None:
    form = with_item(replace(NOTE, hint="长" * 32_768))

    with pytest.raises(UnwritableWorkbook, match=r"工作簿 out\.xlsx：工作表“检查项”第2行"):
        write_template(form, tmp_path / "out.xlsx")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["away/out.xlsx", "folder"])
def test_a_place_that_takes_no_file_is_told(tmp_path: Path, taken: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match=taken.partition("/")[0]):
        write_template(FORM, tmp_path / taken)

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_checklist_of_the_deepest_sections_is_written(tmp_path: Path) -> None:
    section = Section(f"第{DEEPEST}层", (NOTE,))
    for level in range(DEEPEST - 1, 0, -1):
        section = Section(f"第{level}层", (section,))

    write_template(replace(FORM, sections=(section,)), tmp_path / "out.xlsx")

    assert (tmp_path / "out.xlsx").exists()


def test_a_checklist_that_begins_on_the_last_day_of_all_is_written_and_read(
    tmp_path: Path,
) -> None:
    form = replace(FORM, effective_from=date.max)
    write_template(form, tmp_path / "out.xlsx")

    assert read_template(tmp_path / "out.xlsx").form == form
