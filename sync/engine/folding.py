"""The items that a transaction touches, folded as its entries come."""

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
    _registers: dict[ItemKey, merge.Register] = field(
        default_factory=lambda: defaultdict(merge.Register)
    )
    _folded: dict[ItemKey, int] = field(default_factory=dict)
    _looked_at: int = 0

    def read(self, operations: Iterable[Operation]) -> None:
        """Take in what was applied before."""
        for op in operations:
            self._registers[op.assignment, op.item].add(op)

    def fold_in(self, operations: Iterable[Operation], index: int) -> bool:
        """
        Take in an entry of draft `index`; return whether an item of it is in conflict then.

        Raises:
            TooLarge: The whole push is too much folding at once.
        """
        ops = [op for op in operations if merge.is_projected(op)]
        touched = {(op.assignment, op.item): self._registers[op.assignment, op.item] for op in ops}
        before = sum(register.looked_at for register in touched.values())
        self.read(ops)
        self._folded.update(dict.fromkeys(touched, index))
        differs = [register.conflict for register in touched.values()]
        self._looked_at += sum(register.looked_at for register in touched.values()) - before
        if self.bounded and self._looked_at > MAX_LOOKED_AT:
            raise TooLarge(limit=f"{MAX_LOOKED_AT} 次比对")
        return any(differs)

    def projections(self, first: int) -> list[ItemProjection]:
        """Return what was folded anew; the first draft stands at position `first`."""
        return [
            merge.projection(key[0], self._registers[key].item(), first + index)
            for key, index in sorted(self._folded.items())
        ]
