"""Merging depends on what was said and never on when it arrived, and loses nothing uncited."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import entries, merge, values
from sync.entries import Operation
from sync.ids import operation_id
from tests.sync_model import oracle

TASK = "0198aaaa-0000-4000-8000-000000000001"
Shape = Callable[[int], list[Operation]]
ITEMS = ["answer/dust/D01", "answer/dust/D02"]
USERS = ["u-lead", "u-member"]
DESK = "desk"
"""The server's replica: everybody's who works in the office."""


def _operation(
    number: int, type: str, item: str, user: str, value: Any, parents: Any, phone: int = 1
) -> Operation:
    return Operation(
        id=operation_id(f"{number:064x}", 0),
        assignment=TASK,
        item=item,
        type=type,
        parents=tuple(parents),
        value=values.canonical(value),
        blob="",
        replica=(f"{user}-{phone}" if phone else DESK).ljust(64, "0"),
        seq=number,
        user=user,
        wall="",
        hlc=f"{number:013d}-0000-00000000",
    )


@st.composite
def histories(draw: st.DrawFn, phones: int = 2, first: int = 0) -> list[Operation]:
    """
    Operations of people with so many phones, that cite any earlier ones of the same item.

    `first`: 0 when they sit down at one desk, too; 1 when not.
    """
    made: list[Operation] = []
    for number in range(draw(st.integers(1, 9))):
        item, user = draw(st.sampled_from(ITEMS)), draw(st.sampled_from(USERS))
        earlier = [op.id for op in made if op.item == item]
        parents = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        result = draw(st.sampled_from(["pass", "fail"]))
        chosen = {"result": result, "reason": "", "note": ""}
        type, value = draw(
            st.sampled_from(
                [
                    ("answer.set", chosen),
                    ("answer.set", chosen),
                    ("answer.retract", {"reason": ""}),
                    ("conflict.resolve", {"chosen": chosen, "reason": "x"}),
                ]
            )
        )
        phone = draw(st.integers(first, phones))
        made.append(_operation(number, type, item, user, value, parents, phone))
    return made


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_merge_ignores_arrival_order_and_repeats(sent: list[Operation], rng: Random) -> None:
    arrived = sent + sent[:2]
    rng.shuffle(arrived)

    assert merge.fold(TASK, sent) == merge.fold(TASK, arrived)


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_value_disappears_only_through_an_operation_that_cites_it(
    sent: list[Operation], rng: Random
) -> None:
    rng.shuffle(sent)
    shown: set[str] = set()
    for count in range(1, len(sent) + 1):
        record = merge.fold(TASK, sent[:count])
        now = {head.id for item in record.items.values() for head in item.heads}
        cited = {parent for op in sent[:count] for parent in op.parents}

        assert shown - now <= cited
        shown = now | (shown - cited)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_nobody_but_the_lead_ends_a_disagreement_that_they_are_part_of(
    sent: list[Operation],
) -> None:
    """Only by giving up one's own value; the other's goes with a resolution alone."""
    for count in range(1, len(sent)):
        before, after = merge.fold(TASK, sent[:count]), merge.fold(TASK, sent[: count + 1])
        op = sent[count]
        if op.item not in before.conflicts or op.type == merge.RESOLVE:
            continue
        then, kept = before.items[op.item].heads, {head.id for head in after.items[op.item].heads}
        if any(head.user == op.user and head.id in kept for head in then):
            assert all(head.id in kept for head in then if head.user != op.user)


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_what_comes_one_by_one_is_what_the_whole_gives(sent: list[Operation], rng: Random) -> None:
    ops = [op for op in sent if op.item == sent[0].item]
    rng.shuffle(ops)
    register = merge.Register()
    for count, op in enumerate(ops, 1):
        register.add(op)
        whole = merge.fold_item(ops[:count])

        assert register.conflict == whole.conflict
        assert register.item() == whole


@given(histories())
@settings(max_examples=150, deadline=None)
def test_a_second_reading_of_the_rules_gives_the_same(sent: list[Operation]) -> None:
    """The oracle of the evenings, which shares nothing with `sync`."""
    ops = [op for op in sent if op.item == sent[0].item]
    heads, gone = oracle.fold({op.id: _plainly(op) for op in ops})
    item = merge.fold_item(ops)

    assert [head.id for head in item.heads] == [head.id for head in heads]
    assert list(item.gone) == gone


def _plainly(op: Operation) -> oracle.Op:
    entry = {"replica": op.replica, "user": op.user, "seq": op.seq, "hlc": op.hlc}
    plain = {"type": op.type, "item": op.item, "value": json.loads(op.value)}
    return oracle.Op(op.id, entry, plain, op.parents)


def test_a_value_that_was_named_but_not_replaced_is_still_a_disagreement() -> None:
    """The partner's answer named both of mine and so replaced neither."""
    passed, failed = ({"result": r, "reason": "", "note": ""} for r in ("pass", "fail"))
    mine = _operation(0, "answer.set", ITEMS[0], "u-lead", passed, [])
    taken_back = _operation(1, "answer.retract", ITEMS[0], "u-lead", {"reason": ""}, [])
    theirs = _operation(2, "answer.set", ITEMS[0], "u-member", failed, [mine.id, taken_back.id])
    again = _operation(3, "answer.set", ITEMS[0], "u-lead", passed, [theirs.id])

    item = merge.fold_item([mine, taken_back, theirs, again])
    assert theirs.id in {head.id for head in item.heads}
    assert item.conflict


def test_two_people_at_one_desk_are_two_voices() -> None:
    """Both write into the server's replica; what one replaces is not taken for the other's."""
    passed, failed = ({"result": r, "reason": "", "note": ""} for r in ("pass", "fail"))
    theirs = _operation(1, "answer.set", ITEMS[0], "u-member", passed, [], phone=0)
    mine = _operation(2, "answer.set", ITEMS[0], "u-lead", failed, [], phone=0)
    over_theirs = _operation(3, "answer.set", ITEMS[0], "u-lead", failed, [theirs.id], phone=0)

    item = merge.fold_item([theirs, mine, over_theirs])
    assert {head.id for head in item.heads} == {theirs.id, mine.id, over_theirs.id}


def test_what_a_desk_had_named_counts_for_whoever_sits_at_it() -> None:
    """The server's numbers are one order: after the lead named an answer, it was known there."""
    passed, failed = ({"result": r, "reason": "", "note": ""} for r in ("pass", "fail"))
    theirs = _operation(1, "answer.set", ITEMS[0], "u-lead", passed, [])
    mine = _operation(2, "answer.set", ITEMS[0], "u-member", failed, [theirs.id])
    named = _operation(3, "answer.set", ITEMS[0], "u-lead", failed, [mine.id], phone=0)
    later = _operation(4, "answer.set", ITEMS[0], "u-member", passed, [], phone=0)

    assert merge.fold_item([theirs, mine, named, later]).gone == (theirs.id, mine.id)


def test_a_long_chain_of_changes_folds() -> None:
    sent: list[Operation] = []
    for number in range(1500):
        value = {"result": ("pass", "fail")[number % 2], "reason": "", "note": ""}
        parents = [sent[-1].id] if sent else []
        sent.append(_operation(number, "answer.set", ITEMS[0], USERS[number % 2], value, parents))

    item = merge.fold_item(reversed(sent))
    assert [head.id for head in item.heads] == [sent[-1].id]


@given(histories(phones=1, first=1), st.data())
@settings(max_examples=100, deadline=None)
def test_what_a_phone_pulls_and_its_own_rest_fold_to_the_whole(
    sent: list[Operation], data: st.DataObject
) -> None:
    """The server folded a prefix; the phone holds heads, gone, and its own operations."""
    item = sent[-1].item
    ops = [op for op in sent if op.item == item]
    split = data.draw(st.integers(1, len(ops)))
    pulled = merge.fold_item(ops[:split])
    heads = [op for op in ops[:split] if op.id in {head.id for head in pulled.heads}]
    judged = {op.id for op in ops[:split]}
    rest = [op for op in ops[split:] if _is_honest(op, ops)]
    whole = merge.fold_item([*ops[:split], *rest])
    seen = merge.fold_item([*heads, *rest], pulled.gone, judged)

    assert seen.heads == whole.heads


def _is_honest(op: Operation, ops: Sequence[Operation]) -> bool:
    """A phone names, in a conflict, nothing but its own user's heads (docs/sync.md, merging 4)."""
    if op.type == merge.RESOLVE:
        return True
    named = [one for one in ops if one.id in op.parents]
    return all(one.user == op.user for one in named)


def _answer(number: int, user: str, result: str, *parents: str) -> Operation:
    value = {"result": result, "reason": "", "note": ""}
    return _operation(number, "answer.set", ITEMS[0], user, value, parents)


def _signature(number: int, live: Sequence[str]) -> Operation:
    item = "signature/0198dddd-0000-7000-8000-000000000001"
    value = {
        "signer": "lead",
        "name": "甲",
        "officer_id": "",
        "view": entries.view_digest(live),
        "strokes": [],
        "refused": True,
        "refusal_reason": "外出",
    }
    return _operation(number, "signature.add", item, "u-lead", value, live)


def test_a_signature_whose_view_is_not_its_parents_is_stale() -> None:
    answer = _answer(1, "u-lead", "pass")
    signature = _signature(2, [answer.id])
    forged = _operation(
        2,
        "signature.add",
        signature.item,
        "u-lead",
        merge.fold(TASK, [signature]).signatures[0].head.plain(),
        [],
    )

    assert not merge.fold(TASK, [answer, signature]).signatures[0].stale
    assert merge.fold(TASK, [answer, forged]).signatures[0].stale


def test_a_replaced_value_was_seen_through_what_replaced_it() -> None:
    first = _answer(1, "u-member", "pass")
    second = _answer(2, "u-lead", "fail", first.id)
    state = merge.fold(TASK, [first, second, _signature(3, [second.id])]).signatures[0]

    assert (state.stale, state.unseen) == (False, ())


def test_the_document_grows_its_version_with_every_operation() -> None:
    first, second = _answer(1, "u-lead", "pass"), _answer(2, "u-member", "fail")
    third = _answer(3, "u-lead", "fail", first.id)
    versions = [
        merge.document(TASK, merge.fold_item([first, second, third][:n]), 7).ver for n in (1, 2, 3)
    ]

    assert versions == [1, 2, 3]


def test_kinds_leave_retracted_items_out() -> None:
    answer = _answer(1, "u-lead", "pass")
    gone = _operation(2, "answer.retract", ITEMS[0], "u-lead", {"reason": ""}, [answer.id])

    assert len(merge.fold(TASK, [answer]).of_kind("answer/")) == 1
    assert merge.fold(TASK, [answer, gone]).of_kind("answer/") == ()
    assert merge.fold(TASK, [answer, gone]).items[ITEMS[0]].value is None


def _chain(count: int) -> list[Operation]:
    """Two people who change each other's answer for ever, one of them on two phones."""
    made: list[Operation] = []
    for number in range(count):
        value = {"result": ("pass", "fail")[number % 2], "reason": "", "note": ""}
        parents = [op.id for op in made[-1:]]
        phone, user = 1 + number % 3, USERS[number % 2]
        made.append(_operation(number, "answer.set", ITEMS[0], user, value, parents, phone))
    return made


def _against_one(count: int) -> list[Operation]:
    """A person on two phones who names the lead's one answer over and over."""
    lead = _answer(0, "u-lead", "pass")
    value = {"result": "fail", "reason": "", "note": ""}
    return [
        lead,
        *(
            _operation(n, "answer.set", ITEMS[0], "u-member", value, [lead.id], 1 + n % 2)
            for n in range(1, count)
        ),
    ]


def _gaps(count: int) -> list[Operation]:
    """Every second answer of one phone is replaced by the other, each time all that it did."""
    made: list[Operation] = []
    for number in range(count):
        user, last = USERS[number % 3 > 1], [op.id for op in made[-1:]]
        parents = last if number % 3 == 2 else []
        made.append(_operation(number, "answer.set", ITEMS[0], user, {"result": "pass"}, parents))
    return made


SHAPES = [_chain, _against_one, _gaps]


@pytest.mark.parametrize("shape", SHAPES)
def test_folding_looks_at_each_operation_and_citation(shape: Shape) -> None:
    """Ten times as many operations are ten times the work, whoever wrote them, in any order."""

    def cost(count: int) -> int:
        looked = merge.Looked()
        register = merge.Register(looked=looked)
        for op in reversed(shape(count)):
            register.add(op)
        register.item()
        return looked.at

    assert cost(3000) <= 11 * cost(300)
    assert cost(3000) <= 5 * 2 * 3000


@pytest.mark.parametrize("shape", [_against_one, _gaps])
def test_what_comes_last_is_folded_in_alone(shape: Shape) -> None:
    """One operation after the other, with a look at the item after each, is no more work."""
    ops = [op for op in shape(1000) if op.replica.startswith(("u-lead-1", "u-member-1"))]
    looked = merge.Looked()
    register = merge.Register(looked=looked)
    for op in ops:
        register.add(op)
        assert isinstance(register.conflict, bool)

    assert looked.at <= 5 * 2 * len(ops)


@pytest.mark.parametrize(("answers", "stays"), [(20, False), (80, True)])
def test_beyond_so_many_gaps_the_others_value_stays(answers: int, stays: bool) -> None:
    """A forger who leaves more gaps than are remembered only fails to replace it."""
    mine = [_answer(number, "u-member", "pass") for number in range(answers)]
    lead = _answer(answers, "u-lead", "pass", *(op.id for op in mine[::2]))
    last = _answer(answers + 1, "u-member", "fail", lead.id, *(op.id for op in mine[1::2]))
    heads = {head.id for head in merge.fold_item([*mine, lead, last]).heads}

    assert heads == ({lead.id, last.id} if stays else {last.id})
