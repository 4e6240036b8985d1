"""The pool: salted commitments of enterprises, and the public lines over which its root stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from inspect_server.domain.draw.errors import BadPool
from inspect_server.domain.draw.hashes.merkle import root
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, jcs, nfc, tagged

POOL, EXCLUDED = "抽取池", "排除清单"
_LABEL = re.compile(r"[!-~]{1,120}")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One public line: a cell id (or the reason code of an exclusion) and a commitment in hex."""

    label: str
    commitment: str

    def text(self) -> str:
        """Return the line as published, without its end."""
        return f"{self.label}\t{self.commitment}"


def record_of(uscc: str, name: str) -> dict[str, str]:
    """Return what identifies one enterprise, as it is committed to."""
    return {"uscc": nfc(uscc), "name": nfc(name)}


def commitment(h: Hash, salt: bytes, record: Mapping[str, Any]) -> bytes:
    """Return c = TH("sjc/id/1", salt ‖ JCS(record)); the salt is 32 random bytes, one per leaf."""
    return commitment_of_jcs(h, salt, jcs(dict(record)))


def commitment_of_jcs(h: Hash, salt: bytes, record: bytes) -> bytes:
    """Return the same from the record's canonical bytes."""
    if len(salt) != SIZE:
        raise ValueError("a salt is 32 bytes")
    return tagged(h, "sjc/id/1", salt + record)


def is_label(text: str) -> bool:
    """Return whether a cell id or reason code can stand in a line."""
    return _LABEL.fullmatch(text) is not None


def is_hash(text: object) -> bool:
    """Return whether this is a 32-byte value in lower-case hex."""
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def lines(entries: Iterable[tuple[str, bytes]]) -> list[str]:
    """
    Return the public lines of (label, commitment), sorted bytewise.

    Raises:
        ValueError: A label cannot stand in a line, or two lines are the same.
    """
    made = [f"{label}\t{c.hex()}" for label, c in entries]
    for label in {line.partition("\t")[0] for line in made}:
        if not is_label(label):
            raise ValueError(f"not a label: {label!r}")
    made.sort()  # ASCII, so the order of characters is the order of bytes
    if any(one == two for one, two in pairwise(made)):
        raise ValueError("two equal lines")
    return made


def parse(texts: Sequence[str], what: str) -> list[Line]:
    """
    Read public lines strictly: format, order and uniqueness of lines and of commitments.

    Raises:
        BadPool: Names the first line that is not as SJC-DRAW/1 writes it.
    """
    read: list[Line] = []
    seen: set[str] = set()
    before = ""
    for number, text in enumerate(texts, start=1):
        label, tab, c = text.partition("\t")
        if not (tab and is_label(label) and is_hash(c)):
            raise BadPool(what=what, line=number, reason="应为“单元<TAB>64 位小写十六进制”")
        if text <= before:
            raise BadPool(what=what, line=number, reason="行未按字节顺序排列或有重复")
        if c in seen:
            raise BadPool(what=what, line=number, reason="同一承诺值出现两次")
        seen.add(c)
        before = text
        read.append(Line(label, c))
    return read


def lines_root(h: Hash, texts: Iterable[str]) -> str:
    """Return the hex Merkle root over published lines."""
    return root(h, (text.encode("ascii") for text in texts)).hex()


def by_cell(cells: Sequence[tuple[str, int]], pool: Iterable[Line]) -> dict[str, list[bytes]]:
    """
    Return the commitments of each declared cell, in the declared order, empty cells included.

    Raises:
        BadPool: A line names a cell that was not declared.
    """
    grouped: dict[str, list[bytes]] = {cell: [] for cell, _ in cells}
    for number, line in enumerate(pool, start=1):
        if line.label not in grouped:
            raise BadPool(what=POOL, line=number, reason=f"单元 {line.label} 未在承诺中声明")
        grouped[line.label].append(bytes.fromhex(line.commitment))
    return grouped
