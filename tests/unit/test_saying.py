"""What phones save, in words: every field of every operation, and no two values alike."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from msgspec import structs

from inspect_server.domain.saying import deed, in_words
from sync import values
from sync.values import TYPES

ONE = "0198cccc-0000-4000-8000-000000000001"
TWO = "0198cccc-0000-4000-8000-000000000002"
PLACE = {
    "latitude": ("34.600000", "34.7"),
    "longitude": ("119.200000", "119.3"),
    "accuracy_m": ("8", ""),
    "datum": ("WGS-84", "GCJ-02"),
}
REASONS = (values.RetractValue, values.WithdrawValue, values.RulingValue)
APART = {"sha256", "size", "mime", "device", "phone", "officer_id", "view", "strokes"}
APART |= {"head_hash", "receipt", "signature", "kid", "participant"}
FINDING: Mapping[str, tuple[Any, ...]] = {
    "answer_item": ("answer/small/A1", "answer/small/A2", "answer/other/A1", ""),
    "level": ("general", "major"),
    "text": ("配电箱未关闭", "配电箱敞开", "配电箱 未关闭"),
    "place": ("仓库", "", " 仓库"),
    "basis": ("《规定》第六条", ""),
    "penalty_basis": ("", "《规定》第二十九条"),
    "measure": ("rectify_within", "rectify_now", "suspend", "withdraw", "stop_use", "refer"),
    "further_measures": ("", ["suspend"], ["suspend", "stop_use"]),
    "deadline": ("2027-01-30", "2027-01-31", ""),
    "corrected_on_site": (False, True),
}
TASK = {
    "form": ("small@1", "small@2"),
    "team": (
        [{"user": ONE, "role": "lead"}],
        [{"user": TWO, "role": "lead"}],
        [{"user": ONE, "role": "lead"}, {"user": TWO, "role": "member"}],
    ),
}
ANSWER = {
    "result": ("fail", "pass", "not_applicable", "not_checked", "given"),
    "given": (
        "",
        "3.5",
        "第1行 A：1",
        ["manual", "fan"],
        ["manual、fan"],
        {name: some[0] for name, some in PLACE.items()},
        {"name": "王五", "strokes": [[[0, 0], [1, 1]]]},
        {"name": "王五", "strokes": [[[0, 0], [1, 2]]]},
        [{"A": "1"}],
        [{"A": "1", "B": ""}],
        [{"A": "1"}, {}],
        [{"A": [{"C": "1"}, {"C": "2"}]}],
    ),
    "reason": ("", "设备停用", "设备停用\n"),
    "note": ("二层", "", "设备停用", "原因：设备停用"),
}
GATE = {
    "code": "enterprise",
    "named": "91320799MADT1JDU2X",
    "name": "云湾木业有限公司",
    "agrees": True,
    "typed": False,
    "read_at": "2026-03-02T08:58:00+08:00",
}
GATES = (
    "",
    GATE | {"code": "bureau"},
    GATE | {"named": "91320799MADT1JDU3X"},
    GATE | {"name": ""},
    GATE | {"agrees": False},
    GATE | {"typed": True},
    GATE | {"read_at": "2026-03-02T08:58:00Z"},
)
FIELDS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "answer.set": ANSWER,
    "finding.add": FINDING,
    "finding.amend": FINDING,
    "photo.add": {
        "sha256": ("a" * 64, "b" * 64, "a" * 63 + "b"),
        "size": (1024, 1025),
        "mime": ("image/jpeg", "image/png"),
        "caption": ("配电箱", "", "无文字说明"),
        "finding": ("", f"finding/{ONE}", f"finding/{TWO}"),
        "answer_item": ("", "answer/small/A1"),
        "taken_wall": ("2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00Z"),
        **PLACE,
        "device": ("甲手机", ""),
    },
    "participant.add": {
        "kind": ("responsible", "in_charge", "safety", "operator", "expert", "witness"),
        "name": ("张三", "李四"),
        "position": ("经理", ""),
        "phone": ("13800000000", ""),
        "unit": ("", "安科院"),
    },
    "signature.add": {
        "signer": ("enterprise", "lead", "member", "witness", "participant"),
        "name": ("张三", ""),
        "officer_id": ("", ONE),
        "view": ("a" * 64, "a" * 63 + "b"),
        "strokes": ([[[0, 0], [1, 1]]], [[[0, 0], [1, 2]]], []),
        "refused": (False, True),
        "refusal_reason": ("", "有异议"),
        "document": ("record", "order"),
        "participant": ("", f"participant/{ONE}", f"participant/{TWO}"),
    },
    "note.add": {"text": ("已说明", "已说明。", "已说明 ", "已 说明")},
    "gap.declare": {
        "from": ("2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00.1+08:00"),
        "to": ("2026-03-02T09:10:00+08:00", "2026-03-02T09:11:00+08:00"),
        "reason": ("断电", "换电池"),
    },
    "recheck.set": {
        "result": ("rectified", "partly", "not_rectified", "not_checked"),
        "note": ("停用", ""),
    },
    "visit.start": {
        **PLACE,
        "badge_shown": (True, False),
        "rights_told": (True, False),
        "recording": ("执法记录仪", ""),
        "place": ("一车间", "", "未注明地点"),
        "gate": (GATE, *GATES),
        "arrived_at": ("2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00Z"),
    },
    "visit.complete": {},
    "task.assign": TASK,
    "task.reassign": TASK,
    "task.close": {},
    "replica.enrol": {"user": (ONE, TWO)},
    "replica.lost": {
        "upto_seq": (7, 8),
        "head_hash": ("a" * 64, "a" * 63 + "b"),
        "receipt": ("e30=", "e30"),
        "signature": ("AA==", ""),
        "kid": ("k1", "k2"),
    },
    **{
        kind.name: {"reason": ("核对无误", "填错")}
        for kind in TYPES.values()
        if kind.value in REASONS
    },
}
"""Of each operation's fields some values, the first of them in the example."""


CHOSEN = {start: FIELDS[kind] for start, kind in values.RESOLVABLE.items() if kind}
"""Of each kind of item the fields of what a resolution chooses."""


def neighbours(fields: Mapping[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return an example, and every value that differs from it in one field."""
    first = {name: some[0] for name, some in fields.items()}
    others = [first | {name: one} for name, some in fields.items() for one in some[1:]]
    return [first, *others]


def read_alike(said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the values, as JSON, that look the same in words."""
    seen = {value: "".join(words.split()) for value, words in said.items()}
    return [pair for pair in combinations(seen, 2) if seen[pair[0]] == seen[pair[1]]]


def test_the_examples_have_every_field_of_every_operation() -> None:
    named = {
        kind.name: {field.encode_name for field in structs.fields(kind.value)}
        for kind in TYPES.values()
        if kind.name != "conflict.resolve"
    }

    assert {name: set(fields) for name, fields in FIELDS.items()} == named


@pytest.mark.parametrize("type", FIELDS)
def test_operations_that_differ_never_read_the_same(type: str) -> None:
    sides, item = neighbours(FIELDS[type]), TYPES[type].prefix

    for one in sides[1:]:
        told = {json.dumps(sides[0]): deed(type, item, sides[0], [one])}
        assert read_alike(told | {json.dumps(one): deed(type, item, one, [sides[0]])}) == []
    assert read_alike({json.dumps(one): deed(type, item, one, sides) for one in sides}) == []


@pytest.mark.parametrize("item", CHOSEN)
def test_resolutions_that_differ_never_read_the_same(item: str) -> None:
    sides = neighbours(CHOSEN[item])
    told = {
        json.dumps(one): deed("conflict.resolve", item, {"chosen": one, "reason": "复核"}, sides)
        for one in sides
    }

    assert read_alike(told) == []
    nothing = {"chosen": None, "reason": "复核"}
    assert deed("conflict.resolve", item, nothing, sides) == "采用：已撤回（复核）"


@pytest.mark.parametrize("type", FIELDS)
def test_with_nothing_beside_it_a_value_says_all_but_what_only_tells_sides_apart(type: str) -> None:
    first = {name: some[0] for name, some in FIELDS[type].items()}
    said = {name: first | {name: some[1]} for name, some in FIELDS[type].items()}
    told = {name: deed(type, TYPES[type].prefix, one) for name, one in said.items()}
    unsaid = {
        name for name, words in told.items() if words == deed(type, TYPES[type].prefix, first)
    }

    assert unsaid == APART & set(first)


def finding(**values: Any) -> dict[str, Any]:
    return {name: some[0] for name, some in FINDING.items()} | values


def test_two_sides_are_told_by_what_they_differ_in() -> None:
    one = finding(place="", measure="rectify_within")
    other = finding(place="仓库", measure="suspend", deadline="")

    assert in_words("finding/x", one, [other]) == (
        "一般隐患（配电箱未关闭；处理措施：责令限期整改；整改期限：2027-01-30）"
    )
    assert in_words("finding/x", other, [one]) == (
        "一般隐患（配电箱未关闭；部位：仓库；处理措施：责令暂时停产停业）"
    )


@pytest.mark.parametrize("beside", [[], [None], [finding()]])
def test_a_value_that_nothing_else_stands_against_is_told_whole(beside: list[Any]) -> None:
    assert in_words("finding/x", finding(), beside) == (
        "一般隐患（配电箱未关闭；检查项：A1；部位：仓库；依据：《规定》第六条；"
        "处理措施：责令限期整改；整改期限：2027-01-30）"
    )


def test_a_telephone_number_is_said_only_where_it_is_what_they_differ_in() -> None:
    one = {"kind": "responsible", "name": "张三", "position": "经理", "phone": "13800000000"}
    guard = one | {"kind": "witness", "position": "门卫"}

    assert in_words("participant/x", one) == "张三（现场负责人；职务：经理）"
    assert in_words("participant/x", one, [guard]) == "张三（现场负责人；职务：经理）"
    assert in_words("participant/x", guard, [one]) == "张三（见证人；职务：门卫）"
    assert in_words("participant/x", one, [one | {"phone": ""}]) == "张三（电话：13800000000）"


def test_texts_that_only_look_the_same_are_told_apart_by_their_digests() -> None:
    one, other = {"text": "已说明"}, {"text": "已说明 "}
    told = [in_words("note/x", one, [other]), in_words("note/x", other, [one])]

    assert all("显示相同而数据不同" in words for words in told)
    assert told[0].strip("已说明") != told[1].strip("已说明 ")


def test_rows_of_a_table_are_told_row_by_row() -> None:
    rows = [{"V1": "1#罐", "V2": ["fan", "filter"]}, {"V1": "", "V3": [{"W": "2"}]}]
    answer = {"result": "given", "reason": "", "note": "按台账", "given": rows}

    assert in_words("answer/small/A1", answer) == (
        "已填写（第1行 V1：1#罐，V2：fan、filter；第2行 V1：，V3：〔第1行 W：2〕；按台账）"
    )


def test_a_photo_says_when_and_where_it_was_taken() -> None:
    photo = {name: some[0] for name, some in FIELDS["photo.add"].items()}

    assert in_words("photo/x", photo) == (
        "配电箱（拍摄时间：2026-03-02 09:00:00；位置：34.600000, 119.200000（WGS-84，误差 8 米））"
    )
