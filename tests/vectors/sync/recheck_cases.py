"""What a recheck says of the problems of an earlier check: one register for each of them."""

import json
from typing import Any

from tests.vectors.sync.hand import Replica, jcs, op, pair, sha, written

EARLIER = "0198aaaa-0000-4000-8000-0000000000aa"
FIRST, SECOND = (f"recheck/{EARLIER}/{number}" for number in (1, 2))
CITED = "a" * 64 + "#0"
DONE = {"result": "rectified", "note": ""}
PARTLY = {"result": "partly", "note": "已清扫，吸尘系统尚未改造"}
LEFT = {"result": "not_rectified", "note": ""}
UNSEEN = {"result": "not_checked", "note": "车间停产锁闭"}


def recheck_entries(phone: Replica) -> list[dict[str, Any]]:
    """Let a phone say each result; return the entries with names."""
    chosen = {"chosen": LEFT, "reason": "现场复核"}
    cases = [
        ("recheck.set, rectified", op("recheck.set", FIRST, DONE)),
        ("recheck.set, partly", op("recheck.set", FIRST, PARTLY, CITED)),
        ("recheck.set, not rectified", op("recheck.set", SECOND, LEFT)),
        ("recheck.set, not checked", op("recheck.set", SECOND, UNSEEN, CITED)),
        ("recheck.set of the last number", op("recheck.set", f"recheck/{EARLIER}/999", DONE)),
        ("recheck.retract", op("recheck.retract", FIRST, {"reason": ""}, CITED)),
        ("conflict.resolve of recheck", op("conflict.resolve", FIRST, chosen, CITED)),
    ]
    made = []
    for index, (name, operation) in enumerate(cases):
        phone.save(990 + index, operation)
        made.append({"name": name, **phone.entries[-1]})
    return made


def wrong_rechecks(good: dict[str, Any]) -> list[dict[str, Any]]:
    """Return results that are none, each in an entry that is otherwise right."""

    def said(why: str, item: str = FIRST, value: Any = DONE, **more: Any) -> dict[str, Any]:
        ops = [op("recheck.set", item, value) | more]
        text = json.dumps({**good, "ops": ops}, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    unsaid = {"chosen": {**UNSEEN, "note": ""}, "reason": "现场复核"}
    return [
        said("an unknown result of a recheck", value={**DONE, "result": "pass"}),
        said("a problem not looked at without a reason", value={**UNSEEN, "note": " \u3000"}),
        said("a result of a recheck without its note", value={"result": "rectified"}),
        said("a result of a recheck with a field more", value={**DONE, "photos": []}),
        said("a recheck of number 0", f"recheck/{EARLIER}/0"),
        said("a recheck of number 01", f"recheck/{EARLIER}/01"),
        said("a recheck of number 1000", f"recheck/{EARLIER}/1000"),
        said("a recheck of no check", "recheck/2026-0001/1"),
        said("a recheck of no problem", f"recheck/{EARLIER}"),
        said("a result of a recheck as an answer", type="answer.set"),
        said(
            "a problem not looked at chosen without a reason",
            value=unsaid,
            type="conflict.resolve",
            parents=[CITED],
        ),
    ]


def recheck_merges() -> list[dict[str, Any]]:
    """Return results that agree, that conflict, that are settled, and one taken back."""
    a, b = pair()
    a1 = a.save(0, op("recheck.set", FIRST, DONE)) + "#0"
    b1 = b.save(1, op("recheck.set", FIRST, LEFT)) + "#0"
    b2 = b.save(2, op("recheck.set", SECOND, LEFT)) + "#0"
    second = {SECOND: _item({b2: LEFT})}
    disputed = _case(
        "two phones that say different things of a problem disagree",
        (a, b),
        [a1, b1, b2],
        {FIRST: _item({a1: DONE, b1: LEFT}, conflict=True), **second},
    )
    settled = {"chosen": LEFT, "reason": "现场复核"}
    a2 = a.save(3, op("conflict.resolve", FIRST, settled, a1, b1)) + "#0"
    chosen = _case(
        "the lead settles how a problem stands",
        (a, b),
        [a2, b2],
        {FIRST: _item({a2: LEFT}, a1, b1), **second},
    )
    a, b = pair()
    a1 = a.save(0, op("recheck.set", FIRST, DONE)) + "#0"
    a2 = a.save(1, op("recheck.retract", FIRST, {"reason": ""}, a1)) + "#0"
    taken = _case(
        "a result of a recheck taken back leaves nothing said",
        (a, b),
        [a2],
        {FIRST: _item({a2: None}, a1)},
    )
    return [disputed, chosen, taken]


def _item(heads: dict[str, Any], *gone: str, conflict: bool = False) -> dict[str, Any]:
    return {"heads": heads, "gone": sorted(gone), "conflict": conflict}


def _case(
    name: str, replicas: tuple[Replica, ...], live: list[str], items: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": json.loads(replicas[0].entries[0]["bytes"])["assignment"],
        "entries": [entry for replica in replicas for entry in replica.entries],
        "live": sorted(live),
        "view": sha(jcs(sorted(live))),
        "items": items,
        "signatures": {},
    }
