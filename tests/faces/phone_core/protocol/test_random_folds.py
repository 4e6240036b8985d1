"""Whatever was said and whoever said it, phone and server fold it to the same."""

import json
from random import Random

import pytest

from sync import merge
from sync.entries import Operation
from tests.faces.phone_core.protocol.node import (
    Json,
    Node,
    shown_item,
    shown_record,
    told,
)
from tests.faces.phone_core.protocol.random_work import TASK, Work
from tests.sampling import one_in

RUNS, EACH = 100, 100


@pytest.mark.parametrize("run", one_in(100, range(RUNS)))
def test_phone_and_server_fold_the_same_record(run: int, in_node: Node) -> None:
    made = [Work(run * EACH + seed).operations() for seed in range(EACH)]
    expected = [shown_record(merge.fold(TASK, ops)) for ops in made]
    got = in_node([["fold", TASK, [told(op) for op in _arrived(ops)]] for ops in made])

    for seed, (one, other) in enumerate(zip(expected, got, strict=True)):
        assert other == one, f"seed {run * EACH + seed}"
    records = [record for record in expected if record["conflicts"]]
    assert len(records) > EACH // 4
    states = [state for record in expected for state in record["signatures"].values()]
    assert {state["stale"] for state in states} == {True, False}
    assert any(state["unseen"] for state in states)


def _arrived(ops: list[Operation]) -> list[Operation]:
    arrived = ops + ops[:2]
    Random(len(ops)).shuffle(arrived)
    return arrived


@pytest.mark.parametrize("run", one_in(100, range(RUNS)))
def test_phone_and_server_fold_the_same_with_what_was_pulled(run: int, in_node: Node) -> None:
    orders, expected = [], []
    for seed in range(EACH):
        ops = Work(run * EACH + seed).operations()
        split = Random(seed).randint(1, len(ops))
        for id in sorted({op.item for op in ops}):
            of_item = [op for op in ops if op.item == id]
            there = [op for op in ops[:split] if op.item == id]
            body = _pulled(there)
            orders.append(["foldPulled", body, [told(op) for op in of_item], TASK])
            expected.append(_shown(there, of_item))

    for order, one, other in zip(orders, expected, in_node(orders), strict=True):
        assert other == one, order


def _pulled(there: list[Operation]) -> Json:
    """Return the body by which the server carries an item to phones, None where it has none."""
    if not there:
        return None
    return json.loads(merge.document(TASK, merge.fold_item(there), 1).body)


def _shown(there: list[Operation], of_item: list[Operation]) -> Json:
    """Return what the headless phone makes of the pulled item and of what it holds."""
    pulled = merge.fold_item(there) if there else None
    gone = frozenset(pulled.gone) if pulled else frozenset()
    heads = {head.id for head in pulled.heads} if pulled else set()
    return shown_item(merge.fold_item(of_item, gone, heads | gone))


def test_a_forger_who_leaves_gaps_gains_nothing_on_a_phone_either(in_node: Node) -> None:
    for answers in (20, 80):
        work = Work(answers)
        for _ in range(answers):
            work.say_one("u3", [])
        mine = [op.id for op in work.made]
        work.say_one("u2", mine[::2])
        work.say_one("u3", [work.made[-1].id, *mine[1::2]], text="丙")
        expected = shown_record(merge.fold(TASK, work.made))

        assert in_node([["fold", TASK, [told(op) for op in work.made]]]) == [expected]
        (item,) = expected["items"].values()
        assert len(item["heads"]) == (2 if answers > 40 else 1)


def test_a_long_chain_of_changes_folds_in_its_time(in_node: Node) -> None:
    work = Work(1)
    for number in range(4000):
        cited = [work.made[-1].id] if work.made else []
        work.say_one(f"u{number % 3}", cited, text="甲乙"[number % 2])
    (got,) = in_node([["fold", TASK, [told(op) for op in reversed(work.made)]]])

    assert got == shown_record(merge.fold(TASK, work.made))
