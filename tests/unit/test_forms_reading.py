"""Values as documents print them: labels, units, days, tables row by row."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.evaluate import evaluate
from forms.evaluation.reading import value_in_words, values_in_words
from forms.model import Form, Item, Kind, Section
from tests.unit.test_forms_filling import FAIL, PASS, asked, form_of, value

DAY = date(2026, 11, 23)
PLACE = {"latitude": "31.1", "longitude": "120.1", "accuracy_m": "8", "datum": "WGS-84"}
SIGNED = {"name": "王五", "strokes": [[[0, 0]]]}


@pytest.mark.parametrize(
    ("fields", "said", "words"),
    [
        ({"kind": "text"}, "1#罐\n北侧", "1#罐\n北侧"),
        ({"kind": "decimal", "unit": "mm"}, "3.50", "3.50mm"),
        ({"kind": "integer"}, "12", "12"),
        ({"kind": "select_one", "choices": "gas"}, "co", "一氧化碳"),
        ({"kind": "select_multiple", "choices": "gas"}, ["o2", "h2s"], "氧、硫化氢"),
        ({"kind": "date"}, "2026-03-02", "2026年3月2日"),
        ({"kind": "time"}, "09:30", "09:30"),
        ({"kind": "dateTime"}, "2026-03-02T09:30:00+08:00", "2026-03-02 09:30:00"),
        ({"kind": "geopoint"}, PLACE, "纬度31.1，经度120.1（WGS-84，误差8米）"),
        ({"kind": "geopoint"}, PLACE | {"accuracy_m": "", "datum": ""}, "纬度31.1，经度120.1"),
        ({"kind": "geopoint"}, PLACE | {"datum": 5}, "纬度31.1，经度120.1（5，误差8米）"),
        ({"kind": "signature"}, SIGNED, "王五（已手写签名）"),
        ({"kind": "signature"}, SIGNED | {"name": ""}, "已手写签名"),
        ({"kind": "acknowledge"}, "OK", "已确认"),
    ],
)
def test_a_value_is_read_by_its_kind(
    tmp_path: Path, fields: dict[str, str], said: Any, words: str
) -> None:
    form = form_of(tmp_path, asked("B01", **fields))

    assert values_in_words(form, {"B01": value(said)}, on=DAY, photos={}) == {"B01": words}
    assert value_in_words(form, form.items[1], said) == words


@pytest.mark.parametrize(("kind", "said"), [("integer", ["7"]), ("integer", "七"), ("text", "")])
def test_what_is_no_value_of_the_item_has_no_words(tmp_path: Path, kind: str, said: Any) -> None:
    form = form_of(tmp_path, asked("B01", kind))

    assert value_in_words(form, form.items[1], said) == ""


def test_rows_are_lines_with_what_is_asked_and_calculated_in_them(tmp_path: Path) -> None:
    columns = (
        '[{ code = "C1", kind = "text", question = "罐号" },'
        ' { code = "C2", kind = "decimal", question = "液位", unit = "m" },'
        ' { code = "C3", kind = "text", question = "原因", relevant = "${C2} > 3" },'
        ' { code = "C4", kind = "decimal", question = "余量", calculation = "5 - ${C2}",'
        ' unit = "m" },'
        ' { code = "C5", kind = "repeat", question = "阀门", columns = ['
        '{ code = "D1", kind = "select_one", question = "气体", choices = "gas" }] }]'
    )
    form = form_of(tmp_path, asked("B01", "repeat", columns=columns))
    rows = [
        {"C1": "1#", "C2": "3.5", "C3": "超装", "C5": [{"D1": "co"}, {"D1": "o2"}]},
        {"C1": "2#", "C2": "2", "C3": "不再问"},
        {},
    ]

    assert values_in_words(form, {"B01": value(rows)}, on=DAY, photos={})["B01"].split("\n") == [
        "第1行　罐号：1#；液位：3.5m；原因：超装；余量：1.5m；"
        "阀门：（第1行　气体：一氧化碳 第2行　气体：氧）",
        "第2行　罐号：2#；液位：2m；余量：3m",
        "第3行　未填",
    ]
    assert value_in_words(form, form.items[1], rows) == (
        "第1行（罐号：1#，液位：3.5m，原因：超装，阀门：第1行（气体：一氧化碳）；第2行（气体：氧））；"
        "第2行（罐号：2#，液位：2m，原因：不再问）；第3行（未填）"
    )
    assert value_in_words(form, form.items[1], [{"C2": "七"}]) == ""


def test_only_what_is_asked_and_can_stand_has_a_value(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "text", relevant="${A01} = 'fail'"),
        asked("B02", "integer"),
        asked("B03", "integer", calculation="${B02} * 2", unit="%"),
        asked("B04", "image"),
        asked("B05", "text"),
    )
    answers = {"A01": PASS, "B01": value("x"), "B02": value("7")}
    answers["B05"] = {"result": "not_checked", "reason": "停产", "note": ""}

    assert values_in_words(form, answers, on=DAY, photos={"B04": 2}) == {
        "B02": "7",
        "B03": "14%",
        "B04": "2张照片",
    }
    assert values_in_words(form, {"A01": FAIL, "B02": value(["7"])}, on=DAY, photos={}) == {}


TEXTS = st.sampled_from(["", " ", "3.5", "七", "2026-02-30", "co", "OK", "x" * 40, "09:00"])
PLACES = st.fixed_dictionaries(
    dict.fromkeys(("latitude", "longitude", "accuracy_m", "datum"), TEXTS)
)
DRAWN = st.fixed_dictionaries({"name": TEXTS, "strokes": st.just([[[0, 0]]])})
SIMPLE = TEXTS | st.lists(TEXTS, max_size=3) | PLACES | DRAWN
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["C1", "C2", "D1"]), SIMPLE, max_size=3), max_size=3
)
NESTED = st.lists(st.dictionaries(st.sampled_from(["C1", "C2"]), SIMPLE | ROWS), max_size=3)


@given(st.dictionaries(st.sampled_from([kind.value for kind in Kind]), SIMPLE | ROWS | NESTED))
def test_whatever_a_phone_may_send_is_read_or_left_out(sent: dict[str, Any]) -> None:
    answers = {code: value(said) for code, said in sent.items()}
    words = values_in_words(EVERY_KIND, answers, on=DAY, photos={})

    evaluate(EVERY_KIND, answers, on=DAY, photos={}, findings={})
    assert set(words) <= set(sent)
    for item in EVERY_KIND.items:
        if item.code in words and item.kind is not Kind.TABLE:
            assert value_in_words(EVERY_KIND, item, sent[item.code]) == words[item.code]


def column(code: str, kind: Kind, **fields: Any) -> Item:
    return Item(code=code, kind=kind, question=code, **fields)


INNER = column("C2", Kind.TABLE, columns=(column("D1", Kind.DATE),))
EVERY_KIND = Form(
    name="every",
    version=1,
    title="各类条目",
    effective_from=DAY,
    retired_on=None,
    sectors=(),
    device_clause=None,
    sections=(
        Section(
            "一",
            tuple(
                column(kind.value, kind, columns=(column("C1", Kind.DECIMAL), INNER))
                if kind is Kind.TABLE
                else column(kind.value, kind)
                for kind in Kind
            ),
        ),
    ),
)


def test_photos_in_a_row_are_counted_as_those_of_an_item_are() -> None:
    photo, file = column("C1", Kind.PHOTO), column("C2", Kind.FILE)
    table = column("T", Kind.TABLE, columns=(photo, file))
    form = replace(EVERY_KIND, sections=(Section("一", (table,)),))
    rows = [{"C1": ["p1", "p2"], "C2": ["f1"]}]
    words = values_in_words(form, {"T": value(rows)}, on=DAY, photos={})

    assert words == {"T": "第1行　C1：2张照片；C2：1个文件"}
    assert value_in_words(form, table, rows) == "第1行（C1：2张照片，C2：1个文件）"
