"""Entries of every operation type at the edges of their schemas, and entries just beyond them."""

import json
from typing import Any

from tests.vectors.sync.arrival_cases import arrival_entries, wrong_arrivals
from tests.vectors.sync.given_cases import given_entries, wrong_givens
from tests.vectors.sync.hand import (
    D01,
    FAIL,
    FORM,
    ORDER_FINDING,
    PASS,
    TASK,
    Replica,
    op,
    pair,
    sha,
    written,
)
from tests.vectors.sync.measure_cases import measure_entries, wrong_measures
from tests.vectors.sync.participant_cases import participant_entries, wrong_participants
from tests.vectors.sync.recheck_cases import recheck_entries, wrong_rechecks
from tests.vectors.sync.writing_cases import odd_entries, wrong_entries

ID = "0198dddd-0000-7000-8000-000000000002"
PHOTO = sha(b"jpeg")
PHOTO_VALUE = {
    "sha256": PHOTO,
    "size": 4,
    "mime": "image/jpeg",
    "caption": "除尘器",
    "finding": "",
    "answer_item": D01,
    "taken_wall": "2026-03-02T09:00:00+08:00",
    "latitude": "31.123456",
    "longitude": "120.654321",
    "accuracy_m": "8",
    "datum": "WGS-84",
    "device": "test",
}
PERSON = {"kind": "responsible", "name": "王五", "position": "总经理", "phone": "13800000000"}
SIGNED = {
    "signer": "enterprise",
    "name": "王五",
    "officer_id": "",
    "view": sha(b"[]"),
    "strokes": [[[0, 0], [1000, 1000]], [[500, 500]]],
    "refused": False,
    "refusal_reason": "",
}
REFUSED = {**SIGNED, "strokes": [], "refused": True, "refusal_reason": "对结论有异议"}
BREAK = {"from": "2026-03-02T09:00:00+08:00", "to": "2026-03-02T09:05:00.5Z", "reason": "电池耗尽"}
ARRIVAL = {
    "latitude": "-31.12345678",
    "longitude": "120",
    "accuracy_m": "8.125",
    "datum": "WGS-84",
    "badge_shown": True,
    "rights_told": False,
    "recording": "执法记录仪 07",
    "place": "打磨车间",
}
TEAM = [
    {"user": "0198cccc-0000-4000-8000-000000000001", "role": "lead"},
    {"user": "0198cccc-0000-4000-8000-000000000002", "role": "member"},
]
DISPATCH = {"form": FORM, "team": TEAM}
LOST = {
    "upto_seq": 3,
    "head_hash": sha(b"head"),
    "receipt": "e30=",
    "signature": "AA==",
    "kid": "k1",
}
LONG = "厚" * 4000
WHY = {"reason": "记错了"}
MAX_ENTRY = 262_144

SERVER = 1009


def _phone_operations(own: str) -> list[tuple[str, dict[str, Any]]]:
    """What phones write: each type once as usual, and at its edges."""
    photo, finding = f"photo/{ID}", f"finding/{ID}"
    person, signature = f"participant/{ID}", f"signature/{ID}"
    note, gap = f"note/{ID}", f"gap/{ID}"
    cited = "a" * 64 + "#0"
    answer_edges = {"result": "not_checked", "reason": "停产", "note": LONG}
    return [
        ("answer.set", op("answer.set", D01, FAIL)),
        ("answer.set with the longest note", op("answer.set", D01, answer_edges, cited)),
        ("answer.set citing 2,000 parents", op("answer.set", D01, PASS, *_ids(2000))),
        ("answer.retract", op("answer.retract", D01, {"reason": ""}, cited)),
        ("finding.add", op("finding.add", finding, ORDER_FINDING)),
        (
            "finding.add without a deadline",
            op("finding.add", finding, {**ORDER_FINDING, "deadline": "", "answer_item": "x" * 200}),
        ),
        ("finding.amend", op("finding.amend", finding, ORDER_FINDING, cited)),
        ("finding.retract", op("finding.retract", finding, WHY, cited)),
        ("photo.add", op("photo.add", photo, PHOTO_VALUE, blob=PHOTO)),
        (
            "photo.add without a position",
            op(
                "photo.add",
                photo,
                {**PHOTO_VALUE, "latitude": "", "longitude": "", "accuracy_m": ""},
                blob=PHOTO,
            ),
        ),
        ("photo.retract", op("photo.retract", photo, WHY, cited)),
        ("participant.add", op("participant.add", person, PERSON)),
        (
            "participant.add with the longest name",
            op("participant.add", person, {**PERSON, "name": "王" * 100, "position": ""}),
        ),
        ("participant.retract", op("participant.retract", person, WHY, cited)),
        ("signature.add", op("signature.add", signature, SIGNED, cited)),
        ("signature.add, refused", op("signature.add", signature, REFUSED, cited)),
        (
            "signature.add to the order",
            op("signature.add", signature, {**SIGNED, "document": "order"}, cited),
        ),
        (
            "signature.add with the longest stroke",
            op("signature.add", signature, {**SIGNED, "strokes": [[[0, 1000]] * 2000]}, cited),
        ),
        ("signature.retract", op("signature.retract", signature, WHY, cited)),
        ("note.add", op("note.add", note, {"text": "厂长不在"})),
        ("note.retract", op("note.retract", note, {"reason": "x" * 4000}, cited)),
        ("gap.declare", op("gap.declare", gap, BREAK)),
        ("gap.retract", op("gap.retract", gap, WHY, cited)),
        ("visit.start", op("visit.start", f"visit/start/{own}", ARRIVAL)),
        ("visit.complete", op("visit.complete", f"visit/complete/{own}", {})),
        *(
            (f"conflict.resolve of {item.partition('/')[0]}", _resolved(item, chosen))
            for item, chosen in (
                (D01, PASS),
                (finding, ORDER_FINDING),
                (photo, PHOTO_VALUE),
                (person, PERSON),
                (note, {"text": "留下的"}),
                (gap, BREAK),
                (f"visit/start/{'a' * 64}", ARRIVAL),
            )
        ),
        ("conflict.resolve to nothing", _resolved(signature, None)),
    ]


def _server_operations() -> list[tuple[str, str, dict[str, Any]]]:
    """What only the server writes, with the assignment that the entry names."""
    task, replica, entry = f"task/{TASK}", "replica/" + "a" * 64, "entry/" + "b" * 64
    everyone = [{"user": TEAM[0]["user"], "role": "lead"}] + [TEAM[1]] * 19
    return [
        ("task.assign", TASK, op("task.assign", task, DISPATCH)),
        ("task.assign to twenty", TASK, op("task.assign", task, {**DISPATCH, "team": everyone})),
        ("task.reassign", TASK, op("task.reassign", task, {**DISPATCH, "team": TEAM[:1]})),
        ("task.close", TASK, op("task.close", task, {})),
        ("task.reopen", TASK, op("task.reopen", task, WHY)),
        ("replica.enrol", "", op("replica.enrol", replica, {"user": TEAM[0]["user"]})),
        ("replica.lost", "", op("replica.lost", replica, LOST)),
        ("replica.revoke", "", op("replica.revoke", replica, WHY)),
        ("inbox.accept", "", op("inbox.accept", entry, WHY)),
        ("inbox.decline", "", op("inbox.decline", entry, WHY)),
    ]


def _ids(count: int) -> list[str]:
    return ["c" * 64 + "#0"] * count


def _resolved(item: str, chosen: Any) -> dict[str, Any]:
    return op("conflict.resolve", item, {"chosen": chosen, "reason": "现场复核"}, "a" * 64 + "#0")


def _valid() -> list[dict[str, Any]]:
    phone, _ = pair()
    server = Replica("server", SERVER, "")
    made = []
    for index, (name, operation) in enumerate(_phone_operations(phone.id)):
        phone.save(index, operation)
        made.append({"name": name, **phone.entries[-1]})
    for index, (name, assignment, operation) in enumerate(_server_operations()):
        server.save(index, operation, assignment=assignment, form="")
        made.append({"name": name, **server.entries[-1]})
    phone.save(900, op("answer.set", D01, PASS), op("answer.set", D01, FAIL, "#0"))
    made.append({"name": "#0 cites the first operation", **phone.entries[-1]})
    phone.save(901, *[op("answer.set", D01, PASS)] * 500)
    made.append({"name": "500 operations", **phone.entries[-1]})
    phone.save(902, op("answer.set", D01, PASS), pad_to=MAX_ENTRY)
    made.append({"name": "262,144 bytes, white space included", **phone.entries[-1]})
    made += odd_entries(phone, PHOTO_VALUE) + given_entries(phone)
    made += arrival_entries(phone, ARRIVAL) + participant_entries(phone)
    return made + measure_entries(phone) + recheck_entries(phone)


def _invalid(good: dict[str, Any], own: str) -> list[dict[str, Any]]:
    one = good["ops"][0]
    photo_item = f"photo/{ID}"

    def broken(why: str, **changes: Any) -> dict[str, Any]:
        text = json.dumps({**good, **changes}, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    def with_op(why: str, **changes: Any) -> dict[str, Any]:
        return broken(why, ops=[{**one, **changes}])

    def typed(why: str, type: str, item: str, value: Any, **more: Any) -> dict[str, Any]:
        parents = [] if type.endswith((".add", ".start", ".declare")) else ["a" * 64 + "#0"]
        return broken(why, ops=[op(type, item, value, *parents, **more)])

    text = json.dumps(good, separators=(",", ":"), ensure_ascii=False)
    blanks = MAX_ENTRY + 1 - len(text.encode())
    return [
        broken("unknown version", v=2),
        broken("seq 0", seq=0),
        broken("seq beyond 2^53 - 1", seq=2**53),
        broken("prev on the first entry", prev="0" * 64),
        broken("no prev on the second entry", seq=2),
        broken("no operations", ops=[]),
        broken("501 operations", ops=[one] * 501),
        {"why": "262,145 bytes", "parts": [[text, 1], [" ", blanks]]},
        broken("unknown field", extra=1),
        {"why": "a field is missing", "bytes": text.replace('"tz":"Asia/Shanghai",', "")},
        broken("float", mono=1.5),
        broken("wall without offset", wall="2026-03-02T09:00:00"),
        broken("wall that does not exist", wall="2026-02-30T09:00:00+08:00"),
        broken("wall with seven decimals", wall="2026-03-02T09:00:00.0000001+08:00"),
        broken("user in upper case", user=good["user"].upper()),
        broken("an empty boot", boot=""),
        broken("a task's operation without an assignment", assignment=""),
        broken("hlc without its replica", hlc=good["hlc"][:-9]),
        broken("form of 401 characters", form="x" * 401),
        with_op("unknown type", type="answer.delete"),
        with_op("item of another kind", item=photo_item),
        with_op("item with a blank", item="answer/dust explosion/D01"),
        with_op("item with a code of 49 characters", item="answer/dust/" + "D" * 49),
        with_op("value lacks a field", value={"result": "pass", "reason": ""}),
        with_op("value with an unknown field", value={**PASS, "score": 1}),
        with_op("not_checked without reason", value={**PASS, "result": "not_checked"}),
        with_op("note of 4,001 characters", value={**PASS, "note": LONG + "厚"}),
        with_op("U+0000 in a text", value={**PASS, "note": "\x00"}),
        with_op("parent that is no operation id", parents=["abc#0"]),
        with_op("parent of the same entry that comes later", parents=["#0"]),
        with_op("2,001 parents", parents=_ids(2001)),
        with_op("blob on an answer", blob=PHOTO),
        typed("a blank answer.retract", "answer.retract", D01, {}),
        typed("finding without a text", "finding.add", f"finding/{ID}", _but(text="")),
        typed("finding of another level", "finding.amend", f"finding/{ID}", _but(level="minor")),
        typed("deadline on no day", "finding.add", f"finding/{ID}", _but(deadline="2026-02-30")),
        typed("withdrawn without a reason", "finding.retract", f"finding/{ID}", {"reason": ""}),
        typed("photo item in upper case", "photo.retract", photo_item.upper(), WHY),
        typed("photo without its blob", "photo.add", photo_item, PHOTO_VALUE),
        typed(
            "photo whose blob is not its sha256",
            "photo.add",
            photo_item,
            PHOTO_VALUE,
            blob="0" * 64,
        ),
        typed(
            "photo with half a position",
            "photo.add",
            photo_item,
            {**PHOTO_VALUE, "latitude": ""},
            blob=PHOTO,
        ),
        typed("photo of no bytes", "photo.add", photo_item, {**PHOTO_VALUE, "size": 0}, blob=PHOTO),
        typed(
            "participant without a name",
            "participant.add",
            f"participant/{ID}",
            {**PERSON, "name": ""},
        ),
        typed("neither signed nor refused", "signature.add", f"signature/{ID}", _unsigned()),
        typed(
            "refused without a reason",
            "signature.add",
            f"signature/{ID}",
            {**REFUSED, "refusal_reason": " "},
        ),
        typed(
            "a stroke outside of its box",
            "signature.add",
            f"signature/{ID}",
            {**SIGNED, "strokes": [[[0, 1001]]]},
        ),
        typed("an empty note", "note.add", f"note/{ID}", {"text": ""}),
        typed("a break at no moment", "gap.declare", f"gap/{ID}", {**BREAK, "to": "9:05"}),
        typed("another replica's start", "visit.start", "visit/start/" + "0" * 64, ARRIVAL),
        typed("a completed visit with a field", "visit.complete", f"visit/complete/{own}", WHY),
        broken(
            "resolution without heads",
            ops=[op("conflict.resolve", D01, {"chosen": PASS, "reason": "x"})],
        ),
        typed("resolution to no answer", "conflict.resolve", D01, {"chosen": 1, "reason": "x"}),
        typed(
            "resolution without a reason",
            "conflict.resolve",
            D01,
            {"chosen": PASS, "reason": ""},
        ),
        typed(
            "somebody else's signature chosen",
            "conflict.resolve",
            f"signature/{ID}",
            {"chosen": SIGNED, "reason": "x"},
        ),
        typed("a team without a lead", "task.assign", "task/" + good["assignment"], _led(0)),
        typed("a team with two leads", "task.reassign", "task/" + good["assignment"], _led(2)),
        *wrong_entries(good, PHOTO_VALUE, PERSON),
        *wrong_givens(good),
        *wrong_arrivals(good, ARRIVAL, own),
        *wrong_participants(good),
        *wrong_rechecks(good),
        *wrong_measures(good),
    ]


def _but(**changes: Any) -> dict[str, Any]:
    return {**ORDER_FINDING, **changes}


def _unsigned() -> dict[str, Any]:
    return {**SIGNED, "strokes": []}


def _led(leads: int) -> dict[str, Any]:
    roles = ["lead" if index < leads else "member" for index in range(2)]
    users = [member["user"] for member in TEAM]
    team = [{"user": user, "role": role} for user, role in zip(users, roles, strict=True)]
    return {**DISPATCH, "team": team}


def entries() -> dict[str, Any]:
    """Return entries.json."""
    valid = _valid()
    phone, _ = pair()
    return {
        "valid": valid,
        "invalid": _invalid(json.loads(valid[0]["bytes"]), phone.id),
        "private_scalar_hex": f"{phone.scalar:064x}",
    }
