"""
What one more answer costs in a long checklist, beside a bare pass over its answers.

`python -m benchmarks.forms` prints one JSON line. A checklist of `--items` items (checks, decimals,
multiple choices and calculated values in equal parts; all but one in six with a condition on
others) is filled, then each item is answered again in turn with another value, and after each
answer everything that follows is worked out anew: what is asked, what is calculated, what is
missing, wrong and failed. The probe is a bare loop that looks each item's answer up and counts the
failures. Both run in turn for `--rounds` rounds in one process; a round's figure is the median of
its answers, and the best round counts.

- `answer_ms`: milliseconds from an answer to everything that follows (the goal is at most 1).
- `bare_ms`: of the probe. `ratio`: the first by the second.
- `worst_ms`: the 99th percentile of that round.
- `conditions`, `nodes`: how many conditions the checklist has, and nodes in their trees.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median, quantiles
from typing import Any

from forms.definition.parse import parse_form
from forms.definition.tables import Table
from forms.evaluation.filling import Filling
from forms.evaluation.ordering import conditions_of
from forms.model import Form, Kind

TODAY = "2026-11-23"
LAW: dict[str, Any] = {
    "code": "law",
    "title": "示例法",
    "number": "",
    "effective_from": date(2020, 1, 1),
    "effective_until": None,
    "verified": True,
    "source": "示例",
}
CHECK: dict[str, Any] = {
    "kind": "check",
    "question": "是否符合",
    "how_to_check": "看现场",
    "basis": [{"law": LAW, "article": "第一条", "verified": True}],
    "major": "no",
    "penalties": [
        {
            "code": "P1",
            "law": LAW,
            "article": "第二条",
            "clause": "",
            "unit_range": "处罚款",
            "person_range": "",
            "aggravated_range": "",
            "verified": True,
            "source": "示例",
        }
    ],
    "rectify": 10,
    "finding": "不符合",
    "verification": "示例",
}
GASES = ("o2", "co", "h2s", "nh3")
CYCLE = 6


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield items in turns of six; each looks at those before it in its turn."""
    for number in range(count):
        code, (one, two, three) = f"A{number}", (f"A{number - back}" for back in (1, 2, 3))
        turn: tuple[dict[str, Any], ...] = (
            CHECK,
            {**CHECK, "relevant": f"${{{one}}} = 'pass' or ${{{one}}} = 'fail'"},
            {
                "kind": "decimal",
                "question": "浓度",
                "relevant": f"${{{two}}} != 'not_applicable' and "
                f"(${{{one}}} = 'fail' or ${{{one}}} = '')",
                "required": "true()",
                "constraint": ". >= 0 and . <= 100",
            },
            {
                "kind": "select_multiple",
                "question": "气体",
                "choices": "gas",
                "required": f"${{{one}}} > 20",
                "constraint": "count-selected(.) <= 3",
            },
            {
                **CHECK,
                "relevant": f"selected(${{{one}}}, 'co') and count-selected(${{{one}}}) > 1",
            },
            {
                "kind": "calculate",
                "calculation": f"if(${{{three}}} > 50, round(${{{three}}} * 1.5 + 2, 1), "
                f"coalesce(${{{two}}}, 'none'))",
            },
        )
        yield {"code": code, **turn[number % CYCLE]}


def long_checklist(count: int) -> Form:
    """Return a checklist of so many items."""
    body = {
        "name": "long",
        "version": 1,
        "title": "长检查表",
        "effective_from": date(2026, 1, 1),
        "retired_on": None,
        "sectors": [],
        "device_clause": None,
        "sections": [{"title": "一", "items": list(rows(count))}],
        "choice_lists": [
            {"name": "gas", "choices": [{"name": gas, "label": gas} for gas in GASES]}
        ],
    }
    return parse_form(Table(body, "benchmark", "检查表"))


def answer(kind: Kind, chance: random.Random) -> dict[str, Any]:
    """Return some answer to an item of this kind."""
    if kind is Kind.CHECK:
        result = chance.choice(("pass", "pass", "fail", "not_applicable"))
        return {"result": result, "reason": "", "note": ""}
    given = str(chance.randint(0, 100)) if kind is Kind.DECIMAL else chance.sample(GASES, 2)
    return {"result": "given", "reason": "", "note": "", "given": given}


def timed(
    step: Callable[[str, dict[str, Any]], object], turns: list[tuple[str, Any]]
) -> list[float]:
    """Return the milliseconds of each answer."""
    spent = []
    for code, given in turns:
        begin = time.perf_counter()
        step(code, given)
        spent.append((time.perf_counter() - begin) * 1000)
    return spent


def measure(items: int, rounds: int) -> dict[str, Any]:
    """Return the figures of the report."""
    form, chance = long_checklist(items), random.Random(20261123)
    asked = [(item.code, item.kind) for item in form.items if item.kind is not Kind.CALCULATE]
    filling = Filling(form, TODAY)
    plain: dict[str, dict[str, Any]] = {}

    def answer_it(code: str, given: dict[str, Any]) -> object:
        filling.answer(code, given)
        return filling.state()

    def bare(code: str, given: dict[str, Any]) -> object:
        plain[code] = given
        return sum(1 for one in form_codes if plain.get(one, {}).get("result") == "fail")

    form_codes = [item.code for item in form.items]
    costs: list[list[float]] = []
    probes: list[list[float]] = []
    for _ in range(rounds):
        turns = [(code, answer(kind, chance)) for code, kind in asked]
        costs.append(timed(answer_it, turns))
        probes.append(timed(bare, turns))
    best = min(costs[1:], key=median)  # the first round fills the blank checklist
    probe = min(median(one) for one in probes[1:])
    conditions = [tree for item in form.items for _, tree in conditions_of(item)]
    return {
        "items": items,
        "conditions": len(conditions),
        "nodes": sum(json.dumps(one.tree).count("[") for one in conditions),
        "visible": len(filling.state().visible),
        "answer_ms": round(median(best), 4),
        "worst_ms": round(quantiles(best, n=100)[98], 4),
        "bare_ms": round(probe, 4),
        "ratio": round(median(best) / probe, 1),
    }


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(json.dumps(measure(options.items, options.rounds)))


if __name__ == "__main__":
    main()
