"""`draw compute`: the same choice from files alone, for whoever has no database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.errors import BadPool, BadRules
from inspect_server.domain.draw.hashes.tagged import Hash, NotStrict, read_json, suite
from inspect_server.domain.draw.seed import PPM
from inspect_server.domain.errors import BadInput

LINE_KEYS = {"cell", "record", "salt"}
CELL_KEYS = {"id", "p_ppm"}
_SALT = re.compile(r"[0-9a-fA-F]{64}")


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
    Read `{"cells": [{"id", "p_ppm"}], "suite": …}`; the suite is sha256 when it is left out.

    Raises:
        BadRules: It is not that; says which cell.
        BadSuite: Unknown suite.
    """
    try:
        data = read_json(text)
    except NotStrict as error:
        raise BadRules(reason=str(error)) from None
    if not isinstance(data, dict) or not {"cells"} <= set(data) <= {"cells", "suite"}:
        raise BadRules(reason="应为 {“cells”: [{“id”, “p_ppm”}, …], “suite”: …}，没有其他项")
    if not isinstance(data["cells"], list) or not data["cells"]:
        raise BadRules(reason="cells 应至少列出一个抽取单元")
    cells: dict[str, int] = {}
    for number, cell in enumerate(data["cells"], start=1):
        if fault := _fault_of_cell(cell, cells):
            raise BadRules(reason=f"第 {number} 个单元{fault}")
        cells[cell["id"]] = cell["p_ppm"]
    name = str(data.get("suite", "sha256"))
    suite(name)
    return Rules(name, tuple(cells.items()))


def compute(records: Iterable[str], rules: Rules, entropy: Sequence[bytes]) -> Computed:
    """
    Choose from a pool of `{"cell", "record", "salt"}` lines.

    Args:
        records: JSON lines, in any order; empty ones are passed over.
        entropy: At least one value, in the order in which they enter the seed.

    Raises:
        BadPool: Names the first line that cannot be used.
        BadInput: There is no line, or no entropy.
    """
    if not entropy:
        raise BadInput(field="随机值", reason="至少应给出一个")
    h = suite(rules.suite)
    leaves = _leaves(h, rules, records)
    lines = pool.lines_of(leaves)
    body = compute_body(rules.suite, pool.lines_root(h, lines), rules.cells)
    outcome = cert.outcome_of(body, entropy, leaves, None)
    revealed = [
        cert.Revealed(cert.GIVEN, str(number), value, "")
        for number, value in enumerate(entropy, start=1)
    ]
    text = cert.to_text(cert.build(body, revealed, outcome, ""))
    return Computed(text, tuple(lines), sum(outcome.selection.counts))


def _fault_of_cell(cell: Any, before: Mapping[str, int]) -> str:
    if not isinstance(cell, dict) or set(cell) != CELL_KEYS:
        return "应恰有 id 和 p_ppm 两项"
    name, p = cell["id"], cell["p_ppm"]
    if not (isinstance(name, str) and pool.is_label(name)):
        return "的 id 应为 1 至 120 个可见的 ASCII 字符"
    if name in before:
        return f"的 id {name} 已经写过"
    if not isinstance(p, int) or isinstance(p, bool) or not 0 <= p <= PPM:
        return f" {name} 的 p_ppm 应为 0 至 {PPM} 的整数（百万分之一）"
    return ""


def _leaves(h: Hash, rules: Rules, records: Iterable[str]) -> pool.Leaves:
    leaves: pool.Leaves = {cell: [] for cell, _ in rules.cells}
    seen: dict[bytes, int] = {}
    for number, text in enumerate(records, start=1):
        if not text.strip():
            continue
        cell, c, fault = _leaf(h, text)
        if not fault and cell not in leaves:
            fault = f"单元 {cell} 不在规则中"
        if not fault and (first := seen.setdefault(c, number)) != number:
            fault = f"与第 {first} 行的盐值和内容完全相同"
        if fault:
            raise BadPool(what=pool.POOL, line=number, reason=fault)
        leaves[cell].append(c)
    if not seen:
        raise BadInput(field="抽取池", reason="文件中没有任何企业")
    return leaves


def _leaf(h: Hash, text: str) -> tuple[str, bytes, str]:
    """Return the line's cell and commitment, or what is wrong with it."""
    try:
        line = read_json(text)
    except NotStrict as error:
        return "", b"", str(error)
    if not isinstance(line, dict) or set(line) != LINE_KEYS:
        return "", b"", "应为恰有 cell、record、salt 三项的 JSON 对象"
    cell, record, salt = line["cell"], line["record"], line["salt"]
    if not (isinstance(cell, str) and pool.is_label(cell)):
        return "", b"", "cell 应为 1 至 120 个可见的 ASCII 字符"
    if not (isinstance(salt, str) and _SALT.fullmatch(salt)):
        return "", b"", "salt 应为 64 位十六进制，即 32 字节"
    try:
        if not isinstance(record, dict):
            raise TypeError
        return cell, pool.commitment(h, bytes.fromhex(salt), record), ""
    except (TypeError, ValueError, RecursionError):
        return (
            "",
            b"",
            (
                "record 应为能写成规范 JSON 的对象：键为 ASCII，文字为 NFC 形式，"
                "整数小于 2 的 53 次方，没有 null"
            ),
        )
