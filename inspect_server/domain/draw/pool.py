"""The pool: salted commitments of enterprises, and the public lines over which its root stands."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import lt
from typing import Any

from inspect_server.domain.draw.errors import BadPool
from inspect_server.domain.draw.hashes.merkle import root
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, jcs, nfc, tag_prefix, tagged

POOL, EXCLUDED = "抽取池", "排除清单"
_LABEL = re.compile(r"[!-~]{1,120}")
_BATCH = 4096
_HEX = re.compile(r"[0-9a-f]{64}")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002f7ff\U00030000-\U000323af"
_SIGNS = (
    r"\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u3001\u3002\u3008-\u3011\u3014\u3015\uff01-\uff5e"
)
_IN_NAMES = re.compile(f"[ -~{_SIGNS}{_HAN}]")
"""What names hold: given as ranges, so that no verifier's edition of Unicode decides."""
NUMBER = re.compile(f"[0-9A-Za-z_〔〕{_HAN}-]{{1,60}}")
"""A draw's number stands in file names and addresses, and on paper."""


Leaves = dict[str, list[bytes]]
"""The commitments under each label (a cell's id or the reason code of an exclusion)."""


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


def commitments(h: Hash, salts: Iterable[bytes], records: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same of many enterprises at once, each from its salt and its canonical bytes."""
    new, prefix = h.new, tag_prefix(h, "sjc/id/1")
    for salt, record in zip(salts, records, strict=True):
        if len(salt) != SIZE:
            raise ValueError("a salt is 32 bytes")
        yield new(prefix + salt + record).digest()


def is_label(text: str) -> bool:
    """Return whether a cell id or reason code can stand in a line."""
    return _LABEL.fullmatch(text) is not None


def is_name(text: object) -> bool:
    """
    Return whether people can tell this text from any other by eye.

    It has no character outside of those that names are written with (docs/draw.md), no blank at its
    ends and none twice: else one authority or department could be written in two ways.
    """
    return isinstance(text, str) and fault_of_name(text) == ""


def fault_of_name(text: str) -> str:
    """Return why a text is no name (see `is_name`), in words; "" when it is one."""
    if odd := next((one for one in text if not _IN_NAMES.fullmatch(one)), ""):
        return f"不能有字符“{odd}”（U+{ord(odd):04X}），请用汉字、字母、数字和常用标点"
    if not text or text != text.strip(" ") or "  " in text:
        return "不能为空，首尾不能有空格，空格不能连用"
    return ""


def fault_of_number(text: str) -> str:
    """Return why a text is no draw's number, in words; "" when it is one."""
    if NUMBER.fullmatch(text):
        return ""
    odd = next((one for one in text if not NUMBER.fullmatch(one)), "")
    named = f"，不能有字符“{odd}”（U+{ord(odd):04X}）" if odd else ""
    return f"应为 1 到 60 个汉字、字母、数字或 - _ 〔〕{named}"


def is_hash(text: object) -> bool:
    """Return whether this is a 32-byte value in lower-case hex."""
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def lines(entries: Iterable[tuple[str, bytes]]) -> list[str]:
    """
    Return the public lines of (label, commitment), sorted bytewise.

    Raises:
        ValueError: A label cannot stand in a line, or one commitment is given twice.
    """
    leaves: defaultdict[str, list[bytes]] = defaultdict(list)
    for label, c in entries:
        leaves[label].append(c)
    return lines_of(leaves)


def lines_of(leaves: Mapping[str, Sequence[bytes]]) -> list[str]:
    """
    Return the public lines of the commitments under each label, sorted bytewise.

    Raises:
        ValueError: As `lines`.
    """
    if len(set(chain(*leaves.values()))) != sum(map(len, leaves.values())):
        raise ValueError("one commitment is given twice")
    made: list[str] = []
    for label in sorted(filter(leaves.get, leaves), key=_start):  # in order in memory too
        if not is_label(label):
            raise ValueError(f"not a label: {label!r}")
        start = _start(label)
        made += [start + c.hex() for c in sorted(leaves[label])]
    return made


def parse(texts: Sequence[str], what: str) -> Leaves:
    """
    Read public lines strictly: format, order and uniqueness of lines and of commitments.

    Returns:
        The commitments of every label that has any, both in the order of the lines.

    Raises:
        BadPool: Names the first line that is not as SJC-DRAW/1 writes it.
    """
    found = _parse_sorted(texts) if all(map(lt, texts, islice(texts, 1, None))) else None
    if found is None or len(set(chain(*found.values()))) != len(texts):
        raise _first_fault(texts, what)
    return found


def lines_root(h: Hash, texts: Iterable[str]) -> str:
    """Return the hex Merkle root over published lines."""
    return root(h, map(str.encode, texts)).hex()


def by_cell(cells: Sequence[tuple[str, int]], pool: Mapping[str, list[bytes]]) -> Leaves:
    """
    Return the commitments of each declared cell, in the declared order, empty cells included.

    Raises:
        BadPool: A line names a cell that was not declared.
    """
    grouped = {cell: pool.get(cell, []) for cell, _ in cells}
    before = 0
    for label, leaves in pool.items():
        if label not in grouped:
            reason = f"单元 {label} 未在承诺中声明"
            raise BadPool(what=POOL, line=before + 1, reason=reason)
        before += len(leaves)
    return grouped


def _start(label: str) -> str:
    return label + "\t"


def _parse_sorted(texts: Sequence[str]) -> Leaves | None:
    """Read whole runs of one label, which order has put together; None when anything is wrong."""
    found: Leaves = {}
    first = 0
    while first < len(texts):
        label = texts[first].partition("\t")[0]
        after = bisect_left(texts, label + "\n", first)  # the character after the tab
        if after == first or not is_label(label):
            return None
        leaves = found[label] = []
        for start in range(first, after, _BATCH):
            batch = [text[len(label) + 1 :] for text in texts[start : min(start + _BATCH, after)]]
            read = _hashes(batch)
            if read is None:
                return None
            leaves += read
        first = after
    return found


def _hashes(batch: list[str]) -> list[bytes] | None:
    try:
        read = list(map(bytes.fromhex, batch))
    except ValueError:
        return None
    # fromhex forgives capitals and spaces
    good = set(map(len, read)) == {SIZE} and list(map(bytes.hex, read)) == batch
    return read if good else None


def _first_fault(texts: Sequence[str], what: str) -> BadPool:
    seen: set[str] = set()
    before = ""
    for number, text in enumerate(texts, start=1):
        label, tab, c = text.partition("\t")
        if not (tab and is_label(label) and is_hash(c)):
            return BadPool(what=what, line=number, reason="应为“单元<TAB>64 位小写十六进制”")
        if text <= before:
            return BadPool(what=what, line=number, reason="行未按字节顺序排列或有重复")
        if c in seen:
            return BadPool(what=what, line=number, reason="同一承诺值出现两次")
        seen.add(c)
        before = text
    raise AssertionError("these lines have no fault")
