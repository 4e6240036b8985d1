"""How far a chain is whole follows from the entries that are in, never from their order."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.engine.chains import Chain, Head, History, Link
from sync.values import LostValue


def _lost(seq: int, hash: str) -> LostValue:
    return LostValue(upto_seq=seq, head_hash=hash, receipt="", signature="", kid="")


def _hash(number: int) -> str:
    return f"{number * 7919 % 10007:064x}"  # no order by age


@st.composite
def trees(draw: st.DrawFn) -> list[Link]:
    """What a phone and its clones wrote: each entry follows one that was there."""
    made: list[Link] = []
    for number in range(draw(st.integers(1, 12))):
        before = draw(st.sampled_from([None, *made[-3:]]))
        seq, prev = (before.seq + 1, before.hash) if before else (1, "")
        made.append(Link(seq, prev, _hash(number + 1)))
    return made


def _end_of(links: Sequence[Link], lost: Sequence[LostValue]) -> Head:
    """By definition: walk back from each."""
    by_hash = {link.hash: link for link in links}

    def is_whole(link: Link) -> bool:
        if link.seq == 1 or any(one.stands_before(link.seq, link.prev) for one in lost):
            return True
        return link.prev in by_hash and is_whole(by_hash[link.prev])

    ends = [(link.seq, link.hash) for link in links if is_whole(link)]
    ends += [(one.upto_seq, one.head_hash) for one in lost]
    return min(ends, key=lambda end: (-end[0], end[1]), default=(0, ""))


@given(trees(), st.data())
@settings(max_examples=300, deadline=None)
def test_the_head_follows_from_what_is_in(tree: list[Link], data: st.DataObject) -> None:
    """Delivered in any order, in several pushes, across gaps, and with a receipt in between."""
    came = data.draw(st.lists(st.sampled_from(tree), unique=True), label="came")
    receipt = data.draw(st.none() | st.sampled_from(tree), label="receipt")
    lost = [_lost(receipt.seq, receipt.hash)] if receipt else []
    pushes = data.draw(st.integers(1, 3), label="pushes")
    stored: list[Link] = []
    known: list[LostValue] = []
    head: Head = (0, "")
    for push in range(pushes):
        chain = _of_a_push(head, stored, known)
        if push == pushes - 1 and lost:
            chain.lose(lost[0])
            known = lost
        for link in came[push::pushes]:
            chain.enter(link)
        stored += came[push::pushes]
        head = chain.head

        assert head == _end_of(stored, known)


def _of_a_push(head: Head, stored: Sequence[Link], lost: Sequence[LostValue]) -> Chain:
    def history() -> History:
        return list(stored), list(lost)

    chain = Chain(head, history)
    for link in stored:
        if link.seq > head[0]:
            chain.lay_beyond(link)
    return chain


def test_what_follows_the_head_reads_nothing() -> None:
    def history() -> History:
        raise AssertionError("the history of an ordinary phone is read")

    chain = Chain((1, _hash(1)), history)
    chain.lay_beyond(Link(4, _hash(3), _hash(4)))
    chain.enter(Link(2, _hash(1), _hash(2)))
    chain.enter(Link(3, _hash(2), _hash(3)))

    assert chain.head == (4, _hash(4))


def test_a_branch_that_a_ruling_let_in_counts_from_when_it_is_whole() -> None:
    """The clone's third entry is missing; its fourth was ruled on, and its phone was longer."""
    a = [Link(1, "", "a1"), Link(2, "a1", "a2"), Link(3, "a2", "a3"), Link(4, "a3", "a4")]
    b = [Link(3, "a2", "b3"), Link(4, "b3", "b4"), Link(5, "b4", "b5")]
    chain = Chain((0, ""), lambda: ([], []))
    for link in (*a, *b[1:]):
        chain.enter(link)
    assert chain.head == (4, "a4")

    chain.enter(b[0])
    assert chain.head == (5, "b5")
