"""Answers that are values: texts, choices, places, signatures and rows, and what is none."""

import json
from typing import Any

from tests.vectors.sync.hand import D01, ORDER_FINDING, Replica, op, written

FINDING = "finding/0198dddd-0000-7000-8000-000000000002"
CITED = "a" * 64 + "#0"
PLACE = {"latitude": "31.123456", "longitude": "120.65", "accuracy_m": "8", "datum": "WGS-84"}
SIGNED = {"name": "王五", "strokes": [[[0, 0], [1000, 1000]]]}
WHOLE = {"位置": PLACE, "V1": "1#罐", "V2": ["fan", ""], "V3": SIGNED, "V4": [{"a": ["x"]}, {}]}
REFERRED = {**ORDER_FINDING, "measure": "refer", "deadline": ""}


def valued(given: Any, **more: Any) -> dict[str, Any]:
    """Return the value of an answer that is one."""
    return {"result": "given", "reason": "", "note": "", "given": given, **more}


GIVEN: dict[str, Any] = {
    "a number": "3.50",
    "the longest text": "厚" * 4000,
    "several choices": ["manual", "fan"],
    "200 choices": [str(number) for number in range(200)],
    "a place": PLACE,
    "a signature": SIGNED,
    "rows with a table in them": [WHOLE, {}],
    "200 rows": [{"a": "1"}] * 200,
    "a column of 100 characters": [{"列" * 100: "1"}],
}


def given_entries(phone: Replica) -> list[dict[str, Any]]:
    """Let a phone answer with values, and refer a finding; return the entries with names."""
    chosen = {"chosen": valued("3.5"), "reason": "现场复核"}
    cases = [
        (f"answer.set with {name}", op("answer.set", D01, valued(given)))
        for name, given in GIVEN.items()
    ]
    cases += [
        ("conflict.resolve to a value", op("conflict.resolve", D01, chosen, CITED)),
        ("finding.add, referred", op("finding.add", FINDING, REFERRED)),
    ]
    made = []
    for index, (name, operation) in enumerate(cases):
        phone.save(930 + index, operation)
        made.append({"name": name, **phone.entries[-1]})
    return made


WRONG: dict[str, Any] = {
    "a value that is empty": "",
    "a value of blanks": "\u3000\n",
    "a value with U+0000": "\x00",
    "a value of 4,001 characters": "厚" * 4001,
    "a number that is no text": 3,
    "a float": 3.5,
    "no value": None,
    "no choice": [],
    "201 choices": ["a"] * 201,
    "choices that are numbers": [1],
    "201 rows": [{"a": "1"}] * 201,
    "a row among choices": ["a", {"a": "1"}],
    "a row among the choices of a cell": [{"a": ["x", {"b": "1"}]}],
    "a place without its datum": {name: PLACE[name] for name in PLACE if name != "datum"},
    "a place nowhere": {**PLACE, "latitude": "", "longitude": ""},
    "half a place": {**PLACE, "longitude": ""},
    "a place in a signature": {**PLACE, **SIGNED},
    "a place with another field": {**PLACE, "altitude": "3"},
    "a signature without strokes": {**SIGNED, "strokes": []},
    "a stroke beyond its box": {**SIGNED, "strokes": [[[0, 1001]]]},
    "an object that is neither": {},
    "a cell that is a number": [{"a": 1}],
    "a cell that is nothing": [{"a": None}],
    "half a place in a cell": [{"a": {**PLACE, "latitude": ""}}],
    "rows in rows in rows": [{"a": [{"b": [{"c": "1"}]}]}],
    "a column without a name": [{"": "1"}],
    "a column with a blank": [{"a b": "1"}],
    "a column of 101 characters": [{"a" * 101: "1"}],
    "a column beyond the basic plane": [{"𠮷": "1"}],
}


def wrong_givens(good: dict[str, Any]) -> list[dict[str, Any]]:
    """Return values that are none, each in an entry that is otherwise right."""

    def answered(why: str, value: dict[str, Any], type: str = "answer.set") -> dict[str, Any]:
        parents = [CITED] if type == "conflict.resolve" else []
        entry = {**good, "ops": [op(type, D01, value, *parents)]}
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    missing = valued("")
    del missing["given"]
    resolved = {"chosen": valued(""), "reason": "x"}
    return [
        *(answered(why, valued(given)) for why, given in WRONG.items()),
        answered("given without a value", missing),
        answered("a value beside pass", valued("3.5", result="pass")),
        answered("an empty value beside pass", valued("", result="pass")),
        answered("resolution to an empty value", resolved, "conflict.resolve"),
    ]
