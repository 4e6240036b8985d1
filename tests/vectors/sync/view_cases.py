"""What a phone must show: pulled documents, merged with entries that the server has not counted."""

from typing import Any

from tests.vectors.sync.hand import D01, FAIL, PASS, TASK, Replica, op, pair
from tests.vectors.sync.merge_cases import item

NOT_APPLICABLE = {"result": "not_applicable", "reason": "", "note": ""}


def _head(replica: Replica, id: str, seq: int, value: Any, *parents: str) -> dict[str, Any]:
    """One head of a pulled document, of an answer captured `seq` milliseconds after nine."""
    return {
        "id": id,
        "type": "answer.retract" if value is None else "answer.set",
        "value": value,
        "blob": "",
        "replica": replica.id,
        "user": replica.user,
        "seq": seq,
        "wall": f"2026-03-02T09:00:00.{seq:03d}+08:00",
        "hlc": f"{1772413200000 + seq:013d}-0000-{replica.id[:8]}",
        "parents": list(parents),
        "settled_reason": "",
    }


def _pulled(gone: list[str], *heads: dict[str, Any]) -> dict[str, Any]:
    values = [head["value"] for head in heads]
    return {
        "assignment": TASK,
        "item": D01,
        "conflict": any(value != values[0] for value in values),
        "gone": sorted(gone),
        "heads": list(heads),
    }


def _case(
    name: str, pulled: dict[str, Any] | None, local: tuple[Replica, ...], shown: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "assignment": TASK,
        "pulled": [pulled] if pulled else [],
        "local": [entry for replica in local for entry in replica.entries],
        "items": {D01: shown},
    }


def views() -> list[dict[str, Any]]:
    """Return views.json; `gone` is what an operation in view or the server has replaced."""
    cases = []

    a, b = pair()
    a1 = a.save(1, op("answer.set", D01, PASS)) + "#0"
    cases.append(_case("nothing pulled yet", None, (a,), item({a1: PASS}, [], False)))
    cases.append(
        _case(
            "an own value that came back stands once",
            _pulled([], _head(a, a1, 1, PASS)),
            (a,),
            item({a1: PASS}, [], False),
        )
    )
    b1 = b.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        _case(
            "an own value that the server knows as replaced is not shown",
            _pulled([a1], _head(b, b1, 1, FAIL, a1)),
            (a,),
            item({b1: FAIL}, [a1], False),
        )
    )
    a2 = a.save(2, op("answer.set", D01, NOT_APPLICABLE, b1)) + "#0"
    cases.append(
        _case(
            "a value not delivered yet replaces the pulled one that it cites",
            _pulled([a1], _head(b, b1, 1, FAIL, a1)),
            (a,),
            item({a2: NOT_APPLICABLE}, [a1, b1], False),
        )
    )

    a, b = pair()
    a1 = a.save(1, op("answer.set", D01, PASS)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL)) + "#0"
    cases.append(
        _case(
            "a value not delivered yet that knows nothing of the pulled one disagrees",
            _pulled([], _head(b, b1, 1, FAIL)),
            (a,),
            item({a1: PASS, b1: FAIL}, [], True),
        )
    )
    cases.append(
        _case(
            "a partner's entries taken in count like own ones",
            None,
            (a, b),
            item({a1: PASS, b1: FAIL}, [], True),
        )
    )
    a2 = a.save(2, op("answer.set", D01, NOT_APPLICABLE, a1, b1)) + "#0"
    cases.append(
        _case(
            "what the server has counted removes nothing a second time",
            _pulled([a1], _head(b, b1, 1, FAIL), _head(a, a2, 2, NOT_APPLICABLE, a1, b1)),
            (a,),
            item({b1: FAIL, a2: NOT_APPLICABLE}, [a1], True),
        )
    )

    a, b = pair()
    a1 = a.save(1, op("answer.set", D01, PASS)) + "#0"
    a2 = a.save(2, op("answer.retract", D01, {"reason": ""}, a1)) + "#0"
    b1 = b.save(1, op("answer.set", D01, FAIL, a1)) + "#0"
    cases.append(
        _case(
            "taken back here, changed there",
            _pulled([a1], _head(b, b1, 1, FAIL, a1)),
            (a,),
            item({a2: None, b1: FAIL}, [a1], True),
        )
    )
    return cases
