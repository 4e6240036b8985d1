"""How texts, decimals, moments and keys are written, and how they are not."""

import json
from typing import Any

from tests.vectors.sync.hand import D01, ORDER_FINDING, PASS, Replica, op, sha, written

ID = "0198dddd-0000-7000-8000-000000000002"
NOTE, PHOTO_ITEM = f"note/{ID}", f"photo/{ID}"
PHOTO = sha(b"jpeg")
CITED = "a" * 64 + "#0"


def odd_entries(phone: Replica, photo: dict[str, Any]) -> list[dict[str, Any]]:
    """Let a phone write what looks odd and is right; return the entries with their names."""

    def shot(**changes: Any) -> dict[str, Any]:
        return op("photo.add", PHOTO_ITEM, {**photo, **changes}, blob=PHOTO)

    cases: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("a key twice", op("note.add", NOTE, {"text": "乙"}), {"rewritten": TWICE}),
        ("characters are code points", op("note.add", NOTE, {"text": "𠮷" * 4000}), {}),
        ("white space around a text", op("note.add", NOTE, {"text": "\u3000乙\n"}), {}),
        ("a type with a point and a plus", shot(mime="image/x-adobe.dng+raw"), {}),
        ("degrees that lie nowhere", shot(latitude="91", longitude="-031.10"), {}),
        ("a reason that may be empty is blank", op("answer.retract", D01, {"reason": " "}), {}),
        ("a device that nobody gave", op("answer.set", D01, PASS), {"device": phone.user}),
        ("a clock that went back", op("answer.set", D01, PASS), {"hlc": f"{0:013d}-0000-00000000"}),
    ]
    made = []
    for index, (name, operation, changed) in enumerate(cases):
        phone.save(910 + index, operation, **changed)
        made.append({"name": name, **phone.entries[-1]})
    return made


TWICE = ('{"text":"乙"}', '{"text":"甲","text":"乙"}')


def wrong_entries(
    good: dict[str, Any], photo: dict[str, Any], person: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what is written wrong, each in an entry that is otherwise right."""

    def broken(why: str, *rewritten: tuple[str, str], **changes: Any) -> dict[str, Any]:
        text = json.dumps({**good, **changes}, separators=(",", ":"), ensure_ascii=False)
        for old, new in rewritten:
            text = text.replace(old, new)
        return {"why": why, **written(text)}

    def typed(why: str, type: str, item: str, value: Any, *parents: str) -> dict[str, Any]:
        blob = PHOTO if type == "photo.add" else ""
        return broken(why, ops=[op(type, item, value, *parents, blob=blob)])

    def shot(why: str, **changes: Any) -> dict[str, Any]:
        return typed(why, "photo.add", PHOTO_ITEM, {**photo, **changes})

    said = {"chosen": PASS, "reason": "\u2003"}
    unchecked = {**PASS, "result": "not_checked", "reason": "\u00a0"}
    return [
        broken("a key twice, first as a text", ('"mono":0', '"mono":"0","mono":0')),
        typed("a note of blanks", "note.add", NOTE, {"text": " "}),
        typed("a note of an ideographic blank", "note.add", NOTE, {"text": "\u3000"}),
        typed("a finding of line feeds", "finding.add", f"finding/{ID}", _blank_finding()),
        typed("a name of blanks", "participant.add", f"participant/{ID}", {**person, "name": " "}),
        typed("withdrawn for a tab", "note.retract", NOTE, {"reason": "\t"}, CITED),
        typed("a resolution for a wide blank", "conflict.resolve", D01, said, CITED),
        typed("not_checked for a hard blank", "answer.set", D01, unchecked),
        *(shot(f"type {mime!r}", mime=mime) for mime in TYPES),
        *(shot(f"latitude {degrees}", latitude=degrees) for degrees in DEGREES),
        *(shot(f"accuracy {metres}", accuracy_m=metres) for metres in METRES),
        broken("wall with a small t", wall="2026-03-02t09:00:00+08:00"),
        broken("wall with a small z", wall="2026-03-02T09:00:00z"),
        typed("a parent's index with a zero before", "answer.set", D01, PASS, "a" * 64 + "#00"),
    ]


TYPES = ("", "jpeg", "image/JPEG", "image/jpeg; q=1", "image/" + "x" * 61)
DEGREES = ("+31", ".5", "31.", "3e1", "1031", "31.123456789", "٣١")
METRES = ("-1", "+1", "1.0001", "1234567", ".5")


def _blank_finding() -> dict[str, Any]:
    return {**ORDER_FINDING, "text": "\n\n"}
