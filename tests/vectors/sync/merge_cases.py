"""Entries, and the items that they must give, written down by hand."""

from typing import Any

from tests.vectors.sync.given_cases import valued
from tests.vectors.sync.hand import (
    D01,
    D02,
    FAIL,
    ORDER_FINDING,
    ORDER_SHOWN,
    PASS,
    TASK,
    Replica,
    jcs,
    op,
    pair,
    sha,
)
from tests.vectors.sync.measure_cases import measure_merges
from tests.vectors.sync.participant_cases import participant_merges
from tests.vectors.sync.phone_cases import second_phone_cases
from tests.vectors.sync.recheck_cases import recheck_merges


def case(name: str, replicas: tuple[Replica, ...], live: list[str], **items: Any) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": TASK,
        "entries": [entry for replica in replicas for entry in replica.entries],
        "live": sorted(live),
        "view": sha(jcs(sorted(live))),
        **items,
    }


def item(heads: dict[str, Any], gone: list[str], conflict: bool) -> dict[str, Any]:
    """Heads as operation id -> value in force, null when retracted."""
    return {"heads": heads, "gone": sorted(gone), "conflict": conflict}


def merges() -> list[dict[str, Any]]:
    cases = []

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, PASS)) + "#0"
    cases.append(
        case(
            "equal values corroborate each other",
            (a, b),
            [a1, b1],
            items={D01: item({a1: PASS, b1: PASS}, [], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "a set removes the head that it cites",
            (a, b),
            [a2],
            items={D01: item({a2: FAIL}, [a1], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL)) + "#0"
    cases.append(
        case(
            "different values conflict",
            (a, b),
            [a1, b1],
            items={D01: item({a1: PASS, b1: FAIL}, [], True)},
        )
    )

    b2 = b.save(2, op("answer.set", D01, FAIL, a1, b1)) + "#0"
    cases.append(
        case(
            "an ordinary set citing different values removes only its own user's",
            (a, b),
            [a1, b2],
            items={D01: item({a1: PASS, b2: FAIL}, [b1], True)},
        )
    )

    chosen = {"chosen": FAIL, "reason": "现场复核"}
    a2 = a.save(3, op("conflict.resolve", D01, chosen, a1, b2)) + "#0"
    cases.append(
        case(
            "the lead's resolution citing every head closes the conflict",
            (a, b),
            [a2],
            items={D01: item({a2: FAIL}, [a1, b1, b2], False)},
        )
    )

    b3 = b.save(4, op("answer.set", D01, PASS, b2)) + "#0"
    cases.append(
        case(
            "a value concurrent to the resolution reopens the conflict",
            (a, b),
            [a2, b3],
            items={D01: item({a2: FAIL, b3: PASS}, [a1, b1, b2], True)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL)) + "#0"
    a2 = a.save(2, op("answer.set", D01, PASS, b1)) + "#0"
    cases.append(
        case(
            "nobody overrules the other while the own earlier value stands beside",
            (a, b),
            [a1, a2, b1],
            items={D01: item({a1: PASS, a2: PASS, b1: FAIL}, [], True)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    a2 = a.save(2, op("answer.set", D01, PASS, b1)) + "#0"
    cases.append(
        case(
            "changing what the other changed is no overruling",
            (a, b),
            [a2],
            items={D01: item({a2: PASS}, [a1, b1], False)},
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.retract", D01, {"reason": ""}, a1)) + "#0"
    b1 = b.save(2, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "retracting against a change is a conflict",
            (a, b),
            [a2, b1],
            items={D01: item({a2: None, b1: FAIL}, [a1], True)},
        )
    )

    a, b = pair()
    first = a.save(0, op("answer.set", D01, PASS), op("answer.set", D01, FAIL, "#0"))
    cases.append(
        case(
            "#k cites an operation of the same entry",
            (a, b),
            [f"{first}#1"],
            items={D01: item({f"{first}#1": FAIL}, [f"{first}#0"], False)},
        )
    )

    a, b = pair()
    b1 = b.save(0, op("answer.set", D02, PASS)) + "#0"
    a1 = a.save(1, op("answer.set", D01, PASS)) + "#0"
    signed = {
        "signer": "lead",
        "name": "甲",
        "officer_id": "",
        "view": sha(jcs([a1])),
        "strokes": [[[0, 0], [1000, 1000]]],
        "refused": False,
        "refusal_reason": "",
    }
    signature = "signature/0198dddd-0000-7000-8000-000000000001"
    s1 = a.save(2, op("signature.add", signature, signed, a1)) + "#0"
    complete = f"visit/complete/{a.id}"
    c1 = a.save(3, op("visit.complete", complete, {})) + "#0"
    items = {
        D01: item({a1: PASS}, [], False),
        signature: item({s1: signed}, [], False),
        complete: item({c1: {}}, [], False),
    }
    cases.append(
        case(
            "a signature holds while the record is what it cites; visit.complete changes nothing",
            (a,),
            [a1],
            items=items,
            signatures={signature: {"stale": False, "unseen": []}},
        )
    )
    cases.append(
        case(
            "what was captured before a signature and not in its view is unseen",
            (a, b),
            [a1, b1],
            items={**items, D02: item({b1: PASS}, [], False)},
            signatures={signature: {"stale": True, "unseen": [D02]}},
        )
    )
    b2 = b.save(9000, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        case(
            "a change after the signature makes it stale",
            (a, b),
            [b1, b2],
            items={
                **items,
                D02: item({b1: PASS}, [], False),
                D01: item({b2: FAIL}, [a1], False),
            },
            signatures={signature: {"stale": True, "unseen": [D02]}},
        )
    )
    of_two_phones = [
        case(
            of.name,
            of.replicas,
            list(of.heads),
            items={D01: item(of.heads, list(of.gone), of.conflict)},
        )
        for of in second_phone_cases()
    ]
    others = _order_cases() + _withdrawing_cases() + _other_cases()
    later = participant_merges() + measure_merges() + recheck_merges()
    return cases + others + of_two_phones + _value_cases() + later


def _order_cases() -> list[dict[str, Any]]:
    """A signature to the order speaks of the findings, and of nothing else."""
    a, _ = pair()
    finding = "finding/0198dddd-0000-7000-8000-000000000002"
    f1 = a.save(0, op("finding.add", finding, ORDER_FINDING)) + "#0"
    signed = {
        "signer": "enterprise",
        "name": "乙",
        "officer_id": "",
        "view": sha(jcs(ORDER_SHOWN)),
        "strokes": [[[0, 0], [1000, 1000]]],
        "refused": False,
        "refusal_reason": "",
        "document": "order",
    }
    signature = "signature/0198dddd-0000-7000-8000-000000000003"
    s1 = a.save(1, op("signature.add", signature, signed, f1)) + "#0"
    a1 = a.save(2, op("answer.set", D02, PASS)) + "#0"
    items = {
        signature: item({s1: signed}, [], False),
        D02: item({a1: PASS}, [], False),
    }
    amended = {**ORDER_FINDING, "deadline": "2026-04-15"}
    standing = case(
        "a signature to the order stays while the findings do, whatever else is answered",
        (a,),
        [f1, a1],
        items={**items, finding: item({f1: ORDER_FINDING}, [], False)},
        signatures={signature: {"stale": False, "unseen": []}},
    )
    f2 = a.save(9000, op("finding.amend", finding, amended, f1)) + "#0"
    changed = case(
        "a finding amended after a signature to the order makes it stale",
        (a,),
        [a1, f2],
        items={**items, finding: item({f2: amended}, [f1], False)},
        signatures={signature: {"stale": True, "unseen": []}},
    )
    return [standing, changed]


FINDING, FINDING_ANEW = (f"finding/0198dddd-0000-7000-8000-00000000000{n}" for n in (4, 5))
NOTE, GAP = "note/0198dddd-0000-7000-8000-000000000006", "gap/0198dddd-0000-7000-8000-000000000007"
SIGNATURE = "signature/0198dddd-0000-7000-8000-000000000008"
WHY = {"reason": "记错了"}


def _withdrawing_cases() -> list[dict[str, Any]]:
    """Taking back is a value like any other: nothing."""
    cases = []

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.retract", D01, {"reason": ""}, a1)) + "#0"
    b1 = b.save(2, op("answer.retract", D01, WHY, a1)) + "#0"
    cases.append(
        case(
            "two who take the same answer back agree, whatever their reasons",
            (a, b),
            [a2, b1],
            items={D01: item({a2: None, b1: None}, [a1], False)},
        )
    )
    a3 = a.save(3, op("answer.set", D01, FAIL, a2, b1)) + "#0"
    cases.append(
        case(
            "an answer given again replaces both",
            (a, b),
            [a3],
            items={D01: item({a3: FAIL}, [a1, a2, b1], False)},
        )
    )

    a, _ = pair()
    f1 = a.save(0, op("finding.add", FINDING, ORDER_FINDING)) + "#0"
    amended = {**ORDER_FINDING, "text": "积尘未清扫，厚 3 mm"}
    anew = a.save(
        1, op("finding.retract", FINDING, WHY, f1), op("finding.add", FINDING_ANEW, amended)
    )
    cases.append(
        case(
            "what is withdrawn and added anew is two items",
            (a,),
            [f"{anew}#0", f"{anew}#1"],
            items={
                FINDING: item({f"{anew}#0": None}, [f1], False),
                FINDING_ANEW: item({f"{anew}#1": amended}, [], False),
            },
        )
    )

    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(1, op("answer.retract", D01, WHY, a1)) + "#0"
    b1 = b.save(2, op("answer.set", D01, FAIL, a1)) + "#0"
    nothing = {"chosen": None, "reason": "不适用"}
    a3 = a.save(3, op("conflict.resolve", D01, nothing, a2, b1)) + "#0"
    cases.append(
        case(
            "a conflict settled as nothing",
            (a, b),
            [a3],
            items={D01: item({a3: None}, [a1, a2, b1], False)},
        )
    )
    b2 = b.save(4, op("answer.set", D01, PASS, a3)) + "#0"
    cases.append(
        case(
            "a later value that cites the resolution replaces it",
            (a, b),
            [b2],
            items={D01: item({b2: PASS}, [a1, a2, a3, b1], False)},
        )
    )

    a, _ = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    signed = {
        "signer": "witness",
        "name": "丙",
        "officer_id": "",
        "view": sha(jcs([a1])),
        "strokes": [],
        "refused": True,
        "refusal_reason": "不愿签字",
    }
    s1 = a.save(1, op("signature.add", SIGNATURE, signed, a1)) + "#0"
    s2 = a.save(2, op("signature.retract", SIGNATURE, WHY, s1)) + "#0"
    cases.append(
        case(
            "a signature withdrawn is none, and leaves the record as it was",
            (a,),
            [a1],
            items={D01: item({a1: PASS}, [], False), SIGNATURE: item({s2: None}, [s1], False)},
        )
    )
    return cases


def _other_cases() -> list[dict[str, Any]]:
    """Forks, and items that only grow."""
    a, _ = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    copy = Replica(a.name, a.scalar, a.user, a.seq, a.prev)
    a2 = a.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    c2 = copy.save(2, op("answer.retract", D01, WHY, a1)) + "#0"
    c3 = copy.save(3, op("note.add", NOTE, {"text": "另一部手机"})) + "#0"
    forked = case(
        "two branches of a fork disagree like two phones",
        (a, copy),
        [a2, c2, c3],
        items={
            D01: item({a2: FAIL, c2: None}, [a1], True),
            NOTE: item({c3: {"text": "另一部手机"}}, [], False),
        },
    )

    a, b = pair()
    starts = {}
    for replica in (a, b):
        value = {**_ARRIVAL, "place": replica.name}
        at = f"visit/start/{replica.id}"
        starts[at] = replica.save(replica.scalar, op("visit.start", at, value)) + "#0", value
    broke = {"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T09:05:00Z", "reason": "电池耗尽"}
    g1 = b.save(9, op("gap.declare", GAP, broke)) + "#0"
    grown = case(
        "each phone has a start of its own, and breaks stand beside each other",
        (a, b),
        [*(id for id, _ in starts.values()), g1],
        items={
            **{at: item({id: value}, [], False) for at, (id, value) in starts.items()},
            GAP: item({g1: broke}, [], False),
        },
    )
    return [forked, grown]


_ARRIVAL = {
    "latitude": "",
    "longitude": "",
    "accuracy_m": "",
    "datum": "",
    "badge_shown": True,
    "rights_told": True,
    "recording": "",
}


def _value_cases() -> list[dict[str, Any]]:
    """Values are compared by their JCS: of them the order of a row's columns says nothing."""
    row = {"V1": "1#罐", "位置": "2 层"}
    turned = dict(reversed(row.items()))
    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, valued([row]))) + "#0"
    b1 = b.save(1, op("answer.set", D01, valued([turned]))) + "#0"
    alike = case(
        "rows with their columns in another order corroborate each other",
        (a, b),
        [a1, b1],
        items={D01: item({a1: valued([row]), b1: valued([row])}, [], False)},
    )
    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, valued("3.5"))) + "#0"
    b1 = b.save(1, op("answer.set", D01, valued("3.50"))) + "#0"
    apart = case(
        "numbers that are not written alike conflict",
        (a, b),
        [a1, b1],
        items={D01: item({a1: valued("3.5"), b1: valued("3.50")}, [], True)},
    )
    return [alike, apart]
