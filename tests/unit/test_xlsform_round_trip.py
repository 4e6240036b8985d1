"""Checklists into XLSForm workbooks and back: nothing is lost, and other tools can read them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from pyxform.xls2xform import ConvertResult

from forms.errors import BadWorkbook
from forms.load import packaged
from forms.model import Choice, ChoiceList, Condition, Form, Item, Kind, Section
from forms.workbook.assembling import Said
from forms.workbook.sheets import read_sheets
from forms.workbook.xlsform import BeyondXlsform, read_xlsform, write_xlsform
from tests.unit.test_template_round_trip import every_kind, forms
from tests.unit.test_xlsform_judge import comparable
from tests.unit.xlsform_samples import (
    ON,
    Asked,
    asked_by_pyxform,
    asked_here,
    judged,
    read,
    tables,
    write,
)
from tests.unit.xlsform_workbooks import WORKBOOKS


def back(form: Form, path: Path) -> Form:
    """Write a checklist and read it again."""
    write_xlsform(form, path)
    return read_xlsform(path, effective_from=ON).form


@pytest.mark.parametrize("form", packaged(), ids=lambda form: form.ref)
def test_a_packaged_checklist_comes_back_as_it_was(form: Form, tmp_path: Path) -> None:
    assert back(form, tmp_path / "表.xlsx") == form


@pytest.mark.parametrize("form", packaged(), ids=lambda form: form.ref)
def test_pyxform_reads_a_packaged_checklist_alike(form: Form, tmp_path: Path) -> None:
    write_xlsform(form, tmp_path / "表.xlsx")
    result = judged(tmp_path / "表.xlsx")
    assert isinstance(result, ConvertResult), result

    theirs = [comparable(one) for one in asked_by_pyxform(result, form.language)]
    assert [one.name for one in theirs if one.kind != "group"] == [item.code for item in form.items]
    assert {one.label for one in theirs} >= {item.question for item in form.items}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_an_imported_workbook_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    form = read(write(tmp_path / "原.xlsx", tables(WORKBOOKS[name]))).form
    again = back(form, tmp_path / "再.xlsx")
    result = judged(tmp_path / "再.xlsx")

    assert again == form
    assert isinstance(result, ConvertResult), result
    assert list(_named(asked_by_pyxform(result, form.language))) == list(_named(asked_here(form)))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
@example(every_kind())
def test_any_checklist_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, form: Form
) -> None:
    path = tmp_path_factory.mktemp("workbook") / "表.xlsx"
    again = back(form, path)

    assert again == form
    assert isinstance(judged(path), ConvertResult)


def test_equal_checklists_make_equal_files(tmp_path: Path) -> None:
    write_xlsform(every_kind(), tmp_path / "a.xlsx")
    write_xlsform(every_kind(), tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_a_workbook_cannot_say_is_refused_and_no_file_stands(tmp_path: Path) -> None:
    nbsp = Item("a", Kind.TEXT, "甲\u00a0乙")
    form = _form(Section("节", (nbsp,)))
    with pytest.raises(BeyondXlsform, match="条目 a"):
        write_xlsform(form, tmp_path / "表.xlsx")

    assert list(tmp_path.iterdir()) == []


def test_a_refused_checklist_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write_xlsform(_form(Section("节", (Item("a", Kind.TEXT, "甲"),))), path)
    before = path.read_bytes()
    with pytest.raises(BeyondXlsform):
        write_xlsform(_form(Section("节", (Item("a", Kind.TEXT, "甲\u00a0"),))), path)

    assert path.read_bytes() == before


def test_sections_without_names_keep_their_order_and_depth(tmp_path: Path) -> None:
    inner = Section("", (Item("b", Kind.TEXT, "乙"),))
    form = _form(
        Section("", (Item("a", Kind.TEXT, "甲"),)),
        Section("", (Item("c", Kind.NOTE, "丙"),)),
        Section(
            "外", (inner, Item("d", Kind.DATE, "丁"), Section("内", (Item("e", Kind.TIME, "戊"),)))
        ),
    )

    assert back(form, tmp_path / "表.xlsx") == form


def test_names_that_a_workbook_cannot_hold_stand_beside_made_ones(tmp_path: Path) -> None:
    form = _form(
        Section(
            "节",
            (
                Item("½", Kind.TEXT, "半"),
                Item("meta", Kind.TEXT, "留用"),
                Item("x", Kind.TEXT, "一", name="same"),
                Item("y", Kind.TEXT, "二", name="same"),
                Item("_item_1", Kind.TEXT, "像生成的"),
                Item("data", Kind.TABLE, "表", columns=(Item("z", Kind.TEXT, "列"),)),
            ),
            name="_section_1",
        )
    )
    again = back(form, tmp_path / "表.xlsx")

    assert again == form
    assert isinstance(judged(tmp_path / "表.xlsx"), ConvertResult)


def test_sliders_and_bounds_of_every_sort_come_back(tmp_path: Path) -> None:
    form = _form(
        Section(
            "节",
            (
                Item("a", Kind.RANGE, "甲", least="0", most="5", step="0.5"),
                Item("b", Kind.RANGE, "乙", least="0"),
                Item("c", Kind.RANGE, "丙"),
                Item("d", Kind.RANGE, "丁", least="2", most="2", step="1"),
                Item("e", Kind.DECIMAL, "戊", least="-1.5", most="9", unit="毫米", step="0.1"),
            ),
        )
    )

    assert back(form, tmp_path / "表.xlsx") == form


def test_defaults_that_only_definitions_tell_apart_come_back(tmp_path: Path) -> None:
    texts = ("abc", "5", "a + b", "'a'", "today()", "2026-01-01 00:00:00", "(1")
    items = tuple(
        Item(f"a{number}", kind, "甲", default=_default(text))
        for number, text in enumerate(texts)
        for kind in (Kind.DATE,)
    )
    form = _form(Section("节", items))

    assert back(form, tmp_path / "表.xlsx") == form


def test_choices_keep_what_filters_compare_and_what_is_kept(tmp_path: Path) -> None:
    choices = (
        Choice("x", "甲", (("place", "a"),), (("label::English (en)", "A"),)),
        Choice("y", "乙", (("place", "b"), ("行业", "c"))),
        Choice("z", "丙", (), (("media::image", "z.png"),)),
    )
    item = Item("q", Kind.SELECT_ONE, "选", choices="列表")
    form = replace(_form(Section("节", (item,))), choice_lists=(ChoiceList("列表", choices),))

    assert back(form, tmp_path / "表.xlsx") == form


def test_the_bureaus_columns_are_written_only_where_they_say_something(tmp_path: Path) -> None:
    write_xlsform(_form(Section("节", (Item("a", Kind.TEXT, "甲"),))), tmp_path / "表.xlsx")
    sheets = read_sheets(tmp_path / "表.xlsx")

    assert list(sheets) == ["survey", "settings"]
    assert sheets["survey"].headers == ("type", "name", "label")


def test_a_given_version_goes_before_that_of_the_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "表.xlsx", tables(WORKBOOKS["settings"]))
    form = read_xlsform(path, effective_from=ON, said=Said(version=9)).form
    again = back(form, tmp_path / "再.xlsx")

    assert (form.version, again) == (9, form)
    own = WORKBOOKS["one text"] + "\nsettings\n代号 | 版本\n本局 表 | 第九版"
    said = Said("local", 9)
    path = write(tmp_path / "错.xlsx", tables(own))
    assert read_xlsform(path, effective_from=ON, said=said).form.ref == "local@9"


def test_the_settings_that_we_write_are_read_by_their_chinese_headers(tmp_path: Path) -> None:
    text = WORKBOOKS["one text"] + "\nsettings\n启用日期 | 适用行业\n2026-02-03 | 港口"
    with pytest.raises(BadWorkbook, match="不认识行业“港口”"):
        read(write(tmp_path / "表.xlsx", tables(text)))


def _form(*sections: Section) -> Form:
    return Form("sample", 1, "例", ON, None, (), None, sections)


def _default(text: str) -> Condition:
    call = text.endswith("()")
    return Condition(text, ("today",) if call else ("text", text))


def _named(asked: list[Asked]) -> Iterator[Asked]:
    return (comparable(one) for one in asked)
