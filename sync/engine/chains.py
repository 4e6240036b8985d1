"""How far the chain of a replica is whole, from its first entry on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from sync.entries import MAX_SEQ
from sync.ports import ChainEntry, Journal, LightEntry, StoredEntry
from sync.values import LostValue

Head = tuple[int, str]  # seq and hash of the last entry; (0, "") before the first


class Link(NamedTuple):
    """An entry's place in its chain."""

    seq: int
    prev: str
    hash: str


History = tuple[Iterable[Link], Sequence[LostValue]]
"""What of a replica is stored and not held, and what receipts stand for."""


@dataclass
class Chain:
    """
    The entries of one replica that are in, and the longest way on which none is missing.

    What a receipt names as lost is no gap; what a ruling let in without its predecessor lies beyond
    one. Of two branches of a clone that are as long, the one that ends in the smaller hash counts.
    So the head follows from the entries, in whatever order they came. Nearly always the next one
    follows the head, and nothing needs to be read; else the whole history is, once.
    """

    head: Head
    read: Callable[[], History]
    _after: dict[str, set[Link]] = field(default_factory=lambda: defaultdict(set))  # by prev
    _whole: dict[str, int] = field(default_factory=dict)  # hash -> seq, once all was read
    _lost: list[LostValue] = field(default_factory=list)
    _is_read: bool = False

    def lay_beyond(self, link: Link) -> None:
        """Take note of an entry that lies beyond a gap since an earlier push."""
        self._after[link.prev].add(link)

    def enter(self, link: Link) -> None:
        """Take in an entry that is held no longer, and all that it joins to the whole."""
        self._after[link.prev].add(link)
        if not self._is_read and (link.seq - 1, link.prev) == self.head:
            self._climb(link)
            return
        self._look_back()
        if self._stands(link):
            self._climb(link)

    def lose(self, lost: LostValue) -> None:
        """Let a receipt stand for everything up to where it ends."""
        self._look_back()
        self._lost.append(lost)
        self._climb_from_the_ground()

    def reaches(self, hash: str) -> bool:
        """Whether nothing is missing up to this entry, on whichever branch it lies."""
        if hash == self.head[1]:
            return True
        self._look_back()
        return hash in self._whole

    def _look_back(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        self._whole.clear()
        links, lost = self.read()
        self._lost.extend(lost)
        for link in links:
            self._after[link.prev].add(link)
        self._climb_from_the_ground()

    def _climb_from_the_ground(self) -> None:
        for lost in self._lost:
            self._climb(Link(lost.upto_seq, "", lost.head_hash))
        for link in [link for links in self._after.values() for link in links]:
            if link.hash not in self._whole and self._stands(link):
                self._climb(link)

    def _stands(self, link: Link) -> bool:
        """Whether nothing is missing before it."""
        if link.seq == 1:
            return not link.prev
        if self._whole.get(link.prev) == link.seq - 1:
            return True
        return any(lost.stands_before(link.seq, link.prev) for lost in self._lost)

    def _climb(self, link: Link) -> None:
        """Go on from a whole entry over all that follow it."""
        ready = [link]
        while ready:
            link = ready.pop()
            if link.hash in self._whole:
                continue
            self._whole[link.hash] = link.seq
            seq, hash = self.head
            if link.seq > seq or (link.seq == seq and link.hash < hash):
                self.head = (link.seq, link.hash)
            later = self._after.get(link.hash, ())
            ready.extend(one for one in later if one.seq == link.seq + 1)


def link_of(row: StoredEntry | LightEntry | ChainEntry) -> Link:
    """Return an entry's place in its chain."""
    return Link(row.seq, row.prev, row.hash)


def history(journal: Journal, replica: str) -> History:
    """Return all that tells how far the chain of a replica is whole."""
    return map(link_of, journal.chain(replica, 1, MAX_SEQ)), list(losses(journal, replica))


def losses(journal: Journal, replica: str) -> Iterator[LostValue]:
    """Yield what receipts stand for of a replica, as the server's own entries say."""
    for op in journal.operations([("", f"replica/{replica}")]):
        if op.type == "replica.lost":
            with suppress(msgspec.ValidationError):  # a row that somebody changed names nothing
                yield msgspec.json.decode(op.value, type=LostValue)
