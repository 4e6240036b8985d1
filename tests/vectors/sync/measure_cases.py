"""Findings with several measures: the later form of a value that otherwise stays what it was."""

import json
from typing import Any

from tests.vectors.sync.hand import ORDER_FINDING, Replica, jcs, op, pair, sha, written

ITEM = "finding/0198dddd-0000-7000-8000-000000000031"
CITED = "a" * 64 + "#0"
MAJOR = {**ORDER_FINDING, "level": "major", "measure": "withdraw"}
TWO = {**MAJOR, "further_measures": ["suspend"]}
ALL = {
    **MAJOR,
    "measure": "rectify_now",
    "further_measures": ["rectify_within", "withdraw", "suspend", "stop_use"],
}


def measure_entries(phone: Replica) -> list[dict[str, Any]]:
    """Let a phone note several measures; return the entries with names."""
    chosen = {"chosen": TWO, "reason": "现场复核"}
    cases = [
        ("finding.add with two measures", op("finding.add", ITEM, TWO)),
        ("finding.amend to every measure in order", op("finding.amend", ITEM, ALL, CITED)),
        ("conflict.resolve to two measures", op("conflict.resolve", ITEM, chosen, CITED)),
    ]
    made = []
    for index, (name, operation) in enumerate(cases):
        phone.save(990 + index, operation)
        made.append({"name": name, **phone.entries[-1]})
    return made


def wrong_measures(good: dict[str, Any]) -> list[dict[str, Any]]:
    """Return measures that are none, each in an entry that is otherwise right."""

    def noted(why: str, measure: str, further: Any) -> dict[str, Any]:
        value = {**MAJOR, "measure": measure, "further_measures": further}
        entry = {**good, "ops": [op("finding.add", ITEM, value)]}
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    return [
        noted("further measures that are none", "withdraw", []),
        noted("further measures that are null", "withdraw", None),
        noted("a further measure outside of a list", "withdraw", "suspend"),
        noted("a further measure of another kind", "withdraw", ["seal"]),
        noted("a measure written twice", "withdraw", ["withdraw"]),
        noted("a further measure written twice", "withdraw", ["suspend", "suspend"]),
        noted("further measures out of order", "withdraw", ["stop_use", "suspend"]),
        noted("a measure behind a further one", "suspend", ["withdraw"]),
        noted("a measure at once as a further one", "suspend", ["rectify_now"]),
        noted("a referral with a further measure", "refer", ["suspend"]),
        noted("a referral as a further measure", "withdraw", ["refer"]),
        noted("five further measures", "rectify_now", [*ALL["further_measures"], "refer"]),
    ]


def measure_merges() -> list[dict[str, Any]]:
    """An earlier finding stays as it is; the later form is a value like any other."""
    a, b = pair()
    one = a.save(0, op("finding.add", ITEM, MAJOR)) + "#0"
    two = a.save(1, op("finding.amend", ITEM, TWO, one)) + "#0"
    amended = _case(
        "a finding of the earlier form amended to several measures", (a,), [two], {two: TWO}, [one]
    )
    stop = {**MAJOR, "measure": "stop_use"}
    other = b.save(2, op("finding.amend", ITEM, stop, one)) + "#0"
    disputed = _case(
        "two phones that differ in the measures of one finding disagree",
        (a, b),
        [two, other],
        {two: TWO, other: stop},
        [one],
    )
    return [amended, disputed]


def _case(
    name: str,
    replicas: tuple[Replica, ...],
    live: list[str],
    heads: dict[str, Any],
    gone: list[str],
) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": json.loads(replicas[0].entries[0]["bytes"])["assignment"],
        "entries": [entry for replica in replicas for entry in replica.entries],
        "live": sorted(live),
        "view": sha(jcs(sorted(live))),
        "items": {ITEM: {"heads": heads, "gone": gone, "conflict": len(heads) > 1}},
        "signatures": {},
    }
