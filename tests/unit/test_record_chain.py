"""The chain of one case: any change that leaves its head in place is found."""

from dataclasses import replace

import pytest

from inspect_server.domain.record import GENESIS, StoredLeaf, chain_faults, leaf_bytes, leaf_hash

CASE = "inspection/2026-0001"


def _chain(length: int, case: str = CASE) -> list[StoredLeaf]:
    leaves: list[StoredLeaf] = []
    before = GENESIS
    for seq in range(1, length + 1):
        content = leaf_bytes(
            case=case,
            case_seq=seq,
            case_prev=before,
            type="t",
            at="2026-03-02T01:00:00.000Z",
            actor="system:test",
            body={"n": seq},
        )
        before = leaf_hash(content)
        leaves.append(StoredLeaf(seq, before, content))
    return leaves


def test_an_untouched_chain_holds() -> None:
    chain = _chain(3)

    assert chain_faults(CASE, chain, 3, chain[-1].leaf) == ()
    assert chain_faults(CASE, [], 0, GENESIS) == ()


@pytest.mark.parametrize("position", range(3))
def test_any_changed_byte_is_found(position: int) -> None:
    chain = _chain(3)
    content = bytearray(chain[position].content)
    content[-4] ^= 1
    chain[position] = replace(chain[position], content=bytes(content))

    assert chain_faults(CASE, chain, 3, chain[-1].leaf)


def test_a_leaf_rewritten_with_its_hash_no_longer_joins_the_next() -> None:
    chain = _chain(3)
    content = chain[0].content.replace(b'"n":1', b'"n":7')
    chain[0] = StoredLeaf(1, leaf_hash(content), content)

    assert chain_faults(CASE, chain, 3, chain[-1].leaf) == ("第 2 条：与前一条不相连",)


@pytest.mark.parametrize("gone", range(3))
def test_a_missing_leaf_is_found(gone: int) -> None:
    chain = _chain(3)
    left = [leaf for leaf in chain if leaf.case_seq != gone + 1]

    assert chain_faults(CASE, left, 3, chain[-1].leaf)


def test_leaves_of_another_case_or_order_are_found() -> None:
    chain, other = _chain(2), _chain(2, "inspection/2026-0002")

    assert chain_faults(CASE, other, 2, other[-1].leaf)
    assert chain_faults(CASE, [chain[1], chain[0]], 2, chain[1].leaf)


def test_bytes_that_are_no_event_are_a_fault_and_no_crash() -> None:
    leaves = [StoredLeaf(1, leaf_hash(text), text) for text in (b"\xff", b"[]", b"1")]

    assert len(chain_faults(CASE, leaves, 3, leaves[-1].leaf)) == 6
