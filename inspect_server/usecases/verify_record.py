"""Checking the full-process record: every leaf re-hashed, every chain walked from its start."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.record import GENESIS, leaf_hash
from inspect_server.store import record as store


class RecordDamaged(InspectError):
    """Leaves or chains are not what was written."""

    code, kind = "record.damaged", "broken"
    message = (
        "执法全过程记录核验未通过，共 {count} 处，第一处：{first}；"
        "请保留现场，不要再写入，并与备份比对。"
    )


@dataclass(frozen=True)
class RecordVerified:
    """What was found whole."""

    cases: int
    leaves: int


def verify_record(
    session: Session, advance: Callable[[int], None] = lambda _: None
) -> RecordVerified:
    """
    Re-hash every leaf and follow every case's chain; `advance` is called once a case.

    A hash chain alone shows no cut tail of a case; the case's own row does, until signed
    checkpoints say it better.

    Raises:
        RecordDamaged: With how many faults, and the first.
    """
    faults: list[str] = []
    cases = leaves = 0
    for name in store.case_names(session):
        count, found = _case(session, name)
        cases, leaves = cases + 1, leaves + count
        faults.extend(found)
        advance(1)
    faults.extend(f"{name} 没有案卷头" for name in store.orphan_cases(session))
    if faults:
        raise RecordDamaged(count=len(faults), first=faults[0])
    return RecordVerified(cases, leaves)


def _case(session: Session, name: str) -> tuple[int, list[str]]:
    faults: list[str] = []
    previous, count = GENESIS, 0
    for count, leaf in enumerate(store.leaves(session, name), start=1):
        faults.extend(_faults(leaf.content, leaf.leaf, name, count, previous))
        previous = leaf.leaf
    head = store.case_head(session, name)
    if head != (count, previous):
        faults.append(f"{name} 末尾与案卷头不符")
    return count, faults


def _faults(content: bytes, leaf: str, case: str, seq: int, previous: str) -> Iterator[str]:
    where = f"{case} 第 {seq} 条"
    if leaf_hash(content) != leaf:
        yield f"{where}内容与哈希不符"
        return
    event = json.loads(content)
    if (event["case"], event["case_seq"], event["case_prev"]) != (case, seq, previous):
        yield f"{where}与前一条不相接"
