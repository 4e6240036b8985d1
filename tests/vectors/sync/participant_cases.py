"""Who takes part with a unit of the own, and what such people sign themselves."""

import json
from typing import Any

from tests.vectors.sync.hand import D01, PASS, Replica, jcs, op, pair, sha, written

PERSON, OTHER, SIGNED_AS, SIGNED_AGAIN = (
    f"{kind}/0198dddd-0000-7000-8000-00000000002{n}"
    for n, kind in enumerate(("participant", "participant", "signature", "signature"))
)
CITED = "a" * 64 + "#0"
EXPERT = {
    "kind": "expert",
    "name": "孙建国",
    "position": "高级工程师",
    "phone": "",
    "unit": "省安全生产科学研究院",
}
HEAD = {"kind": "in_charge", "name": "周大勇", "position": "总经理", "phone": ""}
OPERATOR = {"kind": "operator", "name": "钱敏", "position": "砂光工", "phone": ""}
CORRECTED = {**OPERATOR, "name": "钱闵"}
SIGNED: dict[str, Any] = {
    "signer": "participant",
    "name": "钱敏",
    "officer_id": "",
    "view": sha(b"[]"),
    "strokes": [[[0, 0], [1000, 1000]]],
    "refused": False,
    "refusal_reason": "",
    "participant": PERSON,
}
REFUSED = {**SIGNED, "strokes": [], "refused": True, "refusal_reason": "不了解情况"}


def participant_entries(phone: Replica) -> list[dict[str, Any]]:
    """Let a phone note such people and have them sign; return the entries with names."""
    chosen = {"chosen": EXPERT, "reason": "核对证件"}
    cases = [
        ("participant.add in charge", op("participant.add", PERSON, HEAD)),
        ("participant.add with a unit", op("participant.add", PERSON, EXPERT)),
        (
            "participant.add with the longest unit",
            op("participant.add", PERSON, {**EXPERT, "unit": "院" * 200}),
        ),
        (
            "participant.add with an empty unit",
            op("participant.add", PERSON, {**HEAD, "unit": ""}),
        ),
        ("participant.add, corrected", op("participant.add", PERSON, CORRECTED, CITED)),
        ("signature.add of a participant", op("signature.add", SIGNED_AS, SIGNED, CITED)),
        ("signature.add of a participant, refused", op("signature.add", SIGNED_AS, REFUSED)),
        (
            "signature.add of a participant to the record, by name",
            op("signature.add", SIGNED_AS, {**SIGNED, "document": "record"}, CITED),
        ),
        ("conflict.resolve to a unit", op("conflict.resolve", PERSON, chosen, CITED)),
    ]
    made = []
    for index, (name, operation) in enumerate(cases):
        phone.save(980 + index, operation)
        made.append({"name": name, **phone.entries[-1]})
    return made


def wrong_participants(good: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is noted or signed wrong, each in an entry that is otherwise right."""

    def typed(why: str, operation: dict[str, Any]) -> dict[str, Any]:
        entry = {**good, "ops": [operation]}
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        return {"why": why, **written(text)}

    def noted(why: str, **changes: Any) -> dict[str, Any]:
        return typed(why, op("participant.add", PERSON, {**EXPERT, **changes}))

    def signed(why: str, **changes: Any) -> dict[str, Any]:
        return typed(why, op("signature.add", SIGNED_AS, {**SIGNED, **changes}))

    nobody = {name: value for name, value in SIGNED.items() if name != "participant"}
    return [
        noted("a participant of another kind", kind="guest"),
        noted("a unit of 201 characters", unit="院" * 201),
        noted("a unit that is null", unit=None),
        typed("a participant's signature of nobody", op("signature.add", SIGNED_AS, nobody)),
        signed("a participant who is no item", participant="孙建国"),
        signed("a participant who is another item", participant=PERSON.replace("part", "count")),
        signed("a participant with an id of another kind", participant=PERSON.replace("7", "4")),
        signed("a participant who is null", participant=None),
        signed("an enterprise's signature that names a participant", signer="enterprise"),
        signed("a participant who signs an order", document="order"),
        signed("a participant who neither signs nor refuses", strokes=[]),
    ]


def _view(*ids: str) -> str:
    return sha(jcs(sorted(ids)))


def participant_merges() -> list[dict[str, Any]]:
    """Who signed is named by the item, whatever else is corrected; so each has a place there."""
    a, b = pair()
    a1 = a.save(0, op("answer.set", D01, PASS)) + "#0"
    p1 = a.save(1, op("participant.add", PERSON, OPERATOR)) + "#0"
    first = {**SIGNED, "view": _view(a1, p1)}
    s1 = a.save(2, op("signature.add", SIGNED_AS, first, a1, p1)) + "#0"
    answered = {D01: _item({a1: PASS})}
    fresh = _case(
        "a participant's signature holds while the record is what it cites",
        (a,),
        [a1, p1],
        {**answered, PERSON: _item({p1: OPERATOR}), SIGNED_AS: _item({s1: first})},
        {SIGNED_AS: (False, [])},
    )
    refusal = {**REFUSED, "view": _view(a1, p1)}
    s2 = b.save(3, op("signature.add", SIGNED_AGAIN, refusal, a1, p1)) + "#0"
    twice = _case(
        "two phones with a signature each of one participant keep both, without a conflict",
        (a, b),
        [a1, p1],
        {
            **answered,
            PERSON: _item({p1: OPERATOR}),
            SIGNED_AS: _item({s1: first}),
            SIGNED_AGAIN: _item({s2: refusal}),
        },
        {SIGNED_AS: (False, []), SIGNED_AGAIN: (False, [])},
    )
    p2 = b.save(4, op("participant.add", PERSON, CORRECTED, p1)) + "#0"
    corrected = _case(
        "a participant corrected in place makes the signatures stale, and stays who signed",
        (a, b),
        [a1, p2],
        {
            **answered,
            PERSON: _item({p2: CORRECTED}, p1),
            SIGNED_AS: _item({s1: first}),
            SIGNED_AGAIN: _item({s2: refusal}),
        },
        {SIGNED_AS: (True, []), SIGNED_AGAIN: (True, [])},
    )
    return [fresh, twice, corrected, _withdrawn()]


def _withdrawn() -> dict[str, Any]:
    a, b = pair()
    p1 = a.save(0, op("participant.add", PERSON, OPERATOR)) + "#0"
    o1 = b.save(1, op("participant.add", OTHER, EXPERT)) + "#0"
    first = {**SIGNED, "view": _view(p1)}
    s1 = a.save(2, op("signature.add", SIGNED_AS, first, p1)) + "#0"
    p2 = a.save(3, op("participant.retract", PERSON, {"reason": "不在现场"}, p1)) + "#0"
    return _case(
        "the signature of a participant who was withdrawn stays, stale; another was unseen",
        (a, b),
        [o1, p2],
        {
            PERSON: _item({p2: None}, p1),
            OTHER: _item({o1: EXPERT}),
            SIGNED_AS: _item({s1: first}),
        },
        {SIGNED_AS: (True, [OTHER])},
    )


def _item(heads: dict[str, Any], *gone: str) -> dict[str, Any]:
    return {"heads": heads, "gone": sorted(gone), "conflict": False}


def _case(
    name: str,
    replicas: tuple[Replica, ...],
    live: list[str],
    items: dict[str, Any],
    signatures: dict[str, tuple[bool, list[str]]],
) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": json.loads(replicas[0].entries[0]["bytes"])["assignment"],
        "entries": [entry for replica in replicas for entry in replica.entries],
        "live": sorted(live),
        "view": _view(*live),
        "items": items,
        "signatures": {
            id: {"stale": stale, "unseen": unseen} for id, (stale, unseen) in signatures.items()
        },
    }
