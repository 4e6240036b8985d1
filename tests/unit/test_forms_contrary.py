"""Comparisons joined by the wrong word, and numbers of rows that set none, are told."""

from itertools import product

import pytest

from forms.definition.parse import parse_item
from forms.definition.tables import Table
from forms.errors import BadDefinition
from forms.expressions.evaluating import Scope, compile_condition
from forms.expressions.values import Value
from forms.model import Item, Kind
from tests.unit.test_forms_doubts import SUBJECTS, condition, of_relevant, told


def test_what_excludes_itself_is_told_with_the_other_word() -> None:
    never, always = "用 and 连接始终不成立，请写成", "用 or 连接始终成立，请写成"
    meant = {
        "${C03} != 'pass' or ${C03} != 'fail'": (
            f"“C03”不会同时等于“pass”、“fail”，{always} ${{C03}} != 'pass' and ${{C03}} != 'fail'"
        ),
        "${G1} = 'o2' and 'co' = ${G1}": (
            f"“G1”不会同时等于“o2”、“co”，{never} ${{G1}} = 'o2' or ${{G1}} = 'co'"
        ),
        "${X1} = 'x' and ${N1} = 1 and ${N1} = 2": (
            f"“N1”不会同时等于1、2，{never} (${{N1}} = 1 or ${{N1}} = 2)"
        ),
        "${G2} = 'o2' and ${G2} = 'co'": (
            "“G2”不会同时等于“o2”、“co”，用 and 连接始终不成立，"
            "同时选了几项的请写成 selected(${G2}, 'o2') and selected(${G2}, 'co')"
        ),
        "${X1} = '' or (${X1} = '-1' and ${X1} = -2)": (
            f"“X1”不会同时等于“-1”、-2，{never} ${{X1}} = '-1' or ${{X1}} = -2"
        ),
    }
    assert {text: of_relevant(text) for text in meant} == meant


def test_what_is_told_is_so_for_every_value() -> None:
    constants = ["''", "'x'", "'X'", "'1'", "'1.0'", "1", "-1", "'-1'", "20454", "'2026-01-01'"]
    values: list[Value] = ["", "x", "X", "1", "1.0", 1.0, -1.0, "-1", 20454.0, "2026-01-01"]
    for one, other in product(constants, constants):
        both = f"${{X1}} = {one} and ${{X1}} = {other}"
        either = both.replace("=", "!=").replace(" and ", " or ")
        is_told = bool(of_relevant(both))
        assert is_told == bool(of_relevant(either))
        for value in values if is_told else ():
            scope = Scope({"X1": value})
            assert not compile_condition(condition(both).tree)(scope), both
            assert compile_condition(condition(either).tree)(scope), either


def test_what_may_hold_is_not_told() -> None:
    for text in (
        "selected(${G2}, 'o2') and selected(${G2}, 'co')",
        "${G1} = 'o2' or ${G1} = 'co'",
        "${G1} != 'o2' and ${G1} != 'co'",
        "${N1} = 1 and ${N1} = '1.0'",
        "${G1} = 'o2' and ${C03} = 'pass'",
        "${G1} = 'o2' and (${G1} = 'co' or ${C03} = 'pass')",
        "${R1a} = 'x' and ${R1a} = 'y'",  # two rows of the table
        "${W1} = 1 and ${W1} = 2",
        "${H1} = 'x' and ${H1} = 'y'",
    ):
        assert of_relevant(text) == "", text


def table(count: str) -> Item:
    text = Table({"count": count}, "file", "item").condition("count")
    return Item("T", Kind.TABLE, "表", columns=(Item("a", Kind.TEXT, "列"),), count=text)


def test_a_number_of_rows_that_sets_none_is_told() -> None:
    whole = "不起作用，表格可以填任意行，请改为整数，不限行数的请留空"
    for count, reason in {
        "-1": f"-1不是0以上的整数，{whole}",
        "2.5": f"2.5不是0以上的整数，{whole}",
        "'x'": f"“x”不是0以上的整数，{whole}",
        "300": "表格最多200行，300按200行计，请改小",
    }.items():
        assert told(table(count)) == [f"条目 T的表格行数：{reason}"]
    for count in ("0", "3", "'3'", "200", "${N1} - 300", "1 - 2"):
        assert told(*SUBJECTS, table(count)) == [], count


def test_a_number_of_rows_with_a_word_is_told_as_one() -> None:
    for said, reason in {
        "3次": "行数只写数字，请写成 3",
        "12 行": "行数只写数字，请写成 12",
        "３": "行数只写数字，请写成 3",
        "三行": "行数只写数字，请写成数字，如 3",
        "${n}次": "第5个字符：此处缺少运算符",
    }.items():
        fields = {"code": "T", "kind": "repeat", "count": said}
        with pytest.raises(BadDefinition) as refused:
            parse_item(Table(fields, "file", "item"))
        assert refused.value.facts["reason"].startswith(reason)
