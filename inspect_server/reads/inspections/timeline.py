"""What happened in one inspection, leaf by leaf of its case."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.inspection import SIGNER_NAMES, TO_ORDER, TO_RECORD
from inspect_server.domain.saying.arriving import gate_told
from inspect_server.reads.people import PHONE, names_of
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import JournalEntry, Replica
from inspect_server.store.models.record import RecordLeaf
from sync import entries
from sync.merging.items import SIGNATURE

EVENT_NAMES = {
    "scheme.made": "编制检查方案",
    "scheme.amended": "修改检查方案",
    "scheme.approved": "批准检查方案",
    "inspection.directed": "登记双随机之外检查的理由",
    "inspection.dispatched": "派发任务",
    "inspection.reassigned": "改派人员",
    "inspection.ended": "终止检查",
    "visit.started": "开始检查",
    "visit.completed": "结束检查",
    "record.signed": "签名",
    "conflict.resolved": "确认分歧",
    "entries.quarantined": "手机记录留存待处理",
    "record.closed": "办结检查记录",
    "doc.issue": "制作文书",
    "doc.sign": "文书签名",
    "doc.void": "作废文书",
    "doc.deadline": "另定整改期限",
}

STARTED, CORRECTED = "visit.started", "更正到场登记"
SIGNED_NAMES = {TO_RECORD: "现场检查记录", TO_ORDER: "责令限期整改指令书"}
"""What a phone's signature is given to."""


@dataclass(frozen=True)
class TimelineRow:
    """One leaf of the inspection's case."""

    seq: int
    type: str
    title: str
    at: datetime  # when it was noted: of what a phone brought, when that arrived
    phone_at: (
        datetime | None
    )  # when it happened by the phone's clock; None where no phone brought it
    actor: str  # the account's name, or the part of the system
    carrier: str  # whose phone delivered it in place of the actor's; else ""
    leaf: str
    body: dict[str, Any]
    gate: Mapping[str, Any] = field(default_factory=dict)  # of an arrival, the code at the gate

    @property
    def said(self) -> str:
        """What the title leaves open: which document, how many entries; "" for nothing."""
        if self.gate:
            return gate_told(self.gate)
        match self.body:
            case {"signer": _}:
                return SIGNED_NAMES[self.body.get("document", TO_RECORD)]
            case {"doc_no": doc_no, "template": made, "template_before": before}:
                return f"{doc_no}（本程序没有原模板 {before}，改用 {made}）"
            case {"doc_no": doc_no}:
                return str(doc_no)
            case {"count": count}:
                return f"{count}条"
        return ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the code at the gate named another enterprise than the task's."""
        return not self.gate.get("agrees", True)


def timeline(session: Session, visit: Inspection) -> tuple[TimelineRow, ...]:
    """Return the leaves of an inspection's case in their order."""
    leaves = session.scalars(
        select(RecordLeaf)
        .where(RecordLeaf.case_name == f"inspection/{visit.number}")
        .order_by(RecordLeaf.case_seq)
    ).all()
    events = [json.loads(leaf.content) for leaf in leaves]
    carriers = [f"{PHONE}{event['body'].get('carrier', '')}" for event in events]
    names = names_of(session, [*(event["actor"] for event in events), *carriers]) | {PHONE: ""}
    brought = _brought(session, [event["body"].get("entry", "") for event in events])
    return tuple(
        TimelineRow(
            seq=leaf.case_seq,
            type=leaf.type,
            title=_title(leaf.type, event["body"], entry),
            at=leaf.at,
            phone_at=datetime.fromisoformat(entry.wall) if entry else None,
            actor=names[event["actor"]],
            carrier=names[carrier],
            leaf=leaf.leaf,
            body=event["body"],
            gate=_arrival(leaf.type, entry).get("gate", {}),
        )
        for leaf, event, carrier in zip(leaves, events, carriers, strict=True)
        for entry in [brought.get(event["body"].get("entry", ""))]
    )


def _title(type: str, body: dict[str, Any], entry: entries.Entry | None) -> str:
    """Return what happened in words; of a signature also whose, and whether it was refused."""
    name = EVENT_NAMES.get(type, type)
    if "arrived_at" in _arrival(type, entry):
        return CORRECTED
    if "signer" not in body:
        return name
    refused = entry is not None and _is_refused(entry, body)
    return SIGNER_NAMES[body["signer"]] + ("拒绝签名" if refused else name)


def _arrival(type: str, entry: entries.Entry | None) -> dict[str, Any]:
    """Return what the arrival says that an event notes, nothing of any other event."""
    if type != STARTED or entry is None:
        return {}
    said = (json.loads(bytes(op.value)) for op in entry.ops if op.type == "visit.start")
    return next(said, {})


def _is_refused(entry: entries.Entry, body: dict[str, Any]) -> bool:
    """Return whether the signature that an event notes was refused, as the phone's entry has it."""
    given = (json.loads(bytes(op.value)) for op in entry.ops if op.type == SIGNATURE)
    asked = body["signer"], body.get("document", TO_RECORD)
    return any(
        one["refused"] for one in given if (one["signer"], one.get("document", TO_RECORD)) == asked
    )


def _brought(session: Session, hashes: Sequence[str]) -> dict[str, entries.Entry]:
    """Return the entries of these hashes that phones made."""
    rows = session.execute(
        select(JournalEntry.hash, JournalEntry.content)
        .join(Replica, Replica.id == JournalEntry.replica_id)
        .where(JournalEntry.hash.in_(hashes), Replica.is_server.is_(False))
    )
    return {hash: entries.parse(content) for hash, content in rows}
