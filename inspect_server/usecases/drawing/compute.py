"""`draw compute`: the same choice from files alone, for whoever has no database."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.errors import BadCertificate, BadCommit, BadPool, EmptyPool
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, suite

LINE_KEYS = {"cell", "record", "salt"}


@dataclass(frozen=True)
class Rules:
    """The cells as given, in their order; none is merged."""

    suite: str
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Computed:
    """The certificate as text, and the pool's public lines."""

    certificate: str
    lines: tuple[str, ...]
    selected: int


def read_rules(text: str) -> Rules:
    """
    Read `{"cells": [{"id", "p_ppm"}], "suite": …}`.

    Raises:
        BadCommit: It is not that.
    """
    try:
        data = cert.from_text(text)
        cells = tuple((cell["id"], cell["p_ppm"]) for cell in data["cells"])
        extra = set(data) - {"cells", "suite"}
        if extra or any(set(cell) != {"id", "p_ppm"} for cell in data["cells"]):
            raise ValueError
        return Rules(str(data.get("suite", "sha256")), cells)
    except (BadCertificate, KeyError, TypeError, ValueError):
        raise BadCommit(reason="规则文件应为 {“cells”: [{“id”, “p_ppm”}], “suite”: …}") from None


def compute(records: Iterable[str], rules: Rules, entropy: Sequence[bytes]) -> Computed:
    """
    Choose from a pool of `{"cell", "record", "salt"}` lines.

    Args:
        records: JSON lines, in any order.
        entropy: At least one value, in the order in which they enter the seed.

    Raises:
        BadPool: Names the first line that cannot be read.
        BadCommit: The rules or the entropy cannot be used, or a line's cell is not in the rules.
        BadSuite: Unknown suite.
        EmptyPool: There is no line.
    """
    h = suite(rules.suite)
    if not entropy:
        raise BadCommit(reason="没有给出随机源的值")
    known = {cell for cell, _ in rules.cells}
    leaves: dict[str, list[bytes]] = {cell: [] for cell, _ in rules.cells}
    entries: list[tuple[str, bytes]] = []
    for number, text in enumerate(records, start=1):
        if not text.strip():
            continue
        cell, c = _leaf(h, text, number)
        if cell not in known:
            raise BadPool(what=pool.POOL, line=number, reason=f"单元 {cell} 不在规则中")
        leaves[cell].append(c)
        entries.append((cell, c))
    if not entries:
        raise EmptyPool(registered=0)
    try:
        lines = pool.lines(entries)
    except ValueError:
        raise BadPool(what=pool.POOL, line=len(entries), reason="有两行完全相同") from None
    body = compute_body(rules.suite, pool.lines_root(h, lines), rules.cells)
    outcome = cert.outcome_of(body, entropy, leaves, None)
    revealed = [
        cert.Revealed(cert.GIVEN, str(number), value, "")
        for number, value in enumerate(entropy, start=1)
    ]
    text = cert.to_text(cert.build(body, revealed, outcome, ""))
    return Computed(text, tuple(lines), len(outcome.selection.selected))


def _leaf(h: Hash, text: str, number: int) -> tuple[str, bytes]:
    try:
        line: dict[str, Any] = json.loads(text)
        if set(line) != LINE_KEYS or not isinstance(line["record"], dict):
            raise ValueError
        salt = bytes.fromhex(line["salt"])
        if len(salt) != SIZE or not pool.is_label(line["cell"]):
            raise ValueError
        return line["cell"], pool.commitment(h, salt, line["record"])
    except (TypeError, ValueError, RecursionError):
        raise BadPool(
            what=pool.POOL, line=number, reason="应为含 cell、record、salt 的 JSON，盐值 32 字节"
        ) from None
