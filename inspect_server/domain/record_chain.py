"""Recomputing the chain of one case: what was changed, cut out, moved or cut off."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.record import GENESIS, leaf_hash


@dataclass(frozen=True)
class StoredLeaf:
    """One event as stored."""

    case_seq: int
    leaf: str  # hex
    content: bytes


def chain_faults(
    case: str, leaves: Iterable[StoredLeaf], last_seq: int, last_leaf: str
) -> tuple[str, ...]:
    """
    Return what is wrong with a case's chain, in Chinese; empty when it holds.

    Args:
        case: The case's name.
        leaves: Its events in the order of their numbers.
        last_seq: How many events the case says it has.
        last_leaf: The leaf of its last event.

    A chain alone does not show a case that was cut off together with its head: signed checkpoints
    and their witnesses do.
    """
    faults: list[str] = []
    seq, before = 0, GENESIS
    for stored in leaves:
        seq += 1
        faults += [f"第 {seq} 条：{fault}" for fault in _faults_of(case, seq, before, stored)]
        before = stored.leaf
    if (seq, before) != (last_seq, last_leaf):
        faults.append(f"共 {seq} 条，与案卷登记的末条（第 {last_seq} 条）不符")
    return tuple(faults)


def _faults_of(case: str, seq: int, before: str, stored: StoredLeaf) -> list[str]:
    faults = []
    if leaf_hash(stored.content) != stored.leaf:
        faults.append("内容与其哈希不符")
    event = _event(stored.content)
    if (event.get("case"), event.get("case_seq")) != (case, seq) or stored.case_seq != seq:
        faults.append("不属于该案卷的这一序号")
    if event.get("case_prev") != before:
        faults.append("与前一条不相连")
    return faults


def _event(content: bytes) -> dict[str, Any]:
    try:
        event = json.loads(content)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
