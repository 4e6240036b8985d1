"""Arrivals with what later versions added: the code at the gate, and when a corrected one was."""

import json
from typing import Any

from tests.vectors.sync.hand import Replica, op, written

CITED = "a" * 64 + "#0"
GATE = {
    "code": "enterprise",
    "named": "91320799MADT1JDU2X",
    "name": "云湾木业有限公司",
    "agrees": True,
    "typed": False,
    "read_at": "2026-03-02T08:58:00.000+08:00",
}
BUREAU = {
    **GATE,
    "code": "bureau",
    "named": "0198aaaa-0000-4000-8000-00000000000e",
    "name": "",
    "agrees": False,
    "typed": True,
}
AT = "2026-03-02T08:59:00.000+08:00"


def arrival_entries(phone: Replica, arrival: dict[str, Any]) -> list[dict[str, Any]]:
    """Let a phone arrive past a code, and correct it; return the entries with names."""
    item, other = f"visit/start/{phone.id}", f"visit/start/{'a' * 64}"
    chosen = {"chosen": {**arrival, "gate": GATE, "arrived_at": AT}, "reason": "现场复核"}
    cases = [
        ("visit.start past an enterprise's code", op("visit.start", item, _with(arrival, GATE))),
        ("visit.start past the bureau's code", op("visit.start", item, _with(arrival, BUREAU))),
        (
            "visit.start, corrected",
            op("visit.start", item, {**arrival, "arrived_at": AT}, CITED),
        ),
        (
            "visit.start, corrected, past a code",
            op("visit.start", item, {**_with(arrival, GATE), "arrived_at": AT}, CITED),
        ),
        ("conflict.resolve to a whole arrival", op("conflict.resolve", other, chosen, CITED)),
    ]
    made = []
    for index, (name, operation) in enumerate(cases):
        phone.save(960 + index, operation)
        made.append({"name": name, **phone.entries[-1]})
    return made


def wrong_arrivals(good: dict[str, Any], arrival: dict[str, Any], own: str) -> list[dict[str, Any]]:
    """Return arrivals that are none, each in an entry that is otherwise right."""

    def arrived(why: str, **changes: Any) -> dict[str, Any]:
        ops = [op("visit.start", f"visit/start/{own}", {**arrival, **changes})]
        text = json.dumps({**good, "ops": ops}, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    return [
        arrived("a gate of nobody", gate={**GATE, "code": "visitor"}),
        arrived("a gate that names nothing", gate={**GATE, "named": " "}),
        arrived("a gate without its moment", gate=_without("read_at")),
        arrived("a gate that does not say whether it agrees", gate=_without("agrees")),
        arrived("a gate with a field more", gate={**GATE, "url": ""}),
        arrived("a gate read at no moment", gate={**GATE, "read_at": "2026-03-02T09:00Z"}),
        arrived(
            "a gate read on a day that is none",
            gate={**GATE, "read_at": "2026-02-30T09:00:00Z"},
        ),
        arrived("no gate at all", gate=None),
        arrived("arrived at no moment", arrived_at="9:00"),
        arrived("arrived on a day that is none", arrived_at="2026-02-30T09:00:00Z"),
        arrived("arrived at nothing", arrived_at=""),
    ]


def _with(arrival: dict[str, Any], gate: dict[str, Any]) -> dict[str, Any]:
    return {**arrival, "gate": gate}


def _without(field: str) -> dict[str, Any]:
    return {name: value for name, value in GATE.items() if name != field}
