"""The items that a transaction touches, folded once for each entry that arrives."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sync import merge
from sync.entries import Operation
from sync.errors import TooLarge
from sync.ports import ItemProjection

MAX_LOOKED_AT = 200_000
"""
At how many operations and citations the folding of one push may look, under the lock that all other
phones wait for. A day's work of a phone comes to some hundreds; forged citations may have an item
folded again with every entry, and such a push comes in parts.
"""
ItemKey = tuple[str, str]  # assignment, item


@dataclass
class Items:
    """
    What is known of the touched items.

    `bounded`: the push can come in parts, and has to beyond `MAX_LOOKED_AT`.
    """

    bounded: bool = False
    _looked: merge.Looked = field(default_factory=merge.Looked)
    _registers: dict[ItemKey, merge.Register] = field(init=False)
    _folded: dict[ItemKey, int] = field(default_factory=dict)
    _taken: dict[ItemKey, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self._registers = defaultdict(lambda: merge.Register(looked=self._looked))

    def read(self, operations: Iterable[Operation]) -> None:
        """Take in what was applied before."""
        for op in operations:
            self._registers[op.assignment, op.item].add(op)

    def take_in(self, hash: str, operations: Iterable[Operation], index: int) -> None:
        """Take in an entry that the arrival of draft `index` lets apply."""
        for op in filter(merge.is_projected, operations):
            key = op.assignment, op.item
            self._registers[key].add(op)
            self._folded[key] = index
            self._taken[key].add(hash)

    def differing(self) -> set[str]:
        """
        Return which entries, of those taken in since last asked, touched an item in conflict now.

        Raises:
            TooLarge: The whole push is too much folding at once.
        """
        found = [hashes for key, hashes in self._taken.items() if self._registers[key].conflict]
        self._taken.clear()
        if self.bounded and self._looked.at > MAX_LOOKED_AT:
            raise TooLarge(limit=f"{MAX_LOOKED_AT} 次比对")
        return set().union(*found)

    def projections(self, first: int) -> list[ItemProjection]:
        """Return what was folded anew; the first draft stands at position `first`."""
        return [
            merge.projection(key[0], self._registers[key].item(), first + index)
            for key, index in sorted(self._folded.items())
        ]
