"""A checklist as the text of a definition file: read back, it is the same."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.load import load, packaged, packaged_tables
from forms.model import Form, Law
from forms.writing import CodeTaken, definition_text
from tests.unit.forms_examples import item, sample
from tests.unit.varied_forms import cells, forms


def back(text: str, folder: Path) -> Form:
    path = folder / "written.toml"
    path.write_bytes(text.encode("utf-8"))
    return load(path)


@pytest.mark.parametrize("form", packaged(), ids=lambda form: form.ref)
def test_every_packaged_checklist_is_read_back_from_what_is_written(
    form: Form, tmp_path: Path
) -> None:
    assert back(definition_text(form), tmp_path) == form


@given(form=forms(), remarks=st.lists(cells, max_size=2))
def test_any_checklist_is_read_back_from_what_is_written(
    form: Form, remarks: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = definition_text(form, remarks)

    read = back(text, tmp_path_factory.getbasetemp())
    assert read == form
    assert definition_text(read, remarks) == text


def test_only_laws_and_penalties_that_the_program_lacks_stand_in_the_file(tmp_path: Path) -> None:
    form = sample(tmp_path)
    text = definition_text(form)

    written = tomllib.loads(text)
    assert [row["code"] for row in written["laws"]] == ["law"]
    assert written["penalties"] == [
        {
            "code": "P1",
            "law": "law",
            "article": "第九十九条",
            "unit_range": "处5万元以下罚款",
            "verified": True,
            "source": "测试",
        }
    ]
    assert back(text, tmp_path) == form
    dust = packaged().get("dust-explosion", 1)
    assert not {"laws", "penalties"} & tomllib.loads(definition_text(dust)).keys()


def test_a_law_that_the_program_has_otherwise_is_refused_by_its_code(tmp_path: Path) -> None:
    form = packaged().get("dust-explosion", 1)
    assert form.device_clause is not None
    law = replace(form.device_clause.law, number="第999号")
    changed = replace(form, device_clause=replace(form.device_clause, law=law))

    with pytest.raises(CodeTaken, match="代号“industry-trade-major”的法规与本程序的法规表"):
        definition_text(changed)


def test_two_laws_under_one_code_are_refused(tmp_path: Path) -> None:
    form = sample(tmp_path)
    other = Law("law", "另一部法", "", date(2020, 1, 1), None, True, "测试")
    assert form.device_clause is not None
    changed = replace(form, device_clause=replace(form.device_clause, law=other))

    with pytest.raises(CodeTaken, match="代号“law”"):
        definition_text(changed)


def test_a_penalty_that_the_program_has_otherwise_is_refused_by_its_code() -> None:
    form = packaged().get("dust-explosion", 1)
    tables = packaged_tables()
    fewer = replace(
        tables,
        penalties={
            code: replace(one, unit_range="处1元罚款") for code, one in tables.penalties.items()
        },
    )

    with pytest.raises(CodeTaken, match="代号“P102”的罚则"):
        definition_text(form, tables=fewer)


def test_one_item_is_one_table_that_says_only_what_it_must(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02"))
    text = definition_text(form, ["由某某表导入\n不是手写的", "坏\x07字"])

    assert text.startswith("# 由某某表导入\n# 不是手写的\n# 坏 字\n\nname = ")
    assert text.count("[[sections.items]]") == 2
    first = text.split("[[sections.items]]\n")[1].split("\n\n")[0]
    assert first.splitlines() == [
        'code = "A01"',
        'question = "问题"',
        'how_to_check = "看现场"',
        'basis = [{ law = "law", article = "第三十六条", verified = true }]',
        'major = "no"',
        'penalties = [{ code = "P1", clause = "第（二）项" }]',
        "rectify = 10",
        'finding = "不符合"',
        'verification = "条文已核对"',
    ]


def test_a_short_list_stands_on_one_line_and_a_long_one_on_several(tmp_path: Path) -> None:
    form = sample(tmp_path)
    one = 'kept = [["a", "[\\"],"], ["b", ""]]\n'
    short = replace(form, kept=(("a", '["],'), ("b", "")), sectors=("one", "two"))
    long = replace(form, kept=(("a", "x" * 90), ("b", "")))

    assert one in definition_text(short)
    assert 'sectors = ["one", "two"]\n' in definition_text(short)
    assert f'kept = [\n    [\n        "a",\n        "{"x" * 90}",\n' in definition_text(long)
    assert back(definition_text(short), tmp_path) == short
    assert back(definition_text(long), tmp_path) == long
