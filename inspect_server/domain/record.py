"""
The leaves of the full-process record (执法全过程记录), byte by byte, and the chain of a case.

Source: 行政处罚法 第四十七条; RFC 6962 section 2.1 for the leaf hash.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
MAX_INTEGER = 2**53
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""How reading stored content fails that somebody changed: JSON, moments, ids and what they hold."""


def canonical(value: Any) -> str:
    """
    Return the JCS form (RFC 8785) of a value without floats, with ASCII keys.

    Raises:
        ValueError: A float, an integer of 2**53 or more, a key that is not ASCII, or a lone
            surrogate: none of them has one form on every platform.
    """
    _refuse_ambiguous(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text.encode("utf-8")  # a lone surrogate raises here
    return text


def moment(at: datetime) -> str:
    """Return how a leaf writes a moment given in UTC: RFC 3339, to the millisecond."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def leaf_bytes(
    *,
    case: str,
    case_seq: int,
    case_prev: str,
    type: str,
    at: str,
    actor: str,
    body: dict[str, Any],
) -> bytes:
    """Return the exact bytes of one event; `at` is RFC 3339 in UTC, `case_prev` a hex leaf."""
    event = {
        "v": 1,
        "case": case,
        "case_seq": case_seq,
        "case_prev": case_prev,
        "type": type,
        "at": at,
        "actor": actor,
        "body": body,
    }
    return canonical(event).encode("utf-8")


def leaf_hash(content: bytes) -> str:
    """Return the hex leaf: SHA-256 over 0x00 and the event's bytes (RFC 6962)."""
    return hashlib.sha256(b"\x00" + content).hexdigest()


def commitment(salt: bytes, value: Any) -> str:
    """Return what stands in a leaf for personal data: HMAC-SHA256 of the JCS under a salt."""
    return hmac.new(salt, canonical(value).encode("utf-8"), "sha256").hexdigest()


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
    except BROKEN:
        return {}
    return event if isinstance(event, dict) else {}


def _refuse_ambiguous(value: Any) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) >= MAX_INTEGER:
                raise ValueError(f"integer out of range: {value}")
        case list() | tuple():
            for part in value:
                _refuse_ambiguous(part)
        case dict():
            for key, part in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise ValueError(f"key is not ASCII: {key!r}")
                _refuse_ambiguous(part)
        case _:
            raise ValueError(f"no canonical form: {type(value).__name__}")
