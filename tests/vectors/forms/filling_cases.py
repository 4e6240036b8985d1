"""What is answered to the checklists of the vectors: each line is one case."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.forms import filling_forms as of
from tests.vectors.forms.filling_bodies import Json, given, result

TODAY = "2026-11-23"
NA = result("not_applicable")
UNSEEN = result("not_checked", "设备停用")
STROKES = [[[1, 2], [3, 4]]]
PLACE = {"latitude": "31.5", "longitude": "120.30000000", "accuracy_m": "5", "datum": "WGS84"}
WRONG_ANYWHERE: list[Json] = [5, True, {}, {"x": "1"}, ["a", 5], [{"a": "1"}], "x", "x\n"]
WRONG: dict[str, list[Json]] = {
    "N": ["1.0", "01", "+1", "1e3", "", "１", " 1", "-", "9" * 31, "--1", "-0", "1\n"],
    "O": [".5", "5.", "00", "1,000", "-0.50", "NaN", "0.1e1", "9" * 30, "1 "],
    "P": ["a", "1.5", "-7"],
    "Q": ["maybe", "yes no", ["yes"], "Yes"],
    "R": [["yes", "maybe"], ["yes", "yes"], "yes", ["no", "yes"], []],
    "C": ["2026-02-29", "2024-02-29", "2026-1-1", "20261123", "0000-01-01", "2026-11-24",
          "2026-11-23T00:00", "２026-11-23"],
    "D": ["24:00", "9:00", "23:59", "12:60", "12:00:00"],
    "E": ["2026-11-23T10:00:00+08:00", "2026-11-23T10:00Z", "2026-11-23T10:00", "2026-11-23",
          "2026-11-31T10:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T10:00:00.123456-03:30",
          "2026-11-23T10:60:00Z", "2026-11-23T10:00:00+24:00", "20261123T100000Z",
          "2026-11-23 10:00Z", "2026-11-23T10Z", "2026-11-23T10:00:00.1234567Z",
          "2026-W48-1T10:00Z", "2026-11-23T10:00:00,5Z", "2026-11-23T10:00+08:75",
          "2026-11-23T10:00+08:00:10", "2026-11-23T10:00z", "2026-11-23T10:00+0800"],
    "F": [PLACE, {**PLACE, "latitude": "90.1"}, {**PLACE, "longitude": "-180.00000001"},
          {**PLACE, "latitude": "-90"}, {**PLACE, "latitude": "31.123456789"},
          {**PLACE, "latitude": 31}, {"latitude": "1"}, {**PLACE, "longitude": ""}, "31 120",
          {**PLACE, "latitude": "90", "longitude": "180"}],
    "G": [{"name": "张三", "strokes": STROKES}, {"name": "", "strokes": STROKES},
          {"strokes": STROKES}, {"name": "张三", "strokes": []}, {"name": "张三"}, "张三"],
    "H": ["OK", "ok", "yes"],
    "A": [["x"], {"name": "x"}, "x\ny", "𠮷" * 3],
    "B": ["91320200MA1X2Y3Z4A", "91320200ma1x2y3z4a", "91320200MA1X2Y3Z4", "91320200MA1X2Y3Z4A\n"],
}  # fmt: skip


def cases() -> Iterator[Json]:
    """Yield every case without what comes out."""
    for form, lines in CASES:
        for answers in lines:
            yield case(form, answers)
    for code, values in WRONG.items():
        for value in [*values, *WRONG_ANYWHERE]:
            yield case(of.KINDS, {code: value})
    for form, answers, more in SPECIAL:
        yield case(form, answers) | more


def case(form: Json, answers: Json) -> Json:
    """
    Return one case.

    Args:
        form: The body of a checklist.
        answers: By code, or pairs in the order in which they came: a result, a value, a whole
            answer, or None for one that is taken back.
    """
    pairs = answers.items() if isinstance(answers, dict) else answers
    return {
        "form": form["name"],
        "today": TODAY,
        "known": {},
        "answers": [[code, _answer(form, code, value)] for code, value in pairs],
        "photos": {},
    }


def _answer(form: Json, code: str, value: Json) -> Json:
    if value is None or (isinstance(value, dict) and "result" in value):
        return value
    return result(value) if code in _checks(form["sections"]) else given(value)


def _checks(members: Json) -> set[str]:
    within = [_checks(member["items"]) for member in members if "items" in member]
    return {one["code"] for one in members if one.get("kind") == "check"}.union(*within)


PASS, FAIL = "pass", "fail"
ROW = {"T1": "张三", "T2": "2.5"}
CASES: list[tuple[Json, list[Any]]] = [
    (of.CHECKS, [
        {}, {"A": PASS}, {"A": FAIL}, {"A": FAIL, "B": FAIL}, {"A": FAIL, "B": FAIL, "C": FAIL},
        {"A": PASS, "B": FAIL, "C": FAIL}, {"A": FAIL, "B": FAIL, "D": NA},
        {"D": FAIL, "C": FAIL, "B": FAIL, "A": FAIL}, {"A": NA, "D": UNSEEN},
        {"E": FAIL, "F": FAIL},
        [("A", FAIL), ("B", FAIL), ("A", PASS)], [("A", PASS), ("B", FAIL), ("A", FAIL)],
        [("A", FAIL), ("A", None)], [("A", None)], {"Z9": FAIL, "A": PASS}, {"A": "不符合"},
        {"A": given("fail")}, {"A": PASS, "D": PASS, "E": PASS, "F": PASS}, {"D": FAIL, "E": None},
    ]),
    (of.FURTHER_DOWN, [
        {}, {"E": "5"}, {"E": "5.5"}, {"E": "6", "B": "x"}, {"E": "6", "B": "x", "A": "甲"},
        {"A": "甲", "B": "x", "E": "6"}, {"E": "4", "B": "x", "A": "甲"}, {"E": "0"}, {"E": "-1"},
        {"E": "-0"}, {"E": "0.1"}, {"E": "100"}, {"E": "x"}, {"E": NA}, {"E": UNSEEN, "B": "x"},
        {"E": "123456789012345678901234567890"}, {"H": "y"}, {"J": "z", "E": "-2"},
        [("E", "6"), ("E", "x"), ("B", "x")], [("E", "x"), ("E", "6")],
        {"E": ""}, {"E": " "}, {"E": "-2", "J": ""}, {"E": "-2", "J": "\u3000 \n"}, {"E": None},
        {"E": "-2", "J": NA}, {"E": "-2", "J": " z "}, [("E", "x"), ("E", "")],
    ]),
    (of.SECTIONS, [
        {}, {"A": PASS}, {"A": FAIL}, {"A": FAIL, "B": "x"}, {"A": FAIL, "B": "x", "C": FAIL},
        {"A": FAIL, "B": "x", "C": FAIL, "D": "7"}, {"D": "7", "C": FAIL, "B": "x", "A": FAIL},
        {"A": FAIL, "C": FAIL, "D": "7"}, {"A": PASS, "B": "x", "C": FAIL, "D": "7", "F": FAIL},
        {"A": FAIL, "B": "x", "C": PASS, "D": "7", "F": FAIL},
        {"A": FAIL, "B": "x", "C": FAIL, "D": "7", "F": FAIL},
    ]),
    (of.NUMBERS, [
        {}, {"A": "0"}, {"A": "100", "B": "-1.5"}, {"A": "101"}, {"A": "-1"}, {"A": "51"},
        {"B": "-1.51"}, {"B": "10", "D": "9"}, {"B": "10", "D": "10"}, {"B": "10", "D": "50"},
        {"D": "1"}, {"C": "19"}, {"C": "19.01"}, {"E": "3"}, {"E": "4"}, {"F": "0.1"},
        {"F": "0.3"}, {"F": "0.30000000000000004"}, {"F": "0.09999999999999999"}, {"A": "2.0"},
        {"A": "101", "B": "-2", "C": "20", "D": "99", "E": "1", "F": "1"},
    ]),
    (of.CHOICES, [
        {}, {"A": "yes"}, {"A": "no", "B": ["o2"]}, {"A": "yes", "B": ["o2"]},
        {"B": ["co", "h2s"]}, {"B": ["h2s", "co"]}, {"B": ["co", "h2s", "o2"]}, {"A": "maybe"},
        {"B": ["o2", "xx"]}, {"C": "o2"}, {"C": "nh3"}, {"C": "nh3", "D": "cold"},
        {"C": "o2", "D": "cold"}, {"D": "cold", "C": "nh3", "A": NA},
        {"B": ["co"], "E": "15"}, {"B": ["co"], "E": "25", "G": "co"},
        {"B": ["co"], "E": "15", "G": "co"}, {"B": ["co"], "E": "99", "G": "nh3"},
        {"E": "25", "G": "co"}, {"G": "o2"}, {"B": ["o2"], "H": ["yes", "no"]}, {"F": "x"},
        [("B", ["co", "h2s"]), ("F", "x"), ("E", "1"), ("B", ["co"])],
    ]),
    (of.KINDS, [
        {}, {"H": "OK", "I": "x"}, {"C": "2026-11-20", "F": PLACE,
        "G": {"name": "李四", "strokes": STROKES}}, {"J": "v2"}, {"K": "v3"}, {"L": "x"},
        {"S": "乙"}, {"S": NA}, {"A": "只读"}, {"C": "2026-11-24", "S": "x", "H": "OK"},
    ]),
    (of.PHONE, [
        {}, {"A": TODAY}, {"A": "2026-11-20"}, {"C": "x"}, [("TODAY", None), ("A", TODAY)],
        {"USERNAME": "张三"}, {"E": "x"},
    ]),
    (of.PICTURES, [{}, {"A": "2"}, {"A": NA}, {"B": "1"}]),
    (of.PICTURES_IN_ROWS, [
        {"T": [{"T1": ["a"]}, {"T1": ["b", "c"], "T2": ["d"]}]}, {"T": [{"T1": ["a", "b", "c"]}]},
        {"T": [{"T1": "现场照片"}]}, {"T": [{"T1": ["a", "a"]}, {"T1": ["a", ""]}, {"T1": [1]}]},
        {"T": [{"T1": []}, {"T1": "", "T2": {"latitude": "1"}}, {"T1": ["a"], "T2": "x"}]},
    ]),
    (of.TABLE, [
        {}, {"T": []}, {"Z": "yes"}, {"T": [ROW]}, {"T": [ROW], "limit": "2"},
        {"T": [ROW, {**ROW, "T3": "x"}], "limit": "1"}, {"T": [{}]}, {"T": [{}, ROW, {}]},
        {"T": [{**ROW, "T3": "x", "T5": "maybe"}], "limit": "0"},
        {"T": [{**ROW, "T3": "x"}], "limit": "0"}, {"T": [{**ROW, "T3": "x"}], "limit": "5"},
        {"T": [{**ROW, "T3": "z"}], "limit": "0", "Z": "z"},
        {"T": [{"T1": "无", "T5": "maybe", "T6": "2030-01-01"}]}, {"T": [{**ROW, "T6": TODAY}]},
        {"T": [{**ROW, "T2": "9.6"}]}, {"T": [{**ROW, "T2": "x"}]}, {"T": [{**ROW, "T9": "1"}]},
        {"T": [{**ROW, "T9": "1", "T2": "x", "T1": 5}, {"T6": "?"}]}, {"T": "x"}, {"T": ["x"]},
        {"T": {"T1": "x"}}, {"T": [ROW] * 4}, {"T": [ROW], "A": "no"}, {"T": NA, "Z": "yes"},
        {"T": [{"T1": "李四", "T2": "7"}, ROW], "Z": "z"}, {"T": [{"T2": "7"}], "Z": "z"},
        {"T": [{**ROW, "T1": "无"}], "E": "x"}, {"E": "x", "T": [{"T1": "李四"}, ROW]},
        {"T": [{**ROW, "T7": "x", "T4": "5"}]}, [("T", [ROW]), ("T", None)],
        {"T": [{"T1": "李四"}, {"T1": "李四", "T8": "x"}, {"T1": "张三"}]},
        {"T": [{"TA": "1"}, {"TA": "1"}, {"TA": "3"}]},
        [("T", "x"), ("T", [ROW])], [("T", [ROW]), ("T", "x")], {"T": ""}, {"T": UNSEEN},
    ]),
    (of.NESTED, [
        {}, {"T": [{}]}, {"T": [{"T1": "要"}]},
        {"T": [{"T1": "要", "U": [{"U1": "1"}]}], "A": "10"},
        {"A": "10", "T": [{"U": [{"U1": "1"}, {"U1": "2"}]}, {"U": [{"U1": "3"}]}]},
        {"A": "1", "T": [{"U": [{"U1": "1"}, {"U1": "2"}], "T3": "x"}, {"U": []}, {"T1": "无"}]},
        {"T": [{"T1": "无", "U": [{"U1": "5"}]}]}, {"T": [{"U": [{"U1": "51"}]}], "E": "x"},
        {"T": [{"U": [{"U1": "41"}, {}]}]}, {"T": [{"U": [{"U1": "x"}, {"U9": "1"}]}]},
        {"T": [{"U": "x"}, {"U": ["x"]}]},
        {"T": [{"T1": "q", "U": [{"U3": "r"}]}], "U3_wanted": "q"},
        {"T": [{"T1": "q", "U": [{"U3": "r"}]}], "U3_wanted": "p"},
        {"A": "7", "T": [{"U": [{"U1": "1", "U4": "7"}]}, {"U": [{"U1": "1", "U4": "8"}]}]},
        {"T": [{"U": [{"U1": "1"}, {"U1": "60", "U4": ""}]}, {"U": [{"U2": "9", "U1": "2"}]}]},
    ]),
    (of.MAJOR, [
        dict.fromkeys("ABCDEF", FAIL), {"A": FAIL}, {"B": FAIL}, {"A": FAIL, "B": FAIL},
        {"A": FAIL, "B": FAIL, "C": FAIL}, {"C": FAIL}, {"D": FAIL}, {"E": FAIL}, {"F": FAIL},
        dict.fromkeys("FEDCBA", FAIL), {"B": FAIL, "C": FAIL, "A": NA},
    ]),
    (of.DEVICES, [{code: FAIL} for code in "ABC"]),
    (of.LAPSED, [{"A": FAIL}, {"B": FAIL}]),
    (of.BASES, [{code: FAIL} for code in "ABCDEF"]),
    (of.REFERRED, [
        {"A": FAIL}, {"B": FAIL}, {"C": FAIL}, {"D": "80"}, {"D": "80.5"}, {"E": FAIL},
        {"A": FAIL, "D": "99", "E": FAIL},
    ]),
    (of.MEASURED, [
        {}, {"A": "5"}, {"A": "5", "limit": "4"}, {"A": "5", "limit": "5"},
        {"A": "-5", "limit": "-6"},
        {"B": "no"}, {"B": "yes"}, {"B": "xx"}, {"C": ["co"]}, {"C": ["co"], "D": FAIL},
        {"C": ["co", "o2", "h2s"], "D": FAIL}, {"A": "20", "limit": "5"}, {"F": "2025-11-22"},
        {"F": "2025-11-23"}, {"F": "2025-01-01", "A": "2", "limit": "1"}, {"G": "4"}, {"G": "3"},
        {"G": "4", "A": "1"}, {"B": NA}, {"A": "1", "limit": "x"},
    ]),
    (of.TEXTS, [
        {}, {"统一信用代码": "91320200MA1X2Y3W4A"}, {"统一信用代码": "91320200MA1X2Y3I4A"},
        {"A": "𠮷野家"}, {"A": "𠮷野家x"}, {"A": "钢厂", "E": "  a \t b\n"}, {"E": "a b"},
        {"A": "e\u0301x"}, {"__proto__": "x"}, {"F": "x", "统一信用代码": "9"},
    ]),
    (of.DETAILS, [
        {}, {"A": "x"}, {"B": "x", "A": "y"}, {"C": "x"}, {"C": "z"}, {"C": "x", "D": "y"},
        {"F": "1"}, {"F": "3"}, {"F": "2", "H": ["1", "2"]}, {"H": ["", "9"]}, {"H": ["1", "9"]},
        {"F": "9", "T": [{}]}, {"F": "8", "T": [{}, {"T1": "x"}, {"T1": "x", "T2": "y"}]},
        {"T": [{"U": [{"U1": "3"}, {"U1": "7", "U2": "x"}]}], "I": "5"}, {"T": [{"U": [{}]}]},
    ]),
    (of.LISTS, [
        {}, {"T": [{}]}, {"T": [{"words": "co h2s"}, {"words": "x"}], "part": "co"},
        {"T": [{"words": "x"}, {"words": "co"}], "part": "co"},
        {"T": [{"words": "2026-11-23"}, {"words": "5"}], "part": "7"},
        {"T": [{"words": "0.1234567890123456789"}], "part": "0.1234567890123456789"},
        {"T": [{"words": ""}, {"words": " a \t b "}], "part": "b"},
        {"T": [{"number": "1000000000000000000000"}, {"number": "1"}],
         "part": "1000000000000000000000"},
        {"T": [{"number": "0.0000001"}, {"number": "100"}], "part": "0.0000001 x"},
        {"T": [{"number": "1499999999999999"}]}, {"T": [{"number": "1500000000000000"}]},
    ]),
    (of.ENTERED, [
        {}, *({"N": number} for number in ("0", "1", "3", "-1", "1.5", "201", "x")),
        *({"A": slid} for slid in ("0.1", "0.3", "0.7", "1.9", "0.15", "2.1", "0.3000001")),
        *({"B": slid} for slid in ("0", "-0.25", "0.3", "1e3", "100000000000.2", "7.75000001")),
        *({"C": slid} for slid in ("-5", "5", "6", "-15", "0")), {"E": "0.7"}, {"F": "9.9"},
        *({"F": slid} for slid in ("10000000.3", "10000000.25", "10000000", "10000050.04")),
        {"N": "2", "rows": [{"T1": "x"}]}, {"N": "1", "rows": [{"T1": "x"}], "free": "2"},
        {"N": "2", "rows": [{"T1": "x"}, {"T3": [{"T4": "7"}]}, {"T1": "y", "T3": []}]},
        [("rows", [{"T1": "x"}, {"T1": "y"}]), ("N", "3"), ("free", "是"), ("N", "2")],
        {"N": "2", "free": "是"}, {"N": "2", "free": "是", "rows": [{}, {"T3": [{}, {}]}]},
        {"rows": [{"T1": "x"}]}, {"N": "0", "rows": [{}]}, {"N": "2", "rows": "x"},
        {"N": "2", "rows": NA}, {"N": "1", "R": [{}]}, {"N": "1", "R": [{"R1": "x"}, {}]},
        {"rows": [{}, {}], "free": "1"}, {"rows": [{}], "P": [{}], "free": "1"},
        {"rows": [{}], "P": [{"P1": [{"P2": "x"}]}], "free": "1"}, {"rows": [{}], "P": [{}, {}]},
        {"rows": [{"T1": "x"}], "N": "2", "free": "否"}, {"X": "2026-01-01", "Y": "3"},
        {"N": "3", "rows": [{}, {}, {"T1": "改", "T3": [{"T4": "5"}, {"T4": "6"}]}], "free": "5"},
    ]),
]  # fmt: skip

SPECIAL: list[tuple[Json, Json, Json]] = [
    (of.PHONE, {}, {"known": {"username": "张三", "deviceid": "d-1", "email": "a@b"}}),
    (of.PHONE, {"C": "x"}, {"known": {"username": "李四", "start": "2026-11-23T08:00:00+08:00"}}),
    (of.PHONE, {"A": TODAY, "E": "x"}, {"today": "2026-12-02"}),
    (of.PHONE, {}, {"known": {"today": "2026-11-01"}}),
    (of.KINDS, {"C": "2026-11-30"}, {"today": "2026-11-30"}),
    (of.MEASURED, {"F": "2025-11-23"}, {"today": "2026-11-24"}),
    (of.PICTURES, {}, {"photos": {"A": 1}}),
    (of.PICTURES, {}, {"photos": {"A": 2, "B": 1}}),
    (of.PICTURES, {"A": NA}, {"photos": {"A": 3}}),
    (of.PICTURES, {"A": NA, "C": NA}, {"photos": {"A": 0, "D": 1}}),
    (of.PICTURES, {"D": NA}, {"photos": {"A": 12, "C": 1, "Z": 4}}),
    (of.PICTURES, {"A": "现场照片", "B": NA}, {"photos": {"A": 2, "B": 1}}),
    (of.PHONE, {"TODAY": "2000-01-01"}, {}),
    (of.PHONE, [("TODAY", "2000-01-01"), ("TODAY", None), ("A", TODAY)], {}),
    (of.KINDS, {"C": "2026-11-20", "L": NA, "M": "99"}, {}),
    (of.CHECKS, {"A": "fail"}, {"photos": {"A": 4}}),
    *((of.KINDS, {code: given(None)}, {}) for code in "ACNQRFG"),
    (of.TABLE, {"T": given(None)}, {}),
    *((of.BASES, {code: "fail"}, {"today": "2026-06-30"}) for code in "BDEF"),
    (of.BASES, {"B": "fail"}, {"today": "2026-07-01"}),
    (of.BASES, {"A": "fail"}, {"today": "2019-12-31"}),
]

# What comes out of some of them, by hand: the oracle itself is held to these.
KNOWN: list[tuple[Json, Json, Json]] = [
    (of.CHECKS, {"A": FAIL, "B": FAIL}, {
        "visible": ["A", "B", "C", "D", "E", "F"], "missing": ["C", "F"], "failed": ["A", "B"],
    }),
    (of.CHECKS, {"A": PASS, "B": FAIL, "C": FAIL}, {
        "visible": ["A", "D", "E", "F"], "missing": ["F"], "failed": [],
    }),
    (of.FURTHER_DOWN, {"E": "6", "B": "x", "A": "甲"}, {
        "visible": list("ABCDEFGHIJ"), "missing": [],
        "calculated": {"C": "高", "D": "12", "F": "", "G": "true", "H": "甲/高/12", "I": "2"},
    }),
    (of.FURTHER_DOWN, {"E": "4", "B": "x", "A": "甲"}, {
        "visible": list("CDEFGHIJ"), "missing": [],
        "calculated": {"C": "低", "D": "8", "F": "", "G": "true", "H": "/低/8", "I": "1.33"},
    }),
    (of.NUMBERS, {"A": "101", "B": "-1.51", "F": "0.4"}, {
        "missing": [],
        "calculated": {"G": "99.49", "H": "202", "I": "101"},
        "wrong": [
            {"code": "A", "reason": "应在0至100人之间", "row": 0},
            {"code": "B", "reason": "应不小于-1.5℃", "row": 0},
            {"code": "F", "reason": "应在0.1至0.3mg/m³之间", "row": 0},
            {"code": "H", "reason": "应不大于100", "row": 0},
            {"code": "I", "reason": "应不小于1", "row": 0},
        ],
    }),
    (of.CHOICES, {"A": "yes", "B": ["co", "o2", "xx"]}, {
        "visible": ["A", "B", "C", "D", "E", "G", "H"], "missing": ["E", "H"],
        "wrong": [{"code": "B", "reason": "没有“o2”这个选项", "row": 0}],
    }),
    (of.TABLE, {"T": [ROW, {"T2": "x", "T9": "1"}], "limit": "2"}, {
        "calculated": {"B": "", "C": "2", "D": "", "F": "1", "G": "3"},
        "wrong": [
            {"code": "T", "reason": "“T2是什么”应为数值", "row": 2},
            {"code": "T", "reason": "没有“T9”这一列", "row": 2},
            {"code": "T", "reason": "“T1是什么”未填写", "row": 2},
        ],
    }),
    (of.NESTED, {"A": "10", "T": [{"U": [{"U1": "1"}, {"U1": "60"}]}, {"U": [{"U1": "3"}]}]}, {
        "visible": ["A", "T", "U3_wanted", "B", "C", "D", "E", "F"],
        "calculated": {"B": "64", "C": "3", "D": "81", "F": "4"},
        "wrong": [
            {"code": "T", "reason": "“U1是什么”应不大于50", "row": 1},
            {"code": "T", "reason": "“T3是什么”未填写", "row": 1},
        ],
    }),
    (of.ENTERED, {"N": "2", "A": "0.7", "B": "0.3", "rows": [{"T1": "x"}]}, {
        "missing": ["Y"],
        "wrong": [
            {"code": "B", "reason": "应为从0起每隔0.25的数", "row": 0},
            {"code": "G", "reason": "应为从0起每隔1的数", "row": 0},
            {"code": "rows", "reason": "应为2行，现为1行", "row": 0},
        ],
    }),
    (of.ENTERED, {"N": "2", "free": "是"}, {"missing": ["Y"]}),
    (of.ENTERED, {"N": "2"}, {"missing": ["rows", "Y"]}),
    (of.ENTERED, {"N": "0"}, {"missing": ["Y"]}),
    (of.ENTERED, {"rows": [{}], "free": "1"}, {"missing": ["P", "Y"]}),
    (of.MEASURED, {"A": "20", "limit": "5", "B": "no", "F": "2025-01-01"}, {
        "failed": ["A", "B", "E", "F"], "missing": ["D"], "calculated": {"E": "15"},
    }),
]  # fmt: skip
